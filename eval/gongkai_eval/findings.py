"""What a labelled report contradicts itself in: loading of ``findings.csv`` and ``silent.csv``, scoring of findings.

A label is known by the printed numbers in it and its class, never by the code of a check: how a contradiction is told is
free. A token of ``numbers`` that is no number has to stand in the words of the finding.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import get_args

from gongkai.report import Finding, FindingClass, Report, Severity
from gongkai_eval.amounts import normal, number
from gongkai_eval.facts import rows_of
from gongkai_eval.grid import LabelError
from gongkai_eval.scorer import Miss, Score, Tally

COLUMNS = ["code", "class", "severity", "pages", "numbers", "why"]
SILENT_COLUMNS = ["numbers", "why"]
LOUD = ("error", "warning")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a finding has to hold: ``numbers`` without signs, ``words`` normalised."""

    numbers: frozenset[Decimal]
    words: tuple[str, ...]

    def held_by(self, finding: Finding) -> bool:
        texts = list(_texts(finding))
        if not self.numbers <= {amount for text in texts for amount in numbers_in(text)}:
            return False
        said = normal("".join(texts))
        return all(word in said for word in self.words)


@dataclass(frozen=True, slots=True)
class Fault:
    """A true contradiction. ``classes`` are those under which it may be told; one of severity info may also go untold."""

    code: str
    classes: frozenset[str]
    severity: str
    tokens: Tokens
    printed: str
    why: str

    def told_by(self, finding: Finding) -> bool:
        return finding.class_ in self.classes and self.tokens.held_by(finding)


@dataclass(frozen=True, slots=True)
class Silence:
    """Numbers that look like a contradiction and are none."""

    tokens: Tokens
    printed: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    faults: tuple[Fault, ...] = ()
    silences: tuple[Silence, ...] = ()


def load(folder: Path) -> Verdicts | None:
    """Both labels of a report, None without a ``findings.csv``; raises :class:`LabelError` with FILE:LINE."""
    path = folder / "findings.csv"
    if not path.exists():
        return None
    faults = tuple(_fault(row, place) for place, row in rows_of(path, COLUMNS))
    silences = rows_of(folder / "silent.csv", SILENT_COLUMNS)
    return Verdicts(
        faults,
        tuple(Silence(_tokens(row["numbers"], place), row["numbers"], row["why"]) for place, row in silences),
    )


def _fault(row: dict[str, str], place: str) -> Fault:
    classes = frozenset(row["class"].split("|"))
    if not classes <= set(get_args(FindingClass)) or row["severity"] not in get_args(Severity):
        raise LabelError(f"{place}: {row['class']} or {row['severity']} is no class or severity of a finding")
    tokens = _tokens(row["numbers"], place)
    return Fault(row["code"], classes, row["severity"], tokens, row["numbers"], row["why"])


def _tokens(printed: str, place: str) -> Tokens:
    """``486.71;399.71;基本支出`` → two numbers and a word."""
    tokens = [token.strip() for token in printed.split(";")]
    if not all(tokens):
        raise LabelError(f"{place}: an empty token in {printed!r}")
    amounts = {token: number(token) for token in tokens}
    numbers = frozenset(abs(amount).normalize() for amount in amounts.values() if amount is not None)
    return Tokens(numbers, tuple(normal(token) for token in tokens if amounts[token] is None))


def judge(result: Score, verdicts: Verdicts | None, report: Report | None) -> Score:
    """``result`` with the tallies ``findings`` (labelled errors and warnings; reported = found and false alarms) and
    ``quiet`` (silences that were kept), and what was missed, false or loud."""
    if verdicts is None:
        return result
    told = report.findings if report else ()
    loud = [finding for finding in told if finding.severity in LOUD]
    due = [fault for fault in verdicts.faults if fault.severity in LOUD]
    lost = [fault for fault in due if not any(_tells(fault, finding) for finding in loud)]
    false = [finding for finding in loud if not any(_tells(fault, finding) for fault in verdicts.faults)]
    broken = [each for each in verdicts.silences if any(_breaks(each, finding) for finding in false)]
    misses = [Miss(f"finding:{fault.code}|{fault.printed}", fault.why, "(not told)") for fault in lost]
    misses += [Miss(f"+finding:{each.code}|{_numbers(each)}", "", each.message) for each in false]
    misses += [Miss(f"silent:{each.printed}", each.why, "(told)") for each in broken]
    found, kept = len(due) - len(lost), len(verdicts.silences) - len(broken)
    tallies = {
        "findings": Tally(len(due), found + len(false), found),
        "quiet": Tally(len(verdicts.silences), len(verdicts.silences), kept),
    }
    return dataclasses.replace(result, tallies=result.tallies | tallies, misses=(*result.misses, *misses))


def _tells(fault: Fault, finding: Finding) -> bool:
    """The finding itself or what follows from it; a labelled error has to be told aloud."""
    return any(
        fault.told_by(each) for each in _family(finding) if each.severity in LOUD or fault.severity == "info"
    )


def _breaks(silence: Silence, finding: Finding) -> bool:
    return any(silence.tokens.held_by(each) for each in _family(finding) if each.severity in LOUD)


def _family(finding: Finding) -> Sequence[Finding]:
    return (finding, *(each for child in finding.children for each in _family(child)))


def _texts(finding: Finding) -> Iterator[str]:
    yield finding.title
    yield finding.message
    for operand in finding.operands:
        yield operand.label
        yield operand.printed


def _numbers(finding: Finding) -> str:
    return ";".join(operand.printed for operand in finding.operands)


def numbers_in(text: str) -> set[Decimal]:
    """Every number that a text prints, without signs, commas and per cent signs."""
    return {Decimal(found.replace(",", "")).normalize() for found in _NUMBER.findall(text)}
