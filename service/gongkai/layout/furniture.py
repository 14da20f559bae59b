"""Page furniture: page numbers, and running heads and feet. It belongs to the paper, not to the report. Lines that stand in the file but
off the page, or once more behind the edge of a frame that goes on over two pages, are not shown to a reader and go too.

Only what stands in the margin bands can be furniture. A bare number must count the pages, a running line must come back at the same
height; what reads like part of a table's caption (公开01表, 单位：万元, …表) or like a heading comes back for better reasons and stays.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.layout.lines import Line, lines_of
from gongkai.pages import Page
from gongkai.text import normalise

RUNNING_BAND = 76.0  # points from the edge: office templates keep heads and feet within 2.6 cm
NUMBER_BAND = 0.14  # of the page's height
SAME_HEIGHT = 6.0  # points
FEW = 3  # pages on which a running line must come back; two if the document has no more than four
MOST = 0.6  # of all pages, for a line that speaks of a table
FRAME_LINES = 4  # lines that come again on the next page, all shifted alike, are one frame drawn twice
LONG_ENOUGH = 8  # characters of a line that is not the same by chance

_DRESSED = re.compile(
    r"[-—–_~·•.]+(\d{1,4})[-—–_~·•.]+|第(\d{1,4})页(?:[,，/|]?共\d{1,4}页)?|共\d{1,4}页[,，/|]?第(\d{1,4})页|(\d{1,4})/\d{1,4}(?:页)?"
    r"|(\d{1,4})页|[Pp](?:age|AGE)?\.?(\d{1,4})(?:(?:of|/)\d{1,4})?"
)
_BARE = re.compile(r"\d{1,4}")
_ROMAN = re.compile(r"[-—–]*(?:[ivx]{1,7}|[IVX]{1,7})[-—–]*|[-—–]+[一二三四五六七八九十]+[-—–]+")
_DIGITS = re.compile(r"\d+")
_CAPTION = re.compile(r"公开[#\d]*表|单位[::]|部门[::]|元[)]?$|^[(]?续")
_HEADING = re.compile(
    r"第[一二三四五六七八九十]+部[分份]|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)"
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line in a margin band; ``from_edge`` is negative at the foot."""

    page: int
    index: int
    text: str
    from_edge: float


def without_furniture(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """``lines`` (one sequence a page, top to bottom) without page numbers and running heads and feet, judged for each document."""
    kept = [list(page_lines) for page_lines in lines]
    for members in _by_document(pages).values():
        spots = [spot for number in members for spot in _spots(number, pages[number], lines[number])]
        drop = _page_numbers(spots, pages) | _running(spots, len(members))
        drop |= _drawn_twice(members, pages, lines)
        for number in {page for page, _ in drop}:
            kept[number] = [line for i, line in enumerate(kept[number]) if (number, i) not in drop]
    return kept


def _by_document(pages: Sequence[Page]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for index, page in enumerate(pages):
        members[page.document].append(index)
    return members


def _spots(number: int, page: Page, lines: Sequence[Line]) -> Iterator[_Spot]:
    band = max(RUNNING_BAND, page.height * NUMBER_BAND)
    for index, line in enumerate(lines):
        from_head, from_foot = line.box[3], page.height - line.box[1]
        if from_head <= band:
            yield _Spot(number, index, normalise(line.text), from_head)
        elif from_foot <= band:
            yield _Spot(number, index, normalise(line.text), -from_foot)


def _page_numbers(spots: list[_Spot], pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Dressed numbers (``- 12 -``, ``第3页``, roman) as they are; bare ones if they run with the pages or are the page's own."""
    drop: set[tuple[int, int]] = set()
    bare = []
    for spot in spots:
        if _DRESSED.fullmatch(spot.text) or (_ROMAN.fullmatch(spot.text) and len(spot.text) < 8):
            drop.add((spot.page, spot.index))
        elif _BARE.fullmatch(spot.text):
            bare.append((spot, int(spot.text) - pages[spot.page].number))
    shared = Counter(offset for _, offset in bare)
    drop.update((spot.page, spot.index) for spot, offset in bare if offset == 0 or shared[offset] > 1)
    return drop


def _running(spots: list[_Spot], pages: int) -> set[tuple[int, int]]:
    """Lines that come back at one height on several pages, but for their digits. The first of repeated headings is left."""
    groups: dict[str, list[_Spot]] = defaultdict(list)
    for spot in spots:
        if abs(spot.from_edge) <= RUNNING_BAND:
            groups[_DIGITS.sub("#", spot.text)].append(spot)
    drop: set[tuple[int, int]] = set()
    for text, group in groups.items():
        if len(group) < 2 or _CAPTION.search(text):
            continue
        needed = FEW if pages > 4 else 2
        if "表" in text:
            needed = max(needed + 1, round(MOST * pages))
        level = [
            spot
            for spot in group
            if sum(abs(spot.from_edge - o.from_edge) <= SAME_HEIGHT for o in group) >= needed
        ]
        level = level[1:] if _HEADING.match(text) else level
        drop.update((spot.page, spot.index) for spot in level)
    return drop


def _drawn_twice(
    members: Sequence[int], pages: Sequence[Page], lines: Sequence[Sequence[Line]]
) -> set[tuple[int, int]]:
    """Lines of a frame drawn on two pages: where some of it lies off this page, what the page before shows too goes, if all of it is
    shifted by the same distance."""
    drop: set[tuple[int, int]] = set()
    for before, number in pairwise(members):
        if len(pages[number].hidden) < FRAME_LINES:
            continue
        heights = {line.text: line.box[1] for line in lines[before] if len(line.text) >= LONG_ENOUGH}
        off = lines_of(pages[number].number, pages[number].hidden)
        shifts = Counter(round(heights[line.text] - line.box[1]) for line in off if line.text in heights)
        shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
        if count >= FRAME_LINES:
            shown = {(line.text, round(line.box[1]) + d) for line in lines[before] for d in (-1, 0, 1)}
            drop.update(
                (number, i)
                for i, line in enumerate(lines[number])
                if (line.text, round(line.box[1]) + shift) in shown
            )
    return drop
