from __future__ import annotations

import argparse
import ast
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from gongkai.report import Finding, Operand, Source
from gongkai_eval.amounts import number
from gongkai_eval.labels import Labelled
from gongkai_eval.synthetic import account, generator, judge, planter, results, run
from gongkai_eval.synthetic.desk import Desk, reprint
from gongkai_eval.synthetic.draft import Draft
from gongkai_eval.synthetic.pen import Pen

MODULES = Path(generator.__file__).parent
SEEDS = range(24)
Value = Callable[[str, str], Decimal]


def values(labelled: Labelled, form: str) -> Value:
    """(row key, column key) → the printed value, 0 for a blank."""
    cells = {(each.row_key, each.col_key): each for each in labelled.truth() if each.form_id == f"{form}#1"}
    return lambda row, column: number(cells[row, column].printed) or Decimal(0)


def exact(folder: Path) -> list[Labelled]:
    """Reports in 元 with numbered lines, where nothing may be rounded."""
    drafts = [generator.generate(seed) for seed in range(60)]
    chosen = [
        draft
        for draft in drafts
        if draft.tables["01"]["unit"] == "元" and draft.tables["01"]["printed_number"]
    ]
    return [draft.save(folder) for draft in chosen]


def test_a_report_in_yuan_balances_to_the_cent(tmp_path: Path) -> None:
    reports = exact(tmp_path)
    assert len(reports) > 5
    for report in reports:
        summary = values(report, "income_expenditure_summary")
        assert summary("income:27", "1") == sum(summary(f"income:{row}", "1") for row in range(1, 9))
        assert summary("income:31", "1") == summary("income:27", "1") + summary("income:29", "1")
        assert summary("expenditure:62", "2") == summary("expenditure:58", "2") + summary(
            "expenditure:60", "2"
        )
        assert summary("income:31", "1") == summary("expenditure:62", "2") > 0
        income, spent = values(report, "income"), values(report, "expenditure")
        assert income("合计", "1") == summary("income:27", "1")
        assert spent("合计", "1") == summary("expenditure:58", "2")
        assert income("合计", "1") == sum(income("合计", str(column)) for column in range(2, 8))
        fiscal, general = (
            values(report, "fiscal_appropriation_summary"),
            values(report, "general_budget_expenditure"),
        )
        assert fiscal("income:32", "1") == fiscal("expenditure:64", "2")
        assert (
            fiscal("expenditure:59", "3")
            == general("合计", "1")
            == general("合计", "2") + general("合计", "3")
        )


def test_classes_are_the_sums_of_their_items(tmp_path: Path) -> None:
    for report in exact(tmp_path):
        for form, columns in (("income", 7), ("expenditure", 6), ("general_budget_expenditure", 3)):
            cell = values(report, form)
            keys = {each.row_key for each in report.truth() if each.form_id == f"{form}#1"}
            for key in keys:
                below = [other for other in keys if other.startswith(key) and len(other) == len(key) + 2]
                for column in map(str, range(1, columns + 1) if below else ()):
                    assert cell(key, column) == sum(cell(other, column) for other in below)


def test_the_basic_expenditure_is_told_twice(tmp_path: Path) -> None:
    for report in exact(tmp_path):
        detail = {
            each.row_key: number(each.printed) or Decimal(0)
            for each in report.truth()
            if each.form_id == "general_budget_basic_expenditure#1" and "金额" not in each.col_key
        }
        general = values(report, "general_budget_expenditure")
        assert detail["人员经费合计"] == detail["301"] + detail["303"]
        assert detail["人员经费合计"] + detail["公用经费合计"] == general("合计", "2")


def test_the_same_seed_gives_the_same_report_and_another_one_another() -> None:
    assert generator.generate(7) == generator.generate(7)
    assert generator.generate(7) != generator.generate(8)


def test_every_province_unit_and_year_occurs() -> None:
    drafts = [generator.generate(seed) for seed in range(80)]
    assert {draft.source["why"].split()[7].strip(",") for draft in drafts} == set(generator.FAMILIES)
    assert {draft.tables["01"]["unit"] for draft in drafts} == {"元", "万元"}
    assert {draft.source["fiscal_year"] for draft in drafts} == set(generator.YEARS)
    assert {draft.tables[draft.number_of("government_fund") or ""]["state"] for draft in drafts} == {
        "present",
        "nil",
    }


