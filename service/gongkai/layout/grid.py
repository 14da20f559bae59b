"""Rulings and words of one page to grids: cells with spans, and the words that stand in each.

The grid of a table is the arrangement of its own rulings. Two neighbouring boxes are one cell where no ruling parts them; a side
that was not drawn (open left and right, a first row without a top rule) is taken from the extent of the rulings across it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.layout.lines import lines_of
from gongkai.layout.stripes import without_gaps
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box

REACH = 3.0  # points: rulings this close to each other touch
OPEN_SIDE = (
    6.0  # points: rulings that reach this far past the outermost cross rule have an undrawn side there
)
COVER = 0.6  # share of a box's side that a ruling must cover to part two boxes
LEFT_PADDING = 8.0  # points: text that begins this close to the left side of a cell is set flush left in it
DIGITS = frozenset("0123456789０１２３４５６７８９.,，．")
OVERHANG = 0.25  # of the type size: so much of a line stands above the ruling that it hangs over
THIN = 4.0  # points: a row or column this narrow without text comes from a doubled border


@dataclass(frozen=True, slots=True)
class Cell:
    """``row`` and ``column`` count from 0; ``text`` is its lines joined, ``lines`` as they stand.

    ``box`` is the place of the text (of the whole cell when it is empty), ``frame`` the cell's own; not ``sure`` if its row or column is in doubt.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    page: int
    box: Box
    frame: Box
    lines: tuple[str, ...]
    text: str
    sure: bool = True


@dataclass(slots=True)
class Grid:
    """One grid of one page, before captions and continuations; ``aligned`` if it was not drawn but seen from its words, and then
    its first ``head`` rows are captions. ``foot``: the column edges of its last block, where blocks have columns of their own."""

    page: int
    box: Box
    xs: list[float]
    ys: list[float]
    cells: list[Cell] = field(default_factory=list)
    sure: bool = True
    aligned: bool = False
    head: int = 0
    foot: list[float] = field(default_factory=list)

    @property
    def last_edges(self) -> list[float]:
        """The column edges of its last rows."""
        return self.foot or self.xs

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1


def ruled_grids(page: Page) -> tuple[list[Grid], list[Word]]:
    """All ruled grids of a page from top to bottom, and the words that stand outside of them."""
    grids = []
    free = list(page.words)
    for horizontal, vertical in without_gaps(_components(page.horizontal, page.vertical), free):
        frame = _frame(horizontal, vertical)
        if frame is None:
            continue
        xs, ys = frame
        box = (xs[0], ys[0], xs[-1], ys[-1])
        inside = [word for word in free if _within(word, box)]
        if not inside:
            continue
        free = [word for word in free if not _within(word, box)]
        grids.append(_fill(page.number, xs, ys, horizontal, vertical, inside))
    grids.sort(key=lambda grid: (grid.box[1], grid.box[0]))
    return grids, free


