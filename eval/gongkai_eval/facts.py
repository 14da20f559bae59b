"""What the prose of a labelled report states: loading of ``facts.csv``, scoring of a Report's mentions against it.

Only slots that print a number are labelled, and statements that there is none of something; the words beside a
number (base, direction, reason) are not. Sections are named by their numbers, see :func:`section_names`.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gongkai.report import Mention, Report, Slot, Source
from gongkai_eval.align import align
from gongkai_eval.amounts import normal
from gongkai_eval.grid import LabelError
from gongkai_eval.labels import Labelled, SectionTruth
from gongkai_eval.scorer import Miss, Score, Tally, bare_number

COLUMNS = ["n", "section", "fact", "code", "subject", "slot", "printed", "value", "unit", "quote"]
NIL, UNCLASSIFIED = "nil.statement", "unclassified"
_EXACT = frozenset({"元", "千元", "万元", "亿元", "%", "平方米", "分"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One slot of one mention (``n`` groups them). ``value`` is signed; None where the prose states that there is none.

    ``fact``, ``slot`` and ``subject`` may name several, joined by ``|``, where each is fair (:meth:`readings`).
    """

    n: int
    section: str
    fact: str
    code: str
    subject: str
    slot: str
    printed: str
    value: Decimal | None
    unit: str
    quote: str

    def readings(self) -> tuple[tuple[str, str], ...]:
        """The (fact, slot) that are right: ``a|b`` and ``x|y`` are a.x and b.y, a lone name goes with each."""
        named, slots = self.fact.split("|"), self.slot.split("|")
        several = max(len(named), len(slots))
        return tuple(zip(named * (several // len(named)), slots * (several // len(slots)), strict=True))


@dataclass(frozen=True, slots=True)
class _Said:
    """A reported slot beside its mention; ``key`` is what has to be equal."""

    key: tuple[object, ...]
    mention: Mention
    slot: Slot


def load(folder: Path) -> tuple[Claim, ...]:
    """The claims of a labelled report, () without a ``facts.csv``; raises :class:`LabelError` with FILE:LINE."""
    return tuple(_claim(row, place) for place, row in rows_of(folder / "facts.csv", COLUMNS))


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(FILE:LINE, row) for each line of a label, nothing when there is no such file."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != list(columns):
            raise LabelError(f"{path}:1: the columns must be {','.join(columns)}")
        for row in reader:
            if None in row or None in row.values():
                raise LabelError(f"{path}:{reader.line_num}: {len(columns)} columns are needed")
            yield f"{path}:{reader.line_num}", row


def _claim(row: dict[str, str], place: str) -> Claim:
    try:
        value = Decimal(row["value"]) if row["value"] else None
        number = int(row["n"])
    except (InvalidOperation, ValueError):
        raise LabelError(f"{place}: n and value must be numbers") from None
    if value is None and row["fact"] != NIL:
        raise LabelError(f"{place}: a slot without value")
    return Claim(**{**row, "n": number, "section": row["section"].split()[0], "value": value})  # type: ignore[arg-type]


def section_names(sections: Sequence[SectionTruth]) -> list[str]:
    """``三/五/一`` for each section: the numbers of its headings from the part down; the second of a name ends with ``#2``."""
    path = ["", "", ""]
    seen: Counter[str] = Counter()
    names = []
    for section in sections:
        path[section.level - 1 :] = [bare_number(section.number) or section.title, "", ""][
            : 4 - section.level
        ]
        name = "/".join(filter(None, path))
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def judge(result: Score, claims: Sequence[Claim], labelled: Labelled, report: Report | None) -> Score:
    """``result`` with the tallies ``facts`` (all slots of a mention), ``slots``, ``subjects`` (of right slots),
    ``unclassified`` and ``nil``, and their misses; a report that was not read misses them all."""
    if not claims:
        return result
    return _Judge(claims, labelled, report).added_to(result)


class _Judge:
    def __init__(self, claims: Sequence[Claim], labelled: Labelled, report: Report | None) -> None:
        self.claims = claims
        self.budget = labelled.kind == "budget"
        self.left: list[_Said] = list(self._said(labelled, report)) if report else []
        reported = Counter(_group(said.mention.fact) for said in self.left)
        self.counts = {
            name: [sum(_group(claim.fact) == name for claim in claims), reported[name], 0]
            for name in ("slots", UNCLASSIFIED, "nil")
        }
        self.counts["nil"][1] = 0
        self.counts["subjects"] = [0, 0, 0]
        self.misses: list[Miss] = []
        self.trust: Counter[tuple[float, bool, bool]] = Counter()

    def added_to(self, result: Score) -> Score:
        wrong = {claim.n for claim in self.claims if not self._found(claim)}
        mentions = {claim.n for claim in self.claims}
        self.counts["facts"] = [len(mentions), len(mentions), len(mentions - wrong)]
        for said in self.left:
            if said.mention.fact != NIL:
                self.trust[_trusted(said, False)] += 1
                self.misses.append(
                    Miss("+slot:" + "|".join(map(str, said.key)), "", said.mention.subject.name)
                )
        tallies = {name: Tally(*counts) for name, counts in self.counts.items()}
        return dataclasses.replace(
            result,
            tallies=result.tallies | tallies,
            misses=(*result.misses, *self.misses),
            said=tuple((*key, number) for key, number in sorted(self.trust.items())),
        )

    def _found(self, claim: Claim) -> bool:
        keys = [
            self._key(claim.section, fact, slot, claim.value, claim.unit) for fact, slot in claim.readings()
        ]
        key = keys[0]
        same = [said for said in self.left if said.key in keys]
        named = [said for said in same if is_subject(claim, said.mention)]
        if not same:
            self.misses.append(Miss("slot:" + "|".join(map(str, key)), claim.quote, self._instead(claim)))
            return False
        said = (named or same)[0]
        self.left.remove(said)
        self.trust[_trusted(said, True)] += 1
        group = _group(claim.fact)
        self.counts[group][2] += 1
        if group == "nil":
            self.counts[group][1] += 1
        elif claim.code or claim.subject:
            for place, number in enumerate((1, 1, bool(named))):
                self.counts["subjects"][place] += number
            if not named:
                reported = same[0].mention.subject
                what = f"{claim.code} {claim.subject}".strip()
                key_of_miss = "subject:" + "|".join(map(str, key))
                self.misses.append(Miss(key_of_miss, what, f"{reported.code or ''} {reported.name}".strip()))
        return True

    def _instead(self, claim: Claim) -> str:
        """What was reported of the same number in the same section."""
        same = [said for said in self.left if (said.key[0], said.slot.value) == (claim.section, claim.value)]
        told = {f"{said.mention.fact}.{said.slot.slot}" for said in same if claim.value is not None}
        return ", ".join(sorted(told)) or "(nothing)"

    def _said(self, labelled: Labelled, report: Report) -> Iterator[_Said]:
        place = Places(labelled, report)
        for mention in report.mentions:
            section = place.name_of(mention.source)
            for slot in mention.slots:
                if slot.value is not None or mention.fact == NIL:
                    key = self._key(section, mention.fact, slot.slot, slot.value, slot.unit or "")
                    yield _Said(key, mention, slot)

    def _key(
        self, section: str, fact: str, slot: str, value: Decimal | None, unit: str
    ) -> tuple[object, ...]:
        """In a budget the amount is the budget; what is counted (辆, 批次, 家) is not compared."""
        if fact == NIL:
            return (section, fact)
        name = "amount" if self.budget and slot == "budget" else slot
        return (section, fact, name, _plain(value), unit if unit in _EXACT else "")


class Places:
    """Where in the labelled report a place of the Report is: the section whose heading is the last above it."""

    def __init__(self, labelled: Labelled, report: Report) -> None:
        self.order = {document.id: index for index, document in enumerate(report.documents)}
        pairs = align(
            [(each.level, bare_number(each.number), normal(each.title)) for each in labelled.sections],
            [(each.level, bare_number(each.number or ""), normal(each.title)) for each in report.sections],
        )
        names = section_names(labelled.sections)
        known = {reported: names[truth] for truth, reported in pairs.items()}
        headings = sorted(
            (self._at(section.source), known.get(index, "?")) for index, section in enumerate(report.sections)
        )
        self.starts = [start for start, _ in headings]
        self.names = [name for _, name in headings]

    def name_of(self, source: Source) -> str:
        """The name of the labelled section, ``?`` under a heading that is no labelled one or above them all."""
        index = bisect_right(self.starts, self._at(source)) - 1
        return self.names[index] if index >= 0 else "?"

    def _at(self, source: Source) -> tuple[int, int, float]:
        return (self.order.get(source.document, 0), source.page, source.bbox[1])


def is_subject(claim: Claim, mention: Mention) -> bool:
    """The codes are equal when both are given, else one name goes on the other (``财政拨款``, ``财政拨款收入``).

    Of a path (类/款/项) the last name counts.
    """
    code, name = mention.subject.code or "", _bare(mention.subject.name.rsplit("/", 1)[-1])
    if claim.code and code:
        return claim.code == code
    return any(_same_name(_bare(truth), name) for truth in claim.subject.split("|"))


def _same_name(one: str, other: str) -> bool:
    """Equal, or one within the other, unless what is over adds a second thing (购置, 购置及运行)."""
    short, long = sorted((one, other), key=len)
    if not short:
        return short == long
    return short in long and not re.search("[及和、]", long.replace(short, "", 1))


def _trusted(said: _Said, right: bool) -> tuple[float, bool, bool]:
    return round(said.mention.confidence, 4), right, said.mention.grade == "sure"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else "0" if not value else format(value.normalize(), "f")


def _bare(name: str) -> str:
    return re.sub(r"\((?:类|款|项)\)|经?费用?|支出|财政|公务|[的“”\",()]", "", normal(name))


def _group(fact: str) -> str:
    return {NIL: "nil", UNCLASSIFIED: UNCLASSIFIED}.get(fact, "slots")
