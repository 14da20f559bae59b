"""What checks applied come to: findings, counts, and what the equalities that hold prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from gongkai.checks import findings as _findings
from gongkai.checks.applying import Result
from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.report import CheckResult, Checks, Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proved`` maps a figure's id to the codes of the equalities that hold through it."""

    findings: tuple[Finding, ...]
    checks: Checks
    proved: dict[str, tuple[str, ...]]


def outcome(results: Sequence[Result], *, all_checks: bool) -> Outcome:
    """``all_checks`` lists every result."""
    proved = _proofs(results)
    return Outcome(
        findings=_findings.build(results, proved),
        checks=_counts(results, all_checks),
        proved={figure: tuple(codes) for figure, codes in proved.items()},
    )


def added(one: Checks, other: Checks) -> Checks:
    """The counts of both, and their results one after the other if both list them."""
    counts = {
        field.name: getattr(one, field.name) + getattr(other, field.name)
        for field in fields(Checks)
        if field.name != "results"
    }
    listed = one.results is not None and other.results is not None
    return Checks(**counts, results=(*(one.results or ()), *(other.results or ())) if listed else None)


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