def _components(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rulings that touch one another, as groups of (horizontal, vertical)."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    offset = len(horizontal)
    ats = [rule.at for rule in horizontal]
    for j, v in enumerate(vertical):
        first = bisect_right(ats, v.lo - REACH)
        last = bisect_right(ats, v.hi + REACH)
        for i in range(first, last):
            h = horizontal[i]
            if h.lo - REACH <= v.at <= h.hi + REACH:
                parent[root(i)] = root(offset + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(vertical):
        groups.setdefault(root(offset + j), ([], []))[1].append(rule)
    return [(hs, vs) for hs, vs in groups.values() if hs and vs]


def _frame(horizontal: list[Rule], vertical: list[Rule]) -> tuple[list[float], list[float]] | None:
    """The x of every column edge and the y of every row edge, undrawn sides included; None if it is no table."""
    xs = _with_open_sides([v.at for v in vertical], horizontal)
    ys = _with_open_sides([h.at for h in horizontal], vertical)
    if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    return xs, ys


def _with_open_sides(ats: list[float], across: list[Rule]) -> list[float]:
    edges = sorted(set(ats))
    lo, hi = min(rule.lo for rule in across), max(rule.hi for rule in across)
    if edges[0] - lo > OPEN_SIDE:
        edges.insert(0, lo)
    if hi - edges[-1] > OPEN_SIDE:
        edges.append(hi)
    return edges


def _within(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _fill(
    page: int,
    xs: list[float],
    ys: list[float],
    horizontal: list[Rule],
    vertical: list[Rule],
    words: list[Word],
) -> Grid:
    right_of = _walls(vertical, xs, ys)  # [column edge][row] -> parted?
    below = _walls(horizontal, ys, xs)  # [row edge][column] -> parted?
    xs, ys, right_of, below = _without_thin(xs, ys, right_of, below, words)
    regions = _regions(len(ys) - 1, len(xs) - 1, right_of, below)
    owner = {
        (r, c): k for k, (r0, c0, r1, c1) in enumerate(regions) for r in range(r0, r1) for c in range(c0, c1)
    }
    contents: list[list[Word]] = [[] for _ in regions]
    for word in words:
        for piece in _cut(word, xs, ys, owner):
            r = min(max(bisect_right(ys, (piece.y0 + piece.y1) / 2) - 1, 0), len(ys) - 2)
            contents[owner[r, _column_of(piece, xs)]].append(piece)
    for (r0, c0, _, _), inside in zip(regions, contents, strict=True):
        if r0 and inside:
            beside = (w for c in range(len(xs) - 1) for w in contents[owner[r0, c]])
            _give_up(inside, contents[owner[r0 - 1, c0]], beside, ys[r0])
    for (r0, c0, r1, _), inside in zip(regions, contents, strict=True):
        if len(inside) > 1 and c0 and any(w.text[-1] in DIGITS for w in inside):
            for left in {owner[r, c0 - 1] for r in range(r0, r1)}:
                _give_back(inside, contents[left], xs[c0])
    grid = Grid(page, (xs[0], ys[0], xs[-1], ys[-1]), xs, ys)
    for (r0, c0, r1, c1), inside in zip(regions, contents, strict=True):
        box = (xs[c0], ys[r0], xs[c1], ys[r1])
        lines = cell_lines(page, inside)
        text = "".join(lines)
        grid.cells.append(Cell(r0, c0, r1 - r0, c1 - c0, page, text_box(inside) or box, box, lines, text))
    return grid


def cell_lines(page: int, words: Sequence[Word]) -> tuple[str, ...]:
    if not words:
        return ()
    if len(words) == 1:
        return (words[0].text,)
    return tuple(line.text for line in lines_of(page, words))


def text_box(words: Sequence[Word]) -> Box | None:
    """The box around ``words``; ``None`` around none."""
    if not words:
        return None
    return (
        min(w.x0 for w in words),
        min(w.y0 for w in words),
        max(w.x1 for w in words),
        max(w.y1 for w in words),
    )


def _walls(rules: list[Rule], edges: list[float], cross: list[float]) -> list[list[bool]]:
    """For each edge and each gap between cross edges: does a ruling on that edge cover the gap?"""
    walls = [[False] * (len(cross) - 1) for _ in edges]
    index = {edge: i for i, edge in enumerate(edges)}
    for rule in rules:
        row = walls[index[rule.at]]
        first = max(bisect_right(cross, rule.lo) - 1, 0)
        for k in range(first, len(cross) - 1):
            a, b = cross[k], cross[k + 1]
            if a >= rule.hi:
                break
            if min(b, rule.hi) - max(a, rule.lo) >= COVER * (b - a):
                row[k] = True
    for outer in (0, -1):
        walls[outer] = [True] * (len(cross) - 1)
    return walls


def _without_thin(
    xs: list[float], ys: list[float], right_of: list[list[bool]], below: list[list[bool]], words: list[Word]
) -> tuple[list[float], list[float], list[list[bool]], list[list[bool]]]:
    """Rows and columns that only a doubled border made are closed up: their two edges become one."""
    for k in _thin(xs, [(w.x0 + w.x1) / 2 for w in words]):
        right_of[k] = [a or b for a, b in zip(right_of[k], right_of[k + 1], strict=True)]
        del xs[k + 1], right_of[k + 1]
        for row in below:
            del row[k]
    for k in _thin(ys, [(w.y0 + w.y1) / 2 for w in words]):
        below[k] = [a or b for a, b in zip(below[k], below[k + 1], strict=True)]
        del ys[k + 1], below[k + 1]
        for column in right_of:
            del column[k]
    return xs, ys, right_of, below


def _thin(edges: list[float], middles: list[float]) -> list[int]:
    """Indices of thin gaps, the last first, so that each can be deleted in turn."""
    gaps = [k for k in range(len(edges) - 1) if edges[k + 1] - edges[k] <= THIN]
    return [k for k in reversed(gaps) if not any(edges[k] <= m < edges[k + 1] for m in middles)]


def _regions(
    rows: int, columns: int, right_of: list[list[bool]], below: list[list[bool]]
) -> list[tuple[int, int, int, int]]:
    """Boxes joined into rectangles (r0, c0, r1, c1) where no wall parts them."""
    taken = [[False] * columns for _ in range(rows)]
    regions = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            c1 = c + 1
            while c1 < columns and not right_of[c1][r] and not taken[r][c1]:
                c1 += 1
            r1 = r + 1
            while r1 < rows and _continues(r1, c, c1, right_of, below):
                r1 += 1
            for rr in range(r, r1):
                for cc in range(c, c1):
                    taken[rr][cc] = True
            regions.append((r, c, r1, c1))
    return regions


def _continues(r: int, c0: int, c1: int, right_of: list[list[bool]], below: list[list[bool]]) -> bool:
    """Is row ``r`` between ``c0`` and ``c1`` open above, undivided, and closed left and right?"""
    if any(below[r][c] for c in range(c0, c1)):
        return False
    if any(right_of[c][r] for c in range(c0 + 1, c1)):
        return False
    return right_of[c0][r] and right_of[c1][r]


def _column_of(word: Word, xs: list[float]) -> int:
    """Where the middle of a word stands; a label that runs over from the left side of a cell belongs to that cell."""
    c = min(max(bisect_right(xs, (word.x0 + word.x1) / 2) - 1, 0), len(xs) - 2)
    start = min(max(bisect_right(xs, word.x0 + 0.5 * word.size) - 1, 0), len(xs) - 2)
    if start < c and word.x0 - xs[start] <= LEFT_PADDING and not _has_digits(word):
        return start
    return c


def _give_up(inside: list[Word], above: list[Word], beside: Iterable[Word], ruling: float) -> None:
    """The last line of a wrapped caption that is too high for its cell hangs over the ``ruling`` below: it is of the cell ``above``.

    No amount of the row stands on that line, or it would be the row's own.
    """
    hanging = [w for w in inside if ruling - w.y0 > OVERHANG * w.size and not _has_digits(w)]
    last = max(above, key=lambda w: w.y1, default=None)
    if last is None or not hanging:
        return
    amounts = [w for w in beside if _has_digits(w)]
    for word in hanging:
        follows = (
            -0.2 * word.size < word.y0 - last.y1 < 0.7 * word.size and last.x0 < word.x1 and word.x0 < last.x1
        )
        if follows and not any(abs(w.y0 + w.y1 - word.y0 - word.y1) < word.size for w in amounts):
            inside.remove(word)
            above.append(word)


def _has_digits(word: Word) -> bool:
    return any(c in DIGITS for c in word.text)


def _give_back(inside: list[Word], left: list[Word], wall: float) -> None:
    """Letters in the cell of an amount that go on where a label to the left ends, at the ``wall`` or before it, are of that label."""
    for end in [word for word in left if word.text[-1] not in DIGITS]:
        for word in sorted(inside, key=lambda w: w.x0):
            over = _touch(end, word) and (end.x1 > wall - 1 or word.x0 < wall - 1)
            if over and not _has_digits(word):
                inside.remove(word)
                left.append(word)
                end = word


def _touch(label: Word, piece: Word) -> bool:
    """Does ``piece`` go on where ``label`` ends, on the same line?"""
    ahead = piece.x0 - label.x1
    return -0.1 * piece.size < ahead < 0.1 * piece.size and abs(label.y0 - piece.y0) < 0.1 * piece.size


def _cut(word: Word, xs: list[float], ys: list[float], owner: dict[tuple[int, int], int]) -> list[Word]:
    """A word that runs through a wall, cut where it passes it beside a digit (an amount set against the next code); a label that is
    too long for its cell stays whole, and so does a hair's overhang."""
    first = bisect_right(xs, word.x0 + 0.5 * word.size) - 1
    last = bisect_right(xs, word.x1 - 0.5 * word.size) - 1
    if last <= first or len(word.text) < 2:
        return [word]
    r = min(max(bisect_right(ys, (word.y0 + word.y1) / 2) - 1, 0), len(ys) - 2)
    pieces: list[Word] = []
    start = 0
    for k in range(max(first, 0) + 1, min(last, len(xs) - 2) + 1):
        if owner.get((r, k - 1)) == owner.get((r, k)):
            continue
        middles = [(a + b) / 2 for a, b in zip(word.edges, word.edges[1:], strict=False)]
        at = bisect_right(middles, xs[k])
        if start < at < len(word.text) and (word.text[at - 1] in DIGITS or word.text[at] in DIGITS):
            pieces.append(part(word, start, at))
            start = at
    pieces.append(part(word, start, len(word.text)))
    return pieces


def part(word: Word, start: int, end: int) -> Word:
    """The characters ``start`` to ``end`` of a word, with their own place."""
    if start == 0 and end == len(word.text):
        return word
    edges = word.edges[start : end + 1]
    return Word(word.text[start:end], edges[0], word.y0, edges[-1], word.y1, word.size, word.bold, edges)


__all__ = ["Cell", "Grid", "cell_lines", "part", "ruled_grids"]
