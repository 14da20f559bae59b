"""A table wider than its paper goes on, on a page of its own, to the right of where the paper ended: the two pages are laid side by side.

A spreadsheet prints the same rows at the same heights on both pages, so the horizontal rulings tell which page goes on which. The
words and rulings of the right page are put on the left one, beyond its edge; ``narrowed`` brings what was made of them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.layout.captions import is_title, parse
from gongkai.layout.grid import Cell, part
from gongkai.layout.lines import Line, lines_of
from gongkai.layout.tables import Table
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box
from gongkai.rulings import merge_rules
from gongkai.text import normalise

LEVEL = 1.0  # points: rulings of one row on two pages differ by no more
FEW = 3  # rulings: fewer may be at the same heights by chance
SLACK = 12.0  # points: a column that would have fitted by so little may have been left out
SHARED = 0.3  # of the first column's texts: a page that repeats so many labels has labels of its own


@dataclass(frozen=True, slots=True)
class Seam:
    """On the laid-out page ``page``, what stands right of ``at`` stands on page ``donor``, ``shift`` points further left."""

    page: int
    at: float
    shift: float
    donor: int


@dataclass(slots=True)
class _Sheet:
    """A page with the extent of its rulings; ``parts`` counts the pages laid beside it, ``used`` is the width of the last one's table."""

    index: int
    page: Page
    heights: list[float]
    left: float
    right: float
    edges: list[float]
    used: float
    parts: int = 0


def widened(pages: Sequence[Page]) -> tuple[list[Page], list[Seam]]:
    """``pages`` with every page that goes on to the right laid beside the one that it goes on; it keeps what is not of the table."""
    done = list(pages)
    run: list[_Sheet] = []  # pages since the last title that may go on
    seams: list[Seam] = []
    for index, page in enumerate(pages):
        sheet = _sheet(index, page)
        left = _left_of(sheet, run) if sheet else None
        if sheet is None or left is None:
            run = [] if sheet is None or _titled(sheet, run) else run
            run.extend([sheet] if sheet else [])
            continue
        shift = left.right - sheet.left
        seams.append(Seam(left.page.number, left.right, shift, page.number))
        moved, kept = _words(left, sheet)
        left.page = done[left.index] = _beside(left.page, page, moved, shift)
        done[index] = replace(page, words=kept, horizontal=(), vertical=())
        left.used = sheet.used
        left.right += sheet.used
        left.parts += 1
    return done, seams


def _sheet(index: int, page: Page) -> _Sheet | None:
    if len(page.horizontal) < FEW or not page.words:
        return None
    heights = sorted({rule.at for rule in page.horizontal})
    left, right = min(r.lo for r in page.horizontal), max(r.hi for r in page.horizontal)
    edges = sorted({rule.at for rule in page.vertical})
    return _Sheet(index, page, heights, left, right, edges, right - left)


def _left_of(sheet: _Sheet, before: Sequence[_Sheet]) -> _Sheet | None:
    """The page that ``sheet`` goes on to the right: of several with such rows the one that fewest pages were laid beside, the first of these."""
    options = [one for one in before if _same_rows(one.heights, sheet.heights) and _goes_on(one, sheet)]
    return min(options, key=lambda one: (one.parts, one.index)) if options else None


def _same_rows(left: Sequence[float], right: Sequence[float]) -> bool:
    """Do the rows begin and end at the same heights, each ruling of the one with fewer found on the other?"""
    few, many = sorted((left, right), key=len)
    if len(few) < FEW or abs(left[0] - right[0]) > LEVEL or abs(left[-1] - right[-1]) > LEVEL:
        return False
    return all(any(abs(y - other) <= LEVEL for other in many) for y in few)


