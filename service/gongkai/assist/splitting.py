"""``split_sections``: which lines are headings, where the numbers of the headings that were found leave a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist.common import Open, Values, numbered, tags
from gongkai.draft import Draft, Pointers
from gongkai.llm.questions import Part, Question
from gongkai.narrative.headings import Heading, Pointed
from gongkai.narrative.numbering import numbered as number_of
from gongkai.narrative.paragraphs import joined
from gongkai.pages import rounded
from gongkai.reading import Reading
from gongkai.report import Source
from gongkai.text import normalise

LONG = 40  # characters: a longer line is no heading
MOST_LINES = 40
LEVELS = {"heading_1": 1, "heading_2": 2, "heading_3": 3}
_SENTENCE = re.compile(r"[。；;，,]|\d(?:[万亿千]?元|%)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph of one short line that may be a heading: its first line in the body."""

    start: int
    text: str


def opened(draft: Draft) -> Iterator[Open]:
    """Gaps in the numbers of headings of one level, with the short lines between them."""
    for reading in draft.readings:
        for first, last, missing in _gaps(reading):
            lines = _candidates(reading, first, last)
            if lines:
                yield _open(reading, lines, missing)


def _gaps(reading: Reading) -> Iterator[tuple[int, int, range]]:
    """Ranges of lines in which headings of level 2 must stand, with their numbers: 一、 is followed by 三、, or a part begins with 二、."""
    body = reading.prose.body
    begin, before = 0, 0
    for heading in reading.prose.headings:
        if heading.level == 1:
            begin, before = heading.stop, 0
        elif heading.level == 2:
            value = _value(heading, body[heading.start].text)
            if value > before + 1 and (before or value == 2):
                yield begin, heading.start, range(before + 1, value)
            begin, before = heading.stop, value or before


def _value(heading: Heading, text: str) -> int:
    found = number_of(text)
    return found.value if found is not None and heading.number else 0


def _candidates(reading: Reading, first: int, last: int) -> list[Candidate]:
    taken = {heading.start for heading in reading.prose.headings}
    found = []
    for start, stop in reading.prose.blocks:
        text = joined(reading.prose.body[start:stop])
        plain = normalise(text)
        if (
            first <= start < last
            and start not in taken
            and 1 < len(plain) <= LONG
            and not _SENTENCE.search(plain)
        ):
            found.append(Candidate(start, text))
    return found[:MOST_LINES]


def _open(reading: Reading, lines: Sequence[Candidate], missing: range) -> Open:
    document = reading.document.id
    line = reading.prose.body[lines[0].start]
    question = Question(
        id=f"lines:{document[:8]}:{lines[0].start}",
        task="split_sections",
        parts=(Part("lines", tags("L", [each.text for each in lines])),),
        source=Source(document, line.page, rounded(line.box)),
    )
    return Open(question, partial(_adopt, document, lines), doubts=partial(_doubts, lines, missing))


def _doubts(lines: Sequence[Candidate], missing: range, values: Values) -> Mapping[str, str]:
    """Headings where none can stand: a part within a part, another number or level than is printed, more than are missing."""
    said = values.get("lines", {})
    named = {tag: one for tag, one in numbered("L", lines) if said.get(tag) in LEVELS}
    doubted = {
        tag: "out_of_order" for tag, one in named.items() if not _may_be(one, LEVELS[said[tag]], missing)
    }
    left = [tag for tag in named if tag not in doubted and LEVELS[said[tag]] == 2]
    return doubted | dict.fromkeys(left if len(left) > len(missing) else (), "out_of_order")


def _may_be(one: Candidate, level: int, missing: range) -> bool:
    printed = number_of(one.text)
    if level == 1 or printed is None:
        return level != 1
    return printed.level == level and (level != 2 or printed.value in missing)


def _adopt(document: str, lines: Sequence[Candidate], values: Values, pointers: Pointers) -> Pointers:
    said = values.get("lines", {})
    levels = {one.start: LEVELS[said[tag]] for tag, one in numbered("L", lines) if said.get(tag) in LEVELS}
    tabular = {one.start for tag, one in numbered("L", lines) if said.get(tag) == "table"}
    if not levels and not tabular:
        return pointers
    own = pointers.headings.get(document, Pointed())
    own = replace(own, levels={**own.levels, **levels}, tabular=own.tabular | tabular)
    return replace(pointers, headings={**pointers.headings, document: own})
