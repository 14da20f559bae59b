"""Text that a clipping path cuts away: it stands in the file, at its place, and nothing of it is drawn. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from gongkai.pages import Word

LEADERS = frozenset(".．…‥·•_-—–")
NEAR = 0.3  # of the type size: a glyph lies no further from where its word has it
Glyph = tuple[float, float, str]  # its middle, and what it says


def parted(words: Iterable[Word], gone: Collection[Glyph]) -> tuple[list[Word], list[Word]]:
    """``words`` of which something is drawn, and those of which nothing is. ``gone`` are the glyphs that are not drawn.

    Leaders (………) that end at the edge of their clipping path stay: they say nothing.
    """
    kept: list[Word] = []
    cut: list[Word] = []
    for word in words:
        (kept if LEADERS.issuperset(word.text) or not _is_gone(word, gone) else cut).append(word)
    return kept, cut


def _is_gone(word: Word, gone: Collection[Glyph]) -> bool:
    """A word of one glyph must say what the lost one says, for one that is drawn may stand in its place (an amount on a long label)."""
    y, reach = (word.y0 + word.y1) / 2, NEAR * word.size
    line = [x for x, at, text in gone if abs(at - y) < reach and (len(word.text) > 1 or text == word.text)]
    return bool(line) and all(
        any(abs(x - (left + right) / 2) < reach for x in line) for left, right in pairwise(word.edges)
    )
