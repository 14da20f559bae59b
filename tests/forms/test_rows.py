"""Heads, lanes and printed addresses: how a table that departments print gets its keys."""

from __future__ import annotations

import pytest
from tests.forms.drawn import table

from gongkai.forms.heads import covering, read_head
from gongkai.forms.recognise import forms_of
from gongkai.forms.rows import rows_of
from gongkai.report import Form


def read(text: str, title: str, unit: str | None = "万元") -> Form:
    forms, _ = forms_of([table(text, title=title, unit=unit)], None, 2022)
    return forms[0]


def keyed(form: Form) -> dict[tuple[str, str], str]:
    return {(figure.row_key, figure.col_key): figure.printed for figure in form.figures}


TWO_SIDES = """
收入            | <    | <     | 支出               | <    | <
项目            | 行次 | 金额  | 项目               | 行次 | 金额
栏次            |      | 1     | 栏次               |      | 2
一、一般公共预算财政拨款收入 | 1.00 | 12.00 | 一、一般公共服务支出 | 32.00 | 
                | 2    |       | 二、外交支出       | 33   | 12.00
本年收入合计    | 27   | 12.00 | 本年支出合计       | 58   | 12.00
年初结转和结余  | 29   |       | 年末结转和结余     | 60   | 
总计            | 31   | 12.00 | 总计               | 62   | 12.00
"""


def test_two_sides_are_keyed_by_row_number_and_filler_rows_vanish() -> None:
    form = read(TWO_SIDES, "收入支出决算总表")
    assert form.form == "income_expenditure_summary"
    assert keyed(form) == {
        ("income:1", "1"): "12.00",
        ("income:27", "1"): "12.00",
        ("income:29", "1"): "",
        ("income:31", "1"): "12.00",
        ("expenditure:32", "2"): "",
        ("expenditure:33", "2"): "12.00",
        ("expenditure:58", "2"): "12.00",
        ("expenditure:60", "2"): "",
        ("expenditure:62", "2"): "12.00",
    }
    assert [f.line for f in form.figures][:4] == [
        "general_budget",
        "total_income",
        "carry_in",
        "income_grand_total",
    ]


def test_without_row_numbers_the_label_is_the_key_and_a_second_one_takes_its_parent() -> None:
    form = read(
        """
        收入 | < | 支出 | < | <
        项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款
        一、一般公共预算财政拨款 | 9 | 一、一般公共服务支出 | 9 | 9
        本年收入合计 | 9 | 本年支出合计 | 9 | 9
        年初财政拨款结转和结余 | 1 | 年末财政拨款结转和结余 | 1 | 1
        一、一般公共预算财政拨款 | 1 | | |
        总计 | 10 | 总计 | 10 | 10
        """,
        "财政拨款收入支出决算总表",
    )
    keys = [f.row_key for f in form.figures if f.row_key.startswith("income")]
    assert keys[0] == "income:一、一般公共预算财政拨款"
    assert keys[3] == "income:年初财政拨款结转和结余/一、一般公共预算财政拨款"
    assert ("expenditure:总计", "支出/合计") in keyed(form)


def test_three_lanes_and_a_label_that_spans_them() -> None:
    form = read(
        """
        收入 | < | 支出 | < | < | <
        项目名称 | 金额 | 功能分类 | < | 支出用途 | <
        ^ | ^ | 功能科目名称 | 金额 | 项目名称 | 金额
        一、财政拨款 | 5.00 | 一、一般公共服务支出 | 5.00 | 一、基本支出 | 5.00
        当年收入小计 | 5.00 | 当年支出小计 | < | < | 5.00
        """,
        "收支预算总表",
    )
    assert keyed(form)[("expenditure:当年支出小计", "支出/支出用途/金额")] == "5.00"
    assert not any(key == "expenditure:当年支出小计" and "功能" in col for key, col in keyed(form))


