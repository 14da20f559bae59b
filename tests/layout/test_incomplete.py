"""Ruled tables with some of their rulings missing."""

from __future__ import annotations

import pytest
from layout.typed import page, row, table, texts, word

from gongkai.layout import lay_out
from gongkai.pages import Word

COLUMNS = [(60.0, "l"), (190.0, "r"), (265.0, "r"), (280.0, "l"), (450.0, "r"), (535.0, "r")]
ROWS = [
    ("一、财政拨款收入", "1", "1,196.83", "一、一般公共服务支出", "32", "3.00"),
    ("二、事业收入", "2", "0.00", "二、外交支出", "33", "0.00"),
    ("三、经营收入", "3", "7.00", "三、国防支出", "34", "4.00"),
    ("四、其他收入", "4", "8.00", "四、教育支出", "35", "5.00"),
]
XS = (55.0, 160.0, 200.0, 275.0, 420.0, 460.0, 545.0)
YS = (100.0, 120.0, 140.0, 160.0, 180.0, 200.0)


def words() -> list[Word]:
    head = row(
        110,
        [(105, "c"), (180, "c"), (235, "c"), (350, "c"), (440, "c"), (500, "c")],
        "收入项目",
        "行次",
        "金额",
        "支出项目",
        "行次",
        "金额",
    )
    return [
        word("收入支出决算总表", 300, 60, "c", 16),
        word("单位：万元", 540, 85, "r"),
        *head,
        *table(130, COLUMNS, ROWS),
    ]


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        (XS, YS),
        ((55.0, 160.0, 275.0, 420.0, 460.0, 545.0), YS),
        ((55.0, 275.0, 545.0), YS),
        (XS, (100.0, 120.0, 200.0)),
        ((55.0, 545.0), (100.0, 120.0, 200.0)),
        ((), (100.0, 200.0)),
    ],
    ids=[
        "all",
        "a column line missing",
        "lanes alone",
        "no line between rows",
        "frame and head",
        "top and bottom",
    ],
)
def test_whatever_is_missing_the_cells_are_the_same(xs: tuple[float, ...], ys: tuple[float, ...]) -> None:
    horizontal = [(y, 55.0, 545.0) for y in ys]
    vertical = [(x, ys[0], ys[-1]) for x in xs]
    (found,) = lay_out([page(words(), horizontal, vertical)]).tables
    assert texts(found)[1:] == [list(cells) for cells in ROWS]
    assert found.columns == 6
    assert found.sure


def test_a_grid_that_cannot_be_read_again_is_not_sure() -> None:
    crowded = [word("1.00", 60, 110), word("2.00", 60, 124), word("3.00", 210, 110), word("4.00", 210, 124)]
    frame = [(100.0, 55.0, 345.0), (130.0, 55.0, 345.0)]
    (found,) = lay_out([page(crowded, frame, [(x, 100.0, 130.0) for x in (55.0, 200.0, 345.0)])]).tables
    assert not found.sure


def test_a_label_that_runs_over_into_the_cell_of_an_amount_is_given_back() -> None:
    rows = [
        [word("科目名称", 110, 110, "c"), word("合计", 200, 110, "c")],
        [word("其他医疗保障管理", 62, 130), word("事务支出", 142, 130), word("85.00", 238, 130, "r")],
        [word("行政运行", 62, 150), word("7.00", 238, 150, "r")],
    ]
    horizontal = [(y, 60.0, 240.0) for y in (100.0, 120.0, 140.0, 160.0)]
    vertical = [(x, 100.0, 160.0) for x in (60.0, 160.0, 240.0)]
    (found,) = lay_out([page([w for one in rows for w in one], horizontal, vertical)]).tables
    assert texts(found)[1:] == [["其他医疗保障管理事务支出", "85.00"], ["行政运行", "7.00"]]
