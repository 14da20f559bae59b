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

from gongkai.report import Figure

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS = 32_767  # of a cell
MOST_OF_NAME = 31  # characters of a sheet's name
MOST_ROWS = 1_048_576
LINE_HEIGHT, MOST_HEIGHT = 14.5, 409.0  # points of a line of text, and of the tallest row there can be
PAPER_WIDTH = 780  # points: of A4 lying down within its margins
POINTS_OF_A_CHARACTER = 7.1  # of a column's unit of width where Calibri is missing (5.4 with it)
LEAST_SCALE = 25  # per cent: smaller cannot be read
EXACT_DIGITS = 15  # that a spreadsheet's number holds
CUT = "……（过长，已截断）"
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")

FONT = "Calibri"
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


def printed_number(figure: Figure) -> Cell:
    """What a figure's cell shows: the number in the format in which it is printed, where that shows it exactly; else the printed text."""
    if figure.state == "value" and figure.value is not None:
        number = figure.value.scaleb(-2) if figure.printed.endswith("%") else figure.value
        fraction = figure.printed.rstrip("%").partition(".")[2]
        zeros = "." + "0" * len(fraction) if fraction else ""
        plain = format(figure.value, f",.{len(fraction)}f")
        percent = "%" if figure.printed.endswith("%") else ""
        if _held(number):
            if figure.printed == plain + percent and "," in plain:
                return Number(number, f"#,##0{zeros}{percent}")
            if figure.printed == plain.replace(",", "") + percent:
                return Number(number, f"0{zeros}{percent}")
    return figure.printed or None


def plain_number(amount: Decimal | None, like: Figure | None = None) -> Cell:
    """``amount`` with thousands commas and the digits that it has, or at least those of the figure that it is held against."""
    if amount is None:
        return None
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    if like is not None and like.value is not None:
        digits = max(-int(like.value.as_tuple().exponent), -int(amount.normalize().as_tuple().exponent), 0)
    text = format(amount, f",.{digits}f")
    return Number(amount, "#,##0" + ("." + "0" * digits if digits else "")) if _held(amount) else text


def _held(number: Decimal) -> bool:
    return len(number.normalize().as_tuple().digits) <= EXACT_DIGITS


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
                cell.font, cell.fill = Font(name=FONT, bold=True), HEAD_FILL
    for column, title in enumerate(head, 1):
        width = (widths or {}).get(title, max(8, min(2 * len(title) + 4, 24)))
        sheet.column_dimensions[get_column_letter(column)].width = width
    fit_heights(sheet)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{sheet.max_row}"
    for_paper(sheet)
    return sheet


def fit_heights(sheet: Worksheet, first: int = 1) -> None:
    """Rows from ``first`` on as high as their wrapped texts: no program that opens a workbook is sure to find that out."""
    letters = [get_column_letter(column) for column in range(1, sheet.max_column + 1)]
    widths = [sheet.column_dimensions[letter].width for letter in letters]
    for row, cells in enumerate(sheet.iter_rows(min_row=first, values_only=True), first):
        sheet.row_dimensions[row].height = height_of(cells, widths)


def height_of(values: Iterable[object], widths: Iterable[float]) -> float:
    """Height in points of a row of texts wrapped to ``widths`` (in Latin characters)."""
    lines = 1
    for value, width in zip(values, widths, strict=False):
        if isinstance(value, str):
            taken = (sum(1 if c.isascii() else 2 for c in part) for part in value.split("\n"))
            lines = max(lines, sum(1 + max(0, each - 1) // max(1, int(width) - 1) for each in taken))
    return min(MOST_HEIGHT, LINE_HEIGHT * lines + 2)


def for_paper(sheet: Worksheet, head: int = 1, last: int | None = None) -> None:
    """Printed on A4 lying down, the rows down to ``head`` on every page: as wide as one page, or the columns up to ``last`` so wide.

    With ``last`` the columns after a manual break stand on pages of their own (which programs ignore where all is made to fit).
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_title_rows = f"1:{head}"
    if last is None:
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    else:
        letters = map(get_column_letter, range(1, last + 1))
        width = POINTS_OF_A_CHARACTER * sum(sheet.column_dimensions[letter].width for letter in letters)
        sheet.page_setup.scale = max(LEAST_SCALE, min(100, int(100 * PAPER_WIDTH / width)))