def _goes_on(left: _Sheet, right: _Sheet) -> bool:
    if left.page.document != right.page.document or left.page.turn != right.page.turn:
        return False
    if len(left.edges) == len(right.edges) and all(
        abs(a - b) <= LEVEL for a, b in zip(left.edges, right.edges, strict=True)
    ):
        return False  # the same columns: the next rows, or the next table of a kind
    inner = [edge for edge in right.edges if edge > right.left + SLACK]
    column = (inner[0] if inner else right.right) - right.left
    if left.used + column + 2 * min(left.left, right.left) < right.page.width - SLACK:
        return False  # the column would have fitted on the paper
    return _caption_fits(left, right) and not _same_labels(left, right)


def _caption_fits(left: _Sheet, right: _Sheet) -> bool:
    """Nothing stands above the rulings but parts of a caption, and the end of a title that the page before began."""
    begun = [line for line in _above(left) if line.box[2] >= left.right - line.size]
    again = _printed_again(left, right)
    for line in _above(right):
        cut = line.box[0] <= right.left + line.size and any(
            abs(line.box[1] - other.box[1]) <= LEVEL for other in begun
        )
        if parse(line.text)[1] and not cut and not all(id(word) in again for word in line.words):
            return False
    return not any(is_title(line.text) and line.box[1] > right.heights[-1] for line in _outside(right))


def _printed_again(left: _Sheet, right: _Sheet) -> set[int]:
    """Words above the rulings that the left page has too: at that place of the paper (a running head) or of the sheet (a title cut in two)."""
    shift = left.right - right.left
    known = [(word.text, word.x0, word.y0) for line in _above(left) for word in line.words]
    return {
        id(word)
        for line in _above(right)
        for word in line.words
        if any(
            word.text == text
            and abs(word.y0 - y) <= LEVEL
            and min(abs(word.x0 - x), abs(word.x0 + shift - x)) <= LEVEL
            for text, x, y in known
        )
    }


def _cut_words(left: _Sheet, right: _Sheet) -> set[int]:
    """Words that the edge of the paper cuts: the left page has them too, whole, at the same place of the sheet."""
    shift = left.right - right.left
    known = [word for word in left.page.words if word.x1 > left.right]
    return {
        id(word)
        for word in right.page.words
        if any(
            word.text == other.text
            and abs(word.y0 - other.y0) <= LEVEL
            and abs(word.x0 + shift - other.x0) <= LEVEL
            for other in known
        )
    }


def _titled(sheet: _Sheet, run: Sequence[_Sheet]) -> bool:
    known = _above(run[-1]) if run else ()
    return any(parse(line.text)[1] and not _same_line(line, known) for line in _above(sheet))


def _same_line(line: Line, others: Sequence[Line]) -> bool:
    """A running head: the same words at the same height."""
    return any(line.text == other.text and abs(line.box[1] - other.box[1]) <= LEVEL for other in others)


def _outside(sheet: _Sheet) -> list[Line]:
    top, bottom = sheet.heights[0], sheet.heights[-1]
    words = [word for word in sheet.page.words if not top < (word.y0 + word.y1) / 2 < bottom]
    return lines_of(sheet.page.number, words)


def _above(sheet: _Sheet) -> list[Line]:
    return [line for line in _outside(sheet) if line.box[3] <= sheet.heights[0] + LEVEL]


def _same_labels(left: _Sheet, right: _Sheet) -> bool:
    """Does the first column of ``right`` say what that of ``left`` says? Then it is a table of its own, of the same shape."""
    mine, other = _first_column(right), _first_column(left)
    return len(mine & other) > max(1.0, SHARED * len(mine))  # one alone may be a caption (预算数)


def _first_column(sheet: _Sheet) -> set[str]:
    inner = [edge for edge in sheet.edges if edge > sheet.left + SLACK]
    end = inner[0] if inner else sheet.right
    words = [
        word for word in sheet.page.words if sheet.heights[0] < (word.y0 + word.y1) / 2 < sheet.heights[-1]
    ]
    return {normalise(word.text) for word in words if (word.x0 + word.x1) / 2 < end}


