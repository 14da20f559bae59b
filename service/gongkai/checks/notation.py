"""The notation of the catalogue: equations that a budget officer can read, parsed and resolved once.

An equation is two sums and ``=``, ``<=`` or ``>=`` between them. An operand is ``FORM:LINE[COLUMN]``; the form is
left out where it is that of the operand before::

    T01:total_income[amount] = sum parts(total_income)[amount]
    T02:row[total] = row[fiscal] + row[superior] + row[other]?
    T03:row[column] = sum children[column]
    B01:total_expenditure[amount] = sum functions[amount]
    T05:total[basic] = T06:personnel_total[amount] + public_total[amount]

``row`` and ``column`` stand for each row and each column of the first form in turn; across forms, ``row`` is each
classification code of the first. ``sum`` adds up a set of rows: ``parts(LINE)``, the printed rows that the form's line
tree puts directly below that line; ``items(LINE)``, those of them that are no codes; ``children``, the codes directly
below the row; ``details``, the rows directly below it in a table whose rows are named by a path; ``functions`` and
``economics``, the classes of the functional and of the economic classification. ``?`` after an operand says that its row
or column need not be printed; any other operand that is not there makes the check not applicable. A bare ``0`` may stand
as a side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Select = Literal["line", "row", "children", "details", "parts", "items", "functions", "economics"]
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<zero>0(?![\w.]))|(?P<sum>sum\s+)?(?:(?P<form>\w+):)?"
    r"(?P<lines>(?P<set>parts|items)\((?P<of>[\w.]+)\)|[\w.]+)\[(?P<column>[\w.]+)\](?P<optional>\?)?)\s*"
)
SETS = ("children", "details", "parts", "items", "functions", "economics")
_OPERATOR = re.compile(r"<=|>=|=")


class EquationError(ValueError):
    """An equation that cannot be read, or that names what no form has."""


@dataclass(frozen=True, slots=True)
class Term:
    """An operand: ``form`` is the form's name, ``column`` a measure or ``column``."""

    sign: int
    form: str
    select: Select
    line: str
    column: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Equation:
    text: str
    left: tuple[Term, ...]
    operator: Literal["=", "<=", ">="]
    right: tuple[Term, ...]
    forms: tuple[str, ...]
    per_row: bool
    per_column: bool
    of_children: bool
    of_details: bool
    sums: bool
    same: bool
    """Both sides name one figure each: the same quantity printed twice."""

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*self.left, *self.right)


def parse(text: str, aliases: Mapping[str, str]) -> Equation:
    """Read an equation; ``aliases`` gives the form that each short name (T01) stands for."""
    operators = _OPERATOR.findall(text)
    if len(operators) != 1:
        raise EquationError(f"one of =, <=, >= expected in {text!r}")
    left_text, right_text = text.split(operators[0])
    left, form = _side(left_text, aliases, "")
    right, _ = _side(right_text, aliases, form)
    terms = (*left, *right)
    if not left:
        raise EquationError(f"nothing to compare in {text!r}")
    return Equation(
        text=text,
        left=left,
        operator=operators[0],
        right=right,
        forms=tuple(dict.fromkeys(term.form for term in terms)),
        per_row=any(term.select in ("row", "children", "details") for term in terms),
        per_column=any(term.column == "column" for term in terms),
        of_children=any(term.select == "children" for term in terms),
        of_details=any(term.select == "details" for term in terms),
        sums=any(term.select in SETS for term in terms),
        same=len(left) == len(right) == 1 and all(term.select in ("line", "row") for term in terms),
    )


def parse_operand(text: str, aliases: Mapping[str, str]) -> Term:
    """Read one operand that names a line and a column."""
    terms, _ = _side(text, aliases, "")
    if len(terms) != 1 or terms[0].select != "line" or terms[0].column == "column":
        raise EquationError(f"one LINE[COLUMN] expected in {text!r}")
    return terms[0]


def _side(text: str, aliases: Mapping[str, str], form: str) -> tuple[tuple[Term, ...], str]:
    terms: list[Term] = []
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or (at > 0 and not found["sign"]):
            raise EquationError(f"cannot read {text[at:].strip()!r}")
        at = found.end()
        if found["zero"]:
            continue
        if found["form"]:
            if found["form"] not in aliases:
                raise EquationError(f"unknown form {found['form']!r}")
            form = aliases[found["form"]]
        lines, select = found["lines"], "line"
        if found["of"]:
            lines, select = found["of"], found["set"]
        elif lines in ("row", "children", "details", "functions", "economics"):
            select = lines
        if bool(found["sum"]) != (select in SETS):
            raise EquationError(f"'sum' belongs before a set of rows, and only there: {text.strip()!r}")
        if not form:
            raise EquationError(f"no form named in {text.strip()!r}")
        sign = -1 if found["sign"] == "-" else 1
        terms.append(Term(sign, form, select, lines, found["column"], bool(found["optional"])))  # type: ignore[arg-type]
    return tuple(terms), form
