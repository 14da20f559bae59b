"""What the prose states held against the tables and against itself: equations with ``§`` operands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.checks.equations import Applied, Engine
from gongkai.checks.listing import lists_some
from gongkai.checks.naming import form_name, line_name, measure_name
from gongkai.checks.notation import Equation, Term
from gongkai.checks.said import PROSE, Printed, Prose, Spoken, about, inferred, slot_name
from gongkai.checks.sheet import Row, Sheet, amount, quantum
from gongkai.checks.tolerance import ZERO, said_allowance
from gongkai.report import Form, Verdict

Sheets = Mapping[str, Sequence[Sheet]]
Worded = Sequence[tuple[str, re.Pattern[str]]]
_Cell = tuple[Printed, int, Form]
_FIRST = "正文第一次说到，没有可以对照的前文"
_GENERAL = ("general_budget_expenditure", "budget_general_expenditure")
_CLASSES = {  # of the economic classification, by the part of basic expenditure that they make up
    "basic.personnel": ("301", "303"),
    "basic.public": ("302", "307", "309", "310", "311", "312", "313", "399"),
}
_RANK: dict[Verdict, int] = {"pass": 0, "pass_with_rounding": 1, "fail": 2, "needs_review": 2}


class Statements:
    """Applies equations with ``§`` operands to one report."""

    def __init__(self, prose: Prose, sheets: Sheets, totals: Mapping[str, frozenset[str]]) -> None:
        """``totals``: of what facts the parts of a sum may be, so that a list ends where the next begins."""
        self.prose = prose
        self.totals = totals
        self.sheets = sheets
        single = {form: group[0] for form, group in sheets.items() if len(group) == 1}
        self.engine = Engine(single, {})

    def apply(
        self, equations: Sequence[Equation], said: Sequence[Term] = (), worded: Worded = ()
    ) -> Iterator[Applied]:
        """Each mention in turn that the equations begin with; of several equations the first that holds, or that applies.

        ``said`` must be stated in the same section for the equations to speak, and the words of the slots ``worded`` match.
        """
        spoken: dict[int, list[Applied]] = {}
        for equation in equations:
            for anchor in self.anchors(equation):
                if all(self.prose.near(anchor, t.line, t.column, t.subject, within=True) for t in said):
                    spoken.setdefault(anchor.at, []).append(self._applied(equation, anchor, worded))
        for found in spoken.values():
            found.sort(key=lambda applied: 0 if applied.reason == _FIRST else _RANK.get(applied.verdict, 3))
            yield found[0]
        if not spoken:
            yield Applied(equations[0], "not_applicable", f"正文没有说明{about(_anchor(equations[0]).line)}")

    def anchors(self, equation: Equation) -> list[Spoken]:
        first = _anchor(equation)
        subject = "" if first.subject == "code" else first.subject
        return self.prose.of(first.line, first.column, subject)

    def _applied(self, equation: Equation, anchor: Spoken, worded: Worded = ()) -> Applied:
        applied = Applied(equation, "pass")
        applied.at = (str(anchor.at), "")
        otherwise = self._worded_otherwise(equation, anchor, worded)
        if otherwise:
            applied.verdict, applied.reason = "not_applicable", otherwise
            return applied
        left = self._side(equation.left, anchor)
        right = left if isinstance(left, str) else self._side(equation.right, anchor)
        if isinstance(left, str) or isinstance(right, str):
            applied.verdict = "not_applicable"
            applied.reason = left if isinstance(left, str) else str(right)
            return applied
        applied.operands, applied.split = [*left, *right], len(left)
        self._judge(equation, applied)
        excuse = self._otherwise(equation, anchor) if applied.verdict in ("fail", "needs_review") else None
        if excuse:
            return _silent(equation, applied, excuse)
        return applied

    def _otherwise(self, equation: Equation, anchor: Spoken) -> str | None:
        """Why the two may differ although both are right."""
        if self.prose.aside(anchor) and any(
            term.how == "first" or term.select != "fact" for term in equation.terms
        ):
            return "绩效或附件中的数，口径可能不同"
        if self.prose.item_of(anchor) is not None:
            return "说的是其中一类（项）的基本支出、项目支出"
        if any(term.how == "sum" and term.line == "gpb.detail_item" for term in equation.terms):
            items = self.prose.of("gpb.detail_item", equation.right[0].column)
            if lists_some(items, self.sheets):
                return "正文只列了表中的一部分项目"
        tables = any(term.select != "fact" for term in equation.terms)
        if tables and anchor.fact in _CLASSES and self._of_all_money(anchor):
            return "说的是全部资金的基本支出，表中是一般公共预算的"
        initial = (
            tables
            and equation.role != "budget"
            and _anchor(equation).column == "budget"
            and "年初" in anchor.word("budget_kind")
        )
        return "正文说的是年初预算，表中是调整后的全年预算" if initial else None

    def _of_all_money(self, anchor: Spoken) -> bool:
        """Is personnel or public money part of a 基本支出 that is not that of the general public budget's table?"""
        near = self.prose.near(anchor, "expenditure.by_kind", "amount", "基本支出", within=True)
        whole = near.said("amount") if near is not None else None
        total = next(
            (
                found
                for form in _GENERAL
                for sheet in self.sheets.get(form, ())
                if (found := sheet.lines.get("total"))
            ),
            None,
        )
        basic = total.cells.get("basic") if total is not None else None
        if whole is None or basic is None or whole.value is None or basic.value is None:
            return False
        return abs(amount(whole) - amount(basic)) > max(quantum(whole), quantum(basic))

    def _worded_otherwise(self, equation: Equation, anchor: Spoken, worded: Worded) -> str | None:
        """Which words say that the amounts are of something else."""
        if not worded:
            return None
        terms = [term for term in equation.terms if term.select == "fact"]
        spoken = [anchor, *(each for term in terms if (each := self._spoken(term, anchor)) is not None)]
        for slot, words in worded:
            word = next((found for each in spoken if (found := each.word(slot))), "")
            if not words.search(word):
                return f"“{anchor.name}”所说的是另一基数（{word or '没有写明'}）"
        return None

    def _spoken(self, term: Term, anchor: Spoken) -> Spoken | None:
        if not term.line:
            return anchor
        return self.prose.near(anchor, term.line, term.column, term.subject, within=True)

    # ---------------------------------------------------------------- operands

    def _side(self, terms: Sequence[Term], anchor: Spoken) -> list[_Cell] | str:
        found: list[_Cell] = []
        for term in terms:
            cells = self._said(term, anchor) if term.select == "fact" else self._printed(term, anchor)
            if isinstance(cells, str):
                if term.optional:
                    continue
                return cells
            found.extend(cells)
        return found

    def _said(self, term: Term, anchor: Spoken) -> list[_Cell] | str:
        if not term.line or (term.line == anchor.fact and not term.how and _holds(term, anchor)):
            spoken = [anchor]
        elif term.how == "sum":
            stops = self.totals.get(term.line, frozenset())
            spoken = self.prose.following(anchor, term.line, term.column, term.subject, stops=stops)
            spoken = [each for each in spoken if _of_part(anchor.fact, each.code)]
            trouble = _trouble(spoken)
            if trouble:
                return trouble
        elif term.how == "first":
            spoken = self.prose.of(term.line, term.column, term.subject)[:1]
            if spoken and spoken[0] is anchor:
                return _FIRST
        else:
            near = self.prose.near(anchor, term.line, term.column, term.subject, within=True)
            spoken = [near] if near is not None else []
        cells = [
            said for each in spoken if (said := each.said(term.column)) is not None and said.value is not None
        ]
        if not cells:
            slot = slot_name(term.column) or "数额"
            return f"“{anchor.name}”没有说明{slot}" if spoken else f"正文没有说明{about(term.line)}"
        return [(said, term.sign, PROSE) for said in cells]

    def _printed(self, term: Term, anchor: Spoken) -> list[_Cell] | str:
        group = self.sheets.get(term.form)
        if not group:
            return f"没有{form_name(term.form)}"
        if len(group) > 1:
            return f"{form_name(term.form)}印了多次，不能确定与哪一张对照"
        sheet = group[0]
        line = (anchor.code or "") if term.select == "code" else term.line
        if not line:
            return f"“{anchor.name}”的科目编码没有判明"
        if sheet.form.state == "nil":
            return f"《{sheet.form.title}》为空表"
        row = sheet.lines.get(line)
        if row is None:
            return self._absent(term, anchor, sheet, line)
        return _cell(term, sheet, row)

    @staticmethod
    def _absent(term: Term, anchor: Spoken, sheet: Sheet, line: str) -> list[_Cell] | str:
        """A class that the text states and the table does not have: compared with nothing, beside the table's total."""
        classes = [code for code in sheet.lines if code.isdigit() and len(code) == len(line)]
        if (
            term.form == sheet.form.form
            and term.select == "code"
            and len(line) == 3
            and line[0] in "2"
            and classes
        ):
            return []
        return f"《{sheet.form.title}》没有“{line_name(term.form, line)}”一行"

    # ---------------------------------------------------------------- judgement

    def _judge(self, equation: Equation, applied: Applied) -> None:
        valued = [(cell, sign) for cell, sign, _ in applied.operands if cell.value is not None]
        if any((cell.yuan is None) != (valued[0][0].yuan is None) for cell, _ in valued):
            applied.verdict, applied.reason = "not_applicable", "有一处没有印金额单位，不能比较"
            return
        split = applied.split
        applied.left = sum((amount(cell) * sign for cell, sign, _ in applied.operands[:split]), ZERO)
        applied.right = sum((amount(cell) * sign for cell, sign, _ in applied.operands[split:]), ZERO)
        difference = applied.difference = applied.left - applied.right
        applied.allowance = ZERO
        if difference == 0 or (equation.operator != "=" and (difference < 0) == (equation.operator == "<=")):
            return
        if len(applied.operands) == split and equation.right:
            self._named_otherwise(equation, applied)
            return
        applied.allowance = self._allowance(equation, applied)
        if equation.same and abs(difference) <= _converted(applied):
            return
        if abs(difference) <= applied.allowance:
            applied.verdict = "pass_with_rounding" if equation.operator == "=" else "pass"
            return
        applied.verdict, applied.reason = "fail", doubt(applied)
        if applied.reason:
            applied.verdict = "needs_review"

    def _allowance(self, equation: Equation, applied: Applied) -> Decimal:
        valued = [cell for cell, _, _ in applied.operands if cell.value is not None]
        leaves = None
        if equation.same:
            lines = [cell.line for cell in valued if cell.line]
            leaves = max((self.engine.leaves(line) for line in lines), default=1)
        return said_allowance(valued, digits=self.prose.digits, leaves=leaves)

    def _named_otherwise(self, equation: Equation, applied: Applied) -> None:
        """The text gives an amount to a class that the table does not list."""
        said, _, _ = applied.operands[0]
        sheet = self.sheets[equation.right[0].form][0]
        total = sheet.lines.get("total")
        if total is not None and equation.right[0].column in total.cells:
            applied.operands.append((total.cells[equation.right[0].column], 0, sheet.form))
        applied.verdict, applied.reason = "fail", doubt(applied)
        if applied.reason:
            applied.verdict = "needs_review"
        applied.message = (
            f"正文（第{said.source.page}页）“{said.row_label}”印为{said.printed}，《{sheet.form.title}》"
            f"（第{'、'.join(map(str, sheet.form.pages))}页）没有这一类。"
        )


