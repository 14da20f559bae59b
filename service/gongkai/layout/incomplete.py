"""Ruled grids that lack rulings (a column without its line, rows without any): read again by the places of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.layout.aligned import aligned_grids
from gongkai.layout.columns import is_number
from gongkai.layout.grid import Cell, Grid
from gongkai.layout.lines import lines_of
from gongkai.pages import Page, Word

FEW = 2  # cells: so many that hold several things may be one of a kind
SHARE = 0.15  # of the filled cells


def without_incomplete(page: Page, grids: Sequence[Grid], free: list[Word]) -> tuple[list[Grid], list[Word]]:
    """``grids`` with those that lack rulings read again, and ``free`` with the words that then stand outside.

    One that cannot be read again stays as it is, and is not ``sure``.
    """
    kept: list[Grid] = []
    for grid in grids:
        if is_complete(grid):
            kept.append(grid)
            continue
        inside = [word for word in page.words if _within(word, grid)]
        others = [other for other in grids if other is not grid]
        again, rest = aligned_grids(page, lines_of(page.number, inside), others)
        if again and all(is_complete(one) for one in again):
            kept.extend(again)
            free = [*free, *(word for line in rest for word in line.words)]
        else:
            kept.append(replace(grid, sure=False))
    return kept, free


def is_complete(grid: Grid) -> bool:
    """Does (nearly) every cell hold one thing? Two amounts, or a label and an amount apart, want a ruling between them."""
    filled = [cell for cell in grid.cells if cell.text]
    crowded = sum(_crowded(cell) for cell in filled)
    return crowded < FEW or crowded < SHARE * len(filled)


def _crowded(cell: Cell) -> bool:
    lines = [line.split() for line in cell.lines]
    amounts = sum(is_number(token) and ("." in token or "," in token) for tokens in lines for token in tokens)
    if amounts > 1:
        return True
    return any(len(tokens) > 1 and _exact(tokens[-1]) for tokens in lines)


def _exact(token: str) -> bool:
    return is_number(token) and "." in token


def _within(word: Word, grid: Grid) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return grid.box[0] - 1 <= x <= grid.box[2] + 1 and grid.box[1] - 1 <= y <= grid.box[3] + 1
