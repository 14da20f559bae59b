"""Tables that draw no grid (borderless, three lines, horizontal rules alone) made into the same grids as ruled ones.

Columns come from ``columns``, rows from ``rows``, captions from ``heading``; where one of them is in doubt, the cell says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.layout.blocks import blocks_of, on_edges, stacked
from gongkai.layout.body import body_cells, cell_of
from gongkai.layout.columns import (
    Band,
    edges_between,
    is_number,
    is_scale,
    number_bands,
    on_columns_of,
    split_by_captions,
    with_labels,
    with_own_captions,
    without_strays,
)
from gongkai.layout.grid import Cell, Grid
from gongkai.layout.heading import caption_bands, caption_tree
from gongkai.layout.lines import Line
from gongkai.layout.regions import VOCABULARY, Region, Row, regions_of
from gongkai.layout.spans import Caption
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box
from gongkai.text import normalise

MARGIN = 0.1  # of the page's height: a running head may stand over a table that goes on


def aligned_grids(
    page: Page, lines: list[Line], ruled: Sequence[Grid] = (), before: Grid | None = None
) -> tuple[list[Grid], list[Line]]:
    """Grids without drawn columns among ``lines`` (those outside ``ruled``), and the lines left over.

    ``before`` is the last grid of the page before: a table that opens its page without a head may go on in its columns.
    """
    rules = [r for r in page.horizontal if not any(_in_box(r, grid.box) for grid in ruled)]
    grids: list[Grid] = []
    used: set[int] = set()
    goes_on = before is not None and before.aligned and not ruled
    for region in regions_of(lines, rules, page.height, goes_on):
        above = [line for line in lines if line.box[3] < region.rows[0].line.box[1] + 1]
        opens = not ruled and not grids and all(line.box[3] < MARGIN * page.height for line in above)
        first = before is not None and before.aligned and not grids
        grid = _grid_of(page.number, region, before if opens else None, before if first else None)
        if grid is not None:
            grids.append(grid)
            used.update(id(row.line) for row in (*region.rows, *([region.banner] if region.banner else [])))
    return grids, [line for line in lines if id(line) not in used] if used else lines


def _in_box(rule: Rule, box: Box) -> bool:
    return box[1] - 3 <= rule.at <= box[3] + 3 and rule.lo < box[2] and rule.hi > box[0]


def _grid_of(page: int, region: Region, before: Grid | None, headed: Grid | None) -> Grid | None:
    """A region as one grid, block by block where each of its blocks can be read by itself."""
    blocks = blocks_of(region)
    first = _bannered(_grid(page, blocks[0], before, headed), blocks[0].banner)
    if len(blocks) == 1:
        return first
    grids = [first, *(_bannered(_grid(page, block, None, None), block.banner) for block in blocks[1:])]
    if all(grids):
        return stacked([grid for grid in grids if grid])
    return _bannered(_grid(page, region, before, headed), region.banner)


def _bannered(grid: Grid | None, banner: Row | None) -> Grid | None:
    if grid is None or banner is None or grid.cells[0].column_span == grid.columns:
        return grid
    return _with_banner(grid, banner)


def _grid(page: int, region: Region, before: Grid | None, headed: Grid | None) -> Grid | None:
    """``before``: the grid that this one may go on without a head; ``headed``: the one whose head it may repeat."""
    if before is not None and before.aligned and not region.captioned and not _heads_again(region, before):
        region.body = 0
    head = [word for row in region.rows[: region.body] for word in row.words]
    body = [row.words for row in region.rows[region.body :]]
    counted = int(
        bool(body) and is_scale(body[0])
    )  # numbers of columns stand like captions, not like amounts
    captions = [*head, *(word for line in body[:counted] for word in line if is_number(word.text))]
    filled = body[counted:]
    bands = number_bands(filled)
    bands = without_strays(with_labels(bands, filled), filled, captions)
    numeric = sum(b.numeric for b in bands)
    repeated = headed is not None and _repeats(head, headed)
    if not repeated and not _is_table(region, head, bands, numeric, before):
        return None
    if headed is not None and repeated and (same := on_columns_of(bands, headed.last_edges)):
        return _under_head_of(page, region, body, same, headed)
    bands = split_by_captions(bands, filled, captions)
    bands = with_own_captions(caption_bands(bands, captions), filled, captions)
    if len(bands) < 2:
        return None
    edges = edges_between(bands, region.left, region.right)
    if before is not None and not head and (same := on_columns_of(bands, before.last_edges)):
        bands, edges = same, list(before.last_edges)
    inner = [r for r in region.rules if head and head[0].y0 < r.at < max(w.y1 for w in head) - 3]
    tree = caption_tree(head, bands, edges, inner) if head else []
    depth = max((caption.depth for caption in tree), default=0)
    cells, tops = body_cells(page, region, body, bands, edges, depth)
    head_top = region.rows[0].line.box[1]
    body_top = tops[0] if tops else region.rows[-1].line.box[3]
    levels = [head_top + (body_top - head_top) * k / depth for k in range(depth)] if depth else []
    ys = [*levels, *tops, region.rows[-1].line.box[3]] if depth or tops else []
    head_cells = _head_cells(page, tree, depth, edges, [*levels, body_top])
    sure = all(leaf.words or not bands[leaf.first].numeric for caption in tree for leaf in caption.leaves)
    return Grid(
        page, (edges[0], head_top, edges[-1], ys[-1]), edges, ys, head_cells + cells, sure, True, depth
    )


def _with_banner(grid: Grid, banner: Row) -> Grid:
    """``grid`` with the heading of its first block as a row of one cell over the head."""
    frame = (grid.xs[0], banner.line.box[1], grid.xs[-1], grid.ys[0])
    over = cell_of(grid.page, 0, 0, 1, grid.columns, banner.words, frame, True)
    cells = [over, *(replace(cell, row=cell.row + 1) for cell in grid.cells)]
    box = (*frame[:3], grid.box[3])
    return replace(grid, box=box, ys=[frame[1], *grid.ys], cells=cells, head=grid.head + 1)


def _repeats(head: Sequence[Word], before: Grid) -> bool:
    """Is every word of ``head`` found in the captions of the page before, and every caption here again?"""
    own = [cell for cell in before.cells if cell.row < before.head and cell.column_span < before.columns]
    known = [normalise(cell.text) for cell in own if cell.text]
    words = [normalise(word.text) for word in head]
    return bool(known) and sorted("".join(words)) == sorted("".join(known))


def _under_head_of(
    page: int, region: Region, body: Sequence[Sequence[Word]], bands: list[Band], before: Grid
) -> Grid:
    """A table that goes on under the head of the page before: its columns are known, be they empty here or not."""
    edges, depth = list(before.xs), before.head
    own, tops = body_cells(page, region, body, bands, before.last_edges, depth)
    cells = on_edges(own, before.last_edges, edges)
    top = region.rows[0].line.box[1]
    down = top - before.box[1]
    head = [
        replace(cell, page=page, box=_lowered(cell.box, down), frame=_lowered(cell.frame, down))
        for cell in before.cells
        if cell.row < depth
    ]
    ys = [*(y + down for y in before.ys[:depth]), *tops, region.rows[-1].line.box[3]]
    return Grid(
        page,
        (edges[0], top, edges[-1], ys[-1]),
        edges,
        ys,
        head + cells,
        before.sure,
        True,
        depth,
        before.foot,
    )


def _lowered(box: Box, down: float) -> Box:
    return (box[0], box[1] + down, box[2], box[3] + down)


def _heads_again(region: Region, before: Grid) -> bool:
    """Does the region begin with a head (the one of the page before, or another)? Else its first lines are rows cut by the page end."""
    known = {normalise(cell.text) for cell in before.cells if cell.text}
    words = {normalise(word.text) for row in region.rows[: region.body] for word in row.words}
    return len(words & known) > 1 or (len(words) > 1 and all(VOCABULARY.search(word) for word in words))


def _is_table(
    region: Region, head: Sequence[Word], bands: Sequence[Band], numeric: int, before: Grid | None
) -> bool:
    """Numbers in columns, beside labels or one another, under captions that speak of accounts, or going on from the page before."""
    named = {normalise(w.text) for w in head if VOCABULARY.search(normalise(w.text))}
    if not numeric:
        return region.captioned and len(named) >= 3
    if len(bands) < 2:
        return False
    numbers = [w for row in region.rows[region.body :] for w in row.words if is_number(w.text)]
    exact = sum("." in w.text or "," in w.text for w in numbers)
    if before is not None and before.aligned and not head:
        return len(bands) >= 3 or exact >= 2
    if len(named) >= 2 or (named and region.captioned):
        return exact >= 1 or len(numbers) >= 2
    return region.captioned and exact >= 2


def _head_cells(
    page: int, tree: Sequence[Caption], depth: int, edges: Sequence[float], levels: Sequence[float]
) -> list[Cell]:
    cells: list[Cell] = []

    def put(caption: Caption, level: int) -> None:
        span = 1 if caption.children else depth - level
        frame = (edges[caption.first], levels[level], edges[caption.last], levels[level + span])
        cells.append(
            cell_of(
                page, level, caption.first, span, caption.last - caption.first, caption.words, frame, True
            )
        )
        for child in caption.children:
            put(child, level + 1)

    for caption in tree:
        put(caption, 0)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return cells
