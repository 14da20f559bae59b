from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.report import Entity, Figure, Form, Report, Section, Source
from gongkai_eval import baseline
from gongkai_eval.align import align
from gongkai_eval.grid import Truth
from gongkai_eval.labels import Labelled, Table
from gongkai_eval.scorer import Score, bare_number, blank_score, score, total

PLACE = Source("0" * 64, 1, (0.0, 0.0, 1.0, 1.0))


def perfect(labelled: Labelled) -> Report:
    """The Report that says exactly what the labels say."""
    forms = [_form(table) for table in labelled.tables]
    promised: list[dict[str, Any]] = [dataclasses.asdict(each) for each in labelled.promised]
    return Report(
        schema_version="1.0",
        pipeline_version="",
        catalogue_version="",
        content_hash="",
        documents=(),
        entity=Entity(name=labelled.entity),
        fiscal_year=2022,
        kind="final_account",
        scope="unit",
        forms=(*forms, *(Form(**each) for each in promised)),
        sections=tuple(_sections(labelled)),
    )


def _form(table: Table) -> Form:
    said: dict[str, Any] = {
        name: getattr(table, name) for name in ("id", "form", "title", "printed_number", "unit", "state")
    }
    return Form(**said, figures=tuple(_figure(truth) for truth in table.truth()))


def _figure(truth: Truth) -> Figure:
    said: dict[str, Any] = {
        name: getattr(truth, name) for name in ("row_key", "col_key", "printed", "unit", "quantity", "state")
    }
    absent: dict[str, Any] = dict.fromkeys(("line", "measure", "yuan", "quantum_yuan"))
    value = None if truth.value is None else Decimal(truth.value)
    return Figure(id="", row_label="", col_label="", value=value, source=PLACE, **absent, **said)


def _sections(labelled: Labelled) -> Iterator[Section]:
    own: list[str] = []
    for block in labelled.blocks:
        if block.kind == "heading":
            own.append("")
        elif block.kind == "paragraph" and own:
            own[-1] += block.text
    for n, (truth, text) in enumerate(zip(labelled.sections, own, strict=True)):
        number, title, level = truth.number, truth.title, truth.level
        yield Section(
            id=str(n), kind=truth.kind, number=number, title=title, level=level, text=text, source=PLACE
        )


def with_figure(report: Report, form: int, index: int, **changes: object) -> Report:
    figures = list(report.forms[form].figures)
    figures[index] = dataclasses.replace(figures[index], **changes)  # type: ignore[arg-type]
    forms = list(report.forms)
    forms[form] = dataclasses.replace(forms[form], figures=tuple(figures))
    return dataclasses.replace(report, forms=tuple(forms))


def test_a_perfect_report_misses_nothing(labelled: Labelled) -> None:
    result = score(labelled, perfect(labelled))
    assert result.misses == () and result.silent == 0
    assert all(tally.recall == tally.precision == 1 for tally in result.tallies.values())
    assert (
        result.tallies["numeric"].truth + result.tallies["blank"].truth + result.tallies["other"].truth == 65
    )


def test_a_wrong_digit_is_silent_only_when_graded_sure(labelled: Labelled) -> None:
    report = perfect(labelled)
    wrong = score(labelled, with_figure(report, 0, 0, value=Decimal("1210.41")))
    assert [miss.key for miss in wrong.misses] == ["income_expenditure_summary#1|income:1|1"]
    assert (wrong.misses[0].expected, wrong.misses[0].reported) == (
        "1210.40 万元",
        "1210.41 万元 (page 1, sure)",
    )
    numeric = wrong.tallies["numeric"]
    assert (numeric.truth - numeric.right, numeric.reported - numeric.right, wrong.silent) == (1, 1, 1)
    marked = score(labelled, with_figure(report, 0, 0, value=Decimal("1210.41"), grade="check"))
    assert len(marked.misses) == 1 and marked.silent == 0


def test_zero_is_not_blank_and_units_count(labelled: Labelled) -> None:
    report = perfect(labelled)
    blank = next(n for n, each in enumerate(report.forms[0].figures) if each.state == "blank")
    assert score(labelled, with_figure(report, 0, blank, state="value", value=Decimal(0))).silent == 1
    assert len(score(labelled, with_figure(report, 0, 0, unit="元")).misses) == 1
    assert score(labelled, with_figure(report, 0, 0, value=Decimal("1210.4"))).misses == ()


def test_a_figure_at_another_address_is_missed_and_extra(labelled: Labelled) -> None:
    result = score(labelled, with_figure(perfect(labelled), 1, 0, row_key="total"))
    assert [miss.key for miss in result.misses] == ["income#1|合计|1", "+income#1|total|1"]


def test_a_form_that_is_not_there_is_one_miss_and_all_its_cells(labelled: Labelled) -> None:
    report = perfect(labelled)
    result = score(labelled, dataclasses.replace(report, forms=report.forms[1:]))
    assert [miss.key for miss in result.misses] == [
        "form:income_expenditure_summary#1",
        "income_expenditure_summary#1|*",
    ]
    whole = score(labelled, report).tallies["numeric"].right
    assert result.tallies["numeric"].right < whole == result.tallies["numeric"].truth


def test_sections_are_scored_part_by_part(labelled: Labelled) -> None:
    report = perfect(labelled)
    first, second, *rest = report.sections
    changed = (
        dataclasses.replace(first, kind="other"),
        dataclasses.replace(second, text=second.text + "尾"),
        *rest[1:],
    )
    result = score(labelled, dataclasses.replace(report, sections=changed))
    assert [miss.key for miss in result.misses] == ["section:1/kind", "section:2/text", "section:3"]
    assert result.tallies["sections"].right == len(labelled.sections) - 1


def test_headings_pair_in_order_and_at_their_level() -> None:
    truth = [(1, "一", "概况"), (2, "一", "职责"), (2, "二", "机构"), (2, "一", "总体")]
    found = [
        (1, "一", "概况"),
        (3, "一", "职责"),
        (2, "二", "机构设置"),
        (2, "一", "总体"),
        (2, "九", "别的"),
    ]
    assert align(truth, found) == {0: 0, 2: 2, 3: 3}
    assert [bare_number(n) for n in ("第三部分", "（三）", "三、", "(三)")] == ["三"] * 4


def test_the_baseline_fails_both_ways(labelled: Labelled, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    right = score(labelled, perfect(labelled), "a/word")
    wrong = score(labelled, with_figure(perfect(labelled), 0, 0, value=Decimal(1)), "a/word")
    key = "income_expenditure_summary#1|income:1|1"
    assert baseline.compare(baseline.load(path), [right]) == []
    assert baseline.compare({}, [wrong]) == [baseline.Drift("a/word", (key,), ())]
    baseline.write(path, {"b/word": ("error",)}, [wrong])
    known = baseline.load(path)
    assert known == {"a/word": (key,), "b/word": ("error",)}
    assert baseline.compare(known, [wrong]) == []
    assert baseline.compare(known, [right]) == [baseline.Drift("a/word", (), (key,))]
    assert baseline.compare({"a/word": ("income_expenditure_summary#1|*",)}, [wrong])[0].worse == ()


def test_a_document_that_was_not_read_misses_everything(labelled: Labelled) -> None:
    failed = blank_score(labelled, "a/word", "Damaged: no pages")
    assert baseline.failures(failed) == ("error",)
    assert failed.tallies["numeric"].recall == 0
    together: Score = total([failed, score(labelled, perfect(labelled))])
    assert together.tallies["numeric"].recall == 0.5
