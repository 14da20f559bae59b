"""Every check of the catalogue in three cases: it holds in a balanced account, fails on one edited cell, and says nothing
where its table is not there."""

from __future__ import annotations

import pytest
from checks.account_notation import all_findings, check, verdicts, with_cell, without
from checks.accounts import CODED_BUDGET, FINAL, LANED_BUDGET
from checks.test_prose import HELD
from checks.test_prose import OTHERWISE as PROSE_OTHERWISE

from gongkai.checks import catalogue

FINAL_CASES = [
    ("T01-INC-SUM", "income_expenditure_summary other amount", "33.00"),
    ("T01-INC-TOTAL", "income_expenditure_summary use_of_surplus amount", "6.00"),
    ("T01-EXP-SUM", "income_expenditure_summary 210 amount", "860.00"),
    ("T01-EXP-TOTAL", "income_expenditure_summary surplus_distribution amount", "."),
    ("T01-BAL", "income_expenditure_summary expenditure_grand_total amount", "1024.00"),
    ("T02-ROW", "income 2101102 service", "30.00"),
    ("T03-ROW", "expenditure 2101102 project", "733.00"),
    ("T04-ROW", "fiscal_appropriation_summary 212 government_fund", "3.00"),
    ("T04-INC-SUM", "fiscal_appropriation_summary total_income amount", "690.00"),
    ("T04-EXP-SUM", "fiscal_appropriation_summary 210 general_budget", "601.00"),
    ("T04-FUND-BAL", "fiscal_appropriation_summary general_budget amount", "990.00"),
    ("T04-BAL", "fiscal_appropriation_summary income_grand_total amount", "957.00"),
    ("T05-ROW", "general_budget_expenditure 2101101 basic", "66.00"),
    ("T02-COL-TOTAL", "income 208 fiscal", "820.00"),
    ("T03-COL-TOTAL", "expenditure total basic", "660.00"),
    ("T05-COL-TOTAL", "general_budget_expenditure total project", "302.00"),
    ("T08-COL-TOTAL", "government_fund total income", "5.00"),
    ("T09-COL-TOTAL", "state_capital total project", "11.00"),
    ("T02-HIER", "income 2101101 fiscal", "66.00"),
    ("T03-HIER", "expenditure 21011 basic", "330.00"),
    ("T05-HIER", "general_budget_expenditure 2101102 project", "302.00"),
    ("T08-HIER", "government_fund 2120803 income", "22.00"),
    ("T09-HIER", "state_capital 2230105 project", "1.00"),
    ("T06-CLASS", "general_budget_basic_expenditure 30101 amount", "330.00"),
    ("T06-PERS", "general_budget_basic_expenditure personnel_total amount", "405.00"),
    ("T06-PUB", "general_budget_basic_expenditure 310 amount", "2.00"),
    ("T07-BUD", "three_public data budget.reception", "1.00"),
    ("T07-ACT", "three_public data actual.vehicles", "81.00"),
    ("T07-OVER", "three_public data actual.reception", "11.00"),
    ("T08-ROW", "government_fund 2120899 project", "2.00"),
    ("T09-ROW", "state_capital 2230105 total", "100.00"),
    ("T10-PROC", "disclosure_statistics procurement.works amount", "7.00"),
    ("ASSET-VEH-SUM", "disclosure_statistics vehicles.other amount", "3"),
    ("X-T01-T02-INC", "income total total", "1001.00"),
    ("X-T01-T02-FISCAL", "income_expenditure_summary superior_subsidy amount", "."),
    ("X-T01-T02-OTHER", "income total other", "."),
    ("X-T01-T03-EXP", "expenditure 208 total", "330.00"),
    ("X-T01-T04", "fiscal_appropriation_summary government_fund amount", "5.00"),
    ("X-T02-T03-FUNC", "income_expenditure_summary carry_out amount", "30.00"),
    ("X-T03-T05", "expenditure 2101101 total", "6.00"),
    ("X-NONFISCAL-EXP", "fiscal_appropriation_summary carry_in amount", "51.00"),
    ("X-T04-T05", "general_budget_expenditure 208 total", "303.00"),
    ("X-T04-T08", "government_fund total carry_in", "50.00"),
    ("X-T04-T09", "state_capital total total", "1.00"),
    ("X-T06-T05", "general_budget_basic_expenditure public_total amount", "104.00"),
    ("X-T06-T07", "general_budget_basic_expenditure 30231 amount", "100.00"),
    ("X-T07-T10", "disclosure_statistics three_public.reception amount", "80.00"),
]

