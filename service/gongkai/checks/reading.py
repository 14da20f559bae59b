"""What is known of a report besides its tables, as the rules take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.said import Printed, Prose, Said, Spoken
from gongkai.checks.sheet import Sheet
from gongkai.checks.statements import doubt
from gongkai.report import Entity, Form, Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """The prose, and whose report of which year and kind it is (``None``: not known)."""

    prose: Prose
    entity: Entity | None
    kind: Kind | None
    fiscal_year: int | None


Sheets = Mapping[str, Sequence[Sheet]]
Rule = Callable[[Check, Reading, Sheets], Iterator[Applied]]


def told(cells: Sequence[tuple[Printed, int, Form]], left: Decimal, right: Decimal, room: Decimal) -> Applied:
    """Two amounts that should agree within ``room``."""
    applied = Applied(None, "pass")
    applied.operands, applied.split = list(cells), 1
    applied.left, applied.right, applied.difference, applied.allowance = left, right, left - right, room
    if abs(left - right) > room:
        applied.verdict, applied.reason = "fail", doubt(applied)
        if applied.reason:
            applied.verdict = "needs_review"
    elif left != right and applied.operands[0][0].quantity == "money":
        applied.verdict = "pass_with_rounding"
    return applied


def said_of(spoken: Spoken, slot: str) -> Said:
    said = spoken.said(slot)
    assert said is not None
    return said
