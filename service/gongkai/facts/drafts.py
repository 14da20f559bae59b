"""Drafts of mentions while a passage is read, and the mentions that they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.facts.amounts import Amount
from gongkai.facts.catalogue import facts
from gongkai.facts.kinds import Topic
from gongkai.facts.passages import Passage
from gongkai.report import Grade, Mention, Slot, Subject

UNCLASSIFIED = "unclassified"
_DIRECTIONS = frozenset(("direction", "budget_direction"))
_SAID_AGAIN = frozenset(("base", "direction", "budget_direction"))
CONFIDENCE: Mapping[Grade, float] = {"sure": 0.97, "check": 0.8, "unread": 0.0}  # measured: docs/report.md


@dataclass(frozen=True, slots=True)
class Fill:
    """What fills a slot: the words ``plain[start:stop]``, with their amount if they hold one; ``sign`` is that of the change."""

    start: int
    stop: int
    amount: Amount | None = None
    sign: int = 1


@dataclass
class Draft:
    """One mention in the making. ``topic`` is None for what no topic means (``fact`` says which)."""

    passage: Passage
    topic: Topic | None
    fact: str
    subject: Subject
    fills: dict[str, Fill] = field(default_factory=dict)
    doubtful: bool = False

    @property
    def key(self) -> tuple[str, str | None, str]:
        return self.fact, self.subject.code, self.subject.name

    def words(self, slot: str) -> str:
        fill = self.fills[slot]
        return self.passage.plain[fill.start : fill.stop]


def merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts of one passage with those joined that say different things of the same subject."""
    kept: list[Draft] = []
    last: dict[tuple[str, str | None, str], Draft] = {}
    for draft in drafts:
        before = last.get(draft.key)
        if before is not None and draft.topic is not None and _joins(before, draft):
            before.fills = draft.fills | before.fills
            before.doubtful |= draft.doubtful
        else:
            kept.append(draft)
            last[draft.key] = draft
    return kept


def _joins(before: Draft, draft: Draft) -> bool:
    """Do they say different things? Only base and direction may be said twice, the base in the same words."""
    both = before.fills.keys() & draft.fills.keys()
    return both <= _SAID_AGAIN and all(
        slot != "base" or before.words(slot) == draft.words(slot) for slot in both
    )


def mentions(drafts: Sequence[Draft]) -> tuple[Mention, ...]:
    """The mentions of a report, with ids that depend on fact, subject and order alone."""
    counts: Counter[str] = Counter()
    found = []
    for draft in drafts:
        for fact, subject, fills in _parts(draft):
            name = f"mention:{fact}" + (f":{subject.code or subject.name}" if subject.name else "")
            counts[name] += 1
            identity = name if counts[name] == 1 else f"{name}#{counts[name]}"
            found.append(_mention(identity, fact, subject, fills, draft))
    return tuple(found)


def _parts(draft: Draft) -> Iterator[tuple[str, Subject, dict[str, Fill]]]:
    """The mention of a draft, under the fact that its slots make it; an amount that this fact has no slot for stays unclassified."""
    fact = draft.fact
    if draft.topic is not None and fact == draft.topic.fact:
        fact = next((other for slot, other in draft.topic.route.items() if slot in draft.fills), fact)
    own = {slot: fill for slot, fill in draft.fills.items() if slot in facts()[fact].slots}
    if draft.fact == "nil.statement" or any(fill.amount for fill in own.values()) or _DIRECTIONS & own.keys():
        yield fact, draft.subject, own
    for slot, fill in draft.fills.items():
        if slot not in own and fill.amount is not None:
            yield UNCLASSIFIED, Subject(code=None, name=""), {"amount": fill}


def _mention(identity: str, fact: str, subject: Subject, fills: Mapping[str, Fill], draft: Draft) -> Mention:
    start = min(fill.start for fill in fills.values())
    stop = max(fill.stop for fill in fills.values())
    grade = _grade(fact, fills, draft.doubtful)
    return Mention(
        id=identity,
        fact=fact,
        subject=subject,
        slots=tuple(_slot(slot, fills.get(slot), draft.passage) for slot in facts()[fact].slots),
        quote=draft.passage.quote(start, stop),
        source=draft.passage.source(start, stop),
        grade=grade,
        confidence=CONFIDENCE[grade],
    )


def _grade(fact: str, fills: Mapping[str, Fill], doubtful: bool) -> Grade:
    grades = {fill.amount.grade for fill in fills.values() if fill.amount is not None}
    if "unread" in grades:
        return "unread"
    return "check" if doubtful or "check" in grades or fact == UNCLASSIFIED else "sure"


def _slot(name: str, fill: Fill | None, passage: Passage) -> Slot:
    quote = passage.quote(fill.start, fill.stop) if fill else None
    amount = fill.amount if fill else None
    sign = fill.sign if fill else 1
    return Slot(
        slot=name,
        printed=amount.printed if amount else quote,
        value=amount.value * sign if amount and amount.value is not None else None,
        unit=amount.unit if amount else None,
        yuan=amount.yuan * sign if amount and amount.yuan is not None else None,
        quantum_yuan=amount.quantum_yuan if amount else None,
        quote=quote,
        source=passage.source(fill.start, fill.stop) if fill else None,
    )
