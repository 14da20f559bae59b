"""What is asked about a document, and what an answer changes: names, never what is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import llm_odd as odd
import pytest
from llm_scripted import json_mode, obedient, serving
from tests.forms.drawn import table

from gongkai import assist
from gongkai.assist import common, contradictions, forms, headings, naming
from gongkai.assist.common import gloss
from gongkai.assist.forms import TableText
from gongkai.draft import Draft
from gongkai.forms.definitions import Definition, load
from gongkai.forms.figures import Named, Pointed
from gongkai.forms.heads import covering, read_head
from gongkai.llm.budget import estimated_tokens
from gongkai.llm.prompting import content, messages
from gongkai.llm.questions import Answer, Outcome, Question, silent
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import problems, sheet
from gongkai.llm.tasks import load as task
from gongkai.pipeline import InputFile, draft, report
from gongkai.settings import Limits
from gongkai.text import strip_quotes

SUMMARY = load().forms["fiscal_appropriation_summary"]
RIGHT = {"我们做什么": "duties", "这一年的钱从哪里来": "income"}


@cache
def read(*extra: str) -> Draft:
    return draft([InputFile("odd.pdf", odd.pdf(extra))], Limits())


def answer(question: Question, values: Mapping[str, Any]) -> Answer:
    assert problems(values, sheet(task(question.task), question)) == []
    return Answer(question=question.id, values=values, model="m", prompt="p", record="r")


def answers(of: Draft, form: str = "expenditure", kinds: Mapping[str, str] = RIGHT) -> list[Answer]:
    """Answers to all questions of the odd report."""
    found = []
    for question in assist.questions(of):
        tags = question.parts[0].tags
        if question.task == "name_form":
            found.append(answer(question, {"tables": {tag.id: form for tag in tags}}))
        else:
            found.append(
                answer(question, {"headings": {tag.id: kinds.get(tag.text, "other") for tag in tags}})
            )
    return found


def figures(of: Draft) -> dict[Any, Any]:
    return {f.source: (f.printed, f.value) for form in of.forms for f in form.figures}


def test_only_what_code_found_no_name_for_is_asked() -> None:
    assert [(q.task, [tag.text for tag in q.parts[0].tags]) for q in assist.questions(read())] == [
        ("name_form", ["资金使用去向情况表"]),
        ("name_section", ["我们做什么", "这一年的钱从哪里来"]),
    ]


def test_a_form_that_the_report_has_is_not_offered_again() -> None:
    offered = {choice.name for choice in assist.questions(read())[0].lists["forms"]}
    finals = {name for name, form in load().forms.items() if form.kind == "final_account"}
    assert offered == finals - {"income"}


def test_a_kind_that_the_report_has_is_not_offered_again() -> None:
    offered = {choice.name for choice in assist.questions(read())[1].lists["kinds"]}
    assert "income" in offered and "expenditure" not in offered and "table_title" not in offered


def test_right_answers_are_adopted_marked_and_checked() -> None:
    before = read()
    after = assist.apply(before, answers(before))
    form = next(form for form in after.forms if form.form == "expenditure")
    assert (form.method, form.grade, {f.measure for f in form.figures}) == (
        "model",
        "check",
        {"total", "basic", "project"},
    )
    assert [s.kind for s in after.sections if s.method == "model"] == ["duties", "income"]
    assert figures(after) == figures(before)
    assert not after.rejected and not after.told and not assist.questions(after)
    assert report(after).checks.passed > report(before).checks.passed


def test_what_no_answer_came_for_stays_and_is_said() -> None:
    before = read()
    after = assist.apply(before, [silent(q, "unavailable") for q in assist.questions(before)])
    assert after.forms == before.forms and after.sections == before.sections
    assert [(issue.kind, issue.message[0]) for issue in report(after).issues if "model" in issue.kind] == [
        ("model_unavailable", "2")
    ]


def test_without_a_model_nothing_is_said() -> None:
    before = read()
    after = assist.apply(before, [silent(q, "off") for q in assist.questions(before)])
    assert report(after) == report(before)


def test_an_answer_that_breaks_what_held_is_rejected_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge is asked about all answers, then about halves; the bad one alone is left out."""
    before = read()

    def broken(self: Any, after: Draft) -> tuple[str, ...]:
        return ("T-SUM",) if any(form.form == "expenditure" for form in after.forms) else ()

    monkeypatch.setattr(assist.Judge, "broken", broken)
    after = assist.apply(before, answers(before))
    assert [(each.question, each.tag, each.codes) for each in after.rejected] == [
        ("tables:1:form", "X1", ("T-SUM",))
    ]
    assert [s.kind for s in after.sections if s.method == "model"] == ["duties", "income"]
    assert "T-SUM" in after.told[0].message and after.told[0].kind == "model_rejected"


