"""Which failures have one cause: one wrong cell breaks every sum it stands in, and must be reported once.

A cell is suspected when the same correction of it would settle two or more failures. Failures that are left, and
groups, are then joined when they show the same difference and touch the same form: the same amount is missing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.said import Printed, Said
from gongkai.checks.sheet import amount
from gongkai.checks.tolerance import ZERO

Failure = tuple[Check, Applied]


@dataclass(slots=True)
class Cause:
    """Failures with one cause. ``suspect`` is the cell whose correction settles the first ``settled`` of them, if no check
    that holds speaks for it."""

    failures: list[Failure] = field(default_factory=list)
    suspect: Printed | None = None
    corrected: Decimal | None = None
    settled: int = 0


def group(failures: Sequence[Failure], proofs: Mapping[str, object]) -> list[Cause]:
    """The causes of ``failures``; ``proofs`` holds the ids of the figures through which some equality holds."""
    left = list(failures)
    causes: list[Cause] = []
    for failure in failures:
        if failure[0].rule == "units":
            causes.append(Cause([failure, *(each for each in left if _follows(each, failure))]))
            left = [each for each in left if each is not failure and not _follows(each, failure)]
    for suspected in _suspects(left, proofs):
        free = {id(applied) for _, applied in left}
        suspected.failures = [each for each in suspected.failures if id(each[1]) in free]
        if len(suspected.failures) > 1:
            taken = {id(applied) for _, applied in suspected.failures}
            left = [failure for failure in left if id(failure[1]) not in taken]
            suspected.settled = len(suspected.failures)
            causes.append(suspected)
    causes.extend(Cause([failure]) for failure in left)
    return _joined(causes)


def _follows(failure: Failure, unit: Failure) -> bool:
    """Whether the failure lies between the table whose unit is wrong and another."""
    forms = {form.id for form in failure[1].forms}
    return (
        failure[0].rule is None and len(forms) > 1 and unit[1].about is not None and unit[1].about.id in forms
    )


def _suspects(failures: Sequence[Failure], proofs: Mapping[str, object]) -> list[Cause]:
    """Every cell whose correction would settle two or more failures, the most telling first."""
    wrong: dict[str, list[tuple[Decimal, Failure, Printed]]] = {}
    for failure in failures:
        for figure, corrected in _corrections(failure[1]):
            wrong.setdefault(figure.id, []).append((corrected, failure, figure))
    ranked: list[tuple[tuple[int, bool, int], Cause]] = []
    for key, claims in wrong.items():
        agreeing = _agreeing(claims) if len(claims) > 1 else []
        if len(agreeing) > 1:
            cause = Cause([failure for _, failure, _ in agreeing])
            if key not in proofs:
                cause.suspect, cause.corrected = agreeing[0][2], agreeing[0][0]
            shortest = min(len(applied.operands) for _, applied in cause.failures)
            ranked.append(((len(agreeing), key not in proofs, -shortest), cause))
    ranked.sort(key=lambda each: each[0], reverse=True)
    return [cause for _, cause in ranked]


def _corrections(applied: Applied) -> list[tuple[Printed, Decimal]]:
    """What each operand of a failed equality would have to be for it to hold."""
    if applied.equation is None or applied.equation.operator != "=":
        return []
    gap = applied.difference or ZERO
    return [
        (figure, amount(figure) - (sign if index < applied.split else -sign) * gap)
        for index, (figure, sign, _) in enumerate(applied.operands)
    ]


def _agreeing(claims: list[tuple[Decimal, Failure, Printed]]) -> list[tuple[Decimal, Failure, Printed]]:
    """The largest set of claims that correct the cell to the same amount, as near as rounding lets them."""
    largest: list[tuple[Decimal, Failure, Printed]] = []
    for corrected, (_, applied), _ in claims:
        room = applied.allowance or ZERO
        near = [c for c in claims if abs(c[0] - corrected) <= max(room, c[1][1].allowance or ZERO)]
        if len(near) > len(largest):
            largest = near
    return largest


def _joined(causes: list[Cause]) -> list[Cause]:
    """Causes that are akin made one, also those that only a third ties together."""
    joined: list[Cause] = []
    for cause in causes:
        homes = [each for each in joined if _akin(each, cause)]
        for home in homes[1:]:
            _merge(homes[0], home)
        if homes:
            _merge(homes[0], cause)
        else:
            joined.append(cause)
        joined = [each for each in joined if not any(each is gone for gone in homes[1:])]
    return joined


def _merge(home: Cause, cause: Cause) -> None:
    home.failures.extend(cause.failures)
    if cause.suspect is not None and (home.suspect is None or home.suspect.id != cause.suspect.id):
        home.suspect = home.corrected = None


def _akin(one: Cause, other: Cause) -> bool:
    return any(
        _same(a, b)
        or _settles(a, b)
        or _settles(b, a)
        or _recomputed(a, b)
        or _recomputed(b, a)
        or _of_one_whole(a, b)
        for _, a in one.failures
        for _, b in other.failures
    )


def _recomputed(equality: Applied, percentage: Applied) -> bool:
    """Whether a percentage of the prose is wrong because of an amount that an equality already doubts."""
    if equality.equation is None or percentage.equation is not None or not percentage.operands:
        return False
    doubted = {figure.id for figure in equality.figures if isinstance(figure, Said)}
    return any(figure.id in doubted for figure in percentage.figures)


def _of_one_whole(one: Applied, other: Applied) -> bool:
    """Whether two wrong percentages are of one amount, so that it may be that amount which is wrong."""
    if (
        one.equation is not None
        or other.equation is not None
        or min(len(one.operands), len(other.operands)) < 3
    ):
        return False
    figure = one.figures[2]
    return (
        isinstance(figure, Said)
        and figure.value is not None
        and figure.id == other.figures[2].id
        and one.split == 1
    )


def _settles(equality: Applied, inequality: Applied) -> bool:
    """Whether the correction of a cell that the failed equality asks for also settles the failed inequality."""
    if inequality.equation is None or inequality.equation.operator == "=":
        return False
    corrected = {figure.id: value for figure, value in _corrections(equality)}
    for index, (figure, sign, _) in enumerate(inequality.operands):
        if figure.id in corrected:
            side = sign if index < inequality.split else -sign
            gap = (inequality.difference or ZERO) + side * (corrected[figure.id] - amount(figure))
            if (gap <= ZERO) if inequality.equation.operator == "<=" else (gap >= ZERO):
                return True
    return False


def _same(one: Applied, other: Applied) -> bool:
    if one.equation is None or other.equation is None or one.difference is None or other.difference is None:
        return False
    room = max(one.allowance or ZERO, other.allowance or ZERO)
    if abs(abs(one.difference) - abs(other.difference)) > room:
        return False
    return bool({form.id for form in one.forms} & {form.id for form in other.forms})
