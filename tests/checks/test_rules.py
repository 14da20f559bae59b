"""The checks that need an ``if``, and the ways in which a check declines to speak or passes the question to a person."""

from __future__ import annotations

import pytest
from checks.account_notation import all_findings, check, forms, verdicts, with_cell, without
from checks.accounts import FINAL
from facts.typed import section
from tests.forms.drawn import table

from gongkai.checks import run
from gongkai.facts import mentions
from gongkai.forms.recognise import forms_of

CODES = """
income 元
         total
total    30.00
208      30.00
20805    30.00
2080501  10.00
2080505  20.00
"""


def test_codes_in_order_below_their_parents_hold() -> None:
    assert verdicts(check(CODES), "T02-CODE") == {"pass"}


def test_a_code_out_of_order_or_without_parent_is_told_with_its_row() -> None:
    swapped = CODES.replace("2080501  10.00\n2080505  20.00", "2080505  20.00\n2080501  10.00")
    orphan = CODES.replace("2080505", "2081105")
    for text, what in ((swapped, "2080501排在2080505之后"), (orphan, "2081105的上级20811没有列出")):
        findings = [each for each in all_findings(check(text)) if each.code == "T02-CODE"]
        assert [each.severity for each in findings] == ["warning"] and what in findings[0].message
        assert findings[0].operands


def test_codes_of_several_units_in_one_table_are_not_judged() -> None:
    assert verdicts(
        check(CODES.replace("2080505  20.00", "?2080505  20.00\n1=2080501  10.00")), "T02-CODE"
    ) == {"not_applicable"}


def test_a_promised_form_that_is_not_there() -> None:
    outcome = check(without(FINAL, "state_capital") + "\n\nstate_capital missing")
    finding = next(each for each in outcome.findings if each.code == "X-TOC-BODY")
    assert (finding.severity, finding.class_, finding.verdict) == ("warning", "structure", "fail")
    assert verdicts(outcome, "T09-ROW") == {"not_applicable"}


def test_a_form_that_stands_elsewhere_is_no_finding_and_nothing_promised_is_not_applicable() -> None:
    elsewhere = without(FINAL, "state_capital") + "\n\nstate_capital elsewhere"
    assert verdicts(check(elsewhere), "X-TOC-BODY") == {"not_applicable"}
    assert verdicts(check(FINAL), "X-TOC-BODY") == {"not_applicable"}


def test_row_numbers_are_checked_only_when_asked() -> None:
    text = """
        income_expenditure_summary 元
                           amount
        1=general_budget   10.00
        2=total_income     10.00
    """
    assert verdicts(check(text, strict=True), "STRUCT-ROWNO") == {"pass"}
    gap = text.replace("2=total", "4=total")
    finding = next(each for each in check(gap, strict=True).findings if each.code == "STRUCT-ROWNO")
    assert finding.severity == "info" and "行次1之后是4" in finding.message
    assert verdicts(check(gap), "STRUCT-ROWNO") == set()
    assert verdicts(check(CODES, strict=True), "STRUCT-ROWNO") == {"not_applicable"}


def test_a_misprinted_unit_is_one_finding_that_explains_all() -> None:
    outcome = check(FINAL.replace("income 元", "income 万元", 1))
    errors = [each for each in outcome.findings if each.severity == "error"]
    assert [each.code for each in errors] == ["BG-UNIT"]
    assert "《收入决算表》（金额单位：万元）" in errors[0].message
    assert {"X-T01-T02-INC", "X-T01-T02-FISCAL"} <= {child.code for child in errors[0].children}
    assert verdicts(check(FINAL), "BG-UNIT") == {"pass"}
    assert verdicts(check(CODES), "BG-UNIT") == {"not_applicable"}


def test_one_wrong_cell_is_one_finding_that_names_it_and_what_it_should_be() -> None:
    outcome = check(with_cell(FINAL, "expenditure 2101102 basic", "420.00"))
    (finding,) = outcome.findings
    assert {finding.code, *(each.code for each in finding.children)} == {"T03-ROW", "T03-HIER"}
    assert finding.cause == "expenditure#1/2101102/basic"
    assert "改为240.00元" in finding.suggestion
    assert "第3页" in finding.message and "420.00" in finding.message


