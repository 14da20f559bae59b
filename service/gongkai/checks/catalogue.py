"""The catalogue of checks: read from the TOML files beside this module and resolved against the forms when loaded.

A file starts with ``[forms]``, the short names that its equations use; each ``[[check]]`` follows. ``for`` makes one
check of each short name in the list, ``{form}`` standing for it in code, title and equations. Whatever names an unknown
form, line or column stops the program with file and code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from gongkai.checks.notation import (
    Equation,
    EquationError,
    Ratio,
    Term,
    parse,
    parse_operand,
    parse_ratio,
    parse_said,
    plain_form,
)
from gongkai.checks.said import facts
from gongkai.forms import definitions
from gongkai.report import FindingClass, Kind, Severity

_CASE_KEYS = {
    "equations",
    "either",
    "only_if",
    "if_printed",
    "unless_printed",
    "if_said",
    "kind",
    "if_worded",
}
_KEYS = _CASE_KEYS | {
    "code", "title", "case", "rule", "form", "for", "severity", "class", "basis", "years", "skipped_when", "advice",
    "strict", "ratios", "kind", "doubt",
}  # fmt: skip


class CatalogueError(Exception):
    """The catalogue itself is wrong; nothing may run on it."""


@dataclass(frozen=True, slots=True)
class Case:
    """Equations with what must be so before they say anything: conditions that hold, operands printed or not printed."""

    equations: tuple[Equation, ...]
    either: bool = False
    """The equations are alternatives: it is enough that one of them holds."""
    only_if: tuple[Equation, ...] = ()
    if_printed: tuple[Term, ...] = ()
    unless_printed: tuple[Term, ...] = ()
    if_said: tuple[Term, ...] = ()
    """What the same section of the prose must state."""
    kind: Kind | None = None
    if_worded: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Slots of the prose (``base``) and what their words must match, the empty word where nothing is said."""

    @property
    def of_prose(self) -> bool:
        return any(equation.of_prose for equation in self.equations)

    @property
    def role(self) -> str:
        """Of two reports: what the other one must be to the first; empty for what is checked within one."""
        return next((equation.role for equation in self.equations if equation.role), "")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the field. All its ``cases`` stand under one code; ``ratios`` are percentages that the prose prints; ``rule`` names
    a function for what needs an ``if``."""

    code: str
    title: str
    kind: Kind | None
    severity: Severity
    class_: FindingClass
    basis: tuple[str, ...]
    years: tuple[int | None, int | None]
    strict: bool
    cases: tuple[Case, ...]
    rule: str | None
    forms: tuple[str, ...]
    skipped_when: str
    advice: str
    order: int
    ratios: tuple[Ratio, ...] = ()
    doubt: str = ""
    """Why a failure asks for a look and accuses nobody, where that is so of the rule itself."""

    @property
    def of_pair(self) -> bool:
        """Whether it holds two reports against each other."""
        return any(case.role for case in self.cases)

    def in_force(self, kind: Kind | None, fiscal_year: int | None) -> bool:
        """Whether the check speaks of accounts of that kind and year; an unknown kind or year excludes nothing."""
        first, last = self.years
        if self.kind is not None and kind is not None and self.kind != kind:
            return False
        return fiscal_year is None or (first or 0) <= fiscal_year <= (last or 9999)


@cache
def parents(form: str, line: str) -> tuple[str, ...]:
    """The lines that ``line`` may be a part of in that form, the nearest first; the first that is printed is its parent."""
    definition = definitions.load().forms.get(form)
    if definition is None:
        return ()
    known = definition.line(line)
    if known is not None:
        return known.parent
    rows = next((each for each in definition.rows if each.holds(line)), None)
    if rows is None:
        return ()
    return (*(line[:size] for size in (5, 3) if size < len(line)), *rows.parent)


@cache
def load() -> tuple[Check, ...]:
    """All checks, in the order of the files' names and of the records in them; raises :class:`CatalogueError`."""
    checks: list[Check] = []
    folder = resources.files("gongkai.checks")
    for file in sorted(
        (each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda f: f.name
    ):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        checks.extend(from_records(data, file.name, first=len(checks)))
    codes = [check.code for check in checks]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if doubled:
        raise CatalogueError(f"codes given twice: {', '.join(doubled)}")
    return tuple(checks)


@cache
def totals() -> Mapping[str, frozenset[str]]:
    """Each fact whose mentions are added up -> the facts that are such sums."""
    found: dict[str, set[str]] = {}
    for equation in (each for check in load() for case in check.cases for each in case.equations):
        for term in equation.terms:
            if term.how == "sum":
                found.setdefault(term.line, set()).add(equation.left[0].line)
    return {fact: frozenset(owners) for fact, owners in found.items()}


def from_records(data: Mapping[str, Any], file: str, *, first: int = 0) -> list[Check]:
    """The checks of one parsed TOML file; raises :class:`CatalogueError` naming ``file`` and the code."""
    aliases: dict[str, str] = data.get("forms", {})
    known = definitions.load().forms
    for short, form in aliases.items():
        if form not in known:
            raise CatalogueError(f"{file}: [forms] {short}: unknown form {form!r}")
    checks: list[Check] = []
    for record in data.get("check", ()):
        code = record.get("code", "?")
        unknown = {*record} - _KEYS | {key for case in record.get("case", ()) for key in case} - _CASE_KEYS
        if unknown:
            raise CatalogueError(f"{file}: {code}: unknown key {', '.join(sorted(unknown))}")
        for short in record.get("for", [None]):
            try:
                name = known[aliases[short]].name if short is not None else ""
                checks.append(_check(_filled(record, short, name), data, aliases, first + len(checks)))
            except (EquationError, KeyError) as error:
                raise CatalogueError(f"{file}: {code}: {error}") from error
    return checks


def _filled(value: Any, short: str | None, name: str) -> Any:
    """``value`` with ``{form}`` and ``{name}`` replaced, all the way down."""
    if isinstance(value, str) and short is not None:
        return value.replace("{form}", short).replace("{name}", name)
    if isinstance(value, list):
        return [_filled(each, short, name) for each in value]
    if isinstance(value, dict):
        return {key: _filled(each, short, name) for key, each in value.items()}
    return value


def _check(
    record: Mapping[str, Any], data: Mapping[str, Any], aliases: Mapping[str, str], order: int
) -> Check:
    cases = tuple(_case(each, aliases) for each in (record, *record.get("case", ())) if "equations" in each)
    ratios = tuple(_ratio(text) for text in record.get("ratios", ()))
    if [bool(cases), bool(ratios), "rule" in record].count(True) != 1:
        raise EquationError("either equations or a rule (or ratios)")
    forms = [
        form for case in cases for equation in case.equations for form in equation.forms if form != "prose"
    ]
    if "form" in record:
        forms.append(aliases[record["form"]])
    years = record.get("years", {})
    return Check(
        code=record["code"],
        title=record["title"],
        kind=record.get("kind", data.get("kind")),
        severity=record.get("severity", "error"),
        class_=record.get("class", "error"),
        basis=tuple(record.get("basis", data.get("basis", ()))),
        years=(years.get("from"), years.get("to")),
        strict=record.get("strict", False),
        cases=cases,
        rule=record.get("rule"),
        forms=tuple(dict.fromkeys(forms)),
        skipped_when=record.get("skipped_when", ""),
        advice=record.get("advice", ""),
        order=order,
        ratios=ratios,
        doubt=record.get("doubt", ""),
    )


def _case(record: Mapping[str, Any], aliases: Mapping[str, str]) -> Case:
    case = Case(
        tuple(parse(text, aliases) for text in record["equations"]),
        record.get("either", False),
        tuple(parse(text, aliases) for text in record.get("only_if", ())),
        tuple(parse_operand(text, aliases) for text in record.get("if_printed", ())),
        tuple(parse_operand(text, aliases) for text in record.get("unless_printed", ())),
        tuple(parse_said(text) for text in record.get("if_said", ())),
        record.get("kind"),
        tuple((slot, re.compile(words)) for slot, words in record.get("if_worded", {}).items()),
    )
    for equation in (*case.equations, *case.only_if):
        for term in equation.terms:
            _resolve(term)
    for term in (*case.if_printed, *case.unless_printed):
        _resolve(term)
    return case


def _ratio(text: str) -> Ratio:
    ratio = parse_ratio(text)
    for term in (ratio.part, ratio.whole):
        if not term.line and term.column not in facts()[ratio.printed.line]:
            raise EquationError(f"{ratio.printed.line} has no slot {term.column!r}")
    return ratio


def _resolve(term: Term) -> None:
    """Stop at a line or column that the form's definition does not have."""
    if term.select == "fact":
        return
    definition = definitions.load().forms[plain_form(term.form)]
    single = term.line == "data" and "single" in definition.layouts
    if term.select in ("line", "parts", "items") and not single and not definition.has_line(term.line):
        raise EquationError(f"form {term.form} has no line {term.line!r}")
    if term.select in ("parts", "items") and not _has_parts(definition, term.line):
        raise EquationError(f"form {term.form} has nothing below the line {term.line!r}")
    if term.select in ("children", "functions", "economics") and not definition.rows:
        raise EquationError(f"form {term.form} has no rows by code")
    if term.column != "column" and not definition.has_measure(term.column):
        raise EquationError(f"form {term.form} has no column {term.column!r}")


def _has_parts(definition: definitions.Definition, line: str) -> bool:
    parents = [*(each.parent for each in definition.lines), *(rows.parent for rows in definition.rows)]
    return any(line in each for each in parents)