def _silent(equation: Equation, applied: Applied, reason: str) -> Applied:
    silent = Applied(equation, "not_applicable", reason)
    silent.at, silent.operands, silent.split = applied.at, applied.operands, applied.split
    return silent


def _converted(applied: Applied) -> Decimal:
    """Half a unit of the coarser of two prints: no tail, but the same amount printed with fewer digits."""
    digits = [quantum(cell) for cell, _, _ in applied.operands if cell.value]
    return (
        max(digits) / 2
        if len(set(digits)) > 1 and len({c.unit for c, _, _ in applied.operands}) > 1
        else ZERO
    )


def doubt(applied: Applied) -> str | None:
    """Why a failure may be our reading and not the report."""
    for cell, _, form in applied.operands:
        if cell.grade != "sure" or cell.method in ("ocr", "model"):
            return f"“{cell.row_label}”的数字（{cell.printed}）是识别或推断得来的，请对照原文"
        if form is not PROSE and (reason := inferred(form)):
            return reason
    return None


def _of_part(fact: str, code: str | None) -> bool:
    """Whether an economic item can be a part of what ``fact`` is: personnel and public money may be listed together further down."""
    return code is None or fact not in _CLASSES or code[:3] in _CLASSES[fact]


def _anchor(equation: Equation) -> Term:
    return next(term for term in equation.terms if term.select == "fact" and term.line)


