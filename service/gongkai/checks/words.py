"""What a finding says, in the words of a budget officer: what is printed where, what was expected, what to change."""

from __future__ import annotations

from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.causes import Cause
from gongkai.checks.equations import Applied
from gongkai.checks.said import PROSE, Printed, Said, named
from gongkai.report import Form, Operand

_RELATION = {"=": "应等于", "<=": "应不大于", ">=": "应不小于"}
_SCALE = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_MOST = 8
"""A sum is spelled out up to this many addends."""


def place(figure: Printed, form: Form) -> str:
    """``《收入决算表》（第4页）“合计”行“本年收入合计”栏``."""
    if isinstance(figure, Said):
        return f"正文（第{figure.source.page}页）{cell(figure)}"
    return f"《{form.title}》（第{figure.source.page}页）{cell(figure)}"


def cell(figure: Printed) -> str:
    if isinstance(figure, Said):
        return f"{named(figure.row_label)}{figure.col_label}"
    row = _row(figure) if figure.row_label else ""
    return f"{row}“{figure.col_label}”栏" if figure.col_label else row or "一格"


def _row(figure: Printed) -> str:
    code = (
        f"{figure.line} "
        if figure.line is not None and figure.row_key == figure.line and figure.line.isdigit()
        else ""
    )
    return f"“{code}{figure.row_label}”行"


def printed(figure: Printed) -> str:
    return figure.printed or "空白"


def money(value: Decimal, figure: Printed) -> str:
    """``value`` (元, or the printed measure) in the unit in which ``figure`` is printed: ``266.15元``."""
    unit = figure.unit or ""
    if figure.yuan is None and figure.value is not None:
        return f"{value.normalize():f}{unit}"
    scaled = value / _SCALE.get(unit, Decimal(1))
    return f"{_plain(scaled)}{unit if unit in _SCALE else '元'}"


def _plain(value: Decimal) -> str:
    text = f"{value:,.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def operand(figure: Printed, form: Form) -> Operand:
    if form is PROSE:
        label = f"正文{cell(figure)}" if isinstance(figure, Said) else "正文"
        if isinstance(figure, Said) and figure.quote != figure.printed:
            label += f"：{figure.quote}"
        return Operand(id=figure.id, label=label, printed=figure.printed, source=figure.source)
    return Operand(
        id=figure.id, label=f"《{form.title}》{cell(figure)}", printed=figure.printed, source=figure.source
    )


def message(check: Check, applied: Applied) -> str:
    """The sentence for a check that failed or that holds only within rounding."""
    if applied.equation is None or applied.message:
        return applied.message
    figures = applied.figures
    unit = next((figure for figure in figures if figure.unit), figures[0])
    left = _side(applied, 0, applied.split, applied.left, unit)
    right = _side(applied, applied.split, len(applied.operands), applied.right, unit)
    gap = money(abs(applied.difference or Decimal(0)), unit)
    if applied.verdict == "pass_with_rounding":
        tail = f"相差{gap}，在四舍五入允许的{money(applied.allowance or Decimal(0), unit)}以内，属尾差"
    elif applied.allowance:
        tail = f"相差{gap}，超出四舍五入允许的{money(applied.allowance, unit)}"
    else:
        tail = f"相差{gap}"
    return f"{left}，{_RELATION[applied.equation.operator]}{right}，{tail}。规则：{check.title}。"


def _side(applied: Applied, start: int, end: int, total: Decimal | None, unit: Printed) -> str:
    """One side in words. What it shares with the first operand of the check (table, row or column) is not said again."""
    operands = applied.operands[start:end]
    if not operands:
        return "0"
    first, _, form = applied.operands[0]
    if len(operands) == 1 and operands[0][1] > 0:
        figure, _, home = operands[0]
        where = _short(figure, first) if start and home is form else place(figure, home)
        return f"{where}印为{printed(figure)}"
    shown = [each for each in operands if each[0].value] or operands[:1]
    text = "" if start else f"{'正文' if form is PROSE else f'《{form.title}》'}（第{first.source.page}页）"
    for index, (figure, sign, home) in enumerate(shown[:_MOST]):
        mark = "－" if sign < 0 else "＋" if index else ""
        where = place(figure, home) if home is not form else _short(figure, first) if start else cell(figure)
        text += f"{mark}{where}{printed(figure)}"
    more = f"等{len(shown)}项" if len(shown) > _MOST else ""
    return f"{text}{more}＝{money(total or Decimal(0), unit)}"


def _short(figure: Printed, first: Printed) -> str:
    """The cell without the row or column that it shares with ``first``."""
    if isinstance(figure, Said):
        return cell(figure)
    if figure.row_key == first.row_key and figure.col_label:
        return f"“{figure.col_label}”栏"
    if figure.measure == first.measure and figure.row_label:
        return _row(figure)
    return cell(figure)


def suggestion(check: Check, applied: Applied, suspect: Printed | None, cause: Cause | None) -> str:
    """What to change: the one cell that explains everything if there is one, else where to look."""
    if suspect is not None and cause is not None and cause.corrected is not None:
        where = place(suspect, applied.forms[applied.figures.index(suspect)])
        return (
            f"{where}疑为误填：改为{money(cause.corrected, suspect)}，有关的{cause.settled}项勾稽即全部相符。"
        )
    if check.advice:
        return check.advice
    if applied.equation is None:
        return ""
    if applied.equation.same:
        return "两处应为同一个数，请核对账面后更正其中有误的一处。"
    return "请核对合计与各明细，更正其中有误的一格。"
