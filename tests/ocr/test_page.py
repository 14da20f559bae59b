"""What is decided about one line of ink: rows of dashes, letters for digits, two looks under red ink, stains on empty cells."""

from __future__ import annotations

from dataclasses import replace

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from gongkai.ocr import engine  # noqa: E402
from gongkai.ocr import page as read  # noqa: E402
from gongkai.ocr.ctc import Line  # noqa: E402
from gongkai.ocr.picture import Picture  # noqa: E402

CELL = (0, 0, 200, 40)
BOX = (20, 10, 120, 30)


def picture(red: bool = False) -> Picture:
    white = np.full((60, 300), 255, np.uint8)
    return Picture(white, white, np.zeros_like(white), np.full(white.shape, red), 200 / 72, 0.0, 0.5)


def line(text: str, weakest: float) -> Line:
    return Line(text, weakest, (), ())


@pytest.mark.parametrize(
    ("box", "dashes"),
    [
        ((20, 19, 120, 21), "─" * 4),  # four characters of 24 pixels
        ((20, 19, 60, 21), "─" * 2),
        ((20, 19, 45, 21), ""),  # 一, or one dash: for the engine
        ((20, 36, 120, 38), ""),  # at the foot of the cell: a piece of a rule
        ((20, 10, 120, 30), ""),
    ],
)
def test_a_long_thin_stroke_is_a_row_of_dashes(box: tuple[int, int, int, int], dashes: str) -> None:
    assert read._dashes(box, 22.0, CELL) == dashes
    assert read._dashes(box, 22.0, None) == ""


@pytest.mark.parametrize("text", ["7,b6b.68", "6.032.55", "1,O00.00"])
def test_a_number_with_letters_for_digits(text: str) -> None:
    assert read._looks_numeric(text)


@pytest.mark.parametrize("text", ["办公费123", "A4", "ABC123", "12", "30101工资"])
def test_what_is_no_number(text: str) -> None:
    assert not read._looks_numeric(text)


def under_red(monkeypatch: pytest.MonkeyPatch, clear: Line, hazy: Line) -> read._Item:
    monkeypatch.setattr(engine, "recognise", lambda _: hazy)
    item = read._Item(BOX, clear, CELL, False, True)
    return read._under_red(item, picture(), 20.0)


def test_under_red_two_looks_that_differ_are_kept_and_never_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    found = under_red(monkeypatch, line("13,619.07", 0.65), line("13,649.07", 0.99))
    assert (found.line.text, found.again, found.agreed) == ("13,649.07", "13,619.07", False)


def test_under_red_an_amount_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    found = under_red(monkeypatch, line("17.123.19", 0.9), line("17,123.19", 0.6))
    assert (found.line.text, found.agreed) == ("17,123.19", False)


def test_the_other_look_is_kept_as_the_amount_that_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Line("28,849,38", 0.5, (), (("28,849,38", 0.7), ("28,849.38", 0.2)))
    found = under_red(monkeypatch, line("28,819.38", 0.6), other)
    assert (found.line.text, found.again) == ("28,819.38", "28,849.38")


def test_under_red_two_looks_that_agree_leave_the_rest_to_the_type(monkeypatch: pytest.MonkeyPatch) -> None:
    found = under_red(monkeypatch, line("13,649.07", 0.9), line("13,649.07", 0.6))
    assert (found.line.text, found.agreed) == ("13,649.07", None)


def test_an_empty_cell_under_red_is_told() -> None:
    (stain,) = read._stained(picture(red=True), [CELL])
    assert (stain.text, stain.red) == ("", True)
    assert read._stained(picture(), [CELL]) == []
    assert not replace(stain, red=False).numeric
