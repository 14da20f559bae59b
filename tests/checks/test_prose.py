"""The prose of a balanced account beside its tables: nothing to say, and everything held against something."""

from __future__ import annotations

from checks.accounts import FINAL as ACCOUNT
from checks.prose_notation import check
from checks.proses import BUDGET, FINAL

from gongkai.checks import Outcome


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, each.verdict) for each in outcome.findings]


def test_balanced_prose_beside_its_account_has_no_finding_and_every_statement_is_held_against_a_table() -> (
    None
):
    outcome = check(FINAL, ACCOUNT)
    assert findings(outcome) == []
    assert outcome.checks.applied == outcome.checks.passed > 300


def test_the_prose_of_a_budget_has_no_finding() -> None:
    assert findings(check(BUDGET, kind="budget")) == []