def test_codes_in_three_columns_join_and_single_digits_are_padded() -> None:
    form = read(
        """
        项目 | < | < | < | 支出预算 | < | <
        功能分类科目编码 | < | < | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | 项 | ^ | ^ | ^ | ^
        201 |   |    | 一般公共服务支出 | 3.00 | 3.00 |
        201 | 3 |    | 政府办公厅 | 3.00 | 3.00 |
        201 | 03 | 01 | 行政运行 | 3.00 | 3.00 |
        合计 | < | < | < | 3.00 | 3.00 |
        """,
        "2025年部门支出预算总表",
        unit="元",
    )
    assert [f.row_key for f in form.figures if f.col_key == "支出预算/合计"] == [
        "201",
        "20103",
        "2010301",
        "合计",
    ]
    assert [f.line for f in form.figures if f.col_key == "支出预算/合计"] == [
        "201",
        "20103",
        "2010301",
        "total",
    ]


def test_code_lanes_side_by_side() -> None:
    form = read(
        """
        人员经费 | < | < | 公用经费 | < | < | < | < | <
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 8.00 | 302 | 商品和服务支出 | 2.00 | 310 | 资本性支出 |
        30101 | 基本工资 | 8.00 | 30201 | 办公费 | 2.00 | 31002 | 办公设备购置 |
        人员经费合计 | < | 8.00 | 公用经费合计 | < | < | < | < | 2.00
        """,
        "一般公共预算财政拨款基本支出决算明细表",
    )
    assert keyed(form)[("公用经费合计", "公用经费/决算数")] == "2.00"
    assert keyed(form)[("31002", "公用经费/决算数")] == ""
    lines = {f.row_key: f.line for f in form.figures}
    assert (lines["人员经费合计"], lines["公用经费合计"], lines["30201"]) == (
        "personnel_total",
        "public_total",
        "30201",
    )


def test_label_columns_are_joined_and_carried_down() -> None:
    form = read(
        """
        项目名称 | < | 金额
        收入总计 | < | 5.00
        一般公共预算资金 | 小计 | 5.00
        ^ | 专项收入 |
        其他资金 | 小计 |
        """,
        "收入预算总表",
    )
    assert [f.row_key for f in form.figures] == [
        "收入总计",
        "一般公共预算资金/小计",
        "一般公共预算资金/专项收入",
        "其他资金/小计",
    ]


def test_blank_labels_are_carried_and_numbering_is_dropped() -> None:
    form = read(
        """
        采购品目大类 | 专项名称 | 采购物品名称 | 采购组织形式 | 总计
        合计 | | | | 9.00
        一、货物A | | | | 5.00
        | 设备购置费 | | | 5.00
        | | 打印机 | 分散 | 5.00
        二、服务C | | | | 4.00
        """,
        "政府采购支出预算表",
    )
    assert [f.row_key for f in form.figures] == [
        "合计",
        "货物A",
        "货物A/设备购置费",
        "货物A/设备购置费/打印机/分散",
        "服务C",
    ]


def test_one_unlabelled_row_is_data_and_scale_numbers_are_the_column_keys() -> None:
    form = read(
        """
        预算数 | < | < | < | < | < | 决算数 | < | < | < | < | <
        合计 | 因公出国(境)费 | 公务用车购置及运行费 | < | < | 公务接待费 | 合计 | 因公出国(境)费 | 公务用车购置及运行费 | < | < | 公务接待费
        ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^
        1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
        11.30 | 0.00 | 6.30 | 0.00 | 6.30 | 5.00 | 3.57 | 0.00 | 3.30 | 0.00 | 3.30 | 0.27
        """,
        "一般公共预算财政拨款“三公”经费支出决算表",
    )
    assert form.form == "three_public"
    assert {f.row_key for f in form.figures} == {"data"} and [f.col_key for f in form.figures] == [
        str(n) for n in range(1, 13)
    ]
    assert [f.measure for f in form.figures][::6] == ["budget.total", "actual.total"]


def test_the_same_form_printed_as_rows_has_the_same_measures() -> None:
    form = read(
        """
        项目 | 预算数 | 决算数
        合计 | 11.30 | 3.57
        因公出国（境）费 | 0.00 | 0.00
        公务接待费 | 5.00 | 0.27
        """,
        "一般公共预算财政拨款“三公”经费支出决算表",
    )
    named = {(f.row_key, f.col_key): (f.line, f.measure) for f in form.figures}
    assert named[("公务接待费", "决算数")] == ("data", "actual.reception")
    assert named[("合计", "预算数")] == ("data", "budget.total")