def test_an_answer_to_what_was_not_asked_changes_nothing() -> None:
    before = read()
    stray = Answer(
        question="tables:9:form", values={"tables": {"X1": "income"}}, model="m", prompt="p", record="r"
    )
    assert assist.apply(before, [stray]).forms == before.forms


def test_a_finding_that_rests_on_a_label_of_a_model_is_never_an_error() -> None:
    before = read()
    wrong = assist.apply(before, answers(before, form="general_budget_expenditure"))
    after = report(wrong)
    labelled = {figure.id for form in after.forms if form.method == "model" for figure in form.figures}
    for finding in after.findings:
        if labelled & {operand.id for operand in finding.operands}:
            assert finding.verdict == "needs_review", finding


TABLE = TableText(
    title="部门财政资金安排去向情况",
    headers=("项目", "合计", "一般公共预算", "合计"),
    labels=("一、本年收入", "（一）一般公共预算拨款", "二、上年结转"),
)


def test_a_table_is_shown_by_its_title_headers_and_labels() -> None:
    question = forms.form_question([TABLE], list(load().forms.values()))
    assert list(sheet(task("name_form"), question)["properties"]) == ["tables"]
    shown = content(task("name_form"), question)
    assert "[C1] 项目 | 合计 | 一般公共预算\n" in shown  # each header once
    assert "(一)一般公共预算拨款" in shown
    untitled = forms.form_question([TableText(title="", headers=("甲",), labels=())], [SUMMARY])
    assert "无标题" in content(task("name_form"), untitled)


def named(form: Definition, drawing: str) -> Named:
    drawn = table(drawing, title=form.name)
    matrix = covering(drawn)
    return Named(drawn, matrix, read_head(drawn, matrix), form, f"{form.form}#1", "万元", 2023)


def test_unknown_columns_are_offered_the_measures_that_the_table_has_not() -> None:
    of = named(
        load().forms["expenditure"],
        """
        科目名称 | 本年支出合计 | 基本支出 | 专门事项花费
        合计 | 3.00 | 2.00 | 1.00
        社会保障支出 | 3.00 | 2.00 | 1.00
        """,
    )
    columns, _ = naming.unnamed(of)
    assert [column.text for column in columns] == ["专门事项花费"]
    question = naming.names_question(tagged(of), {})
    offered = {choice.name for choice in question.lists["measures"]}
    assert "project" in offered and not offered & {"total", "basic"}
    assert list(sheet(task("name_form"), question)["properties"]) == ["columns"]


def tagged(of: Named, index: int = 0) -> dict[str, naming.Asked]:
    assert of.definition is not None
    columns, rows = naming.unnamed(of)
    one = naming.Partly(index, of, of.definition, tuple(columns), tuple(rows))
    return dict(common.numbered("C", list(naming._asked(one, one.columns, naming._measures(one)))))


def test_tables_share_a_question_and_each_tag_offers_the_names_of_its_own() -> None:
    spent = named(
        load().forms["expenditure"],
        "科目名称 | 本年支出合计 | 基本支出 | 专门事项花费\n合计 | 3.00 | 2.00 | 1.00\n社会保障支出 | 3.00 | 2.00 | 1.00",
    )
    got = named(
        load().forms["income"],
        "科目名称 | 本年收入合计 | 财政拨款收入 | 零星进账\n合计 | 3.00 | 2.00 | 1.00\n社会保障支出 | 3.00 | 2.00 | 1.00",
    )
    one, two = tagged(spent)["C1"], tagged(got, 1)["C1"]
    question = naming.names_question({"C1": one, "C2": two}, {})
    assert question.id == "tables:1,2:names"
    schema = sheet(task("name_form"), question)
    first, second = (schema["properties"]["columns"]["properties"][tag]["enum"] for tag in ("C1", "C2"))
    assert "project" in first and "project" not in second and "other" in second and "other" not in first
    assert "none" in first and "none" in second
    shown = content(task("name_form"), question)
    assert (
        shown.count("- project：") == 1 and "measures 名单（C1）" in shown and "measures 名单（C2）" in shown
    )


@pytest.mark.parametrize(
    ("measure", "why"),
    [("business_expenditure", None), ("project", "named_twice"), ("basic.personnel", "out_of_order")],
)
def test_a_name_that_the_amounts_or_the_table_contradict_is_doubted(measure: str, why: str | None) -> None:
    of = named(
        load().forms["expenditure"],
        """
        科目名称 | 本年支出合计 | 基本支出 | 办专项的花费 | 交出去的
        合计 | 9.00 | 2.00 | 6.00 | 1.00
        社会保障支出 | 9.00 | 2.00 | 6.00 | 1.00
        """,
    )
    found = contradictions.of_names(of, Pointed(measures={3: "project", 4: measure}))
    assert found.get(4) == why
    assert (3 in found) is (why == "named_twice")


