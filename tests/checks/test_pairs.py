"""Two reports held against each other: what they are to each other, what is compared, and what is declined with a reason."""

from __future__ import annotations

from dataclasses import replace

from checks.account_notation import verdicts
from checks.accounts import CODED_BUDGET, FINAL
from checks.examples import report_of
from checks.prose_cases import State

from gongkai import show
from gongkai.checks import Outcome, compare

NAME = "某某市商务局"
PROSE = """
    # gpb_expenditure 一般公共预算财政拨款支出
    gpb.total 一般公共预算财政拨款支出: amount=1000.00元
    gpb.change 一般公共预算财政拨款支出: base={} change=90.00元 rate=9.89%
"""
PLANNED = (
    "# gpb_detail 具体情况\ngpb.detail_item 行政运行@2011301: budget={}元 budget_kind={} amount=500.00元"
)


def between(first: State, *others: State) -> Outcome:
    made = [report_of(each, each.kind or "final_account") for each in others]
    return compare(report_of(first, first.kind or "final_account"), made)


def reasons(outcome: Outcome) -> str:
    return "；".join(each.reason or "" for each in outcome.checks.results or ())


def test_what_the_prose_implies_of_last_year_is_what_last_year_printed() -> None:
    last = State(FINAL, name=NAME, year=2021)
    for base, change, verdict in (
        ("与2021年相比", "90.00元", "pass"),
        ("与2021年相比", "80.00元", "fail"),
        ("比年初预算", "80.00元", "not_applicable"),
    ):
        this = State("", PROSE.format(base).replace("90.00元", change), name=NAME)
        assert verdicts(between(this, last), "X-YEAR-CHAIN") == {verdict}


def test_the_order_of_the_two_does_not_matter() -> None:
    this, last = State("", PROSE.format("与上年相比"), name=NAME), State(FINAL, name=NAME, year=2021)
    assert between(this, last).checks == between(last, this).checks


def test_the_initial_budget_of_an_account_is_the_budget_of_its_year() -> None:
    budget = State(CODED_BUDGET, name=NAME, kind="budget")
    for amount, kind, verdict in (
        ("500", "年初预算", "pass"),
        ("400", "年初预算", "fail"),
        ("400", "全年预算", "not_applicable"),
    ):
        account = State("", PLANNED.format(amount, kind), name=NAME)
        assert verdicts(between(account, budget), "X-YEAR-CHAIN") == {verdict}


def test_reports_that_do_not_belong_together_say_so() -> None:
    this = State(FINAL, name=NAME)
    other = between(this, State(FINAL, name="某某市交通运输局", year=2021))
    assert "不是同一单位" in reasons(other) and other.findings == () and other.checks.applied == 0
    assert "没有可以核对的关系" in reasons(between(this, State(FINAL, name=NAME, year=2019)))
    assert "没有读出" in reasons(_without_year(this))
    scopes = between(replace(this, scope="department"), State(FINAL, name=NAME, year=2021, scope="unit"))
    assert "口径不一" in reasons(scopes)


def _without_year(this: State) -> Outcome:
    other = replace(report_of(State(FINAL, name=NAME), "final_account"), fiscal_year=None)
    return compare(report_of(this, "final_account"), [other])


def test_units_are_added_up_and_some_of_them_are_no_more_than_the_department() -> None:
    table = "three_public 元\n       actual.total\ndata   {}"
    department = State(
        table.format("30.00"), name=NAME, members=(f"{NAME}（本级）", "某某市会展中心"), scope="department"
    )
    own, centre = (
        State(table.format(amount), name=name, scope="unit")
        for amount, name in (("20.00", NAME), ("10.00", "会展中心"))
    )
    assert verdicts(between(department, own, replace(centre, name="某某市会展中心")), "X-CONSOLIDATION") == {
        "pass"
    }
    assert verdicts(between(department, own, centre), "X-CONSOLIDATION") == {"pass"}
    assert verdicts(between(department, own), "X-CONSOLIDATION") == {
        "pass"
    }  # not all units: at least so much
    more = replace(own, tables=table.format("31.00"))
    assert verdicts(between(department, more), "X-CONSOLIDATION") == {"fail"}
    less = replace(own, tables=table.format("19.00"))
    assert verdicts(between(department, less, centre), "X-CONSOLIDATION") == {"fail"}
    assert verdicts(between(own, department), "X-CONSOLIDATION") == {"pass"}  # the other way round


def test_a_unit_without_the_table_is_no_unit_with_nothing() -> None:
    department = State(FINAL, name=NAME, members=(f"{NAME}本级",), scope="department")
    unit = State("three_public 元\n       actual.total\ndata   30.00", name=NAME, scope="unit")
    found = between(department, unit)
    assert verdicts(found, "X-CONSOLIDATION") == {
        "pass"
    } and "没有所属单位《一般公共预算财政拨款支出决算表》" in reasons(found)


def test_the_message_says_whose_table_it_is_and_it_is_printed() -> None:
    this, last = (
        State("", PROSE.format("与上年相比").replace("90.00元", "80.00元"), name=NAME),
        State(FINAL, name=NAME, year=2021),
    )
    found = between(this, last)
    (finding,) = found.findings
    assert (
        f"《{NAME}2021年决算·一般公共预算财政拨款支出决算表》" in finding.message
        and finding.severity == "warning"
    )
    assert finding.operands[-1].id.startswith("last.general_budget_expenditure#1/")
    lines = list(show.between(found, report_of(this, "final_account"), [report_of(last, "final_account")]))
    assert any("X-YEAR-CHAIN" in line for line in lines) and "不符 1" in lines[-1]