@pytest.mark.parametrize("body", ["合计 | | | |", "| | | |"])
def test_a_form_without_a_single_amount_is_nil(body: str) -> None:
    form = read(
        f"""
        项目 | < | 本年支出 | < | <
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        {body}
        """,
        "国有资本经营预算财政拨款支出决算表",
    )
    assert (form.form, form.state) == ("state_capital", "nil")


def test_a_table_of_no_known_form_is_returned_whole() -> None:
    form = read("序号 | 单位名称 | 备注\n1 | 某某中心 |\n2 | 某某站 |", "", unit=None)
    assert form.form == "unknown" and form.figures == () and form.grid is not None
    assert [cell.text for cell in form.grid.cells][3:5] == ["1", "某某中心"]


def test_a_form_without_a_printed_unit_raises_an_issue_and_guesses_nothing() -> None:
    forms, issues = forms_of([table(TWO_SIDES, title="收入支出决算总表", unit=None)], "final_account", 2022)
    assert [issue.kind for issue in issues] == ["unit_unknown"]
    assert all(figure.yuan is None for figure in forms[0].figures)


def test_head_rows_end_where_data_begins() -> None:
    drawn = table("合计 | 基本支出 | 项目支出\n9.00 | 5.00 | 4.00")
    head = read_head(drawn, covering(drawn))
    assert head.rows == 1 and [row.key for row in rows_of(drawn, covering(drawn), head, False)] == ["data"]


def test_a_counting_row_is_the_scale_with_or_without_its_name() -> None:
    form = read(
        """
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        ** | ** | 1=2+3 | 2 | 3
        201 | 一般公共服务支出 | 9.00 | 5.00 | 4.00
        合计 | < | 9.00 | 5.00 | 4.00
        """,
        "部门支出总表",
    )
    assert ("201", "1") in keyed(form) and ("合计", "3") in keyed(form)


@pytest.mark.parametrize(
    "label", ["2010301行政运行", "[2010301]行政运行", "2010301-行政运行", "（2010301）行政运行"]
)
def test_a_code_printed_before_its_name_is_the_key(label: str) -> None:
    form = read(
        f"功能科目 | 合计 | 基本支出 | 项目支出\n{label} | 9.00 | 5.00 | 4.00\n合计 | 9.00 | 5.00 | 4.00",
        "支出决算表",
    )
    assert {(f.row_key, f.row_label) for f in form.figures} == {("2010301", "行政运行"), ("合计", "合计")}


def test_a_body_code_beside_the_classification_is_no_part_of_it() -> None:
    form = read(
        """
        单位代码 | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        108001 | 2010301 | 行政运行 | 9.00 | 5.00 | 4.00
        """,
        "部门支出总表",
    )
    assert {f.row_key for f in form.figures} == {"2010301"}


def test_a_body_code_after_the_classification_is_no_part_of_it_and_a_row_of_the_body_has_none() -> None:
    form = read(
        """
        科目编码 | < | < | 单位代码 | 单位（科目名称） | 总计 | 基本支出 | < | 项目支出 | <
        类 | 款 | 项 | ^ | ^ | ^ | 小计 | 工资福利支出 | 小计 | 专项资金
        ** | ** | ** | ** | ** | 1 | 2 | 3 | 4 | 5
         |  |  |  | 合计 | 9.00 | 5.00 | 5.00 | 4.00 | 4.00
         |  |  | 035 | 农业农村局 | 6.00 | 5.00 | 5.00 | 1.00 | 1.00
        208 | 05 | 05 | 035 | 养老保险缴费支出 | 5.00 | 5.00 | 5.00 |  |
        213 | 01 | 08 | 035 | 病虫害控制 | 1.00 |  |  | 1.00 | 1.00
         |  |  | 036 | 植保站 | 3.00 |  |  | 3.00 | 3.00
        213 | 01 | 08 | 036 | 病虫害控制 | 3.00 |  |  | 3.00 | 3.00
        """,
        "2021年部门支出总体情况表",
    )
    totals = [(f.row_key, f.line, f.measure, f.printed) for f in form.figures if f.col_key == "1"]
    assert totals == [
        ("合计", "total", "total", "9.00"),
        ("农业农村局", "body", "total", "6.00"),
        ("2080505", "2080505", "total", "5.00"),
        ("2130108", "2130108", "total", "1.00"),
        ("植保站", "body", "total", "3.00"),
        ("2130108#2", "2130108", "total", "3.00"),
    ]
    assert {f.measure for f in form.figures if f.col_key in ("2", "4")} == {"basic", "project"}


