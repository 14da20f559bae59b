"""What the prose states, ready for checks: each slot of a mention is an operand like a cell, and knows its section."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from gongkai.report import (
    Figure,
    Form,
    Grade,
    GridCell,
    Mention,
    Method,
    Quantity,
    Section,
    Slot,
    Source,
    Unit,
)

PROSE = Form(id="prose", form="prose", title="正文")
"""Stands where an operand in a table has its form."""

_QUANTITIES: Mapping[str, Quantity] = {"%": "percent", "分": "score", "平方米": "area"}
_OFTEN = 0.15
_ITEMS = frozenset(("gpb.detail_item", "gpb.structure_item", "fiscal.detail_item"))
_MONEY = frozenset(("元", "千元", "万元", "亿元"))
_SLOTS = {
    "budget": "预算数", "share": "所占比例", "completion": "完成比例", "change": "增减额", "rate": "增减比例",
    "budget_change": "与预算之差", "budget_rate": "与预算相差的比例", "base_amount": "比较基数", "income": "收入",
    "expenditure": "支出", "carry_in": "年初结转", "carry_out": "年末结转",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One amount (or word) of the prose as an operand. The names are those of :class:`Figure`, as far as checks read them."""

    id: str
    row_label: str
    col_label: str
    printed: str
    quote: str
    value: Decimal | None
    unit: Unit | None
    yuan: Decimal | None
    quantum_yuan: Decimal | None
    quantity: Quantity
    source: Source
    grade: Grade
    method: Method
    row_key: str = ""
    line: str | None = None
    col_key: str = ""
    measure: str | None = None
    state: str = "value"


_WAY = "增加|减少|增长|下降|降低|上升|大于|小于|高于|低于|持平|超过"
CHOICE = re.compile(rf"(?:{_WAY})[（(](?:{_WAY})(?:[/／、或](?:{_WAY}))*[）)]|(?:{_WAY})[/／](?:{_WAY})")
"""A choice of the template that was not made: 增加（减少）."""

Printed = Figure | Said


class Spoken:
    """A mention in its place: ``at`` counts the mentions of the report, ``section`` is the index of its section (-1: none)."""

    __slots__ = ("at", "cells", "code", "fact", "mention", "name", "section", "slots")

    def __init__(self, mention: Mention, at: int, section: int) -> None:
        self.mention, self.at, self.section = mention, at, section
        self.fact, self.name, self.code = mention.fact, mention.subject.name, mention.subject.code
        self.slots: dict[str, Slot] = {slot.slot: slot for slot in mention.slots}
        self.cells: dict[str, Said] = {}

    def word(self, slot: str) -> str:
        """What is printed in ``slot``, empty if nothing is."""
        found = self.slots.get(slot)
        return (found.printed or "") if found is not None else ""

    def has(self, slot: str) -> bool:
        found = self.slots.get(slot)
        return found is not None and found.value is not None

    def said(self, slot: str) -> Said | None:
        """The slot as an operand, None if it holds nothing."""
        made = self.cells.get(slot)
        if made is None:
            found = self.slots.get(slot)
            if found is None or found.printed is None:
                return None
            made = self.cells[slot] = _said(self.mention, found)
        return made


def _said(mention: Mention, slot: Slot) -> Said:
    quantity: Quantity = "money" if slot.unit in _MONEY else _QUANTITIES.get(slot.unit or "", "count")
    return Said(
        id=f"{mention.id}/{slot.slot}",
        row_label=mention.subject.name,
        col_label=_SLOTS.get(slot.slot, ""),
        printed=slot.printed or "",
        quote=slot.quote or mention.quote,
        value=slot.value,
        unit=slot.unit,
        yuan=slot.yuan,
        quantum_yuan=slot.quantum_yuan,
        quantity=quantity,
        source=slot.source or mention.source,
        grade=mention.grade,
        method=mention.method,
    )


PlaceOf = Callable[[Section, int, int], Source]
"""Where ``section.text[start:stop]`` stands on the page."""


