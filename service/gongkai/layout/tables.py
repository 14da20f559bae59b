"""Grids and lines of all pages to tables: captions bound, continuations joined."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from gongkai.layout.captions import (
    PART,
    Caption,
    above,
    below,
    carried_over,
    dated,
    is_title,
    parse,
    title_in,
)
from gongkai.layout.grid import Cell, Grid
from gongkai.layout.lines import Line
from gongkai.money import parse as parse_amount
from gongkai.text import normalise

PADDING = 5.4  # points: Word's usual distance between a cell's side and its text
SAME_PLACE = 2.0  # points: column edges of a lane that goes on stand where they stood
SAME_EDGE = 0.02  # of the table's width: column edges of a continued page may shift by this much
SEEN_EDGE = 0.08  # of the table's width: the same for edges that are not drawn
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d)"
)  # an item or a code: a row of its own


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its continuations joined: ``cells`` in row order, ``edges`` the column edges as shares of the width.

    ``aligned`` if no grid was drawn; not ``sure`` if its columns are in doubt (then every figure of it is).
    """

    document: str
    pages: tuple[int, ...]
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    edges: tuple[float, ...]
    caption: Caption
    notes: tuple[str, ...]
    sure: bool = True
    aligned: bool = False


@dataclass(slots=True)
class _Part:
    """A table on one page, and whether anything stands before or after it there; ``place`` counts the pages that hold tables of their own.

    ``xs`` are its column edges on the page, ``base`` the left side and the width that ``table.edges`` are shares of, ``foot`` the last
    line of its notes.
    """

    table: Table
    place: int
    first: bool
    last: bool
    xs: Sequence[float]
    base: tuple[float, float] = (0.0, 1.0)
    foot: Line | None = None


def tables_of(
    document: str,
    grids: Sequence[Sequence[Grid]],
    lines: Sequence[Sequence[Line]],
    emptied: Container[int] = (),
) -> tuple[list[Table], list[Line]]:
    """Tables in page order, and the lines that belong to none of them. One sequence of grids and of lines a page.

    A table goes on over the pages ``emptied`` (their numbers), for what they held was laid beside another page.
    """
    parts: list[_Part] = []
    prose: list[Line] = []
    tail = 0  # lines at the end of ``prose`` that stand below the last table of the page before
    place = 0
    for number, (page_grids, page_lines) in enumerate(zip(grids, lines, strict=True), 1):
        if number in emptied:
            prose.extend(page_lines)
            continue
        place += 1
        new, rest, below_all = _page_parts(document, place, page_grids, list(page_lines))
        if new and new[0].first and tail:
            _title_from_page_before(new[0], prose, tail)
        if parts and parts[-1].place == place - 1 and not tail:
            opening = [line for line in rest if not page_grids or _middle(line) < page_grids[0].box[1]]
            del rest[: _notes_from_page_before(parts[-1], opening)]
        parts.extend(new)
        prose.extend(rest)
        tail = below_all
    return _joined(parts), prose


def _page_parts(
    document: str, place: int, grids: Sequence[Grid], lines: list[Line]
) -> tuple[list[_Part], list[Line], int]:
    """The tables of one page, the lines that belong to none, and how many of those stand below the last table."""
    rest: list[Line] = []
    new: list[_Part] = []
    for index, grid in enumerate(grids):
        next_top = grids[index + 1].box[1] if index + 1 < len(grids) else float("inf")
        before = [line for line in lines if _middle(line) < grid.box[1] + 1]
        after = [line for line in lines if _middle(line) >= grid.box[3] - 1]
        beside = [line for line in lines if grid.box[1] + 1 <= _middle(line) < grid.box[3] - 1]
        caption, start, headings = above(before, grid.box[0], grid.box[2])
        notes, taken = below([line for line in after if _middle(line) < next_top])
        for line in beside:
            found, _ = parse(line.text)
            caption = caption.merged(found)
        table = _stripped(_table(document, grid, caption, notes))
        headings_only = all(PART.match(normalise(line.text)) for line in before[:start])
        first = not rest and headings_only and not new and not caption.title
        base = (grid.xs[0], grid.xs[-1] - grid.xs[0])
        foot = after[taken - 1] if taken else None
        new.append(_Part(table, place, first, False, grid.xs, base, foot))
        rest.extend([*before[:start], *headings])
        lines = after[taken:]
    rest.extend(lines)
    if new and not lines and not new[-1].table.notes:
        new[-1].last = True
    return new, rest, len(lines)


