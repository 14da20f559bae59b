"""The prose of a section as passages: one healed paragraph each, whose every character still knows its place on the page.

Reading goes on in ``plain``, where look-alikes are one character, and white space and quotation marks are gone; ``origin`` leads back
to what the page prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gongkai.layout.lines import Line
from gongkai.report import Box, Section, Source
from gongkai.text import normalise, strip_quotes

_ITEM_STOP = re.compile(r"^\s*[0-9０-９]{1,2}\s*．")


@dataclass(frozen=True)
class Passage:
    """One paragraph of ``document``. ``text`` is healed (its soft line breaks are gone); ``lines`` are those it was printed on."""

    text: str
    document: str
    lines: tuple[Line, ...] = ()

    @cached_property
    def _folded(self) -> tuple[str, tuple[int, ...]]:
        return _fold(self.text)

    @property
    def plain(self) -> str:
        return self._folded[0]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The range of ``text`` from which ``plain[start:stop]`` (not empty) comes."""
        origin = self._folded[1]
        first, last = origin[start], origin[stop - 1] + 1
        opened, closed = (sum(map(self.text[first:last].count, marks)) for marks in ("“‘《", "”’》"))
        if closed > opened and self.text[first - 1 : first] in ("“", "‘", "《"):
            first -= 1
        elif opened > closed and self.text[last : last + 1] in ("”", "’", "》"):
            last += 1
        return first, last

    def quote(self, start: int, stop: int) -> str:
        """What the page prints for ``plain[start:stop]``, exactly."""
        first, last = self.span(start, stop)
        return self.text[first:last]

    def source(self, start: int, stop: int) -> Source:
        """Where ``plain[start:stop]`` stands: the box of its characters, on the page on which it begins."""
        return self.place(*self.span(start, stop))

    def place(self, first: int, last: int) -> Source:
        """Where ``text[first:last]`` stands, in the same way."""
        boxes = [place for place in self._places[first:last] if place is not None]
        if not boxes:
            return Source(self.document, 1, (0.0, 0.0, 0.0, 0.0))
        page = boxes[0][0]
        x0, y0, x1, y1 = zip(*(box for number, box in boxes if number == page), strict=True)
        return Source(
            self.document, page, (round(min(x0), 2), round(min(y0), 2), round(max(x1), 2), round(max(y1), 2))
        )

    @cached_property
    def _places(self) -> tuple[tuple[int, Box] | None, ...]:
        """Page and box of each character of ``text``; None for a space that healing put in."""
        places: list[tuple[int, Box] | None] = []
        for line in self.lines:
            own = list(_characters(line))
            lead = len(line.text) - len(line.text.lstrip())
            piece = own[lead : lead + len(line.text.strip())]
            if len(places) < len(self.text) and self.text[len(places)] == " " and piece:
                places.append(None)
            places.extend(piece)
        return tuple(places)


@dataclass(frozen=True)
class SectionText:
    """A section with its passages in reading order."""

    section: Section
    passages: tuple[Passage, ...]

    def place(self, start: int, stop: int) -> Source:
        """Where ``section.text[start:stop]`` stands: of words over several paragraphs the first."""
        for passage in self.passages:
            if start < len(passage.text):
                return passage.place(start, min(stop, len(passage.text)))
            start, stop = start - len(passage.text) - 1, stop - len(passage.text) - 1
        return self.section.source


def passages_of(
    sections: Sequence[Section], paragraphs: Sequence[Sequence[Sequence[Line]]], document: str
) -> tuple[SectionText, ...]:
    """Sections of one document with the places of their text; ``paragraphs`` as in ``narrative.Prose``, section by section.

    Raises ``ValueError`` if the two are not of one reading.
    """
    found = []
    for section, own in zip(sections, paragraphs, strict=True):
        texts = section.text.split("\n") if own else []
        pairs = zip(texts, own, strict=True)
        found.append(
            SectionText(section, tuple(Passage(text, document, tuple(lines)) for text, lines in pairs))
        )
    return tuple(found)


def _characters(line: Line) -> Iterator[tuple[int, Box] | None]:
    """The place of each character of ``line.text``; None for the spaces between words."""
    cursor = 0
    for word in line.words:
        while line.text[cursor : cursor + 1] == " " and word.text[:1] != " ":
            yield None
            cursor += 1
        for left, right in zip(word.edges, word.edges[1:], strict=False):
            yield line.page, (left, word.y0, right, word.y1)
        cursor += len(word.text)


def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    """``text`` normalised character by character, and the index from which each character came.

    A space between two digits stays, and a full-width comma there becomes 、: two numbers side by side are not one. The point after an
    item's number stays full width, so that ``1．500万元`` is no 1.5.
    """
    item = _ITEM_STOP.match(text)
    stop = item.end() - 1 if item else -1
    plain: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for folded in "．" if index == stop else _one(character):
            if folded == " " or character == "，":
                between = plain and plain[-1].isdigit() and text[index + 1 :].lstrip()[:1].isdigit()
                if folded == " " and not between:
                    continue
                folded = "、" if between and folded == "," else folded
            plain.append(folded)
            origin.append(index)
    return "".join(plain), tuple(origin)


@lru_cache(maxsize=8192)
def _one(character: str) -> str:
    """A single character as the grammar reads it; a space for any white space, nothing for what it leaves out."""
    if character.isspace():
        return " "
    return strip_quotes(normalise(character))
