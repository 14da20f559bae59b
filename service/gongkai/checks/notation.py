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
below the row; ``details``, the rows directly below it in a table whose rows are named by a path; ``listed``, the rows
of a plain list (of projects); ``functions`` and ``economics``, the classes of the functional and of the economic
classification. ``?`` after an operand says that its row or column need not be printed; any other operand that is not
there makes the check not applicable. A bare ``0`` may stand as a side.

What the prose states is written ``§FACT[SLOT]``, of one subject ``§FACT(SUBJECT)[SLOT]``::

    §basic.total[amount] = T05:total[basic]
    §gpb.structure_item(code)[amount] = T05:code[total]
    §basic.total[amount] = §basic.personnel[amount] + §basic.public[amount]
    §performance.coverage(基本支出)[amount] = first §expenditure.by_kind(基本支出)[amount]

The first ``§`` of an equation is each mention of that fact in turn. Another ``§`` is the mention beside it in the same
section; after ``first``, the first in the report; after ``sum``, all that follow it in its section (as the whole of a
percentage: all of the section). ``code`` is the code of the first one's subject, ``[SLOT]`` alone another slot of the
same mention.

Where two reports are held against each other, a form of the other one has its role before it: ``last.`` is last year's report of
the same kind, ``budget.`` the budget of the account's year, ``unit.`` a unit of the department (of several units, all added up)::

    T01:carry_in[amount] = last.T01:carry_out[amount]
    §gpb.total[amount] - §gpb.change[change] = last.T05:total[total]
    T05:row[column] = unit.T05:row[column]?

A percentage is ``§FACT[SLOT] = PART / WHOLE``, or for growth ``= CHANGE of NOW``, CHANGE / (NOW − CHANGE), or
``= NOW from BEFORE``, (NOW − BEFORE) / BEFORE. A word after
the slot, ``[share: 支出合计|^$]``, is a regular expression for what the text says the percentage is of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongkai.checks.said import facts

Select = Literal[
    "line", "row", "children", "details", "parts", "items", "listed", "functions", "economics", "fact", "code"
]
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<zero>0(?![\w.]))|(?P<sum>sum\s+)?(?:(?P<form>(?:\w+\.)?\w+):)?"
    r"(?P<lines>(?P<set>parts|items)\((?P<of>[\w.]+)\)|[\w.]+)\[(?P<column>[\w.]+)\](?P<optional>\?)?)\s*"
)
SETS = ("children", "details", "parts", "items", "listed", "functions", "economics")
_OPERATOR = re.compile(r"<=|>=|=")
ROLES: Mapping[str, str] = {"last": "上年", "budget": "当年预算", "unit": "所属单位"}
"""What the other of two reports is to the first one; for people."""


_SAID = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<how>sum|first)\s+)?(?:§(?P<fact>\w+\.\w+)(?:\((?P<subject>[^)]*)\))?)?"
    r"\[(?P<slot>\w+)(?::\s*(?P<named>[^\]]*(?:\[[^\]]*\][^\]]*)*))?\](?P<optional>\?)?\s*"
)


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
    subject: str = ""
    """Of a fact: whose, or ``code``."""
    how: Literal["", "sum", "first"] = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A printed percentage: ``/`` of a share, ``of`` for the growth to ``whole`` by ``part``, ``from`` for that from ``whole`` to
    ``part``."""

    text: str
    printed: Term
    named: re.Pattern[str] | None
    part: Term
    whole: Term
    mark: Literal["/", "of", "from"]

    @property
    def growth(self) -> bool:
        return self.mark != "/"


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
    of_prose: bool

    @property
    def role(self) -> str:
        """What the other report that it speaks of is to the first; empty where it speaks of one report alone."""
        return next((role for form in self.forms if (role := form.rpartition(".")[0])), "")

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*self.left, *self.right)


def plain_form(form: str) -> str:
    """The form's own name, without the role of the report that it stands in."""
    return form.rpartition(".")[2]


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
        sums=any(term.select in SETS or term.how == "sum" for term in terms),
        same=len(left) == len(right) == 1
        and all(term.select in ("line", "row", "fact", "code") and term.how != "sum" for term in terms),
        of_prose=any(term.select == "fact" for term in terms),
    )