def worded(
    identity: str,
    words: str,
    source: Source,
    *,
    label: str = "",
    grade: Grade = "sure",
    method: Method = "native",
) -> Said:
    """Words as an operand."""
    return Said(
        id=identity, row_label=label or words, col_label="", printed=words, quote=words, value=None, unit=None, yuan=None,
        quantum_yuan=None, quantity="count", source=source, grade=grade, method=method,
    )  # fmt: skip


def inferred(form: Form) -> str | None:
    """Why nothing that rests on the form's grid is certain; ``None`` if the grid was printed."""
    if form.grade != "sure" or form.method in ("ocr", "model"):
        return f"《{form.title}》的表式是推断的，请对照原表"
    return None


def celled(form: Form, cell: GridCell, label: str, value: Decimal) -> Said:
    """A number in a cell without a canonical name as an operand, in the unit that its table has."""
    return Said(
        id=f"{form.id}/grid/{cell.row}/{cell.column}", row_label=label, col_label="", printed=cell.text, quote=cell.text,
        value=value, unit=None, yuan=None, quantum_yuan=None, quantity="money", source=cell.source, grade=form.grade,
        method=form.method,
    )  # fmt: skip


def quoted(section: Section, words: str) -> Said:
    """Words of a section's text as an operand; its place is that of the heading."""
    return worded(
        section.id, words, section.source, label=section.title, grade=section.grade, method=section.method
    )


class Prose:
    """All mentions of a report by fact, in reading order, and its sections."""

    def __init__(
        self, mentions: Sequence[Mention], sections: Sequence[Section], place_of: PlaceOf | None = None
    ) -> None:
        self.sections = sections
        self._place_of = place_of
        places: dict[str, tuple[list[tuple[int, float]], list[int]]] = {}
        for index, section in enumerate(sections):
            keys, numbers = places.setdefault(section.source.document, ([], []))
            keys.append((section.source.page, section.source.bbox[1]))
            numbers.append(index)
        self.spoken: list[Spoken] = []
        self.by_fact: dict[str, list[Spoken]] = {}
        for at, mention in enumerate(mentions):
            spoken = Spoken(mention, at, _section(places, mention.source))
            self.spoken.append(spoken)
            self.by_fact.setdefault(mention.fact, []).append(spoken)
        self.digits = _digits(mentions)
        self.usual: Decimal | None = None
        """The commonest last digit of its percentages, once somebody has asked."""
        self.exact: dict[Decimal, Decimal] = {}
        """Amounts that a table prints too, in 元, and the last digit there: the prose only drops the zeros of these."""

    def place(self, section: Section, start: int, stop: int) -> Source:
        """Where ``section.text[start:stop]`` stands; the heading where nobody knows."""
        return self._place_of(section, start, stop) if self._place_of else section.source

    def aside(self, spoken: Spoken) -> bool:
        """Whether the mention stands in an annex or among the performance results, which may count otherwise than the account."""
        if spoken.section < 0 or spoken.fact.startswith("performance."):
            return False
        section = self.sections[spoken.section]
        return section.kind.startswith(("perf", "annex")) or "part_annex" in section.id

    def item_of(self, spoken: Spoken) -> Spoken | None:
        """The class or item whose basic or project part a mention of a kind of expenditure tells, if it follows one."""
        if spoken.fact != "expenditure.by_kind":
            return None
        for each in reversed(self.spoken[: spoken.at]):
            if each.section != spoken.section:
                return None
            if each.fact != spoken.fact:
                return each if each.fact in _ITEMS and _within(spoken, each) else None
        return None

    def of(self, fact: str, slot: str, subject: str = "") -> list[Spoken]:
        """The mentions of ``fact`` that hold ``slot``; ``subject`` is a name, or names joined by ``|``."""
        names = subject.split("|") if subject else ()
        return [
            each
            for each in self.by_fact.get(fact, ())
            if each.has(slot) and (not names or each.name in names)
        ]

    def near(self, anchor: Spoken, fact: str, slot: str, subject: str = "", *, within: bool) -> Spoken | None:
        """The mention that belongs to ``anchor``: in its section the next one after it, else the last before; then, unless
        ``within`` it, the first of the report."""
        found = [each for each in self.of(fact, slot, subject) if each is not anchor]
        here = [each for each in found if each.section == anchor.section]
        after = next((each for each in here if each.at > anchor.at), None)
        before = next((each for each in reversed(here) if each.at < anchor.at), None)
        if after is not None and before is not None and self._renewed(anchor, after):
            return before
        if after is not None or before is not None or within:
            return after or before
        return found[0] if found else None

    def before(
        self, anchor: Spoken, fact: str, slot: str, subject: str = "", *, within: bool
    ) -> Spoken | None:
        """What ``anchor`` is a percentage of: the last mention before it in its section, unless the anchor's own fact was told
        since; where nothing may stand in its section (not ``within``), the first of the report."""
        found = [each for each in self.of(fact, slot, subject) if each is not anchor]
        last = next((e for e in reversed(found) if e.section == anchor.section and e.at < anchor.at), None)
        if last is not None:
            again = any(
                e.fact == anchor.fact and e.name == anchor.name for e in self.spoken[last.at : anchor.at]
            )
            return None if again else last
        return None if within or not found else found[0]

    def _renewed(self, anchor: Spoken, after: Spoken) -> bool:
        """Whether the anchor's fact is told anew before ``after``."""
        return any(
            each.fact == anchor.fact and each.name == anchor.name
            for each in self.spoken[anchor.at + 1 : after.at]
        )

    def following(
        self, anchor: Spoken, fact: str, slot: str, subject: str = "", *, stops: frozenset[str] = frozenset()
    ) -> list[Spoken]:
        """The mentions of ``fact`` after ``anchor`` in its section, up to the next mention of the anchor's own fact or of ``stops``."""
        found: list[Spoken] = []
        names = subject.split("|") if subject else ()
        for each in self.spoken[anchor.at + 1 :]:
            if each.section != anchor.section or each.fact == anchor.fact or each.fact in stops:
                break
            if each.fact == fact and each.has(slot) and (not names or each.name in names):
                found.append(each)
        return found


