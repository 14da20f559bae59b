"""Pages of PDFs drawn on the spot: what is read, what is struck twice, what no reader sees, what stands sideways."""

from __future__ import annotations

from collections.abc import Callable

import pymupdf
import pytest

from gongkai.layout import lay_out
from gongkai.pages import Page
from gongkai.pdf import File

Draw = Callable[[pymupdf.Page], None]


def drawn(*drawings: Draw, width: float = 595, height: float = 842, rotation: int = 0) -> Page:
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    for draw in drawings:
        draw(page)
    page.set_rotation(rotation)
    return File(document.tobytes(), "typed", 5).page(1)


FONT = pymupdf.Font("china-s")


def text(x: float, y: float, words: str, size: float = 10, angle: float = 0, **how: object) -> Draw:
    def draw(page: pymupdf.Page) -> None:
        writer = pymupdf.TextWriter(page.rect)
        writer.append((x, y), words, font=FONT, fontsize=size)
        writer.write_text(page, morph=(pymupdf.Point(x, y), pymupdf.Matrix(angle)), **how)

    return draw


def box(x0: float, y0: float, x1: float, y1: float, fill: tuple[float, float, float]) -> Draw:
    def draw(page: pymupdf.Page) -> None:
        page.draw_rect(pymupdf.Rect(x0, y0, x1, y1), color=None, fill=fill)

    return draw


def words(page: Page) -> list[str]:
    return [word.text for word in page.words]


@pytest.mark.parametrize(
    "offsets", [(0, 0.3), (0, 1.0), (0, 0.4, 0.8)], ids=["a hair", "a point", "three strikes"]
)
def test_runs_struck_again_are_one(offsets: tuple[float, ...]) -> None:
    page = drawn(*(text(100 + dx, 100, "收入20315.00") for dx in offsets))
    assert words(page) == ["收入20315.00"]


def test_a_point_narrower_than_the_offset_is_struck_again_too() -> None:
    page = drawn(text(100, 100, "6134674.37", size=6), text(100.8, 100, "6134674.37", size=6))
    assert words(page) == ["6134674.37"]


@pytest.mark.parametrize("offset", [0.3, 0.6, 1.0])
def test_glyphs_struck_again_one_by_one_are_one(offset: float) -> None:
    strikes = []
    for k, letter in enumerate("收入"):
        strikes += [text(100 + 10 * k, 100, letter), text(100 + 10 * k + offset, 100, letter)]
    for k, digit in enumerate("30110"):
        strikes += [text(200 + 5 * k, 100, digit), text(200 + 5 * k + offset, 100, digit)]
    assert "".join(words(drawn(*strikes))) == "收入30110"


def test_strikes_cut_into_other_runs_are_one() -> None:
    page = drawn(text(100, 100, "20315.00"), text(100.5, 100, "203"), text(115.5, 100, "15.00"))
    assert "".join(words(page)) == "20315.00"


def test_three_equal_amounts_side_by_side_stay_three() -> None:
    page = drawn(*(text(100 + 45 * k, 100, "1,196.83") for k in range(3)))
    assert words(page) == ["1,196.83"] * 3


def test_equal_digits_of_one_number_stay() -> None:
    assert words(drawn(text(100, 100, "1,111.11"), text(200, 100, "0.00"))) == ["1,111.11", "0.00"]


HIDDEN: dict[str, tuple[Draw, ...]] = {
    "white on paper": (text(100, 100, "涉密", color=(1, 1, 1)),),
    "too small to read": (text(100, 100, "涉密", size=0.8),),
    "invisible by its mode": (text(100, 100, "涉密", render_mode=3),),
    "transparent": (text(100, 100, "涉密", opacity=0),),
    "off the page": (text(700, 100, "涉密"),),
    "covered by a white box": (text(100, 100, "涉密"), box(90, 85, 200, 110, (1, 1, 1))),
    "covered by a black box": (text(100, 100, "涉密"), box(90, 85, 200, 110, (0, 0, 0))),
}


@pytest.mark.parametrize("how", list(HIDDEN))
def test_what_no_reader_sees_is_no_word(how: str) -> None:
    page = drawn(text(100, 300, "公开"), *HIDDEN[how])
    assert words(page) == ["公开"]
    assert [word.text for word in page.hidden] == ["涉密"]
    assert "hidden_text" in page.health


SEEN: dict[str, tuple[Draw, ...]] = {
    "white on a coloured cell": (
        box(90, 85, 200, 110, (0.2, 0.3, 0.6)),
        text(100, 100, "公开", color=(1, 1, 1)),
    ),
    "black on a coloured cell": (box(90, 85, 200, 110, (0.9, 0.9, 0.5)), text(100, 100, "公开")),
    "grey": (text(100, 100, "公开", color=(0.6, 0.6, 0.6)),),
    "beside a box drawn later": (text(100, 100, "公开"), box(130, 85, 200, 110, (0, 0, 0))),
    "over a ruling drawn later": (text(100, 100, "公开"), box(90, 96, 200, 97, (0, 0, 0))),
}


@pytest.mark.parametrize("how", list(SEEN))
def test_what_a_reader_sees_is_a_word(how: str) -> None:
    page = drawn(*SEEN[how])
    assert words(page) == ["公开"]
    assert page.hidden == () and page.health == ()


