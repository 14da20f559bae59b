"""The self-evaluation table, whose cells have no canonical names: read from its grid by what stands left of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai import money
from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import Printed, Said
from gongkai.checks.sheet import quantum
from gongkai.report import Form, GridCell

_LABELS = {
    "基本支出": re.compile(r"基本支出(总额|合计)?"),
    "项目支出": re.compile(r"项目支出(总额|合计)?"),
    "整体支出": re.compile(r"(部门|单位)?整体支出(总额|合计)?"),
}


def perf_table(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """基本支出总额＋项目支出总额 is 部门整体支出总额: its budget or its execution."""
    spoken = False
    for group in sheets.values():
        for form in (sheet.form for sheet in group if sheet.form.form == "performance_self_evaluation"):
            basic, project, whole = (_amounts(form, name) for name in _LABELS)
            if len(basic) == 1 and len(project) == 1 and whole:
                spoken = True
                yield _added(form, basic[0], project[0], whole)
    if not spoken:
        yield Applied(None, "not_applicable", "没有列出基本支出、项目支出和整体支出总额的绩效自评表")


def _added(form: Form, basic: Said, project: Said, whole: list[Said]) -> Applied:
    applied = Applied(None, "pass")
    total = (basic.value or Decimal(0)) + (project.value or Decimal(0))
    room = (quantum(basic) + quantum(project) + quantum(whole[0])) / 2
    nearest = min(whole, key=lambda each: abs((each.value or Decimal(0)) - total))
    cells: list[Printed] = [nearest, basic, project]
    applied.operands, applied.split = [(cell, 1, form) for cell in cells], 1
    applied.left, applied.right = nearest.value, total
    applied.difference, applied.allowance = (nearest.value or Decimal(0)) - total, room
    if abs(applied.difference) > room:
        applied.verdict = "fail" if form.grade == "sure" else "needs_review"
        applied.reason = None if form.grade == "sure" else f"《{form.title}》的表式是推断的，请对照原表"
        applied.message = (
            f"《{form.title}》（第{nearest.source.page}页）整体支出总额印为{nearest.printed}，应等于基本支出总额{basic.printed}"
            f"＋项目支出总额{project.printed}＝{total}，相差{abs(applied.difference)}。"
        )
    return applied


def _amounts(form: Form, name: str) -> list[Said]:
    """The numbers right of the label ``name`` in its row, up to the next words; of the first row that has it."""
    cells = form.grid.cells if form.grid is not None else ()
    for label in cells:
        if _LABELS[name].fullmatch(re.sub(r"\s", "", label.text)):
            return _right_of(form, label, [each for each in cells if each.row == label.row])
    return []


def _right_of(form: Form, label: GridCell, row: list[GridCell]) -> list[Said]:
    found: list[Said] = []
    for cell in sorted(
        (each for each in row if each.column > label.column and each.text), key=lambda c: c.column
    ):
        read = money.parse(cell.text, None, "money")
        if read.state != "value" or read.value is None:
            break
        found.append(
            Said(
                id=f"{form.id}/grid/{cell.row}/{cell.column}", row_label=label.text, col_label="", printed=cell.text,
                quote=cell.text, value=read.value, unit=None, yuan=None, quantum_yuan=None, quantity="money",
                source=cell.source, grade=form.grade, method=form.method,
            )
        )  # fmt: skip
    return found