def _digits(mentions: Sequence[Mention]) -> dict[Unit | None, Decimal]:
    """For each unit of money the finest last digit, in 元, that the prose uses often: it drops zeros, and adds none."""
    used: dict[Unit | None, Counter[Decimal]] = {}
    for slot in (slot for mention in mentions for slot in mention.slots):
        if slot.value and slot.quantum_yuan and slot.unit is not None:
            used.setdefault(slot.unit, Counter())[slot.quantum_yuan] += 1
    return {
        unit: min(digit for digit, times in counts.items() if times >= counts.total() * _OFTEN)
        for unit, counts in used.items()
    }


def _within(part: Spoken, whole: Spoken) -> bool:
    """Whether the amount of ``part`` fits into that of ``whole``."""
    inner, outer = part.slots.get("amount"), whole.slots.get("amount")
    return inner is not None and outer is not None and (inner.yuan or 0) <= (outer.yuan or 0)


def _section(places: Mapping[str, tuple[list[tuple[int, float]], list[int]]], source: Source) -> int:
    keys, numbers = places.get(source.document, ([], []))
    found = bisect_right(keys, (source.page, source.bbox[3]))
    return numbers[found - 1] if found else -1


@cache
def facts() -> Mapping[str, frozenset[str]]:
    """The slots of every fact that a mention can state."""
    data = tomllib.loads(resources.files("gongkai").joinpath("facts/facts.toml").read_text(encoding="utf-8"))
    groups = {f"@{name}": slots for name, slots in data["slots"].items()}
    return {
        fact: frozenset(slot for each in record["slots"] for slot in groups.get(each, [each]))
        for fact, record in data["facts"].items()
    }


@cache
def about(fact: str) -> str:
    """What a fact is called in Chinese, without the notes of its list."""
    data = tomllib.loads(resources.files("gongkai").joinpath("facts/facts.toml").read_text(encoding="utf-8"))
    return re.split("[；（]", str(data["facts"][fact]["about"]))[0]


def named(name: str) -> str:
    """The name in quotation marks, unless it begins with its own (“三公”经费)."""
    return name if name.startswith("“") else f"“{name}”"


def slot_name(slot: str) -> str:
    return _SLOTS.get(slot, "")
