"""A table whose unit is misprinted: 元 for 万元, so that all it says is ten thousand times what the other tables say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.causes import Failure
from gongkai.checks.equations import Applied
from gongkai.report import Form

_RATIO = 10_000


def unit_errors(checks: Sequence[Check], results: Sequence[Failure]) -> Iterator[Failure]:
    """What the check with the rule ``units`` finds: one failure for each table that stands alone with its unit."""
    check = next((each for each in checks if each.rule == "units"), None)
    if check is None:
        return
    across = [
        each
        for _, each in results
        if each.equation is not None
        and not each.equation.of_prose
        and len({form.id for form in each.forms}) == 2
    ]
    wrong = [each for each in across if each.verdict in ("fail", "needs_review") and _ratio(each)]
    if not across:
        yield check, Applied(None, "not_applicable", "没有可以互相核对的两张表")
    elif not wrong:
        yield check, Applied(None, "pass")
    while wrong:
        form = _culprit(wrong)
        concerned = [each for each in wrong if form.id in {other.id for other in each.forms}]
        wrong = [each for each in wrong if each not in concerned]
        yield check, _told(form, concerned)


def _ratio(applied: Applied) -> bool:
    """Whether the sides differ by exactly ten thousand times, as near as the printed digits tell."""
    small, large = sorted((abs(applied.left or Decimal(0)), abs(applied.right or Decimal(0))))
    if small == 0 or applied.equation is None or applied.equation.operator != "=":
        return False
    digits = [figure.quantum_yuan for figure in applied.figures if figure.quantum_yuan]
    room = max(digits, default=Decimal(0)) * len(digits)
    return abs(small * _RATIO - large) <= max(room, small / 2)


def _culprit(wrong: Sequence[Applied]) -> Form:
    """The form in most of the failures; of two, the one whose unit fewer of the tables concerned print, else the last."""
    count: Counter[str] = Counter()
    forms: dict[str, Form] = {}
    for applied in wrong:
        for form in applied.forms:
            forms[form.id] = form
        count.update({form.id for form in applied.forms})
    return forms[max(count, key=lambda form: (count[form], forms[form].pages))]


def _told(form: Form, concerned: Sequence[Applied]) -> Applied:
    applied = Applied(None, "needs_review" if any(c.verdict == "needs_review" for c in concerned) else "fail")
    others = dict.fromkeys(other.title for each in concerned for other in each.forms if other.id != form.id)
    applied.message = (
        f"《{form.title}》（金额单位：{form.unit or '未印'}）与{'、'.join(f'《{title}》' for title in others)}"
        f"的同一数额恰好相差一万倍，金额单位应有一处印错。"
    )
    applied.about, first = form, concerned[0]
    applied.operands = first.operands
    applied.split, applied.left, applied.right = first.split, first.left, first.right
    applied.difference, applied.reason = first.difference, first.reason
    return applied