def test_amounts_are_rounded_honestly() -> None:
    pen = Pen("万元", table_commas=True, text_commas=False, zero="", bare=True, digits=1)
    assert (pen.cell(123_456_500_00), pen.cell(0), pen.text(56_200_000)) == ("12,345.65", "", "56.2万元")
    assert (pen.text(0), pen.percent(1, 3), pen.percent(-1, 3)) == ("0万元", "33.3%", "33.3%")
    assert pen.amount(5_000) == Decimal("0.01")  # half a unit goes up


@pytest.mark.parametrize("kind", sorted(planter.kinds()))
def test_a_kind_is_planted_and_recorded(kind: str, tmp_path: Path) -> None:
    case = results.Case(1000, kind, "web")
    labelled, plant = judge.made(case, tmp_path)
    assert plant and plant.kind == kind and plant.edits and all(plant.tells)
    printed = [cell.printed for cell in labelled.truth()] + [block.text for block in labelled.blocks]
    assert all(edit.before != edit.after for edit in plant.edits)
    for edit in plant.edits:
        assert not edit.after or edit.after in printed


def test_planting_leaves_the_original_alone_and_changes_nothing_else() -> None:
    draft = generator.generate(3)
    before = repr(draft)
    planted = planter.plant(draft, "prose_total", 3)
    assert planted and repr(draft) == before
    spoilt, plant = planted
    changed = [pair for pair in zip(draft.text, spoilt.text, strict=True) if pair[0] != pair[1]]
    assert changed == [(edit.before, edit.after) for edit in plant.edits]
    assert spoilt.grids == draft.grids


def test_a_report_without_a_place_for_an_error_is_refused() -> None:
    drafts = (generator.generate(seed) for seed in range(30))
    nil = next(
        draft for draft in drafts if draft.tables[draft.number_of("government_fund") or ""]["state"] == "nil"
    )
    assert planter.plant(nil, "nil_statement", 1) is None


def test_every_kind_has_a_spoiler_and_five_have_no_check() -> None:
    kinds = planter.kinds()
    assert set(kinds) == set(planter.SPOILERS)
    unchecked = {name for name, kind in kinds.items() if not kind.checked}
    assert len(kinds) - len(unchecked) >= 20
    assert {"swapped_rows", "stale_year", "lost_minus", "other_department", "stale_paragraph"} <= unchecked


def test_wrong_numbers_are_far_off() -> None:
    desk = Desk(generator.generate(1), Random(1), [])
    assert desk.off("0.40") is None and desk.off("") is None
    for _ in range(50):
        assert Decimal((desk.off("1,196.83") or "").replace(",", "")) - Decimal("1196.83") > 10
        assert abs(Decimal(desk.rate("99.5") or "0") - Decimal("99.5")) > 2
        assert desk.transposed("12.00") == "21.00"
    assert desk.transposed("11.00") is None
    assert reprint("1,196.8", Decimal("20000")) == "20,000.0"


