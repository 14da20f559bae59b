"""What a planter works with: a draft, its cells by address, its sentences by section, and numbers that are wrong on purpose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gongkai_eval.synthetic.draft import Draft

AMOUNT = r"\d[\d,]*(?:\.\d+)?(?=万?元)"


@dataclass(frozen=True, slots=True)
class Edit:
    """``place`` is ``table 03|2130301|1`` or the kind of a section; ``before`` and ``after`` as printed."""

    place: str
    before: str
    after: str


@dataclass(slots=True)
class Desk:
    """A draft to be spoilt; every change is recorded in ``edits``."""

    draft: Draft
    random: Random
    edits: list[Edit]

    def grid(self, form: str) -> list[list[str]]:
        """The CSV of a form's first table; [] if the draft has none."""
        number = self.draft.number_of(form)
        return self.draft.grids[number] if number else []

    def columns(self, form: str, lane: int = 1) -> list[int]:
        """Positions of the columns of figures of a lane."""
        return [at for at, cell in enumerate(self.grid(form)[0]) if cell.startswith(f"{lane}|")]

    def row(self, form: str, *keys: str) -> int | None:
        """The line with one of the row keys in any lane."""
        lanes = sum(cell.startswith("@") for cell in self.grid(form)[0])
        lines = enumerate(self.grid(form))
        return next((at for at, line in lines if set(keys) & set(line[:lanes])), None)

    def items(self, form: str) -> list[int]:
        """The lines of the 项 of a coded table whose first figure is not nothing."""
        first = self.columns(form)[0]
        lines = enumerate(self.grid(form))
        return [at for at, line in lines if re.fullmatch(r"\d{7}", line[0]) and number(line[first])]

    def put(self, form: str, row: int, column: int, text: str) -> str:
        """Write a cell; returns ``text``."""
        line = self.grid(form)[row]
        key = next((cell for cell in line if cell), "")
        self.edits.append(Edit(f"{form}|{key}|{self.grid(form)[0][column]}", line[column], text))
        line[column] = text
        return text

    def drop(self, form: str, row: int) -> None:
        """Take a line out."""
        line = self.grid(form).pop(row)
        self.edits.append(Edit(f"{form}|{line[0]}", ",".join(line), ""))

    def lines(self, kind: str) -> Iterator[int]:
        """The lines of the section of that kind, its heading left out."""
        inside = False
        for at, line in enumerate(self.draft.text):
            if line.startswith("#"):
                inside = line.endswith(f"{{{kind}}}")
            elif inside:
                yield at

    def say(self, kind: str, at: int, text: str) -> None:
        """Write a line of prose anew."""
        self.edits.append(Edit(kind, self.draft.text[at], text))
        self.draft.text[at] = text

    def swap(
        self, kind: str, pattern: str, other: Callable[[re.Match[str]], str | None]
    ) -> re.Match[str] | None:
        """Replace group 1 of one match of ``pattern`` in the section, chosen at random; None if ``other`` has no idea."""
        found = [
            (at, match) for at in self.lines(kind) for match in re.finditer(pattern, self.draft.text[at])
        ]
        self.random.shuffle(found)
        for at, match in found:
            new = other(match)
            if new is not None and new != match[1]:
                line = self.draft.text[at]
                self.say(kind, at, line[: match.start(1)] + new + line[match.end(1) :])
                return match
        return None

    def off(self, printed: str) -> str | None:
        """Another amount in the same print, off by far more than any rounding; None for nothing or a trifle."""
        value = number(printed)
        if value is None or value < 1:
            return None
        return reprint(printed, value + max(Decimal(1), value * self.random.randint(3, 18) / 100))

    def transposed(self, printed: str) -> str | None:
        """Two neighbouring digits before the point the other way round."""
        whole, _, rest = printed.replace(",", "").partition(".")
        places = [
            at for at in range(len(whole) - 1) if whole[at] != whole[at + 1] and (at or whole[1] != "0")
        ]
        if not places:
            return None
        at = self.random.choice(places)
        turned = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
        return reprint(printed, Decimal(f"{turned}.{rest or 0}"))

    def rate(self, printed: str) -> str | None:
        """Another percentage, off by two points or more."""
        value = number(printed)
        if not value or value == 100:
            return None
        step = Decimal(self.random.randint(21, 79)) / 10
        return reprint(printed, value + step if value < 90 else value - step)


def number(printed: str) -> Decimal | None:
    plain = printed.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def reprint(printed: str, value: Decimal) -> str:
    """``value`` with the decimals and commas of ``printed``."""
    decimals = len(printed.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in printed else f"{value:.{decimals}f}"
