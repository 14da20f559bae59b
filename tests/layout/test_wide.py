"""A table wider than its paper: the pages to the right are laid beside the ones on which they go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layout.typed import page, texts, word

from gongkai.layout import lay_out
from gongkai.pages import Page, Word

LEFT, MIDDLE, RIGHT = (40.0, 240.0, 400.0, 560.0), (40.0, 200.0, 370.0, 540.0), (40.0, 200.0)
HEAD = ("科目名称", "合计", "财政拨款", "上级补助", "事业收入", "经营收入", "其他收入")
CODES = ("行政运行", "事业运行", "住房公积金", "购房补贴")


def amounts(name: str) -> list[str]:
    k = CODES.index(name) + 1
    return [f"{k}{c},000.00" for c in range(1, 7)]


def sheet(number: int, xs: tuple[float, ...], cells: list[list[str]], extra: list[Word], top: float) -> Page:
    """A ruled page: rows 20 points high from ``top``, one text in the middle of each cell."""
    ys = [top + 20 * k for k in range(len(cells) + 1)]
    inside = [
        word(text, (a + b) / 2, ys[r] + 10, "c")
        for r, row in enumerate(cells)
        for text, a, b in zip(row, xs, xs[1:], strict=False)
        if text
    ]
    horizontal = [(y, xs[0], xs[-1]) for y in ys]
    return page([*extra, *inside], horizontal, [(x, ys[0], ys[-1]) for x in xs], number)


def pieces(names: tuple[str, ...], head: bool) -> list[list[list[str]]]:
    """The same rows as they stand on the left, the middle and the right page."""
    rows = [list(HEAD)] if head else []
    rows += [[name, *amounts(name)] for name in names]
    return [[row[:3] for row in rows], [row[3:6] for row in rows], [row[6:] for row in rows]]


TITLE = [word("收入决算表", 300, 60, "c", 16), word("部门：某单位", 40, 85)]
UNIT = [word("公开02表", 150, 65), word("单位：万元", 150, 85)]
WANTED = [list(HEAD), *([name, *amounts(name)] for name in CODES)]


def printed(order: str) -> list[Page]:
    """Two pages of rows, three pages wide: ``down`` all left pages first, ``over`` each page with its right ones."""
    upper, lower = pieces(CODES[:2], True), pieces(CODES[2:], False)
    laid = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)]
    if order == "over":
        laid.sort()
    widths = (LEFT, MIDDLE, RIGHT)
    pages = []
    for number, (down, across) in enumerate(laid, 1):
        extra = [] if down else TITLE if across == 0 else UNIT if across == 2 else []
        foot = [word(f"第{number}页", 300, 820, "c")]
        cells = (upper, lower)[down][across]
        pages.append(sheet(number, widths[across], cells, [*extra, *foot], 50.0 if down else 100.0))
    return pages


@pytest.mark.parametrize("order", ["down", "over"])
def test_three_pages_wide_and_two_long_is_one_table(order: str) -> None:
    layout = lay_out(printed(order))
    (found,) = layout.tables
    assert texts(found) == WANTED
    assert found.pages == (1, 2, 3, 4, 5, 6) and found.sure
    caption = found.caption
    assert (caption.title, caption.printed_number, caption.unit) == ("收入决算表", "公开02表", "万元")
    assert not layout.lines


@pytest.mark.parametrize("order", ["down", "over"])
def test_cells_keep_their_own_page_and_place(order: str) -> None:
    pages = printed(order)
    (found,) = lay_out(pages).tables
    for cell in found.cells:
        words = [w for w in pages[cell.page - 1].words if w.text == cell.text]
        assert any(abs(w.x0 - cell.box[0]) < 0.1 and abs(w.y0 - cell.box[1]) < 0.1 for w in words), cell
        assert cell.frame[0] <= cell.box[0] and cell.box[2] <= cell.frame[2]


def test_a_title_cut_by_the_paper_is_one_title() -> None:
    upper = pieces(CODES, True)
    cut = [word("一般公共预算财政拨款支出决", 560, 60, "r", 16), word("单位：万元", 40, 85)]
    rest = [word("算表", 40, 60, "l", 16)]
    pages = [sheet(1, LEFT, upper[0], cut, 100.0), sheet(2, MIDDLE, upper[1], rest, 100.0)]
    (found,) = lay_out(pages).tables
    assert found.caption.title == "一般公共预算财政拨款支出决算表"
    assert found.columns == 6


def test_a_table_with_a_title_of_its_own_is_a_table_of_its_own() -> None:
    upper = pieces(CODES, True)
    second = [word("支出决算表", 300, 60, "c", 16), word("单位：万元", 40, 85)]
    pages = [sheet(1, LEFT, upper[0], TITLE, 100.0), sheet(2, MIDDLE, upper[1], second, 100.0)]
    assert [table.caption.title for table in lay_out(pages).tables] == ["收入决算表", "支出决算表"]


def test_a_table_with_the_same_labels_is_a_table_of_its_own() -> None:
    left = pieces(CODES, True)[0]
    pages = [sheet(1, LEFT, left, TITLE, 100.0), sheet(2, (40.0, 200.0, 370.0, 560.0), left, [], 100.0)]
    assert all(table.columns == 3 for table in lay_out(pages).tables)


def test_columns_that_would_have_fitted_were_not_left_out() -> None:
    left, middle, _ = pieces(CODES, True)
    pages = [
        sheet(1, (40.0, 140.0, 200.0, 260.0), left, TITLE, 100.0),
        sheet(2, (40.0, 120.0, 200.0, 280.0), middle, [], 100.0),
    ]
    assert all(table.columns == 3 for table in lay_out(pages).tables)


def test_words_that_the_edge_of_the_paper_cuts_stand_once() -> None:
    """Both pages hold them whole, each shows its part; a caption that comes back in the first column makes no labels."""
    left, right = (40.0, 240.0, 400.0, 520.0, 560.0), (40.0, 120.0, 220.0)
    upper = [
        ["科目名称", "预算数", "决算数", ""],
        ["行政运行", "1.00", "2.00", ""],
        ["事业运行", "3.00", "4.00", ""],
    ]
    lower = [["", "决算数"], ["", "7.00"], ["", "8.00"]]
    shift = left[-1] - right[0]
    cut = [("预算数", 110.0), ("11,224.05", 130.0), ("22,438.10", 150.0)]
    words = [[word(text, left[-1] + 10 - off, y, "c") for text, y in cut] for off in (0.0, shift)]
    first = sheet(1, left, upper, [*TITLE, *words[0]], 100.0)
    second = sheet(2, right, lower, [*UNIT, *words[1]], 100.0)
    open_sides = [replace(first, vertical=first.vertical[:-1]), replace(second, vertical=second.vertical[1:])]
    (found,) = lay_out(open_sides).tables
    assert texts(found)[1:] == [
        ["行政运行", "1.00", "2.00", "11,224.05", "7.00"],
        ["事业运行", "3.00", "4.00", "22,438.10", "8.00"],
    ]