def ruled(page: pymupdf.Page, turn: int) -> None:
    """A small ruled table, written on a page turned clockwise by ``turn`` degrees."""
    rows = [("项目", "行次", "金额"), ("一、财政拨款收入", "1", "1,196.83"), ("二、事业收入", "2", "0.00")]
    width, height = page.rect.width, page.rect.height

    def at(x: float, y: float) -> tuple[float, float]:
        return {0: (x, y), 90: (y, height - x), 270: (width - y, x), 180: (width - x, height - y)}[turn]

    for r in range(4):
        page.draw_line(at(60, 100 + 20 * r), at(460, 100 + 20 * r))
    for x in (60, 260, 320, 460):
        page.draw_line(at(x, 100), at(x, 160))
    for r, cells in enumerate(rows):
        for x, cell in zip((65, 270, 380), cells, strict=True):
            text(*at(x, 114 + 20 * r), cell, angle=turn)(page)
    text(*at(200, 80), "收入决算表", size=16, angle=turn)(page)


@pytest.mark.parametrize("rotation", [0, 90, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_table_is_read_the_same_however_it_is_turned(turn: int, rotation: int) -> None:
    page = drawn(lambda p: ruled(p, turn), rotation=rotation)
    (table,) = lay_out([page]).tables
    assert [cell.text for cell in table.cells] == [
        "项目", "行次", "金额", "一、财政拨款收入", "1", "1,196.83", "二、事业收入", "2", "0.00"
    ]  # fmt: skip
    assert table.caption.title == "收入决算表"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_of_a_sideways_table_are_on_the_displayed_page(turn: int) -> None:
    page = drawn(lambda p: ruled(p, turn))
    assert page.turn == turn and (page.width, page.height) == (595, 842)
    (table,) = lay_out([page]).tables
    (amount,) = [cell for cell in table.cells if cell.text == "1,196.83"]
    document = pymupdf.open()
    ruled(document.new_page(), turn)
    (shown,) = document[0].search_for("1,196.83")
    middle = ((amount.box[0] + amount.box[2]) / 2, (amount.box[1] + amount.box[3]) / 2)
    assert pymupdf.Point(middle) in shown


def test_a_sideways_label_in_an_upright_table_is_one_word() -> None:
    page = drawn(lambda p: ruled(p, 0), text(30, 200, "公开部门", angle=90))
    assert page.turn == 0
    assert "公开部门" in words(page)


def test_a_slanted_watermark_is_no_word() -> None:
    page = drawn(text(100, 100, "公开"), text(100, 400, "样张", size=40, angle=30))
    assert words(page) == ["公开"] and "slanted_text" in page.health


def test_figures_of_a_font_without_widths_are_one_number() -> None:
    def spread(page: pymupdf.Page) -> None:
        page.insert_text((100, 100), "1,196.83", fontname="china-s", fontsize=10)

    assert words(drawn(spread)) == ["1,196.83"]


def clipped(x0: float, y0: float, x1: float, y1: float, draw: Draw) -> Draw:
    """``draw`` behind a clipping path, a box in points from the top left."""

    def both(page: pymupdf.Page) -> None:
        draw(page)
        contents = page.read_contents()
        bottom = page.rect.height - y1
        page.parent.update_stream(
            page.get_contents()[0],
            f"q {x0} {bottom} {x1 - x0} {y1 - y0} re W n\n".encode() + contents + b"\nQ",
        )

    return both


@pytest.mark.parametrize("shown", [False, True])
def test_what_a_clipping_path_cuts_away_below_a_table_is_no_word(shown: bool) -> None:
    """A workbook prints the words of a merged cell that a page cuts on both pages, and shows them on one."""

    def frame(page: pymupdf.Page) -> None:
        page.draw_rect(pymupdf.Rect(50, 50, 545, 150))

    page = drawn(clipped(50, 100, 545, 420 if shown else 150, text(60, 400, "指标 (50 分 ) 。")), frame)
    assert "".join(words(page)) == ("指标(50分)。" if shown else "")
    assert "".join(word.text for word in page.hidden) == ("" if shown else "指标(50分)。")


@pytest.mark.parametrize("rotation", [0, 90])
def test_text_that_a_clipping_path_cuts_away_wholly_is_hidden(rotation: int) -> None:
    with pymupdf.open() as document:
        shown = document.new_page()
        for y, text, clip in (
            (100, "1234.56", ""),
            (200, "999.99", "300 300 10 10 re"),  # far from its text
            (300, "777.77", "72 500 12 80 re"),  # over its first digits: page heights count from below
            (400, "......", "300 300 10 10 re"),
        ):
            shown.insert_text((72, y), text)
            stream = shown.get_contents()[-1]
            if clip:
                cut = f"q {clip} W n\n".encode() + document.xref_stream(stream) + b"\nQ\n"
                document.update_stream(stream, cut)
        shown.set_rotation(rotation)
        page = File(document.tobytes(), "typed", 5).page(1)
    assert [word.text for word in page.words] == ["1234.56", "777.77", "......"]
    assert [word.text for word in page.hidden] == ["999.99"]
    assert "hidden_text" in page.health


def test_a_glyph_that_is_cut_away_is_hidden_though_a_digit_is_drawn_in_its_place() -> None:
    """A label runs out of its cell and is cut there; the amount of the next cell stands where it would go on."""
    with pymupdf.open() as document:
        shown = document.new_page()
        shown.insert_text((72, 100), "68")
        middle = pymupdf.Point(72 + pymupdf.get_text_length("6", fontsize=11) / 2, 100)
        shown.insert_text(middle - (pymupdf.get_text_length("W", fontsize=11) / 2, 0), "W")
        stream = shown.get_contents()[-1]
        document.update_stream(stream, b"q 300 300 10 10 re W n\n" + document.xref_stream(stream) + b"\nQ\n")
        page = File(document.tobytes(), "typed", 5).page(1)
    assert [word.text for word in page.words] == ["68"]
    assert [word.text for word in page.hidden] == ["W"]