def test_the_same_amount_missing_in_three_places_is_one_finding() -> None:
    """Money brought in from last year that one table calls income: every sum holds, three identities between tables do not."""
    text = """
        income_expenditure_summary 元
                                 amount
        general_budget           735.53
        other                    .
        total_income             735.53
        carry_in                 66.15
        income_grand_total       801.68
        208                      66.15
        210                      735.53
        total_expenditure        801.68
        carry_out                .
        expenditure_grand_total  801.68

        income 元
               total   fiscal  other
        total  801.68  735.53  66.15
        210    801.68  735.53  66.15

        expenditure 元
               total   basic   project
        total  801.68  801.68  .
        208    66.15   66.15   .
        210    735.53  735.53  .
    """
    (finding,) = check(text).findings
    assert finding.code == "X-T01-T02-INC" and finding.severity == "error"
    assert {each.code for each in finding.children} == {"X-T01-T02-OTHER", "X-T02-T03-FUNC"}
    assert finding.cause is None and "66.15元" in finding.message


def test_where_nothing_is_left_over_no_item_receives_more_than_it_spends() -> None:
    text = """
        income_expenditure_summary 元
                                 amount
        total_income             100.00
        carry_in                 20.00
        income_grand_total       120.00
        total_expenditure        120.00
        carry_out                .
        expenditure_grand_total  120.00

        income 元
               total
        total  100.00
        208    30.00
        210    70.00

        expenditure 元
               total
        total  120.00
        208    50.00
        210    70.00
    """
    assert not check(text).findings
    (finding,) = check(
        text.replace("208    30.00", "208    60.00").replace("210    70.00", "210    40.00", 1)
    ).findings
    assert finding.code == "X-T02-T03-FUNC" and finding.left == 60 and finding.right == 50


def test_two_different_errors_are_two_findings() -> None:
    text = with_cell(FINAL, "expenditure 2101102 basic", "420.00")
    outcome = check(with_cell(text, "three_public data budget.reception", "1.00"))
    assert len(outcome.findings) == 2


def test_a_doubtful_reading_is_for_a_person_and_never_an_error() -> None:
    outcome = check(with_cell(FINAL, "expenditure 2101102 basic", "420.00!"))
    assert outcome.findings and all(each.verdict == "needs_review" for each in all_findings(outcome))
    assert {each.severity for each in outcome.findings} == {"warning"}
    assert outcome.checks.failed == 0 and outcome.checks.needs_review == 2


def test_a_row_that_nobody_knows_may_be_the_missing_addend() -> None:
    text = """
        income_expenditure_summary 元
                       amount
        general_budget 90.00
        ?往来收入       10.00
        total_income   100.00
    """
    outcome = check(text)
    assert verdicts(outcome, "T01-INC-SUM") == {"needs_review"}
    assert "往来收入" in (outcome.findings[0].reason or "")


def test_a_missing_row_or_an_unread_cell_is_not_zero() -> None:
    missing = FINAL.replace("total_income             1000.00\n", "")
    assert verdicts(check(missing), "T01-INC-SUM") == {"not_applicable"}
    unread = check(with_cell(FINAL, "income_expenditure_summary total_income amount", "10#0.00"))
    assert verdicts(unread, "X-T01-T02-INC") == {"not_applicable"}
    assert not [each for each in unread.findings if each.severity == "error"]


def test_a_total_marked_as_not_applicable_is_skipped() -> None:
    text = """
        general_budget_basic_expenditure 元
        .                amount  basic
        309              .       ────
        30901            .       ────
        302              10.00   10.00
        30201            10.00   10.00
        public_total     10.00   10.00
    """.replace(".                amount", "                 amount")
    outcome = check(text)
    assert outcome.findings == ()
    assert verdicts(outcome, "T06-PUB") == {"pass"}
    reasons = [each.reason or "" for each in outcome.checks.results or () if each.code == "T06-CLASS"]
    assert any("不适用" in reason for reason in reasons)


