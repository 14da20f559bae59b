"""Whose report, of which year and kind, as the report says of itself."""

from __future__ import annotations

import pytest

from gongkai.narrative.identity import Identity, identify
from gongkai.report import Section, Source

PLACE = Source("d", 1, (0.0, 0.0, 1.0, 1.0))


def section(kind: str, text: str, title: str = "", level: int = 2) -> Section:
    return Section(id="", kind=kind, number=None, title=title, level=level, text=text, source=PLACE)


def of_cover(*lines: str) -> Identity:
    return identify([lines], [], [], [])


@pytest.mark.parametrize(
    ("lines", "name", "year", "kind"),
    [
        (["2022年度", "株洲市医疗保障事务中心", "部门决算"], "株洲市医疗保障事务中心", 2022, "final_account"),
        (
            ["上海市普陀区规划和自然", "资源局", "2024年度部门决算"],
            "上海市普陀区规划和自然资源局",
            2024,
            "final_account",
        ),
        (["江苏省人大常委会办公厅2018年度部门", "预算公开"], "江苏省人大常委会办公厅", 2018, "budget"),
        (
            ["上海市普陀区2025年区级单位预算", "预算单位：上海市普陀区商务委员会"],
            "上海市普陀区商务委员会",
            2025,
            "budget",
        ),
        (
            ["江苏省2018年度", "省级部门预算公开报表", "部 门:中共江苏省委办公厅", "江苏省财政厅印制"],
            "中共江苏省委办公厅",
            2018,
            "budget",
        ),
        (["株洲市财政局", "2022年度部门决算"], "株洲市财政局", 2022, "final_account"),
        (["甲县财政局2023年部门预算"], "甲县财政局", 2023, "budget"),
        (["甲县财政局（本级）", "2023年度决算公开说明"], "甲县财政局", 2023, "final_account"),
        (["附件1", "甲县文学艺术界联合会2021年部门", "预算公开说明"], "甲县文学艺术界联合会", 2021, "budget"),
        (
            ["监督索引号53090000736000000000", "甲县幼儿园2022年度部门决算"],
            "甲县幼儿园",
            2022,
            "final_account",
        ),
        (["甲县图书馆部门2025年预算公开"], "甲县图书馆", 2025, "budget"),
        (["甲区公园2022年部门预算公开目录"], "甲区公园", 2022, "budget"),
        (["2018年度部门预算公开表", "部门:甲市民政局", "甲省财政厅"], "甲市民政局", 2018, "budget"),
        (
            ["甲市乙区教育局", "二〇二三年度部门决算公开报告", "2024年9月"],
            "甲市乙区教育局",
            2023,
            "final_account",
        ),
        (["甲县统计局2021年度部门决算", "二〇二二年十一月"], "甲县统计局", 2021, "final_account"),
        (["关于甲县统计局2024年部门预算编制说明"], "甲县统计局", 2024, "budget"),
        (["360035甲市乙幼儿园2023年单位预算公开说明"], "甲市乙幼儿园", 2023, "budget"),
        (["甲区总工会本级2024年度决算公开说明"], "甲区总工会", 2024, "final_account"),
        (["2021年度甲市教育系统部门决算"], "甲市教育系统", 2021, "final_account"),
        (["甲区文学艺术界联合会（本级）", "2025部门预算情况说明"], "甲区文学艺术界联合会", 2025, "budget"),
    ],
)
def test_covers(lines: list[str], name: str, year: int, kind: str) -> None:
    found = of_cover(*lines)
    assert (found.entity.name, found.fiscal_year, found.kind) == (name, year, kind)


def test_a_cover_with_nothing_but_the_day_of_printing_says_no_year() -> None:
    found = identify([["二〇二二年八月"]], [], ["甲县人民检察院概况", "2021年度部门决算表"], [])
    assert (found.entity.name, found.fiscal_year) == ("甲县人民检察院", 2021)


def test_a_finance_bureau_is_known_by_its_captions() -> None:
    captions = [("甲县财政局", "2023年度", "收入支出决算总表"), ("甲县国库支付中心", None, "收入决算表")]
    assert identify([["2023年度部门决算", "甲县财政局"]], captions, [], []).entity.name == "甲县财政局"


