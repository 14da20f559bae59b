"""The engine: what an equation of the catalogue is worth on the forms of one report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.checks.naming import form_name, line_name, measure_name
from gongkai.checks.notation import SETS, Equation, Term
from gongkai.checks.sheet import Row, Sheet, amount
from gongkai.checks.tolerance import ZERO, allowance
from gongkai.report import Figure, Form, Verdict

NOTHING_PRINTED = "各项均为空"


class Applied:
    """A check applied once. ``left``, ``right`` and ``allowance`` are in 元 for money; ``figures`` are all operands in
    the order of the equation, ``split`` of them on the left, ``forms`` the form of each. A rule that is no equation
    says what it found in ``message``, and of which form in ``about``. ``at`` is the row's and column's key."""

    __slots__ = (
        "about",
        "allowance",
        "at", "difference", "equation", "figures", "forms", "left", "message", "reason", "right",
                 "signs", "split", "verdict")  # fmt: skip

    def __init__(self, equation: Equation | None, verdict: Verdict, reason: str | None = None) -> None:
        self.equation = equation
        self.verdict: Verdict = verdict
        self.reason = reason
        self.message = ""
        self.about: Form | None = None
        self.at = ("", "")
        self.figures: list[Figure] = []
        self.forms: list[Form] = []
        self.signs: list[int] = []
        self.split = 0
        self.left: Decimal | None = None
        self.right: Decimal | None = None
        self.difference: Decimal | None = None
        self.allowance: Decimal | None = None


class Engine:
    """Applies equations to one set of sheets (one of each form)."""

    def __init__(self, sheets: Mapping[str, Sheet], finest: Mapping[str, Decimal | None]) -> None:
        self.sheets = sheets
        self.finest = finest
        self._leaves: dict[tuple[str, str], int] = {}

    def apply(self, equation: Equation) -> Iterator[Applied]:
        """Every application of the equation: to each row and column if it speaks of them."""
        sheet = self.sheets.get(equation.left[0].form)
        if sheet is None or not (equation.per_row or equation.per_column):
            yield self._once(equation, None, "")
            return
        lacking = self._lacking(equation)
        if lacking:
            yield Applied(equation, "not_applicable", lacking)
            return
        nothing = True
        for row in self._rows(equation, sheet):
            for column in self._columns(equation, row):
                nothing = False
                yield self._once(equation, row, column)
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
        applied = self._once(equation, None, "")
        return applied.verdict in ("pass", "pass_with_rounding") or applied.reason == NOTHING_PRINTED

    def _rows(self, equation: Equation, sheet: Sheet) -> list[Row]:
        first = equation.left[0]
        if not equation.per_row:
            row = sheet.lines.get(first.line)
            return [row] if row is not None else []
        if equation.of_children:
            return [sheet.lines[code] for code in sheet.tree if code.isdigit()]
        if len(equation.forms) > 1:
            return [row for line, row in sheet.lines.items() if line.isdigit()]
        return sheet.whole_rows()

    def _once(self, equation: Equation, row: Row | None, column: str) -> Applied:
        applied = Applied(equation, "pass")
        applied.at = (row.key if row is not None else "", column)
        trouble = self._gather(equation.left, row, column, applied)
        applied.split = len(applied.figures)
        trouble = trouble or self._gather(equation.right, row, column, applied)
        trouble = trouble or self._trouble(equation, row, applied)
        if trouble:
            applied.verdict, applied.reason = "not_applicable", trouble
            return applied
        figures, signs, split = applied.figures, applied.signs, applied.split
        left = sum((amount(f) * s for f, s in zip(figures[:split], signs[:split], strict=True)), ZERO)
        right = sum((amount(f) * s for f, s in zip(figures[split:], signs[split:], strict=True)), ZERO)
        applied.left, applied.right, applied.difference = left, right, left - right
        self._judge(equation, applied, row)
        return applied

    def _gather(self, terms: Sequence[Term], row: Row | None, column: str, applied: Applied) -> str | None:
        figures, signs = applied.figures, applied.signs
        for term in terms:
            sheet = self.sheets.get(term.form)
            if sheet is None:
                if term.optional:
                    continue
                return f"没有{form_name(term.form)}"
            measure = column if term.column == "column" else term.column
            if (
                term.select == "row"
                and row is not None
                and row.key in sheet.rows
                and sheet.rows[row.key] is row
            ):
                rows = [row]
            elif term.select in ("line", "row"):
                line = term.line if term.select == "line" else (row.line or "" if row is not None else "")
                if line not in sheet.lines:
                    if term.optional:
                        continue
                    return f"《{sheet.form.title}》没有“{line_name(term.form, line)}”一行"
                rows = [sheet.lines[line]]
            else:
                rows = self._set(term, sheet, row)
                if not rows:
                    return f"《{sheet.form.title}》没有列出明细行"
            for each in rows:
                figure = each.cells.get(measure)
                if figure is None:
                    if term.optional or term.select not in ("line", "row"):
                        continue
                    return (
                        f"《{sheet.form.title}》的“{each.label}”没有“{measure_name(term.form, measure)}”一栏"
                    )
                if measure in each.doubled:
                    return f"《{sheet.form.title}》的“{each.label}”印了两次，不能确定用哪一处"
                figures.append(figure)
                signs.append(term.sign)
                applied.forms.append(sheet.form)
        return None

    def _set(self, term: Term, sheet: Sheet, row: Row | None) -> list[Row]:
        if term.select in ("functions", "economics"):
            names = sheet.classes(term.select)
        elif term.select == "children":
            names = sheet.parts(row.line or "") if row is not None else []
        else:
            names = sheet.parts(term.line)
            if term.select == "items":
                names = [name for name in names if not name.isdigit()]
        return [sheet.lines[name] for name in names]

    def _trouble(self, equation: Equation, row: Row | None, applied: Applied) -> str | None:
        """Why these operands cannot be compared, if so."""
        figures, split = applied.figures, applied.split
        printed = [False, False]
        bare = [False, False]
        for index, figure in enumerate(figures):
            state = figure.state
            if state == "value":
                side = index >= split
                printed[side] = True
                bare[figure.yuan is None] = True
            elif state == "unread":
                return f"“{figure.row_label}”没有读出"
            elif state == "not_disclosed":
                return f"“{figure.row_label}”标明不公开"
            elif state == "not_applicable" and (split if index < split else len(figures) - split) == 1:
                return f"“{figure.row_label}”标明不适用（{figure.printed}）"
        if not any(printed):
            return NOTHING_PRINTED
        if not printed[1] and split == 1 and (len(equation.right) > 1 or equation.sums):
            return "明细各项均为空"
        if equation.of_children and row is not None and row.is_empty():
            return f"“{row.label}”一行没有填数"
        if all(bare):
            return "有的表没有印金额单位，不能比较"
        return None

    def _judge(self, equation: Equation, applied: Applied, row: Row | None) -> None:
        difference = applied.difference or ZERO
        if difference == 0 or (equation.operator != "=" and (difference < 0) == (equation.operator == "<=")):
            applied.allowance = ZERO
            return
        valued = [figure for figure in applied.figures if figure.value is not None]
        applied.allowance = self._allowance(equation, valued)
        if abs(difference) <= applied.allowance:
            applied.verdict = "pass_with_rounding" if equation.operator == "=" else "pass"
            return
        applied.verdict, applied.reason = "fail", self._doubt(equation, applied, row)
        if applied.reason:
            applied.verdict = "needs_review"

    def _allowance(self, equation: Equation, valued: list[Figure]) -> Decimal:
        leaves = None
        across = len(equation.forms) > 1
        if len(valued) <= 2 and (equation.same or across):
            leaves = max((self.leaves(figure) for figure in valued if figure.line), default=1)
        finest = [fine for form in equation.forms if (fine := self.finest.get(form)) is not None]
        return allowance(valued, finest=max(finest, default=None), leaves=leaves)

    def leaves(self, figure: Figure) -> int:
        """The most leaf rows that any form of the report prints under this figure's line."""
        line = figure.line or ""
        best = 1
        for form, sheet in self.sheets.items():
            if line in sheet.lines:
                key = (form, line)
                if key not in self._leaves:
                    self._leaves[key] = sheet.leaves(line)
                best = max(best, self._leaves[key])
        return best

    def _doubt(self, equation: Equation, applied: Applied, row: Row | None) -> str | None:
        """Why a failure may be our reading and not the accounts."""
        for figure in applied.figures:
            if figure.grade != "sure" or figure.method in ("ocr", "model"):
                return f"“{figure.row_label}”的数字（{figure.printed}）是识别得来的，请对照原表"
        for form in equation.forms:
            sheet = self.sheets.get(form)
            if sheet is not None and (sheet.form.grade != "sure" or sheet.form.method in ("ocr", "model")):
                return f"《{sheet.form.title}》的表式是推断的，请对照原表"
        first = applied.figures[0]
        for term in equation.terms:
            sheet = self.sheets.get(term.form)
            if sheet is None:
                continue
            if term.select in SETS:
                lane = sheet.rows[first.row_key].lane if first.row_key in sheet.rows else ""
                strangers = sheet.strangers(first.measure or "@" + first.col_key, lane)
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
        return None


_ORDER: dict[Verdict, int] = {"pass": 0, "pass_with_rounding": 1, "fail": 2, "needs_review": 2}