def _title_from_page_before(part: _Part, prose: list[Line], tail: int) -> None:
    """A table that opens its page may have left its title at the foot of the page before."""
    caption, start, headings = title_in(prose[-tail:])
    if caption.title:
        prose[len(prose) - tail + start :] = headings
        part.table = replace(part.table, caption=part.table.caption.merged(caption))
        part.first = False


def _notes_from_page_before(part: _Part, opening: Sequence[Line]) -> int:
    """How many of the lines that open a page are notes of the table that ends the page before; they are given to it."""
    notes, taken = carried_over(part.table.notes, part.foot, part.xs[-1], opening)
    part.table = replace(part.table, notes=notes)
    return taken


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _table(document: str, grid: Grid, caption: Caption, notes: tuple[str, ...]) -> Table:
    width = grid.xs[-1] - grid.xs[0]
    edges = tuple((x - grid.xs[0]) / width for x in grid.xs)
    return Table(
        document,
        (grid.page,),
        grid.rows,
        grid.columns,
        tuple(grid.cells),
        edges,
        caption,
        notes,
        grid.sure,
        grid.aligned,
    )


def _stripped(table: Table) -> Table:
    """Caption rows printed inside the ruling are taken off the top, note rows off the bottom."""
    caption, notes = table.caption, table.notes
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, []).append(cell)
    top = 0
    while top < table.rows - 1:
        found = _caption_row(by_row.get(top, []), table.columns)
        if found is None:
            break
        caption = caption.merged(found)
        top += 1
    bottom = table.rows
    while bottom - 1 > top and (note := _note_row(by_row.get(bottom - 1, []), table.columns)):
        notes = (note, *notes)
        bottom -= 1
    if top == 0 and bottom == table.rows:
        return replace(table, caption=caption)
    cells = tuple(replace(c, row=c.row - top) for c in table.cells if top <= c.row < bottom)
    return replace(table, rows=bottom - top, cells=cells, caption=caption, notes=notes)


def _caption_row(cells: list[Cell], columns: int) -> Caption | None:
    full = [cell for cell in cells if cell.text]
    if not full or any(cell.row_span > 1 for cell in full):
        return None
    caption = Caption()
    for cell in full:
        found, rest = parse(cell.text)
        if rest and not (cell.column_span >= 0.6 * columns and is_title(rest)):
            return None
        found = found.merged(dated(cell.text, cell.page, cell.box))
        caption = replace(caption.merged(found), title=caption.title or rest)
    return caption


def _note_row(cells: list[Cell], columns: int) -> str | None:
    full = [cell for cell in cells if cell.text]
    if len(full) != 1 or full[0].column_span < columns:
        return None
    return full[0].text if normalise(full[0].text).startswith(("注", "说明", "备注")) else None


def _joined(parts: list[_Part]) -> list[Table]:
    tables: list[Table] = []
    before: _Part | None = None
    for part in parts:
        joined = _join(tables[-1], before, part) if before else None
        if joined is not None:
            tables[-1] = joined
        else:
            tables.append(part.table)
        before = part
    return tables


def _join(before: Table, piece: _Part, part: _Part) -> Table | None:
    """``before``, which ends in ``piece``, with ``part`` as its continuation on the next page, or None if it is a table of its own."""
    after = part.table
    if part.place != piece.place + 1:
        return None
    same_title = bool(after.caption.title) and _bare(after.caption.title) == _bare(before.caption.title)
    same_body = after.caption.entity in (None, before.caption.entity)
    bare = part.first and piece.last and not (after.caption.printed_number or after.caption.title)
    if not (bare or (same_title and same_body)):
        return None
    if bare and _is_lane_of(part.xs, piece.xs):
        after, part.base = _based(part, piece.base), piece.base
    edges = _common_edges(before, after)
    if edges is None:
        return None
    upper, lower = _on_edges(before, edges), _on_edges(after, edges)
    head = _repeated_head(upper, lower)
    if same_title and head == 0:
        return None
    kept = upper.cells
    if _cut_row(upper, lower, head):
        kept = _with_rest(upper, lower, head)
        head += 1
    moved = tuple(replace(c, row=c.row - head + upper.rows) for c in lower.cells if c.row >= head)
    return replace(
        upper,
        pages=(*upper.pages, *lower.pages),
        rows=upper.rows + lower.rows - head,
        cells=kept + moved,
        caption=upper.caption.merged(lower.caption),
        notes=upper.notes + lower.notes,
        sure=upper.sure and lower.sure,
    )


