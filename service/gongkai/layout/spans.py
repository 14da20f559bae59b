"""Which captions of a head span which columns: a caption over several columns stands over their common middle.

The columns are cut into spans, each under the caption that fits it best, by where it stands and by where those below it stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.pages import Rule, Word

HANGS = 0.4  # of the type size: a caption this far below the middle of the head has another one over it
PARENT = 0.02  # cost of one more caption over others; offsets cost their length in column widths
UNEVEN = 0.15  # cost of captions under one parent whose middles lie a type size apart in height
WRAPPED = 0.7  # of the type size: lines of one caption lie no further apart
EXACT = 0.15  # of the type size: what is centred is off by no more
LEVEL = 0.5  # of the type size: words no further apart in height stand on one line


@dataclass(slots=True)
class Caption:
    """Columns ``first`` up to ``last`` (exclusive), the words over them, and the captions below; ``ruled`` if a ruling shows the span."""

    first: int
    last: int
    words: list[Word]
    children: list[Caption] = field(default_factory=list)
    ruled: bool = False

    @property
    def depth(self) -> int:
        return 1 + max((child.depth for child in self.children), default=0)

    @property
    def leaves(self) -> list[Caption]:
        """The captions of single columns."""
        return [leaf for child in self.children for leaf in child.leaves] if self.children else [self]


def sorted_words(words: Sequence[Word]) -> list[Word]:
    """Words line by line, each line from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.y0 + w.y1):
        if lines and abs((lines[-1][0].y0 + lines[-1][0].y1) - (word.y0 + word.y1)) / 2 < LEVEL * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda w: w.x0)]


def centre(words: Sequence[Word]) -> float:
    """The middle between the left and the right end of ``words``."""
    return (min(w.x0 for w in words) + max(w.x1 for w in words)) / 2


def _same_middle(a: Word, b: Word) -> bool:
    return abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 2 * max(a.size, b.size)


def _ruled(rules: Sequence[Rule], upper: Word, lower: Word) -> bool:
    middle = (upper.x0 + upper.x1) / 2
    return any(upper.y1 - 2 < rule.at < lower.y0 + 2 and rule.lo <= middle <= rule.hi for rule in rules)


def wraps(upper: Word, lower: Word, rules: Sequence[Rule]) -> bool:
    """Is ``lower`` the next line of the caption that ``upper`` is a line of?"""
    near = lower.y0 - upper.y1 < WRAPPED * lower.size
    return near and _same_middle(upper, lower) and not _ruled(rules, upper, lower)


def _hangs(words: Sequence[Word], middle: float) -> bool:
    if not words:
        return False
    own = (min(w.y0 for w in words) + max(w.y1 for w in words)) / 2
    return own > middle + HANGS * words[0].size


def adopt(
    parents: list[Caption],
    columns: list[list[Word]],
    over: Sequence[Sequence[Word]],
    blocks: Sequence[Caption],
    first: int,
    edges: Sequence[float],
    middle: float,
) -> None:
    """Captions that stand over one column only, or in a gap, and yet span its neighbours, for these hang with nothing over them.

    The columns are cut into spans, each under the caption whose middle it fits best, so that the sum of all offsets is least.
    ``over`` are all words over each of the ``columns``, ``blocks`` all captions that stand over several.
    """
    count = len(columns)
    hanging = [_hangs(words, middle) for words in over]
    upper = [[w for w in column if (w.y0 + w.y1) / 2 < middle - 0.3 * w.size] for column in columns]
    lower = [[w for w in column if (w.y0 + w.y1) / 2 > middle + 0.1 * w.size] for column in columns]
    if not any(hanging):
        return
    if crown := _crown(parents, over, lower, first, edges, middle):
        parents[:] = [crown]
        for column in columns:
            column[:] = [w for w in column if w is not crown.words[0]]
        return
    best: list[tuple[float, list[Caption]]] = [(0.0, [])]
    for end in range(1, count + 1):
        options = []
        for start in range(end):
            cost, chosen = best[start]
            if end - start == 1:
                inside = any(p.first <= start + first < p.last for p in parents)
                options.append((cost + (1.0 if hanging[start] or inside else 0.0), chosen))
            else:
                for parent in _over_span(parents, upper, lower, first, start, end):
                    usual = (edges[first + count] - edges[first]) / count
                    off = _off(parent, edges, lower[start], lower[end - 1]) / max(usual, 1.0)
                    kept = {id(w) for w in parent.words}
                    free = sum(
                        not hanging[k] and not any(id(w) in kept for w in upper[k]) for k in range(start, end)
                    )
                    uneven = _unevenness(over[start:end], blocks, parent, kept)
                    options.append((cost + PARENT + 0.1 * free + uneven + off, [*chosen, parent]))
        best.append(min(options, key=lambda option: option[0]))
    parents[:] = best[count][1]
    own = {id(word) for parent in parents for word in parent.words}
    for column in columns:
        column[:] = [w for w in column if id(w) not in own]


