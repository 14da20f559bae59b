"""``name_section``: what is told under a heading that no rule knows, where a section that every disclosure has is not among the known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist.common import Open, Values, gloss, named, numbered, tags
from gongkai.draft import Draft, Pointers
from gongkai.llm.questions import Choice, Part, Question
from gongkai.narrative.headings import Pointed
from gongkai.narrative.kinds import Rule, rules
from gongkai.report import Section, Source
from gongkai.text import normalise

MOST_HEADINGS = 20  # headings in one question
START = 24  # characters of a section's text that are shown
PARTS = frozenset(
    ("part_overview", "part_narrative", "part_other_notes")
)  # where sections of known kinds stand
_AROUND = re.compile(
    r"^本部门\(部门\)的(?:部门)?|\(\)|(?:总体)?(?:情况)*的说明$"
)  # what every title may have around it
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
    number: int = 0  # of the question that it stands in
    source: Source | None = None


def opened(draft: Draft) -> Iterator[Open]:
    """Headings of no known kind below the parts in which the usual sections stand, while usual ones are missing there."""
    kinds = present(draft)
    for group, choices in groups(unknown(draft), rules(), kinds):
        yield Open(question(group, choices), partial(_adopt, group))


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


def groups(
    headings: Sequence[Heading], known: Sequence[Rule], present: set[str]
) -> Iterator[tuple[list[Heading], tuple[Choice, ...]]]:
    """Headings of one place together, with the kinds that may stand there and are not ``present``; nothing where no usual one is missing."""
    together: dict[tuple[int, tuple[str, ...]], list[Heading]] = {}
    for heading in headings:
        together.setdefault((heading.level, heading.ancestors), []).append(heading)
    for (level, ancestors), group in together.items():
        fitting = [
            rule
            for rule in known
            if rule.fits(level, ancestors) and rule.kind not in present and rule.kind not in NEVER
        ]
        if any(rule.usual for rule in fitting):
            choices = tuple(
                Choice(
                    kind, _AROUND.sub("", gloss(tuple(rule.pattern for rule in fitting if rule.kind == kind)))
                )
                for kind in dict.fromkeys(rule.kind for rule in fitting)
            )
            for first in range(0, len(group), MOST_HEADINGS):
                yield [replace(one, number=first) for one in group[first : first + MOST_HEADINGS]], choices


def question(group: Sequence[Heading], choices: tuple[Choice, ...]) -> Question:
    """Which of ``choices`` each heading of the group is."""
    return Question(
        id=f"headings:{'/'.join(group[0].ancestors)}:{group[0].level}:{group[0].number}:kind",
        task="name_section",
        parts=(
            Part("headings", tags("H", [heading.title for heading in group])),
            Part(
                "context",
                tags("X", [f"上级：{group[0].parent or '无'}", *(_start(heading) for heading in group)]),
            ),
        ),
        lists={"kinds": choices},
        source=group[0].source,
    )


def _adopt(group: Sequence[Heading], values: Values, pointers: Pointers) -> Pointers:
    answered = named(values, "headings")
    found = dict(pointers.headings)
    for tag, heading in numbered("H", group):
        if tag in answered:
            own = found.get(heading.document, Pointed())
            found[heading.document] = replace(own, kinds={**own.kinds, heading.line: answered[tag]})
    return replace(pointers, headings=found)


def _start(heading: Heading) -> str:
    """How the text below a heading begins, where it says something."""
    return normalise(heading.start)[:START]
