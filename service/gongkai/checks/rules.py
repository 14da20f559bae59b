"""The few checks that need an ``if``. Each takes the forms of a report and yields what it found; see the TOML records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from gongkai import codes as classification
from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.naming import form_name
from gongkai.checks.reading import Reading
from gongkai.checks.said import PROSE, worded
from gongkai.checks.sheet import Row, Sheet
from gongkai.report import Form

Sheets = Mapping[str, Sequence[Sheet]]
Rule = Callable[[Check, Reading, Sheets, Sequence[Form]], Iterator[Applied]]


def codes(check: Check, reading: Reading, sheets: Sheets, forms: Sequence[Form]) -> Iterator[Applied]:
    """Codes of 3, 5 or 7 digits, ascending, each below a printed parent, classes under their own name."""
    if check.forms[0] not in sheets:
        yield Applied(None, "not_applicable", f"没有{form_name(check.forms[0])}")
    for sheet in sheets.get(check.forms[0], ()):
        rows = [row for row in sheet.rows.values() if row.line is not None and row.line.isdigit()]
        lines = [row.line or "" for row in rows]
        if not lines:
            yield Applied(None, "not_applicable", f"《{sheet.form.title}》没有科目行")
            continue
        if len(set(lines)) < len(lines):
            yield Applied(None, "not_applicable", f"《{sheet.form.title}》同一科目列了多次（可能分单位列示）")
            continue
        faults = [*_lengths(rows), *_orphans(rows, set(lines)), *_order(rows), *_names(rows)]
        yield _told(sheet, faults, "科目编码")


def _lengths(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    return [(row, f"编码{row.line}不是3、5或7位") for row in rows if len(row.line or "") not in (3, 5, 7)]


def _orphans(rows: Sequence[Row], lines: set[str]) -> list[tuple[Row, str]]:
    """Rows whose parent is not printed, in a table that does print that level elsewhere."""
    levels = {len(line) for line in lines}
    return [
        (row, f"{row.line}的上级{row.line[:size]}没有列出")
        for row in rows
        if row.line is not None and (size := len(row.line) - 2) in (3, 5)
        if size in levels and row.line[:size] not in lines
    ]


def _order(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    return [
        (below, f"{below.line}排在{above.line}之后")
        for above, below in pairwise(rows)
        if (below.line or "") < (above.line or "")
    ]


def _names(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Classes whose printed name is that of another class."""
    return [
        (row, f"{row.line}印作“{row.label}”，该名称的编码是{named}")
        for row in rows
        if len(row.line or "") == 3
        and (named := classification.function_class(row.label)) not in (None, row.line)
    ]


def row_numbers(check: Check, reading: Reading, sheets: Sheets, forms: Sequence[Form]) -> Iterator[Applied]:
    """行次 run on without a gap."""
    counted = False
    for sheet in (sheet for group in sheets.values() for sheet in group):
        numbered = [
            (int(number), row)
            for row in sheet.rows.values()
            if (number := row.key.rpartition(":")[2]).isdigit() and ":" in row.key
        ]
        if not numbered:
            continue
        counted = True
        numbered.sort(key=lambda pair: pair[0])
        faults = [
            (row, f"行次{before}之后是{number}")
            for (before, _), (number, row) in pairwise(numbered)
            if number > before + 1
        ]
        yield _told(sheet, faults, "行次")
    if not counted:
        yield Applied(None, "not_applicable", "各表没有印行次")


def _told(sheet: Sheet, faults: Sequence[tuple[Row, str]], what: str) -> Applied:
    if not faults:
        return Applied(None, "pass")
    applied = Applied(None, "fail")
    applied.message = f"《{sheet.form.title}》{what}：" + "；".join(text for _, text in faults) + "。"
    for row, _ in faults:
        applied.operands.append((next(iter(row.cells.values())), 1, sheet.form))
    applied.split = len(applied.operands)
    return applied


def promised_forms(
    check: Check, reading: Reading, sheets: Sheets, forms: Sequence[Form]
) -> Iterator[Applied]:
    """Every form that the contents or the text promise is there."""
    promised = [form for form in forms if form.expected_by != "none" and form.state != "elsewhere"]
    if not promised:
        yield Applied(None, "not_applicable", "目录和正文没有列出应有的表")
    strange = next((form for form in forms if form.form == "unknown" and form.state == "present"), None)
    for form in promised:
        applied = Applied(None, "fail" if form.state == "missing" else "pass")
        if form.state == "missing" and strange is not None:
            applied.verdict = "needs_review"
            applied.reason = f"第{'、'.join(map(str, strange.pages))}页有一张表未能识别，可能就是它"
        if form.state == "missing":
            where = "目录" if form.expected_by == "toc" else "正文"
            source = reading.promise_of(form.title) if reading.promise_of is not None else None
            if source is not None:
                applied.operands, applied.split = (
                    [(worded(form.id, form.title, source, label="目录"), 1, PROSE)],
                    1,
                )
            page = f"（第{source.page}页）" if source is not None else ""
            applied.message = f"{where}{page}列有《{form.title}》，正文中没有这张表，也没有说明本表无数据。"
        yield applied


RULES: dict[str, Rule] = {"codes": codes, "row_numbers": row_numbers, "promised_forms": promised_forms}
