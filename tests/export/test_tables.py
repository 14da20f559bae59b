"""The five tables: what stands in them is what the page prints, and any database can hold it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.mssql.base import RESERVED_WORDS as SQL_SERVER
from sqlalchemy.dialects.mysql.reserved_words import RESERVED_WORDS_MARIADB, RESERVED_WORDS_MYSQL
from sqlalchemy.dialects.oracle.base import RESERVED_WORDS as ORACLE
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS as POSTGRESQL

from gongkai import money
from gongkai.export import docs
from gongkai.export.columns import Column, fit_decimal, fit_text, tables
from gongkai.export.tables import rows
from gongkai.forms import definitions
from gongkai.openapi import example
from gongkai.report import Entity, Figure, Mention, Report, Slot, Subject

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"

# 达梦 DM8, generously: the words of its SQL that a column might be called, more than its manual reserves.
DM = """
abort absolute abstract access add admin after all alter and any array as asc assign at audit before begin between
bigdatediff body both break by byte call case cast catch char check class close cluster clustered column comment
commit common connect connect_by_root constraint contains context continue convert corresponding create cross crypto
cube current cursor datediff datetimepart debug decimal declare decode default deferrable delete desc difference
disconnect distinct do domain double drop each else elseif end equ exception exchange exec execute exists explain
extern external fetch fillfactor final finally first float for foreach foreign from full function general get global
goto grant group grouping having identified identity if ifnull immediate in index inner insert intersect interval into
is join key language last lateral left level like link list lnnvl lock logging login long loop manual maxvalue member
merge minus mod natural new next not nowait null number object of off offline offset on online option or order out
overlaps override package page parallel partition pendant percent primary print prior private privileges procedure
protected public raise rank read ref reference references relative repeat replace return returning reverse revoke
right rollback rollup row rownum rows save savepoint schema sect select sequence set size sizeof some stat static
storage struct subpartition super switch synonym sysdate table task template test text then throw timestampadd
timestampdiff to top trail trailing transaction trigger trim truncate truncsize try type typeof union unique until
update use user using value values var varray verify view virtual when where while with
"""


def one(rows: list[dict[str, object]], **wanted: object) -> dict[str, object]:
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


# what the page prints


def test_a_figure_carries_the_official_names(sample: Report) -> None:
    row = one(rows(sample)["figures"], form_name="expenditure", exp_func_code="2080505", measure_name="basic")
    told = {
        "agency_name": "株洲市医疗保障事务中心", "fiscal_year": 2022, "doc_kind": "final_account", "doc_scope": "unit",
        "exp_func_name": "机关事业单位基本养老保险缴费支出", "class_year": 2022, "dep_exp_eco_code": None,
        "phase": "actual", "fund": "all", "kind": "basic", "amount_printed": "68.01", "amount": Decimal("68.01"),
        "unit_printed": "万元", "amount_yuan": 680100, "quantum_yuan": 100, "state": "value", "quantity": "money", "page_no": 9,
    }  # fmt: skip
    assert {name: row[name] for name in told} == told


@pytest.mark.parametrize(
    ("form", "line", "measure", "phase", "fund", "kind"),
    [
        ("income_expenditure_summary", "superior_subsidy", "amount", "actual", "superior_subsidy", "all"),
        ("fiscal_appropriation_summary", "208", "government_fund", "actual", "government_fund", "all"),
        ("fiscal_appropriation_summary", "total_income", "amount", "actual", "fiscal", "all"),
        ("general_budget_expenditure", "2080505", "project", "actual", "general_budget", "project"),
        ("general_budget_basic_expenditure", "30101", "amount", "actual", "general_budget", "basic"),
        ("general_budget_basic_expenditure", "personnel_total", "amount", "actual", "general_budget", "personnel"),
        ("three_public", "data", "budget.reception", "full_year_budget", "general_budget", "all"),
        ("three_public", "data", "actual.reception", "actual", "general_budget", "all"),
    ],
)  # fmt: skip
def test_phase_fund_and_kind(
    sample: Report, form: str, line: str, measure: str, phase: str, fund: str, kind: str
) -> None:
    row = one(rows(sample)["figures"], form_name=form, line_name=line, measure_name=measure)
    assert (row["phase"], row["fund"], row["kind"]) == (phase, fund, kind)


def test_a_form_that_prints_basic_apart_is_not_all_basic() -> None:
    form = example().forms[0]
    both = (figure("3.00", "a", measure="amount"), figure("2.00", "b", measure="basic"))
    form = replace(form, form="general_budget_basic_expenditure", figures=both)
    found = rows(replace(example(), forms=(form,)))["figures"]
    assert [row["kind"] for row in found] == ["all", "basic"]


def test_every_name_of_the_forms_has_a_phase_and_what_no_report_counts_has_no_fund() -> None:
    form = example().forms[0]
    for definition in definitions.load().forms.values():
        for column in definition.columns:
            for phase in definition.phases:
                measured = figure("1.00", "a", measure=phase.prefix + column.measure)
                report = replace(
                    example(),
                    kind=definition.kind,
                    forms=(replace(form, form=definition.form, figures=(measured,)),),
                )
                assert rows(report)["figures"][0]["phase"]  # fmt: skip
    counted = figure("3", "a", line="vehicles.other", quantity="count", unit="辆")
    assert rows(replace(example(), forms=(replace(form, figures=(counted,)),)))["figures"][0]["fund"] is None


def test_prior_year_is_its_own_phase_in_accounts_and_budgets() -> None:
    form = replace(example().forms[0], figures=(figure("1.00", "a", measure="prior.total"),))
    for kind in ("budget", "final_account"):
        found = rows(replace(example(), kind=kind, forms=(form,)))  # type: ignore[arg-type]
        assert found["figures"][0]["phase"] == "prior"


def test_every_figure_mention_finding_and_check_has_its_row(sample: Report) -> None:
    found = rows(sample)
    assert sample.checks.results is not None
    assert len(found["figures"]) == sum(len(form.figures) for form in sample.forms)
    assert len({row["mention_no"] for row in found["mentions"]}) == len(sample.mentions)
    assert len(found["findings"]) == sum(1 + len(finding.children) for finding in sample.findings)
    assert Counter(row["verdict"] for row in found["checks"])["pass"] == sample.checks.passed
    for name, table in found.items():
        keys = [column.name for column in tables()[name] if column.key]
        assert len({tuple(row[key] for key in keys) for row in table}) == len(table)


def test_ids_among_others_are_ids_of_what_the_report_holds(sample: Report) -> None:
    found = rows(sample)
    known = {row["figure_id"] for row in found["figures"]} | {row["slot_id"] for row in found["mentions"]}
    told = {each for row in found["checks"] for each in str(row["operand_ids"] or "").split(" ") if each}
    places = tuple(
        each.id for each in (*sample.sections, *sample.forms)
    )  # words of a section, cells of a grid
    assert told & known and all(each.startswith(places) for each in told - known)


def test_a_check_of_figures_or_words_says_its_page(sample: Report) -> None:
    for row in rows(sample)["checks"]:
        if row["operand_ids"] and row["check_code"] != "X-TOC-BODY":  # a table that is not there has no page
            assert row["page_no"], row


def test_children_follow_their_cause_and_name_it(sample: Report) -> None:
    finding = example().findings[0]
    child = replace(finding, id="child")
    parent = replace(finding, id="parent", children=(child, child))
    found = rows(replace(example(), findings=(finding, parent)))["findings"]
    assert [(row["finding_no"], row["parent_no"]) for row in found] == [(1, None), (2, None), (3, 2), (4, 2)]
    assert found[0]["quote_text"] == (
        "收入支出决算总表 本年收入合计“1,208.44”（第12页）；收入决算表 合计“1,208.76”（第13页）"
    )


def test_what_a_sentence_states_is_a_row_a_slot() -> None:
    source = example().findings[0].operands[0].source
    slots = (
        Slot(slot="amount", printed="3万元", value=Decimal(3), unit="万元", yuan=Decimal(30000), quantum_yuan=Decimal(10000), quote="3万元", source=source),
        Slot(slot="rate", printed=None, value=None, unit=None, yuan=None, quantum_yuan=None, quote=None, source=None),
        Slot(slot="direction", printed="减少", value=None, unit=None, yuan=None, quantum_yuan=None, quote="减少", source=source),
    )  # fmt: skip
    filled = Mention(
        id="m",
        fact="basic.item",
        subject=Subject(code="30201", name="办公费"),
        slots=slots,
        quote="办公费3万元",
        source=source,
    )
    empty = replace(filled, slots=slots[1:2], subject=Subject(code=None, name=""))
    found = rows(replace(example(), mentions=(filled, empty)))["mentions"]
    assert [(row["mention_no"], row["slot_no"], row["slot_name"], row["state"]) for row in found] == [
        (1, 1, "amount", "value"), (1, 2, "direction", "words"), (2, 1, None, "blank"),
    ]  # fmt: skip
    assert found[0]["dep_exp_eco_code"] == "30201" and found[0]["class_year"] == 2023
    assert found[2]["subject_name"] is None


def test_the_caller_s_codes_have_columns_of_their_own() -> None:
    told = {
        "agency_code": 101,
        "usci": "11100000000013338W",
        "mof_div_code": "430200",
        "agency_name": "株洲市某局",
        "x": [1],
    }
    found = rows(replace(example(), entity=Entity(name="某某市某某局", metadata=told)))
    for table in ("documents", "figures", "findings"):
        row = found[table][0]
        assert (row["agency_code"], row["usci"], row["mof_div_code"]) == (
            "101",
            "11100000000013338W",
            "430200",
        )
        assert row["agency_name"] == "株洲市某局" and row["sup_dep_code"] is None


# what any database holds


def figure(printed: str, id: str, **changes: object) -> Figure:
    source = example().findings[0].operands[0].source
    given = {
        "id": id, "row_key": "1", "row_label": "甲", "line": "total", "col_key": "1", "col_label": "乙", "measure": "total", "unit": "万元", "quantity": "money",
    }  # fmt: skip
    return money.read(printed, source=source, **(given | changes))  # type: ignore[arg-type]


def test_no_column_is_a_reserved_word() -> None:
    names = {column.name for columns in tables().values() for column in columns} | set(tables())
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,29}", name) for name in names)  # Oracle's 30 characters
    for words in (POSTGRESQL, RESERVED_WORDS_MYSQL, RESERVED_WORDS_MARIADB, ORACLE, SQL_SERVER, DM.split()):
        assert not names & {word.lower() for word in words}


def test_nothing_is_empty_and_nothing_is_a_float(sample: Report) -> None:
    for table in rows(sample).values():
        for row in table:
            assert all(
                value is None or (value != "" and not isinstance(value, float)) for value in row.values()
            )


def test_what_is_not_a_number_says_so_in_state_alone(sample: Report) -> None:
    for row in rows(sample)["figures"]:
        assert (row["amount"] is not None) == (row["state"] == "value")
        assert row["state"] != "blank" or row["amount_printed"] is None


WILD = st.text(st.characters(codec=None), max_size=80) | st.text("中㐀𠀀é\x00\ud800 =", max_size=900)


@given(text=WILD, size=st.integers(16, 120), kind=st.sampled_from(["code", "name", "key", "text"]))
def test_any_text_fits(text: str, size: int, kind: str) -> None:
    column = Column(name="x", type=kind, title="", origin="", size=0 if kind == "text" else size)  # type: ignore[arg-type]
    found = column.fit(text)
    assert found is None or isinstance(found, str)
    if found is not None:
        assert found != "" and "\x00" not in found
        if column.size:
            assert max(len(found.encode()), len(found.encode("gb18030"))) <= column.bytes
            assert len(found) <= column.size
        found.encode()


def test_a_long_key_stays_itself_and_a_long_text_is_seen_to_be_cut() -> None:
    long, other = "预" * 300 + "甲", "预" * 300 + "乙"
    assert fit_text(long, 200, key=True) != fit_text(other, 200, key=True)
    assert fit_text(long, 200) == fit_text(other, 200) and fit_text(long, 200).endswith("…")
    assert fit_text("一 行\n键", 200, key=True) == "一_行_键"


@pytest.mark.parametrize(
    ("number", "held"),
    [("1.10", "1.10"), ("-0.00", "-0.00"), ("1E+3", "1000"), ("123456789012345678901234567890.12345678",) * 2, ("1" * 31, None), ("0.123456789", None)],
)  # fmt: skip
def test_a_number_is_held_exactly_or_not_at_all(number: str, held: str | None) -> None:
    found = fit_decimal(Decimal(number), 38, 8, exact=True)
    assert str(found) == str(held)


def test_a_number_too_long_for_databases_stands_as_printed_and_is_to_be_looked_at() -> None:
    form = replace(example().forms[0], figures=(figure("1.123456789", "a", unit=None),))
    (long,) = rows(replace(example(), forms=(form,)))["figures"]
    assert (long["amount"], long["amount_printed"], long["state"], long["grade"]) == (
        None,
        "1.123456789",
        "value",
        "check",
    )


# the codebook


def test_the_codebook_is_fresh() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert docs.renewed(page) == page, "run: python -m gongkai.export.docs docs/exports.md"
