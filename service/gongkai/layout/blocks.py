"""Tables in blocks, each with captions of its own over columns of its own (一、政府采购情况 … 二、机关运行经费), where no grid is drawn.

Each block is read as a table of itself; then they stand on one another, with one column edge where the gaps between their words have
a place in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai.layout.body import BLOCK
from gongkai.layout.columns import is_number
from gongkai.layout.grid import Cell, Grid
from gongkai.layout.regions import Kind, Region, Row
from gongkai.text import normalise

_FIRST = frozenset({"项目", "科目", "指标", "名称", "内容", "项目名称", "科目名称"})


def blocks_of(region: Region) -> list[Region]:
    """The blocks of a region: below a numbered heading alone in its line captions stand again. One that has no others is given as it is."""
    rows = region.rows
    starts = [k for k in range(len(rows) - 2) if _begins(rows[k], rows[k + 1])]
    blocks = [] if starts[:1] == [0] else [replace(region, rows=rows[: starts[0]] if starts else rows)]
    for start, end in pairwise([*starts, len(rows)]):
        blocks.append(Region(rows[start + 1 : end], 1, region.rules, True, rows[start]))
    return blocks


def _begins(row: Row, below: Row) -> bool:
    words = [normalise(word.text) for word in below.words]
    captions = len(words) > 1 and words[0] in _FIRST and not any(is_number(word) for word in words)
    return (
        row.kind is Kind.LABEL
        and below.kind is Kind.APART
        and captions
        and bool(BLOCK.match(normalise(row.line.text)))
    )


def stacked(grids: Sequence[Grid]) -> Grid:
    """Grids of blocks, top to bottom, as one; ``foot`` are the column edges of its last block."""
    left, right = min(grid.xs[0] for grid in grids), max(grid.xs[-1] for grid in grids)
    own = [[left, *cuts, right] for cuts in _cuts([_gaps(grid) for grid in grids])]
    xs = sorted({x for edges in own for x in edges})
    cells: list[Cell] = []
    ys: list[float] = []
    for grid, edges in zip(grids, own, strict=True):
        cells.extend(
            replace(c, row=c.row + len(ys)) for c in on_edges(_with_headings(grid, edges), edges, xs)
        )
        ys.extend(grid.ys[:-1])
    ys.append(grids[-1].ys[-1])
    box = (left, ys[0], right, ys[-1])
    sure = all(grid.sure for grid in grids)
    return Grid(grids[0].page, box, xs, ys, cells, sure, True, grids[0].head, own[-1])


def on_edges(cells: Sequence[Cell], own: Sequence[float], xs: Sequence[float]) -> list[Cell]:
    """Cells of columns between ``own`` as cells of the columns between ``xs``, which has all of ``own`` among it."""
    place = [xs.index(x) for x in own]
    moved = []
    for cell in cells:
        last = cell.column + cell.column_span
        frame = (own[cell.column], cell.frame[1], own[last], cell.frame[3])
        span = place[last] - place[cell.column]
        box = cell.box if cell.text else frame
        moved.append(replace(cell, column=place[cell.column], column_span=span, frame=frame, box=box))
    return moved


def _with_headings(grid: Grid, edges: Sequence[float]) -> list[Cell]:
    """The cells of a block; a numbered heading alone in its row (one whose captions stand above another) spans them all."""
    filled: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if cell.text:
            filled.setdefault(cell.row, []).append(cell)
    alone = {row: cells[0] for row, cells in filled.items() if len(cells) == 1 and cells[0].row_span == 1}
    headings = {row for row, cell in alone.items() if cell.column == 0 and BLOCK.match(normalise(cell.text))}
    return [
        replace(cell, column=0, column_span=len(edges) - 1) if cell.row in headings else cell
        for cell in grid.cells
        if cell.text or cell.row not in headings
    ]


def _gaps(grid: Grid) -> list[tuple[float, float]]:
    """For each inner column edge the room between the words left and right of it."""
    gaps = []
    for k, at in enumerate(grid.xs[1:-1], 1):
        before = [c.box[2] for c in grid.cells if c.text and c.column + c.column_span == k]
        after = [c.box[0] for c in grid.cells if c.text and c.column == k]
        gaps.append((min(at, max(before, default=at)), max(at, min(after, default=at))))
    return gaps


def _cuts(gaps: Sequence[Sequence[tuple[float, float]]]) -> list[list[float]]:
    """A place in each gap; gaps of several blocks that have a place in common share it."""
    pool = sorted((hi, lo, block) for block, own in enumerate(gaps) for lo, hi in own)
    cuts: list[list[float]] = [[] for _ in gaps]
    while pool:
        end = pool[0][0]
        taken: dict[int, tuple[float, float, int]] = {}
        for gap in pool:
            if gap[1] <= end:
                taken.setdefault(gap[2], gap)
        at = (max(gap[1] for gap in taken.values()) + end) / 2
        for block in taken:
            cuts[block].append(at)
        pool = [gap for gap in pool if gap not in taken.values()]
    return cuts
