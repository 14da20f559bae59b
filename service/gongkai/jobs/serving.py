"""A stored result as it is served: under the names, and with the metadata, of those who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json


def served(
    result: dict[str, Any], file_names: Sequence[str], metadata: Mapping[str, Any], *, all_checks: bool
) -> bytes:
    """The Report's JSON, byte for byte what :meth:`gongkai.report.Report.to_json` writes."""
    for document, name in zip(result["documents"], file_names, strict=True):
        document["file_name"] = name
    result["entity"]["metadata"] = dict(metadata)
    if not all_checks:
        result["checks"]["results"] = None
    return to_json(result)
