"""How far printed digits may disagree, on the examples of the field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from checks.account_notation import all_findings, check, forms, verdicts

from gongkai.checks.tolerance import allowance
from gongkai.report import Figure


def printed(unit: str, *amounts: str) -> list[Figure]:
    names = " ".join(f"?{index}" for index in range(len(amounts)))
    (form,) = forms(f"income {unit}\n{names}\ntotal {' '.join(amounts)}")
    return list(form.figures)


@pytest.mark.parametrize(
    ("unit", "amounts", "leaves", "yuan"),
    [
        ("万元", "11,229.01 11,208.44 20.58", None, "100"),  # n = 2: a hundredth
        ("万元", "1 2 3 4", None, "20000"),  # n = 3, whole 万元: two of them
        ("万元", "236.63 236.64", 2, "100"),  # one print rounded, the other the sum of two rounded parts
        ("万元", "236.63 236.64", 9, "500"),
        ("元", "25730935.53 25731201.68", None, "0"),  # nothing was converted
        ("元", "20315 20314.66", None, "0.50"),  # different decimals: half of the coarser
        ("万元", "1807.3 1807.30", 1, "500"),
        ("亿元", "1.02 1.01", 1, "1000000"),
    ],
)
def test_allowance(unit: str, amounts: str, leaves: int | None, yuan: str) -> None:
    assert allowance(printed(unit, *amounts.split()), finest=None, leaves=leaves) == Decimal(yuan)


def test_amounts_in_different_units_differ_by_half_a_digit_of_the_coarser() -> None:
    both = [*printed("万元", "171.01"), *printed("元", "1710062.00")]
    assert allowance(both, finest=None, leaves=4) == 50


def test_a_bare_zero_is_as_fine_as_its_table() -> None:
    figures = printed("万元", "6.55", "6.00", "0")
    assert allowance(figures, finest=Decimal(100), leaves=None) == 100
    assert allowance(figures, finest=None, leaves=None) == 5100


def test_counts_are_exact() -> None:
    assert allowance(printed("辆", "3", "4"), finest=None, leaves=None) == 0


def test_the_same_class_printed_twice_in_wan_is_a_tail_and_in_yuan_an_error() -> None:
    account = """
        income_expenditure_summary {unit}
                           amount
        210                236.63
        total_expenditure  236.64

        expenditure {unit}
                 total   basic   project
        total    236.64  236.64  .
        210      236.64  236.64  .
        21011    236.64  236.64  .
        2101101  40.35   40.35   .
        2101102  196.29  196.29  .
    """
    rounded = check(account.format(unit="万元"))
    assert verdicts(rounded, "X-T01-T03-EXP") == {"pass", "pass_with_rounding"}
    assert all(each.class_ == "rounding" and each.severity == "info" for each in rounded.findings)
    assert "尾差" in rounded.findings[0].message
    exact = check(account.format(unit="元"))
    assert "fail" in verdicts(exact, "X-T01-T03-EXP")


def test_tails_are_one_finding_for_each_table() -> None:
    outcome = check(
        """
        expenditure 万元
                 total  basic  project
        total    3.02   1.51   1.51
        208      1.01   0.50   0.50
        210      2.01   1.01   1.01
        """
    )
    assert outcome.checks.passed_with_rounding == 2
    (finding,) = [each for each in outcome.findings if each.class_ == "rounding"]
    assert "有2处" in finding.message and len(finding.children) == 1
    assert {each.severity for each in all_findings(outcome)} == {"info"}


def test_within_the_bound_but_larger_than_honest_rounding_gives_is_said() -> None:
    rows = "\n".join(f"        30{200 + n} 1.00" for n in range(1, 25))
    outcome = check(
        f"""
        general_budget_basic_expenditure 万元
              amount
        302   24.12
{rows}
        """
    )
    (finding,) = outcome.findings
    assert finding.verdict == "pass_with_rounding" and "尾差偏大" in finding.message


def test_a_form_printed_as_rows_is_found_by_its_measures() -> None:
    outcome = check(
        """
        three_public 元
                budget.total  budget.abroad  budget.vehicles  budget.reception
        1=data  40.00         x              x                x
        2=data  x             6.00           x                x
        3=data  x             x              24.00            x
        4=data  x             x              x                11.00
        """
    )
    assert verdicts(outcome, "T07-BUD") == {"fail"}


def test_without_a_printed_unit_a_table_is_still_checked_within_itself() -> None:
    text = """
        income_expenditure_summary
                      amount
        general_budget 90.00
        other          10.00
        total_income   110.00

        income 元
               total
        total  110.00
    """
    outcome = check(text)
    assert verdicts(outcome, "T01-INC-SUM") == {"fail"}
    assert verdicts(outcome, "X-T01-T02-INC") == {"not_applicable"}
