"""Headings told from text, and paragraphs healed."""

from __future__ import annotations

import pytest
from tests.narrative.pages import Sheet

from gongkai.narrative import contents, prose
from gongkai.narrative.kinds import kind_of
from gongkai.narrative.numbering import counted, numbered
from gongkai.report import Section

LONG = (
    "本年收入合计1196.83万元，其中：财政拨款收入1196.83万元，占本年收入的百分之百，与上年相比没有增减变化。"
)
ITEM = "负责市本级基本医疗保险、生育保险、医疗救助、大病医疗互助等业务经办。"


def read(sheet: Sheet) -> tuple[Section, ...]:
    return prose(sheet.lines, "d", contents(sheet.lines)).sections


def outline(sheet: Sheet) -> list[tuple[int, str | None, str]]:
    return [(s.level, s.number, s.title) for s in read(sheet)]


def test_soft_breaks_are_healed_and_paragraphs_kept() -> None:
    sheet = Sheet().centred("第三部分 情况说明").heading("二、收入决算情况说明").text(LONG, "短。", LONG)
    assert read(sheet)[1].text == "\n".join([LONG, "短。", LONG])


def test_a_paragraph_goes_on_over_the_page() -> None:
    sheet = Sheet().centred("第三部分 情况说明").heading("一、收入决算情况说明").text(*[LONG] * 12)
    assert sheet.page > 1
    assert read(sheet)[1].text == "\n".join([LONG] * 12)


def test_paragraphs_without_indent_are_parted_by_their_short_last_lines() -> None:
    sheet = Sheet().centred("第三部分 情况说明").text("一、收入决算情况说明", LONG, LONG, LONG, indent=0)
    assert read(sheet)[1].text == "\n".join([LONG] * 3)


def test_a_number_too_long_for_the_line_does_not_end_the_paragraph() -> None:
    sheet = Sheet().heading("一、收入决算情况说明").text(LONG, LONG)
    sheet.entries("朔州市朔城区医疗保险服务中心本年度收入总计为", "25,731,201.68元，与上年相同。")
    assert read(sheet)[0].text.endswith("总计为25,731,201.68元，与上年相同。")


@pytest.mark.parametrize(
    "listed",
    [
        "（一）负责医疗保险业务经办。",
        "（二）收入预算：2021年年初预算数1682.24万元。",
        "（一）收入预算总计28849.38万元。包括：",
        "（四）讨论、决定本行政区域内的重大事项；",
        "一、财政拨款收入：指本级财政部门当年拨付的资金。",
        "（一）在服务大局上展现新作为。依法及时惩治犯罪，为发展护航。",
        "（1）绩效管理评价工作开展情况。",
        "1、因公出国（境）费支出",
    ],
)
def test_list_items_and_run_in_titles_are_text(listed: str) -> None:
    sheet = Sheet().centred("第一部分 单位概况").heading("一、部门职责").text(listed, ITEM)
    assert outline(sheet) == [(1, "第一部分", "单位概况"), (2, "一", "部门职责")]
    assert read(sheet)[1].text == f"{listed}\n{ITEM}"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("（七）其他事项。", "other_matters"),
        ("(五) 一般公共预算“三公”经费情况:", "sangong"),
        ("（六）会议费、培训费预算：", "general_expenditure"),
        ("（一）公共安全（类）", "other"),
    ],
)
def test_titles_standing_alone_are_headings_whatever_mark_ends_them(title: str, kind: str) -> None:
    sheet = Sheet().centred("第三部分 情况说明").heading("七、其他重要事项情况说明").heading(title).text(LONG)
    found = read(sheet)[-1]
    assert (found.level, found.kind, found.text) == (3, kind, LONG)


def test_a_list_numbered_like_headings_below_a_heading_is_text() -> None:
    sheet = Sheet().centred("第一部分 概况").heading("一、部门职责").text(ITEM).heading("二、机构设置情况")
    sheet.text("一、初审股主要职责：", ITEM, "二、综合股主要职责", ITEM, "三、财务股主要职责：", ITEM)
    sheet.centred("第二部分 决算表").centred("第三部分 情况说明").heading("一、收入决算情况说明").text(LONG)
    assert [title for _, _, title in outline(sheet)] == [
        "概况",
        "部门职责",
        "机构设置情况",
        "决算表",
        "情况说明",
        "收入决算情况说明",
    ]


