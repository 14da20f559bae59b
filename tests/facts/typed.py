"""Sections typed in a test, and mentions as one line each."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.facts import Passage, SectionText, mentions
from gongkai.report import Kind, Mention, Section, Source

NOWHERE = Source("typed", 1, (0.0, 0.0, 0.0, 0.0))


def section(kind: str, text: str, title: str = "说明", level: int = 2) -> SectionText:
    """One section of ``kind``, a passage a line."""
    own = Section(id=title, kind=kind, number=None, title=title, level=level, text=text, source=NOWHERE)
    return SectionText(own, tuple(Passage(line, "typed") for line in text.split("\n")))


def read(
    kind: str,
    text: str,
    *,
    report: Kind = "final_account",
    year: int | None = 2022,
    names: Sequence[str] = (),
) -> list[str]:
    """The mentions of one section: ``fact [code] subject: slot=printed …``, a signed value where it is negative, ``?`` if graded check."""
    found, _ = mentions((section(kind, text),), kind=report, fiscal_year=year, names=names)
    return [line(mention) for mention in found]


def line(mention: Mention) -> str:
    slots = []
    for slot in mention.slots:
        if slot.printed is None:
            continue
        sign = "-" if slot.value is not None and slot.value < 0 else ""
        slots.append(f"{slot.slot}={sign}{slot.printed}")
    name = f"{mention.subject.code} {mention.subject.name}" if mention.subject.code else mention.subject.name
    doubt = "" if mention.grade == "sure" else " ?"
    return f"{mention.fact} {name}: {' '.join(slots)}{doubt}"
