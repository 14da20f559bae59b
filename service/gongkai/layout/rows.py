"""The rows of a table that draws none: every line of numbers is a row, and labels wrapped over lines are centred on one.

Lines of a label column are cut into groups, each group given to the row that it is centred on (or begins or ends at: one habit for
the whole column), so that the sum of all offsets is least. A group far from every line of numbers is a row without numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.pages import Word
from gongkai.text import normalise

SAME_LINE = 0.45  # of the type size
OVERLAP = 0.85  # of the type size: lines of two rows are further apart
LOOSE = 3.6  # of the type size: lines of one cell lie no further apart
LONGEST = 6  # lines of one label
OWN_ROW = 0.8  # cost of a row without numbers
OFF = 2.0  # cost of a label that stands one type size off its row
NO_LABEL = 0.1  # cost of a row without a label in this column
BARE = 1.5  # the same where numbers stand right beside the column
NOT_FULL = 1.2  # cost of a line that breaks off before its column is full
AS_FAR = 0.6  # cost of joining lines that lie as far apart as rows do
NEW_ITEM = 2.5  # cost of joining a line that reads as the beginning of an item
SKIPPED = 0.4  # cost of a row that no label of a merged column covers
DOUBT = 0.3  # another cut that costs less than this more leaves the row in doubt
HABITS = ("middle", "top", "bottom")

_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}[.、]|\(\d{1,2}\)|其中:|[加减]:|(?:本年|当年)?(?:收入|支出)?(?:合计|总计|小计)$|\d{3,7}"
    r"|上年结转|年初结转|年末结转|结转下年|使用|结余分配|用事业基金)"
)


@dataclass(slots=True)
class TextLine:
    """The words of one column on one line."""

    y: float
    words: list[Word]
    size: float

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def item(self) -> bool:
        return bool(_ITEM.match(normalise("".join(w.text for w in self.words))))


@dataclass(slots=True)
class Group:
    """Lines ``first`` up to ``last`` (exclusive) of a column, given to a row; ``row`` None for a row of its own."""

    first: int
    last: int
    row: int | None
    sure: bool = True


def text_lines(words: Sequence[Word]) -> list[TextLine]:
    """Words of one column gathered into lines, top to bottom."""
    lines: list[TextLine] = []
    for word in sorted(words, key=lambda w: w.y0 + w.y1):
        y = (word.y0 + word.y1) / 2
        if lines and abs(lines[-1].y - y) < SAME_LINE * min(word.size, lines[-1].size):
            lines[-1].words.append(word)
        else:
            lines.append(TextLine(y, [word], word.size))
    for line in lines:
        line.words.sort(key=lambda w: w.x0)
    return lines


def anchors_of(words: Sequence[Word]) -> list[float]:
    """The heights of lines of numbers. Lines so near that their types overlap are one, if nothing stands below anything."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.y0 + w.y1):
        if lines and _same_line(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sum(w.y0 + w.y1 for w in line) / 2 / len(line) for line in lines]


def _same_line(line: Sequence[Word], word: Word) -> bool:
    apart = (word.y0 + word.y1 - line[-1].y0 - line[-1].y1) / 2
    if apart < SAME_LINE * word.size:
        return True
    beside = all(word.x0 >= other.x1 or word.x1 <= other.x0 for other in line)
    return beside and apart < OVERLAP * min(word.size, line[-1].size)


def given_to_rows(
    lines: Sequence[TextLine], rows: Sequence[float], right: float, beside: Sequence[bool] = ()
) -> list[Group]:
    """The cheapest cut of a label column into groups, each with its row; ``right`` is where its lines would wrap.

    ``beside`` says of each row whether numbers stand in it right beside this column; these want a label.
    """
    skips = [BARE if k < len(beside) and beside[k] else NO_LABEL for k in range(len(rows))]
    if not lines:
        return []
    cuts = sorted(
        ((*_cheapest(lines, rows, skips, right, habit), habit) for habit in HABITS), key=lambda cut: cut[0]
    )
    cost, groups, habit = cuts[0]
    for before, after in pairwise(groups):
        if _doubtful(lines, rows, skips, right, habit, before, after):
            before.sure = after.sure = False
    for other_cost, others, _ in cuts[1:]:
        same = {(group.first, group.last, group.row) for group in others}
        for group in groups:
            if other_cost - cost < DOUBT and (group.first, group.last, group.row) not in same:
                group.sure = False
    return groups


