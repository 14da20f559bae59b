"""What stands below the head of a table that draws no grid: its words given to rows and columns, as cells with spans.

Columns come from ``columns``, rows from ``rows``; where one of them is in doubt, the cell says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gongkai.layout.columns import (
    TOUCH,
    Band,
    cut_at_gutters,
    cut_at_labels,
    is_figures,
    is_number,
    is_scale,
    place,
)
from gongkai.layout.grid import Cell, cell_lines, text_box
from gongkai.layout.regions import WIDE, Region
from gongkai.layout.rows import anchors_of, given_to_rows, spans_of, text_lines
from gongkai.pages import Word
from gongkai.report import Box
from gongkai.text import normalise

_SUM = re.compile(r"(?:合计|总计)$")
BLOCK = re.compile(r"^[一二三四五六七八九十]+、")
_CODE = re.compile(r"[2-5]\d{2}(?:\d{2}){0,2}")  # of a function (201…) or an economic kind (301…)
CENTRED = 0.5  # of the type size: what is centred over its columns is off by no more
Contents = tuple[list[list[Word]], bool]  # the words of a row by column, and whether the row is sure


def body_cells(
    page: int,
    region: Region,
    body: Sequence[Sequence[Word]],
    bands: list[Band],
    edges: list[float],
    head_rows: int,
) -> tuple[list[Cell], list[float]]:
    """The cells below the head, and the top of each of their rows. ``body`` begins with the row of column numbers, if there is one."""
    columns: list[list[Word]] = [[] for _ in bands]
    for line in body:
        for word in line:
            for piece in cut_at_gutters(word, bands) if is_figures(word.text) else cut_at_labels(word, bands):
                columns[place(piece, bands, edges)].append(piece)
    full = [r.at for r in region.rules if r.hi - r.lo > WIDE * (edges[-1] - edges[0])]
    merged = _merged_columns(columns, bands)
    rows = _rows([[] if c in merged else column for c, column in enumerate(columns)], bands, full)
    spans = _merge(rows, {c: (columns[c], finer) for c, finer in merged.items()})
    covered = {(r, c) for (first, c), last in spans.items() for r in range(first + 1, last)}
    counted = {
        c
        for c, column in enumerate(columns)
        if body and is_scale(body[0]) and _has_number_of(column, body[0])
    }
    tops = _tops(rows)
    ends = [*tops[1:], region.rows[-1].line.box[3]]
    cells = []
    for r, (contents, sure) in enumerate(rows):
        taken = {c for c in range(len(bands)) if (r, c) in covered}
        for c, last in _spread(contents, edges, bands, taken, counted):
            if c in taken:
                continue
            inside = [w for column in contents[c:last] for w in column]
            end = spans.get((r, c), r + 1)
            frame = (edges[c], tops[r], edges[last], ends[end - 1])
            cells.append(cell_of(page, r + head_rows, c, end - r, last - c, inside, frame, sure))
    return cells, tops


def _merged_columns(columns: Sequence[Sequence[Word]], bands: Sequence[Band]) -> dict[int, int]:
    """Columns of labels that stand for several rows each, with the finer column to the right that has many more."""
    counts = [len(text_lines(column)) for column in columns]
    merged: dict[int, int] = {}
    for c in range(len(bands) - 1):
        finer = next((k for k in range(c + 1, len(bands)) if bands[k].numeric or counts[k] > counts[c]), None)
        if not counts[c] or finer is None or bands[c].numeric or bands[finer].numeric:
            continue
        if counts[c] < 0.7 * counts[finer]:
            merged[c] = finer
    return merged


def _merge(rows: list[Contents], merged: dict[int, tuple[Sequence[Word], int]]) -> dict[tuple[int, int], int]:
    """Give the labels of merged columns to their first rows; returns {(row, column): the row after its last}."""
    ends: dict[tuple[int, int], int] = {}
    ys = [_middle([w for column in contents for w in column]) for contents, _ in rows]
    for c, (words, finer) in sorted(merged.items(), reverse=True):
        blocks = _blocks(words, ys)
        size = blocks[0][0].size
        spans = spans_of(
            [_middle(b) for b in blocks], ys, [bool(contents[finer]) for contents, _ in rows], size
        )
        for k, block in enumerate(blocks):
            nearest = min(range(len(ys)), key=lambda r, b=block: abs(ys[r] - _middle(b)))  # type: ignore[misc]
            first, last = spans[k] if spans else (nearest, nearest + 1)
            rows[first][0][c].extend(block)
            ends[first, c] = last
            if spans is None:
                rows[nearest] = (rows[nearest][0], False)
    return ends


def _blocks(words: Sequence[Word], ys: Sequence[float]) -> list[list[Word]]:
    """Lines of one merged label: they follow one another closely, and do not each stand on a row of their own."""
    blocks: list[list[Word]] = []
    bottom, on_row = 0.0, False
    for line in text_lines(words):
        top = min(w.y0 for w in line.words)
        stands = any(abs(line.y - y) < 0.2 * line.size for y in ys)
        if blocks and top - bottom < 0.6 * line.size and not line.item and not (stands and on_row):
            blocks[-1].extend(line.words)
        else:
            blocks.append(list(line.words))
        bottom, on_row = max(w.y1 for w in line.words), stands
    return blocks


def _middle(words: Sequence[Word]) -> float:
    numbers = [w for w in words if is_number(w.text)] or words
    return (min(w.y0 for w in numbers) + max(w.y1 for w in numbers)) / 2


def _spread(
    contents: Sequence[Sequence[Word]],
    edges: Sequence[float],
    bands: Sequence[Band],
    taken: set[int],
    counted: set[int],
) -> list[tuple[int, int]]:
    """The cells of a row as (first, last exclusive) columns: a label in the middle of several empty columns spans them.

    ``taken`` columns are covered by a cell above; ``counted`` ones have a number of their own (栏次) and hold amounts.
    """
    cells: list[tuple[int, int]] = []
    filled = [k for k, column in enumerate(contents) if column or k in taken]
    column = 0
    while column < len(bands):
        k = next((f for f in filled if f >= column), None)
        if k is None:
            break
        after = next((f for f in range(k + 1, len(bands)) if f in filled or f in counted), len(bands))
        first, last = _label_span(contents[k], column, k, after, edges, bands) if contents[k] else (k, k + 1)
        cells.extend((c, c + 1) for c in range(column, first))
        cells.append((first, last))
        column = last
    cells.extend((c, c + 1) for c in range(column, len(bands)))
    return cells


def _has_number_of(column: Sequence[Word], scale: Sequence[Word]) -> bool:
    return any(is_number(word.text) and word in scale for word in column)


def _label_span(
    words: Sequence[Word],
    low: int,
    own: int,
    high: int,
    edges: Sequence[float],
    bands: Sequence[Band],
) -> tuple[int, int]:
    """Of the empty columns between ``low`` and ``high`` around ``own``, those over whose middle the label stands."""
    plain = normalise("".join(w.text for w in words))
    if low == own == 0 and high == len(bands) and _is_block_heading(plain, words, bands[own], edges):
        return low, high
    middle = (min(w.x0 for w in words) + max(w.x1 for w in words)) / 2
    options = [
        (abs(middle - (edges[a] + edges[b]) / 2), b - a, a, b)
        for a in range(low, own + 1)
        for b in range(own + 1, high + 1)
        if b - a == 1 or (edges[a] - TOUCH <= words[0].x0 and words[-1].x1 <= edges[b] + TOUCH)
    ]
    off, wide, first, last = min(options)
    if high < len(bands) and _SUM.search(plain) and bands[high].numeric:
        centred = wide > 1 and off < CENTRED * words[0].size
        return (first, last) if centred else (own, high)  # the label of a sum goes on up to its number
    if is_number(words[0].text) or (
        words[0].x0 - bands[own].lo < 1.5 * words[0].size and words[0].x1 <= bands[own].hi + TOUCH
    ):
        return own, own + 1
    alone = abs(middle - (bands[own].lo + bands[own].hi) / 2)
    return (first, last) if off < min(alone, 1.5 * words[0].size) else (own, own + 1)


def _is_block_heading(plain: str, words: Sequence[Word], own: Band, edges: Sequence[float]) -> bool:
    """A numbered heading alone in its row and in the middle of the table begins a block (二、机关运行经费)."""
    off = abs(words[0].x0 + words[-1].x1 - edges[0] - edges[-1]) / 2
    return (
        bool(BLOCK.match(plain))
        and off < 0.1 * (edges[-1] - edges[0])
        and words[0].x0 > max(own.lo + 1.5 * words[0].size, edges[0] + 4 * words[0].size)
    )


def cell_of(
    page: int, row: int, column: int, rows: int, columns: int, words: Sequence[Word], frame: Box, sure: bool
) -> Cell:
    lines = cell_lines(page, words)
    box = text_box(words) or frame
    return Cell(row, column, rows, columns, page, box, frame, lines, "".join(lines), sure)


def _rows(columns: Sequence[Sequence[Word]], bands: Sequence[Band], rules: Sequence[float]) -> list[Contents]:
    """The words of each row by column, and whether the row is sure. Rulings from side to side part rows; between them, geometry."""
    words = [w for column in columns for w in column]
    if not words:
        return []
    top, bottom = min(w.y0 for w in words), max(w.y1 for w in words)
    cuts = [y for y in rules if top < y < bottom]
    rows: list[Contents] = []
    bounds = [float("-inf"), *cuts, float("inf")]
    for lo, hi in pairwise(bounds):
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


def _one_row(columns: Sequence[Sequence[Word]]) -> list[Contents]:
    return [([list(column) for column in columns], True)]


def _free_rows(columns: Sequence[Sequence[Word]], bands: Sequence[Band]) -> list[Contents]:
    codes = [_is_codes(column) for column in columns]
    if all(codes[c] or not bands[c].numeric for c in range(len(bands))):
        codes = [False] * len(bands)  # no column of amounts: codes are all that makes rows
    numbers = [
        [] if code else [w for w in column if is_number(w.text)]
        for code, column in zip(codes, columns, strict=True)
    ]
    texts = [
        text_lines([w for w in column if code or not is_number(w.text)])
        for code, column in zip(codes, columns, strict=True)
    ]
    rows = anchors_of([w for column in numbers for w in column])
    contents: dict[float, list[list[Word]]] = {y: [[] for _ in bands] for y in rows}
    doubt: set[float] = set()
    for c, column in enumerate(numbers):
        for word in column:
            y = min(rows, key=lambda at, w=word: abs(at - (w.y0 + w.y1) / 2))  # type: ignore[misc]
            contents[y][c].append(word)
    served = [
        next((k for k in range(c + 1, len(bands)) if bands[k].numeric), None) for c in range(len(bands))
    ]
    for c in sorted(range(len(texts)), key=lambda c: -len(texts[c])):
        lines = texts[c]
        right = max((line.x1 for line in lines), default=0.0)
        near = served[c] if served[c] == c + 1 else None
        beside = [near is not None and bool(contents[y][near]) for y in rows]
        for group in given_to_rows(lines, rows, right, beside):
            own = [w for line in lines[group.first : group.last] for w in line.words]
            y = (
                rows[group.row]
                if group.row is not None
                else (lines[group.first].y + lines[group.last - 1].y) / 2
            )
            contents.setdefault(y, [[] for _ in bands])[c].extend(own)
            if not group.sure:
                doubt.add(y)
        rows = sorted(contents)
    return [(contents[y], y not in doubt) for y in rows]


def _is_codes(column: Sequence[Word]) -> bool:
    """Numbers of classes alone: these name rows as labels do, and may stand above or below the amounts of theirs."""
    texts = [word.text for word in column if is_number(word.text)]
    return len(texts) > 1 and all(_CODE.fullmatch(text) for text in texts)


def _tops(rows: Sequence[Contents]) -> list[float]:
    tops: list[float] = []
    low = 0.0
    for contents, _ in rows:
        words = [w for column in contents for w in column]
        top = min(w.y0 for w in words)
        tops.append((top + low) / 2 if tops else top - TOUCH)
        low = max(w.y1 for w in words)
    return tops
