"""Amounts that the grammar left open and that were pointed at: the mentions that they become. Their digits stay as they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai.facts.catalogue import facts
from gongkai.facts.drafts import CONFIDENCE, UNCLASSIFIED
from gongkai.report import Mention, Slot, Source, Subject


@dataclass(frozen=True, slots=True)
class PointedAmount:
    """What an amount states: ``slot`` of ``fact``; ``sign`` is -1 where it is a decrease. ``sentence`` tells those said together."""

    fact: str
    subject: str
    slot: str
    sign: int
    sentence: str


def claimed(mentions: Sequence[Mention], pointed: Mapping[Source, PointedAmount]) -> tuple[Mention, ...]:
    """``mentions`` with the unclassified ones that were pointed at (by their source) under their facts, those of a sentence joined."""
    counts = {mention.id for mention in mentions}
    found: list[Mention] = []
    together: dict[tuple[str, str, str], int] = {}
    for mention in mentions:
        said = pointed.get(mention.source) if mention.fact == UNCLASSIFIED else None
        if said is None or said.slot not in facts()[said.fact].slots:
            found.append(mention)
            continue
        key = (said.sentence, said.fact, said.subject)
        at = together.get(key)
        if at is not None and _free(found[at], said.slot):
            found[at] = _joined(found[at], mention, said)
            continue
        together[key] = len(found)
        found.append(_mention(mention, said, counts))
    return tuple(found)


def _mention(mention: Mention, said: PointedAmount, taken: set[str]) -> Mention:
    empty = tuple(_empty(name) for name in facts()[said.fact].slots)
    base = f"mention:{said.fact}" + (f":{said.subject}" if said.subject else "")
    number, identity = 1, base
    while identity in taken:
        number += 1
        identity = f"{base}#{number}"
    taken.add(identity)
    subject = Subject(code=None, name=said.subject)
    fresh = replace(
        mention,
        id=identity,
        fact=said.fact,
        subject=subject,
        slots=empty,
        method="model",
        grade="check",
        confidence=CONFIDENCE["check"],
    )
    return _joined(fresh, mention, said)


def _joined(into: Mention, mention: Mention, said: PointedAmount) -> Mention:
    amount = mention.slots[0]
    filled = replace(
        amount,
        slot=said.slot,
        value=amount.value * said.sign if amount.value is not None else None,
        yuan=amount.yuan * said.sign if amount.yuan is not None else None,
    )
    return replace(into, slots=tuple(filled if slot.slot == said.slot else slot for slot in into.slots))


def _free(mention: Mention, name: str) -> bool:
    return any(slot.slot == name and slot.printed is None for slot in mention.slots)


def _empty(name: str) -> Slot:
    return Slot(
        slot=name,
        printed=None,
        value=None,
        unit=None,
        yuan=None,
        quantum_yuan=None,
        quote=None,
        source=None,
    )
