"""Two lanes side by side whose rows are ruled apart: the rulings of one are no rows of the other.

Such a table is read as one whose lanes have the same rows, paired from the top: what a lane says stands within the lane alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.layout.grid import Cell, Grid

OWN = 2  # edges of rows that each lane must have to itself
PLAIN = 0.8  # of a lane's cells must be one of its rows high, or its edges come from merged cells


def with_lanes_paired(grid: Grid) -> Grid:
    """``grid`` with the rows of its two lanes numbered each on its own; the same grid where the lanes share their rows."""
    for seam in range(1, grid.columns):
        if any(cell.column < seam < cell.column + cell.column_span for cell in grid.cells):
            continue
        left = [cell for cell in grid.cells if cell.column < seam]
        right = [cell for cell in grid.cells if cell.column >= seam]
        if apart(left, right):
            longer = max(_edges(left), _edges(right), key=len)
            cells = [*_renumbered(left), *_renumbered(right)]
            cells.sort(key=lambda cell: (cell.row, cell.column))
            return replace(grid, cells=cells, ys=[grid.ys[row] for row in longer])
    return grid


def apart(left: Sequence[Cell], right: Sequence[Cell]) -> bool:
    """Has each of two lanes rows of its own, and few cells over several of them?"""
    mine, other = set(_edges(left)), set(_edges(right))
    return min(len(mine - other), len(other - mine)) >= OWN and _plain(left) and _plain(right)


def _edges(cells: Sequence[Cell]) -> list[int]:
    return sorted({edge for cell in cells for edge in (cell.row, cell.row + cell.row_span)})


def _plain(cells: Sequence[Cell]) -> bool:
    return sum(cell.row_span == 1 for cell in _renumbered(cells)) >= PLAIN * len(cells)


def _renumbered(cells: Sequence[Cell]) -> list[Cell]:
    """Cells with the rows that their own edges make."""
    number = {edge: k for k, edge in enumerate(_edges(cells))}
    return [replace(c, row=number[c.row], row_span=number[c.row + c.row_span] - number[c.row]) for c in cells]
