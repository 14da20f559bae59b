"""Performance forms as they are printed across the country: every row a record, every number a figure that is read once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.forms.drawn import table

from gongkai.forms import vocabulary
from gongkai.forms.loading import DefinitionError
from gongkai.forms.recognise import forms_of
from gongkai.layout.captions import dated
from gongkai.report import Form, Record

NATIONAL = """
项目名称         | 城市更新改造 | <          | <            | <            | <          | <    | <      | <
主管部门         | 住建局       | <          | <            | 实施单位     | 更新中心   | <    | <      | <
项目资金（万元） |              | <          | 年初预算数   | 全年预算数   | 全年执行数 | 分值 | 执行率 | 得分
^                | 年度资金总额 | <          | 500.00       | 480.00       | 432.00     | 10   | 90.00% | 9.00
^                | 其中：财政拨款 | <        | 500.00       | 480.00       | 432.00     | —    | 90.00% | —
^                | 上年结转资金 | <          | 0.00         | 0.00         | 0.00       | —    | ——     | —
年度总体目标     | 预期目标     | <          | <            | <            | 实际完成情况 | <  | <      | <
^                | 完成三个片区改造 | <      | <            | <            | 完成两个片区 | <  | <      | <
绩效指标         | 一级指标     | 二级指标   | 三级指标     | 年度指标值   | 实际完成值 | 分值 | 得分   | 偏差原因分析及改进措施
^                | 产出指标     | 数量指标   | 改造片区数   | =3个         | 2个        | 20   | 13.3   | 征收滞后
^                | ^            | ^          | 改造户数     | ≥900户       | 910户      | 30   | 30     | 
^                | 效益指标     | 社会效益指标 | 居民获得感 | 提升         | 提升       | 30   | 30     | 
^                | 满意度指标   | 服务对象满意度指标 | 居民满意度 | ≥90%     | 95%        | 10   | 10     | 
总分             | <            | <          | <            | <            | <          | 100  | 92.3   | 
"""


def read(text: str, title: str = "项目支出绩效自评表", unit: str | None = None) -> Form:
    forms, _ = forms_of([table(text, title=title, unit=unit)], None, 2023)
    return forms[0]


def said(record: Record) -> dict[str, str]:
    return {words.field: words.text for words in record.words}


def printed(form: Form, record: Record) -> dict[str, str]:
    figures = {figure.id: figure for figure in form.figures}
    return {measure: figures[id].printed for measure, id in record.figures.items()}


def of(form: Form, kind: str) -> list[Record]:
    return [record for record in form.records if record.kind == kind]


def test_a_project_that_is_called_like_money_is_a_value() -> None:
    form = read(
        "项目名称 | 城市管理经费 | 主管部门 | 住建局\n项目类别 | 部门预算项目 | 项目属性 | 持续性项目\n"
        "预算执行情况(万元)(20分) | 预算数 | 执行数 | 得分\n年度财政资金总额 | 50 | 50 | 20"
    )
    assert [said(r)["value"] for r in of(form, "item")] == [
        "城市管理经费",
        "住建局",
        "部门预算项目",
        "持续性项目",
    ]


def test_the_head_is_labels_and_values() -> None:
    items = {record.name: said(record).get("value") for record in of(read(NATIONAL), "item")}
    assert items == {"project": "城市更新改造", "supervisor": "住建局", "carrier": "更新中心"}


def test_funds_have_lines_measures_and_the_unit_of_their_caption() -> None:
    form = read(NATIONAL)
    assert [(r.name, printed(form, r)) for r in of(form, "funds")] == [
        ("funds.total", {"initial_budget": "500.00", "full_year_budget": "480.00", "executed": "432.00",
                         "points": "10", "rate": "90.00%", "score": "9.00"}),
        ("funds.fiscal", {"initial_budget": "500.00", "full_year_budget": "480.00", "executed": "432.00",
                          "points": "—", "rate": "90.00%", "score": "—"}),
        ("funds.carried", {"initial_budget": "0.00", "full_year_budget": "0.00", "executed": "0.00",
                           "points": "—", "rate": "——", "score": "—"}),
    ]  # fmt: skip
    total = {f.measure: f for f in form.figures if f.line == "funds.total"}
    assert (total["executed"].unit, str(total["executed"].yuan)) == ("万元", "4320000")
    assert (total["rate"].quantity, total["rate"].unit) == ("percent", "%")
    assert (total["score"].quantity, str(total["score"].value)) == ("score", "9.00")


def test_an_indicator_has_its_levels_through_merged_cells_its_values_and_its_scores() -> None:
    form = read(NATIONAL)
    rows = of(form, "indicator")
    assert said(rows[0]) == {
        "level1": "产出指标",
        "level2": "数量指标",
        "level3": "改造片区数",
        "target": "=3个",
        "actual": "2个",
        "reason": "征收滞后",
    }
    assert [printed(form, row) for row in rows] == [
        {"points": "20", "score": "13.3"},
        {"points": "30", "score": "30"},
        {"points": "30", "score": "30"},
        {"points": "10", "score": "10"},
    ]
    assert said(rows[1])["level1"] == "产出指标" and said(rows[2])["level1"] == "效益指标"
    assert rows[1].source.page == 1 and rows[1].source.bbox[1] == 200.0


def test_the_goal_and_the_total_score() -> None:
    form = read(NATIONAL)
    (goal,) = of(form, "goal")
    assert said(goal) == {"goal": "完成三个片区改造", "goal_actual": "完成两个片区"}
    (total,) = of(form, "total")
    assert printed(form, total) == {"points": "100", "score": "92.3"}


def test_a_score_merged_over_rows_is_one_figure_that_each_row_names() -> None:
    form = read(
        """
        一级指标 | 二级指标 | 三级指标   | 年初目标值(A) | 实际完成值(B) | 得分
        目标1（40分）： | <  | <          | <             | <             | <
        产出指标 | 数量指标 | 修路       | 3公里         | 3公里         | 20
        ^        | 质量指标 | 合格率     | 100%          | 100%          | ^
        约束性指标 | 资金管理 | 合规性   | 不设权重，酌情扣分 | <        | <
        总分     | 20       | <          | <             | <             | <
        """
    )
    first, second, words = of(form, "indicator")
    assert first.figures == second.figures and len([f for f in form.figures if f.line == "indicator"]) == 1
    assert said(words)["target"] == "不设权重，酌情扣分" and not words.figures
    assert printed(form, of(form, "group")[0]) == {"points": "40分"}
    assert printed(form, of(form, "total")[0]) == {"score": "20"}


def test_captions_that_a_new_page_repeats_change_nothing_and_a_blank_heading_goes_on() -> None:
    form = read(
        """
        一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
        产出指标 | 数量指标 | 甲       | 1      | 1      | 10   | 10
        一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
                 |          | 乙       | 2      | 2      | 10   | 9
        效益指标 |          | 丙       | 3      | 3      | 10   | 8
        """
    )
    levels = [(said(r)["level1"], said(r).get("level2"), said(r)["level3"]) for r in of(form, "indicator")]
    assert levels == [
        ("产出指标", "数量指标", "甲"),
        ("产出指标", "数量指标", "乙"),
        ("效益指标", None, "丙"),
    ]


def test_two_rows_of_captions_are_one_head() -> None:
    form = read(
        """
        绩效指标 | <        | <        | 完成情况   | <          | 评分 | <
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 全年完成值 | 分值 | 得分
        产出指标 | 质量指标 | 甲       | 100%       | 99%        | 50   | 49
        """
    )
    (row,) = of(form, "indicator")
    assert said(row)["actual"] == "99%" and printed(form, row) == {"points": "50", "score": "49"}


def test_a_target_form_has_targets_and_money_beside_its_labels() -> None:
    form = read(
        """
        项目名称         | 智慧政务     | <        | <
        项目资金（万元） | 年度资金总额： | 120.5  | <
        ^                | 其中：财政拨款 | 120.5  | <
        ^                | 其他资金     | 0        | <
        总体目标         | 建成一个平台 | <        | <
        一级指标         | 二级指标     | 三级指标 | 指标值
        产出指标         | 数量指标     | 平台数   | 1个
        """,
        title="项目支出绩效目标表",
    )
    assert form.form == "performance_target"
    assert [(r.name, printed(form, r)) for r in of(form, "funds")] == [
        ("funds.total", {"amount": "120.5"}),
        ("funds.fiscal", {"amount": "120.5"}),
        ("funds.other", {"amount": "0"}),
    ]
    assert form.figures[0].unit == "万元"
    assert [said(r) for r in of(form, "item")][1] == {"value": "建成一个平台"}
    assert said(of(form, "indicator")[0])["target"] == "1个"


UNITS_WITH_LEVELS = """
单位编码 | 单位名称     | 年度预算申请 | <        | <        | 整体绩效目标 | 部门整体支出年度绩效指标 | <  | <        | <          | <      | <
^        | ^            | 资金总额     | 基本支出 | 项目支出 | ^            | 一级指标 | 二级指标     | 三级指标   | 指标值类型 | 指标值 | 度量单位
301001   | 县水利局本级 | 320.50       | 220.50   | 100.00   | 保障供水安全 | 产出指标 | 数量指标     | 巡查河道   | 定量       | ≥12    | 次
^        | ^            | ^            | ^        | ^        | ^            | ^        | 质量指标     | 水质达标率 | 定量       | ≥98    | %
301002   | 县河道站     | 80.00        | 60.00    | 20.00    | 河道清淤     | 产出指标 | 数量指标     | 清淤长度   | 定量       | 15     | 公里
合计     | <            | 400.50       | 280.50   | 120.00   |              |          |              |            |            |        | 
"""
UNITS_WITH_KINDS = """
单位名称     | 资金总额 | 整体绩效目标 | 产出指标     | <             | 效益指标     | 满意度指标
^            | ^        | ^            | 数量指标     | 质量指标      | 社会效益指标 | 服务对象满意度指标
县水利局本级 | 320.50   | 保障供水安全 | 巡查河道12次 | 水质达标率98% | 改善用水     | ≥90%
县河道站     | 80.00    | 河道清淤     | 清淤15公里   |               | 防洪         | ≥85%
"""


def test_a_table_with_rows_for_each_unit_keeps_the_money_and_the_indicators_of_each() -> None:
    form = read(UNITS_WITH_LEVELS, title="部门整体支出绩效目标表", unit="万元")
    assert [(r.label, r.name, printed(form, r)["amount"]) for r in of(form, "funds")] == [
        ("县水利局本级", "funds.total", "320.50"),
        ("县水利局本级", "basic", "220.50"),
        ("县水利局本级", "project", "100.00"),
        ("县河道站", "funds.total", "80.00"),
        ("县河道站", "basic", "60.00"),
        ("县河道站", "project", "20.00"),
        ("合计", "funds.total", "400.50"),
        ("合计", "basic", "280.50"),
        ("合计", "project", "120.00"),
    ]
    assert {f.unit for f in form.figures} == {"万元"} and len({f.id for f in form.figures}) == 9
    assert [said(r) for r in of(form, "item")] == [{"value": "县水利局本级"}, {"value": "县河道站"}]
    assert [(r.label, said(r)) for r in of(form, "goal")] == [
        ("县水利局本级", {"goal": "保障供水安全"}),
        ("县河道站", {"goal": "河道清淤"}),
    ]
    assert said(of(form, "indicator")[1]) == {
        "level1": "产出指标", "level2": "质量指标", "level3": "水质达标率", "remark": "定量", "target": "≥98",
    }  # fmt: skip
    assert len(of(form, "indicator")) == 3


def test_a_column_for_each_kind_of_indicator_gives_a_record_for_each_that_is_filled() -> None:
    form = read(UNITS_WITH_KINDS, title="部门整体支出绩效目标表", unit="万元")
    rows = [said(r) for r in of(form, "indicator")]
    assert rows[0] == {"level1": "产出指标", "level2": "数量指标", "level3": "巡查河道12次"}
    assert rows[3] == {"level1": "满意度指标", "level2": "服务对象满意度指标", "level3": "≥90%"}
    assert [row["level3"] for row in rows[4:]] == ["清淤15公里", "防洪", "≥85%"]
    assert [printed(form, r) for r in of(form, "funds")] == [{"amount": "320.50"}, {"amount": "80.00"}]


def test_a_page_that_cuts_a_block_may_print_its_labels_on_the_second_piece() -> None:
    grid = table(
        """
        年度总体目标 | 预期目标 | <        | <        | <    | 实际完成情况 | <
        ^            | 修路     | <        | <        | <    | 修了         | <
        绩效指标     | 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值     | 得分
        ^            |          | 数量指标 | 甲       | 1    | 1            | 10
        ^            | 产出指标 | 数量指标 | 乙       | 2    | 2            | 9
        """,
        title="项目支出绩效自评表",
        unit=None,
    )
    cells = []
    for cell in grid.cells:
        if (
            cell.text == "年度总体目标"
        ):  # it was one cell; each page draws its piece, and one of them the words
            cells += [
                replace(cell, row_span=1, text=""),
                replace(cell, row=1, row_span=1, page=cell.page + 1),
            ]
        else:
            cells.append(replace(cell, page=cell.page + (cell.row > 0) + (cell.row > 3)))
    form = forms_of([replace(grid, cells=tuple(cells))], None, 2023)[0][0]
    assert [said(r) for r in of(form, "goal")] == [{"goal": "修路", "goal_actual": "修了"}]
    assert [said(r)["level1"] for r in of(form, "indicator")] == ["产出指标", "产出指标"]


def test_the_date_over_the_table_is_an_item() -> None:
    grid = table(NATIONAL, title="项目支出绩效自评表", unit=None)
    caption = replace(
        grid.caption, dated=dated("填报日期：2023 年 6 月 总分：100", 1, (50.0, 60.0, 90.0, 70.0)).dated
    )
    item = of(forms_of([replace(grid, caption=caption)], None, 2023)[0][0], "item")[0]
    assert (item.name, said(item), item.source.bbox) == (
        "filled_in",
        {"value": "2023 年 6 月"},
        (50.0, 60.0, 90.0, 70.0),
    )


def test_label_and_amount_may_share_a_cell() -> None:
    form = read(
        "年度资金总额：80万元 | 其中：财政拨款：80万元\n一级指标 | 三级指标", title="项目支出绩效目标表"
    )
    figure = form.figures[0]
    assert (figure.line, figure.printed, str(figure.yuan)) == ("funds.total", "80万元", "800000")


def test_where_no_rule_shows_what_is_merged_a_person_should_look() -> None:
    grid = replace(table(NATIONAL, title="项目支出绩效自评表", unit=None), aligned=True)
    form = forms_of([grid], None, 2023)[0][0]
    assert {record.grade for record in form.records} == {"check"}
    assert {figure.grade for figure in form.figures} <= {"check", "unread"}


def test_every_number_of_the_form_stands_in_a_record() -> None:
    form = read(NATIONAL)
    named = {id for record in form.records for id in record.figures.values()}
    assert named == {figure.id for figure in form.figures}
    assert len({figure.id for figure in form.figures}) == len(form.figures)


def test_a_wrong_vocabulary_stops_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "records.toml"
    wrong.write_text("[[field]]\nfield = " + json.dumps("level1") + "\n", encoding="utf-8")
    monkeypatch.setattr(vocabulary, "FILE", wrong)
    vocabulary._load.cache_clear()
    with pytest.raises(DefinitionError, match=r"records\.toml: field: needs field and labels"):
        vocabulary.field_of("一级指标")
    vocabulary._load.cache_clear()


def test_a_list_of_projects_is_named_by_the_project_and_has_its_scores() -> None:
    form = read(
        """
        序号 | 项目名称 | 一级项目名称 | 预算数 | 执行数 | 执行率 | 自评得分
        1 | 食品抽检经费 | 食品药品安全 | 180.00 | 178.62 | 99.2% | 97.9
        2 | 知识产权奖励 | 市场监管 | 45.00 | 42.75 | 95.0% | 95.0
        """,
        "2022年度项目支出绩效自评结果汇总表",
        "万元",
    )
    assert [(record.label, printed(form, record)) for record in of(form, "funds")] == [
        (
            "食品抽检经费",
            {"full_year_budget": "180.00", "executed": "178.62", "rate": "99.2%", "score": "97.9"},
        ),
        (
            "知识产权奖励",
            {"full_year_budget": "45.00", "executed": "42.75", "rate": "95.0%", "score": "95.0"},
        ),
    ]


def test_three_years_side_by_side_are_three_columns() -> None:
    text = """