def test_items_that_every_table_leaves_out_may_be_secret() -> None:
    text = FINAL
    for form, column in (
        ("income", "fiscal"),
        ("expenditure", "basic"),
        ("general_budget_expenditure", "basic"),
    ):
        for measure in ("total", column):
            text = with_cell(text, f"{form} 2101101 {measure}", "51.00")
    findings = [each for each in all_findings(check(text)) if each.code.endswith("HIER")]
    assert findings and {each.verdict for each in findings} == {"needs_review"}
    assert "涉密" in (findings[0].reason or "")
    one = with_cell(
        with_cell(FINAL, "expenditure 2101101 total", "51.00"), "expenditure 2101101 basic", "51.00"
    )
    assert verdicts(check(one), "T03-HIER") >= {"fail"}


def test_the_same_forms_of_two_units_are_paired_in_order() -> None:
    pair = """
        income_expenditure_summary 元
                      amount
        general_budget {a}
        total_income  {a}

        income 元
               total  fiscal
        total  {a}    {a}
    """
    two = pair.format(a="10.00") + "\n" + pair.format(a="20.00")
    results = [each for each in check(two).checks.results or () if each.code == "X-T01-T02-INC"]
    assert [each.verdict for each in results] == ["pass", "pass"]
    three = two + "\n" + pair.format(a="30.00").split("\n\n")[1]
    assert verdicts(check(three), "X-T01-T02-INC") == {"not_applicable"}


def test_ids_are_the_same_in_every_run() -> None:
    text = with_cell(FINAL, "expenditure 2101102 basic", "420.00")
    first, second = check(text), check(text)
    assert [each.id for each in all_findings(first)] == [each.id for each in all_findings(second)]
    assert len({each.id for each in first.checks.results or ()}) == len(
        {(each.code, each.operands, each.reason) for each in first.checks.results or ()}
    )


def test_proofs_are_equalities_that_hold() -> None:
    proved = check(with_cell(FINAL, "expenditure 2101102 basic", "420.00")).proved
    assert "expenditure#1/2101102/basic" not in proved
    assert set(proved["expenditure#1/total/total"]) >= {"T03-ROW", "T03-COL-TOTAL", "X-T01-T03-EXP"}


def test_items_of_procurement_add_up_level_by_level() -> None:
    text = """
        budget_procurement 万元
                             total
        total                30.00
        goods                20.00
        services             10.00
        ?货物A/设备费         20.00
        ?货物A/设备费/服务器  15.00
        ?货物A/设备费/打印机  5.00
    """
    assert verdicts(check(text, kind="budget"), "BG-PROC") == {"pass"}
    wrong = check(text.replace("打印机  5.00", "打印机  0.50"), kind="budget")
    (finding,) = wrong.findings
    assert finding.code == "BG-PROC" and finding.verdict == "fail"
    twice = text.replace(
        "?货物A/设备费         20.00", "?货物A/设备费         20.00\n        ?货物A/设备费#2       1.00"
    )
    assert not [each for each in check(twice, kind="budget").findings if each.verdict == "fail"]


def test_a_blank_beside_an_amount_in_the_same_row_counts_as_nothing() -> None:
    swapped = """
        general_budget_expenditure 元
                 total   basic   project
        20103    349.31  .       349.31
        2010302  349.31  349.31  .
    """
    assert "fail" in verdicts(check(swapped), "T05-HIER")
    right = swapped.replace("349.31  349.31  .", "349.31  .       349.31")
    assert verdicts(check(right), "T05-HIER") == {"pass"}


BY_FUND = """
budget_expenditure 元
         total   general_budget  general_budget.basic  general_budget.project  government_fund  other_funds  other_funds.service  other_funds.other
total    130.00  100.00          60.00                 40.00                   10.00            20.00        .                    20.00
213      130.00  100.00          60.00                 40.00                   10.00            20.00        .                    20.00
"""


