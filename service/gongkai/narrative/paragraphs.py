"""Lines back to paragraphs: the soft breaks that the page's width made are healed.

A paragraph begins where a line is indented, or where the line before it ended although the next word would still have fitted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.layout.lines import Line

INDENT = 1.2  # of the type size: the first line of a paragraph stands this far in (two characters by custom)
SLACK = 0.9  # of the type size: full lines end this unevenly
TIGHT = -0.1  # of the type size: one character less leaves no doubt when the line ends a sentence
LONG = 0.8  # of the column: a line that fills as much and ends without a full stop is rarely the last of its paragraph
SAME_SIZE = 0.12  # share by which type sizes of one paragraph may differ
SAME_EDGE = 2.5  # of the type size: right margins this close are one
LIST_ITEM = re.compile(
    r"\s*(?:\d{1,2}\s*[.．、](?!\d)|[（(]?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十]部分)"
)
_PART = re.compile(r"\s*第\s*[一二三四五六七八九十]+\s*部\s*[分份]")
_TERMINAL = re.compile(r"[。；;：:！？!?]\s*[”’」』）)]?\s*$")
_TOKEN = re.compile(r"[A-Za-z0-9.,%‰\-/]+[，。；：、）]?|[“‘（《(\[【]+.?|.[，。；：、）)】》”’]*")


@dataclass(frozen=True, slots=True)
class Column:
    """Left and right margin of the running text and its usual type size; points. ``sure`` if enough full lines show the margins."""

    left: float
    right: float
    size: float
    sure: bool = True

    def indented(self, line: Line) -> bool:
        return line.box[0] - self.left > INDENT * line.size

    def centred(self, line: Line) -> bool:
        """In the middle, short of both margins by about the same."""
        before, after = line.box[0] - self.left, self.right - line.box[2]
        return min(before, after) > 1.5 * line.size and abs(before - after) < max(
            1.5 * line.size, 0.25 * (before + after)
        )

    def full(self, line: Line, following: Line) -> bool:
        """Did ``line`` break because the first word of ``following`` no longer fitted?"""
        token = _TOKEN.match(following.text.lstrip())
        wide = sum(0.5 if c.isascii() else 1.0 for c in token[0]) if token else 1.0
        slack = TIGHT if _TERMINAL.search(line.text) else SLACK
        return self.right - line.box[2] <= (wide + slack) * line.size


def columns_of(lines: Sequence[Line]) -> dict[int, Column]:
    """The column of each page that has lines. Sparse pages take it from the nearest page whose lines show where it ends."""
    if not lines:
        return {}
    size = _usual_size(lines)
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    bodies = {
        page: [line for line in own if abs(line.size - size) <= SAME_SIZE * size]
        for page, own in pages.items()
    }
    rights = {page: right for page, body in bodies.items() if (right := _clear_right(body, size)) is not None}
    groups: list[list[int]] = []
    for page, right in rights.items():
        group = next((g for g in groups if abs(rights[g[0]] - right) <= SAME_EDGE * size), None)
        if group is None:
            groups.append(group := [])
        group.append(page)
    shared = {page: _shared(group, bodies, rights, size) for group in groups for page in group}
    return {page: shared.get(page) or _borrowed(page, shared, pages[page], size) for page in pages}


def _usual_size(lines: Iterable[Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    return weights.most_common(1)[0][0]


def _clear_right(body: Sequence[Line], size: float) -> float | None:
    """Where the full lines of a page end, if at least three do so together, or six within the unevenness of ragged lines."""
    if len(body) < 3:
        return None
    last = max(line.box[2] for line in body)
    near = [line.box[2] for line in body if line.box[2] > last - SAME_EDGE * size]
    buckets = Counter(round(end / 3) for end in near)
    best = max(buckets, key=lambda bucket: (buckets[bucket], bucket))
    if buckets[best] < 3 and len(near) < 6:
        return None
    return max(end for end in near if round(end / 3) == best)


def _shared(group: list[int], bodies: dict[int, list[Line]], rights: dict[int, float], size: float) -> Column:
    starts = Counter(round(line.box[0] / 3) for page in group for line in bodies[page])
    enough = 0.12 * sum(starts.values())
    left = 3.0 * min(start for start, count in starts.items() if count + starts.get(start + 1, 0) >= enough)
    right = Counter(round(rights[page]) for page in group).most_common(1)[0][0]
    return Column(left, float(right), size)


def _borrowed(page: int, shared: dict[int, Column], lines: Sequence[Line], size: float) -> Column:
    first, last = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    fitting = [
        p for p, c in shared.items() if first > c.left - 2 * size and last < c.right + SAME_EDGE * size
    ]
    if fitting:
        return shared[min(fitting, key=lambda other: (abs(other - page), other))]
    return Column(first, last, size, sure=False)


def continues(before: Line, line: Line, columns: dict[int, Column]) -> bool:
    """Is ``line`` the next line of the paragraph to which ``before`` belongs?"""
    if abs(line.size - before.size) > SAME_SIZE * before.size and not _mixed(before, line):
        return False
    column = columns[before.page]
    if _PART.match(line.text) and len(line.text) < 60:
        return False
    if not column.full(before, line) and not _spilled(before, line, columns):
        return False
    if before.bold and not line.bold and not re.search("[。：:；]", before.text):
        return False
    ended = bool(_TERMINAL.search(before.text)) or not column.sure
    if columns[line.page].indented(line):
        return not ended and not LIST_ITEM.match(line.text) and not column.centred(before)
    return not (ended and LIST_ITEM.match(line.text))


def _spilled(before: Line, line: Line, columns: dict[int, Column]) -> bool:
    """Does ``line`` at the margin go on with a long line that ends in the middle of a sentence, though a word was left room?"""
    column = columns[before.page]
    return (
        column.sure
        and before.box[2] - column.left > LONG * (column.right - column.left)
        and not _TERMINAL.search(before.text)
        and not columns[line.page].indented(line)
        and not LIST_ITEM.match(line.text)
    )


def _mixed(before: Line, line: Line) -> bool:
    """Lines whose words have several sizes are one size if any word agrees."""
    sizes = {round(word.size) for word in before.words}
    return any(round(word.size) in sizes for word in line.words)


def joined(lines: Sequence[Line]) -> str:
    """The text of one paragraph; a space is left only between two Latin words."""
    text = ""
    for line in lines:
        piece = line.text.strip()
        if text and text[-1].isascii() and text[-1].isalpha() and piece[:1].isascii() and piece[:1].isalpha():
            text += " "
        text += piece
    return text


def blocks(lines: Sequence[Line], columns: dict[int, Column]) -> list[tuple[int, int]]:
    """The paragraphs as index ranges ``(start, stop)`` over ``lines``, headings not yet told from text."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or not continues(lines[index - 1], lines[index], columns):
            if index > start:
                ranges.append((start, index))
            start = index
    return ranges
