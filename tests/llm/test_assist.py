"""What is asked about a document, and what an answer changes: names, never what is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from llm_scripted import json_mode, obedient, serving

from gongkai import assist
from gongkai.assist import HeadingText, TableText, Unnamed
from gongkai.forms.definitions import load
from gongkai.llm.budget import estimated_tokens
from gongkai.llm.prompting import content, messages
from gongkai.llm.questions import Answer, Outcome, Question, silent
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import problems, sheet
from gongkai.llm.tasks import load as task
from gongkai.narrative.kinds import rules

TABLE = TableText(
    id="table:3",
    title="部门财政资金安排去向情况",
    headers=("项目", "合计", "一般公共预算", "合计"),
    labels=("一、本年收入", "（一）一般公共预算拨款", "二、上年结转"),
    kind="final_account",
)
SUMMARY = load().forms["fiscal_appropriation_summary"]
HEADINGS = [
    HeadingText(
        id="s1",
        title="我们做什么",
        level=2,
        ancestors=("part_overview",),
        parent="部门概况",
        start="负责全市水利。" * 20,
    ),
    HeadingText(id="s2", title="谁在这里工作", level=2, ancestors=("part_overview",), parent="部门概况"),
    HeadingText(id="s3", title="钱花到哪里去了", level=2, ancestors=("part_narrative",), parent="情况说明"),
]


def answer(question: Question, values: dict[str, Any]) -> Answer:
    assert problems(values, sheet(task(question.task), question)) == []
    return Answer(question=question.id, values=values, model="m", prompt="p", record="r")


def test_an_unknown_table_may_be_any_form_of_its_kind() -> None:
    question = assist.form_question(TABLE, load())
    offered = {choice.name for choice in question.lists["forms"]}
    assert offered == {name for name, form in load().forms.items() if form.kind == "final_account"}
    assert assist.form_of(answer(question, {"tables": {"X1": "income"}})) == "income"
    assert assist.form_of(answer(question, {"tables": {"X1": "none"}})) is None
    assert assist.form_of(silent(question, "budget")) is None
    assert assist.form_of(None) is None


def test_only_the_form_is_asked_first() -> None:
    question = assist.form_question(TABLE, load())
    assert list(sheet(task("name_form"), question)["properties"]) == ["tables"]
    shown = content(question)
    assert "[C2] 合计" in shown and "[C4]" not in shown  # each header once
    assert "[R2] (一)一般公共预算拨款" in shown


def test_a_table_without_a_title_can_be_asked_about() -> None:
    question = assist.form_question(TableText(id="t", title="", headers=("甲",), labels=()), load())
    assert len(question.lists["forms"]) == len(load().forms)
    assert "无标题" in content(question)


def test_unknown_columns_are_offered_the_measures_of_their_lane() -> None:
    columns = [Unnamed(2, "财政拨款/本年数", "expenditure"), Unnamed(5, "上年决算数", "income")]
    question = assist.names_question(TABLE, SUMMARY, columns, [])
    assert question is not None
    of_income = {one.measure for one in SUMMARY.columns if one.lane == "income"}
    of_expenditure = {one.measure for one in SUMMARY.columns if one.lane == "expenditure"}
    part = question.part("columns")
    assert part is not None
    assert [set(tag.only) or of_income | of_expenditure for tag in part.tags] == [of_expenditure, of_income]
    assert list(sheet(task("name_form"), question)["properties"]) == ["columns"]


def test_whose_year_it_is_stands_in_the_header_not_in_the_answer() -> None:
    form = load().forms["expenditure"]
    columns = [
        Unnamed(2, "2023年度决算数/人头费"),
        Unnamed(3, "上年决算数/人头费"),
        Unnamed(4, "增减额/人头费"),
    ]
    question = assist.names_question(TABLE, form, columns, [])
    assert question is not None
    given = answer(question, {"columns": {"C1": "basic", "C2": "basic", "C3": "none"}})
    assert assist.names_of(form, columns, [], given).measures == {2: "basic", 3: "prior.basic"}


def test_named_columns_are_names_of_the_form() -> None:
    """Whatever is answered, the form knows the measure: checks and exports can rely on it."""
    for form in load().forms.values():
        columns = [
            Unnamed(n, path)
            for n, path in enumerate(("甲", "上年决算数/乙", "年初预算数/丙", "增减率/丁", "完成预算的%"))
        ]
        question = assist.names_question(TABLE, form, columns, [Unnamed(0, "戊")])
        assert question is not None
        for choice in question.lists.get("measures", ()):
            values: dict[str, Any] = {"columns": {f"C{n}": choice.name for n in range(1, 6)}}
            if question.part("rows") and question.part("rows").tags:  # type: ignore[union-attr]
                values["rows"] = {"R1": "none"}
            names = assist.names_of(form, columns, [Unnamed(0, "戊")], answer(question, values))
            assert len(names.measures) == 5
            assert all(form.has_measure(measure) for measure in names.measures.values())


def test_unknown_rows_become_lines() -> None:
    rows = [Unnamed(7, "（三）去年没花完的", "income"), Unnamed(9, "随便什么", "income")]
    question = assist.names_question(TABLE, SUMMARY, [], rows)
    assert question is not None
    names = assist.names_of(SUMMARY, [], rows, answer(question, {"rows": {"R1": "carry_in", "R2": "none"}}))
    assert names.lines == {7: "carry_in"} and names.measures == {}


def test_nothing_unknown_is_no_question() -> None:
    assert assist.names_question(TABLE, SUMMARY, [], []) is None
    assert assist.section_questions([], rules()) == []


def test_headings_are_asked_about_together_with_those_beside_them() -> None:
    questions = assist.section_questions(HEADINGS, rules())
    assert [[tag.text for tag in question.parts[0].tags] for question in questions] == [
        ["我们做什么", "谁在这里工作"],
        ["钱花到哪里去了"],
    ]
    for question in questions:
        offered = {choice.name for choice in question.lists["kinds"]}
        assert {"duties", "staffing"} <= offered
        assert not {name for name in offered if name.startswith("part_")}  # parts are of level 1


def test_an_answered_heading_gets_its_kind_and_a_silent_one_stays() -> None:
    first, second = assist.section_questions(HEADINGS, rules())
    outcomes: dict[str, Outcome] = {
        first.id: answer(first, {"headings": {"H1": "duties", "H2": "other"}}),
        second.id: silent(second, "unavailable"),
    }
    assert assist.kinds_of(HEADINGS, rules(), outcomes) == {"s1": "duties"}


def test_what_stayed_open_is_one_issue_a_reason() -> None:
    question = assist.form_question(TABLE, load())
    silences = [silent(question, why) for why in ("budget", "off", "budget", "unavailable")]
    found = assist.issues([*silences, answer(question, {"tables": {"X1": "none"}})])
    assert [(issue.kind, issue.message[0]) for issue in found] == [
        ("model_budget", "2"),
        ("model_unavailable", "1"),
    ]


def test_every_name_offered_has_a_reading_for_the_model() -> None:
    """A model that knows Chinese must be able to tell the names apart; canonical names alone are English."""
    questions = [
        assist.names_question(TABLE, form, [Unnamed(0, "甲")], [Unnamed(0, "乙")])
        for form in load().forms.values()
    ]
    choices = [
        choice for question in questions if question for each in question.lists.values() for choice in each
    ]
    explained = sum(bool(choice.gloss) for choice in choices)
    assert explained / len(choices) > 0.95


@pytest.mark.parametrize("kind", ["final_account", "budget"])
def test_a_question_costs_a_few_hundred_tokens(kind: Any) -> None:
    table = TableText(
        id="t", title="某表", headers=("项目", "合计", "基本支出"), labels=("合计", "工资"), kind=kind
    )
    questions = [assist.form_question(table, load()), *assist.section_questions(HEADINGS, rules())]
    for question in questions:
        schema = sheet(task(question.task), question)
        whole = messages(task(question.task), question, schema, show_schema=False, fenced=False, images=False)
        assert estimated_tokens("".join(message["content"] for message in whole)) < 1000


@pytest.mark.parametrize("step", [obedient, json_mode], ids=["schema", "json mode"])
def test_from_question_to_name_through_a_server(
    step: Any, settings: Callable[..., LlmSettings], ask: Callable[..., list[Outcome]]
) -> None:
    form = assist.form_question(TABLE, load())
    headings = assist.section_questions(HEADINGS, rules())
    with serving(step) as script:
        outcomes = ask(settings(script.url), form, *headings)
    assert assist.form_of(outcomes[0]) == form.lists["forms"][0].name
    kinds = assist.kinds_of(HEADINGS, rules(), {outcome.question: outcome for outcome in outcomes})
    assert kinds.keys() == {"s1", "s2", "s3"}
