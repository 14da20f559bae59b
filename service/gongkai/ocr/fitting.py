"""Does what OCR made of a table fit its form? Columns that are not the form's, and rows whose numbering breaks off. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.report import Figure, Form
from gongkai.text import numeral

_DIGITS = "一二三四五六七八九十"
_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (rf"^([{_DIGITS}]+)、", rf"^[(（]([{_DIGITS}]+)[)）]", r"^(\d{1,2})[.、．](?!\d)")
)
_SIDES = ("income:", "expenditure:")


def misfits(form: Form) -> bool:
    """Has a table whose columns the form knows one that it does not, or one of them twice? Then a rule was missed, or seen where none is."""
    columns: dict[tuple[str, str], bool] = {}
    twice = False
    seen: set[tuple[str, str]] = set()
    for figure in form.figures:
        column = (_side(figure), figure.col_key)
        columns[column] = columns.get(column, False) or figure.measure is not None
        if figure.measure is not None:
            twice = twice or (figure.row_key, figure.measure) in seen
            seen.add((figure.row_key, figure.measure))
    known = sum(columns.values())
    return twice or 0 < known < len(columns) <= 2 * known


def misheaded(figures: Sequence[Figure]) -> frozenset[str]:
    """Columns whose printed number may be lost or misread: two have the same, or one has none beside others that do."""
    columns = {figure.col_key for figure in figures}
    bases = [column.partition("#")[0] for column in columns]
    numbered = any(base.isdecimal() for base in bases)
    return frozenset(
        column
        for column, base in zip(columns, bases, strict=True)
        if bases.count(base) > 1 or (numbered and not base.isdecimal())
    )


def misnumbered(figures: Iterable[Figure]) -> frozenset[str]:
    """Keys of rows that are known by their printed labels and of which one may have lost its number, or been given another's.

    Where 二、 follows no 一、, the rows without a number since the last numbered one are meant; where a number goes back, its own row too.
    """
    rows: dict[str, dict[str, str]] = {}
    for figure in figures:
        side = _side(figure)
        if side and not figure.row_key.removeprefix(side).isdecimal():
            rows.setdefault(side, {})[figure.row_key] = figure.row_label
    return frozenset(key for lane in rows.values() for key in _broken(list(lane.items())))


def _side(figure: Figure) -> str:
    return next((side for side in _SIDES if figure.row_key.startswith(side)), "")


@dataclass(slots=True)
class _Count:
    """The last number of each level, and the rows without a number since."""

    last: list[int]
    bare: list[str]


def _broken(rows: Sequence[tuple[str, str]]) -> list[str]:
    state = _Count([0] * len(_LEVELS), [])
    broken: list[str] = []
    for key, label in rows:
        level, number = _number(label)
        if not number:
            state.bare.append(key)
            continue
        if number != 1 and number != state.last[level] + 1:  # 一、 begins another list
            broken.extend(state.bare)
            broken.extend([key] if number <= state.last[level] else [])
        state.last[level:] = [number, *[0] * (len(_LEVELS) - level - 1)]
        state.bare = []
    return broken


def _number(label: str) -> tuple[int, int]:
    """The level and the number that a label begins with; number 0 if with none."""
    for level, pattern in enumerate(_LEVELS):
        if found := pattern.match(label):
            return level, int(found[1]) if found[1].isdecimal() else numeral(found[1])
    return 0, 0
