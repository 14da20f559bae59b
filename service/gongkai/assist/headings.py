"""``name_section``: what is told under a heading that no rule knows, where a section that every disclosure has is not among the known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from gongkai.assist.common import Open, Values, named, numbered, tags, twice
from gongkai.draft import Draft, Pointers
from gongkai.facts import SectionText, mentions
from gongkai.facts.drafts import UNCLASSIFIED
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.narrative.headings import Pointed
from gongkai.narrative.kinds import Rule, rules
from gongkai.report import Section, Source
from gongkai.text import normalise

MOST_HEADINGS = 20  # headings in one question
START = 24  # characters of a section's text that are shown
PARTS = frozenset(
    ("part_overview", "part_narrative", "part_other_notes")
)  # where sections of known kinds stand
KNOWN = 2  # how much more a kind that code knows weighs than one that was named, where they are not in order
NEVER = frozenset(("table_title", "annex_perf_table", "glossary"))  # kinds that are told from their form


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of no known kind: the line that it begins on, the kinds above it (outermost first), the title above it."""

    id: str
    document: str
    line: int
    title: str
    level: int
    ancestors: tuple[str, ...]
    parent: str = ""
    start: str = ""
    kinds: tuple[str, ...] = ()  # that may be answered
    source: Source | None = None


def opened(draft: Draft) -> Iterator[Open]:
    """Headings of no known kind below the parts in which the usual sections stand, while usual ones are missing there. Each is asked about
    once."""
    before = {line for each in draft.answered for line in _lines(each)}
    asked = [heading for heading in unknown(draft) if (heading.document[:8], heading.line) not in before]
    for group in groups(asked, rules(), present(draft)):
        yield Open(question(group), partial(_adopt, group), doubts=partial(_doubts, draft, group))


def present(draft: Draft) -> set[str]:
    """The kinds of the sections in the parts where the usual ones stand; an annex may repeat their titles."""
    found, part = set(), ""
    for section in draft.sections:
        part = section.kind if section.level == 1 else part
        if section.level > 1 and (part in PARTS or not part):
            found.add(section.kind)
    return found


def unknown(draft: Draft) -> list[Heading]:
    """The headings that no rule knows among those that stand right below the parts, with text of their own."""
    found: list[Heading] = []
    for reading in draft.readings:
        above: list[Section] = []
        document = reading.document.id
        for heading, section in zip(reading.prose.headings, reading.prose.sections, strict=True):
            above = [each for each in above if each.level < section.level]
            kinds = tuple(each.kind for each in above)
            if section.kind == "other" and section.level > 1 and _is_usual_place(kinds) and section.text:
                found.append(
                    Heading(
                        id=f"heading:{document[:8]}:{heading.start}",
                        document=document,
                        line=heading.start,
                        title=section.title,
                        level=section.level,
                        ancestors=kinds,
                        parent=above[-1].title if above else "",
                        start=section.text[:START],
                        source=section.source,
                    )
                )
            above.append(section)
    return found


def _is_usual_place(kinds: Sequence[str]) -> bool:
    return not kinds or (len(kinds) == 1 and kinds[0] in PARTS)


def groups(headings: Sequence[Heading], known: Sequence[Rule], present: set[str]) -> Iterator[list[Heading]]:
    """Headings of one document together, each with the kinds that may stand there and are not ``present``; none where no usual one is
    missing."""
    together: dict[str, list[Heading]] = {}
    for heading in headings:
        fitting = [
            rule
            for rule in known
            if rule.fits(heading.level, heading.ancestors)
            and rule.kind not in present
            and rule.kind not in NEVER
        ]
        if any(rule.usual for rule in fitting):
            kinds = tuple(dict.fromkeys(rule.kind for rule in fitting))
            together.setdefault(heading.document, []).append(replace(heading, kinds=kinds))
    for group in together.values():
        for first in range(0, len(group), MOST_HEADINGS):
            yield group[first : first + MOST_HEADINGS]


def question(group: Sequence[Heading]) -> Question:
    """Which of its ``kinds`` each heading of the group is."""
    every = tuple(dict.fromkeys(kind for heading in group for kind in heading.kinds))
    return Question(
        id=f"headings:{group[0].document[:8]}:{','.join(str(heading.line) for heading in group)}:kind",
        task="name_section",
        parts=(
            Part(
                "headings",
                tuple(
                    Tag(tag, heading.title, only=() if len(heading.kinds) == len(every) else heading.kinds)
                    for tag, heading in numbered("H", group)
                ),
            ),
            Part("context", tags("X", list(_context(group)))),
        ),
        lists={"kinds": tuple(Choice(kind, _meaning(kind)) for kind in every)},
        source=group[0].source,
    )


