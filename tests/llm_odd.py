"""A small final account set in words that no rule knows: a table without a known title, a heading, a sentence. Its sums hold."""

from __future__ import annotations

from functools import cache

import pymupdf

TITLE = "2023年度部门决算"
COVER = ("某某市水文中心2023年度部门决算", "二〇二四年九月")
PROSE = (
    "第一部分 部门概况",
    "一、我们做什么",
    "承担全市水文监测工作。",
    "第三部分 2023年度部门决算情况说明",
    "一、这一年的钱从哪里来",
    "2023年度收入合计1208.44万元，其中：财政拨款收入1208.44万元，占100%。",
    "二、支出决算情况说明",
    "2023年度支出合计1208.44万元，其中：基本支出1000.00万元，占82.75%；项目支出208.44万元，占17.25%。",
)
INCOME = (
    "收入决算表",
    (
        ("功能分类科目编码", "科目名称", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入"),
        ("", "合计", "1,208.44", "1,208.44", "", ""),
        ("208", "社会保障和就业支出", "208.44", "208.44", "", ""),
        ("213", "农林水支出", "1,000.00", "1,000.00", "", ""),
    ),
)
SPENT = (
    "资金使用去向情况表",
    (
        ("功能分类科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"),
        ("", "合计", "1,208.44", "1,000.00", "208.44"),
        ("208", "社会保障和就业支出", "208.44", "200.00", "8.44"),
        ("213", "农林水支出", "1,000.00", "800.00", "200.00"),
    ),
)


@cache
def pdf(extra: tuple[str, ...] = ()) -> bytes:
    """The report, with the lines ``extra`` at its end."""
    document = pymupdf.open()
    page = document.new_page()
    for index, line in enumerate(COVER):
        page.insert_text((150, 200 + 60 * index), line, fontname="china-s", fontsize=22)
    for title, rows in (INCOME, SPENT):
        _table(document.new_page(), title, rows)
    page = document.new_page()
    for index, line in enumerate((*PROSE, *extra)):
        heading = line.startswith(("第", "一、", "二、"))
        page.insert_text((72 if heading else 96, 90 + 26 * index), line, fontname="china-s", fontsize=10)
    data: bytes = document.tobytes()
    document.close()
    return data


def _table(page: pymupdf.Page, title: str, rows: tuple[tuple[str, ...], ...]) -> None:
    page.insert_text((220, 60), title, fontname="china-s", fontsize=16)
    page.insert_text((420, 80), "单位：万元", fontname="china-s", fontsize=10)
    width = 460 / len(rows[0])
    for row in range(len(rows) + 1):
        page.draw_line((72, 90 + 24 * row), (532, 90 + 24 * row))
    for column in range(len(rows[0]) + 1):
        page.draw_line((72 + width * column, 90), (72 + width * column, 90 + 24 * len(rows)))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            page.insert_text((76 + width * column, 106 + 24 * row), text, fontname="china-s", fontsize=8)
