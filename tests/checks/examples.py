"""Every check of the catalogue in three cases, as data: it holds, it fails after one edit, and it says nothing where its subject is
not there. The tests run them; :mod:`checks.page` prints them in ``docs/checks.md``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.account_cases import CODED_CASES, FINAL_CASES, LANED_CASES
from checks.account_notation import forms, with_cell, without
from checks.accounts import CODED_BUDGET, FINAL, LANED_BUDGET
from checks.prose_cases import HELD, SPECIAL, State
from checks.prose_notation import check, prose
from checks.proses import BUDGET

from gongkai.checks import Outcome, catalogue, compare
from gongkai.checks.naming import form_name, line_name, measure_name
from gongkai.report import Entity, Kind, Report


@dataclass(frozen=True)
class Example:
    """``right`` is what is printed where the check holds, ``wrong`` what makes it fail."""

    code: str
    kind: Kind
    holds: State
    fails: State
    silent: State
    right: str
    wrong: str
    where: str = ""


def examples() -> Iterator[Example]:
    """All of them, table by table, then the prose, then those that need more than one edit."""
    accounts: tuple[tuple[str, Kind, list[tuple[str, str, str]]], ...] = (
        (FINAL, "final_account", FINAL_CASES),
        (CODED_BUDGET, "budget", CODED_CASES),
        (LANED_BUDGET, "budget", LANED_CASES),
    )
    for account, kind, cases in accounts:
        yield from (_of_cell(account, kind, *case) for case in cases)
    yield from (_of_prose(*case) for case in HELD)
    for code, kind, holds, fails, silent, right, wrong in SPECIAL:
        yield Example(code, kind, holds, fails, silent, right, wrong)


def outcome(state: State, kind: Kind) -> Outcome:
    """What the checks find in that state; of two reports what they find between them."""
    if state.other is not None:
        return compare(report_of(state, kind), [report_of(state.other, state.other.kind or kind)])
    return check(
        state.prose,
        state.tables,
        kind=kind,
        strict=True,
        name=state.name,
        names=state.names,
        members=" ".join(state.members),
    )


def report_of(state: State, kind: Kind) -> Report:
    """The Report that the state writes down, without its documents."""
    mentions, sections = prose(state.prose)
    return Report(
        schema_version="", pipeline_version="", catalogue_version="", content_hash="", documents=(), kind=kind,
        entity=Entity(name=state.name, members=tuple(state.members)), fiscal_year=state.year, scope=state.scope,
        forms=tuple(forms(state.tables)) if state.tables else (), sections=tuple(sections), mentions=tuple(mentions),
    )  # fmt: skip


def _of_cell(account: str, kind: Kind, code: str, where: str, wrong: str) -> Example:
    form, line, measure = where.split()
    row = f"“{line_name(form, line)}”" if line != "data" else ""
    subject = next(each for each in catalogue() if each.code == code)
    return Example(
        code, kind, State(account), State(with_cell(account, where, wrong)), State(without(account, *subject.forms)),
        _printed(account, where), wrong if wrong != "." else "空白", f"{form_name(form)}{row}〔{measure_name(form, measure)}〕",
    )  # fmt: skip


def _printed(account: str, where: str) -> str:
    """What stands in the cell ``FORM LINE MEASURE``."""
    name, line, measure = where.split()
    rows = next(block for block in account.strip("\n").split("\n\n") if block.split()[0] == name).splitlines()
    cells = next(row.split() for row in rows[2:] if row.split()[0] == line)
    printed = cells[1 + rows[1].split().index(measure)]
    return printed if printed != "." else "空白"


def _of_prose(code: str, text: str, tables: str, right: str, wrong: str) -> Example:
    kind: Kind = "budget" if text is BUDGET else "final_account"
    assert right in text and right != wrong, code
    holds = State(tables, text)
    return Example(
        code,
        kind,
        holds,
        replace(holds, prose=text.replace(right, wrong, 1)),
        State(),
        *_changed(right, wrong),
    )


def _changed(right: str, wrong: str) -> tuple[str, str]:
    """The words that differ, without what is the same around them."""
    pairs = list(zip(right.split(), wrong.split(), strict=False))
    differing = (
        [(one, two) for one, two in pairs if one != two] if len(right.split()) == len(wrong.split()) else []
    )
    one, two = differing[0] if len(differing) == 1 else (right, wrong)
    return one.rpartition("=")[2], two.rpartition("=")[2]
