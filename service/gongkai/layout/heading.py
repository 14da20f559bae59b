"""The head of a table that draws none: captions wrapped over lines, and captions that span the columns below them.

A caption over several columns stands over their common middle, and the captions under it hang below the middle of the head; that
tells it from a caption that is merely wrapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.layout.columns import TOUCH, Band, is_number
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


def caption_bands(bands: list[Band], head: Sequence[Word]) -> list[Band]:
    """``bands`` and the columns that only a caption shows, for all of their cells are empty."""
    found = list(bands)
    for word in sorted(head, key=lambda w: -(w.y0 + w.y1)):
        if any(_meets(word, band) for band in found):
            continue
        found.sort(key=lambda b: b.lo)
        if not _spans_gap(word, found, head):
            found.append(Band(word.x0, word.x1, False))
    return sorted(found, key=lambda b: b.lo)


def _meets(word: Word, band: Band) -> bool:
    return min(word.x1, band.hi) - max(word.x0, band.lo) > TOUCH


def _spans_gap(word: Word, bands: Sequence[Band], head: Sequence[Word]) -> bool:
    """Does a caption that stands in a gap belong to the columns on both sides? Then both have captions lower down, and none beside it."""
    left = [b for b in bands if b.hi <= word.x0 + TOUCH]
    right = [b for b in bands if b.lo >= word.x1 - TOUCH]
    if not left or not right:
        return False
    return all(
        (over := [w for w in head if _meets(w, band)])
        and all(w.y0 > word.y0 + HANGS * word.size for w in over)
        for band in (left[-1], right[0])
    )


def caption_tree(
    words: Sequence[Word], bands: Sequence[Band], edges: Sequence[float], rules: Sequence[Rule]
) -> list[Caption]:
    """The captions over all columns, from left to right. ``rules`` are the rulings inside the head, which show what spans what."""
    return _captions(list(words), 0, len(bands), bands, edges, rules)


def _captions(
    words: list[Word],
    first: int,
    last: int,
    bands: Sequence[Band],
    edges: Sequence[float],
    rules: Sequence[Rule],
) -> list[Caption]:
    """Captions over the columns ``first`` to ``last``: parents with their children, and leaves."""
    columns: list[list[Word]] = [[] for _ in range(last - first)]
    wide: list[tuple[Word, int, int]] = []
    for word in words:
        a, b = _reach(word, first, last, bands, edges, words)
        if b - a > 1:
            wide.append((word, a, b))
        else:
            columns[a - first].append(word)
    if last - first == 1 or not words:
        return [Caption(first + k, first + k + 1, sorted_words(columns[k])) for k in range(last - first)]
    wide = [*_beside_others(wide, columns, first), *_over_pairs(columns, first)]
    parents = _parents(wide, columns, first, last, edges, rules)
    captions: list[Caption] = []
    column = first
    for parent in parents:
        if parent.first < column:
            continue  # two captions claim a column: the left one has it
        captions.extend(
            Caption(k, k + 1, sorted_words(columns[k - first])) for k in range(column, parent.first)
        )
        own = {id(word) for word in parent.words}
        base = max(w.y1 for w in parent.words) - LEVEL * parent.words[0].size
        below = [w for w in words if id(w) not in own and _inside(w, parent, edges) and w.y1 > base]
        parent.children = _captions(below, parent.first, parent.last, bands, edges, rules)
        captions.append(_with_rest(parent, rules))
        column = parent.last
    captions.extend(Caption(k, k + 1, sorted_words(columns[k - first])) for k in range(column, last))
    return captions


def _with_rest(parent: Caption, rules: Sequence[Rule]) -> Caption:
    """``parent`` with its own last line, if that was taken for a caption of the same span below it."""
    only = parent.children[0]
    if (only.first, only.last) != (parent.first, parent.last) or not only.children:
        return parent
    if not _wraps(parent.words[-1], only.words[0], rules):
        return parent
    return Caption(parent.first, parent.last, [*parent.words, *only.words], only.children, parent.ruled)


def _wraps(upper: Word, lower: Word, rules: Sequence[Rule]) -> bool:
    near = lower.y0 - upper.y1 < WRAPPED * lower.size
    return near and _same_middle(upper, lower) and not _ruled(rules, upper, lower)


def _beside_others(
    wide: list[tuple[Word, int, int]], columns: list[list[Word]], first: int
) -> list[tuple[Word, int, int]]:
    """A caption does not span a column that has its own on the same line; what then spans one column alone goes to it."""
    kept = []
    for word, a, b in wide:
        while b - a > 1 and _on_line(columns[b - 1 - first], word):
            b -= 1
        while b - a > 1 and _on_line(columns[a - first], word):
            a += 1
        if b - a > 1:
            kept.append((word, a, b))
        else:
            columns[a - first].append(word)
    return kept


def _over_pairs(columns: list[list[Word]], first: int) -> list[tuple[Word, int, int]]:
    """Captions that touch one column and stand exactly between two whose own captions lie below: they are taken out and span both."""
    found = []
    for k, column in enumerate(columns):
        for n in (k - 1, k + 1):
            upper = min(column, key=lambda w: w.y0, default=None)
            if upper is None or not 0 <= n < len(columns) or not columns[n]:
                continue
            below = [w for w in column if w.y0 > upper.y1 - LEVEL * upper.size]
            if not below or any(w.y0 < upper.y1 - LEVEL * upper.size for w in columns[n]):
                continue
            between = (_centre(below) + _centre(columns[n])) / 2
            if abs(_centre([upper]) - between) < EXACT * upper.size:
                column.remove(upper)
                found.append((upper, first + min(k, n), first + max(k, n) + 1))
    return found


def _on_line(column: Sequence[Word], word: Word) -> bool:
    return any(abs((w.y0 + w.y1) - (word.y0 + word.y1)) / 2 < LEVEL * word.size for w in column)


def _reach(
    word: Word, first: int, last: int, bands: Sequence[Band], edges: Sequence[float], others: Sequence[Word]
) -> tuple[int, int]:
    """The columns that a caption stands over: those whose extent it covers in good part, else those of the line above or below it in
    the same caption (``others`` are all words of the head), else the one that holds its middle."""
    met = _met(word, first, last, bands)
    if not met:
        met = next((own for w in others if _next_line(w, word) and (own := _met(w, first, last, bands))), [])
    if met:
        return met[0], met[-1] + 1
    middle = (word.x0 + word.x1) / 2
    k = first + sum(middle >= edge for edge in edges[first + 1 : last])
    crossed = [e for e in edges[first + 1 : last] if word.x0 + TOUCH < e < word.x1 - TOUCH]
    if crossed and not is_number(word.text):
        at = min(range(first + 1, last), key=lambda i: abs(edges[i] - middle))
        return at - 1, at + 1
    return k, k + 1


def _met(word: Word, first: int, last: int, bands: Sequence[Band]) -> list[int]:
    return [
        k
        for k in range(first, last)
        if (shared := min(word.x1, bands[k].hi) - max(word.x0, bands[k].lo)) > TOUCH
        and shared > 0.25 * min(word.x1 - word.x0, bands[k].hi - bands[k].lo)
    ]


def _next_line(a: Word, b: Word) -> bool:
    """Do two words stand right above one another around the same middle, as the lines of one caption do?"""
    upper, lower = (a, b) if a.y0 < b.y0 else (b, a)
    apart = lower.y0 - upper.y1
    return (
        abs(_centre([a]) - _centre([b])) < EXACT * b.size
        and -LEVEL * b.size < apart < LEVEL * b.size
        and a is not b
    )


def _inside(word: Word, parent: Caption, edges: Sequence[float]) -> bool:
    return edges[parent.first] <= (word.x0 + word.x1) / 2 <= edges[parent.last]


def _parents(
    wide: list[tuple[Word, int, int]],
    columns: list[list[Word]],
    first: int,
    last: int,
    edges: Sequence[float],
    rules: Sequence[Rule],
) -> list[Caption]:
    """The uppermost captions over several columns, each with its span."""
    everything = [w for column in columns for w in column] + [w for w, _, _ in wide]
    middle = (min(w.y0 for w in everything) + max(w.y1 for w in everything)) / 2
    parents: list[Caption] = []
    for word, a, b in sorted(wide, key=lambda item: (item[0].y0, item[0].x0)):
        same = next((p for p in parents if a < p.last and b > p.first), None)
        if same is None:
            parents.append(Caption(a, b, [word]))
        elif _wraps(same.words[-1], word, rules):
            same.words.append(word)
            same.first, same.last = min(same.first, a), max(same.last, b)
    parents.sort(key=lambda p: p.first)
    for parent in parents:
        _as_ruled(parent, first, last, edges, rules, everything)
    over = [[*column, *(w for w, a, b in wide if a <= k < b)] for k, column in enumerate(columns, first)]
    _adopt(parents, columns, over, first, edges, middle)
    return sorted(parents, key=lambda p: p.first)


def _same_middle(a: Word, b: Word) -> bool:
    return abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 2 * max(a.size, b.size)


def _ruled(rules: Sequence[Rule], upper: Word, lower: Word) -> bool:
    middle = (upper.x0 + upper.x1) / 2
    return any(upper.y1 - 2 < rule.at < lower.y0 + 2 and rule.lo <= middle <= rule.hi for rule in rules)


def _as_ruled(
    parent: Caption, low: int, high: int, edges: Sequence[float], rules: Sequence[Rule], words: Sequence[Word]
) -> None:
    """A ruling right under a caption shows how far it spans."""
    word = parent.words[-1]
    middle = (word.x0 + word.x1) / 2
    under = [r for r in rules if 0 <= r.at - word.y1 + 2 < 1.5 * word.size and r.lo <= middle <= r.hi]
    if not under:
        return
    rule = min(under, key=lambda r: r.at)
    beside = [w for w in words if rule.lo <= (w.x0 + w.x1) / 2 <= rule.hi and abs(w.y0 - word.y0) < word.size]
    if any(w is not word for w in beside):
        return  # the ruling parts two levels of the head; it does not show a span
    inside = [
        k
        for k in range(low, high)
        if min(edges[k + 1], rule.hi) - max(edges[k], rule.lo) > 0.5 * (edges[k + 1] - edges[k])
    ]
    if len(inside) > 1:
        parent.first, parent.last, parent.ruled = inside[0], inside[-1] + 1, True


def _hangs(words: Sequence[Word], middle: float) -> bool:
    if not words:
        return False
    own = (min(w.y0 for w in words) + max(w.y1 for w in words)) / 2
    return own > middle + HANGS * words[0].size


def _adopt(
    parents: list[Caption],
    columns: list[list[Word]],
    over: Sequence[Sequence[Word]],
    first: int,
    edges: Sequence[float],
    middle: float,
) -> None:
    """Captions that stand over one column only, or in a gap, and yet span its neighbours, for these hang with nothing over them.

    The columns are cut into spans, each under the caption whose middle it fits best, so that the sum of all offsets is least.
    ``over`` are all words over each of the ``columns``.
    """
    count = len(columns)
    hanging = [_hangs(words, middle) for words in over]
    upper = [[w for w in column if (w.y0 + w.y1) / 2 < middle - 0.3 * w.size] for column in columns]
    lower = [[w for w in column if (w.y0 + w.y1) / 2 > middle + 0.1 * w.size] for column in columns]
    if not any(hanging):
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
                    uneven = _unevenness(over[start:end], kept)
                    options.append((cost + PARENT + 0.1 * free + uneven + off, [*chosen, parent]))
        best.append(min(options, key=lambda option: option[0]))
    parents[:] = best[count][1]
    own = {id(word) for parent in parents for word in parent.words}
    for column in columns:
        column[:] = [w for w in column if id(w) not in own]


def _unevenness(columns: Sequence[Sequence[Word]], kept: set[int]) -> float:
    """What stands under one parent fills the same height, or stands in the middle of it; how far from that it is, as a cost."""
    below = [own for column in columns if (own := [w for w in column if id(w) not in kept])]
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
    middle = _centre(parent.words)
    off = abs(middle - (edges[parent.first] + edges[parent.last]) / 2)
    if not left or not right:
        return off
    return min(off, abs(middle - (_centre(left) + _centre(right)) / 2))


def _centre(words: Sequence[Word]) -> float:
    return (min(w.x0 for w in words) + max(w.x1 for w in words)) / 2


def sorted_words(words: Sequence[Word]) -> list[Word]:
    """Words line by line, each line from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.y0 + w.y1):
        if lines and abs((lines[-1][0].y0 + lines[-1][0].y1) - (word.y0 + word.y1)) / 2 < LEVEL * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda w: w.x0)]
