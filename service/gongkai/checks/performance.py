"""Performance: the share of the money that is managed, and the self-evaluation table, read from its grid by what stands left
of a number, for its cells have no canonical names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai import money
from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets, said_of, told
from gongkai.checks.said import PROSE, Printed, Said, celled
from gongkai.checks.sheet import amount, quantum
from gongkai.checks.tolerance import ZERO
from gongkai.report import Form, GridCell

_HUNDRED = Decimal(100)
_FUNDS = {"政府性基金": "government_fund", "国有资本": "state_capital"}
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
        message = (
            f"《{form.title}》（第{nearest.source.page}页）整体支出总额印为{nearest.printed}，应等于基本支出总额{basic.printed}"
            f"＋项目支出总额{project.printed}＝{total}，相差{abs(applied.difference)}。"
        )
        applied.fails(form, message)
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
        found.append(celled(form, cell, label.text, read.value))
    return found


def coverage(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The share of the project (or all) expenditure that is under performance management."""
    spoken = False
    for each in reading.prose.of("performance.coverage", "share"):
        base = each.word("share_base")
        if not each.has("amount") or "支出" not in base:
            continue
        wholes = _of_fund(base, sheets)
        if wholes is None:
            wholes = _projects(reading, sheets) if "项目" in base else _spending(reading, sheets)
        parts = [[said_of(each, "amount")]]
        basic = reading.prose.near(each, "performance.coverage", "amount", "基本支出", within=True)
        if "项目" not in base and each.name == "项目支出" and basic is not None:
            parts.append([said_of(basic, "amount"), said_of(each, "amount")])
        if not wholes:
            continue
        spoken = True
        yield _covered(said_of(each, "share"), parts, wholes)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有说明纳入绩效管理的资金所占的比例")


def _covered(share: Said, parts: Sequence[Sequence[Said]], wholes: Sequence[tuple[Printed, Form]]) -> Applied:
    value = share.value or ZERO
    for part in parts:
        for whole, form in wholes:
            sum_, base = sum((amount(one) for one in part), ZERO), amount(whole)
            if base and abs(sum_ / base * _HUNDRED - value) <= quantum(share) / 2 + _base_room(whole):
                cells: list[tuple[Printed, int, Form]] = [(one, 1, PROSE) for one in (share, *part)]
                return told([*cells, (whole, 1, form)], value, value, ZERO)
    whole, form = wholes[0]
    part = parts[0]
    exact = (amount(part[0]) / amount(whole) * _HUNDRED).quantize(Decimal("0.01")) if amount(whole) else ZERO
    applied = told([(share, 1, PROSE), (part[0], 1, PROSE), (whole, 1, form)], value, exact, ZERO)
    where = "正文" if form is PROSE else f"《{form.title}》"
    applied.message = (
        f"正文（第{share.source.page}页）纳入绩效管理的{part[0].printed}印为占总数的{share.printed}，而{where}"
        f"（第{whole.source.page}页）“{whole.row_label}”{whole.col_label}为{whole.printed}，按此应为{exact}%。"
    )
    return applied


def _base_room(whole: Printed) -> Decimal:
    """How far the digits of the whole alone move a percentage."""
    return quantum(whole) / abs(amount(whole)) * _HUNDRED


def _of_fund(base: str, sheets: Sheets) -> list[tuple[Printed, Form]] | None:
    """What a share of a fund's own expenditure is a share of; None if the base names no such fund."""
    form = next((name for word, name in _FUNDS.items() if word in base), None)
    column = "project" if "项目" in base else "total"
    return None if form is None else _cells(sheets, ((form, column), (form, "total")))


def _projects(reading: Reading, sheets: Sheets) -> list[tuple[Printed, Form]]:
    found = _cells(sheets, (("general_budget_expenditure", "project"), ("expenditure", "project")))
    return [*found, *_all_said(reading, "expenditure.by_kind", "项目支出")]


def _spending(reading: Reading, sheets: Sheets) -> list[tuple[Printed, Form]]:
    found = _cells(sheets, (("general_budget_expenditure", "total"), ("expenditure", "total")))
    return [*found, *_all_said(reading, "gpb.total", ""), *_all_said(reading, "expenditure.total", "")]


def _cells(sheets: Sheets, places: Sequence[tuple[str, str]]) -> list[tuple[Printed, Form]]:
    found: list[tuple[Printed, Form]] = []
    for form, column in places:
        for sheet in sheets.get(form, ()):
            row = sheet.lines.get("total")
            if row is not None and column in row.cells and row.cells[column].yuan is not None:
                found.append((row.cells[column], sheet.form))
    return found


def _all_said(reading: Reading, fact: str, subject: str) -> list[tuple[Printed, Form]]:
    return [(said_of(each, "amount"), PROSE) for each in reading.prose.of(fact, "amount", subject)]