def test_an_expenditure_table_by_fund_adds_up_by_fund() -> None:
    assert verdicts(check(BY_FUND, kind="budget"), "BG-EXP") == {"pass"}
    findings = [
        each
        for each in all_findings(check(BY_FUND.replace("213      130.00", "213      150.00"), kind="budget"))
        if each.code == "BG-EXP"
    ]
    assert findings and "150.00" in findings[0].message


INCOME_BY_SOURCE = """
budget_income 元
         total   current  general_budget  other_funds  other  carry_in  carry_in.general_budget
total    130.00  120.00   100.00          20.00        20.00  10.00     10.00
"""


def test_this_years_income_is_the_sum_of_its_sources_and_not_of_what_was_carried_over() -> None:
    assert verdicts(check(INCOME_BY_SOURCE, kind="budget"), "BG-INC") == {"pass"}
    wrong = check(INCOME_BY_SOURCE.replace("100.00          20.00", "100.00          26.00"), kind="budget")
    assert any("26.00" in each.message for each in all_findings(wrong) if each.code == "BG-INC")


BOUGHT = """
    单位名称 | 采购项目名称 | 采购数量 | 单价 | 合计 | 一般公共预算
    合计 | < | | | 12.00 | {sum}
    福利院 | 护理床 | 30 | 0.30 | 9.00 | 9.00
    福利院 | 物业服务 | 1 | 3.00 | 3.00 | 3.00
    """


@pytest.mark.parametrize(("total", "said"), [("12.00", set()), ("11.00", {"fail"})])
def test_a_plain_list_adds_up_to_its_total(total: str, said: set[str]) -> None:
    made, _ = forms_of([table(BOUGHT.format(sum=total), title="政府采购预算表")], "budget", 2022)
    found = run(made, kind="budget", fiscal_year=2022)
    assert {each.verdict for each in found.findings if each.code == "BG-PROC"} == said


def test_a_list_in_levels_is_not_added_up() -> None:
    rows = """
        项目名称 | 合计 | 一般公共预算
        特定目标类 | 12.00 | 12.00
        甲项目 | 5.00 | 5.00
        乙项目 | 7.00 | 7.00
        合计 | 12.00 | 12.00
        """
    made, _ = forms_of([table(rows, title="项目支出表")], "budget", 2022)
    assert not run(made, kind="budget", fiscal_year=2022).findings


def test_public_money_is_held_against_its_own_items_though_all_are_listed_together() -> None:
    text = (
        "基本支出20.00万元，其中：人员经费15.00万元，公用经费5.00万元。\n"
        "1.人员经费主要包括：基本工资9.00万元、津贴补贴3.00万元等。\n2.公用经费主要包括：办公费{}万元、水费1.00万元等。"
    )
    for office, expected in (("2.00", set()), ("6.00", {"N-LIST-SUM"})):
        found, _ = mentions(
            (section("gpb_basic", text.format(office)),), kind="final_account", fiscal_year=2022
        )
        told = run((), found, kind="final_account", fiscal_year=2022).findings
        assert {each.code for each in told} == expected


def test_personnel_of_all_money_is_not_held_against_the_general_budget() -> None:
    tables = """
        expenditure 万元
               total   basic   project
        total  33.60   23.60   10.00

        general_budget_expenditure 万元
               total   basic   project
        total  30.00   20.00   10.00

        general_budget_basic_expenditure 万元
                         amount
        personnel_total  15.00
        public_total     5.00
        """
    said = "基本支出{}万元。其中，人员经费15.00万元，公用经费{}万元。"
    for whole, public, expected in (("23.60", "8.60", set()), ("20.00", "8.60", {"X-NARR-TOTAL"})):
        text = section("total_overview", said.format(whole, public))
        found, _ = mentions((text,), kind="final_account", fiscal_year=2022)
        told = run(forms(tables), found, kind="final_account", fiscal_year=2022).findings
        assert {each.code for each in told if each.code == "X-NARR-TOTAL"} == expected
