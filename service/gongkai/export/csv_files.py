"""The five tables as CSV: text and decimals as they are printed, one file a table in a new folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from gongkai.export.columns import Value, tables
from gongkai.export.tables import rows
from gongkai.report import Report

BOM = "\ufeff"
_ACTIVE = re.compile(r"[=+\-@\t\r]")
_HARMLESS = re.compile(
    r"[-+]?[\d,.]+%?|[-+]+"
)  # a printed number, a dash: no spreadsheet computes anything of it


def write(reports: Iterable[Report], folder: Path) -> None:
    """Fill the new ``folder`` with five files for spreadsheets: with a BOM, so that Excel and WPS show Chinese, and with ``'`` before
    text that they would take for a formula."""
    _write(reports, folder, bom=True)


def write_plain(reports: Iterable[Report], folder: Path) -> None:
    """Fill the new ``folder`` with five files for programs: UTF-8 without a BOM, text exactly as it is."""
    _write(reports, folder, bom=False)


def _write(reports: Iterable[Report], folder: Path, *, bom: bool) -> None:
    cell = _for_spreadsheet if bom else _text
    with ExitStack() as stack:
        writers = {}
        for name, columns in tables().items():
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            file.write(BOM if bom else "")
            writers[name] = csv.writer(file, lineterminator="\r\n")
            writers[name].writerow([column.name for column in columns])
        for report in reports:
            for name, table in rows(report).items():
                writers[name].writerows([cell(value) for value in row.values()] for row in table)


def _text(value: Value) -> str:
    """A value as text; a decimal with plain digits, as printed."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _for_spreadsheet(value: Value) -> str:
    text = _text(value)
    active = isinstance(value, str) and _ACTIVE.match(text) and not _HARMLESS.fullmatch(text)
    return f"'{text}" if active else text


def names() -> Sequence[str]:
    """The files that an export writes."""
    return [f"{name}.csv" for name in tables()]
