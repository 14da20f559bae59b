"""The checks of the catalogue applied, one after another, to the sheets of a report and to what its prose states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks import bodies, dates, execution, performance, ratios, repeats, residue, sanity, texts
from gongkai.checks import catalogue as _catalogue
from gongkai.checks.catalogue import Case, Check
from gongkai.checks.equations import Applied, Engine
from gongkai.checks.naming import form_name, line_name
from gongkai.checks.notation import Equation
from gongkai.checks.reading import Reading, Rule
from gongkai.checks.rules import RULES
from gongkai.checks.sheet import Sheet, amount, quantum
from gongkai.checks.statements import Statements
from gongkai.report import Form, Kind

Result = tuple[Check, Applied]

READINGS: dict[str | None, Rule] = {
    "share_sum": repeats.share_sum, "change_repeat": repeats.change_repeat, "implied_base": repeats.implied_base,
    "class_items": repeats.class_items, "sme_by_kind": repeats.sme_by_kind, "coverage": performance.coverage,
    "perf_table": performance.perf_table, "item_kinds": repeats.item_kinds,
    "item_names": repeats.item_names,
    "execution": execution.execution,
    "direction": texts.direction, "nil": texts.nil, "titles": texts.titles, "flat": texts.flat, "annex": texts.annex,
    "years": dates.years, "filled_in": dates.filled_in, "names": bodies.names, "others": bodies.others,
    "choice": residue.choice, "placeholder": residue.placeholder, "punctuation": residue.punctuation,
    "bookmark": residue.bookmark, "doubled": residue.doubled, "instruction": residue.instruction,
    "nil_note": residue.nil_note,
    "extremes": sanity.extremes, "counts": sanity.counts, "as_planned": sanity.as_planned,
    "unmoved": sanity.unmoved, "zero_items": sanity.zero_items,
}  # fmt: skip
"""The rules that read the prose, by the names of the TOML records."""

_RENAMED = ("from_zero", "share_whole", "share_rounded")
"""Checks that give a code of their own to what the ratios find."""


def sheets_of(forms: Sequence[Form], role: str = "") -> dict[str, list[Sheet]]:
    """The forms that are there, by name; ``role`` (``last.``) goes before the names of another report's forms."""
    sheets: dict[str, list[Sheet]] = {}
    for form in forms:
        if form.state in ("present", "nil"):
            sheets.setdefault(role + form.form, []).append(Sheet(form, _catalogue.parents))
    return sheets


def apply(
    checks: Sequence[Check], sheets: dict[str, list[Sheet]], report: Reading, forms: Sequence[Form]
) -> list[Result]:
    """Every check applied to one report, wherever it applies; what could not be applied says why."""
    engines = _Engines(sheets)
    report.prose.exact.update(_last_digits(sheets))
    statements = Statements(report.prose, sheets, _catalogue.totals())
    results: list[Result] = []
    for check in checks:
        if check.rule == "units" or check.rule in _RENAMED:
            continue  # they look at what the others found
        if check.ratios:
            results.extend((check, applied) for applied in ratios.apply(check.ratios, report.prose))
        elif check.rule in READINGS:
            results.extend((check, applied) for applied in READINGS[check.rule](check, report, sheets))
        elif check.rule is not None:
            results.extend((check, applied) for applied in RULES[check.rule](check, report, sheets, forms))
        else:
            results.extend((check, applied) for applied in engines.apply(check))
            results.extend((check, applied) for applied in _stated(check, statements, report.kind))
    return results


def _stated(check: Check, statements: Statements, kind: Kind | None) -> Iterator[Applied]:
    """The equations of a check that speak of the prose."""
    for case in check.cases:
        if case.of_prose and (kind is None or case.kind in (None, kind)):
            lacking = next((term for term in case.if_printed if not statements.engine.prints(term)), None)
            if lacking is not None:
                where = f"{form_name(lacking.form)}的“{line_name(lacking.form, lacking.line)}”"
                yield Applied(case.equations[0], "not_applicable", f"没有读到{where}")
                continue
            if not all(statements.engine.holds(condition) for condition in case.only_if):
                yield Applied(case.equations[0], "not_applicable", check.skipped_when or "条件不成立")
                continue
            groups = [case.equations] if case.either else [(equation,) for equation in case.equations]
            for equations in groups:
                yield from statements.apply(equations, case.if_said, case.if_worded)