def _crown(
    parents: Sequence[Caption],
    over: Sequence[Sequence[Word]],
    lower: Sequence[Sequence[Word]],
    first: int,
    edges: Sequence[float],
    middle: float,
) -> Caption | None:
    """A caption alone on the uppermost line and exactly in the middle of all columns, which hang below it: it spans them all."""
    words = {id(w): w for column in over for w in column}.values()
    top = min(words, key=lambda w: w.y0)
    below = [[w for w in column if w is not top] for column in over]
    if not all(_hangs(column, middle) for column in below):
        return None
    whole = Caption(first, first + len(over), [top])
    spans = {(p.first, p.last) for p in parents if p.ruled and p.words[0] is top}
    exact = _off(whole, edges, lower[0], lower[-1]) < EXACT * top.size
    return whole if exact and spans <= {(whole.first, whole.last)} else None


def captions_over(wide: Sequence[tuple[Word, int, int]], rules: Sequence[Rule]) -> list[Caption]:
    """The captions over several columns, the lines of each together."""
    blocks: list[Caption] = []
    for word, a, b in sorted(wide, key=lambda item: item[0].y0):
        same = next(
            (c for c in blocks if (c.first, c.last) == (a, b) and wraps(c.words[-1], word, rules)), None
        )
        if same:
            same.words.append(word)
        else:
            blocks.append(Caption(a, b, [word]))
    return blocks


def _unevenness(
    columns: Sequence[Sequence[Word]], blocks: Sequence[Caption], parent: Caption, kept: set[int]
) -> float:
    """What stands under one parent fills the same height, or stands in the middle of it; how far from that it is, as a cost.

    Where there are captions over several columns above all of it, the lowest of these are compared.
    """
    below = [own for column in columns if (own := [w for w in column if id(w) not in kept])]
    inside = [c for c in blocks if c.last <= parent.last and not kept & {id(w) for w in c.words}]
    lowest = [
        max((c.words for c in inside if c.first <= k < c.last), key=lambda words: words[0].y0, default=[])
        for k in range(parent.first, parent.last)
    ]
    below = lowest if all(lowest) else below
    middles = [(min(w.y0 for w in own) + max(w.y1 for w in own)) / 2 for own in below]
    size = max((w.size for own in below for w in own), default=1.0)
    return UNEVEN * (max(middles) - min(middles)) / size if middles else 0.0


def _over_span(
    parents: Sequence[Caption],
    upper: Sequence[list[Word]],
    lower: Sequence[list[Word]],
    first: int,
    start: int,
    end: int,
) -> list[Caption]:
    """The one caption that may span the columns ``start`` to ``end``: all of these have captions below it, none another one above.

    A caption whose span a ruling shows spans that and nothing else.
    """
    span = (start + first, end + first)
    inside = [p for p in parents if p.first < span[1] and p.last > span[0]]
    if any(p.first < span[0] or p.last > span[1] for p in inside):
        return []
    if not all(low or inside for low in lower[start:end]):
        return []
    over = [p.words for p in inside] + [sorted_words(column) for column in upper[start:end] if column]
    highest = min((words[0].y0 for words in over), default=0.0)
    top = [words for words in over if words[0].y0 - highest < LEVEL * words[0].size]
    if len(top) != 1 or any(p.ruled and p.words is top[0] and (p.first, p.last) != span for p in inside):
        return []
    return [Caption(*span, _first_lines(top[0]))]


def _first_lines(words: Sequence[Word]) -> list[Word]:
    """The caption that begins ``words``, as far as its lines follow one another closely around one middle."""
    kept = [words[0]]
    for word in words[1:]:
        same_line = abs(word.y0 - kept[-1].y0) < LEVEL * word.size
        if not same_line and (word.y0 - kept[-1].y1 > 0.5 * word.size or not _same_middle(kept[-1], word)):
            break
        kept.append(word)
    return kept


def _off(parent: Caption, edges: Sequence[float], left: Sequence[Word], right: Sequence[Word]) -> float:
    """How far a caption stands from the middle of its span, in points.

    That is half-way between the sides of its columns, or between the captions below it at its ``left`` and ``right`` end: numbers
    stand at the right of their cells and draw the sides with them, captions stand in the middle.
    """
    middle = centre(parent.words)
    off = abs(middle - (edges[parent.first] + edges[parent.last]) / 2)
    if not left or not right:
        return off
    return min(off, abs(middle - (centre(left) + centre(right)) / 2))
