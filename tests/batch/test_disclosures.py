"""Which files are one disclosure, and who has not published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongkai import disclosures
from gongkai.disclosures import Brief
from gongkai.roster import Body, Roster, plain

TABLES = (("income", "present"), ("government_fund", "nil"))
COUNTS = {"pages": 1, "errors": 0, "warnings": 0, "needs_review": 0, "issues": 0}


def body(line: int, name: str, *aliases: str, **more: Any) -> Body:
    return Body(line=line, name=name, names=frozenset(plain(each) for each in (name, *aliases)), **more)


def brief(file: str, name: str | None, **more: Any) -> Brief:
    given: dict[str, Any] = {
        "key": file, "path": Path("x"), "files": (Path(file),), "name": name, "printed": (), "members": (), "year": 2023, "kind": "final_account",
        "scope": "unit", "forms": TABLES, "sections": ("total_overview",), "counts": COUNTS,
    }  # fmt: skip
    return Brief(**(given | more))


ROSTER = Roster([body(2, "甲局", "市甲局"), body(3, "乙局"), body(4, "丙中心")])
PROSE = {"forms": (("income", "elsewhere"),)}
ALONE = {"sections": ("other",)}


def test_prose_and_tables_of_one_body_belong_together() -> None:
    prose, tables = brief("a.pdf", "甲局", **PROSE), brief("b.pdf", "市甲局", **ALONE)
    assert disclosures.belonging_together([prose, brief("c.pdf", "乙局"), tables], ROSTER) == [
        (prose, tables)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "乙局"},
        {"name": "甲局直属分局"},
        {"year": 2022},
        {"year": None},
        {"kind": "budget"},
        {"scope": "department"},
        {"sections": ("total_overview",)},
    ],
)
def test_what_does_not_belong_together(changes: dict[str, Any]) -> None:
    prose = brief("a.pdf", "甲局", **PROSE)
    tables = replace(brief("b.pdf", "甲局", **ALONE), **changes)
    assert disclosures.belonging_together([prose, tables], ROSTER) == []


def test_two_whole_reports_are_never_joined_and_both_are_shown() -> None:
    both = [brief("a.pdf", "甲局"), brief("b.pdf", "甲局")]
    assert disclosures.belonging_together(both, ROSTER) == []
    found = disclosures.answer(both, ROSTER)
    assert found.review == ((both[0], "doubled"), (both[1], "doubled"))
    assert found.published[0].briefs == tuple(both)


def test_the_roster_says_which_files_are_one() -> None:
    roster = Roster([body(2, "甲局", files=("a*.pdf", "表.pdf")), body(3, "乙局", files=("b.pdf",))])
    files = [Path("x/a1.pdf"), Path("x/b.pdf"), Path("x/表.pdf"), Path("y/c.pdf")]
    assert disclosures.told_together(files, roster) == [(Path("x/a1.pdf"), Path("x/表.pdf"))]
    assert disclosures.match(brief("x/表.pdf", None), roster).body == roster.bodies[0]
    assert disclosures.match(brief("x/c.pdf", None), roster).why == "nameless"


def test_who_has_not_published() -> None:
    found = disclosures.answer([brief("a.pdf", "甲局"), brief("b.pdf", "丁局")], ROSTER)
    assert [(line.body.name, bool(line.briefs)) for line in found.published] == [
        ("甲局", True),
        ("乙局", False),
        ("丙中心", False),
    ]
    assert [(one.name, why) for one, why in found.review] == [("丁局", "unmatched")]
    assert {key: matched.name for key, matched in found.bodies.items()} == {"a.pdf": "甲局"}


def test_the_kinds_that_a_body_has_to_publish() -> None:
    roster = Roster([body(2, "甲局", kinds=("final_account", "budget")), body(3, "乙局", kinds=("budget",))])
    found = disclosures.answer([brief("a.pdf", "甲局")], roster)
    told = [(line.body.name, line.kind, line.year, bool(line.briefs)) for line in found.published]
    assert told == [
        ("甲局", "final_account", 2023, True),
        ("甲局", "budget", None, False),
        ("乙局", "budget", None, False),
    ]


def test_the_year_is_that_of_most_reports_or_the_one_asked_for() -> None:
    reports = [brief("a.pdf", "甲局"), brief("b.pdf", "乙局"), brief("c.pdf", "丙中心", year=2022)]
    told = [
        (line.body.name, line.year)
        for line in disclosures.answer(reports, ROSTER).published
        if not line.briefs
    ]
    assert told == [("丙中心", 2023)]
    told = [
        (line.body.name, line.year)
        for line in disclosures.answer(reports, ROSTER, 2022).published
        if not line.briefs
    ]
    assert told == [("甲局", 2022), ("乙局", 2022)]


def test_a_unit_that_its_department_counts_in_is_still_unpublished_and_the_line_says_where() -> None:
    department = brief("a.pdf", "甲局", scope="department", members=("丙 中心",))
    found = disclosures.answer([department], ROSTER)
    assert [line.part_of for line in found.published] == [None, None, department]
    earlier = brief("a.pdf", "甲局", scope="department", members=("丙中心",), year=2022)
    found = disclosures.answer([earlier, brief("b.pdf", "乙局")], ROSTER, 2023)
    assert [line.part_of for line in found.published if not line.briefs] == [None, None]


def test_what_has_no_year_is_looked_at_and_counts_for_no_year() -> None:
    found = disclosures.answer([brief("a.pdf", "甲局", year=None), brief("b.pdf", "乙局")], ROSTER)
    assert [(one.name, why) for one, why in found.review] == [("甲局", "undated")]
    assert [line.year for line in found.published if line.body.name == "甲局"] == [None, 2023]
