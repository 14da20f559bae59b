"""Rows between the fills of a striped table have no ruling of their own and are rows all the same."""

from __future__ import annotations

from gongkai.layout.grid import ruled_grids
from gongkai.pages import Page, Rule, Word

XS = (50.0, 150.0, 250.0, 350.0)


def word(text: str, x: float, y: float) -> Word:
    edges = tuple(x + 6.0 * k for k in range(len(text) + 1))
    return Word(text, x, y, edges[-1], y + 10, 10.0, False, edges)


def striped(gap: float, between: list[Word]) -> Page:
    tops = [(100.0, 120.0), (120.0 + gap, 140.0 + gap)]
    horizontal = tuple(Rule(y, XS[0], XS[-1]) for band in tops for y in band)
    vertical = tuple(Rule(x, lo, hi) for x in XS for lo, hi in tops)
    words = [
        word("合计", 60, 105),
        word("1.00", 210, 105),
        word("208", 60, 125 + gap),
        word("3.00", 310, 125 + gap),
    ]
    return Page(
        "d",
        1,
        595,
        842,
        0,
        (*words, *between),
        horizontal,
        tuple(sorted(vertical, key=lambda r: r.at)),
        "native",
    )


def test_a_row_without_rulings_between_two_fills_is_a_row_of_the_same_table() -> None:
    grids, free = ruled_grids(striped(20.0, [word("207", 60, 125), word("2.00", 260, 125)]))
    assert not free and [(grid.rows, grid.columns) for grid in grids] == [(3, 3)]
    assert [(cell.row, cell.column, cell.text) for cell in grids[0].cells if cell.text] == [
        (0, 0, "合计"),
        (0, 1, "1.00"),
        (1, 0, "207"),
        (1, 2, "2.00"),
        (2, 0, "208"),
        (2, 2, "3.00"),
    ]


def test_a_title_between_two_tables_keeps_them_apart() -> None:
    grids, free = ruled_grids(striped(20.0, [word("支出决算表", 170, 125)]))
    assert len(grids) == 2 and [one.text for one in free] == ["支出决算表"]


def test_a_gap_higher_than_a_row_keeps_them_apart() -> None:
    grids, _ = ruled_grids(striped(60.0, [word("207", 60, 145), word("2.00", 260, 145)]))
    assert len(grids) == 2
