"""Heads of tables that draw no grid: what spans what."""

from __future__ import annotations

import pytest
from layout.typed import page, row, table, texts, word

from gongkai.layout import lay_out
from gongkai.layout.tables import Table
from gongkai.pages import Word

WIDTH = 41.0
CENTRES = [77.0 + WIDTH * k for k in range(12)]
AMOUNTS = [
    "68.70",
    "56.52",
    "0.00",
    "0.00",
    "28.50",
    "26.14",
    "0.00",
    "0.00",
    "28.50",
    "26.14",
    "40.20",
    "30.38",
]
SPANS = {
    "财政拨款“三公”经费": (0, 12),
    "合计": (0, 2),
    "因公出国（境）费": (2, 2),
    "公务用车购置及运行维护费": (4, 6),
    "小计": (4, 2),
    "公务用车购置费": (6, 2),
    "公务用车运行维护费": (8, 2),
    "公务接待费": (10, 2),
}


def title(text: str = "财政拨款“三公”经费支出决算表") -> list[Word]:
    return [word(text, 300, 60, "c", 16), word("单位：万元", 540, 85, "r")]


def over(y: float, *captions: tuple[str, int, int]) -> list[Word]:
    """Captions over columns ``first`` to ``last`` (exclusive), each in the middle of them."""
    return [word(text, (CENTRES[a] + CENTRES[b - 1]) / 2, y, "c") for text, a, b in captions]


def three_public() -> list[Word]:
    """Captions stand in the middle of their cells, amounts at the right side."""
    return [
        *title(),
        *over(108, ("财政拨款“三公”经费", 0, 12)),
        *over(126, ("公务用车购置及运行维护费", 4, 10)),
        *over(135, ("因公出国（境）", 2, 4)),
        *over(148, ("费", 2, 4)),
        *over(141, ("合计", 0, 2), ("公务接待费", 10, 12)),
        *over(144, ("公务用车运行维", 8, 10)),
        *over(150, ("小计", 4, 6), ("公务用车购置费", 6, 8)),
        *over(156, ("护费", 8, 10)),
        *row(174, [(x, "c") for x in CENTRES], *["预算数", "决算数"] * 6),
        *row(196, [(x + 20, "r") for x in CENTRES], *AMOUNTS),
    ]


def one_line_each() -> list[Word]:
    """Captions of one line, and beside those that go down to the same line one of two lines."""
    return [
        *title(),
        *over(93, ("财政拨款“三公”经费", 0, 12)),
        *over(111, ("公务用车购置及运行维护费", 4, 10)),
        *over(126, ("合计", 0, 2), ("因公出国（境）费", 2, 4), ("公务接待费", 10, 12)),
        *over(128, ("公务用车运行维", 8, 10)),
        *over(135, ("小计", 4, 6), ("公务用车购置费", 6, 8)),
        *over(141, ("护费", 8, 10)),
        *row(158, [(x, "c") for x in CENTRES], *["预算数", "决算数"] * 6),
        *row(180, [(x + 20, "r") for x in CENTRES], *AMOUNTS),
    ]


def spans(found: Table) -> dict[str, tuple[int, int]]:
    return {cell.text: (cell.column, cell.column_span) for cell in found.cells if cell.text in SPANS}


@pytest.mark.parametrize("ruled", [False, True], ids=["no rule", "a rule under what spans"])
def test_captions_span_by_where_those_below_them_stand(ruled: bool) -> None:
    rules = (
        [(98.0, 55.0, 550.0), (117.0, 55.0, 550.0), (134.0, 221.0, 467.0), (165.0, 55.0, 550.0)]
        if ruled
        else []
    )
    (found,) = lay_out([page(three_public(), rules)]).tables
    assert spans(found) == SPANS


def test_what_stands_under_one_caption_stands_at_one_height() -> None:
    (found,) = lay_out([page(one_line_each())]).tables
    assert spans(found) == SPANS


def test_a_caption_over_two_lanes_is_no_caption_of_the_amounts_below_it() -> None:
    """支出 stands over the amounts of 合计, which are set right, and its scale number in the middle."""
    columns = [(60.0, "l"), (250.0, "r"), (270.0, "l"), (430.0, "r"), (540.0, "r")]
    captions = [(100, "c"), (225, "c"), (310, "c"), (390, "c"), (510, "c")]
    words = [
        *title("财政拨款收入支出决算总表"),
        *row(105, [(150, "c"), (417, "c")], "收入", "支出"),
        *row(125, captions, "项目", "金额", "项目", "合计", "一般公共预算"),
        *row(145, captions, "栏次", "1", "栏次", "2", "3"),
        *table(
            165,
            columns,
            [
                ("一、财政拨款收入", "1,000.00", "一、一般公共服务支出", "0.00", "0.00"),
                ("二、事业收入", "0.00", "二、外交支出", "0.00", "0.00"),
                ("三、其他收入", "0.00", "三、国防支出", "0.00", "0.00"),
            ],
        ),
    ]
    (found,) = lay_out([page(words)]).tables
    assert found.columns == 5
    head = {cell.text: (cell.column, cell.column_span) for cell in found.cells if cell.row == 0}
    assert head == {"收入": (0, 2), "支出": (2, 3)}


def test_the_second_line_of_a_caption_stays_with_its_first() -> None:
    """助支出 touches its own narrow amounts by a hair, and crosses the middle between them and the next."""
    columns = [(60.0, "l"), (300.0, "r"), (420.0, "r"), (490.0, "r")]
    captions = [(80, "c"), (270, "c"), (391, "c"), (458, "c")]
    words = [
        *title("支出决算表"),
        *row(104, captions, "", "", "", "对附属单位补"),
        *row(111, captions, "科目名称", "合计", "经营支出", ""),
        *row(118, captions, "", "", "", "助支出"),
        *table(
            140, columns, [("教育支出", "1,364.98", "0.00", "0.00"), ("科学支出", "1.00", "0.00", "0.00")]
        ),
    ]
    (found,) = lay_out([page(words)]).tables
    assert texts(found)[0] == ["科目名称", "合计", "经营支出", "对附属单位补助支出"]
