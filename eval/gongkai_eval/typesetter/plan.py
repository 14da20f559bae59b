"""How large a table is set: column widths, type size, orientation, and the height of a row. Lengths in millimetres."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from gongkai_eval.amounts import normal
from gongkai_eval.grid import LEFT, UP, Grid, Span

POINT = 25.4 / 72
HEAD_EMS = 4.4
PADDING_EMS = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """``widths`` of the columns, ``size`` of the type in points."""

    widths: tuple[float, ...]
    size: float
    landscape: bool


def ems(text: str) -> float:
    """The width of a text in ems: a Chinese character is 1, a Latin letter or digit a little over a half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.58 for letter in text)


def plan(grid: Grid, portrait: float, landscape: float, sizes: tuple[float, ...], label_ems: float) -> Plan:
    """The largest type with which the table fits, upright if it can be. Labels longer than ``label_ems`` wrap."""
    needed = [_needed(grid, column, label_ems) for column in range(len(grid.columns))]
    choices = [(size, portrait, False) for size in sizes[:2]] + [(size, landscape, True) for size in sizes]
    fitting = (choice for choice in choices if sum(needed) * choice[0] * POINT <= choice[1])
    size, room, turned = next(fitting, choices[-1])
    widths = tuple(round(room * need / sum(needed), 2) for need in needed)
    return Plan(widths, size, turned)


def natural(grid: Grid, size: float, label_ems: float) -> tuple[float, ...]:
    """The widths that the columns ask for in type of ``size`` points, whatever the page."""
    return tuple(
        round(_needed(grid, column, label_ems) * size * POINT, 2) for column in range(len(grid.columns))
    )


def _needed(grid: Grid, position: int, label_ems: float) -> float:
    column = grid.columns[position]
    merged = {(span.row, span.column) for span in grid.spans() if span.column_span > 1}
    head = body = 0.0
    for index, row in enumerate(grid.rows):
        if row[position] in (LEFT, UP) or (index, position) in merged:
            continue
        width = ems(row[position].strip())
        if index < grid.head:
            head = max(head, min(width, HEAD_EMS))
        else:
            body = max(body, width if column else min(width, label_ems))
    return max(head, body, 1.5) + PADDING_EMS


def height(grid: Grid, row: int, plan: Plan) -> float:
    """The height that the texts of a row need when they wrap in their columns."""
    lines = 1
    for span in grid.spans():
        if span.row == row and span.row_span == 1:
            room = sum(plan.widths[span.column : span.column + span.column_span])
            lines = max(
                lines, sum(_lines(text, room / (plan.size * POINT)) for text in span.text.split("\n"))
            )
    return round((lines * 1.25 + 0.5) * plan.size * POINT, 2)


def _lines(text: str, room: float) -> int:
    """The lines of ``text`` in a column of ``room`` ems: each but the last may leave up to one em unused."""
    wide = ems(text) + 0.6
    return 1 if wide <= room else math.ceil(wide / max(room - 1, 1))


def align(grid: Grid, span: Span) -> str:
    """``center`` for heads, line numbers and totals, ``end`` for figures, ``start`` for labels and codes."""
    text = normal(span.text)
    if span.row < grid.head or (re.fullmatch(r"\d{1,3}", text) and not _coded(grid, span.column)):
        return "end" if span.row >= grid.head and grid.columns[span.column] else "center"
    if grid.columns[span.column] and span.column_span == 1:
        return "end"
    return "center" if re.fullmatch(r"(本年(收入|支出))?(合|总|小)计", text) else "start"


def _coded(grid: Grid, position: int) -> bool:
    return any(re.fullmatch(r"\d{5,7}", row[position].strip()) for row in grid.rows[grid.head :])
