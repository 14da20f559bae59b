"""The notation, and a catalogue that refuses to run when it names what no form has."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks.page import text

from gongkai.checks import CatalogueError, catalogue
from gongkai.checks.catalogue import from_records
from gongkai.checks.notation import EquationError, parse

FORMS = {"T01": "income_expenditure_summary", "T02": "income"}


def test_an_equation_reads_as_it_is_written() -> None:
    equation = parse("T01:a.b[amount] + 301[amount]? = T02:total[x] - sum parts(total)[x]", FORMS)
    assert [(t.sign, t.form, t.select, t.line, t.column, t.optional) for t in equation.terms] == [
        (1, "income_expenditure_summary", "line", "a.b", "amount", False),
        (1, "income_expenditure_summary", "line", "301", "amount", True),
        (1, "income", "line", "total", "x", False),
        (-1, "income", "parts", "total", "x", False),
    ]
    assert equation.operator == "=" and equation.forms == ("income_expenditure_summary", "income")


@pytest.mark.parametrize(
    "text",
    [
        "T01:a[x]",
        "T01:a[x] = T01:b[x] = T01:c[x]",
        "T01:a[x] = T99:b[x]",
        "a[x] = b[x]",
        "T01:a[x] = parts(b)[x]",
        "T01:a[x] = sum b[x]",
        "T01:a[x] b[x] = c[x]",
        "T01:a = b",
        "= T01:a[x]",
        "T01:a[x] = 7",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(EquationError):
        parse(text, FORMS)


def record(**changes: object) -> dict[str, object]:
    check = {"code": "T99-NEW", "title": "…", "equations": ["T02:total[total] = total[fiscal]"], **changes}
    return {
        "kind": "final_account",
        "forms": {"T01": "income_expenditure_summary", "T02": "income"},
        "check": [check],
    }


def test_a_new_check_is_one_record() -> None:
    (check,) = from_records(record(), "new.toml")
    assert check.code == "T99-NEW" and check.forms == ("income",) and check.severity == "error"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"equations": ["T02:totals[total] = total[fiscal]"]}, "no line 'totals'"),
        ({"equations": ["T02:total[totals] = total[fiscal]"]}, "no column 'totals'"),
        ({"equations": ["T01:other[amount] = sum parts(other)[amount]"]}, "nothing below"),
        ({"only_if": ["T01:others[amount] = 0"]}, "no line 'others'"),
        ({"if_printed": ["T02:total[nothing]"]}, "no column 'nothing'"),
        ({"equation": "T02:total[total] = total[fiscal]"}, "unknown key equation"),
        ({"case": [{"equations": [], "unless": []}]}, "unknown key unless"),
        ({"rule": "codes"}, "either equations or a rule"),
    ],
)
def test_an_unknown_name_stops_the_program_with_file_and_code(changes: dict[str, object], what: str) -> None:
    with pytest.raises(CatalogueError) as error:
        from_records(record(**changes), "new.toml")
    assert "new.toml: T99-NEW" in str(error.value) and what in str(error.value)


def test_an_unknown_form_stops_the_program() -> None:
    data = record()
    data["forms"] = {"T02": "incomes"}
    with pytest.raises(CatalogueError, match=r"new\.toml.*T02.*incomes"):
        from_records(data, "new.toml")


def test_years_and_kind_decide_what_is_in_force() -> None:
    state = next(each for each in catalogue() if each.code == "X-T04-T09")
    assert state.in_force("final_account", 2019) and state.in_force(None, None)
    assert not state.in_force("final_account", 2018) and not state.in_force("budget", 2022)


def test_codes_are_unique_and_every_check_says_its_ground() -> None:
    checks = catalogue()
    assert len({each.code for each in checks}) == len(checks)
    assert all(each.title and each.basis for each in checks)


def test_the_page_for_officers_is_fresh() -> None:
    page = Path(__file__).parents[2] / "docs" / "checks.md"
    assert page.read_text(encoding="utf-8") == text(), "run: make docs"
