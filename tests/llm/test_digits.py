"""Whatever is answered, what is printed stays: the same box has the same text and value with no model, at random, and by one that means harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import llm_odd as odd
import pymupdf
import pytest

from gongkai import ocr
from gongkai.draft import Draft
from gongkai.llm.questions import Outcome
from gongkai.pipeline import InputFile, apply, draft, questions, report
from gongkai.report import Report
from gongkai.settings import Limits
from gongkai_eval import answerers, digits, lift
from gongkai_eval.answerers import Answerer
from gongkai_eval.odd import Key
from gongkai_eval.runner import typeset

SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"
EXTRA = (
    "全年往外付出去99.00万元，比年初安排的少用1.00万元。",
    "四、其他重要事项情况说明",
    "本年度无其他事项。",
)
KEY = Key(
    forms={"资金使用去向情况表": "expenditure"},
    kinds={"我们做什么": "duties", "这一年的钱从哪里来": "income"},
)


@cache
def read(name: str) -> Draft:
    data = SAMPLE.read_bytes() if name == "sample" else odd.pdf(EXTRA)
    return draft([InputFile(f"{name}.pdf", data)], Limits())


def answered(before: Draft, who: Answerer) -> Draft:
    now = before
    for _ in range(2):
        asked = questions(now)
        now = apply(now, who(now, asked))
    return now


def printed(of: Report) -> dict[object, tuple[object, ...]]:
    return {f.source: (f.printed, f.value, f.state) for form in of.forms for f in form.figures}


WHO = {
    "oracle": answerers.oracle(KEY),
    "hostile": answerers.hostile,
    **{f"random {seed}": answerers.at_random(seed) for seed in range(6)},
}


@pytest.mark.parametrize("who", WHO)
def test_a_box_has_the_same_digits_whoever_answers(who: str) -> None:
    before = read("odd")
    assert {question.task for question in questions(before)} >= {"name_form", "name_section"}
    after = answered(before, WHO[who])
    first, last = printed(report(before)), printed(report(after))
    assert {place: last[place] for place in first} == first
    accused = [f for f in report(after).findings if f.verdict == "fail"]
    assert accused == [f for f in report(before).findings if f.verdict == "fail"]


REPORTS = Path(__file__).parents[2] / "eval" / "reports"


@pytest.mark.parametrize("style", ["fills", "borderless"])
def test_the_digits_of_a_report_stay_whoever_answers(style: str, tmp_path: Path) -> None:
    """The short form of ``gongkai eval --digits``: one report in odd words, one whose grids are in doubt."""
    pytest.importorskip("reportlab")
    every = lift.cases(REPORTS, "zengdu_yibao_center_2023")
    report, key, _ = next(case for case in every if case[2] == style)
    pdf = typeset(lift.task_of(report, style), tmp_path)
    found = digits.compared(report.id, draft([InputFile(pdf.name, pdf.read_bytes())], Limits()), key)
    assert found.broken == []
    assert found.questions and found.counts["text"] > 1000 and found.counts["adopted"] > 10


def test_a_changed_digit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai import pipeline

    def forging(of: Draft, outcomes: Sequence[Outcome]) -> Draft:
        done = apply(of, outcomes)
        first, *others = done.forms
        wrong = replace(first.figures[0], printed="1.00", value=Decimal("1.00"))
        return replace(done, forms=(replace(first, figures=(wrong, *first.figures[1:])), *others))

    monkeypatch.setattr(pipeline, "apply", forging)
    found = digits.compared("odd", read("odd"), KEY)
    assert len(found.broken) == 4 and "→ value 1.00" in found.broken[0]


@pytest.mark.skipif(not ocr.available(), reason="the OCR engine is not installed")
def test_a_cell_that_ocr_read_keeps_its_value_whoever_answers() -> None:
    source, pictures = pymupdf.open(stream=odd.pdf(EXTRA)), pymupdf.open()
    for page in source:
        blunt = page.get_pixmap(dpi=75, colorspace="gray").tobytes("jpg", jpg_quality=40)
        pictures.new_page(width=page.rect.width, height=page.rect.height).insert_image(
            page.rect, stream=blunt
        )
    before = draft([InputFile("scan.pdf", pictures.tobytes())], Limits())
    assert before.scans
    found = digits.compared("scan", before, KEY)
    assert found.broken == []
    assert found.counts["ocr"] > 0, found


def test_a_clean_report_is_not_asked_about() -> None:
    assert questions(read("sample")) == ()