CODED_CASES = [
    ("BG-SUM-INC", "budget_summary service amount", "10"),
    ("BG-SUM-EXP", "budget_summary 201 amount", "580"),
    ("BG-SUM-BAL", "budget_summary income_grand_total amount", "100"),
    ("BG-INC", "budget_income 2011302 service", "1"),
    ("BG-EXP", "budget_expenditure 2011301 basic", "501"),
    ("BG-FISCAL", "budget_fiscal_summary 201 general_budget", "705"),
    ("BG-BASIC", "budget_general_basic 30101 personnel", "30"),
    ("BG-3P", "budget_three_public data budget.vehicle_operation", "21"),
    ("BG-ORC", "budget_three_public data budget.operating_cost", "160"),
    ("X-BG-PAIRS", "budget_fiscal_summary expenditure_grand_total government_fund", "900"),
]

LANED_CASES = [
    ("BG-SUM-INC", "budget_summary other_funds amount", "51.00"),
    ("BG-SUM-EXP", "budget_summary reserve amount", "1.00"),
    ("BG-SUM-BAL", "budget_summary expenditure_grand_total amount", "310.00"),
    ("BG-INC", "budget_income general_budget.special total", "1.00"),
    ("BG-EXP", "budget_expenditure data project", "4.00"),
    ("BG-FISCAL", "budget_fiscal_expenditure total total", "10.00"),
    ("BG-BASIC", "budget_fiscal_basic 30211 total", "80.00"),
    ("BG-3P", "budget_three_public data budget.training", "20.00"),
    ("BG-ORC", "budget_operating_cost 30201 total", "1.00"),
    ("BG-PROC", "budget_procurement goods total", "2.00"),
    ("X-BG-PAIRS", "budget_general_expenditure total total", "10.00"),
]

CASES = (
    [(FINAL, "final_account", *case) for case in FINAL_CASES]
    + [(CODED_BUDGET, "budget", *case) for case in CODED_CASES]
    + [(LANED_BUDGET, "budget", *case) for case in LANED_CASES]
)
OTHERWISE = {"X-TOC-BODY", "STRUCT-ROWNO", "BG-UNIT", *(f"T0{n}-CODE" for n in (2, 3, 5, 8, 9))}
"""Checks that need more than one edited cell: see test_rules.py."""

each_case = pytest.mark.parametrize(
    ("account", "kind", "code", "where", "wrong"),
    CASES,
    ids=[f"{case[2]}:{case[3].split()[0]}" for case in CASES],
)


def test_every_check_has_its_cases() -> None:
    prose = {case[0] for case in HELD} | PROSE_OTHERWISE
    assert {case[2] for case in CASES} | OTHERWISE | prose == {each.code for each in catalogue()}


@each_case
def test_holds(account: str, kind: str, code: str, where: str, wrong: str) -> None:
    assert verdicts(check(account, kind=kind), code) == {"pass"}


@each_case
def test_fails_and_the_finding_shows_the_cell(
    account: str, kind: str, code: str, where: str, wrong: str
) -> None:
    outcome = check(with_cell(account, where, wrong), kind=kind)
    assert "fail" in verdicts(outcome, code)
    form, line, measure = where.split()
    shown = [each for each in all_findings(outcome) if each.code == code and each.verdict == "fail"]
    assert shown and all(each.message and each.basis and each.suggestion for each in shown)
    operands = {operand.id for each in shown for operand in each.operands}
    assert any(one.startswith(f"{form}#1/") and one.endswith(f"{line}/{measure}") for one in operands)


@each_case
def test_not_applicable_without_the_form(account: str, kind: str, code: str, where: str, wrong: str) -> None:
    subject = next(each for each in catalogue() if each.code == code)
    outcome = check(without(account, *subject.forms), kind=kind)
    assert verdicts(outcome, code) == {"not_applicable"}
    assert all(each.reason for each in outcome.checks.results or () if each.code == code)


@pytest.mark.parametrize(
    ("account", "kind"), [(FINAL, "final_account"), (CODED_BUDGET, "budget"), (LANED_BUDGET, "budget")]
)
def test_a_balanced_account_has_no_findings_and_every_amount_is_proved(account: str, kind: str) -> None:
    outcome = check(account, kind=kind)
    assert outcome.findings == ()
    assert outcome.checks.failed == outcome.checks.needs_review == 0
    assert outcome.checks.applied == outcome.checks.passed
    silent = {
        code
        for code in {r.code for r in outcome.checks.results or ()}
        if verdicts(outcome, code) == {"not_applicable"}
    }
    assert not silent & {
        "T01-BAL",
        "X-T01-T02-INC",
        "X-T01-T03-EXP",
        "X-T04-T05",
        "X-T06-T05",
        "BG-SUM-BAL",
        "BG-FISCAL",
    }