def renamed(checks: Sequence[Check], results: Sequence[Result]) -> list[Result]:
    """Growth on a base of nothing, and a share of 100 % that is none, have codes of their own."""
    own = {check.rule: check for check in checks if check.rule in _RENAMED}
    moved = [(own.get(_kind_of(check, applied) or "", check), applied) for check, applied in results]
    for check, applied in moved:
        if check.rule == "share_rounded":
            share, part, whole = applied.figures
            applied.verdict = "pass_with_rounding"
            where = f"正文（第{share.source.page}页）“{share.row_label}”{part.printed}"
            applied.message = f"{where}与总数{whole.printed}不等，比例四舍五入印为{share.printed}。"
    used = {check.code for check, _ in moved}
    silent = [check for check in own.values() if check.code not in used]
    return [*moved, *((check, Applied(None, "not_applicable", "没有这样的比例")) for check in silent)]


def _kind_of(check: Check, applied: Applied) -> str | None:
    if not check.ratios or not applied.operands:
        return None
    if applied.verdict == "undefined_base":
        return "from_zero" if any(ratio.growth for ratio in check.ratios) else None
    whole = check.code == "N-SHARE" and applied.left == 100 and applied.right is not None
    if whole and applied.verdict in ("fail", "needs_review"):
        return "share_whole"
    part, base = applied.operands[1][0], applied.operands[2][0]
    return "share_rounded" if whole and amount(part) != amount(base) else None


class _Engines:
    """One engine for each time a set of forms is printed (a department may print its units' tables one after another)."""

    def __init__(self, sheets: dict[str, list[Sheet]]) -> None:
        self.sheets = sheets
        self.finest = {form: _usual_digit(group) for form, group in sheets.items()}
        self._made: dict[tuple[int, int], Engine] = {}

    def apply(self, check: Check) -> Iterator[Applied]:
        for case in (case for case in check.cases if not case.of_prose):
            groups = [case.equations] if case.either else [(equation,) for equation in case.equations]
            for equations in groups:
                yield from self._group(check, case, equations)

    def _group(self, check: Check, case: Case, equations: Sequence[Equation]) -> Iterator[Applied]:
        forms = {form for equation in equations for form in equation.forms}
        times = {len(self.sheets[form]) for form in forms if form in self.sheets}
        if len(times) > 1:
            yield Applied(equations[0], "not_applicable", "有的表印了多次，不能确定哪两张相对应")
            return
        number = times.pop() if times else 1
        for index in range(number):
            engine = self._engine(index, number)
            absent = [form for form in equations[0].forms if form not in self.sheets]
            if not _speaks(case, engine):
                reason = f"没有{form_name(absent[0])}" if absent else check.skipped_when or "本表的格式不适用"
                yield Applied(equations[0], "not_applicable", reason)
            elif case.either:
                yield from engine.either(equations)
            else:
                yield from engine.apply(equations[0])

    def _engine(self, index: int, number: int) -> Engine:
        if (index, number) not in self._made:
            sheets = {form: group[index] for form, group in self.sheets.items() if len(group) == number}
            self._made[index, number] = Engine(sheets, self.finest)
        return self._made[index, number]


def _speaks(case: Case, engine: Engine) -> bool:
    return (
        all(engine.prints(operand) for operand in case.if_printed)
        and not any(engine.prints(operand) for operand in case.unless_printed)
        and all(engine.holds(condition) for condition in case.only_if)
    )


def _last_digits(sheets: dict[str, list[Sheet]]) -> dict[Decimal, Decimal]:
    """For each amount that a table prints, in 元, its finest last digit."""
    found: dict[Decimal, Decimal] = {}
    for figure in (each for group in sheets.values() for sheet in group for each in sheet.form.figures):
        if figure.yuan and figure.quantum_yuan:
            found[figure.yuan] = min(found.get(figure.yuan, figure.quantum_yuan), figure.quantum_yuan)
    return found


def _usual_digit(group: Sequence[Sheet]) -> Decimal | None:
    """The commonest last digit of a form's money, in 元."""
    digits = Counter(
        quantum(figure)
        for sheet in group
        for figure in sheet.form.figures
        if figure.value and figure.quantity == "money"
    )
    return digits.most_common(1)[0][0] if digits else None


def hidden_items(results: Sequence[Result]) -> None:
    """A code that exceeds the codes below it in every table that prints it may have secret items, which law leaves out."""
    below: dict[str, list[Applied]] = {}
    for _, applied in results:
        if applied.equation is not None and applied.equation.of_children and applied.operands:
            below.setdefault(applied.operands[0][0].line or "", []).append(applied)
    for group in below.values():
        failed = [each for each in group if each.verdict == "fail"]
        tables = {each.operands[0][2].id for each in failed}
        held = {each.operands[0][2].id for each in group if each.verdict.startswith("pass")} - tables
        if len(tables) > 1 and not held and all((each.difference or 0) > 0 for each in failed):
            for each in failed:
                each.verdict, each.reason = (
                    "needs_review",
                    "各表的上级科目都大于所列下级之和，可能有依法不公开的涉密科目",
                )
