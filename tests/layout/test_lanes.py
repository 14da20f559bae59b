"""Two lanes side by side, each with rows of its own; one may go on when the other has ended."""

from __future__ import annotations

from layout.typed import page, texts, word

from gongkai.forms.recognise import forms_of
from gongkai.layout import lay_out
from gongkai.pages import Page, Word

INCOME, EXPENDITURE = (40.0, 140.0, 180.0, 260.0), (260.0, 400.0, 440.0, 550.0)
CAPTION = [word("收入支出决算总表", 300, 60, "c", 16), word("单位：万元", 550, 85, "r")]
Lane = list[tuple[float, tuple[str, str, str]]]  # height of a row, its texts

LEFT: Lane = [
    (20, ("项目", "行次", "收入决算数")),
    (20, ("一、财政拨款收入", "1", "70.00")),
    (33, ("二、上级补助收入", "2", "10.00")),
    (20, ("三、事业收入", "3", "20.00")),
    (33, ("本年收入合计", "4", "100.00")),
]
RIGHT: Lane = [
    (20, ("项目", "行次", "支出决算数")),
    (45, ("一、一般公共服务支出", "5", "30.00")),
    (20, ("二、外交支出", "6", "50.00")),
    (20, ("三、国防支出", "7", "20.00")),
    (20, ("本年支出合计", "8", "100.00")),
]


def sheet(number: int, lanes: list[tuple[tuple[float, ...], Lane]], extra: list[Word]) -> Page:
    words, horizontal, vertical = list(extra), [], []
    for xs, rows in lanes:
        y = 100.0
        horizontal.append((y, xs[0], xs[-1]))
        for height, cells in rows:
            words += [
                word(text, (a + b) / 2, y + height / 2, "c")
                for text, a, b in zip(cells, xs, xs[1:], strict=False)
            ]
            y += height
            horizontal.append((y, xs[0], xs[-1]))
        vertical += [(x, 100.0, y) for x in xs]
    joined = {(at, lo): max(h for a, b, h in vertical if (a, b) == (at, lo)) for at, lo, _ in vertical}
    return page(words, horizontal, [(at, lo, hi) for (at, lo), hi in joined.items()], number)


def test_rows_of_two_lanes_are_paired_from_the_top() -> None:
    (found,) = lay_out([sheet(1, [(INCOME, LEFT), (EXPENDITURE, RIGHT)], CAPTION)]).tables
    assert texts(found) == [[*a, *b] for (_, a), (_, b) in zip(LEFT, RIGHT, strict=True)]
    assert found.rows == 5 and found.sure


def test_the_lane_that_goes_on_stays_in_its_columns() -> None:
    third: Lane = [RIGHT[0], (20, ("四、教育支出", "9", "1.00"))]
    pages = [
        sheet(1, [(INCOME, LEFT), (EXPENDITURE, RIGHT[:3])], CAPTION),
        sheet(2, [(EXPENDITURE, [RIGHT[0], *RIGHT[3:]])], []),
        sheet(3, [(EXPENDITURE, third)], []),
    ]
    (found,) = lay_out(pages).tables
    assert found.pages == (1, 2, 3) and found.columns == 6
    assert [cell.column for cell in found.cells if cell.text in ("7", "8", "9")] == [4, 4, 4]
    form = forms_of([found], "final_account", 2022)[0][0]
    assert {(f.row_key, f.value) for f in form.figures if f.value is not None and f.value > 20} >= {
        ("income:4", 100),
        ("expenditure:6", 50),
        ("expenditure:8", 100),
    }


def test_rows_of_one_lane_spanned_by_the_other_are_rows_of_one_lane_alone() -> None:
    tall: Lane = [RIGHT[0], *((40.0, cells) for _, cells in RIGHT[1:])]
    flat: Lane = [(20.0, cells) for _, cells in LEFT] + [(20.0, ("", str(n), "")) for n in range(9, 13)]
    layout = lay_out([sheet(1, [(INCOME, flat), (EXPENDITURE, tall)], CAPTION)])
    figures = forms_of(layout.tables, "final_account", 2022)[0][0].figures
    keys = [f.row_key for f in figures]
    assert len(keys) == len(set(keys))
    assert [f.value for f in figures if f.row_key.startswith("expenditure")] == [30, 50, 20, 100]


def test_merged_labels_are_no_lanes() -> None:
    merged: Lane = [(20, ("项目", "行次", "金额")), (60, ("一", "1", "1.00")), (40, ("二", "2", "2.00"))]
    fine: Lane = [(20, ("项目", "行次", "金额")), *((20.0, ("三", str(n), "3.00")) for n in range(5))]
    (found,) = lay_out([sheet(1, [(INCOME, merged), (EXPENDITURE, fine)], CAPTION)]).tables
    assert found.rows == 6
