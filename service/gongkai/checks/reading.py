"""What is known of a report besides its tables, as the rules take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.said import PROSE, Printed, Prose, Said, Spoken, quoted
from gongkai.checks.sheet import Sheet
from gongkai.checks.statements import doubt
from gongkai.report import Entity, Form, Kind, Section, Source

PromiseOf = Callable[[str], Source | None]
"""The line of the contents that names the table of that title."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The prose, and whose report of which year and kind it is (``None``: not known)."""

    prose: Prose
    entity: Entity | None
    kind: Kind | None
    fiscal_year: int | None
    promise_of: PromiseOf | None = None

    def quote(self, section: Section, start: int, stop: int, *, around: tuple[int, int] = (0, 0)) -> Said:
        """``section.text[start:stop]`` as an operand, printed with some characters around it, in its place on the page (that of the
        heading, where places are not known)."""
        shown = section.text[max(0, start - around[0]) : stop + around[1]].replace("\n", " ")
        said = quoted(section, shown)
        return replace(said, id=f"{section.id}/{start}", source=self.prose.place(section, start, stop))


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


def judged(cells: Sequence[Printed], wrong: bool, message: str) -> Applied:
    """Words or amounts of the prose that are wrong, or not."""
    applied = Applied(None, "fail" if wrong else "pass")
    listed: list[tuple[Printed, int, Form]] = [(cell, 1, PROSE) for cell in cells]
    applied.operands, applied.split, applied.message = listed, 1, message
    if wrong:
        applied.reason = doubt(applied)
        applied.verdict = "needs_review" if applied.reason else "fail"
    return applied
