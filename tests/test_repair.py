"""Misread figures around failing sums: put right where a second look agrees, proposed where it does not, never touched in a text layer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from checks.account_notation import forms
from checks.accounts import FINAL

from gongkai.checks import Outcome, run
from gongkai.ocr.evidence import Reading
from gongkai.ocr.grading import graded
from gongkai.ocr.scan import Scan
from gongkai.pages import Page
from gongkai.repair import Forms, Repaired, repaired
from gongkai.report import Box, Figure

DOCUMENT = "0" * 64
PLACES: tuple[Box, ...] = ((300.0, 200.0, 340.0, 208.0), (300.0, 300.0, 340.0, 308.0))
CODE = "general_budget_expenditure#1/2101102/total"
CLASS = "general_budget_expenditure#1/21011/total"


def mended(*misread: tuple[str, Reading]) -> Repaired:
    """The balanced account with some figures read from a scan instead, and what becomes of it."""
    account = tuple(forms(FINAL))
    page = next(f.source.page for form in account for f in form.figures if f.id == misread[0][0])
    for identity, reading in misread:
        account = tuple(
            replace(form, figures=tuple(read_as(f, reading) if f.id == identity else f for f in form.figures))
            for form in account
        )
    blank = Page(DOCUMENT, page, 600.0, 800.0, 0, (), (), (), "ocr")
    scan = Scan(blank, tuple(reading for _, reading in misread), (0.0, 0.0, 600.0, 800.0))
    scans = {(DOCUMENT, page): scan}

    def judge(changed: Forms) -> Outcome:
        read = [graded(form, scans, {}) for form in changed]
        return run(read, kind="final_account", fiscal_year=2022, all_checks=True)

    return repaired(account, scans, judge)


def read_as(figure: Figure, reading: Reading) -> Figure:
    value = Decimal(reading.text.replace(",", ""))
    return replace(
        figure, printed=reading.text, value=value, yuan=value, source=replace(figure.source, bbox=reading.box)
    )


def figure(of: Repaired, identity: str) -> Figure:
    return next(f for form in of.forms for f in form.figures if f.id == identity)


def test_the_account_holds_as_it_is() -> None:
    assert not run(forms(FINAL), kind="final_account", fiscal_year=2022).checks.failed


def test_what_a_second_look_and_the_sums_say_is_adopted_for_a_person_to_check() -> None:
    done = mended((CODE, Reading("560.00", PLACES[0], agreed=False, again="550.00")))
    found = figure(done, CODE)
    assert (found.value, found.printed, found.method, found.grade) == (
        Decimal("550.00"),
        "550.00",
        "repaired",
        "check",
    )
    (issue,) = done.issues
    assert issue.kind == "figure_repaired"
    assert "560.00" in issue.message and "550.00" in issue.message
    assert issue.source is not None and issue.source.bbox == PLACES[0]
    assert not done.outcome.checks.needs_review


@pytest.mark.parametrize(
    ("reading", "proposed"),
    [
        (Reading("560.00", PLACES[0], numbers=(("560.00", 0.6), ("550.00", 0.3))), "550.00"),
        (Reading("50.00", PLACES[0], red=True), "550.00"),
    ],
)
def test_without_a_second_look_the_reading_stands_and_the_proposal_is_given(
    reading: Reading, proposed: str
) -> None:
    done = mended((CODE, reading))
    assert figure(done, CODE).printed == reading.text
    assert figure(done, CODE).method == "native"
    (issue,) = done.issues
    assert issue.kind == "repair_proposed"
    assert proposed in issue.message and reading.text in issue.message


def test_a_second_look_that_settles_nothing_is_not_believed() -> None:
    done = mended((CODE, Reading("560.00", PLACES[0], agreed=False, again="580.00")))
    assert figure(done, CODE).printed == "560.00"
    assert done.issues == ()


def test_a_second_look_that_took_the_next_cell_along_is_not_believed() -> None:
    """Its last digits are those of a code: no sum notices them."""
    beside = Reading("560.00", PLACES[0], agreed=False, again="550.0030201", numbers=(("550.0", 0.2),))
    done = mended((CODE, beside))
    assert figure(done, CODE).printed == "560.00"
    assert done.issues == ()


def test_of_two_changes_that_fit_as_well_none_is_made() -> None:
    """Both halves of a sum may be what is wrong."""
    whole = ("general_budget_expenditure#1/2101101/basic", Reading("50.00", PLACES[0], again="60.00"))
    done = mended(whole, (CODE, Reading("550.00", PLACES[1], again="560.00")))
    assert {issue.kind for issue in done.issues} <= {"repair_proposed", "figure_repaired"}
    assert figure(done, CODE).printed == "550.00"


def test_a_sure_reading_is_not_changed_for_a_sum() -> None:
    done = mended((CODE, Reading("560.00", PLACES[0], agreed=True, again="550.00")))
    assert figure(done, CODE).printed == "560.00"
    assert done.issues == ()


def misprinted(grade: str) -> Repaired:
    account = tuple(
        replace(form, grade=grade, figures=tuple(one_more(f) if f.id == CODE else f for f in form.figures))  # type: ignore[arg-type]
        for form in forms(FINAL)
    )
    return repaired(
        account, {}, lambda changed: run(changed, kind="final_account", fiscal_year=2022, all_checks=True)
    )


def one_more(figure: Figure) -> Figure:
    assert figure.value is not None
    return replace(figure, value=figure.value + 10, yuan=figure.value + 10)


def test_digits_of_a_text_layer_are_never_altered_and_the_error_is_the_departments() -> None:
    done = misprinted("sure")
    assert figure(done, CODE).value == Decimal("560.00")
    assert done.issues == ()
    assert done.outcome.checks.failed


def test_without_a_confirmed_grid_nobody_is_accused() -> None:
    done = misprinted("check")
    own = [r for r in done.outcome.checks.results or () if CODE in r.operands and r.verdict == "fail"]
    assert own == []
    assert done.outcome.checks.needs_review
