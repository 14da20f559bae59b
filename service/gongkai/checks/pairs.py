"""Reports held against each other: the year chain, an account and its budget, a department and its units.

The other report's tables join those of the first one under the name of their role (``last.income``), and the same engine applies the
same kind of equations. What is found belongs to neither Report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.checks.applying import Result, apply, sheets_of
from gongkai.checks.catalogue import Case, Check, load
from gongkai.checks.equations import Applied
from gongkai.checks.naming import form_name
from gongkai.checks.notation import ROLES, Equation, Term, plain_form
from gongkai.checks.outcome import Outcome, outcome
from gongkai.checks.reading import Reading
from gongkai.checks.said import Prose
from gongkai.report import Form, Report

_KINDS = {"final_account": "决算", "budget": "预算", None: ""}
_SCOPES = {"department": "部门", "unit": "单位", None: ""}
_OWN = re.compile("(本级|本部|机关|机关本级)$")
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_SHORTEST = 4
"""A shorter name is the end of too many others."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``first`` and what ``others`` are to it. ``whole``: the units given are all that the department names."""

    first: Report
    role: str
    others: tuple[Report, ...]
    whole: bool = True


def compare(report: Report, others: Sequence[Report], *, all_checks: bool = True) -> Outcome:
    """The checks of two reports, of ``report`` with each of ``others``; the units of one department are added up.

    Two reports that do not belong together give a result that is not applicable, with the reason.
    """
    checks = [check for check in load() if check.of_pair]
    results: list[Result] = []
    for found in _pairs(report, others):
        if isinstance(found, str):
            results.extend((check, Applied(None, "not_applicable", found)) for check in checks)
        else:
            results.extend(_applied(checks, found))
    return outcome(results, all_checks=all_checks)


def _pairs(report: Report, others: Sequence[Report]) -> Iterator[Pair | str]:
    units: list[Report] = []
    for other in others:
        unit = _is_unit(other, report)
        if unit is True:
            units.append(other)
        elif unit is None and _is_unit(report, other) is True:
            yield Pair(other, "unit", (report,), _whole(other, [report]))
        else:
            yield unit if isinstance(unit, str) else _in_time(report, other)
    if units:
        yield Pair(report, "unit", tuple(units), _whole(report, units))


def _in_time(report: Report, other: Report) -> Pair | str:
    """Two reports of one body: which is last year's, which the budget of the account."""
    names = f"“{report.entity.name or '名称未知'}”与“{other.entity.name or '名称未知'}”"
    if not _one_body(report.entity.name, other.entity.name):
        return f"{names}不是同一单位，也看不出是部门与所属单位"
    if None in (report.fiscal_year, other.fiscal_year, report.kind, other.kind):
        return f"{names}有一份的年度或类别（预算、决算）没有读出，不能比较"
    if report.scope and other.scope and report.scope != other.scope:
        return f"{names}一份是部门、一份是单位，年度或类别又不相同，口径不一"
    early, late = sorted((report, other), key=lambda each: (each.fiscal_year or 0, each.kind != "budget"))
    gap = (late.fiscal_year or 0) - (early.fiscal_year or 0)
    if gap == 1 and early.kind == late.kind:
        return Pair(late, "last", (early,))
    if gap == 0 and early.kind == "budget" and late.kind == "final_account":
        return Pair(late, "budget", (early,))
    years = "、".join(f"{each.fiscal_year}年{_KINDS[each.kind]}" for each in (report, other))
    return f"{years}之间没有可以核对的关系（应为相邻两年的同类报告，或同一年的预算与决算）"


def _is_unit(unit: Report, department: Report) -> bool | str | None:
    """Whether it is one of the department's units (the body's own office is one); a text: it should be, and cannot be compared."""
    if department.scope != "department" or not _member(unit, department):
        return None
    if (unit.fiscal_year, unit.kind) != (department.fiscal_year, department.kind):
        return (
            None
            if _one_body(unit.entity.name, department.entity.name)
            else "单位与部门的报告不是同一年度、同一类别"
        )
    return True if unit.scope == "unit" or not _one_body(unit.entity.name, department.entity.name) else None


def _member(unit: Report, department: Report) -> bool:
    name = unit.entity.name
    members = department.entity.members
    return _one_body(name, department.entity.name) or any(_one_body(name, member) for member in members)


