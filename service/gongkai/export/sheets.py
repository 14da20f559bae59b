"""Worksheets that Excel, WPS and LibreOffice open without a complaint, whatever text a document brought along.

Text stays text: nothing that begins with ``= + - @`` is ever a formula, codes keep their zeros, characters that XML forbids are
replaced, and what is longer than a cell holds is cut visibly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_767  # of a cell
MOST_OF_NAME = 31  # characters of a sheet's name
MOST_ROWS = 1_048_576
EXACT_DIGITS = 15  # that a spreadsheet's number holds
CUT = "……（过长，已截断）"
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")

HEAD_FILL = PatternFill("solid", fgColor="DDE6F0")
_LINE = Side(style="thin", color="BFBFBF")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the format that prints it."""

    value: Decimal
    format: str


Cell = str | int | Decimal | Number | None


def put(cell: SheetCell, value: Cell) -> None:
    """``value`` in ``cell``: text as text, numbers as numbers."""
    if isinstance(value, Number):
        cell.value, cell.number_format = value.value, value.format
    elif isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(_ACTIVE)
    elif value is not None:
        cell.value = value


def safe_text(text: str) -> str:
    """``text`` as one cell can hold it."""
    clean = _UNFIT.sub("\ufffd", ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
    return clean if len(clean) <= MOST_CHARACTERS else clean[: MOST_CHARACTERS - len(CUT)] + CUT


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """``wanted`` as a sheet may be called, and as none of ``taken`` is (in any case of letters)."""
    plain = _FORBIDDEN_IN_NAME.sub("_", wanted).strip("' ") or "表"
    used = {name.lower() for name in taken}
    name, number = plain[:MOST_OF_NAME], 1
    while name.lower() in used:
        number += 1
        end = f"({number})"
        name = plain[: MOST_OF_NAME - len(end)] + end
    return name


def add_sheet(
    book: Workbook,
    name: str,
    head: Sequence[str],
    lines: Iterable[Sequence[Cell]],
    *,
    widths: Mapping[str, int] | None = None,
) -> Worksheet:
    """A sheet of one table: a head that stays in sight, a filter, widths in characters by column title."""
    sheet = book.create_sheet(sheet_name(name, book.sheetnames))
    for row, line in enumerate([head, *lines], 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(row, column)
            put(cell, value)
            cell.border, cell.alignment = BOX, WRAPPED
            if row == 1:
                cell.font, cell.fill = Font(bold=True), HEAD_FILL
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{sheet.max_row}"
    for column, title in enumerate(head, 1):
        width = (widths or {}).get(title, max(8, min(2 * len(title) + 4, 24)))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for_paper(sheet)
    return sheet


def for_paper(sheet: Worksheet) -> None:
    """Printed on A4 lying down, as wide as one page, the head on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
