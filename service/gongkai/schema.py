"""Prints the JSON Schema of a Report, generated from its types: ``python -m gongkai.schema > schemas/report.json``."""

from __future__ import annotations

import json

from gongkai.report import json_schema


def text() -> str:
    """The schema as committed in ``schemas/report.json``; a test and the CI fail when that file differs."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(text(), end="")