def test_of_two_economic_classifications_side_by_side_the_department_s_is_the_key() -> None:
    form = read(
        """
        部门预算支出经济分类科目 | < | < | 政府预算支出经济分类科目 | < | < | 基本支出 | < | <
        科目编码 | < | 科目名称 | 科目编码 | < | 科目名称 | 合计 | 人员经费 | 公用经费
        类 | 款 | ^ | 类 | 款 | ^ | ^ | ^ | ^
         |  | 合计 |  |  |  | 9.00 | 8.00 | 1.00
        301 | 01 | 基本工资 | 501 | 01 | 工资奖金津补贴 | 5.00 | 5.00 |
        301 | 02 | 津贴补贴 | 501 | 01 | 工资奖金津补贴 | 3.00 | 3.00 |
        302 | 01 | 办公费 | 502 | 01 | 办公经费 | 1.00 |  | 1.00
        """,
        "2021年一般公共预算基本支出情况表",
    )
    assert [(f.row_key, f.row_label, f.line) for f in form.figures if f.measure == "total"] == [
        ("合计", "合计", "total"),
        ("30101", "基本工资", "30101"),
        ("30102", "津贴补贴", "30102"),
        ("30201", "办公费", "30201"),
    ]


def test_projects_are_rows_named_by_their_labels_and_their_sources_are_columns() -> None:
    form = read(
        """
        类型 | 项目名称 | 合计 | 本年拨款 | < | 财政拨款结转结余 | 单位资金
        ^ | ^ | ^ | 一般公共预算 | 政府性基金预算 | 一般公共预算 | ^
        专项 | 科普活动经费 | 9.00 | 8.00 |  | 1.00 |
        合计 | < | 9.00 | 8.00 |  | 1.00 |
        """,
        "项目支出表",
    )
    assert form.form == "budget_project"
    assert [(f.line, f.measure) for f in form.figures[5:]] == [
        ("total", "total"),
        ("total", "general_budget"),
        ("total", "government_fund"),
        ("total", "carry_in.general_budget"),
        ("total", "other_funds"),
    ]


def test_a_column_of_dashes_is_none_of_labels_though_two_fell_into_one_cell() -> None:
    form = read(
        """
        科目编码 | 科目名称 | 本年收入合计 | 财政拨款收入 | 经营收入 | 附属单位上缴收入 | 其他收入
        205 | 教育支出 | 3.21 | 3.21 | - - |  | -
        合计 | < | 3.21 | 3.21 | - - |  | -
        """,
        "收入决算表",
    )
    assert {f.row_key for f in form.figures} == {"205", "合计"}
    assert {f.state for f in form.figures if f.measure == "business"} == {"unread"}


STRAY_WORD = """
单位名称 | 2023年预算数 | <            | <            | 2024年预算数 | <
^        | 合计         | 公务用车购置 | 公务用车运行费 | 合计       | 公务接待费
合计     | 19.00        | 费           | 10.20        | 17.80        | 3.20
市文化局 | 15.20        |              | 7.20         | 14.40        | 2.60
博物馆   | 3.80         |              | 3.00         | 3.40         | 0.60
"""


def test_amounts_right_of_a_stray_word_are_not_lost_with_the_labels_that_it_lacks() -> None:
    form = read(STRAY_WORD, "一般公共预算“三公”经费支出情况表")
    assert {"10.20", "7.20", "3.00", "14.40", "3.40", "2.60", "0.60"} <= {f.printed for f in form.figures}
    beside = [f for f in form.figures if f.printed in ("7.20", "14.40", "2.60")]
    assert {f.row_label for f in beside} == {"市文化局"} and {f.grade for f in beside} == {"check"}