def test_items_that_count_on_with_nothing_between_are_a_list() -> None:
    sheet = (
        Sheet()
        .heading("二、机构设置")
        .heading("（一）办公室", "（二）财务科", "（三）信息科")
        .heading("三、人员情况")
        .text(ITEM)
    )
    assert [title for _, _, title in outline(sheet)] == ["机构设置", "人员情况"]


def test_titles_over_two_lines() -> None:
    sheet = Sheet().centred("第三部分", "2022年度部门决算情况说明")
    sheet.heading("十一、一般公共预算“三公”经费、会议费、培训费支出预算表情况说明").text(LONG)
    sheet.centred("第四部分 甲市乙区人民政府丙丁街道办事处", "2022年度名词解释").text(f"一、收入：{LONG}")
    assert outline(sheet) == [
        (1, "第三部分", "2022年度部门决算情况说明"),
        (2, "十一", "一般公共预算“三公”经费、会议费、培训费支出预算表情况说明"),
        (1, "第四部分", "甲市乙区人民政府丙丁街道办事处2022年度名词解释"),
    ]


def test_a_bracketed_remark_is_the_text_of_a_part() -> None:
    sheet = Sheet().centred("第二部分 部门决算表").centred("（详情见附件）").centred("第三部分 情况说明")
    assert [(s.title, s.text) for s in read(sheet)] == [("部门决算表", "（详情见附件）"), ("情况说明", "")]


def test_glossary_entries_are_text_and_an_annex_after_it_is_none_of_them() -> None:
    sheet = Sheet().centred("第四部分 名词解释").text("一、基本支出", ITEM, "二、项目支出：" + ITEM)
    sheet.centred("附件").heading("一、预算单位基本情况").text(ITEM)
    found = read(sheet)
    assert [(s.level, s.kind) for s in found] == [(1, "part_glossary"), (1, "part_annex"), (2, "other")]
    assert found[0].text.count("\n") == 2


def test_titles_of_tables_and_the_contents_stay_out_of_the_text() -> None:
    sheet = (
        Sheet()
        .centred("目录")
        .entries("第一部分 概况", "一、部门职责", "第二部分 决算表", "一、收入决算表", "第三部分 说明")
    )
    sheet.new_page().centred("第一部分 概况").heading("一、部门职责").text(ITEM)
    sheet.centred("第二部分 决算表").heading("一、收入决算表")
    found = read(sheet)
    assert [s.kind for s in found] == ["part_overview", "duties", "part_tables", "table_title"]
    assert found[1].text == ITEM


def test_large_titles_without_numbers_head_the_parts_of_a_report_that_numbers_none() -> None:
    sheet = Sheet().centred("目录").entries("一、部门主要职能", "二、名词解释", "三、部门预算编制说明")
    sheet.new_page().centred("甲市乙委员会主要职能", size=22).text(ITEM, ITEM)
    sheet.new_page().centred("2025年部门预算编制说明", size=22).text(LONG)
    assert [(s.number, s.title, s.kind) for s in read(sheet)] == [
        (None, "甲市乙委员会主要职能", "duties"),
        (None, "2025年部门预算编制说明", "part_narrative"),
    ]


def test_unknown_titles_must_be_set_like_the_known_ones() -> None:
    sheet = Sheet().centred("第三部分 情况说明")
    for title in ("一、收入决算情况说明", "二、支出决算情况说明", "三、政府采购支出说明", "四、项目立项依据"):
        sheet.text(title, bold=True).text(LONG)
    sheet.text("五、办公室牵头落实", LONG)
    assert [number for _, number, _ in outline(sheet)] == ["第三部分", "一", "二", "三", "四"]


