"""The engine: what an equation of the catalogue is worth on the forms of one report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.naming import form_name, line_name, measure_name
from gongkai.checks.notation import SETS, Equation, Term
from gongkai.checks.said import Printed, inferred
from gongkai.checks.sheet import Row, Sheet
from gongkai.checks.tolerance import ZERO, allowance
from gongkai.report import Figure, Form, Verdict

NOTHING_PRINTED = "各项均为空"


class Applied:
    """A check applied once. ``left``, ``right`` and ``allowance`` are in 元 for money; ``operands`` are the figures in the
    order of the equation, each with its sign and its form, ``split`` of them on the left. A rule that is no equation says
    what it found in ``message``, and of which form in ``about``. ``at`` is the row's and column's key."""

    __slots__ = (
        "about", "allowance", "at", "difference", "equation", "left", "message", "operands", "reason", "right", "split",
        "verdict",
    )  # fmt: skip

    def __init__(self, equation: Equation | None, verdict: Verdict, reason: str | None = None) -> None:
        self.equation = equation
        self.verdict: Verdict = verdict
        self.reason = reason
        self.message = ""
        self.about: Form | None = None
        self.at = ("", "")
        self.operands: list[tuple[Printed, int, Form]] = []
        self.split = 0
        self.left: Decimal | None = None
        self.right: Decimal | None = None
        self.difference: Decimal | None = None
        self.allowance: Decimal | None = None

    def fails(self, form: Form, message: str) -> None:
        """What is read from the form's grid alone does not hold: a person must judge if the grid was inferred."""
        self.message = message
        self.reason = inferred(form)
        self.verdict = "needs_review" if self.reason else "fail"

    @property
    def figures(self) -> list[Printed]:
        return [figure for figure, _, _ in self.operands]

    @property
    def forms(self) -> list[Form]:
        return [form for _, _, form in self.operands]


class _Place(NamedTuple):
    """Where one operand of an equation stands: the rows it names in its sheet (none if optional and not printed)."""

    term: Term
    sheet: Sheet
    rows: Sequence[Row]


class _Sum:
    """One side added up. ``bare``: a value without printed unit is among them."""

    __slots__ = ("bare", "in_yuan", "total", "values")

    def __init__(self) -> None:
        self.total = ZERO
        self.values = 0
        self.bare = self.in_yuan = False


