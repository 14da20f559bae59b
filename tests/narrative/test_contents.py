"""The 目录 as departments print it."""

from __future__ import annotations

import pytest
from tests.narrative.pages import Sheet

from gongkai.narrative.contents import Entry, contents

BODY = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十的情况。"


def test_entries_with_leaders_dashes_and_pages() -> None:
    sheet = Sheet().centred("2022年度某某局部门决算").centred("目 录")
    sheet.entries(
        "第一部分 甲市乙局概况……………………………1",
        "- 一、部门职责 ........ 1",
        "二、机构设置···········2",
        "第二部分 部门决算表  3",
        "（一）收入支出决算总表 3",
    )
    sheet.new_page().centred("第一部分 甲市乙局概况").heading("一、部门职责").text(BODY)
    toc = contents(sheet.lines)
    assert toc.entries == (
        Entry(1, "第一部分", "甲市乙局概况", 1),
        Entry(2, "一", "部门职责", 1),
        Entry(2, "二", "机构设置", 2),
        Entry(1, "第二部分", "部门决算表", 3),
        Entry(3, "一", "收入支出决算总表", 3),
    )
    assert (toc.start, sheet.lines[toc.stop].text) == (1, "第一部分 甲市乙局概况")


def test_over_two_pages_with_wrapped_entries() -> None:
    sheet = Sheet().centred("目录")
    sheet.entries("第一部分 概况", "一、主要职能", "二、2017年主要工作任务", "第二部分 预算表")
    sheet.entries("十一、一般公共预算“三公”经费、会议费、培训费支出预")
    sheet.new_page().entries("算表", "第三部分 名词解释")
    sheet.centred("第一部分 概况").heading("一、主要职能").text(BODY)
    toc = contents(sheet.lines)
    assert [entry.title for entry in toc.entries] == [
        "概况",
        "主要职能",
        "2017年主要工作任务",
        "预算表",
        "一般公共预算“三公”经费、会议费、培训费支出预算表",
        "名词解释",
    ]
    assert sheet.lines[toc.stop].text == "第一部分 概况"


def test_list_of_tables_under_column_heads_ends_before_the_tables() -> None:
    sheet = Sheet().centred("目 录").entries("序号  报表名称", "一、  收支预算总表", "二、  收入预算总表")
    sheet.page += 3
    sheet.text("2.采购品目名称根据目录填写。")
    toc = contents(sheet.lines)
    assert [(entry.number, entry.title) for entry in toc.entries] == [
        ("一", "收支预算总表"),
        ("二", "收入预算总表"),
    ]
    assert toc.stop == len(sheet.lines) - 1


def test_arabic_entries_keep_the_year_in_their_titles() -> None:
    sheet = (
        Sheet()
        .centred("目 录")
        .entries("五、部门预算表", "1. 2025年部门收入预算总表", "4．2025年财政拨款收支预算总表")
    )
    assert [(e.level, e.number, e.title) for e in contents(sheet.lines).entries] == [
        (2, "五", "部门预算表"),
        (4, "1", "2025年部门收入预算总表"),
        (4, "4", "2025年财政拨款收支预算总表"),
    ]


@pytest.mark.parametrize("page", ["", "……3"])
def test_without_heading_it_is_known_by_what_comes_again(page: str) -> None:
    names = ["第一部分 单位概况", "一、单位职责", "二、机构设置", "第二部分 单位决算表", "第三部分 名词解释"]
    sheet = Sheet().centred("2022年度单位决算").entries(*(name + page for name in names))
    sheet.new_page().centred(names[0]).heading(names[1]).text(BODY)
    toc = contents(sheet.lines)
    assert (toc.start, toc.stop, len(toc.entries)) == (1, 6, 5)


def test_a_body_without_contents_has_none() -> None:
    sheet = (
        Sheet()
        .centred("第一部分 单位概况")
        .heading("一、单位职责")
        .text(BODY)
        .heading("二、机构设置")
        .text(BODY)
    )
    toc = contents(sheet.lines)
    assert (toc.entries, toc.start, toc.stop) == ((), 0, 0)


@pytest.mark.parametrize("head", ["（目录）", "甲县公园2022年部门预算公开目录"])
def test_a_contents_by_another_name_with_tables_counted_in_words(head: str) -> None:
    sheet = Sheet().centred(head).entries("公开时间：2024年9月26日", "第一部分：甲县公园概况", "一、主要职责")
    sheet.entries(
        "第二部分：甲县公园2022年部门预算公开报表", "表一：收支总表", "表二 收入总表", "表十一、支出总表"
    )
    sheet.new_page().centred("第一部分：甲县公园概况").heading("一、主要职责").text(BODY)
    toc = contents(sheet.lines)
    assert [(entry.level, entry.number, entry.title) for entry in toc.entries] == [
        (1, "第一部分", "甲县公园概况"),
        (2, "一", "主要职责"),
        (1, "第二部分", "甲县公园2022年部门预算公开报表"),
        (4, "一", "收支总表"),
        (4, "二", "收入总表"),
        (4, "十一", "支出总表"),
    ]
    assert sheet.lines[toc.stop].text == "第一部分：甲县公园概况"


def test_the_catalogue_of_published_information_is_no_contents() -> None:
    sheet = Sheet().text("政府信息公开目录", "本单位的主要职责如下。")
    assert contents(sheet.lines).entries == ()