def _words(left: _Sheet, sheet: _Sheet) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words of the table and its caption, without what the page before shows of them, and the other words of the page."""
    again, bottom = _printed_again(left, sheet) | _cut_words(left, sheet), sheet.heights[-1]
    kept = tuple(word for word in sheet.page.words if (word.y0 + word.y1) / 2 >= bottom)
    moved = [word for word in sheet.page.words if (word.y0 + word.y1) / 2 < bottom and id(word) not in again]
    return tuple(piece for word in moved if (piece := _right_of(word, sheet.left)) is not None), kept


def _right_of(word: Word, left: float) -> Word | None:
    """A word without the characters that begin left of ``left``: the page before shows them."""
    first = next((k for k in range(len(word.text)) if word.edges[k] >= left - 0.5), None)
    return part(word, first, len(word.text)) if first is not None else None


def _beside(page: Page, right: Page, words: Sequence[Word], shift: float) -> Page:
    """``page`` with words and rulings of ``right`` beyond its edge."""
    moved = tuple(
        replace(w, x0=w.x0 + shift, x1=w.x1 + shift, edges=tuple(x + shift for x in w.edges)) for w in words
    )
    across = [Rule(r.at, r.lo + shift, r.hi + shift) for r in right.horizontal]
    down = [Rule(r.at + shift, r.lo, r.hi) for r in right.vertical]
    return replace(
        page,
        width=page.width + right.width,
        words=page.words + moved,
        horizontal=_merged([*page.horizontal, *across]),
        vertical=_merged([*page.vertical, *down]),
    )


def _merged(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return merge_rules([(rule.at, rule.lo, rule.hi) for rule in rules])


def narrowed(
    tables: Sequence[Table], lines: Sequence[Line], seams: Sequence[Seam]
) -> tuple[list[Table], list[Line]]:
    """Tables and lines with every cell and line on the page where it stands."""
    if not seams:
        return list(tables), list(lines)
    wide = {seam.page for seam in seams}
    moved = [_narrow_table(table, seams) if wide.intersection(table.pages) else table for table in tables]
    return moved, [_narrow_line(line, seams) if line.page in wide else line for line in lines]


def _narrow_table(table: Table, seams: Sequence[Seam]) -> Table:
    cells = tuple(_narrow_cell(cell, seams) for cell in table.cells)
    pages = sorted({*table.pages, *(cell.page for cell in cells)})
    return replace(table, cells=cells, pages=tuple(pages))


def _narrow_cell(cell: Cell, seams: Sequence[Seam]) -> Cell:
    seam = _seam_of(cell.page, cell.box, seams)
    if seam is None:
        limit = min((s.at for s in seams if s.page == cell.page), default=cell.frame[2])
        return replace(cell, box=_clipped(cell.box, limit), frame=_clipped(cell.frame, limit))
    return replace(cell, page=seam.donor, box=_back(cell.box, seam), frame=_back(cell.frame, seam))


def _narrow_line(line: Line, seams: Sequence[Seam]) -> Line:
    seam = _seam_of(line.page, line.box, seams)
    if seam is None:
        limit = min((s.at for s in seams if s.page == line.page), default=line.box[2])
        return replace(line, box=_clipped(line.box, limit))
    return replace(line, page=seam.donor, box=_back(line.box, seam))


def _seam_of(page: int, box: Box, seams: Sequence[Seam]) -> Seam | None:
    over = [seam for seam in seams if seam.page == page and seam.at <= box[0] + LEVEL]
    return max(over, key=lambda seam: seam.at) if over else None


def _back(box: Box, seam: Seam) -> Box:
    left = max(box[0], seam.at) - seam.shift
    return (left, box[1], max(left, box[2] - seam.shift), box[3])


def _clipped(box: Box, right: float) -> Box:
    return (box[0], box[1], max(box[0], min(box[2], right)), box[3])


__all__ = ["Seam", "narrowed", "widened"]
