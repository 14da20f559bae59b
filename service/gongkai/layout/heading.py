"""The head of a table that draws none: captions wrapped over lines, and captions that span the columns below them.

A caption over several columns stands over their common middle, and the captions under it hang below the middle of the head; that
tells it from a caption that is merely wrapped.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.layout.columns import TOUCH, Band, is_number
from gongkai.layout.spans import (
    EXACT,
    HANGS,
    LEVEL,
    Caption,
    adopt,
    captions_over,
    centre,
    sorted_words,
    wraps,
)
from gongkai.pages import Rule, Word


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
    if not wraps(parent.words[-1], only.words[0], rules):
        return parent
    return Caption(parent.first, parent.last, [*parent.words, *only.words], only.children, parent.ruled)


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
            between = (centre(below) + centre(columns[n])) / 2
            if abs(centre([upper]) - between) < EXACT * upper.size:
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
        abs(centre([a]) - centre([b])) < EXACT * b.size
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
        elif wraps(same.words[-1], word, rules):
            same.words.append(word)
            same.first, same.last = min(same.first, a), max(same.last, b)
    parents.sort(key=lambda p: p.first)
    for parent in parents:
        _as_ruled(parent, first, last, edges, rules, everything)
    over = [[*column, *(w for w, a, b in wide if a <= k < b)] for k, column in enumerate(columns, first)]
    adopt(parents, columns, over, captions_over(wide, rules), first, edges, middle)
    return sorted(parents, key=lambda p: p.first)


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