def test_a_blank_template_gives_nulls_each_with_an_issue() -> None:
    found = of_cover("上海市XX局", "20XX年度部门××")
    assert (found.entity.name, found.entity.names_as_printed, found.fiscal_year, found.kind, found.scope) == (
        None,
        (),
        None,
        None,
        None,
    )
    assert [issue.kind for issue in found.issues] == [
        "entity_unknown",
        "fiscal_year_unknown",
        "kind_unknown",
        "scope_unknown",
    ]
    assert all(issue.message for issue in found.issues)


def test_without_cover_the_captions_tell_and_last_years_number_does_not_outvote() -> None:
    captions = [
        ("朔州市朔城区医疗保险服务中心", "2022年度", "收入支出决算总表"),
        ("朔州市朔城区医疗保险服务中心", None, "收入决算表"),
    ]
    text = "2021年度收入合计25,730,935.53元，与2021年相比，2021年持平。"
    found = identify([[]], captions, [], [section("total_overview", text)])
    assert (found.entity.name, found.fiscal_year, found.kind) == (
        "朔州市朔城区医疗保险服务中心",
        2022,
        "final_account",
    )


def test_the_part_heading_and_its_year_serve_when_nothing_else_does() -> None:
    parts = [
        section("part_overview", "", "甲市乙区司法局概况", 1),
        section("part_tables", "", "2019年度部门预算表", 1),
    ]
    found = identify([[]], [(None, None, "收支总表")], [], parts)
    assert (found.entity.name, found.fiscal_year, found.kind) == ("甲市乙区司法局", 2019, "budget")


def test_printed_forms_of_one_name_and_not_another_bodys() -> None:
    captions = [("随州市曾都区医疗保障服务中心", None, ""), ("曾都区医疗保障局", None, "")]
    said = section(
        "gov_fund", "曾都区医疗保障服务中心2023年度无此项。\n纳入随州市曾都区医疗保障服务中心2023年度决算。"
    )
    found = identify([["2023年度", "曾都区医疗保障服务中心部门决算"]], captions, [], [said])
    assert found.entity.names_as_printed == ("曾都区医疗保障服务中心", "随州市曾都区医疗保障服务中心")


LIST = (
    "纳入本部门2021年部门预算编制范围的二级预算单位包括：\n1.甲市医疗保障局（机关）\n2.甲市医疗保障事务中心"
)
OFFICES = "内设机构包括：办公室、财务科、基金监管处。\n本部门共有编制72人。"


@pytest.mark.parametrize(
    ("sections", "tables", "members"),
    [
        ([section("reporting_units", LIST)], [], ("甲市医疗保障局（机关）", "甲市医疗保障事务中心")),
        ([section("organisation", OFFICES)], [], ()),
        (
            [],
            [[["序号", "单位名称"], ["1", "甲市水利局（本级）"], ["2", "甲市水文站"]]],
            ("甲市水利局（本级）", "甲市水文站"),
        ),
    ],
)
def test_members(sections: list[Section], tables: list[list[list[str]]], members: tuple[str, ...]) -> None:
    assert identify([[]], [], [], sections, tables).entity.members == members


@pytest.mark.parametrize(
    ("cover", "kind", "text", "scope"),
    [
        ("甲市乙局2021年部门预算", "reporting_units", LIST, "department"),
        ("甲市乙局2022年度单位决算", "organisation", "", "unit"),
        ("甲市乙局2022年度（本级）决算公开报告", "organisation", "", "unit"),
        ("2022年度甲市乙局本级部门决算公开", "organisation", "", "unit"),
        ("甲市乙局机关2021年部门预算", "organisation", "", "unit"),
        ("甲区总工会本级2024年度决算公开说明", "organisation", "", "unit"),
        ("甲市乙局2022年度部门决算（含本级）", "organisation", "", "department"),
        ("甲市医疗保障事务中心2022年度部门决算", "organisation", "本单位无独立核算的下属单位。", "unit"),
        ("甲市教育局2022年度部门决算", "organisation", "部门决算由本级决算和0个下属单位决算组成。", "unit"),
        ("甲市教育局2022年度部门决算", "organisation", "包括本级决算、下属行政事业单位决算。", "department"),
        ("甲市教育局2022年度部门决算", "duties", "负责教育工作。", "department"),
        ("甲市幼儿园2022年度部门决算（汇总）", "duties", "负责教育工作。", "department"),
    ],
)
def test_scope(cover: str, kind: str, text: str, scope: str) -> None:
    assert identify([[cover]], [], [], [section(kind, text)]).scope == scope
