"""A table whose grid is in doubt, arranged as it was pointed at: cells move whole, nothing is split, no two numbers are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``columns``: the column of a cell (by the row and column that it has); ``continues``: rows that are one with the row before."""

    columns: Mapping[tuple[int, int], int] = field(default_factory=dict)
    continues: frozenset[int] = frozenset()


def arranged(table: Table, how: Arrangement) -> Table:
    """``table`` with its cells moved; as it was where two cells would meet."""
    rows: list[int] = []
    for row in range(table.rows):
        rows.append((rows[-1] if rows else 0) + (row not in how.continues and row > 0))
    moved = [_moved(cell, how, rows) for cell in table.cells if cell.text]
    if not moved or len({(cell.row, cell.column) for cell in moved}) < len(moved):
        return table
    taken = {(cell.row, cell.column) for cell in moved}
    empty = [
        replace(cell, row=rows[cell.row])
        for cell in table.cells
        if not cell.text and (rows[cell.row], cell.column) not in taken and cell.row not in how.continues
    ]
    cells = sorted([*moved, *empty], key=lambda cell: (cell.row, cell.column))
    return replace(table, rows=rows[-1] + 1, cells=tuple(cells))


def _moved(cell: Cell, how: Arrangement, rows: list[int]) -> Cell:
    column = how.columns.get((cell.row, cell.column), cell.column)
    span = cell.column_span if column == cell.column else 1
    return replace(cell, row=rows[cell.row], column=column, row_span=1, column_span=span, sure=False)
