"""What no ruling confirms is marked, and what a sum can prove of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layout.typed import page, row, table, word

from gongkai.forms.recognise import forms_of
from gongkai.layout import lay_out
from gongkai.layout.columns import Band, cut_at_gutters
from gongkai.money import NAMED, PLACED
from gongkai.pages import Word
from gongkai.proof import proven
from gongkai.report import Figure, Form

CODED = [(60.0, "l"), (130.0, "l"), (340.0, "r"), (440.0, "r"), (540.0, "r")]
CAPTIONS = [(75.0, "c"), (180.0, "c"), (320.0, "c"), (420.0, "c"), (520.0, "c")]


def coded(*rows: tuple[str, ...], title: str = "一般公共预算财政拨款支出决算表") -> Form:
    words: list[Word] = [word(title, 300, 60, "c", 16), word("单位：万元", 540, 85, "r")]
    words += row(110, CAPTIONS, "科目编码", "科目名称", "合计", "基本支出", "项目支出")
    (form,), _ = forms_of(lay_out([page([*words, *table(135, CODED, rows)])]).tables, "final_account", 2022)
    return form


def by_value(form: Form, printed: str) -> Figure:
    return next(figure for figure in form.figures if figure.printed == printed)


ROWS = (
    ("", "合计", "30.00", "20.00", "10.00"),
    ("208", "社会保障和就业支出", "18.00", "12.00", "6.00"),
    ("210", "卫生健康支出", "12.00", "8.00", "4.00"),
)


def test_a_known_form_with_its_codes_is_sure_without_rulings() -> None:
    assert {figure.grade for figure in coded(*ROWS).figures} == {"sure"}


def test_a_row_that_lacks_its_code_has_no_sure_name() -> None:
    form = coded(*ROWS, ("", "住房保障支出", "5.00", "3.00", "2.00"))
    assert by_value(form, "5.00").grade == "check" and by_value(form, "5.00").confidence == NAMED
    assert by_value(form, "18.00").grade == "sure"


def test_columns_of_a_form_that_nobody_knows_are_not_sure() -> None:
    form = coded(*ROWS, title="某某情况附表")
    assert {figure.grade for figure in form.figures} == {"check"}


@pytest.mark.parametrize(("confidence", "grade"), [(PLACED, "sure"), (NAMED, "check")])
def test_a_sum_proves_a_place_and_not_a_name(confidence: float, grade: str) -> None:
    form = coded(*ROWS)
    doubtful = replace(form.figures[0], grade="check", confidence=confidence)
    proved = proven(replace(form, figures=(doubtful,)), {doubtful.id: ("T05-SUM",)})
    assert proved.figures[0].grade == grade


def procurement(*labels: str) -> Form:
    columns = [(60.0, "l"), (160.0, "l"), (300.0, "l"), (540.0, "r")]
    heads = [(90.0, "c"), (200.0, "c"), (340.0, "c"), (520.0, "c")]
    words = [word("政府采购预算表", 300, 60, "c", 16), word("单位：万元", 540, 85, "r")]
    words += row(110, heads, "采购品目大类", "专项名称", "经济科目", "总计")
    body = [("一、货物A", "", "", "3.00"), *(("", label, "办公费", "1.00") for label in labels)]
    words += table(135, columns, body, pitch=18)
    (form,), _ = forms_of(lay_out([page(words)]).tables, "budget", 2017)
    return form


def test_labels_that_may_be_one_torn_label_are_not_sure() -> None:
    torn = procurement("网络电子检务实验室机要", "通道档案数字化系统运行", "维护费")
    assert {f.grade for f in torn.figures if f.printed == "1.00"} == {"check"}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("2093840.61", ["2093840.61"]), ("11,229.01302", ["11,229.01", "302"]), ("123456", ["123456"])],
)
def test_only_a_whole_amount_is_cut_off(text: str, pieces: list[str]) -> None:
    run = word(text, 100.0, 100.0)
    for cut in range(1, len(text)):
        gutter = run.edges[cut]
        bands = [Band(50.0, gutter - 0.5, True), Band(gutter + 0.5, 300.0, True)]
        found = [piece.text for piece in cut_at_gutters(run, bands)]
        assert found in (pieces, [text])
