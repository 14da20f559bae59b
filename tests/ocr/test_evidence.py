"""What a figure that OCR read is worth: the format, a second reading, the sums, and what red ink and labels take from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.ocr.evidence import UNKNOWN, Reading, above, grade, in_box, in_row, is_amount, keyed_by
from gongkai.report import Box

PLACE: Box = (100.0, 50.0, 140.0, 58.0)
AMOUNT = Reading("1,234.56", PLACE, agreed=True)
LABEL = Reading("基本工资", (20.0, 49.0, 60.0, 59.0))


@pytest.mark.parametrize(
    "text", ["1,234.56", "0", "12.5%", "-", "────", "(3.20)", "－5.00", "１２３", "1234567.89"]
)
def test_formats_of_amounts(text: str) -> None:
    assert is_amount(text)


@pytest.mark.parametrize(
    "text", ["1,23.45", "12.", "1 234.5a", "28 11.", "196,29", "合计", "", "1.2.3", UNKNOWN]
)
def test_what_is_no_amount(text: str) -> None:
    assert not is_amount(text)


def test_a_second_reading_that_agrees_is_enough_on_a_good_scan() -> None:
    assert grade([AMOUNT])[0] == "sure"


def test_a_score_alone_is_not_evidence() -> None:
    assert grade([replace(AMOUNT, agreed=None, weakest=1.0, numbers=(("1,234.56", 1.0),))])[0] == "check"


def test_sums_make_up_for_a_second_reading_that_was_not_made() -> None:
    assert grade([replace(AMOUNT, agreed=None)], proved=True)[0] == "sure"


@pytest.mark.parametrize("harm", [{"red": True}, {"cut": True}])
def test_under_a_stamp_both_are_needed(harm: dict[str, bool]) -> None:
    hurt = replace(AMOUNT, **harm)
    assert grade([hurt])[0] == "check"
    assert grade([replace(hurt, agreed=None)], proved=True)[0] == "check"
    assert grade([hurt], proved=True)[0] == "sure"


def test_a_poor_scan_needs_both_and_names_that_the_form_knows() -> None:
    assert grade([AMOUNT], poor=True)[0] == "check"
    assert grade([AMOUNT], poor=True, proved=True)[0] == "sure"
    assert grade([AMOUNT], poor=True, proved=True, named=False)[0] == "check"


def test_two_readings_that_differ_are_for_a_person() -> None:
    assert grade([replace(AMOUNT, agreed=False, again="1,284.56")])[0] == "check"


def test_a_figure_in_two_pieces_or_of_no_format_is_never_sure() -> None:
    assert grade([AMOUNT, AMOUNT], proved=True)[0] == "check"
    assert grade([replace(AMOUNT, text="1,23.56")], proved=True)[0] == "check"
    assert grade([], proved=True)[0] == "check"


@pytest.mark.parametrize(
    "label",
    [
        replace(LABEL, weakest=0.3),
        replace(LABEL, text=f"基本{UNKNOWN}资"),
        replace(LABEL, red=True, weakest=0.8),
    ],
)
def test_a_doubtful_label_makes_its_figures_doubtful(label: Reading) -> None:
    assert grade([AMOUNT], row=[LABEL])[0] == "sure"
    assert grade([AMOUNT], row=[label], proved=True)[0] == "check"


def test_confidence_is_below_point_nine_exactly_where_the_grade_is_check() -> None:
    for agreed in (True, False, None):
        for proved in (True, False):
            for red in (True, False):
                result, confidence = grade([replace(AMOUNT, agreed=agreed, red=red)], proved=proved)
                assert (confidence < 0.9) == (result == "check")


def test_readings_are_found_by_place() -> None:
    beside = replace(AMOUNT, box=(160.0, 50.0, 200.0, 58.0))
    below = replace(LABEL, box=(20.0, 80.0, 60.0, 90.0))
    readings = [AMOUNT, LABEL, beside, below]
    assert in_box(readings, PLACE) == [AMOUNT]
    assert in_row(readings, PLACE) == [LABEL]


CODE = Reading("30101", (5.0, 49.0, 18.0, 59.0), agreed=True)


def test_a_row_is_known_by_numbers_that_are_no_surer_than_others() -> None:
    line = Reading("39", (62.0, 49.0, 70.0, 59.0), agreed=None)
    row = [CODE, LABEL, line]
    assert keyed_by(row, "30101") == [CODE]
    assert keyed_by(row, "expenditure:39") == [line]
    assert keyed_by(row, "合计") == []
    assert grade([AMOUNT], row=row, keys=[CODE])[0] == "sure"
    assert grade([AMOUNT], row=row, keys=[line], proved=True)[0] == "check"


def test_a_code_in_its_levels() -> None:
    levels = [Reading(text, LABEL.box, agreed=True) for text in ("208", "05", "99", "7")]
    assert keyed_by(levels, "2080599") == levels[:3]


def test_captions_stand_above_in_the_same_column() -> None:
    caption = Reading("预算数", (95.0, 20.0, 145.0, 30.0), weakest=0.2)
    beside = replace(caption, box=(150.0, 20.0, 190.0, 30.0))
    assert above([caption, beside, AMOUNT], PLACE) == [caption]
    assert grade([AMOUNT], heads=[caption], proved=True)[0] == "check"
    assert grade([AMOUNT], heads=[replace(caption, weakest=0.99)])[0] == "sure"