def _is_lane_of(xs: Sequence[float], before: Sequence[float]) -> bool:
    """Are the column edges ``xs`` neighbours among those of the page before? Of two lanes one goes on when the other has ended."""
    return any(
        all(abs(x - y) <= SAME_PLACE for x, y in zip(xs, before[k:], strict=False))
        for k in range(len(before) - len(xs) + 1)
    )


def _based(part: _Part, base: tuple[float, float]) -> Table:
    left, width = base
    return replace(part.table, edges=tuple((x - left) / width for x in part.xs))


def _cut_row(upper: Table, lower: Table, row: int) -> bool:
    """Did the page end inside the last row? Then the first row below holds nothing but the rest of labels that filled their cells."""
    rest = [cell for cell in lower.cells if cell.row == row and cell.text]
    if not rest or any(cell.row_span > 1 for cell in rest):
        return False
    ends = {cell.column: cell for cell in upper.cells if cell.row + cell.row_span == upper.rows}
    if not any(parse_amount(cell.text, None).state == "value" for cell in ends.values()):
        return (
            False  # without an amount in the row nothing would be gained, and two empty items look the same
        )
    return all((end := ends.get(cell.column)) is not None and _runs_on(end, cell) for cell in rest)


def _runs_on(end: Cell, rest: Cell) -> bool:
    text = normalise(rest.text)
    if not end.text or _BEGINS.match(text) or parse_amount(rest.text, None).state != "unread":
        return False
    line = max(len(piece) for piece in end.lines)
    character = (end.box[2] - end.box[0]) / max(line, 1)
    return end.box[2] - end.box[0] + character > end.frame[2] - end.frame[0] - 2 * PADDING


def _with_rest(upper: Table, lower: Table, row: int) -> tuple[Cell, ...]:
    rest = {cell.column: cell for cell in lower.cells if cell.row == row and cell.text}
    return tuple(
        replace(cell, lines=cell.lines + rest[cell.column].lines, text=cell.text + rest[cell.column].text)
        if cell.row + cell.row_span == upper.rows and cell.column in rest
        else cell
        for cell in upper.cells
    )


def _bare(title: str) -> str:
    return normalise(title).replace("(续)", "").replace("(续表)", "").removesuffix("续表").removesuffix("续")


def _common_edges(upper: Table, lower: Table) -> tuple[float, ...] | None:
    """The edges of both pages if one page's edges are all found on the other, else None."""
    a, b = upper.edges, lower.edges
    if upper.aligned and lower.aligned and len(a) == len(b):
        if _repeated_head(upper, lower):
            return a
        return a if all(abs(x - y) <= SEEN_EDGE for x, y in zip(a, b, strict=True)) else None
    more, fewer = (a, b) if len(a) >= len(b) else (b, a)
    if all(min(abs(x - y) for y in more) <= SAME_EDGE for x in fewer):
        return tuple(more)
    return None


def _on_edges(table: Table, edges: tuple[float, ...]) -> Table:
    if len(table.edges) == len(edges):
        return table
    place = [min(range(len(edges)), key=lambda k, x=x: abs(edges[k] - x)) for x in table.edges]  # type: ignore[misc]
    cells = tuple(
        replace(c, column=place[c.column], column_span=place[c.column + c.column_span] - place[c.column])
        for c in table.cells
    )
    return replace(table, cells=cells, columns=len(edges) - 1, edges=edges)


def _repeated_head(upper: Table, lower: Table) -> int:
    """How many of the first rows of ``lower`` repeat those of ``upper`` in the columns that it has."""
    first = min((c.column for c in lower.cells), default=0)
    last = max((c.column + c.column_span for c in lower.cells), default=0)
    mine, theirs = _row_texts(upper, lower.rows, first, last), _row_texts(lower, lower.rows, first, last)
    count = 0
    for above_row, row in zip(mine, theirs, strict=False):
        if above_row != row or not any(row):
            break
        count += 1
    while count and any(c.row < count < c.row + c.row_span for c in lower.cells):
        count -= 1
    return count


def _row_texts(table: Table, rows: int, first: int, last: int) -> list[tuple[str, ...]]:
    texts: list[list[str]] = [[] for _ in range(min(rows, table.rows))]
    for cell in table.cells:
        if cell.row < len(texts) and cell.text and first <= cell.column < last:
            texts[cell.row].append(normalise(cell.text))
    return [tuple(row) for row in texts]
