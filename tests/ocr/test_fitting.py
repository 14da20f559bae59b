"""What OCR made of a table against what its form and its own numbering say."""

from __future__ import annotations

import pytest

from gongkai import money
from gongkai.ocr.fitting import misfits, misheaded, misnumbered
from gongkai.ocr.grading import graded
from gongkai.ocr.scan import Scan
from gongkai.pages import Page
from gongkai.report import Figure, Form, Source

DOCUMENT = "a" * 64


def figure(row: str, column: str, measure: str | None, printed: str = "1.00", y: float = 100.0) -> Figure:
    return money.read(
        printed,
        id=f"f#1:{row}:{column}",
        row_key=row,
        row_label=row.partition(":")[2] or row,
        line="total",
        col_key=column,
        col_label=column,
        measure=measure,
        unit="元",
        quantity="money",
        source=Source(DOCUMENT, 1, (300.0, y, 340.0, y + 8)),
    )


def form(*columns: tuple[str, str | None]) -> Form:
    figures = tuple(figure("合计", *column) for column in columns)
    return Form(id="f#1", form="income", title="收入决算表", document=DOCUMENT, pages=(1,), figures=figures)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ((("合计", "total"), ("财政拨款收入", "fiscal")), False),
        ((("合计", "total"), ("财政拨款收入", "fiscal"), ("", None)), True),
        ((("合计", "total"), ("合计#2", "total")), True),
        ((("甲", None), ("乙", None)), False),
        ((("合计", "total"), ("甲", None), ("乙", None)), False),
    ],
    ids=[
        "the form's own",
        "one that it lacks",
        "one of them twice",
        "a form that nobody knows",
        "another table",
    ],
)
def test_columns_that_are_not_the_forms(columns: tuple[tuple[str, str | None], ...], expected: bool) -> None:
    assert misfits(form(*columns)) is expected


def test_what_does_not_fit_its_form_is_not_sure_until_sums_hold_too() -> None:
    page = Page(DOCUMENT, 1, 600.0, 800.0, 0, (), (), (), "ocr")
    scan = Scan(page, (), (0.0, 0.0, 600.0, 800.0))
    blank = form(("合计", "total"), ("财政拨款收入", "fiscal"))
    for columns, grade in ((("财政拨款收入", "fiscal"), "sure"), (("合计#2", "total"), "check")):
        empty = [figure("合计", "合计", "total", ""), figure("合计", *columns, "")]
        done = graded(Form(**{**_fields(blank), "figures": tuple(empty)}), {(DOCUMENT, 1): scan}, {})
        assert {one.grade for one in done.figures} == {grade}
        assert done.grade == grade


def _fields(one: Form) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["一、基本支出", "二、项目支出", "合计"], set()),
        (["基本支出", "二、项目支出", "合计"], {"基本支出"}),
        (["一、教育支出", "八、社会保障支出", "一、基本支出", "二、项目支出"], set()),
        (["一、教育支出", "八、社会保障支出", "基本支出", "二、项目支出"], {"基本支出", "二、项目支出"}),
        (["一、基本支出", "(一)人员经费", "(二)公用经费", "二、项目支出"], set()),
        (["一、基本支出", "人员经费", "(二)公用经费", "二、项目支出"], {"人员经费"}),
        (
            ["十九、预备费", "二十、其他支出", "二十一、转移性支出", "债务还本支出", "二十三、债务付息支出"],
            {"债务还本支出"},
        ),
    ],
    ids=["whole", "first lost", "some not printed", "another list begins", "levels", "lost below", "tens"],
)
def test_rows_that_may_have_lost_their_number(labels: list[str], expected: set[str]) -> None:
    figures = [figure(f"expenditure:{label}", "决算数", "amount") for label in labels]
    assert misnumbered(figures) == {f"expenditure:{label}" for label in expected}


def test_rows_known_by_a_code_or_a_line_number_need_none() -> None:
    assert not misnumbered([figure(key, "1", "amount") for key in ("30101", "expenditure:7", "二、项目支出")])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["1", "2", "3"], set()),
        (["1", "1#2", "3"], {"1", "1#2"}),
        (["本年支出/小计", "2", "3"], {"本年支出/小计"}),
        (["本年支出/小计", "本年支出/基本支出"], set()),
    ],
    ids=["whole", "one read as another", "one lost", "none printed"],
)
def test_columns_that_may_have_lost_their_number(columns: list[str], expected: set[str]) -> None:
    assert misheaded([figure("合计", column, "amount") for column in columns]) == expected
