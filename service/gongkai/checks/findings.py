"""From checks applied to findings: one for each cause, rounding tails folded to one for each table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongkai.checks import causes, words
from gongkai.checks.catalogue import Check
from gongkai.checks.causes import Cause, Failure
from gongkai.checks.equations import Applied
from gongkai.checks.said import PROSE
from gongkai.checks.tolerance import ZERO, expected_size
from gongkai.report import Finding, Severity

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


_MOST_TAILS = 12
"""A table may have hundreds of tails; the largest are shown, all are counted."""


def identity(check: Check, applied: Applied) -> str:
    """A deterministic id: the rule and its operands, nothing else."""
    operands = "|".join(figure.id for figure in applied.figures) or applied.message or (applied.reason or "")
    return f"{check.code}:{hashlib.sha256(operands.encode()).hexdigest()[:12]}"


def build(results: Sequence[Failure], proofs: Mapping[str, object]) -> tuple[Finding, ...]:
    """The findings of all results: failures by cause, then rounding tails, each in the order of the catalogue."""
    failures = [each for each in results if each[1].verdict in ("fail", "needs_review", "undefined_base")]
    undefined = [each for each in failures if each[1].verdict == "undefined_base"]
    failures = [each for each in failures if each[1].verdict != "undefined_base"]
    found = [_of_cause(cause) for cause in causes.group(failures, proofs)]
    found += [_of_one_check(members) for members in _by_code(undefined)]
    found.sort(key=lambda finding: _RANK[finding.severity])
    tails = [each for each in results if each[1].verdict == "pass_with_rounding"]
    return (*found, *_folded(tails))


def _of_cause(cause: Cause) -> Finding:
    ordered = sorted(cause.failures, key=_precedence)
    head = _finding(*ordered[0], cause=cause)
    if len(ordered) == 1:
        return head
    children = tuple(_finding(check, applied) for check, applied in ordered[1:])
    message = f"{head.message}同一原因还使另外{len(children)}项勾稽不符。"
    return _replaced(head, message=message, children=children)


def _by_code(results: Sequence[Failure]) -> list[list[Failure]]:
    groups: dict[str, list[Failure]] = {}
    for each in results:
        groups.setdefault(each[0].code, []).append(each)
    return list(groups.values())


def _of_one_check(members: list[Failure]) -> Finding:
    """Percentages of nothing, folded into one line: they say the same of the report."""
    first, *others = (_finding(*each) for each in members)
    if not others:
        return first
    return _replaced(first, message=f"{first.message}另有{len(others)}处与此相同。", children=tuple(others))


def _precedence(failure: Failure) -> tuple[bool, int, bool, bool, int, int]:
    check, applied = failure
    same = applied.equation is not None and applied.equation.same
    return (
        check.rule != "units",
        _RANK[_severity(check, applied)],
        applied.verdict != "fail",
        not same,
        len(applied.operands),
        check.order,
    )


def _severity(check: Check, applied: Applied) -> Severity:
    if applied.verdict == "pass_with_rounding":
        return "info"
    if applied.verdict == "undefined_base" and check.severity == "error":
        return "info"
    excused = applied.verdict == "needs_review" or (applied.verdict == "fail" and applied.reason is not None)
    if excused and check.severity == "error":
        return "warning"
    return check.severity


def _finding(check: Check, applied: Applied, *, cause: Cause | None = None) -> Finding:
    suspect = cause.suspect if cause is not None and cause.suspect in applied.figures else None
    rounding = applied.verdict == "pass_with_rounding"
    return Finding(
        id=identity(check, applied),
        code=check.code,
        title=check.title,
        class_="rounding"
        if rounding
        else "semantic"
        if applied.verdict == "undefined_base"
        else check.class_,
        verdict=applied.verdict,
        severity=_severity(check, applied),
        message=words.message(check, applied),
        suggestion="" if rounding else words.suggestion(check, applied, suspect, cause),
        basis=check.basis,
        left=applied.left,
        right=applied.right,
        difference=applied.difference,
        allowance=applied.allowance,
        operands=tuple(words.operand(figure, form) for figure, _, form in applied.operands),
        cause=suspect.id if suspect is not None else None,
        reason=applied.reason,
    )


def _folded(tails: Sequence[Failure]) -> list[Finding]:
    """One finding for each table: its largest tail, the others below it."""
    tables: dict[str, list[Failure]] = {}
    for failure in tails:
        tables.setdefault(failure[1].operands[0][2].id, []).append(failure)
    return [_one_table(members) for members in tables.values()]


def _one_table(members: list[Failure]) -> Finding:
    ordered = sorted(members, key=lambda each: -abs(each[1].difference or ZERO))
    check, applied = ordered[0]
    head = _finding(check, applied)
    message = head.message
    size = expected_size([figure for figure, _, _ in applied.operands if figure.value is not None])
    if applied.equation is not None and abs(applied.difference or ZERO) > 3 * size:
        message += "这一尾差偏大，虽在可能范围之内，仍建议复核。"
    if len(ordered) == 1:
        return _replaced(head, message=message)
    children = tuple(_finding(*each) for each in ordered[1:_MOST_TAILS])
    form = applied.operands[0][2]
    message = f"{'正文' if form is PROSE else f'《{form.title}》'}有{len(ordered)}处四舍五入尾差，最大的一处：{message}"
    return _replaced(head, message=message, children=children)


def _replaced(finding: Finding, **changes: object) -> Finding:
    return replace(finding, **changes)  # type: ignore[arg-type]
