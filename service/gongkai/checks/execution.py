"""The money of a self-evaluation form: 执行率 is 执行数 ÷ 预算数, read from the grid by the heads (A), (B) and (B/A)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from gongkai import money
from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import Said, celled
from gongkai.checks.sheet import quantum
from gongkai.report import Form, GridCell

_RATE = re.compile(r"执行率")
_BUDGET = re.compile(r"预算数.*[(（]A[)）]|全年预算数")
_ACTUAL = re.compile(r"执行数.*[(（]B[)）]|全年执行数")
_HUNDRED = Decimal(100)


def execution(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Every row under such a head whose three numbers are there."""
    spoken = False
    for form in (sheet.form for sheet in sheets.get("performance_self_evaluation", ())):
        for budget, actual, rate in _rows(form):
            spoken = True
            yield _judged(form, budget, actual, rate)
    if not spoken:
        yield Applied(None, "not_applicable", "没有印预算数、执行数和执行率的绩效自评表")


def _rows(form: Form) -> Iterator[tuple[Said, Said, Said]]:
    cells = form.grid.cells if form.grid is not None else ()
    heads = {
        cell.row: cell for cell in cells if _RATE.search(_bare(cell)) and not re.search("得分", _bare(cell))
    }
    for row, rate in heads.items():
        budget, actual = (
            [cell for cell in cells if cell.row == row and pattern.search(_bare(cell))]
            for pattern in (_BUDGET, _ACTUAL)
        )
        if len(budget) != 1 or len(actual) != 1:
            continue
        below = row + max(rate.row_span, 1)
        while (read := [_number(form, cells, below, head) for head in (budget[0], actual[0], rate)]) and all(
            read
        ):
            first, second, third = read
            assert first and second and third
            yield first, second, third
            below += 1


def _bare(cell: GridCell) -> str:
    return re.sub(r"\s", "", cell.text)


def _number(form: Form, cells: tuple[GridCell, ...], row: int, head: GridCell) -> Said | None:
    cell = next((c for c in cells if c.row == row and c.column == head.column), None)
    read = money.parse(cell.text, None, "money") if cell is not None and cell.text else None
    if cell is not None and read is not None and read.value is None:
        read = money.parse(cell.text, None, "percent")
    if cell is None or read is None or read.value is None:
        return None
    return celled(form, cell, _bare(head), read.value)


def _judged(form: Form, budget: Said, actual: Said, rate: Said) -> Applied:
    applied = Applied(None, "pass")
    applied.operands, applied.split = [(cell, 1, form) for cell in (rate, actual, budget)], 1
    a, b, printed = (cell.value or Decimal(0) for cell in (budget, actual, rate))
    if a == 0:
        return Applied(None, "not_applicable", f"《{form.title}》预算数为0，执行率无从计算")
    step = quantum(rate)
    room = step / 2 + (quantum(actual) + b / a * quantum(budget)) / 2 / a * _HUNDRED
    exact = b / a * _HUNDRED
    applied.left, applied.right = printed, exact.quantize(step, ROUND_HALF_UP)
    applied.difference, applied.allowance = printed - applied.right, room
    if abs(printed - exact) > room and abs(printed * _HUNDRED - exact) > room * _HUNDRED:
        message = (
            f"《{form.title}》（第{rate.source.page}页）预算数{budget.printed}，执行数{actual.printed}，执行率印为{rate.printed}，"
            f"应为{applied.right}%。"
        )
        applied.fails(form, message)
    return applied