def test_three_public_of_a_department_names_the_sum_and_the_bodies() -> None:
    form = read(STRAY_WORD.replace(" 费 ", "    "), "一般公共预算“三公”经费支出情况表")
    assert {(f.row_label, f.line) for f in form.figures} == {
        ("合计", "data"),
        ("市文化局", "body"),
        ("博物馆", "body"),
    }


def test_two_sides_whose_captions_stand_wrong_are_told_by_their_rows() -> None:
    first = TWO_SIDES.strip().splitlines()[0]
    form = read(TWO_SIDES.replace(first, "收入 | | 支出 | < | < | <"), "收入支出决算总表")
    lines = {f.row_key: (f.line, f.measure) for f in form.figures if f.printed}
    assert lines["income:31"] == ("income_grand_total", "amount")
    assert lines["expenditure:62"] == ("expenditure_grand_total", "amount")


def named(form: Form) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    return {(f.row_label, f.printed): (f.line, f.measure) for f in form.figures if f.state == "value"}


def test_rows_of_a_list_of_projects_are_its_items_and_sums_are_none() -> None:
    form = read(
        """
        单位名称 | 项目名称 | 功能科目 | 合计 | 本年拨款 | 单位资金
        市交通局(本级) | 规划编制 | 2149999其他支出 | 4.00 | 4.00 |
        市公路中心 | 日常养护 | 2140106公路养护 | 7.00 | 6.00 | 1.00
        合计 | < | < | 11.00 | 10.00 | 1.00
        """,
        "项目支出预算总表",
    )
    assert {f.row_key.split("/")[-1]: f.line for f in form.figures} == {
        "2149999其他支出": "item",
        "2140106公路养护": "item",
        "合计": "total",
    }


def test_a_unit_of_measure_between_the_numbers_ends_no_lane() -> None:
    form = read(
        """
        单位名称 | 采购项目名称 | 采购数量 | 计量单位 | 采购预算金额 | <
        ^ | ^ | ^ | ^ | 合计 | 一般公共预算
        合计 | < | | | 12.00 | 12.00
        福利院 | 护理床 | 30 | 张 | 9.00 | 9.00
        福利院 | 物业服务 | 1 | 项 | 3.00 | 3.00
        """,
        "政府采购预算表",
    )
    assert named(form)["护理床", "9.00"][0] == "item"
    assert {(f.printed, f.measure) for f in form.figures if f.row_label == "物业服务"} == {
        ("1", "count"),
        ("3.00", "total"),
        ("3.00", "general_budget"),
    }


def test_a_part_of_an_appropriation_is_told_by_the_numbering_of_the_labels() -> None:
    form = read(
        """
        收入 | < | 支出 | <
        项目 | 预算数 | 项目 | 预算数
        一、一般公共预算拨款 | 8.00 | 一、一般公共服务支出 | 9.00
        （一）本级经费拨款 | 5.00 | 二、外交支出 |
        （二）上级补助收入 | 3.00 | |
        二、单位资金 | 1.00 | |
        （一）上级补助收入 | 1.00 | |
        收入总计 | 9.00 | 支出总计 | 9.00
        """,
        "部门收支总体情况表",
    )
    lines = [f.line for f in form.figures if f.row_key.startswith("income:")]
    assert lines == [
        "general_budget",
        "general_budget.appropriation",
        "general_budget.transfers",
        "other_funds",
        "superior_subsidy",
        "income_grand_total",
    ]


def test_a_change_in_per_cent_below_a_caption_that_says_change_too() -> None:
    form = read(
        """
        科目编码 | 科目名称 | 2021年预算数 | 2022年预算数 | < | 2022年预算数比2021年预算数增减 | <
        ^ | ^ | ^ | 小计 | 基本支出 | 增减额 | 增减%
        201 | 一般公共服务支出 | 8.00 | 9.00 | 9.00 | 1.00 | 12.50
        """,
        "一般公共预算支出情况表",
    )
    assert [f.measure for f in form.figures] == [
        "prior.total",
        "total",
        "basic",
        "change.total",
        "change_rate.total",
    ]


