"""A table without a grid whose blocks have captions over columns of their own."""

from __future__ import annotations

from layout.typed import page, row, texts, word

from gongkai.layout import lay_out
from gongkai.pages import Word

FIRST = [(60.0, "l"), (350.0, "c"), (430.0, "r")]
LATER = [(60.0, "l"), (390.0, "c"), (540.0, "r")]


def procurement(top: float) -> list[Word]:
    return [
        word("一、政府采购情况", 300, top, "c"),
        word("项目", 180, top + 18, "c"),
        word("行次", 350, top + 18, "c"),
        word("采购金额", 480, top + 18, "c"),
        *row(top + 36, [(180.0, "c"), *FIRST[1:]], "合计", "1", "75428.00"),
        *row(top + 54, FIRST, "货物", "2", "35498.00"),
        *row(top + 72, FIRST, "工程", "3", ""),
        *row(top + 90, FIRST, "服务", "4", "39930.00"),
    ]


def assets(top: float) -> list[Word]:
    return [
        word("二、机关运行经费", 60, top),
        *row(top + 18, [(60.0, "l"), (540.0, "r")], "项目", "统计数"),
        *row(top + 36, LATER, "（一）行政单位", "5", ""),
        word("三、国有资产占用情况", 60, top + 54),
        *row(top + 72, LATER, "（一）车辆数合计（辆）", "10", "1"),
        *row(top + 90, LATER, "1.副部（省）级及以上领导用车", "11", "1"),
    ]


TITLE = [word("相关信息统计表", 300, 60, "c", 16), word("单位：元", 540, 85, "r")]
RULES = [(97.0, 55.0, 545.0), (330.0, 55.0, 545.0)]


def test_each_block_has_its_own_columns() -> None:
    for rules in ([], RULES):
        (found,) = lay_out([page([*TITLE, *procurement(110), *assets(218)], rules)]).tables
        assert (found.rows, found.columns) == (12, 4)
        places = {cell.text: (cell.column, cell.column_span) for cell in found.cells if cell.text}
        assert places["二、机关运行经费"] == places["三、国有资产占用情况"] == (0, 4)
        assert places["采购金额"] == places["75428.00"] == (2, 2)
        assert (places["行次"], places["10"]) == ((1, 1), (1, 2))
        assert places["统计数"] == places["1"] == (3, 1)
        assert places["项目"] == places["货物"] == places["（一）车辆数合计（辆）"] == (0, 1)


def test_the_last_block_goes_on_under_the_head_of_the_first() -> None:
    again = [
        *procurement(60)[:4],
        *row(96, LATER, "2.主要领导干部用车", "12", ""),
        *row(114, LATER, "3.机要通信用车", "13", "1"),
    ]
    pages = [page([*TITLE, *procurement(640), *assets(748)]), page(again, number=2)]
    (found,) = lay_out(pages).tables
    assert found.pages == (1, 2) and found.rows == 14
    assert texts(found)[12:] == [["2.主要领导干部用车", "12"], ["3.机要通信用车", "13", "1"]]
    assert [(c.column, c.column_span) for c in found.cells if c.row == 13] == [(0, 1), (1, 2), (3, 1)]


def test_a_numbered_label_above_a_row_of_labels_begins_no_block() -> None:
    rows = [
        *row(110, [(60.0, "l"), (350.0, "c"), (500.0, "c")], "项目", "预算数", "决算数"),
        word("一、基本支出", 60, 128),
        *row(146, [(60.0, "l"), (360.0, "r"), (515.0, "r")], "人员经费", "12.00", "11.00"),
        word("二、项目支出", 60, 164),
        *row(182, [(60.0, "l"), (360.0, "r"), (515.0, "r")], "设备购置", "2.00", "1.00"),
    ]
    (found,) = lay_out([page([*TITLE, *rows])]).tables
    assert found.columns == 3
    assert all(cell.column_span == 1 for cell in found.cells if cell.row == 0)
