"""Which pages are read from their picture, and what is said when they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gongkai import ocr, scans
from gongkai.ocr.evidence import Reading
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, Rule, Word
from gongkai.pdf import File
from gongkai.text import simplified


def word(text: str, x: float = 50.0, y: float = 100.0) -> Word:
    edges = tuple(x + 10.0 * k for k in range(len(text) + 1))
    return Word(text, x, y, edges[-1], y + 10, 10.0, False, edges)


def page(
    *words: Word, health: tuple[str, ...] = (), pictures: tuple[tuple[float, float, float, float], ...] = ()
) -> Page:
    source = "native" if words else "none"
    return Page("d", 1, 595.0, 842.0, 0, words, (), (), source, health, (), 0, pictures)


class Given(File):
    """A file of these pages."""

    def __init__(self, *own: Page) -> None:
        self.own = own

    def pages(self) -> Iterator[Page]:
        yield from self.own


CLEAN = word("本年收入合计与一般公共预算财政拨款支出决算表，其中：基本支出1,196.83万元。")


def test_a_page_with_sound_text_is_left_as_it_is() -> None:
    assert scans.areas_to_read(page(CLEAN)) == ()


def test_a_page_that_is_a_picture_is_read_whole() -> None:
    assert scans.areas_to_read(page(health=("picture",))) == ((0.0, 0.0, 595.0, 842.0),)


def test_pictures_without_text_on_a_page_with_text_are_read_alone() -> None:
    boxes = ((60.0, 200.0, 500.0, 400.0), (60.0, 420.0, 500.0, 600.0))
    assert scans.areas_to_read(page(CLEAN, pictures=boxes)) == boxes


def test_an_unreadable_or_empty_page_is_not_rendered() -> None:
    assert scans.areas_to_read(page(health=("unreadable",))) == ()
    assert scans.areas_to_read(page()) == ()


def test_traditional_forms_of_the_field_are_simplified_one_for_one() -> None:
    assert simplified("財政撥款收入支出決算總表") == "财政拨款收入支出决算总表"


def test_a_picture_that_breaks_the_engine_costs_its_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> object:
        raise RuntimeError("std::bad_alloc")

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(scans, "_recognised", burst)
    read = scans.read_through(Given(page(CLEAN), page(health=("picture",))))
    assert len(read.pages) == 2 and not read.scans
    assert [issue.kind for issue in read.issues] == ["page_unread"]


def test_every_picture_with_a_row_of_a_table_is_read_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table cut in two, and a chart beside it."""
    ruled = {100.0: 4, 300.0: 2, 500.0: 0}  # rules across in the picture that begins at this height

    def read(_: File, before: Page, area: tuple[float, float, float, float]) -> Scan:
        across = tuple(Rule(area[1] + 10 * k, 50.0, 500.0) for k in range(ruled[area[1]]))
        down = tuple(Rule(50.0 + 10 * k, area[1], area[3]) for k in range(3 if across else 0))
        after = replace(before, horizontal=(*before.horizontal, *across), vertical=(*before.vertical, *down))
        return Scan(after, (Reading("1", area),), area)

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(scans, "_recognised", read)
    areas = tuple((50.0, top, 500.0, top + 100) for top in ruled)
    done = scans.read_through(Given(page(CLEAN, pictures=areas)))
    scan = done.scans[1]
    assert len(done.pages[0].horizontal) == 6
    assert [reading.box for reading in scan.readings] == list(areas[:2])
    assert done.issues == ()
