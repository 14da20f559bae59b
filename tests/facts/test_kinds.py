"""The data of the grammar holds together, and the page for people says the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gongkai.facts import catalogue, kinds
from gongkai.facts.naming import Codes, cleaned, economic, function_class, shortened
from gongkai.narrative.kinds import rules
from gongkai.report import Figure, Form, Source

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "facts.md"
_ROW = re.compile(r"^\| `([a-z_.]+)` \| ([^|]*) \|", re.MULTILINE)
MADE_BY_THE_GRAMMAR = {"nil.statement", "chart.label", "unclassified"}


def test_the_page_lists_every_fact_with_its_slots() -> None:
    with (ROOT / "service/gongkai/facts/facts.toml").open("rb") as file:
        raw = tomllib.load(file)
    listed = {
        fact: re.findall(r"`([^`]+)`", slots)
        for fact, slots in _ROW.findall(PAGE.read_text(encoding="utf-8"))
    }
    assert {fact: slots for fact, slots in listed.items() if "." in fact or fact == "unclassified"} == {
        fact: record["slots"] for fact, record in raw["facts"].items()
    }


def test_the_page_explains_every_group_of_slots() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with (ROOT / "service/gongkai/facts/facts.toml").open("rb") as file:
        groups = tomllib.load(file)["slots"]
    for name, slots in groups.items():
        assert f"`@{name}` = " + ", ".join(f"`{slot}`" for slot in slots) in page


def test_every_fact_can_be_stated() -> None:
    stated = {fact for topic in kinds.topics() for fact in (topic.fact, *topic.beside, *topic.route.values())}
    assert set(catalogue.facts()) - stated - MADE_BY_THE_GRAMMAR == {
        fact for fact in catalogue.facts() if fact.endswith(catalogue.REASON_ITEM)
    }


def test_scopes_name_kinds_of_sections_that_exist() -> None:
    known = {rule.kind for rule in rules()}
    assert {kind for scope in kinds.scopes() for kind in scope.kinds} <= known


def test_what_opens_a_section_is_a_name_that_its_topics_know() -> None:
    for scope in kinds.scopes():
        if scope.opens and scope.scope != "change":
            assert any(topic.named(scope.opens) for topic in kinds.candidates(scope.scope, "money")), (
                scope.scope
            )


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("2022年度收入合计", "收入合计"),
        ("其中,其他收入", "其他收入"),
        ("某省某某人民法院2017年度收入、支出总计", "收入、支出总计"),
        ("(一)人员经费", "人员经费"),
        ("1.一般公共服务(类)支出", "一般公共服务(类)支出"),
        ("单位价值100万元以上专用设备", "单位价值100万元以上专用设备"),
        ("财政拨款收、支总计均为", "财政拨款收、支总计"),
    ],
)
def test_cleaned(name: str, plain: str) -> None:
    assert cleaned(name) == plain


def test_codes_of_names() -> None:
    assert (economic("基本工资")[0], economic("办公设备购置")[0], economic("没有的费")) == (
        "30101",
        "31002",
        (),
    )
    assert (
        function_class("卫生健康(类)支出"),
        function_class("卫生健康支出(类)"),
        function_class("没有(类)支出"),
    ) == ("210", "210", None)


def test_a_short_name_is_that_of_the_body() -> None:
    assert shortened("省检察院", "江苏省人民检察院") and not shortened("某学校", "某市教育局")


def test_a_path_finds_its_code_in_the_tables_of_the_report() -> None:
    rows = [
        ("205", "教育支出"),
        ("20508", "进修及培训"),
        ("2050803", "培训支出"),
        ("20502", "普通教育"),
        ("2050299", "其他普通教育支出"),
    ]
    rows += [("2080299", "培训支出")]
    codes = Codes([_form(rows)])
    assert codes.function(("教育支出", "进修及培训", "培训支出")) == "2050803"
    assert codes.function(("进修及培训", "培训支出"), within="205") == "2050803"
    assert codes.function(("普通教育",)) == "20502"
    assert codes.function(("培训支出",)) is None  # two items of that name
    assert codes.function(("教育支出", "进修及培训", "没有")) is None


def _form(rows: list[tuple[str, str]]) -> Form:
    place = Source("typed", 1, (0.0, 0.0, 1.0, 1.0))
    figures = tuple(
        Figure(
            id=code,
            row_key=code,
            row_label=label,
            line=code,
            col_key="1",
            col_label="合计",
            measure="total",
            printed="1",
            value=None,
            unit="万元",
            yuan=None,
            quantum_yuan=None,
            quantity="money",
            state="blank",
            source=place,
        )
        for code, label in rows
    )
    return Form(id="expenditure#1", form="expenditure", title="支出决算表", figures=figures)
