"""Notes under a table that go on at the top of the next page."""

from __future__ import annotations

import pytest
from layout.typed import page, row, table, word

from gongkai.layout import Layout, lay_out
from gongkai.pages import Word

TEXT = "定量指标按照完成的比例计分，得分不得超过权重；定性指标按照分值区间计分，含百分之八十"


def ruled(number: int, below: list[Word]) -> object:
    columns = [(65.0, "l"), (390.0, "r")]
    words = [
        word("项目支出绩效自评表", 300, 60, "c", 16),
        *row(110, columns, "指标", "得分"),
        *table(130, columns, [("数量指标", "20.00"), ("质量指标", "30.00")]),
        *below,
    ]
    rules = [(y, 60.0, 500.0) for y in (100.0, 120.0, 140.0, 160.0)]
    return page(words, rules, [(x, 100.0, 160.0) for x in (60.0, 350.0, 500.0)], number)


def laid(foot: list[str], top: list[str]) -> Layout:
    first = ruled(1, [word(text, 60, 172 + 14 * k) for k, text in enumerate(foot)])
    second = page([word(text, 60, 60 + 14 * k) for k, text in enumerate(top)], number=2)
    return lay_out([first, second])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("foot", "top", "notes"),
    [
        ([], ["注：1.本表满分一百分。", "2.另有说明。"], ("注：1.本表满分一百分。", "2.另有说明。")),
        (["备注：", "1、满分一百分。"], ["2、另有说明。"], ("备注：", "1、满分一百分。", "2、另有说明。")),
        (["注：1." + TEXT[:41]], [TEXT[41:] + "。", "2.完。"], ("注：1." + TEXT + "。", "2.完。")),
    ],
    ids=["whole", "the next number", "in the middle of a sentence"],
)
def test_notes_go_on_over_the_end_of_a_page(foot: list[str], top: list[str], notes: tuple[str, ...]) -> None:
    found = laid(foot, [*top, "二、绩效评价结果"])
    assert found.tables[0].notes == notes
    assert [line.text for line in found.lines] == ["二、绩效评价结果"]


@pytest.mark.parametrize(
    ("foot", "top"),
    [
        (["注：本表满分一百分"], ["全年预算数为五十万元。"]),
        (["注：1.本表满分一百分。"], ["3.另一件事。"]),
        (["注：1.本表满分一百分。"], ["第三部分 部门决算情况说明"]),
    ],
    ids=["a line that was not full", "another number", "a heading"],
)
def test_what_follows_on_the_next_page_is_no_note(foot: list[str], top: list[str]) -> None:
    found = laid(foot, top)
    assert found.tables[0].notes == tuple(foot)
    assert [line.text for line in found.lines] == top
