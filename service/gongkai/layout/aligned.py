"""Tables that draw no grid (borderless, three lines, horizontal rules alone) made into the same grids as ruled ones.

Columns come from ``columns``, rows from ``rows``, captions from ``heading``; where one of them is in doubt, the cell says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.layout.columns import (
    TOUCH,
    Band,
    edges_between,
    is_number,
    number_bands,
    on_columns_of,
    place,
    with_labels,
    with_own_captions,
    without_strays,
)
from gongkai.layout.grid import Cell, Grid, cell_lines
from gongkai.layout.heading import Caption, caption_bands, caption_tree
from gongkai.layout.lines import lines_of
from gongkai.layout.regions import VOCABULARY, WIDE, Region, regions_of
from gongkai.layout.rows import anchors_of, given_to_rows, text_lines
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box
from gongkai.text import normalise


def aligned_grids(page: Page, words: list[Word], ruled: Sequence[Grid] = (), before: Grid | None = None) -> tuple[list[Grid], list[Word]]:
    """Grids without drawn columns among ``words`` (those outside ``ruled``), and the words left over.

    ``before`` is the last grid of the page before: a table that opens its page without a head may go on in its columns.
    """
    rules = [r for r in page.horizontal if not any(_in_box(r, grid.box) for grid in ruled)]
    lines = lines_of(page.number, words)
    grids: list[Grid] = []
    used: set[int] = set()
    for region in regions_of(lines, rules, page.height):
        first = lines[0] is region.rows[0].line
        grid = _grid(page.number, region, before if first and not ruled else None)
        if grid is not None:
            grids.append(grid)
            used.update(id(word) for row in region.rows for word in row.line.words)
    return grids, [word for word in words if id(word) not in used]


def _in_box(rule: Rule, box: Box) -> bool:
    return box[1] - 3 <= rule.at <= box[3] + 3 and rule.lo < box[2] and rule.hi > box[0]


def _grid(page: int, region: Region, before: Grid | None) -> Grid | None:
    head = [word for row in region.rows[: region.body] for word in row.words]
    body = [row.words for row in region.rows[region.body :]]
    bands = number_bands(body)
    bands = without_strays(with_labels(bands, body), body, head)
    numeric = sum(b.numeric for b in bands)
    if not _is_table(region, head, bands, numeric, before):
        return None
    bands = with_own_captions(caption_bands(bands, head), body, head)
    if len(bands) < 2:
        return None
    edges = edges_between(bands, region.left, region.right)
    if before is not None and not head and (same := on_columns_of(bands, before.xs)):
        bands, edges = same, list(before.xs)
    inner = [r for r in region.rules if head and r.at > head[0].y0]
    tree = caption_tree(head, bands, edges, inner) if head else []
    depth = max((caption.depth for caption in tree), default=0)
    cells, tops = _body_cells(page, region, body, bands, edges, depth)
    head_top = region.rows[0].line.box[1]
    body_top = tops[0] if tops else region.rows[-1].line.box[3]
    levels = [head_top + (body_top - head_top) * k / depth for k in range(depth)] if depth else []
    ys = [*levels, *tops, region.rows[-1].line.box[3]] if depth or tops else []
    head_cells = _head_cells(page, tree, depth, edges, [*levels, body_top])
    sure = all(normalise("".join(w.text for w in c.words)) for c in tree) if tree else True
    return Grid(page, (edges[0], head_top, edges[-1], ys[-1]), edges, ys, head_cells + cells, sure, True)


def _is_table(region: Region, head: Sequence[Word], bands: Sequence[Band], numeric: int, before: Grid | None) -> bool:
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


def _body_cells(
    page: int, region: Region, body: Sequence[Sequence[Word]], bands: list[Band], edges: list[float], head_rows: int
) -> tuple[list[Cell], list[float]]:
    """The cells below the head, and the top of each of their rows."""
    columns: list[list[Word]] = [[] for _ in bands]
    for line in body:
        for word in line:
            columns[place(word, bands, edges)].append(word)
    full = [r.at for r in region.rules if r.hi - r.lo > WIDE * (edges[-1] - edges[0])]
    rows = _rows(columns, bands, full)
    tops = _tops(rows)
    cells = []
    bottom = region.rows[-1].line.box[3]
    for r, (contents, sure) in enumerate(rows):
        for c, inside in enumerate(contents):
            low = tops[r + 1] if r + 1 < len(tops) else bottom
            frame = (edges[c], tops[r], edges[c + 1], low)
            cells.append(_cell(page, r + head_rows, c, 1, 1, inside, frame, sure))
    return cells, tops


def _cell(page: int, row: int, column: int, rows: int, columns: int, words: Sequence[Word], frame: Box, sure: bool) -> Cell:
    lines = cell_lines(page, words)
    box = (min(w.x0 for w in words), min(w.y0 for w in words), max(w.x1 for w in words), max(w.y1 for w in words)) if words else frame
    return Cell(row, column, rows, columns, page, box, frame, lines, "".join(lines), sure)


def _rows(
    columns: Sequence[Sequence[Word]], bands: Sequence[Band], rules: Sequence[float]
) -> list[tuple[list[list[Word]], bool]]:
    """The words of each row by column, and whether the row is sure. Rulings from side to side part rows; between them, geometry."""
    words = [w for column in columns for w in column]
    if not words:
        return []
    top, bottom = min(w.y0 for w in words), max(w.y1 for w in words)
    cuts = [y for y in rules if top < y < bottom]
    rows: list[tuple[list[list[Word]], bool]] = []
    bounds = [float("-inf"), *cuts, float("inf")]
    for lo, hi in zip(bounds, bounds[1:], strict=False):
        part = [[w for w in column if lo <= (w.y0 + w.y1) / 2 < hi] for column in columns]
        if any(part):
            rows.extend(_one_row(part) if len(cuts) > 1 and _single(part) else _free_rows(part, bands))
    return rows


def _single(columns: Sequence[Sequence[Word]]) -> bool:
    """Is what stands between two rulings one row? Then no column has two numbers, one above the other."""
    for column in columns:
        ys = [(w.y0 + w.y1) / 2 for w in column if is_number(w.text)]
        if ys and max(ys) - min(ys) > 0.6 * column[0].size:
            return False
    return True


def _one_row(columns: Sequence[Sequence[Word]]) -> list[tuple[list[list[Word]], bool]]:
    return [([list(column) for column in columns], True)]


def _free_rows(columns: Sequence[Sequence[Word]], bands: Sequence[Band]) -> list[tuple[list[list[Word]], bool]]:
    numbers = [[w for w in column if is_number(w.text)] for column in columns]
    texts = [text_lines([w for w in column if not is_number(w.text)]) for column in columns]
    rows = anchors_of([w for column in numbers for w in column])
    contents: dict[float, list[list[Word]]] = {y: [[] for _ in bands] for y in rows}
    doubt: set[float] = set()
    for c, column in enumerate(numbers):
        for word in column:
            y = min(rows, key=lambda at, w=word: abs(at - (w.y0 + w.y1) / 2))  # type: ignore[misc]
            contents[y][c].append(word)
    for c in sorted(range(len(texts)), key=lambda c: -len(texts[c])):
        lines = texts[c]
        right = max((line.x1 for line in lines), default=0.0)
        for group in given_to_rows(lines, rows, right):
            own = [w for line in lines[group.first : group.last] for w in line.words]
            y = rows[group.row] if group.row is not None else (lines[group.first].y + lines[group.last - 1].y) / 2
            contents.setdefault(y, [[] for _ in bands])[c].extend(own)
            if not group.sure:
                doubt.add(y)
        rows = sorted(contents)
    return [(contents[y], y not in doubt) for y in rows]


def _tops(rows: Sequence[tuple[list[list[Word]], bool]]) -> list[float]:
    tops: list[float] = []
    low = 0.0
    for contents, _ in rows:
        words = [w for column in contents for w in column]
        top = min(w.y0 for w in words)
        tops.append((top + low) / 2 if tops else top - TOUCH)
        low = max(w.y1 for w in words)
    return tops


def _head_cells(page: int, tree: Sequence[Caption], depth: int, edges: Sequence[float], levels: Sequence[float]) -> list[Cell]:
    cells: list[Cell] = []

    def put(caption: Caption, level: int) -> None:
        span = 1 if caption.children else depth - level
        frame = (edges[caption.first], levels[level], edges[caption.last], levels[level + span])
        cells.append(_cell(page, level, caption.first, span, caption.last - caption.first, caption.words, frame, True))
        for child in caption.children:
            put(child, level + 1)

    for caption in tree:
        put(caption, 0)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return cells
