"""The tasks beside names: sentences, gaps between headings, unread cells, performance cells, doubtful grids; each asked and applied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import llm_odd as odd
import pymupdf
import pytest
from tests.forms.drawn import table

from gongkai import assist, money
from gongkai.assist import arranging, choosing, indicators, splitting
from gongkai.assist.crops import pictured
from gongkai.draft import Draft, Pointers, drafted
from gongkai.layout.arranging import Arrangement, arranged
from gongkai.llm.prompting import messages
from gongkai.llm.questions import Answer, Question
from gongkai.llm.sheet import problems, sheet
from gongkai.llm.tasks import load as task
from gongkai.ocr.evidence import Reading
from gongkai.ocr.scan import Scan
from gongkai.ocr.spoken import placed_section
from gongkai.pages import Page
from gongkai.pipeline import InputFile, draft, report
from gongkai.report import Figure, Form
from gongkai.settings import Limits
from gongkai_eval import answerers
from gongkai_eval.odd import Key

SAID = "全年往外付出去99.00万元，比年初安排的少用1.00万元。"


@cache
def read(*extra: str) -> Draft:
    return draft([InputFile("odd.pdf", odd.pdf(extra))], Limits())


def of_task(of: Draft, name: str) -> list[Question]:
    return [question for question in assist.questions(of) if question.task == name]


def answer(question: Question, values: dict[str, Any]) -> Answer:
    assert problems(values, sheet(task(question.task), question)) == []
    return Answer(question=question.id, values=values, model="m", prompt="p", record="r")


# read_sentence


def stated(fact: str, role: str, base: str = "none", direction: str = "none") -> dict[str, str]:
    return {"fact": fact, "subject": "none", "role": role, "base": base, "direction": direction}


def test_amounts_that_the_grammar_left_open_are_asked_with_their_sentence() -> None:
    (question,) = of_task(read(SAID), "read_sentence")
    assert question.part("sentences").tags[0].text.startswith("全年往外付出去〔A1〕")  # type: ignore[union-attr]
    assert "99.00" not in question.part("sentences").tags[0].text  # type: ignore[union-attr]
    assert "expenditure.total" in {choice.name for choice in question.lists["facts"]}


def test_an_amount_gets_its_fact_and_slot_and_keeps_its_digits() -> None:
    before = read(SAID)
    (question,) = of_task(before, "read_sentence")
    tags = [tag.id for tag in question.part("amounts").tags]  # type: ignore[union-attr]
    values = {tag: stated("none", "none") for tag in tags}
    values["A1"] = stated("expenditure.by_kind", "amount")
    done = assist.apply(
        before, [answer(question, {"amounts": values, "reason_first": "none", "reason_last": "none"})]
    )
    new = [mention for mention in done.mentions if mention.method == "model"]
    (mention,) = new
    (slot,) = [slot for slot in mention.slots if slot.printed]
    assert (mention.fact, mention.grade, slot.slot, slot.value) == (
        "expenditure.by_kind",
        "check",
        "amount",
        Decimal("99.00"),
    )
    assert mention.source in {each.source for each in before.mentions if each.fact == "unclassified"}
    assert not of_task(done, "read_sentence")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("expenditure.total", "amount"), "stated_otherwise"),  # 1208.44 elsewhere
        (("expenditure.by_kind", "rate"), "other_words"),  # of money
    ],
)
def test_what_the_unit_or_another_sentence_contradicts_is_not_adopted(
    said: tuple[str, str], why: str
) -> None:
    before = read(SAID)
    (question,) = of_task(before, "read_sentence")
    tags = [tag.id for tag in question.part("amounts").tags]  # type: ignore[union-attr]
    values = {tag: stated("none", "none") for tag in tags} | {"A1": stated(*said)}
    done = assist.apply(
        before, [answer(question, {"amounts": values, "reason_first": "none", "reason_last": "none"})]
    )
    assert [(each.tag, each.codes) for each in done.rejected] == [("A1", (why,))]
    assert done.mentions == before.mentions


def test_a_role_that_the_fact_has_no_slot_for_is_left_out() -> None:
    before = read(SAID)
    (question,) = of_task(before, "read_sentence")
    tags = [tag.id for tag in question.part("amounts").tags]  # type: ignore[union-attr]
    values = {tag: stated("expenditure.total", "rate") for tag in tags}
    done = assist.apply(
        before, [answer(question, {"amounts": values, "reason_first": "none", "reason_last": "none"})]
    )
    assert done.mentions == before.mentions


# split_sections


def test_a_gap_in_the_numbers_is_asked_about_and_filled() -> None:
    before = read("四、其他重要事项情况说明", "本年度无其他事项。")
    short = drafted([replace_prose(before)])
    (question,) = of_task(short, "split_sections")
    tags = question.parts[0].tags
    values = {tag.id: "heading_2" if tag.text.startswith("二、支出") else "text" for tag in tags}
    assert "heading_2" in values.values()
    done = assist.apply(short, [answer(question, {"lines": values})])
    assert [(s.title, s.kind) for s in done.sections if s.method == "model"] == [
        ("支出决算情况说明", "expenditure")
    ]


def replace_prose(of: Draft) -> Any:
    """The reading without its heading 二、支出…, as if code had taken it for text."""
    from gongkai.narrative.headings import Pointed
    from gongkai.narrative.sections import prose

    (reading,) = of.plain
    start = next(h.start for h in reading.prose.headings if h.title.startswith("支出"))
    blind = prose(reading.layout.lines, reading.document.id, reading.contents, Pointed(levels={start: 0}))
    return replace(reading, prose=blind)


@pytest.mark.parametrize("name", ["heading_1", "heading_3"])
def test_a_heading_of_another_level_than_its_number_is_not_adopted(name: str) -> None:
    before = read("四、其他重要事项情况说明", "本年度无其他事项。")
    short = drafted([replace_prose(before)])
    (question,) = of_task(short, "split_sections")
    tags = question.parts[0].tags
    values = {tag.id: name if tag.text.startswith("二、支出") else "text" for tag in tags}
    done = assist.apply(short, [answer(question, {"lines": values})])
    assert [each.codes for each in done.rejected] == [("out_of_order",)]
    assert done.sections == short.sections


def test_no_gap_no_question() -> None:
    assert not list(splitting.opened(read()))


def test_a_line_of_a_table_is_no_prose() -> None:
    before = read("四、其他重要事项情况说明", "本年度无其他事项。")
    short = drafted([replace_prose(before)])
    (question,) = of_task(short, "split_sections")
    tags = question.parts[0].tags
    values = {tag.id: "table" if tag.text.startswith("二、支出") else "text" for tag in tags}
    done = assist.apply(short, [answer(question, {"lines": values})])
    assert not any("二、支出决算情况说明" in section.text for section in done.sections)


# choose_reading


def scanned(numbers: tuple[tuple[str, float], ...]) -> tuple[Draft, Form]:
    """The draft with one cell of its income table unread, on a page that OCR read."""
    before = read()
    form = next(form for form in before.forms if form.form == "income")
    figure = next(f for f in form.figures if f.line == "208" and f.measure == "total")
    page = Page("d", figure.source.page, 595.0, 842.0, 0, (), (), (), "ocr")
    scan = Scan(page, (Reading("2O8.44", figure.source.bbox, numbers=numbers),), (0.0, 0.0, 595.0, 842.0))
    unread = replace(
        figure, printed="2O8.44", value=None, yuan=None, quantum_yuan=None, state="unread", grade="unread"
    )
    figures = tuple(unread if f.id == figure.id else f for f in form.figures)
    new = replace(form, figures=figures)
    reading = replace(before.plain[0], scans={figure.source.page: scan})
    forms = tuple(new if f.id == form.id else f for f in before.forms)
    return replace(before, plain=(reading,), readings=(reading,), forms=forms), new


def test_only_readings_of_the_engine_are_offered_for_an_unread_cell() -> None:
    of, form = scanned((("208.44", 0.6), ("203.44", 0.3)))
    (one,) = choosing.opened(of)
    assert one.question.parts[0].tags[0].text == form.title
    (tag,) = one.question.part("cells").tags  # type: ignore[union-attr]
    assert tag.only == ("R1", "R2") and tag.text.endswith("R1 208.44，R2 203.44")
    pointers = one.adopt({"cells": {"K1": "R2"}}, Pointers())
    assert list(pointers.readings.values()) == ["203.44"]
    assert one.adopt({"cells": {"K1": "none"}}, Pointers()) == Pointers()
    assert problems({"cells": {"K1": "R3"}}, sheet(task("choose_reading"), one.question))


def test_what_would_be_no_amount_in_the_cell_is_not_offered() -> None:
    of, _ = scanned((("(08", 0.5), ("20.8%", 0.4), ("208.44", 0.1)))
    (one,) = choosing.opened(of)
    assert one.question.part("cells").tags[0].text.endswith("：R1 208.44")  # type: ignore[union-attr]
    assert not list(choosing.opened(scanned((("(08", 0.5), ("20.8%", 0.4)))[0]))


def test_a_reading_with_other_decimals_than_its_table_prints_is_not_offered() -> None:
    """0.20 with the code beside it, 208.44 without its last digit: no sum would notice."""
    of, _ = scanned((("208.4431012", 0.5), ("208.4", 0.3), ("208", 0.1), ("208.45", 0.1)))
    (one,) = choosing.opened(of)
    assert one.question.part("cells").tags[0].text.endswith("：R1 208.45")  # type: ignore[union-attr]


def test_a_cell_in_which_several_things_were_read_is_not_asked_about() -> None:
    """What stands there belongs to several cells: the rule between them was lost."""
    of, _ = scanned((("208.44", 0.6),))
    ((key, scan),) = of.scans.items()
    x0, y0, x1, y1 = scan.readings[0].box
    beside = Reading("208.44", ((x0 + x1) / 2, y0, x1, y1), numbers=(("208.44", 1.0),))
    reading = replace(of.plain[0], scans={key[1]: replace(scan, readings=(*scan.readings, beside))})
    assert not list(choosing.opened(replace(of, plain=(reading,), readings=(reading,))))


def test_the_labels_know_the_reading_of_a_cell_by_its_address() -> None:
    of, form = scanned((("203.44", 0.6), ("0208.44", 0.3)))
    (question,) = of_task(of, "choose_reading")
    cell = next(f.id for f in form.figures if f.state == "unread")
    for printed, right in (("208.44", "R2"), ("203.44", "R1"), ("208.40", "none"), ("", "none")):
        key = Key(cells={cell: printed})
        (given,) = answerers.oracle(key)(of, [question])
        assert isinstance(given, Answer) and given.values["cells"] == {"K1": right}, printed
        assert answerers.places_of(of, question, key) == {"K1": cell}
    assert answerers.places_of(of, question, Key()) == {}, "a cell without a label is no decision"


def test_an_unread_cell_is_shown_to_a_model_that_sees() -> None:
    of, _ = scanned((("208.44", 0.6), ("203.44", 0.3)))
    shown = pictured(of, [InputFile("odd.pdf", odd.pdf(()))], 100)
    (one,) = choosing.opened(shown)
    (tag,) = one.question.part("cells").tags  # type: ignore[union-attr]
    assert tag.picture is not None
    seen = pymupdf.Pixmap(tag.picture)
    assert (seen.n, seen.width > 3 * seen.height / 2) == (1, True)
    assert min(seen.samples) < 80 < 200 < max(seen.samples), "digits on paper"
    asked = task("choose_reading")
    for images, kinds in ((True, ["text", "text", "image_url"]), (False, None)):
        content = messages(
            asked, one.question, sheet(asked, one.question), show_schema=False, fenced=False, images=images
        )[1]["content"]
        assert [part["type"] for part in content] == kinds if images else isinstance(content, str)


def test_a_section_that_a_model_named_says_so_on_a_scanned_page_too() -> None:
    of, _ = scanned((("208.44", 0.6),))
    (scan,) = of.scans.values()
    section = replace(of.sections[0], method="model", grade="check")
    read = Reading("标题", section.source.bbox)
    scans = {(section.source.document, section.source.page): replace(scan, readings=(read,))}
    assert placed_section(section, scans).method == "model"
    assert placed_section(replace(section, method="native"), scans).method == "ocr"


def test_a_cell_that_was_read_keeps_its_value_whatever_is_pointed_at() -> None:
    before = read()
    everywhere = {f.source: "1.23" for form in before.forms for f in form.figures}
    after = drafted(before.plain, Pointers(readings=everywhere))
    assert after.forms == before.forms


def test_a_reading_that_no_sum_proves_is_not_adopted() -> None:
    from gongkai.assist.checking import Judge
    from gongkai.draft import _chosen

    of, form = scanned((("208.44", 0.6), ("203.44", 0.3)))
    judge = Judge(of)
    for text, allowed in (("208.44", True), ("203.44", False)):
        figures = tuple(_chosen(f, text if f.state == "unread" else None) for f in form.figures)
        chosen = replace(form, figures=figures)
        source = next(f.source for f in form.figures if f.state == "unread")
        after = replace(
            of,
            forms=tuple(chosen if f.id == form.id else f for f in of.forms),
            pointers=Pointers(readings={source: text}),
        )
        assert judge.allows(after) is allowed, text


def test_a_reading_through_which_a_sum_fails_is_not_adopted_though_another_holds() -> None:
    from gongkai.assist.checking import Judge
    from gongkai.draft import _chosen

    of, form = scanned((("208.44", 0.6),))
    spoilt = next(f for f in form.figures if f.line == "213" and f.measure == "total")
    wrong = money.reread(spoilt, "1,300.00", method="ocr", confidence=0.9)
    source = next(f.source for f in form.figures if f.state == "unread")

    def with_figures(base: Draft, chosen: str | None, other: Figure) -> Draft:
        figures = tuple(
            _chosen(f, chosen) if f.state == "unread" else other if f.id == other.id else f
            for f in form.figures
        )
        new = replace(form, figures=figures)
        return replace(base, forms=tuple(new if f.id == form.id else f for f in base.forms))

    pointed = replace(of, pointers=Pointers(readings={source: "208.44"}))
    for other, allowed in ((spoilt, True), (wrong, False)):
        judge = Judge(with_figures(of, None, other))
        assert judge.allows(with_figures(pointed, "208.44", other)) is allowed


def test_a_reading_that_was_chosen_is_adopted_and_told() -> None:
    def misread(of: Draft) -> Draft:
        """The draft of a page of which OCR read one cell so."""
        spoilt, _ = scanned((("208.44", 0.6), ("203.44", 0.3)))
        layout = of.plain[0].layout
        first = layout.tables[0]
        cells = tuple(
            replace(cell, text="2O8.44") if cell.text == "208.44" and cell.column == 2 else cell
            for cell in first.cells
        )
        tables = (replace(first, cells=cells), *layout.tables[1:])
        return drafted([replace(spoilt.plain[0], layout=replace(layout, tables=tables))])

    before = misread(read())
    (question,) = of_task(before, "choose_reading")
    for name, state, kinds in (("R1", "value", ["figure_chosen"]), ("R2", "unread", ["figure_unread"])):
        done = report(assist.apply(before, [answer(question, {"cells": {"K1": name}})]))
        cells = (f for form in done.forms if form.form == "income" for f in form.figures)
        cell = next(f for f in cells if (f.line, f.measure) == ("208", "total"))
        assert (cell.state, cell.grade) == (state, "check" if state == "value" else "unread")
        assert [issue.kind for issue in done.issues if issue.kind.startswith("figure_")] == kinds
    chosen = report(assist.apply(before, [answer(question, {"cells": {"K1": "R1"}})]))
    (issue,) = [issue for issue in chosen.issues if issue.kind == "figure_chosen"]
    assert "2O8.44" in issue.message and "“208.44”" in issue.message


# read_indicators


PERFORMANCE = """
绩效指标 | 考核内容 | 要做到 | 做到了 | 满分 | 拿到
数量 | 培训人数 | ≥100人 | 120人 | 10 | 10
质量 | 合格率 | ≥95% | 96% | 10 | 9
"""


def test_cells_of_a_performance_form_become_records() -> None:
    drawn = table(PERFORMANCE, title="部门整体支出绩效自评表")
    cells = [cell for cell in drawn.cells if cell.text]
    roles = {1: "level_2", 2: "indicator", 3: "target", 4: "actual", 5: "points", 6: "score"}
    values = {
        "cells": {f"K{n}": "head" if c.row == 0 else roles[c.column + 1] for n, c in enumerate(cells, 1)}
    }
    pointers = indicators._adopt(0, "performance_self_evaluation#1", drawn, cells, values, Pointers())
    first, second = pointers.records[0]
    assert (first.label, second.label) == ("培训人数", "合格率")
    assert {word.field: word.text for word in second.words} == {
        "level2": "质量", "level3": "合格率", "target": "≥95%", "actual": "96%", "points": "10", "score": "9",
    }  # fmt: skip


def test_roles_that_cannot_be_are_not_adopted() -> None:
    drawn = table(PERFORMANCE, title="部门整体支出绩效自评表")
    cells = [cell for cell in drawn.cells if cell.text]
    right = {1: "level_2", 2: "indicator", 3: "target", 4: "actual", 5: "points", 6: "score"}
    swapped = {1: "score", 2: "points", 3: "target", 4: "actual", 5: "indicator", 6: "level_2"}
    for roles, doubts in (
        (right, {}),
        (swapped, {"": "other_cells"}),
        (dict.fromkeys(right, "actual"), {"": "other_cells"}),
    ):
        said = {f"K{n}": "head" if c.row == 0 else roles[c.column + 1] for n, c in enumerate(cells, 1)}
        assert indicators._doubts(cells, {"cells": said}) == doubts


# arrange_table


def test_cells_of_a_doubtful_grid_move_whole() -> None:
    drawn = table("项目 | 金额 | \n一般公共 | 12.00 | \n预算拨款 |  | \n合计 |  | 12.00", title="收入决算表")
    at = {cell.text: (cell.row, cell.column) for cell in drawn.cells if cell.text}
    # the second 12.00 belongs to the column of the first; 预算拨款 is the rest of a label and cannot share its cell
    moved = arranged(drawn, Arrangement(columns={(3, 2): 1}))
    assert [(c.row, c.column) for c in moved.cells if c.text == "12.00"] == [(1, 1), (3, 1)]
    assert arranged(drawn, Arrangement(continues=frozenset({2}))) == drawn  # two labels would meet
    assert at["预算拨款"] == (2, 0)
    assert sorted(c.text for c in moved.cells if c.text) == sorted(c.text for c in drawn.cells if c.text)


def test_only_grids_in_doubt_are_asked_about() -> None:
    assert not list(arranging.opened(read()))
    doubtful = replace(read().plain[0])
    tables = tuple(replace(each, sure=False) for each in doubtful.layout.tables)
    of = drafted([replace(doubtful, layout=replace(doubtful.layout, tables=tables))])
    opened = list(arranging.opened(of))
    assert [one.question.task for one in opened] == ["arrange_table"] * 2
    assert report(of).forms  # and the names of their columns wait
    assert not [q for q in of_task(of, "name_form") if q.id.endswith(":names")]
