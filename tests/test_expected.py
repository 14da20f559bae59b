"""Forms that are promised and not there."""

from __future__ import annotations

import pytest

from gongkai.forms.expected import promised, tables_named
from gongkai.narrative import Entry
from gongkai.report import Form, Section, Source

FINAL = [
    Entry(1, "第一部分", "甲市乙局概况", None),
    Entry(2, "一", "部门职责", None),
    Entry(1, "第二部分", "2022年度部门决算表", None),
    Entry(2, "一", "收入支出决算总表", None),
    Entry(2, "二", "收入决算表", None),
    Entry(2, "三", "国有资本经营预算财政拨款支出决算表", None),
    Entry(1, "第三部分", "2022年度部门决算情况说明", None),
    Entry(2, "一", "收入支出决算总体情况说明", None),
]


def section(kind: str, text: str, title: str = "") -> Section:
    return Section(
        id="", kind=kind, number=None, title=title, level=1, text=text, source=Source("d", 1, (0, 0, 1, 1))
    )


def form(name: str, title: str, number: int = 1) -> Form:
    return Form(id=f"{name}#{number}", form=name, title=title)


THERE = [form("income_expenditure_summary", "收入支出决算总表"), form("income", "收入决算表")]


def brief(forms: tuple[Form, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.id, one.title, one.state, one.expected_by) for one in forms]


def test_tables_of_the_contents_by_part_and_by_name() -> None:
    assert tables_named(FINAL) == ["收入支出决算总表", "收入决算表", "国有资本经营预算财政拨款支出决算表"]
    budget = [
        Entry(2, "五", "部门预算表", None),
        Entry(4, "1", "2025年部门收入预算总表", None),
        Entry(2, "六", "其他说明", None),
    ]
    assert tables_named(budget) == ["2025年部门收入预算总表"]
    assert tables_named([Entry(2, "一", "收支预算总表", None), Entry(2, "二", "收入预算总表", None)]) == [
        "收支预算总表",
        "收入预算总表",
    ]


def test_the_name_of_all_tables_together_promises_none_of_that_name() -> None:
    entries = [Entry(2, "三", "名词解释", None), Entry(2, "四", "部门预算公开表", None)]
    assert tables_named(entries) == []


def test_a_note_about_empty_tables_is_no_table() -> None:
    entries = [
        Entry(1, "第二部分", "2024年部门预算表", None),
        Entry(2, "一", "部门支出预算表", None),
        Entry(2, "二", "空表说明", None),
    ]
    assert tables_named(entries) == ["部门支出预算表"]


def test_one_promised_form_is_missing_from_those_given() -> None:
    said = [section("performance", "绩效评价结果为优。详见附件。")]
    assert brief(promised(FINAL, said, THERE, "final_account")) == [
        ("state_capital#1", "国有资本经营预算财政拨款支出决算表", "missing", "toc")
    ]


def test_nothing_is_promised_when_all_is_there() -> None:
    there = [*THERE, form("state_capital", "国有资本经营预算财政拨款支出决算表")]
    assert promised(FINAL, [], there, "final_account") == ()


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (section("part_tables", "（详情见附件）"), "elsewhere"),
        (section("part_tables", "具体公开表样附后"), "elsewhere"),
        (section("part_tables", ""), "missing"),
        (section("total_overview", "全市分配的专项经费。（详见附表）"), "elsewhere"),
        (section("performance", "绩效评价结果为优。详见附件。"), "missing"),
    ],
)
def test_where_the_text_says_that_the_tables_are(said: Section, state: str) -> None:
    found = promised(FINAL, [said], [], "final_account")
    assert [one.state for one in found] == [state] * 3
    assert [one.form for one in found] == ["income_expenditure_summary", "income", "state_capital"]


def test_a_tables_part_without_tables_and_without_contents_is_promised_as_a_whole() -> None:
    part = section("part_tables", "（详情见附件）", "部门决算表")
    assert brief(promised([], [part], [], "final_account")) == [
        ("unknown#1", "部门决算表", "elsewhere", "text")
    ]


def test_tables_of_no_known_form_are_promised_as_unknown_and_found_by_title() -> None:
    entries = [
        Entry(1, "第二部分", "部门预算公开表格", None),
        Entry(3, "一", "部门收支总表", None),
        Entry(3, "二", "支出分类(政府预算)", None),
    ]
    assert [(one.form, one.title) for one in promised(entries, [], [], "budget")] == [
        ("budget_summary", "部门收支总表"),
        ("unknown", "支出分类(政府预算)"),
    ]
    there = [form("budget_summary", "2021年部门收支总表"), form("unknown", "支出分类（政府预算）")]
    assert promised(entries, [], there, "budget") == ()


def test_a_table_that_the_text_sends_to_an_annex() -> None:
    said = section("performance", "执行率为98.76%（自评表详见附件1第2页）。项目绩效目标完成。")
    assert brief(promised([], [said], THERE, "final_account")) == [
        ("performance_self_evaluation#1", "自评表", "elsewhere", "text")
    ]
    there = [*THERE, form("performance_self_evaluation", "项目绩效自评表")]
    assert promised([], [said], there, "final_account") == ()


def test_marks_of_a_title_are_no_part_of_it_and_a_part_says_in_its_title_where_the_tables_are() -> None:
    entries = [Entry(1, "第四部分", "部门决算报表（见附表）", None), Entry(2, "一", "《收入决算表》", None)]
    said = section("part_tables", "", "部门决算报表（见附表）")
    assert brief(promised(entries, [said], [], "final_account")) == [
        ("income#1", "收入决算表", "elsewhere", "toc")
    ]


def test_a_section_about_a_table_that_is_listed_promises_no_second_one() -> None:
    entries = [
        Entry(1, "第二部分", "2022年度部门决算表", None),
        Entry(2, "十三", "2022年度部门整体支出绩效自评表", None),
        Entry(1, "第四部分", "其他重要事项", None),
        Entry(2, "四", "部门绩效自评情况", None),
        Entry(3, "二", "部门整体支出绩效自评表", None),
    ]
    assert tables_named(entries) == ["2022年度部门整体支出绩效自评表"]
    assert tables_named(entries[2:]) == ["部门整体支出绩效自评表"]


def test_a_bracket_that_says_how_finely_it_is_broken_down_makes_no_other_table() -> None:
    entries = [
        Entry(1, "第四部分", "预算公开报表", None),
        Entry(2, "五", "2024年部门预算一般公共预算支出表（细化到功能分类项级科目）", None),
    ]
    there = [form("budget_general_expenditure", "2024年部门预算一般公共预算支出表")]
    assert promised(entries, [], there, "budget") == ()