def _holds(term: Term, anchor: Spoken) -> bool:
    """Whether the operand is the anchor itself."""
    return anchor.has(term.column) and (
        not term.subject or term.subject == "code" or anchor.name in term.subject.split("|")
    )


def _trouble(spoken: Sequence[Spoken]) -> str | None:
    """Why these cannot be added up, if so."""
    names = [each.name for each in spoken]
    if len(set(names)) < len(names):
        return "同一项目在这一段里说了多次，不能确定是否重复"
    depths = {len(each.code) if each.code else each.name.count("/") for each in spoken}
    if len(depths) > 1 and not spoken[0].fact.startswith("basic."):
        return "所列各项不是同一级科目，不能相加"
    return None


def _cell(term: Term, sheet: Sheet, row: Row) -> list[_Cell] | str:
    figure = row.cells.get(term.column)
    if figure is None:
        return f"《{sheet.form.title}》没有“{measure_name(term.form, term.column)}”一栏"
    if term.column in row.doubled:
        return f"《{sheet.form.title}》的“{row.label}”印了两次，不能确定用哪一处"
    if figure.state == "blank" and any(each.value and each.measure is None for each in row.cells.values()):
        return f"《{sheet.form.title}》“{row.label}”的数印在未能识别的一栏"
    if figure.state not in ("value", "blank"):
        return f"“{figure.row_label}”没有可以比较的数"
    return [(figure, term.sign, sheet.form)]
