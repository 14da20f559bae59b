"""The prose of scanned pages: read once, so that only what a table confirms may be used unseen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gongkai.ocr.evidence import Reading
from gongkai.ocr.scan import Scan
from gongkai.ocr.spoken import graded_mention, placed_section
from gongkai.pages import Page
from gongkai.report import Box, Mention, Section, Slot, Source, Subject

DOCUMENT = "a" * 64
LINE: Box = (80.0, 200.0, 500.0, 214.0)
PLACE: Box = (200.0, 201.0, 280.0, 213.0)
PAGE = Page(DOCUMENT, 3, 600.0, 800.0, 0, (), (), (), "ocr")
READ = Reading("2022年度收入合计310.5万元，其中：", LINE)
SCAN = Scan(PAGE, (READ,), (0.0, 0.0, 600.0, 800.0))


def mention(page: int = 3) -> Mention:
    where = Source(DOCUMENT, page, PLACE)
    amount = Slot(
        slot="amount",
        printed="310.5万元",
        value=Decimal("310.5"),
        unit="万元",
        yuan=Decimal(3105000),
        quantum_yuan=Decimal(1000),
        quote="收入合计310.5万元",
        source=where,
    )
    subject = Subject(code=None, name="收入合计")
    return Mention(id="m", fact="income.total", subject=subject, slots=(amount,), quote="…", source=where)


def one(scan: Scan, *, proved: bool = False, page: int = 3) -> Mention:
    held = {"m/amount": ("X-NARR-TOTAL",)} if proved else {}
    return graded_mention(mention(page), {(DOCUMENT, 3): scan}, held)


def test_an_amount_that_nothing_confirms_is_to_be_checked() -> None:
    found = one(SCAN)
    assert (found.method, found.grade) == ("ocr", "check") and found.confidence < 0.9


def test_an_amount_that_a_table_repeats_is_sure() -> None:
    found = one(SCAN, proved=True)
    assert (found.method, found.grade) == ("ocr", "sure") and found.confidence >= 0.9


def test_a_stamp_or_a_poor_scan_leaves_it_in_doubt() -> None:
    stamped = replace(SCAN, readings=(replace(READ, red=True),))
    for scan in (stamped, replace(SCAN, poor=True)):
        assert one(scan, proved=True).grade == "check"


def test_text_of_the_file_beside_a_picture_is_left_alone() -> None:
    beside = replace(SCAN, readings=(replace(READ, box=(80.0, 400.0, 500.0, 414.0)),))
    assert one(beside) == mention() and one(SCAN, page=4) == mention(4)


def test_places_are_turned_back_to_the_page() -> None:
    found = one(replace(SCAN, angle=2.0))
    slot = found.slots[0].source
    assert slot is not None and slot.bbox != PLACE and found.source.bbox == slot.bbox


def test_a_heading_that_was_read_says_so() -> None:
    section = Section(
        id="s", kind="income", number="二", title="收入", level=2, text="", source=Source(DOCUMENT, 3, PLACE)
    )
    assert placed_section(section, {(DOCUMENT, 3): SCAN}).method == "ocr"
    assert placed_section(section, {}) == section