def _cheapest(
    lines: Sequence[TextLine], rows: Sequence[float], skips: Sequence[float], right: float, habit: str
) -> tuple[float, list[Group]]:
    """Dynamic programme over (lines used, rows used); a row once passed is not used again."""
    many, count = len(lines), len(rows)
    costs = [[float("inf")] * (count + 1) for _ in range(many + 1)]
    steps: list[list[tuple[int, int, bool]]] = [[(0, 0, False)] * (count + 1) for _ in range(many + 1)]
    costs[0][0] = 0.0
    for k in range(1, count + 1):
        costs[0][k] = costs[0][k - 1] + skips[k - 1]
        steps[0][k] = (0, k - 1, False)
    pitch = _pitch(rows)
    inner = {
        (i, j): _inner(lines, i, j, right, pitch)
        for j in range(1, many + 1)
        for i in range(max(0, j - LONGEST), j)
    }
    for j in range(1, many + 1):
        for k in range(count + 1):
            if k and costs[j][k - 1] + skips[k - 1] < costs[j][k]:
                costs[j][k], steps[j][k] = costs[j][k - 1] + skips[k - 1], (j, k - 1, False)
            for i in range(max(0, j - LONGEST), j):
                inside = inner[i, j]
                if inside == float("inf"):
                    continue
                if k:
                    cost = costs[i][k - 1] + inside + _offset(lines, i, j, rows[k - 1], habit)
                    if cost < costs[j][k]:
                        costs[j][k], steps[j][k] = cost, (i, k - 1, True)
                cost = costs[i][k] + inside + OWN_ROW
                if cost < costs[j][k] and _between(lines, i, j, rows, k):
                    costs[j][k], steps[j][k] = cost, (i, k, True)
    groups: list[Group] = []
    j, k = many, count
    while j or k:
        i, before, taken = steps[j][k]
        if taken:
            groups.append(Group(i, j, before if before < k else None))
        j, k = i, before
    groups.reverse()
    return costs[many][count], groups


def _between(lines: Sequence[TextLine], i: int, j: int, rows: Sequence[float], used: int) -> bool:
    middle = (lines[i].y + lines[j - 1].y) / 2
    reach = OVERLAP * lines[i].size
    return (used == 0 or middle > rows[used - 1] + reach) and (
        used == len(rows) or middle < rows[used] - reach
    )


def _offset(lines: Sequence[TextLine], i: int, j: int, row: float, habit: str) -> float:
    top, bottom = lines[i].y, lines[j - 1].y
    y = top if habit == "top" else bottom if habit == "bottom" else (top + bottom) / 2
    off = abs(y - row) / lines[i].size
    return OFF * off if off > 0.25 else 0.0


def _pitch(rows: Sequence[float]) -> float:
    """The least distance between two rows of numbers."""
    return min((b - a for a, b in pairwise(rows)), default=float("inf"))


def _inner(lines: Sequence[TextLine], i: int, j: int, right: float, pitch: float) -> float:
    """What it costs to take lines ``i`` to ``j`` for one label."""
    cost = 0.0
    for a, b in zip(lines[i : j - 1], lines[i + 1 : j], strict=True):
        if b.y - a.y > LOOSE * max(a.size, b.size):
            return float("inf")
        if a.x1 + 1.3 * a.size < right:
            cost += NOT_FULL
        if b.y - a.y > 0.92 * pitch:
            cost += AS_FAR
        if b.item:
            cost += NEW_ITEM
    return cost


def _doubtful(
    lines: Sequence[TextLine],
    rows: Sequence[float],
    skips: Sequence[float],
    right: float,
    habit: str,
    before: Group,
    after: Group,
) -> bool:
    """Would another cut between two neighbouring groups do nearly as well?"""

    pitch = _pitch(rows)

    def cost(i: int, j: int, row: int | None) -> float:
        if i == j:
            return skips[row] if row is not None else 0.0
        return _inner(lines, i, j, right, pitch) + (
            OWN_ROW if row is None else _offset(lines, i, j, rows[row], habit)
        )

    chosen = cost(before.first, before.last, before.row) + cost(after.first, after.last, after.row)
    cuts = [c for c in range(before.first, after.last + 1) if c != before.last]
    return any(
        cost(before.first, cut, before.row) + cost(cut, after.last, after.row) - chosen < DOUBT
        for cut in cuts
    )


def spans_of(
    labels: Sequence[float], rows: Sequence[float], finer: Sequence[bool], size: float
) -> list[tuple[int, int]] | None:
    """The rows (first, last exclusive) that each label of a merged column covers: it stands at the middle of them.

    ``finer`` says which rows have a label of the finer column too; a row without one is a row of its own, and no span crosses it.
    None if the labels do not stand at the middles of any cut of the rows.
    """
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {(0, 0): (0.0, ())}
    count = len(rows)
    for n, y in enumerate(labels, 1):
        for (done, start), (cost, spans) in list(best.items()):
            if done != n - 1:
                continue
            for first, last in _spans_around(y, start, rows, finer, size):
                off = abs((rows[first] + rows[last - 1]) / 2 - y) / size
                skipped = SKIPPED * sum(finer[start:first])
                option = (cost + skipped + off, (*spans, (first, last)))
                if option < best.get((n, last), (float("inf"), ())):
                    best[n, last] = option
    ends = [
        (cost + SKIPPED * sum(finer[last:count]), spans)
        for (n, last), (cost, spans) in best.items()
        if n == len(labels)
    ]
    return list(min(ends)[1]) if ends else None


def _spans_around(
    y: float, start: int, rows: Sequence[float], finer: Sequence[bool], size: float
) -> Iterator[tuple[int, int]]:
    for first in range(start, len(rows)):
        if rows[first] > y + 0.5 * size:
            return
        for last in range(first + 1, len(rows) + 1):
            if last - first > 1 and not all(finer[first:last]):
                break
            if abs((rows[first] + rows[last - 1]) / 2 - y) < 0.5 * size:
                yield first, last
