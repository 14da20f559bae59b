"""Fonts that lie, end to end: typeset, told from honest ones, and spelled anew."""

from __future__ import annotations

import pytest
from lying import PROSE, ROMAN, ROWS, SONG, said, typeset

from gongkai import ocr
from gongkai.mended import _plain
from gongkai.pdf import File
from gongkai.report import Report
from gongkai.sandbox import Sandbox
from gongkai.scans import Read, read_through
from gongkai.settings import Settings
from gongkai.steps import Step

DIGITS = dict(zip("0123456789", "7301925846", strict=True))
PRIVATE = {
    c: chr(0xE000 + n) for n, c in enumerate(sorted({c for r in (*ROWS, PROSE) for t in r for c in t}))
}
TURNED = dict(zip(sorted(PRIVATE), sorted(PRIVATE)[7:] + sorted(PRIVATE)[:7], strict=True))
needs_engine = pytest.mark.skipif(not ocr.available(), reason="the extra gongkai[ocr] is not installed")


def opened(data: bytes) -> Read:
    with File(data, "d", 10) as file:
        return read_through(file)


def cells(read: Read) -> list[str]:
    return [word.text for word in read.pages[0].words if word.y0 > 130]


TRUE = [cell for row in ROWS for cell in row]


def test_honest_fonts_raise_no_alarm() -> None:
    read = opened(typeset({}, pages=2))
    assert cells(read) == TRUE
    assert not read.issues and not read.scans
    assert [(page.text_source, page.health) for page in read.pages] == [("native", ())] * 2


def test_swapped_digits_are_swapped_back_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    data = typeset({ROMAN: DIGITS})
    with File(data, "d", 10) as file:
        before = [word.text for word in file.page(1).words]
    assert said(DIGITS, "1,208.44") in before
    read = opened(data)
    assert cells(read) == TRUE
    assert read.pages[0].health == ("digits_swapped",) and read.pages[0].text_source == "native"
    assert [issue.kind for issue in read.issues] == ["font_digits_swapped"]


@pytest.mark.parametrize("lie", [None, PRIVATE])
def test_a_font_program_that_knows_its_characters_gives_them(
    lie: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    read = opened(typeset({ROMAN: lie}))
    assert cells(read) == TRUE
    assert read.pages[0].health == ("garbled_font", "text_rebuilt") and read.pages[0].text_source == "native"


@pytest.mark.parametrize("lie", [None, PRIVATE, TURNED])
def test_without_ocr_what_no_one_knows_is_no_text(
    lie: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    read = opened(typeset({SONG: lie}))
    page = read.pages[0]
    assert "1,208.44" in cells(read)
    assert {c for word in page.words for c in word.text if not c.isascii()} == {"\ufffd"}
    assert page.health == ("garbled_font", "text_unread")
    assert [issue.kind for issue in read.issues] == ["ocr_missing"]
    assert "gongkai[ocr]" in read.issues[0].message


@needs_engine
@pytest.mark.parametrize("lie", [None, PRIVATE, TURNED])
def test_what_is_left_is_read_from_the_picture_in_its_own_place(lie: dict[str, str] | None) -> None:
    ahead: list[int] = []
    with File(typeset({SONG: lie}), "d", 10) as file:
        read = read_through(file, ahead.append)
    assert cells(read) == TRUE
    assert ahead == [1]
    page = read.pages[0]
    assert {"garbled_font", "text_read"} <= set(page.health) and page.text_source == "mixed"
    doubtful = {reading.text for reading in read.scans[1].readings}
    assert "一、一般公共预算财政拨款收入" in TRUE and not doubtful & {"1,208.44", "35.67"}


def test_a_drawn_line_is_no_row_of_ones() -> None:
    assert _plain("一一一一") == "────"
    assert _plain("一") == "一" and _plain("一一对应") == "一一对应"


@needs_engine
def test_a_child_is_given_the_time_and_the_memory_for_it() -> None:
    with Sandbox(Settings(workers=1)) as sandbox:
        step = Step.from_bytes(sandbox.run([("a.pdf", typeset({SONG: PRIVATE}))]))
    assert step.result is not None
    report = Report.from_json(step.result.report)
    assert "text_read" in report.documents[0].pages[0].health
    assert "page_unread" not in {issue.kind for issue in report.issues}
