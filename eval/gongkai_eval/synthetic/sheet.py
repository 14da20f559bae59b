"""What every table of an invented account is written with: the account, the pen, the province."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gongkai_eval.synthetic.account import Account, Item, classifications
from gongkai_eval.synthetic.pen import Pen

_TENS = ("", "十", "二十")
NUMERALS = [tens + one for tens in _TENS for one in ("", *"一二三四五六七八九")][1:]

Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One province's tables of one account."""

    account: Account
    pen: Pen
    family: str

    def cells(self, amounts: Sequence[int]) -> list[str]:
        """Amounts as a table prints them."""
        return [self.pen.cell(amount) for amount in amounts]

    @property
    def plain(self) -> bool:
        """Without 行次 and 栏次: the columns are known by their heads."""
        return self.family == "shanghai"

    def classes(self) -> list[tuple[str, str]]:
        """(code, label) of the classes in printed order, 抗疫特别国债 from 2020."""
        names = [
            each
            for each in classifications()["classes"].items()
            if each[0] != "234" or self.account.year > 2019
        ]
        return [(code, f"{numeral}、{name}") for numeral, (code, name) in zip(NUMERALS, names, strict=False)]

    def printed(self, amounts: Sequence[int]) -> list[str]:
        """The same, with a zero where the table would leave a blank."""
        return [self.pen.cell(amount) or "0.00" for amount in amounts]

    def row(self, items: Sequence[Item], amounts: Callable[[Item], list[int]], wide: int) -> list[str]:
        """The sums over ``items`` of each of ``wide`` columns; blanks where there is no item."""
        if not items:
            return [""] * wide
        return self.cells([sum(column) for column in zip(*map(amounts, items), strict=True)])
