"""Whether the text lists all that a table prints, or some of it alone (主要支出项目如下)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.checks.said import Spoken
from gongkai.checks.sheet import Sheet

_TABLES = ("general_budget_expenditure", "budget_general_expenditure")
_ITEM = 7  # digits of the code of an item (项)


def lists_some(items: Sequence[Spoken], sheets: Mapping[str, Sequence[Sheet]], below: str = "") -> bool:
    """Does the table of the general public budget print more items that carry an amount (of the class ``below``) than the text lists?"""
    listed = {each.code or each.name for each in items}
    for form in _TABLES:
        for sheet in sheets.get(form, ()):
            printed = [
                line
                for line, row in sheet.lines.items()
                if line.isdigit() and len(line) == _ITEM and line.startswith(below)
                if (total := row.cells.get("total")) is not None and total.value
            ]
            return len(printed) > len(listed)
    return False