def test_ids_tell_the_path_of_kinds_and_survive_another_text() -> None:
    def ids(text: str) -> list[str]:
        sheet = Sheet().centred("第三部分 情况说明").heading("五、一般公共预算财政拨款支出决算情况说明")
        sheet.heading("（一）财政拨款支出决算总体情况").text(text).heading("六、项目立项").text(text).heading(
            "七、项目进展"
        ).text(text)
        return [s.id for s in read(sheet)]

    assert ids(LONG) == ids(ITEM) == [
        "section:part_narrative",
        "section:part_narrative/gpb_expenditure",
        "section:part_narrative/gpb_expenditure/gpb_overall",
        "section:part_narrative/other",
        "section:part_narrative/other#2",
    ]  # fmt: skip


def test_the_source_is_the_place_of_the_heading() -> None:
    sheet = Sheet().centred("第一部分 概况").heading("一、部门职责").text(ITEM)
    source = read(sheet)[1].source
    assert (source.document, source.page) == ("d", 1)
    assert source.bbox[1] == sheet.lines[1].box[1]


@pytest.mark.parametrize(
    ("title", "level", "above", "kind"),
    [
        ("本部门（单位）职责", 2, ("part_overview",), "duties"),
        ("主要职能、职责", 2, ("part_overview",), "duties"),
        ("基本职能及主要工作", 2, ("part_overview",), "duties"),
        ("职能简介", 2, ("part_overview",), "duties"),
        ("一般公共预算拨款当年规模变化情况", 3, ("part_narrative", "gpb_expenditure"), "gpb_overall"),
        ("编制现状、人员构成", 2, ("part_overview",), "staffing"),
        ("部门概况", 2, (), "part_overview"),
        ("甲市公安局乙区分局基本情况", 2, (), "part_overview"),
        ("部门基本情况", 2, ("part_overview",), "other"),
        ("2025年甲县文化局部门预算安排情况说明", 2, (), "part_narrative"),
        ("部门预算安排情况说明", 2, ("part_narrative",), "other"),
        ("2020年度部门决算公开表", 2, (), "part_tables"),
        ("2020年度部门决算公开表", 2, ("part_tables",), "table_title"),
        ("关于甲县文化局2025年收支预算情况的总体说明", 3, ("part_narrative",), "total_overview"),
        ("关于2022年度支出决算情况说明", 3, ("part_narrative",), "expenditure"),
        ("政府性基金预算2022年支出情况", 2, ("part_narrative",), "gov_fund"),
        ("部门决算收支情况", 2, ("part_narrative",), "total_overview"),
        ("预算收支情况（按单位预算口径）", 2, ("part_annex",), "other"),
        ("收入支出预算执行情况分析", 2, ("part_narrative",), "total_overview"),
        ("一般公共预算及政府性基金财政拨款“三公”经费支出决算情况说明", 2, ("part_narrative",), "sangong"),
        ("机构运行经费支出决算情况说明", 2, ("part_narrative",), "operating_cost"),
        ("预算绩效情况（含重点项目预算的绩效目标）说明", 2, ("part_narrative",), "performance"),
        ("预算绩效情况说明", 1, (), "performance"),
        ("附表", 1, (), "part_tables"),
        ("附表1 绩效自评表", 1, (), "part_annex"),
        ("其他公开事项说明", 1, (), "part_other_notes"),
        ("机构设置及决算单位构成", 2, ("part_overview",), "organisation"),
        ("部门决算单位构成（仅有一个单位的，为“机构设置”）", 2, ("part_overview",), "reporting_units"),
        ("收支预算总表情况说明", 2, ("part_narrative",), "total_overview"),
        ("收支预算总表", 2, ("part_tables",), "table_title"),
        ("财政拨款收、支决算总体情况说明", 2, (), "fiscal_overview"),
        ("一般公共预算财政拨款基本支出决算情况说明", 2, (), "gpb_basic"),
        ("基本支出", 3, ("gpb_expenditure",), "gpb_basic"),
        ("财政拨款收支预算总体安排情况", 2, ("part_narrative",), "fiscal_overview"),
        ("收入预算安排情况", 2, ("part_narrative",), "income"),
        ("一般公共预算基本支出安排情况", 2, ("part_narrative",), "gpb_basic"),
        ("关于政府采购支出说明", 2, ("part_narrative",), "procurement"),
        ("一般公共预算财政拨款‘三公’经费支出决算情况说明", 2, (), "sangong"),
        ("“三公”经费财政拨款支出决算具体情况说明。", 3, ("sangong",), "sangong_detail"),
        ("国有资本经营预算财政拨款收入支出决算情况说明", 2, (), "state_capital"),
        ("2022年度预算绩效情况说明", 2, ("part_narrative",), "performance"),
        ("绩效目标完成情况", 3, ("part_annex", "other"), "other"),
        ("部门决算中项目绩效自评结果。", 3, ("part_narrative", "performance"), "perf_project_results"),
        ("2023年度项目绩效评价自评报告", 2, ("part_annex",), "annex_perf_report"),
        ("其他重要事项的情况说明", 2, (), "other_matters"),
        ("名称解释", 1, (), "part_glossary"),
        ("株洲市医疗保障局 2021 年部门预算说明", 1, (), "part_narrative"),
        ("2022年度部门决算表", 1, (), "part_tables"),
        ("关于收支总体情况表的说明", 2, ("part_narrative",), "total_overview"),
        ("关于一般公共预算基本支出情况表的说明", 2, ("part_narrative",), "gpb_basic"),
        ("部门/单位收入总体情况", 2, ("part_narrative",), "income"),
        ("单位预算收入总体情况说明", 2, ("part_narrative",), "income"),
        ("单位支出总体预算情况说明", 2, ("part_narrative",), "expenditure"),
        ("预算收支（含政府性基金）安排及增减变化情况说明", 2, ("part_narrative",), "total_overview"),
        ("政府采购预算安排及增减变化情况说明", 2, ("part_narrative",), "procurement"),
        ("“会议费”“培训费”“差旅费”预算安排情况说明", 2, ("part_narrative",), "general_expenditure"),
        ("一般公共预算基本支出按政府经济分类", 2, ("part_narrative",), "gpb_basic"),
        ("机关运行情况说明", 2, ("part_narrative",), "operating_cost"),
        ("部门预算构成", 2, ("part_overview",), "reporting_units"),
        ("甲镇财政所主要职责、部门机构及人员构成", 1, (), "part_overview"),
        ("部门收支概括说明", 2, ("part_narrative",), "total_overview"),
        ("2022年度机关决算数据变动情况及原因", 2, ("part_narrative",), "change_explanation"),
        ("“三公”预算经费说明", 2, ("part_narrative",), "sangong"),
        ("国有资产收益征缴情况说明", 2, ("part_narrative",), "other"),
    ],
)
def test_kinds(title: str, level: int, above: tuple[str, ...], kind: str) -> None:
    assert kind_of(title, level, above) == kind


def test_numbers() -> None:
    assert [counted(n) for n in ("一", "十", "十四", "二十一", "第三部分")] == [1, 10, 14, 21, 3]
    assert numbered("三）、绩效评价结论") is not None
    assert numbered("一.5万元") is None
    assert numbered("第一季度支出") is None


def test_a_line_that_breaks_early_in_mid_sentence_goes_on_at_the_margin() -> None:
    sheet = Sheet().heading("一、收入决算情况说明").text(*[LONG] * 5)
    sheet.entries("年度项目总预算70万元，支持企业发展、支持技术创新", "0.5万元，合计70.5万元。")
    assert read(sheet)[0].text.endswith("支持技术创新0.5万元，合计70.5万元。")


def test_an_item_without_its_opening_bracket_is_no_rest_of_a_sentence() -> None:
    sheet = Sheet().heading("一、收入决算情况说明").text(LONG)
    sheet.entries("已推行按疾病诊断付费的试点，其余的工作正在筹备之中。", "七）、有关建议")
    assert not any("筹备之中。七" in section.text for section in read(sheet))
