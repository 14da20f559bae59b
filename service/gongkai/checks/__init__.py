"""Checks: the identities that tie an account's figures together, applied to the forms of one report.

The catalogue is TOML (``*.toml`` beside this file, notation in :mod:`gongkai.checks.notation`); an officer reads it in
``docs/checks.md``. Everything here is pure: forms in, findings out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks import catalogue as _catalogue
from gongkai.checks import findings as _findings
from gongkai.checks import performance, ratios, repeats, texts
from gongkai.checks.catalogue import Case, CatalogueError, Check
from gongkai.checks.equations import Applied, Engine
from gongkai.checks.notation import Equation
from gongkai.checks.reading import Reading, Rule
from gongkai.checks.rules import RULES
from gongkai.checks.said import PlaceOf, Prose
from gongkai.checks.sheet import Sheet, amount, quantum
from gongkai.checks.statements import Statements
from gongkai.checks.units import unit_errors
from gongkai.report import CheckResult, Checks, Entity, Finding, Form, Kind, Mention, Section

__all__ = ["CATALOGUE_VERSION", "CatalogueError", "Check", "Outcome", "catalogue", "run"]

CATALOGUE_VERSION = "1.0"

Result = tuple[Check, Applied]

READINGS: dict[str | None, Rule] = {
    "share_sum": repeats.share_sum, "change_repeat": repeats.change_repeat, "implied_base": repeats.implied_base,
    "class_items": repeats.class_items, "sme_by_kind": repeats.sme_by_kind, "coverage": performance.coverage,
    "perf_table": performance.perf_table, "item_kinds": repeats.item_kinds,
    "item_names": repeats.item_names,
    "direction": texts.direction, "nil": texts.nil, "years": texts.years, "names": texts.names, "titles": texts.titles,
    "choice": texts.choice, "placeholder": texts.placeholder, "punctuation": texts.punctuation,
    "bookmark": texts.bookmark, "doubled": texts.doubled,
}  # fmt: skip
"""The rules that read the prose, by the names of the TOML records."""

_RENAMED = ("from_zero", "share_whole", "share_rounded")
"""Checks that give a code of their own to what the ratios find."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proved`` maps a figure's id to the codes of the equalities that hold through it."""

    findings: tuple[Finding, ...]
    checks: Checks
    proved: dict[str, tuple[str, ...]]


def catalogue() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue; raises :class:`CatalogueError` if a record is wrong."""
    return _catalogue.load()


def run(
    forms: Sequence[Form],
    mentions: Sequence[Mention] = (),
    sections: Sequence[Section] = (),
    *,
    kind: Kind | None,
    fiscal_year: int | None,
    entity: Entity | None = None,
    place_of: PlaceOf | None = None,
    all_checks: bool = False,
    strict: bool = False,
) -> Outcome:
    """Apply every check in force to the forms of one report, to what its prose states and to the words of its sections.

    ``entity`` gives the names by which the report calls the body, ``place_of`` the place of words in a section's text.
    ``all_checks`` fills ``checks.results``; ``strict`` adds the checks that officers call noise. A check that could not
    run is counted as not applicable, never as passed.
    """
    in_force = [c for c in catalogue() if c.in_force(kind, fiscal_year) and (strict or not c.strict)]
    report = Reading(Prose(mentions, sections, place_of), entity, kind, fiscal_year)
    results = _applied(in_force, forms, report)
    _hidden_items(results)
    results = _renamed(in_force, results)
    results = [*results, *unit_errors(in_force, results)]
    proved = _proofs(results)
    return Outcome(
        findings=_findings.build(results, proved),
        checks=_counts(results, all_checks),
        proved={figure: tuple(codes) for figure, codes in proved.items()},
    )


def _applied(checks: Sequence[Check], forms: Sequence[Form], report: Reading) -> list[Result]:
    sheets: dict[str, list[Sheet]] = {}
    for form in forms:
        if form.state in ("present", "nil"):
            sheets.setdefault(form.form, []).append(Sheet(form, _catalogue.parents))
    engines = _Engines(sheets)
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
            results.extend((check, applied) for applied in RULES[check.rule](check, sheets, forms))
        else:
            results.extend((check, applied) for applied in engines.apply(check))
            results.extend((check, applied) for applied in _stated(check, statements, report.kind))
    return results


def _stated(check: Check, statements: Statements, kind: Kind | None) -> Iterator[Applied]:
    """The equations of a check that speak of the prose."""
    for case in check.cases:
        if case.of_prose and (kind is None or case.kind in (None, kind)):
            groups = [case.equations] if case.either else [(equation,) for equation in case.equations]
            for equations in groups:
                yield from statements.apply(equations, case.if_said)


def _renamed(checks: Sequence[Check], results: Sequence[Result]) -> list[Result]:
    """Growth on a base of nothing, and a share of 100 % that is none, have codes of their own."""
    own = {check.rule: check for check in checks if check.rule in _RENAMED}
    moved = [(own.get(_kind_of(check, applied) or "", check), applied) for check, applied in results]
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
            if not _speaks(case, engine):
                yield Applied(equations[0], "not_applicable", check.skipped_when or "本表的格式不适用")
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


def _usual_digit(group: Sequence[Sheet]) -> Decimal | None:
    """The commonest last digit of a form's money, in 元."""
    digits = Counter(
        quantum(figure)
        for sheet in group
        for figure in sheet.form.figures
        if figure.value and figure.quantity == "money"
    )
    return digits.most_common(1)[0][0] if digits else None


def _hidden_items(results: Sequence[Result]) -> None:
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


def _proofs(results: Sequence[Result]) -> dict[str, list[str]]:
    """The codes of the equalities that hold through each figure; results come code by code."""
    proved: dict[str, list[str]] = {}
    for check, applied in results:
        holds = applied.verdict == "pass" or applied.verdict == "pass_with_rounding"
        if not holds or applied.equation is None or applied.equation.operator != "=":
            continue
        for figure, _, _ in applied.operands:
            if figure.value is not None:
                codes = proved.get(figure.id)
                if codes is None:
                    proved[figure.id] = [check.code]
                elif codes[-1] != check.code:
                    codes.append(check.code)
    return proved


def _counts(results: Sequence[Result], all_checks: bool) -> Checks:
    verdicts = Counter(applied.verdict for _, applied in results)
    return Checks(
        passed=verdicts["pass"],
        passed_with_rounding=verdicts["pass_with_rounding"],
        failed=verdicts["fail"],
        undefined_base=verdicts["undefined_base"],
        needs_review=verdicts["needs_review"],
        applied=len(results) - verdicts["not_applicable"],
        not_applicable=verdicts["not_applicable"],
        results=tuple(_result(check, applied) for check, applied in results) if all_checks else None,
    )


def _result(check: Check, applied: Applied) -> CheckResult:
    return CheckResult(
        id=_findings.identity(check, applied),
        code=check.code,
        title=check.title,
        verdict=applied.verdict,
        reason=applied.reason,
        operands=tuple(figure.id for figure in applied.figures),
        left=applied.left,
        right=applied.right,
        difference=applied.difference,
        allowance=applied.allowance,
    )
