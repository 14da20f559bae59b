"""How far printed figures may disagree although the accounts do not: derived from the printed digits, never guessed.

A figure printed with unit ``u`` of its last digit stands for any true value within ``u/2``. So a sum of n printed
figures may miss its printed total by ``(n + 1)·u/2`` and no more. In 元 nothing was converted and nothing rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gongkai.checks.said import Printed
from gongkai.checks.sheet import quantum
from gongkai.report import Unit

ZERO = Decimal(0)

Digits = Mapping[Unit | None, Decimal]
"""For each unit the usual last digit of the prose, in 元."""


def allowance(figures: Sequence[Printed], *, finest: Decimal | None, leaves: int | None) -> Decimal:
    """The largest difference that rounding can explain, in 元 (or the printed measure when it is not money).

    ``figures`` are the operands of both sides that carry a value; ``finest`` is the usual last digit of their table,
    which a printed 0 takes as its own (a bare ``0`` beside ``6.55`` is not rounded to whole 万元); ``leaves`` is given
    when the two sides print the same quantity: then one may be the rounded total, the other the sum of that many
    rounded parts.
    """
    units = [unit for figure in figures if (unit := _unit(figure, finest))]
    if not units or figures[0].quantity != "money":
        return ZERO
    coarse, fine = max(units), min(units)
    if all(figure.unit == "元" for figure in figures):
        return ZERO if coarse == fine else coarse / 2
    if leaves is None:
        largest = sum(units, ZERO) / 2
    elif coarse == fine:
        largest = (leaves + 1) * fine / 2
    else:
        largest = coarse / 2
    return largest // fine * fine


def said_allowance(figures: Sequence[Printed], *, digits: Digits, leaves: int | None) -> Decimal:
    """The same where the prose speaks. It drops trailing zeros (``5万元`` beside ``1.25万元``), so every amount takes the
    usual last digit of its unit; half a unit of the coarsest print is excused besides."""
    printed = allowance(figures, finest=min(digits.values(), default=None), leaves=leaves)
    units = [(own, min(own, digits.get(figure.unit, own))) for figure in figures if (own := quantum(figure))]
    if leaves is not None or not any(own > usual for own, usual in units):
        return printed
    usual = sum((usual for _, usual in units), ZERO) / 2
    return min(printed, max(usual, max(own for own, _ in units) / 2))


def expected_size(figures: Sequence[Printed]) -> Decimal:
    """The standard deviation that honest rounding gives the difference: ``u·sqrt(number of prints / 12)``."""
    units = [quantum(figure) for figure in figures]
    return (sum((unit * unit for unit in units), ZERO) / 12).sqrt()


def _unit(figure: Printed, finest: Decimal | None) -> Decimal:
    own = quantum(figure)
    return min(own or finest, finest) if finest is not None and not figure.value else own
