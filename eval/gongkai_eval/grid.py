"""One labelled table: the typed CSV (format in ``eval/README.md``), checked hard, and the truth it states."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from gongkai.report import FigureState, Quantity
from gongkai_eval import amounts

QUANTITIES: tuple[str, ...] = get_args(Quantity)
LEFT, UP = "<", "^"


class LabelError(ValueError):
    """A label that contradicts its format; the message starts with FILE:LINE."""


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column of figures: its lane (from 1), its key, what it counts, its unit if the label says one."""

    lane: int
    key: str
    quantity: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A printed cell with all that is merged into it; ``row`` and ``column`` count from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What the page prints at one address.

    ``value`` is a decimal string in ``unit``; the unit is None when it is not printed or, for counts, areas
    and scores, not labelled. ``quantity`` is one of :data:`gongkai.report.Quantity`.
    """

    form_id: str
    row_key: str
    col_key: str
    printed: str
    state: FigureState
    value: str | None
    unit: str | None
    quantity: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as typed.

    ``columns`` has an entry for each printed column (None for a label column), ``keys`` one for each lane of
    each row ("" for none), ``rows`` the printed cells with ``<`` and ``^`` for merged ones; the first
    ``head`` rows are the head.
    """

    columns: tuple[Column | None, ...]
    keys: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    head: int

    def spans(self) -> tuple[Span, ...]:
        """Every printed cell once, in reading order; raises :class:`LabelError` for a merge that is no rectangle."""
        return tuple(_spans(self.rows))

    def addresses(self) -> Iterator[tuple[int, int, str, Column]]:
        """(row, column, row key, column) of every figure; merged cells count once, where they begin."""
        for index, row in enumerate(self.rows):
            for position, column in enumerate(self.columns):
                if column and self.keys[index][column.lane - 1] and row[position] not in (LEFT, UP):
                    yield index, position, self.keys[index][column.lane - 1], column


def load(path: Path) -> Grid:
    """Read and check one CSV; raises :class:`LabelError` with the place of what is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    if not lines:
        raise LabelError(f"{path}:1: empty")
    lanes = sum(1 for cell in lines[0] if cell.startswith("@"))
    if not lanes or lines[0][:lanes] != [f"@{n}" for n in range(1, lanes + 1)]:
        raise LabelError(f"{path}:1: the first line must begin with @1, @2, … in order")
    width = len(lines[0])
    for number, line in enumerate(lines, 1):
        if len(line) != width:
            raise LabelError(f"{path}:{number}: {len(line)} cells where the head has {width}")
    columns = tuple(_column(cell, lanes, path) for cell in lines[0][lanes:])
    keys = tuple(tuple(amounts.normal(cell) for cell in line[:lanes]) for line in lines[1:])
    rows = tuple(tuple(line[lanes:]) for line in lines[1:])
    grid = Grid(columns, keys, rows, _head(keys, rows))
    _check(grid, path)
    return grid


def _column(cell: str, lanes: int, path: Path) -> Column | None:
    if not cell.strip():
        return None
    parts = [amounts.normal(part) for part in cell.split("|")]
    lane, key, quantity, unit = parts + ["", "", "money", ""][len(parts) :]
    if not lane.isdigit() or not 1 <= int(lane) <= lanes or not key:
        raise LabelError(f"{path}:1: {cell!r} is not LANE|COL_KEY with a lane from 1 to {lanes}")
    if quantity not in QUANTITIES:
        raise LabelError(f"{path}:1: {quantity!r} is none of {', '.join(QUANTITIES)}")
    return Column(int(lane), key, quantity, unit or None)


def _head(keys: tuple[tuple[str, ...], ...], rows: tuple[tuple[str, ...], ...]) -> int:
    """The rows before the first that has a key or is wholly empty (a filler row); a table in which no row has a key has no head."""
    if not any(any(names) for names in keys):
        return 0
    for index, (names, row) in enumerate(zip(keys, rows, strict=True)):
        if any(names) or not any(cell.strip() for cell in row):
            return index
    return len(rows)


def _spans(rows: tuple[tuple[str, ...], ...]) -> Iterator[Span]:
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if (r, c) in taken:
                continue
            if text in (LEFT, UP):
                raise LabelError(f"row {r + 1}, column {c + 1}: {text!r} does not complete a rectangle")
            wide = 1
            while c + wide < len(row) and row[c + wide] == LEFT:
                wide += 1
            tall = 1
            while r + tall < len(rows) and _continues(rows[r + tall], c, wide):
                tall += 1
            taken |= {(r + down, c + right) for down in range(tall) for right in range(wide)}
            yield Span(r, c, tall, wide, text)


def _continues(row: tuple[str, ...], column: int, wide: int) -> bool:
    inner = row[column + 1 : column + wide]
    return row[column] == UP and all(cell in (UP, LEFT) for cell in inner)


def _check(grid: Grid, path: Path) -> None:
    try:
        grid.spans()
    except LabelError as error:
        raise LabelError(f"{path}: {error}") from None
    used = {column.lane for column in grid.columns if column}
    idle = [str(n + 1) for n in range(len(grid.keys[0]) if grid.keys else 0) if n + 1 not in used]
    if idle and used:
        raise LabelError(f"{path}:1: no column belongs to lane {', '.join(idle)}")
    seen: dict[tuple[str, str], int] = {}
    for row, position, key, column in grid.addresses():
        place = f"{path}:{row + 2}"
        if (key, column.key) in seen:
            raise LabelError(f"{place}: {key} | {column.key} already stands on line {seen[key, column.key]}")
        seen[key, column.key] = row + 2
        if amounts.state(grid.rows[row][position]) is None:
            raise LabelError(f"{place}: {grid.rows[row][position]!r} in {column.key} is not a figure")
    _check_numbers(grid, path)


def _check_numbers(grid: Grid, path: Path) -> None:
    """No number without an address, and 栏次 as they are printed."""
    for index, row in enumerate(grid.rows):
        for column, cell in zip(grid.columns, row, strict=True):
            if column is None or grid.keys[index][column.lane - 1] or amounts.number(cell) is None:
                continue
            if index >= grid.head and amounts.normal(cell) != column.key:
                raise LabelError(f"{path}:{index + 2}: {cell!r} in {column.key}: its row has no key")
            if index == grid.head - 1 and re.fullmatch(r"\d+", cell.strip()) and cell.strip() != column.key:
                raise LabelError(f"{path}:{index + 2}: 栏次 {cell} stands over the column {column.key}")