def test_a_part_larger_than_its_whole_is_doubted() -> None:
    row = named(
        load().forms["income_expenditure_summary"],
        """
        收入 | 收入 | 支出 | 支出
        项目 | 金额 | 项目 | 金额
        一、财政拨款收入 | 5.00 | 一、基本支出 | 4.00
        本年收入合计 | 5.00 | 发给人的 | 4.50
        年初结转和结余 | 1.00 | 二、项目支出 | 1.00
        总计 | 6.00 | 本年支出合计 | 5.00
        """,
    )
    assert contradictions.of_names(row, Pointed(lines={(1, 3): "basic.personnel"})) == {
        (1, 3): "part_exceeds_whole"
    }


def test_a_name_that_other_forms_know_for_something_else_is_doubted() -> None:
    of = named(
        load().forms["expenditure"],
        """
        科目名称 | 本年支出合计 | 基本支出 | 事业收入
        合计 | 9.00 | 2.00 | 6.00
        社会保障支出 | 9.00 | 2.00 | 6.00
        """,
    )
    assert contradictions.of_names(of, Pointed(measures={3: "project"})) == {3: "other_name"}


def test_a_form_whose_columns_are_those_of_another_is_not_adopted() -> None:
    after = assist.apply(read(), answers(read(), form="income_expenditure_summary"))
    assert [(each.tag, each.codes) for each in after.rejected] == [("X1", ("other_captions",))]
    assert {form.form for form in after.forms} >= {"unknown"}


def test_sections_stand_in_their_order_and_once() -> None:
    swapped = {"我们做什么": "income", "这一年的钱从哪里来": "duties"}
    done = assist.apply(read(), answers(read(), kinds=swapped))
    assert {each.tag for each in done.rejected} == {"H1", "H2"}
    twice = assist.apply(read(), answers(read(), kinds=dict.fromkeys(swapped, "duties")))
    assert {each.codes for each in twice.rejected if each.tag.startswith("H")} == {("named_twice",)}


def test_a_column_out_of_its_printed_order_is_doubted() -> None:
    of = named(
        load().forms["expenditure"],
        """
        科目名称 | 本年支出合计 | 基本支出 | 办专项的花费 | 上缴上级支出
        合计 | 9.00 | 2.00 | 6.00 | 1.00
        社会保障支出 | 9.00 | 2.00 | 6.00 | 1.00
        """,
    )
    assert contradictions.of_names(of, Pointed(measures={3: "affiliate_subsidy"})) == {3: "out_of_order"}
    assert contradictions.of_names(of, Pointed(measures={3: "project"})) == {}


def test_whose_year_it_is_stands_in_the_header_not_in_the_answer() -> None:
    form = load().forms["expenditure"]
    named = [form.named("basic", path, None, 2023) for path in ("2023年度决算数/人头费", "上年决算数/人头费")]
    assert [one.measure for one in named if one] == ["basic", "prior.basic"]
    assert form.named("never", "甲") is None


def test_every_name_offered_has_a_reading_for_the_model() -> None:
    """A model that knows Chinese must be able to tell the names apart; canonical names alone are English."""
    glosses = [gloss(one.paths) for form in load().forms.values() for one in form.columns]
    glosses += [gloss(one.labels) for form in load().forms.values() for one in form.lines]
    assert sum(map(bool, glosses)) / len(glosses) > 0.95
    rules = [rule for rule in headings.rules() if rule.kind not in headings.NEVER]
    for kind in {rule.kind for rule in rules}:
        [meaning] = [rule.means for rule in rules if rule.kind == kind and rule.means]
        title = meaning.removesuffix("（部分）")
        assert title == meaning or kind.startswith("part_")
        assert any(
            rule.holds(strip_quotes(title), rule.levels[0], tuple(rule.under))
            for rule in rules
            if rule.kind == kind
        ), kind


def test_a_question_costs_a_few_hundred_tokens() -> None:
    for question in assist.questions(read()):
        schema = sheet(task(question.task), question)
        whole = messages(task(question.task), question, schema, show_schema=False, fenced=False, images=False)
        assert estimated_tokens("".join(message["content"] for message in whole)) < 1200


@pytest.mark.parametrize("step", [obedient, json_mode], ids=["schema", "json mode"])
def test_from_question_to_name_through_a_server(
    step: Any, settings: Callable[..., LlmSettings], ask: Callable[..., list[Outcome]]
) -> None:
    before = read()
    with serving(step) as script:
        outcomes = ask(settings(script.url), *assist.questions(before))
    after = assist.apply(before, outcomes)
    first = assist.questions(before)[0].lists["forms"][0].name
    assert after.rejected or any(form.form == first and form.method == "model" for form in after.forms)
    assert figures(before).items() <= figures(after).items()
