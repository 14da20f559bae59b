"""Figures of scanned pages get their method, grade and place; figures of the file's own text are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai import money
from gongkai.ocr import available, missing
from gongkai.ocr.evidence import UNKNOWN, Reading
from gongkai.ocr.grading import graded
from gongkai.ocr.scan import Scan
from gongkai.pages import Page
from gongkai.report import Box, Figure, Form, Source

DOCUMENT = "a" * 64
PLACE: Box = (300.0, 200.0, 340.0, 208.0)
PAGE = Page(DOCUMENT, 3, 600.0, 800.0, 0, (), (), (), "ocr")
SCAN = Scan(PAGE, (Reading("1,234.56", PLACE, agreed=True),), (0.0, 0.0, 600.0, 800.0))


def figure(printed: str = "1,234.56", place: Box = PLACE, page: int = 3) -> Figure:
    return money.read(
        printed,
        id="f#1/30101/1",
        row_key="30101",
        row_label="基本工资",
        line="30101",
        col_key="1",
        col_label="金额",
        measure="amount",
        unit="万元",
        quantity="money",
        source=Source(DOCUMENT, page, place),
    )


def form(*figures: Figure) -> Form:
    return Form(id="f#1", form="f", title="表", document=DOCUMENT, pages=(3,), figures=figures)


def one(scan: Scan, of: Figure, proved: bool = False) -> Figure:
    checks = {of.id: ("C1",)} if proved else {}
    return graded(form(of), {(DOCUMENT, 3): scan}, checks).figures[0]


def test_a_confirmed_figure_is_sure_and_ocrs() -> None:
    found = one(SCAN, figure())
    assert (found.method, found.grade, found.source.bbox) == ("ocr", "sure", PLACE)
    assert found.confidence >= 0.9


def test_an_unconfirmed_figure_waits_for_its_sums() -> None:
    scan = replace(SCAN, readings=(replace(SCAN.readings[0], agreed=None),))
    assert one(scan, figure()).grade == "check"
    assert one(scan, figure(), proved=True).grade == "sure"


def test_without_a_sure_grid_only_both_make_sure() -> None:
    scan = replace(SCAN, grid_sure=False)
    assert one(scan, figure()).grade == "check"
    assert one(scan, figure(), proved=True).grade == "sure"


def test_a_blank_is_a_cell_without_ink() -> None:
    cell: Box = (290.0, 230.0, 350.0, 250.0)
    assert one(SCAN, figure("", cell)).grade == "sure"
    smeared = replace(SCAN, readings=(Reading(UNKNOWN, (300.0, 236.0, 302.0, 244.0), red=True),))
    stained = replace(SCAN, readings=(Reading("", cell, red=True),))
    assert one(stained, figure("", cell)).grade == "check"
    assert one(smeared, figure("", cell)).grade == "check"
    assert one(replace(SCAN, poor=True), figure("", cell)).grade == "check"


def test_what_is_no_number_stays_unread() -> None:
    scan = replace(SCAN, readings=(Reading("1,2E4.56", PLACE),))
    found = one(scan, figure("1,2E4.56"))
    assert (found.grade, found.confidence, found.value) == ("unread", 0.0, None)


def test_places_are_turned_back() -> None:
    found = one(replace(SCAN, angle=2.0), figure())
    assert found.source.bbox == pytest.approx((306.83, 200.82, 346.83, 208.82), abs=0.01)


def test_figures_of_a_page_on_its_side_find_their_readings() -> None:
    scan = replace(SCAN, page=replace(PAGE, turn=90))
    place: Box = (200.0, 800.0 - 340.0, 208.0, 800.0 - 300.0)  # where the layout turns PLACE back to
    assert scan.upright(place) == PLACE
    assert one(scan, figure(place=place)).grade == "sure"


def test_text_of_the_file_beside_a_picture_is_left_alone() -> None:
    elsewhere = figure(place=(300.0, 600.0, 340.0, 608.0))
    assert one(SCAN, elsewhere) == elsewhere
    other_page = replace(form(figure(page=4)), pages=(4,))
    assert graded(other_page, {(DOCUMENT, 3): SCAN}, {}) == other_page


def test_prose_with_a_doubtful_reading_is_doubtful() -> None:
    assert not SCAN.doubtful(PLACE)
    assert replace(SCAN, readings=(replace(SCAN.readings[0], red=True),)).doubtful(PLACE)
    assert not SCAN.doubtful((0.0, 0.0, 10.0, 10.0))


def test_the_issue_names_the_extra() -> None:
    issue = missing(PAGE)
    assert issue.kind == "ocr_missing"
    assert "gongkai[ocr]" in issue.message
    assert issue.source is not None
    assert issue.source.page == 3
    assert isinstance(available(), bool)


def test_a_figure_of_the_file_beside_a_doubtful_label_is_to_be_checked() -> None:
    label = Reading("基本工贝", (100.0, 200.0, 160.0, 208.0), weakest=0.3)
    scan = replace(SCAN, readings=(label,))
    found = one(scan, figure())
    assert (found.method, found.grade) == ("native", "check")
    assert one(replace(SCAN, readings=(replace(label, weakest=0.95),)), figure()).grade == "sure"


def test_a_misread_code_makes_its_row_doubtful_unless_the_label_names_it() -> None:
    code = Reading("30101", (100.0, 200.0, 125.0, 208.0), agreed=False)
    scan = replace(SCAN, readings=(*SCAN.readings, code))
    assert one(scan, figure()).grade == "sure"  # 基本工资 is what the classification calls 30101
    assert one(scan, replace(figure(), row_label="基本上资")).grade == "check"


def test_a_repaired_figure_stays_for_a_person() -> None:
    mended = replace(figure(), method="repaired", grade="check", confidence=0.8)
    found = one(replace(SCAN, angle=2.0), mended, proved=True)
    assert (found.method, found.grade, found.confidence) == ("repaired", "check", 0.8)
    assert found.source.bbox != PLACE


def test_two_pictures_of_a_page_are_one_scan_each_turned_by_its_own_angle() -> None:
    first = replace(SCAN, area=(0.0, 0.0, 600.0, 400.0), angle=2.0, readings=())
    other = replace(SCAN, area=(0.0, 400.0, 600.0, 800.0), poor=True)
    both = other.joined(first)
    assert both.readings == SCAN.readings and both.poor
    assert both.displayed(PLACE) == first.displayed(PLACE) != PLACE
    low: Box = (300.0, 600.0, 340.0, 608.0)
    assert both.displayed(low) == low
