"""Which lines are headings: a numbered title standing alone on its line, told from list items, run-in titles and sentences.

The evidence, in the order of its weight: the title stands in the contents or is one that the templates know; it reads like a sentence
or states an amount (then it is text); headings of its level are set bold or larger and it is not; its number starts over below a
heading of its own level (then it is a list).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gongkai.layout.lines import Line
from gongkai.narrative.contents import Contents, plain_title
from gongkai.narrative.kinds import kind_of
from gongkai.narrative.numbering import Numbered, numbered
from gongkai.narrative.paragraphs import Column, blocks, joined
from gongkai.text import normalise

LONG = 40  # characters: longer unknown titles are sentences
LONGEST = 90
LARGER = 1.06  # of the body's type size
TITLE_SIZE = 1.2  # of the body's type size, for a title without number
MOSTLY = (
    0.7  # share of a level's known headings that must be set apart before that is asked of the unknown ones
)
_AMOUNT = re.compile(r"\d(?:[万亿千]?元|%|个百分点)")
_INNER = re.compile(r"[。;!?！？]|[:：](?!$)")
_CLAIM = re.compile(r"[为是无没未已均]|[共合总]计")
_FROM_DUTIES = frozenset({"duties", "organisation", "staffing", "reporting_units"})
_ANNEX = re.compile(r"附[件录]\d{0,2}")
_GLOSSARIES = ("part_glossary", "glossary")
_SUBJECT = re.compile(r"^(?:\d{4}年度?)?(?:本)?(?:部门|单位)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines ``start`` to ``stop`` (exclusive) of the body are one heading; ``kinds`` are those above it and its own, outermost first."""

    start: int
    stop: int
    level: int
    number: str | None
    title: str
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.kinds[-1]


@dataclass(frozen=True, slots=True)
class Pointed:
    """What was pointed at where the rules are in doubt, by the first line (index in the body): the ``kinds`` of headings, the ``levels``
    at which a paragraph is a heading (0: it is none), the first lines of what belongs to a table (``tabular``)."""

    kinds: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    tabular: frozenset[int] = frozenset()


NOTHING = Pointed()


@dataclass(slots=True)
class _State:
    """What the headings found so far say about the next one."""

    above: list[tuple[int, str]] = field(default_factory=list)  # (level, kind)
    second: int = 0  # number of the last level 2 heading of this part
    listed: int = 0  # number of the last list item that looks like level 2

    def kinds(self, level: int) -> tuple[str, ...]:
        return tuple(kind for above, kind in self.above if above < level)

    def enter(self, level: int, kind: str, value: int) -> None:
        self.above = [pair for pair in self.above if pair[0] < level] + [(level, kind)]
        self.listed = 0
        if level <= 2:
            self.second = value if level == 2 else 0


