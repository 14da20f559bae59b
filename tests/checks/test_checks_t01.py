"""收入支出决算总表: its own sums and its balance, each holding, failing, and with nothing to say."""

from __future__ import annotations

import pytest
from checks.account_notation import all_findings, check, verdicts

HOLDS = """
    income_expenditure_summary 元
                             amount
    general_budget           25730935.53
    other                    .
    total_income             25730935.53
    use_of_surplus           .
    carry_in                 266.15
    income_grand_total       25731201.68
    208                      266.15
    210                      25730935.53
    total_expenditure        25731201.68
    surplus_distribution     .
    carry_out                .
    expenditure_grand_total  25731201.68
"""

CASES = [
    ("T01-INC-SUM", "total_income             25730935.53", "total_income             25730935.63"),
    ("T01-INC-TOTAL", "carry_in                 266.15", "carry_in                 266.51"),
    ("T01-EXP-SUM", "208                      266.15", "208                      226.15"),
    ("T01-EXP-TOTAL", "carry_out                .", "carry_out                1.00"),
    ("T01-BAL", "expenditure_grand_total  25731201.68", "expenditure_grand_total  25731201.86"),
]


@pytest.mark.parametrize("code", [code for code, _, _ in CASES])
def test_holds(code: str) -> None:
    assert verdicts(check(HOLDS), code) == {"pass"}


@pytest.mark.parametrize(("code", "printed", "wrong"), CASES)
def test_fails(code: str, printed: str, wrong: str) -> None:
    outcome = check(HOLDS.replace(printed, wrong))
    assert verdicts(outcome, code) == {"fail"}
    assert code in {finding.code for finding in all_findings(outcome)}


@pytest.mark.parametrize("code", [code for code, _, _ in CASES])
def test_not_applicable_when_the_form_is_nil(code: str) -> None:
    nil = """
        income_expenditure_summary 元 nil
                                 amount
        general_budget           .
        total_income             .
        income_grand_total       .
        210                      .
        total_expenditure        .
        expenditure_grand_total  .
    """
    outcome = check(nil)
    assert verdicts(outcome, code) == {"not_applicable"}
    assert all(each.reason for each in outcome.checks.results or () if each.code == code)
    assert outcome.findings == ()


def test_a_missing_row_is_not_zero() -> None:
    without_total = HOLDS.replace("    total_income             25730935.53\n", "")
    assert verdicts(check(without_total), "T01-INC-SUM") == {"not_applicable"}


def test_one_wrong_cell_is_one_finding_that_names_the_cell() -> None:
    outcome = check(HOLDS.replace("total_income             25730935.53", "total_income             25730953.53"))
    assert len(outcome.findings) == 1
    finding = outcome.findings[0]
    assert {finding.code, *(child.code for child in finding.children)} == {"T01-INC-SUM", "T01-INC-TOTAL"}
    assert finding.severity == "error" and finding.verdict == "fail"
    assert finding.cause == "income_expenditure_summary#1/income:total_income/amount"
    assert "25,730,935.53元" in finding.suggestion
    assert "第1页" in finding.message and "25730953.53" in finding.message
    assert all(operand.source.page == 1 for operand in finding.operands)
