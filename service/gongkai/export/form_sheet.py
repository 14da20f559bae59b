"""One form of a Report as a worksheet: rows and columns as printed, both sides beside each other, recomputed sums to the right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from gongkai import checks
from gongkai.export.dimensions import SIDES
from gongkai.export.sheets import (
    BOX,
    FONT,
    HEAD_FILL,
    WRAPPED,
    Cell,
    fit_heights,
    for_paper,
    plain_number,
    printed_number,
    put,
    sheet_name,
)
from gongkai.money import SCALE
from gongkai.report import CheckResult, Figure, Form, Grid, Report

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = 4  # the row of the head: title, place and an empty line stand above
DOUBTFUL = PatternFill("solid", fgColor="FFF2CC")
FAILED = PatternFill("solid", fgColor="F8CBAD")
UNREAD = PatternFill("solid", fgColor="D9D9D9")
BESIDE = PatternFill("solid", fgColor="EAF3E6")
WORST_FIRST = ("fail", "needs_review", "pass_with_rounding", "pass")
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class Lane:
    """One side of a form: its rows and columns in the order of the page."""

    rows: dict[str, Figure] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], Figure] = field(default_factory=dict)

    def add(self, figure: Figure) -> None:
        self.rows.setdefault(figure.row_key, figure)
        self.columns.setdefault(figure.col_key, figure.col_label or figure.col_key)
        self.cells.setdefault((figure.row_key, figure.col_key), figure)

    @property
    def coded(self) -> bool:
        """Whether its rows are those of a classification, printed with their codes."""
        return any(
            figure.row_key == figure.line and figure.row_key.isdigit() for figure in self.rows.values()
        )


def add_form(book: Workbook, form: Form, report: Report) -> None:
    """The sheet of ``form``, called after its printed number and title."""
    number = re.sub(r"表$", "", form.printed_number or "")
    sheet = book.create_sheet(sheet_name(f"{number} {form.title}".strip(), book.sheetnames))
    put(sheet.cell(1, 1), form.title)
    sheet.cell(1, 1).font = Font(name=FONT, bold=True, size=14)
    pages = "、".join(map(str, form.pages))
    where = (form.printed_number, report.entity.name, f"单位：{form.unit or '未印'}", f"PDF 第 {pages} 页")
    put(sheet.cell(2, 1), "　".join(part for part in where if part))
    if form.figures:
        _figures(sheet, form, _recomputed(form, report.checks.results or ()))
    elif form.grid:
        _grid(sheet, form.grid)
    fit_heights(sheet, HEAD)
    for row, note in enumerate(form.notes, sheet.max_row + 2):
        put(sheet.cell(row, 1), note)
    for_paper(sheet, HEAD, _last_printed(sheet))


def _figures(sheet: Worksheet, form: Form, sums: Mapping[str, CheckResult]) -> None:
    right = 1
    lanes = _lanes(form)
    for lane in lanes:
        right = _printed(sheet, lane, right, sums)
    if sums:
        sheet.col_breaks.append(Break(id=right))
        sheet.page_setup.fitToWidth = (
            2  # the table as printed on one sheet of paper, what was recomputed on another
        )
    right += 1
    for lane in lanes:
        right = _beside(sheet, lane, right, sums)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 3 if lanes[0].coded else 2)


def _last_printed(sheet: Worksheet) -> int:
    """The last column of the table as printed."""
    return int(sheet.col_breaks.brk[0].id if sheet.col_breaks.brk else sheet.max_column)


def _lanes(form: Form) -> list[Lane]:
    lanes: dict[str, Lane] = {}
    for figure in form.figures:
        side = figure.row_key.partition(":")[0]
        lanes.setdefault(side if side in SIDES else "", Lane()).add(figure)
    return list(lanes.values())


def _printed(sheet: Worksheet, lane: Lane, at: int, sums: Mapping[str, CheckResult]) -> int:
    """Writes the labels and cells of ``lane`` from column ``at``; gives the column after it."""
    labels: list[tuple[str, int]] = [("科目编码", 11)] if lane.coded else []
    labels.append(("项目", 36))
    for offset, (title, width) in enumerate(labels):
        _head(sheet, at + offset, title, width)
    for row, (key, first) in enumerate(lane.rows.items(), HEAD + 1):
        texts = [key if _NUMBER.fullmatch(key) else ""] if lane.coded else []
        for offset, text in enumerate([*texts, first.row_label or first.row_key]):
            _boxed(sheet, row, at + offset, text)
    start = at + len(labels)
    for column, (col_key, title) in enumerate(lane.columns.items(), start):
        number = f"\n{col_key}" if _NUMBER.fullmatch(col_key) else ""
        _head(sheet, column, title + number, 15)
        for row, row_key in enumerate(lane.rows, HEAD + 1):
            figure = lane.cells.get((row_key, col_key))
            cell = _boxed(sheet, row, column, printed_number(figure) if figure else None)
            cell.alignment = Alignment(horizontal="right", vertical="top")
            if figure and (fill := _fill(figure, sums.get(figure.id))):
                cell.fill = fill
    return start + len(lane.columns)


def _fill(figure: Figure, result: CheckResult | None) -> PatternFill | None:
    if figure.state == "unread" or figure.grade == "unread":
        return UNREAD
    if result is not None and result.verdict == "fail":
        return FAILED
    return DOUBTFUL if figure.grade == "check" else None


def _beside(sheet: Worksheet, lane: Lane, at: int, sums: Mapping[str, CheckResult]) -> int:
    """Recomputed sums and differences column by column, then the rules of each row."""
    rules: dict[str, list[str]] = {}
    for col_key, title in lane.columns.items():
        told = {row: sums[f.id] for (row, key), f in lane.cells.items() if key == col_key and f.id in sums}
        if not told:
            continue
        _head(sheet, at, f"重算：{title}", 14, BESIDE)
        _head(sheet, at + 1, f"差额：{title}", 11, BESIDE)
        for row, row_key in enumerate(lane.rows, HEAD + 1):
            if result := told.get(row_key):
                rules.setdefault(row_key, []).append(result.code)
                for offset, value in enumerate(_told(lane.cells[row_key, col_key], result)):
                    cell = _boxed(sheet, row, at + offset, value)
                    cell.fill = FAILED if result.verdict == "fail" else BESIDE
        at += 2
    if rules:
        _head(sheet, at, "核对规则", 26, BESIDE)
        for row, row_key in enumerate(lane.rows, HEAD + 1):
            if row_key in rules:
                _boxed(sheet, row, at, "、".join(dict.fromkeys(rules[row_key])))
        at += 1
    return at


def _told(figure: Figure, result: CheckResult) -> Iterator[Cell]:
    """The recomputed sum and the difference in the unit of the page."""
    scale = SCALE.get(figure.unit or "", 0) if figure.quantity == "money" else 0
    for amount in (result.right, result.difference):
        yield None if amount is None else plain_number(amount.scaleb(-scale), like=figure)


def _recomputed(form: Form, results: Sequence[CheckResult]) -> dict[str, CheckResult]:
    """For each figure the sum within its form that it should be: of several the worst (:data:`WORST_FIRST`), then the first."""
    own = {figure.id for figure in form.figures}
    found: dict[str, CheckResult] = {}
    for result in results:
        sums = len(result.operands) > 1 and own.issuperset(result.operands) and result.code in _equalities()
        if sums and result.verdict in WORST_FIRST:
            best = found.setdefault(result.operands[0], result)
            if WORST_FIRST.index(result.verdict) < WORST_FIRST.index(best.verdict):
                found[result.operands[0]] = result
    return found


@cache
def _equalities() -> frozenset[str]:
    """The codes of checks that say nothing but that two sides are equal."""
    return frozenset(
        check.code
        for check in checks.catalogue()
        if check.cases and all(each.operator == "=" for case in check.cases for each in case.equations)
    )


def _grid(sheet: Worksheet, grid: Grid) -> None:
    for cell in grid.cells:
        top, left = HEAD + cell.row, 1 + cell.column
        _boxed(sheet, top, left, cell.text)
        if cell.row_span > 1 or cell.column_span > 1:
            sheet.merge_cells(
                start_row=top, start_column=left, end_row=top + cell.row_span - 1, end_column=left + cell.column_span - 1
            )  # fmt: skip
    for column in range(1, grid.columns + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18


def _head(sheet: Worksheet, column: int, title: str, width: int, fill: PatternFill = HEAD_FILL) -> None:
    cell = _boxed(sheet, HEAD, column, title)
    cell.font, cell.fill = Font(name=FONT, bold=True), fill
    cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    sheet.column_dimensions[get_column_letter(column)].width = width


def _boxed(sheet: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    cell = sheet.cell(row, column)
    put(cell, value)
    cell.border, cell.alignment = BOX, WRAPPED
    return cell
