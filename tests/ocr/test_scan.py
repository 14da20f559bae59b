"""Whole pictures read by the engine: every figure in its cell, turned back to its place on the page, graded."""

from __future__ import annotations

import pytest

pytest.importorskip("rapidocr")
pytest.importorskip("onnxruntime")

import pymupdf
from ocr.scanned import HEIGHT, ROWS, WIDTH, raster, table_page

from gongkai import ocr
from gongkai.layout import lay_out
from gongkai.ocr.evidence import grade
from gongkai.pages import Page, Word


def blank(width: float, height: float) -> Page:
    return Page("d" * 64, 1, width, height, 0, (), (), (), "none", ("picture",))


def read(document: pymupdf.Document) -> ocr.Scan:
    rect = document[0].rect
    picture = raster(document, ocr.scale_for(rect.width, rect.height))
    return ocr.read_page(blank(rect.width, rect.height), picture.samples, picture.width, picture.height)


def table_of(scan: ocr.Scan) -> tuple[tuple[str, ...], ...]:
    (table,) = lay_out([scan.page]).tables
    rows = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return tuple(map(tuple, rows))


@pytest.mark.parametrize(
    "changes", [{}, {"skew": 1.5}, {"skew": -0.8, "stamp": (250.0, 150.0), "cover": 0.4}]
)
def test_every_cell_is_read(changes: dict[str, object]) -> None:
    scan = read(table_page(**changes))  # type: ignore[arg-type]
    assert table_of(scan) == ROWS
    assert scan.page.text_source == "ocr"
    assert not scan.poor
    assert ("skewed" in scan.page.health) == ("skew" in changes)


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_page_on_its_side_is_turned(quarter: int) -> None:
    scan = read(table_page(turned=quarter))
    assert table_of(scan) == ROWS
    assert scan.page.turn == quarter or (scan.page.turn + quarter) % 360 == 0
    assert "turned" in scan.page.health


def test_the_title_is_read_outside_the_table() -> None:
    scan = read(table_page())
    (table,) = lay_out([scan.page]).tables
    assert table.caption.title == "一般公共预算支出决算表"
    assert table.caption.unit == "万元"


def test_places_are_turned_back_to_the_page_as_displayed() -> None:
    straight, slanted = read(table_page()), read(table_page(skew=1.5))
    ours = {reading.text: reading.box for reading in straight.readings}
    matrix = pymupdf.Matrix(1.5)
    middle = pymupdf.Point(WIDTH / 2, HEIGHT / 2)
    for reading in slanted.readings:
        if reading.text not in ("4,922.11", "3,798.10", "849.31"):
            continue
        x0, y0, x1, y1 = ours[reading.text]
        true = (pymupdf.Point((x0 + x1) / 2, (y0 + y1) / 2) - middle) * matrix + middle
        left, top, right, bottom = slanted.displayed(reading.box)
        assert (left + right) / 2 == pytest.approx(true.x, abs=1.0)
        assert (top + bottom) / 2 == pytest.approx(true.y, abs=1.0)


def test_numbers_have_a_second_reading_that_agrees() -> None:
    numbers = [reading for reading in read(table_page()).readings if reading.numeric]
    assert len(numbers) == sum(
        text.replace(",", "").replace(".", "").isdecimal() for row in ROWS for text in row
    )
    assert all(reading.agreed for reading in numbers)
    assert not any(reading.red for reading in numbers)


def test_red_ink_is_noticed_where_it_touches() -> None:
    scan = read(table_page(stamp=(250.0, 150.0)))
    touched = {reading.text for reading in scan.readings if reading.red}
    assert "4,900.89" not in touched
    assert touched & {"854.47", "1,115.85", "110.00"}


def test_what_a_seal_hides_is_never_sure() -> None:
    hidden = read(table_page(stamp=(250.0, 150.0), cover=1.0))
    printed = {text for row in ROWS for text in row}
    for reading in hidden.readings:
        if reading.numeric and reading.text not in printed:
            assert grade([reading])[0] == "check"
    assert {reading.text for reading in hidden.readings} & {"3,806.26", "4,922.11"}


def test_a_picture_on_a_page_of_text_keeps_the_text_around_it() -> None:
    word = Word("第三部分", 40.0, 10.0, 100.0, 22.0, 12.0, False, (40.0, 55.0, 70.0, 85.0, 100.0))
    under = Word("乱", 100.0, 100.0, 110.0, 110.0, 10.0, False, (100.0, 110.0))
    page = Page("d" * 64, 1, WIDTH, HEIGHT + 50, 0, (word, under), (), (), "native")
    document = table_page()
    picture = raster(document, ocr.scale_for(WIDTH, HEIGHT))
    scan = ocr.read_page(
        page, picture.samples, picture.width, picture.height, (0.0, 50.0, WIDTH, HEIGHT + 50)
    )
    assert scan.page.words[0] == word
    assert under not in scan.page.words
    assert scan.page.text_source == "mixed"
    assert table_of(scan) == ROWS


def test_nothing_on_an_empty_page() -> None:
    document = pymupdf.open()
    document.new_page(width=200, height=200)
    scan = read(document)
    assert scan.page.words == ()
    assert scan.readings == ()