年度收支预算 | 项目               | 2021年 | 2022年 | 2023年
^            | 收入合计（万元）   | 26.10  | 28.20  | 31.30
^            | 其中：财政拨款     | 25.10  | 27.20  | 30.30
^            | 支出合计（万元）   | 26.10  | 28.20  | 31.30
"""
    form = read(text, title="部门整体支出绩效目标表")
    assert [(r.name, printed(form, r)) for r in form.records] == [
        ("income", {"before_prior.amount": "26.10", "prior.amount": "28.20", "amount": "31.30"}),
        ("funds.fiscal", {"before_prior.amount": "25.10", "prior.amount": "27.20", "amount": "30.30"}),
        ("expenditure", {"before_prior.amount": "26.10", "prior.amount": "28.20", "amount": "31.30"}),
    ]


def test_an_amount_that_stands_in_one_cell_with_its_label() -> None:
    text = """
年度预算申请（万元） |              | 年初预算数 | 全年预算数 | 全年执行数         | 执行率
^                    | 年度资金总额 | 90.00      | 95.00      | 93.50              | 98.42%
^                    | 按收入性质分： | <        | <          | 按支出性质分：     | <
^                    | 其中：一般公共预算：91.50 | < | <      | 其中：基本支出：60.25 | <
^                    | 政府性基金拨款：2.00 | < | <           | 项目支出：33.25    | <
"""
    form = read(text, title="部门整体支出绩效自评表")
    assert [(f.line, f.measure, f.printed) for f in form.figures if f.row_key != "年度资金总额"] == [
        ("funds.general_budget", "amount", "91.50"),
        ("basic", "amount", "60.25"),
        ("funds.government_fund", "amount", "2.00"),
        ("project", "amount", "33.25"),
    ]
