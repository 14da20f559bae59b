"""Words outside every table, gathered into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.pages import Word
from gongkai.report import Box

SEGMENT_GAP = (
    1.6  # of the type size: words this far apart on one line are separate things (部门：…    单位：万元)
)
SPACE = 0.45  # of the type size: a gap that a reader sees as a space


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page; ``words`` run from left to right."""

    page: int
    words: tuple[Word, ...]
    text: str
    box: Box
    size: float
    bold: bool

    @property
    def segments(self) -> list[Line]:
        """The line cut where a wide gap separates independent things."""
        parts: list[list[Word]] = [[self.words[0]]]
        for word in self.words[1:]:
            if word.x0 - parts[-1][-1].x1 > SEGMENT_GAP * word.size:
                parts.append([])
            parts[-1].append(word)
        return [self] if len(parts) == 1 else [line_of(self.page, part) for part in parts]


def lines_of(page: int, words: Iterable[Word]) -> list[Line]:
    """Lines from top to bottom: words whose vertical middles lie in one another's band."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=_middle):
        if rows and _same_row(rows[-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [line_of(page, sorted(row, key=_left)) for row in rows]


def line_of(page: int, words: Sequence[Word]) -> Line:
    """A line from words already in order from left to right."""
    box = (
        min(w.x0 for w in words),
        min(w.y0 for w in words),
        max(w.x1 for w in words),
        max(w.y1 for w in words),
    )
    size = max(w.size for w in words)
    return Line(page, tuple(words), joined(words), box, size, all(w.bold for w in words))


def joined(words: Sequence[Word]) -> str:
    """Words of one line as text, with one space where a reader sees a gap."""
    if len(words) == 1:
        return words[0].text
    parts = [words[0].text]
    for before, word in pairwise(words):
        if word.x0 - before.x1 > SPACE * word.size:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def _middle(word: Word) -> float:
    return word.y0 + word.y1


def _left(word: Word) -> float:
    return word.x0


def _same_row(row: list[Word], word: Word) -> bool:
    last = row[-1]
    apart = abs(_middle(word) - _middle(last)) / 2
    return apart < 0.45 * min(word.size, last.size) or (
        apart < 0.3 * max(word.size, last.size) and _beside(row, word)
    )


def _beside(row: list[Word], word: Word) -> bool:
    return all(word.x0 >= other.x1 - 1 or word.x1 <= other.x0 + 1 for other in row)
