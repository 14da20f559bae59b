"""The section tree of one document: headings with the paragraphs that stand under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongkai.layout.lines import Line
from gongkai.narrative.contents import Contents
from gongkai.narrative.headings import NOTHING, Finder, Heading, Pointed
from gongkai.narrative.paragraphs import Column, blocks, columns_of, joined
from gongkai.report import Box, Section, Source


@dataclass(frozen=True, slots=True)
class Prose:
    """What stands outside the tables of one document: its cover, its sections, and titles of parts printed without their number
    above a table (they are no sections, but name the body). ``paragraphs`` are of each section the lines of its paragraphs: each
    joined, they are the lines of its ``text``. ``headings`` are where the sections begin among the lines of the ``body``, ``blocks`` its
    paragraphs (ranges of lines), headings not yet told from text."""

    cover: tuple[Line, ...]
    sections: tuple[Section, ...]
    titles: tuple[Line, ...] = ()
    paragraphs: tuple[tuple[tuple[Line, ...], ...], ...] = ()
    headings: tuple[Heading, ...] = ()
    body: tuple[Line, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()


def prose(lines: Sequence[Line], document: str, toc: Contents, pointed: Pointed = NOTHING) -> Prose:
    """Cover and sections of one document from its lines outside tables (furniture and captions taken out) and its contents.

    Section ids count within the document; join those of several files with :func:`identified`. ``pointed`` decides where the rules are
    in doubt.
    """
    before, body = lines[: toc.start], lines[toc.stop :]
    columns = columns_of(body)
    finder = Finder(body, columns, toc, pointed)
    headings = finder.headings()
    first = headings[0].start if headings else len(body)
    cover = (*before, *(body[:first] if toc.start == toc.stop or headings else ()))
    paragraphs = tuple(
        _paragraphs(
            body, columns, range(heading.stop, following.start if following else len(body)), finder.aside
        )
        for heading, following in zip(headings, [*headings[1:], None], strict=False)
    )
    found = [
        _by_model(_section(heading, body, own, document), heading, pointed)
        for heading, own in zip(headings, paragraphs, strict=True)
    ]
    titles = tuple(body[index] for index in sorted(finder.aside) if index not in pointed.tabular)
    return Prose(
        tuple(cover),
        identified(_mistitled(found)),
        titles,
        paragraphs,
        tuple(headings),
        tuple(body),
        tuple(finder.blocks),
    )


def sections(lines: Sequence[Line], document: str, toc: Contents) -> tuple[Section, ...]:
    """The sections of one document; see :func:`prose`."""
    return prose(lines, document, toc).sections


def identified(found: Iterable[Section]) -> tuple[Section, ...]:
    """Sections with the ids of a report: ``section:`` + the kinds from the part down, ``#2`` for the second of the same path.

    The ids depend on kinds and order alone, so that they survive a change of the text.
    """
    counts: Counter[str] = Counter()
    path: list[tuple[int, str]] = []
    result = []
    for section in found:
        path = [step for step in path if step[0] < section.level] + [(section.level, section.kind)]
        name = "section:" + "/".join(kind for _, kind in path)
        counts[name] += 1
        result.append(replace(section, id=name if counts[name] == 1 else f"{name}#{counts[name]}"))
    return tuple(result)


def _paragraphs(
    body: Sequence[Line], columns: dict[int, Column], extent: range, aside: set[int]
) -> tuple[tuple[Line, ...], ...]:
    own = [body[index] for index in extent if index not in aside]
    return tuple(tuple(own[first:last]) for first, last in blocks(own, columns))


def _section(
    heading: Heading, body: Sequence[Line], paragraphs: Sequence[Sequence[Line]], document: str
) -> Section:
    lines = body[heading.start : heading.stop]
    text = "\n".join(joined(paragraph) for paragraph in paragraphs)
    first = lines[0]
    box = _around([line.box for line in lines if line.page == first.page])
    return Section(
        id="",
        kind=heading.kind,
        number=heading.number,
        title=heading.title,
        level=heading.level,
        text=text,
        source=Source(document, first.page, box),
    )


def _by_model(section: Section, heading: Heading, pointed: Pointed) -> Section:
    if heading.start in pointed.levels or pointed.kinds.get(heading.start) == section.kind:
        return replace(section, method="model", grade="check")
    return section


def _around(boxes: Sequence[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (round(min(x0), 2), round(min(y0), 2), round(max(x1), 2), round(max(y1), 2))


def _mistitled(found: list[Section]) -> list[Section]:
    """A second 一般公共预算财政拨款支出 that speaks of personnel and public money is the section on basic expenditure."""
    seen = False
    result = []
    for section in found:
        seen = seen and section.level != 1
        if section.kind == "gpb_expenditure":
            if seen and "基本支出" in section.text and "人员经费" in section.text:
                section = replace(section, kind="gpb_basic")
            seen = True
        result.append(section)
    return result
