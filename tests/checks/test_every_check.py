"""Every check of the catalogue in three cases: it holds, fails after one edit, and says nothing where its subject is not there."""

from __future__ import annotations

import pytest
from checks.account_cases import FINAL_CASES
from checks.account_notation import all_findings, check, verdicts, with_cell
from checks.accounts import CODED_BUDGET, FINAL, LANED_BUDGET
from checks.examples import Example, examples, outcome

from gongkai.checks import catalogue

EXAMPLES = list(examples())
CHECKS = {each.code: each for each in catalogue()}
SILENT_WHEN_RIGHT = {"N-SHARE-WHOLE", "N-SHARE-100", "N-GROWTH-ZERO", "X-TOC-BODY"}
"""Checks of what is wrong by its mere presence: where all is right there is nothing to judge."""

each_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{each.code}-{number}" for number, each in enumerate(EXAMPLES)]
)


def failed(code: str) -> str:
    """The verdict of that check where what it says does not hold."""
    check = CHECKS[code]
    if code == "N-GROWTH-ZERO":
        return "undefined_base"
    return "needs_review" if check.doubt else "pass_with_rounding" if check.class_ == "rounding" else "fail"


def test_every_check_has_its_cases() -> None:
    assert {each.code for each in EXAMPLES} == set(CHECKS)


@each_example
def test_holds(example: Example) -> None:
    expected = {"not_applicable"} if example.code in SILENT_WHEN_RIGHT else {"pass"}
    assert verdicts(outcome(example.holds, example.kind), example.code) == expected


@each_example
def test_fails_and_the_finding_shows_the_place(example: Example) -> None:
    found = outcome(example.fails, example.kind)
    verdict = failed(example.code)
    assert verdict in verdicts(found, example.code)
    shown = [each for each in all_findings(found) if each.code == example.code and each.verdict == verdict]
    assert shown and all(each.message and each.basis for each in shown)
    if example.code not in (
        "ENTITY-NAME",
        "X-TOC-BODY",
    ):  # a name on the cover and a table that is missing have no place here
        assert all(each.operands and all(o.source.page for o in each.operands) for each in shown)


@each_example
def test_not_applicable_without_its_subject(example: Example) -> None:
    found = outcome(example.silent, example.kind)
    assert verdicts(found, example.code) == {"not_applicable"}
    assert all(each.reason for each in found.checks.results or () if each.code == example.code)


@pytest.mark.parametrize(("code", "where", "wrong"), FINAL_CASES, ids=[case[0] for case in FINAL_CASES])
def test_the_wrong_cell_is_among_the_operands(code: str, where: str, wrong: str) -> None:
    form, line, measure = where.split()
    findings = all_findings(check(with_cell(FINAL, where, wrong)))
    operands = {
        o.id for each in findings if each.code == code and each.verdict == "fail" for o in each.operands
    }
    assert any(one.startswith(f"{form}#1/") and one.endswith(f"{line}/{measure}") for one in operands)


@pytest.mark.parametrize(
    ("account", "kind"), [(FINAL, "final_account"), (CODED_BUDGET, "budget"), (LANED_BUDGET, "budget")]
)
def test_a_balanced_account_has_no_findings_and_every_amount_is_proved(account: str, kind: str) -> None:
    found = check(account, kind=kind)
    assert found.findings == ()
    assert found.checks.failed == found.checks.needs_review == 0
    assert found.checks.applied == found.checks.passed
    codes = {each.code for each in found.checks.results or ()}
    silent = {code for code in codes if verdicts(found, code) == {"not_applicable"}}
    assert not silent & {
        "T01-BAL", "X-T01-T02-INC", "X-T01-T03-EXP", "X-T04-T05", "X-T06-T05", "BG-SUM-BAL", "BG-FISCAL"
    }  # fmt: skip