def _lines(question: str) -> list[tuple[str, int]]:
    """The headings that a question of this task was about: the beginning of their document's id, their line."""
    parts = question.split(":")
    named_lines = parts[0] == "headings" and len(parts) == 4
    return [(parts[1], int(line)) for line in parts[2].split(",")] if named_lines else []


def _meaning(kind: str) -> str:
    return next(rule.means for rule in rules() if rule.kind == kind and rule.means)


def _context(group: Sequence[Heading]) -> Iterator[str]:
    """For each heading what stands above it, where that changes, and how the text below it begins."""
    above = ""
    for heading in group:
        yield (f"（上级：{heading.parent or '无'}）" if heading.parent != above else "") + _start(heading)
        above = heading.parent


def _adopt(group: Sequence[Heading], values: Values, pointers: Pointers) -> Pointers:
    answered = named(values, "headings")
    found = dict(pointers.headings)
    for tag, heading in numbered("H", group):
        if tag in answered:
            own = found.get(heading.document, Pointed())
            found[heading.document] = replace(own, kinds={**own.kinds, heading.line: answered[tag]})
    return replace(pointers, headings=found)


def _doubts(draft: Draft, group: Sequence[Heading], values: Values) -> Mapping[str, str]:
    """Two sections of one kind; a section whose amounts speak of another kind."""
    said = named(values, "headings")
    doubted = dict.fromkeys(twice(said), "named_twice")
    texts = {text.section.source: text for text in draft.texts}
    for tag, heading in numbered("H", group):
        if (
            tag in said
            and heading.source in texts
            and not speaks_of(draft, texts[heading.source], said[tag], heading.kinds)
        ):
            doubted.setdefault(tag, "other_content")
    kinds = {
        heading.source: said[tag]
        for tag, heading in numbered("H", group)
        if tag in said and tag not in doubted
    }
    late = out_of_order(draft, kinds)
    return doubted | {tag: "out_of_order" for tag, heading in numbered("H", group) if heading.source in late}


def out_of_order(draft: Draft, kinds: Mapping[Source | None, str]) -> set[Source]:
    """Those of the headings (by their places) without which, were all called so, as much would stand in the order of the kinds; a section
    that code knows weighs more than any that was named."""
    placed: list[tuple[Source, int, int]] = []  # source, place in the order, weight
    part = ""
    for section in draft.sections:
        part = section.kind if section.level == 1 else part
        if part == "part_annex" or section.level != 2:
            continue
        place = _places().get(kinds.get(section.source, section.kind), 0)
        if place:
            placed.append((section.source, place, 1 if section.source in kinds else KNOWN))
    whole = _best(placed)
    named_ones = [one for one in placed if one[0] in kinds]
    return {one[0] for one in named_ones if _best([each for each in placed if each is not one]) == whole}


def _best(placed: Sequence[tuple[Source, int, int]]) -> int:
    """The weight of the heaviest part of ``placed`` that stands in order."""
    ending: list[int] = []
    for at, (_, place, weight) in enumerate(placed):
        ending.append(weight + max((ending[n] for n in range(at) if placed[n][1] <= place), default=0))
    return max(ending, default=0)


@cache
def _places() -> dict[str, int]:
    return {rule.kind: rule.place for rule in rules()}


def speaks_of(draft: Draft, text: SectionText, kind: str, kinds: Sequence[str]) -> bool:
    """Whether a section of ``kind`` may say what ``text`` says: none of the other ``kinds`` makes sense of twice as many of its amounts."""
    return 2 * _understood(draft, text, kind) >= max(_understood(draft, text, each) for each in kinds)


def _understood(draft: Draft, text: SectionText, kind: str) -> int:
    """How many facts are stated, were this a section of ``kind``."""
    identity = draft.identity
    stated, _ = mentions(
        (replace(text, section=replace(text.section, kind=kind)),),
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        names=(*identity.entity.names_as_printed, *identity.entity.members),
    )
    return sum(mention.fact != UNCLASSIFIED for mention in stated)


def _start(heading: Heading) -> str:
    """How the text below a heading begins, where it says something."""
    return normalise(heading.start)[:START]