def test_a_fund_with_what_comes_in_beside_what_goes_out() -> None:
    form = read(
        """
        收入 | < | 支出 | < | < | <
        项目 | 预算数 | 科目编码 | 科目名称 | 合计 | 项目支出
        一、本年收入 | 4.00 | 212 | 城乡社区支出 | 5.00 | 5.00
        二、上年结转 | 1.00 | | | |
        收入总计 | 5.00 | 支出总计 | < | 5.00 | 5.00
        """,
        "政府性基金预算收支预算表",
    )
    assert [(f.line, f.measure) for f in form.figures] == [
        ("total_income", "income"),
        ("carry_in", "income"),
        ("income_grand_total", "income"),
        ("212", "total"),
        ("212", "project"),
        ("total", "total"),
        ("total", "project"),
    ]


def test_three_public_by_fund_are_not_those_of_all_money() -> None:
    form = read(
        """
        项目 | 2022年预算数 | < | <
        ^ | 小计 | 一般公共预算 | 政府性基金预算
        合计 | 5.00 | 4.00 | 1.00
        一、“三公”经费小计 | 3.00 | 2.00 | 1.00
        （一）公务接待费 | 3.00 | 2.00 | 1.00
        二、培训费 | 2.00 | 2.00 | 0.00
        """,
        "财政拨款“三公”经费、会议费和培训费支出情况表",
    )
    assert [f.measure for f in form.figures if f.row_label == "(一)公务接待费"] == [
        "budget.reception",
        "budget.general_budget.reception",
        "budget.government_fund.reception",
    ]
    assert [f.measure for f in form.figures if f.row_label == "合计"] == [
        "budget.all",
        "budget.general_budget.all",
        "budget.government_fund.all",
    ]


def test_functional_rows_with_economic_columns_of_an_account() -> None:
    form = read(
        """
        科目编码 | 科目名称 | 合计 | 商品和服务支出 | < | 资本性支出 | <
        ^ | ^ | ^ | 小计 | 办公费 | 小计 | 办公设备购置
        合计 | < | 5.00 | 3.00 | 3.00 | 2.00 | 2.00
        201 | 一般公共服务支出 | 5.00 | 3.00 | 3.00 | 2.00 | 2.00
        """,
        "一般公共预算财政拨款项目支出决算明细表",
    )
    assert form.form == "itemised_expenditure"
    assert [f.measure for f in form.figures[5:]] == [
        "total",
        "goods",
        "item.e30201",
        "capital",
        "item.e31002",
    ]
    assert {f.line for f in form.figures} == {"total", "201"}


def test_projects_of_an_account_with_what_came_in_and_went_out() -> None:
    form = read(
        """
        科目编码 | 项目名称 | 年初结转和结余 | 本年收入 | < | 本年支出 | < | 年末结转和结余
        ^ | ^ | ^ | 合计 | 财政拨款收入 | 合计 | 财政拨款支出 | ^
        合计 | < | 1.00 | 4.00 | 4.00 | 5.00 | 5.00 | 0.00
        2010804 | 审计项目经费 | 1.00 | 4.00 | 4.00 | 5.00 | 5.00 | 0.00
        """,
        "项目收入支出决算表",
    )
    assert form.form == "project_income_expenditure"
    assert [(f.line, f.measure) for f in form.figures[6:]] == [
        ("item", "carry_in"),
        ("item", "income"),
        ("item", "income.fiscal"),
        ("item", "total"),
        ("item", "total.fiscal"),
        ("item", "carry_out"),
    ]


def test_transfers_to_counties_are_items_by_project_and_region() -> None:
    form = read(
        """
        序号 | 转移支付项目名称 | 市县 | 合计 | 一般公共预算 | 政府性基金预算
        合计 | < | < | 5.00 | 5.00 |
        1 | 生态保护恢复资金 | 安定区 | 3.00 | 3.00 |
        2 | 生态保护恢复资金 | 陇西县 | 2.00 | 2.00 |
        """,
        "部门管理转移支付表",
    )
    assert form.form == "budget_transfers"
    assert {(f.row_key, f.line) for f in form.figures} == {
        ("合计", "total"),
        ("生态保护恢复资金/安定区", "item"),
        ("生态保护恢复资金/陇西县", "item"),
    }