class Engine:
    """Applies equations to one set of sheets (one of each form)."""

    def __init__(self, sheets: Mapping[str, Sheet], finest: Mapping[str, Decimal | None]) -> None:
        self.sheets = sheets
        self.finest = finest
        self._leaves: dict[str, int] = {}
        self._live_terms: dict[int, tuple[Term, ...]] = {}

    def apply(self, equation: Equation) -> Iterator[Applied]:
        """Every application of the equation: to each row and column if it speaks of them."""
        sheet = self.sheets.get(equation.left[0].form)
        if sheet is None or not (equation.per_row or equation.per_column):
            yield self._applied(equation, None, ("",))[0]
            return
        lacking = self._lacking(equation)
        if lacking:
            yield Applied(equation, "not_applicable", lacking)
            return
        nothing = True
        for row in self._rows(equation, sheet):
            for applied in self._applied(equation, row, self._columns(equation, row)):
                nothing = False
                yield applied
        if nothing:
            yield Applied(equation, "not_applicable", f"《{sheet.form.title}》没有可以核对的行")

    def either(self, equations: Sequence[Equation]) -> Iterator[Applied]:
        """Alternatives, row by row: the first that holds; if none does, the first that applies."""
        found: dict[tuple[str, str], list[Applied]] = {}
        for equation in equations:
            for applied in self.apply(equation):
                found.setdefault(applied.at, []).append(applied)
        spoken = {at: some for at, some in found.items() if any(a.verdict != "not_applicable" for a in some)}
        for some in (spoken or found).values():
            some.sort(key=lambda applied: _ORDER.get(applied.verdict, 3))
            yield some[0]

    def _lacking(self, equation: Equation) -> str | None:
        """The form or column without which no row can be checked."""
        for term in equation.terms:
            sheet = self.sheets.get(term.form)
            if term.optional:
                continue
            if sheet is None:
                return f"没有{form_name(term.form)}"
            if term.select == "row" and term.column != "column" and term.column not in sheet.columns:
                return f"《{sheet.form.title}》没有“{measure_name(term.form, term.column)}”一栏"
        return None

    @staticmethod
    def _columns(equation: Equation, row: Row) -> list[str]:
        first = equation.left[0]
        if not equation.per_column:
            return [""] if first.select != "row" or first.column in row.cells else []
        return [
            column
            for column, figure in row.cells.items()
            if figure.quantity == "money" and (column[0] != "@" or len(equation.forms) == 1)
        ]

    def prints(self, term: Term) -> bool:
        """Whether the operand's row and column are there."""
        sheet = self.sheets.get(term.form)
        row = sheet.lines.get(term.line) if sheet is not None else None
        return row is not None and term.column in row.cells

    def holds(self, equation: Equation) -> bool:
        """Whether a condition holds; what is printed nowhere or blank counts as 0 here."""
        applied = self._applied(equation, None, ("",))[0]
        return applied.verdict in ("pass", "pass_with_rounding") or applied.reason == NOTHING_PRINTED

    def _rows(self, equation: Equation, sheet: Sheet) -> list[Row]:
        first = equation.left[0]
        if not equation.per_row:
            row = sheet.lines.get(first.line)
            return [row] if row is not None else []
        if equation.of_children:
            return [sheet.lines[code] for code in sheet.tree if code.isdigit()]
        if equation.of_details:
            return [sheet.rows[key] for key in sheet.details]
        if len(equation.forms) > 1:
            return [row for line, row in sheet.lines.items() if line.isdigit()]
        return sheet.whole_rows()

    def _applied(self, equation: Equation, row: Row | None, columns: Sequence[str]) -> list[Applied]:
        """The equation applied to one row, in each of ``columns``."""
        left = self._places(self._live(equation.left), row)
        right = self._places(self._live(equation.right), row)
        trouble = left if isinstance(left, str) else right if isinstance(right, str) else None
        found: list[Applied] = []
        for column in columns:
            applied = Applied(equation, "pass")
            applied.at = (row.key if row is not None else "", column)
            if isinstance(left, list) and isinstance(right, list):
                trouble = self._compare(applied, equation, row, left, right, column)
            if trouble:
                applied.verdict, applied.reason = "not_applicable", trouble
            found.append(applied)
        return found

    def _live(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """The operands without the optional ones whose form or column is not printed at all."""
        live = self._live_terms.get(id(terms))
        if live is None:
            live = self._live_terms[id(terms)] = tuple(term for term in terms if not self._absent(term))
        return live

    def _absent(self, term: Term) -> bool:
        sheet = self.sheets.get(term.form)
        if not term.optional or sheet is None:
            return term.optional
        return term.column != "column" and term.column not in sheet.columns

    def _places(self, terms: Sequence[Term], row: Row | None) -> list[_Place] | str:
        """Where the operands of a side stand, or which of them is not printed."""
        places: list[_Place] = []
        for term in terms:
            sheet = self.sheets.get(term.form)
            if sheet is None:
                return f"没有{form_name(term.form)}"
            if term.select in SETS:
                rows = self._set(term, sheet, row)
                if not rows:
                    return f"《{sheet.form.title}》没有列出明细行"
                places.append(_Place(term, sheet, rows))
            elif term.select == "row" and row is not None and sheet.owns(row):
                places.append(_Place(term, sheet, (row,)))
            else:
                line = term.line if term.select == "line" else (row.line or "" if row is not None else "")
                found = sheet.lines.get(line)
                if found is not None:
                    places.append(_Place(term, sheet, (found,)))
                elif not term.optional:
                    return f"《{sheet.form.title}》没有“{line_name(term.form, line)}”一行"
        return places

    def _set(self, term: Term, sheet: Sheet, row: Row | None) -> list[Row]:
        if term.select in ("functions", "economics"):
            names = sheet.classes(term.select)
        elif term.select == "listed":
            return sheet.listed()
        elif term.select == "details":
            return sheet.details.get(row.key, []) if row is not None else []
        elif term.select == "children":
            names = sheet.parts(row.line or "") if row is not None else []
        else:
            names = sheet.parts(term.line)
            if term.select == "items":
                names = [name for name in names if not name.isdigit()]
        return [sheet.lines[name] for name in names]

    def _compare(
        self,
        applied: Applied,
        equation: Equation,
        row: Row | None,
        left: list[_Place],
        right: list[_Place],
        column: str,
    ) -> str | None:
        """Add both sides up and judge; returns why they cannot be compared, if so."""
        first, second = _Sum(), _Sum()
        trouble = _add(left, column, applied, first)
        applied.split = len(applied.operands)
        trouble = trouble or _add(right, column, applied, second) or _trouble(equation, row, first, second)
        if trouble:
            return trouble
        applied.left, applied.right = first.total, second.total
        applied.difference = first.total - second.total
        self._judge(equation, applied, row, same=first.values == second.values == 1)
        return None

    def _judge(self, equation: Equation, applied: Applied, row: Row | None, *, same: bool) -> None:
        difference = applied.difference or ZERO
        if difference == 0 or (equation.operator != "=" and (difference < 0) == (equation.operator == "<=")):
            applied.allowance = ZERO
            return
        applied.allowance = self._allowance(equation, applied, same)
        if abs(difference) <= applied.allowance:
            applied.verdict = "pass_with_rounding" if equation.operator == "=" else "pass"
            return
        applied.verdict, applied.reason = "fail", self._doubt(equation, applied, row)
        if applied.reason:
            applied.verdict = "needs_review"

    def _allowance(self, equation: Equation, applied: Applied, same: bool) -> Decimal:
        valued = [figure for figure, _, _ in applied.operands if figure.value is not None]
        leaves = None
        if same and (equation.same or len(equation.forms) > 1):
            leaves = max((self.leaves(figure.line) for figure in valued if figure.line), default=1)
        finest = [fine for form in equation.forms if (fine := self.finest.get(form)) is not None]
        return allowance(valued, finest=max(finest, default=None), leaves=leaves)

    def leaves(self, line: str) -> int:
        """The most leaf rows that any form of the report prints under this line."""
        if line not in self._leaves:
            self._leaves[line] = max(
                (sheet.leaves(line) for sheet in self.sheets.values() if line in sheet.lines), default=1
            )
        return self._leaves[line]

    def _doubt(self, equation: Equation, applied: Applied, row: Row | None) -> str | None:
        """Why a failure may be our reading and not the accounts."""
        for figure in applied.figures:
            if figure.grade != "sure" or figure.method in ("ocr", "model"):
                return f"“{figure.row_label}”的数字（{figure.printed}）是识别得来的，请对照原表"
        for form in equation.forms:
            sheet = self.sheets.get(form)
            if sheet is not None and (reason := inferred(sheet.form)):
                return reason
        first = applied.figures[0]
        for term in equation.terms:
            sheet = self.sheets.get(term.form)
            if sheet is None:
                continue
            if term.select in SETS and term.select != "details":
                lane = sheet.rows[first.row_key].lane if first.row_key in sheet.rows else ""
                column, known = first.measure or "@" + first.col_key, term.select == "listed"
                strangers = sheet.strangers(column, lane, listed=known)
                if strangers:
                    return f"《{sheet.form.title}》中“{strangers[0].label}”一行未能识别，可能也是其中一项"
                if sheet.odd_codes():
                    return f"《{sheet.form.title}》的科目编码不规范或有重复，层级不能确定"
            elif (
                term.select == "row"
                and row is not None
                and len(equation.forms) == 1
                and equation.operator == "="
            ):
                extra = sheet.strange_columns(row)
                if extra:
                    return f"《{sheet.form.title}》中“{extra[0].col_label}”一栏未能识别，可能也是其中一项"
                if len(equation.right) > 1 and len(self._live(equation.right)) == 1:
                    return f"《{sheet.form.title}》各项中只读到“{applied.figures[-1].col_label}”一栏，其余各栏可能没有读出"
        return None


def _add(places: Sequence[_Place], column: str, applied: Applied, side: _Sum) -> str | None:
    """Add up the figures of one side; returns why it cannot be done. Blank adds nothing, nor does ──── beside other addends."""
    marked: Figure | None = None
    start = len(applied.operands)
    for place in places:
        term = place.term
        measure = column if term.column == "column" else term.column
        for row in place.rows:
            figure = row.cells.get(measure)
            if figure is None:
                if term.optional or term.select in SETS:
                    continue
                name = measure_name(term.form, measure)
                return f"《{place.sheet.form.title}》的“{row.label}”没有“{name}”一栏"
            if measure in row.doubled:
                return f"《{place.sheet.form.title}》的“{row.label}”印了两次，不能确定用哪一处"
            applied.operands.append((figure, term.sign, place.sheet.form))
            if figure.value is not None:
                side.values += 1
                if figure.yuan is None:
                    side.bare = True
                    side.total += figure.value * term.sign
                else:
                    side.in_yuan = True
                    side.total = side.total + figure.yuan if term.sign > 0 else side.total - figure.yuan
            elif figure.state == "not_applicable":
                marked = figure
            elif figure.state != "blank":
                return f"“{figure.row_label}”{'没有读出' if figure.state == 'unread' else '标明不公开'}"
    if marked is not None and len(applied.operands) == start + 1:
        return f"“{marked.row_label}”标明不适用（{marked.printed}）"
    return None


def _trouble(equation: Equation, row: Row | None, left: _Sum, right: _Sum) -> str | None:
    """Why these sides cannot be compared, if so."""
    if not left.values and not right.values:
        return NOTHING_PRINTED
    if not right.values and len(equation.left) == 1 and (len(equation.right) > 1 or equation.sums):
        if not _told(equation, row):
            return "明细各项均为空"
    elif equation.of_children and not left.values and not _told(equation, row):
        return f"“{row.label if row is not None else ''}”这一栏没有填数"
    if (left.bare or right.bare) and (left.in_yuan or right.in_yuan):
        return "有的表没有印金额单位，不能比较"
    return None


def _told(equation: Equation, row: Row | None) -> bool:
    """Whether the row whose children are added up holds an amount in any column."""
    return equation.of_children and row is not None and any(figure.value for figure in row.cells.values())


_ORDER: dict[Verdict, int] = {"pass": 0, "pass_with_rounding": 1, "fail": 2, "needs_review": 2}
