"""How an invented office prints its amounts: unit, commas, zeros, per cents. Rounding happens here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

FEN = {"元": Decimal(100), "万元": Decimal(1_000_000)}


@dataclass(frozen=True, slots=True)
class Pen:
    """``commas`` in tables and in the text, ``zero`` as tables print it ("" or 0.00), ``bare``: the text drops last zeros."""

    unit: str
    table_commas: bool
    text_commas: bool
    zero: str
    bare: bool
    digits: int

    def amount(self, fen: int) -> Decimal:
        """The amount in the unit, rounded to two decimals as a person would."""
        return (Decimal(fen) / FEN[self.unit]).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def cell(self, fen: int) -> str:
        if not fen:
            return self.zero
        return f"{self.amount(fen):,}" if self.table_commas else f"{self.amount(fen)}"

    def text(self, fen: int) -> str:
        """``1196.83万元``; never with a sign."""
        value = abs(self.amount(fen))
        printed = f"{value:,}" if self.text_commas else f"{value}"
        return (printed.rstrip("0").rstrip(".") if self.bare else printed) + self.unit

    def percent(self, part: int, whole: int) -> str:
        """``part`` / ``whole`` of the exact amounts, without a sign; 0 of nothing is 0."""
        rate = abs(Decimal(part)) / whole * 100 if whole else Decimal(0)
        return f"{rate.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)}%"


def draw(random: Random, family: str) -> Pen:
    """The habits of one office; Shanxi prints 元, the others mostly 万元."""
    unit = "元" if random.random() < (0.8 if family == "shanxi" else 0.15) else "万元"
    return Pen(
        unit,
        table_commas=random.random() < 0.5,
        text_commas=unit == "元" and random.random() < 0.5,
        zero=random.choice(("", "0.00")),
        bare=unit == "万元" and random.random() < 0.4,
        digits=random.choice((1, 2)),
    )