def test_the_planter_and_the_generator_know_nothing_of_the_reader() -> None:
    for path in MODULES.glob("*.py"):
        if path.name in ("run.py", "judge.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            assert not [name for name in names if name == "gongkai" or name.startswith("gongkai.")], path


def finding(message: str, severity: str = "error", *children: Finding, printed: str = "") -> Finding:
    operands = (Operand(id="f", label="", printed=printed, source=Source("d", 1, (0, 0, 1, 1))),)
    return Finding(
        id="x", code="T01-BAL", title="", class_="error", verdict="fail", severity=severity, message=message,
        operands=operands, children=children,
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_finding_tells_a_plant_by_all_tokens_of_an_alternative() -> None:
    plant = planter.Plant("vehicle_count", (), (("7", "车辆"), ("1,209.55",)))
    assert judge._tells(finding("车辆印为7辆"), plant)
    assert judge._tells(finding("", printed="1209.55"), plant)
    assert judge._tells(finding("", "error", finding("车辆 7 辆")), plant)
    assert not judge._tells(finding("7"), plant)
    assert not judge._tells(finding("车辆印为17辆"), plant)


def test_a_doubt_is_no_accusation_and_is_counted_apart() -> None:
    doubt = results.Told("T04-ROW", "warning", "", True, doubtful=True)
    idle = results.Told("T04-ROW", "warning", "", False, doubtful=True)
    result = results.summary([
        results.Outcome("1/web/", "", "web", "", told=(idle,), lines=1),
        results.Outcome("1/web/table_total", "table_total", "web", "", found=True, told=(doubt, idle)),
    ])  # fmt: skip
    totals = result["totals"]
    assert (totals["false_per_clean"], totals["doubts_per_clean"], totals["precision"]) == (0.0, 1.0, None)
    assert (totals["recall"], totals["found_as_doubt"], result["false"]) == (1.0, 1, [])


def outcome(kind: str, found: bool, *true: bool, lines: int = 0) -> results.Outcome:
    told = tuple(results.Told("T01-BAL", "error", "", each) for each in true)
    return results.Outcome(f"1/web/{kind}", kind, "web", "", found=found, told=told, lines=lines)


def test_the_summary_counts_kinds_apart_and_alarms_on_clean_reports() -> None:
    result = results.summary([
        outcome("", False), outcome("", False, False, lines=6), outcome("table_total", True, True, True),
        outcome("grand_total", False), outcome("swapped_rows", False), outcome("stale_year", True, True),
    ])  # fmt: skip
    totals = result["totals"]
    assert (totals["recall"], totals["precision"], totals["false_per_clean"]) == (0.5, 0.75, 0.5)
    assert (totals["planted_unchecked"], totals["found_unchecked"], totals["lines_most"]) == (2, 1, 6)
    assert [name for name, met in result["targets"].items() if met] == ["every report is read"]
    assert [each["kind"] for each in result["missed"]] == ["grand_total", "swapped_rows"]
    assert result["codes"] == [{"code": "T01-BAL", "told": 4, "true": 3}]


def test_half_of_the_cases_are_clean_and_every_kind_comes_round() -> None:
    count = 2 * len(planter.kinds())
    chosen = run.cases(count, 1, ["web", "word"])
    assert sum(not case.kind for case in chosen) == count // 2
    assert {case.kind for case in chosen} == {*planter.kinds(), ""}
    assert {case.style for case in chosen if not case.kind} == {"web", "word"}
    assert len({case.seed for case in chosen}) == count
    twice = run.cases(2 * count, 1, ["web", "word"])
    assert {case.style for case in twice if case.kind == "table_total"} == {"web", "word"}


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_the_whole_road(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = argparse.Namespace(
        synthetic=2, seed=1, styles="web", jobs=1, cache=tmp_path / "cache", out=tmp_path / "out.json",
        html=tmp_path / "page.html", misses=5,
    )  # fmt: skip
    assert run.run(options) == 0
    assert "table_total              1/1" in capsys.readouterr().out
    case = run.cases(2, 1, ["web"])[1]
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()}
    again = run.measure(case, tmp_path / "cache")
    assert again.found and not again.misses
    assert kept == {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()}
    assert "Planted errors" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_draft_that_contradicts_the_label_format_is_refused(tmp_path: Path) -> None:
    draft = generator.generate(1)
    draft.text.remove("!table 02")
    with pytest.raises(ValueError, match="places the tables"):
        draft.save(tmp_path)


def test_an_account_draws_its_economic_items_from_the_same_money() -> None:
    for seed in SEEDS:
        drawn = account.draw(Random(seed), 2022)
        assert sum(drawn.economics.values()) == drawn.sum(lambda item: item.basic)
        assert drawn.total == drawn.spent + drawn.carry_out
        assert drawn.public.reception.actual == drawn.economics["30217"]
        assert drawn.own_income >= 0


def test_a_draft_is_a_label_again(tmp_path: Path) -> None:
    draft = generator.generate(5)
    labelled = draft.save(tmp_path)
    assert isinstance(draft, Draft) and labelled.entity == draft.source["entity"]
    assert [table.form for table in labelled.tables] == [record["form"] for record in draft.tables.values()]
