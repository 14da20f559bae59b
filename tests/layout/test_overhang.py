"""A wrapped caption that is too high for its cell hangs over the ruling below it, and is a caption all the same."""

from __future__ import annotations

from gongkai.layout.grid import ruled_grids
from gongkai.pages import Page, Rule, Word

XS, YS = (50.0, 150.0, 250.0, 350.0), (100.0, 118.0, 140.0)


def word(text: str, x: float, y: float) -> Word:
    edges = tuple(x + 10.0 * k for k in range(len(text) + 1))
    return Word(text, x, y, edges[-1], y + 10, 10.0, False, edges)


def cells(*words: Word) -> list[tuple[int, int, str]]:
    horizontal = tuple(Rule(y, XS[0], XS[-1]) for y in YS)
    vertical = tuple(Rule(x, YS[0], YS[-1]) for x in XS)
    grids, _ = ruled_grids(Page("d", 1, 595, 842, 0, words, horizontal, vertical, "native"))
    return [(cell.row, cell.column, cell.text) for cell in grids[0].cells if cell.text]


CAPTION = (word("公务用车运行", 170, 101), word("费", 195, 114))


def test_the_last_line_of_a_caption_that_hangs_over_stays_with_it() -> None:
    assert cells(word("单位", 60, 104), *CAPTION, word("合计", 60, 128), word("10.20", 180, 128)) == [
        (0, 0, "单位"),
        (0, 1, "公务用车运行费"),
        (1, 0, "合计"),
        (1, 1, "10.20"),
    ]


def test_a_word_on_the_line_of_the_rows_amounts_is_the_rows_own() -> None:
    assert cells(word("单位", 60, 104), *CAPTION, word("合计", 60, 114), word("10.20", 280, 114)) == [
        (0, 0, "单位"),
        (0, 1, "公务用车运行"),
        (1, 0, "合计"),
        (1, 1, "费"),
        (1, 2, "10.20"),
    ]
