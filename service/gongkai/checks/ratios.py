"""Percentages that the prose prints: shares, completion and growth, recomputed by interval arithmetic from the printed digits.

A printed number stands for any true value within half a unit of its last digit, and so does the percentage. It is right
if the interval of part/whole meets that of the percentage. The text drops trailing zeros (``87.5``, ``341``), so the
operands take the usual last digit of the prose; a percentage that only their own coarser digits explain, or that was
cut off instead of rounded, is a tail and no error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from gongkai.checks.equations import Applied
from gongkai.checks.notation import Ratio, Term
from gongkai.checks.said import CHOICE, PROSE, Prose, Said, Spoken, about, named
from gongkai.checks.sheet import amount, quantum
from gongkai.checks.statements import doubt
from gongkai.checks.tolerance import ZERO, Digits

_HUNDRED = Decimal(100)
_WHOLE_LIST = 3
"""A list of fewer items is hardly whole."""
_Span = tuple[Decimal, Decimal]


def apply(ratios: Sequence[Ratio], prose: Prose) -> Iterator[Applied]:
    """Every percentage that the ratios speak of; of several ratios for one percentage the first that can be computed.

    A ratio whose denominator the text names otherwise says nothing.
    """
    if prose.usual is None:
        prose.usual = _usual_digit(prose)
    done: set[tuple[int, str]] = set()
    reasons: dict[tuple[int, str], str] = {}
    spoken = False
    for ratio in ratios:
        for anchor in prose.of(ratio.printed.line, ratio.printed.column, ratio.printed.subject):
            key = anchor.at, ratio.printed.column
            spoken = True
            if key in done:
                continue
            trouble = _trouble(ratio, anchor)
            if trouble:
                reasons.setdefault(key, trouble)
                continue
            found = _applied(ratio, anchor, prose, prose.usual)
            if isinstance(found, str):
                reasons[key] = found
                continue
            done.add(key)
            yield found
    for key, reason in reasons.items():
        if key not in done:
            yield Applied(None, "not_applicable", reason)
    if not spoken:
        yield Applied(None, "not_applicable", f"正文没有说明{about(ratios[0].printed.line)}的比例")


def _trouble(ratio: Ratio, anchor: Spoken) -> str | None:
    """Why the percentage is not of these operands, as far as its own words tell."""
    column = ratio.printed.column
    if column in ("rate", "budget_rate"):
        said = anchor.said(column)
        words = anchor.word("budget_direction" if column == "budget_rate" else "direction") + (
            said.quote if said else ""
        )
        return "增减的方向没有选定" if CHOICE.search(words) else None
    base = anchor.word(f"{column}_base")
    named = not base if ratio.named is None else ratio.named.search(base) is not None
    return None if named else f"“{anchor.name}”的比例所依据的总数（{base or '没有写明'}）不能判明"


def _usual_digit(prose: Prose) -> Decimal:
    """The commonest last digit of the percentages that are neither 0 nor 100."""
    slots = ("share", "completion", "rate")
    digits = Counter(
        quantum(said)
        for each in prose.spoken
        for slot in slots
        if (said := each.said(slot)) is not None and said.value and abs(said.value) != _HUNDRED
    )
    return digits.most_common(1)[0][0] if digits else Decimal(1)


def _applied(ratio: Ratio, anchor: Spoken, prose: Prose, usual: Decimal) -> Applied | str:
    operands = [_operand(ratio, term, anchor, prose) for term in (ratio.printed, ratio.part, ratio.whole)]
    printed, part, whole = operands
    if printed is None or printed.value is None or part is None or whole is None:
        return f"“{anchor.name}”的比例所依据的数没有说明"
    if (part.yuan is None) != (whole.yuan is None):
        return "有一处没有印金额单位，不能比较"
    applied = Applied(None, "pass")
    applied.operands = [(printed, 1, PROSE), (part, 1, PROSE), (whole, 1, PROSE)]
    applied.split = 1
    applied.left = printed.value
    step = quantum(printed)
    if ratio.printed.column == "share" and printed.value == _HUNDRED:
        step = min(step, usual)
    _judge(applied, ratio.mark, step, prose)
    return applied


def _together(term: Term, anchor: Spoken, prose: Prose) -> Said | None:
    """The sum of a whole list, where no total is told: every item of the section, each once."""
    items = [each for each in prose.of(term.line, term.column) if each.section == anchor.section]
    cells = [said for each in items if (said := each.said(term.column)) is not None and said.yuan is not None]
    if len({each.name for each in items}) < max(_WHOLE_LIST, len(items)) or len(cells) < len(items):
        return None
    total = sum((cell.yuan or ZERO for cell in cells), ZERO)
    digits = [cell.quantum_yuan for cell in cells if cell.quantum_yuan]
    printed = "＋".join(cell.printed for cell in cells)
    return replace(
        cells[0], row_label="各项之和", printed=printed, value=total, yuan=total, quantum_yuan=min(digits, default=None)
    )  # fmt: skip


def _operand(ratio: Ratio, term: Term, anchor: Spoken, prose: Prose) -> Said | None:
    if term.how == "sum":
        return _together(term, anchor, prose)
    if not term.line or term is ratio.printed:
        spoken: Spoken | None = anchor
    else:
        name = anchor.name if term.subject == "code" else term.subject
        spoken = prose.before(anchor, term.line, term.column, name, within=term.how != "first")
    said = spoken.said(term.column) if spoken is not None else None
    return said if said is not None and said.value is not None else None


def _judge(applied: Applied, mark: str, step: Decimal, prose: Prose) -> None:
    printed, part, whole = (cell for cell, _, _ in applied.operands)
    assert isinstance(printed, Said) and isinstance(part, Said) and isinstance(whole, Said)
    change, base = amount(part), amount(whole)
    if mark == "of":
        base -= change
    elif mark == "from":
        change -= base
    value = printed.value or ZERO
    if base == 0:
        _undefined(applied, mark, value, change)
        return
    exact = change / base * _HUNDRED
    applied.right = exact.quantize(step, ROUND_HALF_UP)
    applied.difference = value - applied.right
    half = step / 2
    fine = _span(part, whole, mark, prose.digits, prose.exact)
    if _meets(fine, value, half):
        applied.allowance = half
        return
    if base < 0 or _meets(_span(part, whole, mark, {}, prose.exact), value, half) or _cut(fine, value, step):
        applied.verdict, applied.allowance = "pass_with_rounding", step
        applied.message = f"{_sentence(mark, printed, part, whole)}，按印出的数应为{_percent(applied.right, printed)}，属尾差或末位未进位。"
        return
    applied.verdict, applied.reason, applied.allowance = "fail", doubt(applied), half
    if applied.reason:
        applied.verdict = "needs_review"
    elif abs(applied.difference) <= step < 1:
        shares = printed.col_label == "所占比例"
        applied.reason = "只差末位一个单位" + ("，可能是为使各项比例之和等于100%而调整" if shares else "")
    applied.message = f"{_sentence(mark, printed, part, whole)}，应为{_percent(applied.right, printed)}。"


def _undefined(applied: Applied, mark: str, value: Decimal, change: Decimal) -> None:
    """Nothing can be a share of nothing; a percentage is printed all the same."""
    printed, part, whole = (cell for cell, _, _ in applied.operands)
    assert isinstance(printed, Said) and isinstance(part, Said) and isinstance(whole, Said)
    what = "总数为0" if mark == "/" else "基数为0"
    if value == 0 and change == 0 and printed.col_label != "完成比例":
        applied.verdict, applied.reason = "not_applicable", f"{what}，比例印为0"
        return
    applied.verdict, applied.reason = "undefined_base", what
    said = _sentence(mark, printed, part, whole)
    applied.message = f"{said}，但{what}，这一比例无从计算。"


def _span(part: Said, whole: Said, mark: str, digits: Digits, exact: Mapping[Decimal, Decimal]) -> _Span:
    """The smallest and the largest percentage that the printed digits allow."""
    p, w = amount(part), amount(whole)
    dp, dw = _half(part, digits, exact), _half(whole, digits, exact)
    corners: list[Decimal] = []
    for top in (p - dp, p + dp):
        for below in (w - dw, w + dw):
            base = below - top if mark == "of" else below
            if base > 0:
                corners.append((top - base if mark == "from" else top) / base * _HUNDRED)
    return (min(corners), max(corners)) if len(corners) == 4 else (Decimal("-Infinity"), Decimal("Infinity"))


def _half(said: Said, digits: Digits, exact: Mapping[Decimal, Decimal]) -> Decimal:
    own = quantum(said)
    if said.yuan is None:
        return own / 2
    return min(own, digits.get(said.unit, own), exact.get(abs(said.yuan), own)) / 2


def _meets(span: _Span, value: Decimal, half: Decimal) -> bool:
    return span[0] - half <= value <= span[1] + half


def _cut(span: _Span, value: Decimal, step: Decimal) -> bool:
    """Whether the percentage was cut off after its last digit."""
    low, high = sorted((abs(span[0]), abs(span[1])))
    return abs(value) <= high and low < abs(value) + step and value * (span[0] + span[1]) >= 0


def _sentence(mark: str, printed: Said, part: Said, whole: Said) -> str:
    where = f"正文（第{printed.source.page}页）{named(printed.row_label)}"
    if mark == "from":
        return f"{where}由{whole.printed}变为{part.printed}，增减比例印为{printed.printed}"
    if mark == "of":
        way = _way(part.value or ZERO)
        said = (
            f"{way}的比例印为"
            if _agree(part.value, printed.value)
            else f"比例却印为{_way(printed.value or ZERO)}"
        )
        return f"{where}{way}{part.printed}，现为{whole.printed}，{said}{printed.printed}"
    if printed.col_label == "完成比例":
        return f"{where}决算{part.printed}，预算{whole.printed}，完成比例印为{printed.printed}"
    label = named(whole.row_label) if whole.row_label != printed.row_label else whole.col_label
    return f"{where}{part.printed}，占{label}{whole.printed}的比例印为{printed.printed}"


def _percent(value: Decimal, printed: Said) -> str:
    """In the sign of the page, which writes a decrease without minus; the direction is said where it is another."""
    bare = value < 0 and (printed.value or ZERO) < 0 and not printed.printed.startswith(("-", "－"))
    if printed.col_label.startswith(("增减", "与预算相差")) and not _agree(value, printed.value):
        return f"{_way(value)}{abs(value):f}%"
    return f"{abs(value) if bare else value:f}%"


def _way(value: Decimal) -> str:
    return "减少" if value < 0 else "增加"


def _agree(one: Decimal | None, other: Decimal | None) -> bool:
    return (one or ZERO) * (other or ZERO) >= 0