class Finder:
    """Finds the headings of one document's body. ``aside`` are lines that repeat a part's title without its number: neither heading
    nor text."""

    def __init__(
        self, lines: Sequence[Line], columns: dict[int, Column], toc: Contents, pointed: Pointed = NOTHING
    ) -> None:
        self.lines, self.columns, self.toc, self.pointed = lines, columns, toc, pointed
        self.blocks = blocks(lines, columns)
        bold = sum(len(line.text) for line in lines if line.bold)
        self.all_bold = 2 * bold > sum(len(line.text) for line in lines)
        self.candidates = {start: found for start, _ in self.blocks if (found := numbered(lines[start].text))}
        self.parted = any(found.level == 1 for found in self.candidates.values())
        self.annexed = any(
            kind_of(found.title, 1) == "part_annex" for found in self.candidates.values() if found.level == 1
        )
        self.aside: set[int] = set()
        self.apart = {level: self._mostly_apart(level) for level in (2, 3)}

    def headings(self) -> list[Heading]:
        """Headings in reading order."""
        found: list[Heading] = []
        state = _State()
        skip = 0
        for number, (start, stop) in enumerate(self.blocks):
            if start < skip:
                continue
            if start in self.pointed.tabular:
                self.aside.update(range(start, stop))
                continue
            heading = self._heading(number, start, stop, state)
            if heading is not None:
                found.append(self._called(heading, state))
                skip = heading.stop
        return self._without_lists(found)

    def _decided(self, start: int, stop: int, state: _State) -> Heading | None:
        """The heading at a line that was pointed at, at that level."""
        level = self.pointed.levels[start]
        if not level:
            return None
        title = joined(self.lines[start:stop])
        known = numbered(title)
        title = known.title if known else title.strip()
        kinds = (*state.kinds(level), kind_of(title, level, state.kinds(level)))
        state.enter(level, kinds[-1], known.value if known and known.level == level else 0)
        return Heading(start, stop, level, known.number if known else None, title, kinds)

    def _called(self, heading: Heading, state: _State) -> Heading:
        """``heading`` with the kind that was pointed at, if the templates know none."""
        kind = self.pointed.kinds.get(heading.start)
        if kind is None or heading.kind != "other":
            return heading
        state.above[-1] = (heading.level, kind)
        return replace(heading, kinds=(*heading.kinds[:-1], kind))

    def _heading(self, number: int, start: int, stop: int, state: _State) -> Heading | None:
        if start in self.pointed.levels:
            return self._decided(start, stop, state)
        candidate = self.candidates.get(start)
        if candidate is None:
            return self._unnumbered(start, stop, state)
        if candidate.level == 1:
            return self._part(candidate, number, start, stop, state)
        for end in self._ends(number, start, stop):
            title = _title(joined(self.lines[start:end]))
            kind = self._kind(replace(candidate, title=title), start, end, state)
            if kind is not None:
                kinds = (*state.kinds(candidate.level), kind)
                state.enter(candidate.level, kind, candidate.value)
                return Heading(start, end, candidate.level, candidate.number, title, kinds)
        return None

    def _ends(self, number: int, start: int, stop: int) -> list[int]:
        """Where the heading may end: with its block; if its first line is a title by itself, there; or with the next block."""
        ends = [stop]
        if stop > start + 1:
            ends.append(start + 1)
        elif number + 1 < len(self.blocks):
            after = self.blocks[number + 1][1]
            whole = joined(self.lines[start:after])
            if (
                len(whole) <= LONGEST
                and self.toc.names(_title(whole))
                and not self.toc.names(_title(joined(self.lines[start:stop])))
            ):
                ends.insert(0, after)
        return ends

    def _kind(self, found: Numbered, start: int, stop: int, state: _State) -> str | None:
        """The kind of a level 2 or 3 heading, or None if it is text."""
        plain = normalise(found.title)
        above = state.kinds(found.level)
        if not plain or len(plain) > LONGEST or _AMOUNT.search(plain) or self._tabular(start):
            return None
        promised = self.toc.names(found.title)
        kind = kind_of(found.title, found.level, above)
        if not promised:
            if _INNER.search(plain.rstrip("。")) or (
                plain.endswith("。") and (kind == "other" or _CLAIM.search(plain))
            ):
                return None
            if any(glossary in above for glossary in _GLOSSARIES):
                return None
            if (
                found.level == 2
                and state.above[-1:]
                and state.above[-1][1] == "glossary"
                and found.value != state.second + 1
            ):
                return None
            if (
                "duties" in above
                and kind not in _FROM_DUTIES
                and not (kind == "other" and self._apart(start))
            ):
                return None
            if kind == "other" and (
                (stop - start > 1 and stop < self._block_end(start))
                or not self._unknown(found, plain, start, state)
            ):
                return None
        return kind

    def _block_end(self, start: int) -> int:
        return next(stop for first, stop in self.blocks if first == start)

    def _unknown(self, found: Numbered, plain: str, start: int, state: _State) -> bool:
        """Is a title that neither the contents nor the templates know a heading?"""
        apart = self._apart(start)
        if self._block_end(start) - start > 1 and not apart:
            return False
        if re.search(r"[,，、;:：]$", plain) or "," in plain or len(plain) > LONG:
            if not apart:
                return False
        elif self.apart[found.level] and not apart:
            return False
        if found.level == 2 and not apart and "part_annex" not in state.kinds(2):
            goes_on = state.listed and found.value == state.listed + 1
            if goes_on or 0 < found.value <= state.second:
                state.listed = found.value
                return False
        return True

    def _part(self, found: Numbered, number: int, start: int, stop: int, state: _State) -> Heading | None:
        """第N部分, its title on the same line or on the next ones."""
        text = joined(self.lines[start:stop])
        if len(text) > LONGEST or _INNER.search(normalise(_title(text)).rstrip("。:")):
            return None
        title, end = _title(text), stop
        for first, last in self.blocks[number + 1 : number + 4]:
            longer = title + joined(self.lines[first:last]).strip()
            if not self._goes_on(title, longer, end - 1, first, last):
                break
            title, end = longer, last
        kind = kind_of(title, 1)
        state.enter(1, kind, found.value)
        return Heading(start, end, 1, found.number, title, (kind,))

    def _goes_on(self, title: str, longer: str, before: int, first: int, last: int) -> bool:
        """Does the title of a part go on in the next block?"""
        line, previous = self.lines[first], self.lines[before]
        plain = normalise(joined(self.lines[first:last]))
        if (
            first in self.candidates
            or len(longer) > LONGEST
            or re.search(r"[。;,:]", plain)
            or re.fullmatch(r"\(.*\)", plain)
        ):
            return False
        if line.page != previous.page or line.box[1] - previous.box[3] > 4 * previous.size:
            return False
        if not title:
            return len(plain) <= LONG
        if self.toc.names(title) or (not self.toc.names(longer) and kind_of(title, 1) != "other"):
            return False
        column = self.columns[line.page]
        same = abs(line.size - previous.size) < 0.1 * previous.size and line.bold == previous.bold
        return self.toc.names(longer) or (same and column.centred(line) and column.centred(previous))

    def _unnumbered(self, start: int, stop: int, state: _State) -> Heading | None:
        """A title without number: centred, and either the contents name it or the report numbers no parts and sets it large; and a
        lone 附件 after the glossary, whose own headings would else be taken for entries of the glossary."""
        line = self.lines[start]
        column = self.columns[line.page]
        title = joined(self.lines[start:stop]).strip()
        plain = plain_title(title)
        if (
            _ANNEX.fullmatch(plain)
            and not self.annexed
            and any(kind in _GLOSSARIES for _, kind in state.above)
        ):
            state.enter(1, "part_annex", 0)
            return Heading(start, stop, 1, None, title, ("part_annex",))
        if stop - start > 2 or not 3 < len(plain) <= LONG + 5 or re.search(r"[。;,:()]$|[。;,]", plain):
            return None
        large = line.size >= TITLE_SIZE * column.size
        centred = column.centred(line)
        own = large and centred and not self.parted and not plain.endswith("表")
        if not (large or centred) or not (own or self._named(plain, large)):
            return None
        if self.parted:
            self.aside.update(range(start, stop))
            return None
        kind = kind_of(title, 1)
        state.enter(1, kind, 0)
        return Heading(start, stop, 1, None, title, (kind,))

    def _named(self, plain: str, large: bool) -> bool:
        """Does an entry of the contents name this title, the body's name and the year before it apart?"""
        levels = (1, 2) if large else (1,)
        for entry in self.toc.entries:
            core = re.sub(r"^.*\d{4}年度?", "", plain_title(entry.title))
            core = _SUBJECT.sub("", core) if entry.level > 1 else core
            table = entry.level > 1 and kind_of(entry.title, entry.level) == "table_title"
            if entry.level in levels and not table and len(core) >= 4 and plain.endswith(core):
                return True
        return False

    def _apart(self, index: int) -> bool:
        """Is a line set apart from the body by weight or size?"""
        line = self.lines[index]
        return (line.bold and not self.all_bold) or line.size > LARGER * self.columns[line.page].size

    def _mostly_apart(self, level: int) -> bool:
        known = [
            start
            for start, found in self.candidates.items()
            if found.level == level
            and (self.toc.names(found.title) or kind_of(found.title, level) != "other")
        ]
        return len(known) >= 3 and sum(map(self._apart, known)) >= MOSTLY * len(known)

    def _tabular(self, index: int) -> bool:
        """A line of several pieces far apart, the last of them a number, is what is left of a table."""
        pieces = self.lines[index].segments
        return len(pieces) > 2 or (
            len(pieces) > 1 and bool(re.fullmatch(r"[\d.,\-—]+", normalise(pieces[-1].text)))
        )

    def _without_lists(self, found: list[Heading]) -> list[Heading]:
        """Drop runs of unknown titles that count on with nothing between them: the items of a list."""
        kept: list[Heading] = []
        run: list[Heading] = []
        for heading in found:
            if not (run and self._counts_on(run[-1], heading)):
                kept.extend(self._run(run, heading.start))
                run = []
            run.append(heading)
        kept.extend(self._run(run, len(self.lines)))
        return kept

    def _run(self, run: list[Heading], following: int) -> list[Heading]:
        empty = bool(run) and run[-1].stop == following
        return [] if len(run) > 2 or (len(run) > 1 and empty) else run

    def _counts_on(self, before: Heading, heading: Heading) -> bool:
        """Both unknown, of one kind of number, the second right after the first and one higher."""
        first, second = self.candidates.get(before.start), self.candidates.get(heading.start)
        if (
            first is None
            or second is None
            or before.kind != "other"
            or heading.kind != "other"
            or before.stop != heading.start
        ):
            return False
        if self.toc.names(heading.title) or (
            self._apart(heading.start) and self.apart.get(heading.level, True)
        ):
            return False
        return first.marker == second.marker and second.value == first.value + 1


def _title(text: str) -> str:
    found = numbered(text)
    return found.title if found else text.strip()