def parse_ratio(text: str) -> Ratio:
    """Read ``PRINTED = PART / WHOLE``, ``= CHANGE of NOW`` or ``= NOW from BEFORE``."""
    printed_text, _, rest = text.partition("] = ")
    found = _SAID.fullmatch(printed_text + "]")
    mark = next((each for each in ("/", "of", "from") if f" {each} " in rest), None)
    part, _, whole = rest.partition(f" {mark} ")
    if found is None or not found["fact"] or mark is None:
        raise EquationError(f"cannot read {text!r}")
    printed = _said(found)
    sides = [_SAID.fullmatch(side) for side in (part, whole)]
    if sides[0] is None or sides[1] is None:
        raise EquationError(f"cannot read {text!r}")
    named = re.compile(found["named"]) if found["named"] is not None else None
    return Ratio(text, printed, named, _said(sides[0]), _said(sides[1]), mark)  # type: ignore[arg-type]


def parse_said(text: str) -> Term:
    """Read one operand ``§FACT[SLOT]``."""
    found = _SAID.fullmatch(text)
    if found is None or not found["fact"]:
        raise EquationError(f"one §FACT[SLOT] expected in {text!r}")
    return _said(found)


def parse_operand(text: str, aliases: Mapping[str, str]) -> Term:
    """Read one operand that names a line and a column."""
    terms, _ = _side(text, aliases, "")
    if len(terms) != 1 or terms[0].select != "line" or terms[0].column == "column":
        raise EquationError(f"one LINE[COLUMN] expected in {text!r}")
    return terms[0]


def _said(found: re.Match[str]) -> Term:
    """A ``§`` operand; its ``line`` is the fact, empty for another slot of the same mention."""
    fact, subject = found["fact"] or "", found["subject"] or ""
    if fact and fact not in facts():
        raise EquationError(f"unknown fact {fact!r}")
    if fact and found["slot"] not in facts()[fact]:
        raise EquationError(f"{fact} has no slot {found['slot']!r}")
    sign = -1 if found["sign"] == "-" else 1
    how = found["how"] or ""
    return Term(sign, "prose", "fact", fact, found["slot"], bool(found["optional"]), subject, how)  # type: ignore[arg-type]


def _side(text: str, aliases: Mapping[str, str], form: str) -> tuple[tuple[Term, ...], str]:
    terms: list[Term] = []
    at = 0
    while at < len(text):
        said = _SAID.match(text, at)
        if said is not None and (at == 0 or said["sign"]):
            terms.append(_said(said))
            at = said.end()
            continue
        found = _TERM.match(text, at)
        if found is None or (at > 0 and not found["sign"]):
            raise EquationError(f"cannot read {text[at:].strip()!r}")
        at = found.end()
        if found["zero"]:
            continue
        if found["form"]:
            role, mark, alias = found["form"].rpartition(".")
            if alias not in aliases or (role and role not in ROLES):
                raise EquationError(f"unknown form {found['form']!r}")
            form = role + mark + aliases[alias]
        lines, select = found["lines"], "line"
        if found["of"]:
            lines, select = found["of"], found["set"]
        elif lines in ("row", "children", "details", "listed", "functions", "economics", "code"):
            select = lines
        if bool(found["sum"]) != (select in SETS):
            raise EquationError(f"'sum' belongs before a set of rows, and only there: {text.strip()!r}")
        if not form:
            raise EquationError(f"no form named in {text.strip()!r}")
        sign = -1 if found["sign"] == "-" else 1
        terms.append(Term(sign, form, select, lines, found["column"], bool(found["optional"])))  # type: ignore[arg-type]
    return tuple(terms), form
