"""Whatever is answered, what is printed stays: the same box has the same text and value with no model, at random, and by one that means harm."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import llm_odd as odd
import pytest

from gongkai.draft import Draft
from gongkai.pipeline import InputFile, apply, draft, questions, report
from gongkai.report import Report
from gongkai.settings import Limits
from gongkai_eval import answerers
from gongkai_eval.answerers import Answerer
from gongkai_eval.odd import Key

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


def test_a_clean_report_is_not_asked_about() -> None:
    assert questions(read("sample")) == ()
