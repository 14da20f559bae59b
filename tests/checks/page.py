"""Writes docs/checks.md: the catalogue, each check with an example whose message the engine itself gives.

PYTHONPATH=tests python -m checks.page > docs/checks.md
"""

from __future__ import annotations

import sys
from functools import cache

from checks.account_notation import all_findings
from checks.examples import Example, examples, outcome

from gongkai.checks import docs


@cache
def text() -> str:
    """The page as it should be committed."""
    shown: dict[str, list[docs.Shown]] = {}
    for example in examples():
        if example.code not in shown:
            shown[example.code] = [_shown(example)]
    return docs.page(shown)


def _shown(example: Example) -> docs.Shown:
    found = [each for each in all_findings(outcome(example.fails, example.kind)) if each.code == example.code]
    results = outcome(example.silent, example.kind).checks.results or ()
    reason = next((each.reason for each in results if each.code == example.code), None)
    message = found[0].message.partition("同一原因还使另外")[0] if found else ""
    return docs.Shown(example.where, example.right, example.wrong, message, reason or "")


if __name__ == "__main__":
    sys.stdout.write(text())