def _whole(department: Report, units: Sequence[Report]) -> bool:
    """Whether every member that the department names is among the units; the own office bears the department's name."""
    own = any(_one_body(unit.entity.name, department.entity.name) for unit in units)
    return bool(department.entity.members) and all(
        (own and bool(_OWN.search(_plain(member)) or _one_body(member, department.entity.name)))
        or any(_one_body(unit.entity.name, member) for unit in units)
        for member in department.entity.members
    )


def _one_body(name: str | None, other: str | None) -> bool:
    """One name, or one with a place or the Party's before the other."""
    one, two = sorted((_plain(name or ""), _plain(other or "")), key=len)
    return len(one) >= _SHORTEST and two.endswith(one)


def _plain(name: str) -> str:
    return re.sub(r"\s|^中国?共(?:产党)?", "", _BRACKETS.sub("", name))


def _applied(checks: Sequence[Check], pair: Pair) -> Iterator[Result]:
    first = pair.first
    roles = [pair.role] if pair.role != "unit" else [f"unit{n}" for n in range(1, len(pair.others) + 1)]
    forms = [_marked(form, "", first) for form in first.forms]
    sheets = sheets_of(forms)
    for role, other in zip(roles, pair.others, strict=True):
        sheets.update(sheets_of([_marked(form, f"{role}.", other) for form in other.forms], f"{role}."))
    reading = Reading(Prose(first.mentions, first.sections), first.entity, first.kind, first.fiscal_year)
    for check in checks:
        cases = [case for case in check.cases if case.role == pair.role and case.kind in (None, first.kind)]
        if not cases:
            yield (
                check,
                Applied(None, "not_applicable", f"给出的另一份是{ROLES[pair.role]}的报告，不作这项核对"),
            )
            continue
        if pair.role == "unit":
            cases = [_of_units(case, roles, whole=pair.whole) for case in cases]
        asked, lacking = _split(cases, set(sheets))
        yield from apply([replace(check, cases=tuple(asked))], sheets, reading, forms) if asked else ()
        yield from ((check, Applied(None, "not_applicable", reason)) for reason in lacking)


def _marked(form: Form, role: str, report: Report) -> Form:
    """The form with ids and a title that tell whose it is."""
    whose = (
        f"{report.entity.name or ''}{report.fiscal_year or ''}年{_SCOPES[report.scope]}{_KINDS[report.kind]}"
    )
    figures = tuple(replace(figure, id=role + figure.id) for figure in form.figures)
    return replace(form, id=role + form.id, title=f"{whose}·{form.title}", figures=figures)


def _of_units(case: Case, roles: Sequence[str], *, whole: bool) -> Case:
    """The equations with the units' operands added up; of some units alone the department has at least so much."""
    equations = tuple(_added(each, roles, equal=whole) for each in case.equations)
    only_if = tuple(_added(each, roles, equal=True) for each in case.only_if)
    return replace(case, equations=equations, only_if=only_if)


def _added(equation: Equation, roles: Sequence[str], *, equal: bool) -> Equation:
    left, right = (
        tuple(each for term in side for each in _each_unit(term, roles))
        for side in (equation.left, equation.right)
    )
    forms = tuple(dict.fromkeys(term.form for term in (*left, *right)))
    operator = equation.operator if equal else ">="
    same = equation.same and len(roles) == 1
    return replace(equation, left=left, right=right, forms=forms, operator=operator, same=same)


def _each_unit(term: Term, roles: Sequence[str]) -> list[Term]:
    if not term.form.startswith("unit."):
        return [term]
    return [replace(term, form=f"{role}.{plain_form(term.form)}") for role in roles]


def _split(cases: Sequence[Case], known: set[str]) -> tuple[list[Case], list[str]]:
    """The cases whose other forms are there, and which forms are not: an operand that may be absent is no absent table."""
    asked: list[Case] = []
    lacking: dict[str, None] = {}
    for case in cases:
        there = []
        for equation in case.equations:
            absent = [form for form in equation.forms if "." in form and form not in known]
            lacking.update((f"没有{form_name(form)}", None) for form in absent)
            there += [] if absent else [equation]
        if there:
            asked.append(replace(case, equations=tuple(there)))
    return asked, list(lacking)
