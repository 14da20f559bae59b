"""Which pages are read from their picture, and what is said when they cannot be."""

from __future__ import annotations

import pytest

from gongkai import ocr, scans
from gongkai.pages import Page, Word
from gongkai.text import legible_share, simplified


def word(text: str, x: float = 50.0, y: float = 100.0) -> Word:
    edges = tuple(x + 10.0 * k for k in range(len(text) + 1))
    return Word(text, x, y, edges[-1], y + 10, 10.0, False, edges)


def page(
    *words: Word, health: tuple[str, ...] = (), pictures: tuple[tuple[float, float, float, float], ...] = ()
) -> Page:
    source = "native" if words else "none"
    return Page("d", 1, 595.0, 842.0, 0, words, (), (), source, health, (), 0, pictures)


CLEAN = word("本年收入合计与一般公共预算财政拨款支出决算表，其中：基本支出1,196.83万元。")
GARBAGE = word("夬乜亍丌乇丐丟丬丱丿乂乩亓亘亙亠仂仃仄仉仝仞仡仫仳伉佤佶侔俅俚俜俣偾傺僖")


def test_a_page_with_sound_text_is_left_as_it_is() -> None:
    assert scans.areas_to_read(page(CLEAN)) == ()


def test_a_page_that_is_a_picture_is_read_whole() -> None:
    assert scans.areas_to_read(page(health=("picture",))) == ((0.0, 0.0, 595.0, 842.0),)


def test_pictures_without_text_on_a_page_with_text_are_read_alone() -> None:
    boxes = ((60.0, 200.0, 500.0, 400.0), (60.0, 420.0, 500.0, 600.0))
    assert scans.areas_to_read(page(CLEAN, pictures=boxes)) == boxes


def test_garbage_is_no_text() -> None:
    assert legible_share(CLEAN.text) > 0.95 > scans.GARBLED > legible_share(GARBAGE.text)
    assert scans.areas_to_read(page(GARBAGE)) == ((0.0, 0.0, 595.0, 842.0),)


def test_an_unreadable_or_empty_page_is_not_rendered() -> None:
    assert scans.areas_to_read(page(health=("unreadable",))) == ()
    assert scans.areas_to_read(page()) == ()


def test_without_the_extra_garbage_is_dropped_and_the_issue_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    read = scans.with_pictures_read(b"", [page(CLEAN), page(GARBAGE)])
    assert [one.text_source for one in read.pages] == ["native", "none"]
    assert read.pages[1].words == () and "garbled_font" in read.pages[1].health
    assert [issue.kind for issue in read.issues] == ["ocr_missing"] and "gongkai[ocr]" in read.issues[
        0
    ].message


def test_traditional_forms_of_the_field_are_simplified_one_for_one() -> None:
    assert simplified("財政撥款收入支出決算總表") == "财政拨款收入支出决算总表"


def test_a_picture_that_breaks_the_engine_costs_its_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> object:
        raise RuntimeError("std::bad_alloc")

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(scans, "_recognised", burst)
    read = scans.with_pictures_read(b"", [page(CLEAN), page(health=("picture",))])
    assert len(read.pages) == 2 and not read.scans
    assert [issue.kind for issue in read.issues] == ["page_unread"]
