"""The workbook, opened by openpyxl and by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pymupdf
import pytest

from gongkai.export import workbook
from gongkai.export.checked import ExportError, checked
from gongkai.export.sheets import (
    MOST_CHARACTERS,
    Number,
    plain_number,
    printed_number,
    put,
    safe_text,
    sheet_name,
)
from gongkai.openapi import example
from gongkai.report import CheckResult, Checks, Figure, Form, Grid, GridCell, Report

from .test_tables import figure

Book = Any


def made(report: Report, path: Path) -> Book:
    workbook.write(report, path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(sample: Report, tmp_path_factory: pytest.TempPathFactory) -> Book:
    return made(sample, tmp_path_factory.mktemp("xlsx") / "a.xlsx")


def cells(sheet: Any) -> dict[tuple[str, str], Any]:
    """Cells of a form's sheet by (label, head), the first of each."""
    heads = [str(cell.value or "").split("\n")[0] for cell in sheet[4]]
    label = heads.index("项目")
    found: dict[tuple[str, str], Any] = {}
    for row in sheet.iter_rows(min_row=5):
        for head, cell in zip(heads, row, strict=True):
            found.setdefault((row[label].value, head), cell)
    return found


# the tables as printed


def test_sheets_are_called_as_the_tables_are(book: Book) -> None:
    assert book.sheetnames[:5] == [
        "概况",
        "问题清单",
        "公开01 收入支出决算总表",
        "公开02 收入决算表",
        "公开03 支出决算表",
    ]
    assert book.sheetnames[-1] == "检查清单"


def test_a_printed_number_is_a_number_in_its_format(book: Book) -> None:
    """From page 9: 合计 1,196.83 of which 基本 1,109.33 and 项目 87.50."""
    found = cells(book["公开03 支出决算表"])
    total = found["合计", "本年支出合计"]
    assert (total.value, total.number_format, total.data_type) == (1196.83, "#,##0.00", "n")
    assert found["合计", "基本支出"].value == 1109.33 and found["合计", "项目支出"].value == 87.5
    assert found["合计", "上缴上级支出"].value == 0
    code = found["机关事业单位基本养老保险缴费支出", "科目编码"]
    assert (code.value, code.data_type, code.number_format) == ("2080505", "s", "@")


def test_sums_and_differences_stand_beside(book: Book, sample: Report) -> None:
    found = cells(book["公开03 支出决算表"])
    assert found["合计", "重算：本年支出合计"].value == 1196.83
    assert found["合计", "差额：本年支出合计"].value == 0
    assert "T03-ROW" in found["合计", "核对规则"].value
    found = cells(book["公开02 收入决算表"])
    assert found["就业补助", "重算：本年收入合计"].value == 2.49  # 0.75 + 1.74, printed 2.50
    assert found["就业补助", "差额：本年收入合计"].value == 0.01


def test_both_sides_stand_beside_each_other(book: Book) -> None:
    sheet = book["公开01 收入支出决算总表"]
    assert [cell.value for cell in sheet[4]][:4] == ["项目", "收入/金额\n1", "项目", "支出/金额\n2"]
    assert [sheet.cell(5, column).value for column in (1, 2, 3)] == [
        "一、一般公共预算财政拨款收入",
        1196.83,
        "一、一般公共服务支出",
    ]


@pytest.mark.parametrize(
    ("printed", "unit", "quantity", "shown"),
    [
        ("1,208.44", "万元", "money", Number(Decimal("1208.44"), "#,##0.00")),
        ("1208.4", "万元", "money", Number(Decimal("1208.4"), "0.0")),
        ("0.00", "万元", "money", Number(Decimal("0.00"), "0.00")),
        ("12", "辆", "count", Number(Decimal(12), "0")),
        ("-1.23", "元", "money", Number(Decimal("-1.23"), "0.00")),
        ("98.5%", "%", "percent", Number(Decimal("0.985"), "0.0%")),
        ("(1.23)", "元", "money", "(1.23)"),
        ("１２.３４", "元", "money", "１２.３４"),
        ("-", "元", "money", "-"),
        ("────", "元", "money", "────"),
        ("", "元", "money", None),
        ("1234567890123456.78", "元", "money", "1234567890123456.78"),
        ("=1+1", "元", "money", "=1+1"),
    ],
)  # fmt: skip
def test_what_a_cell_shows(printed: str, unit: str, quantity: str, shown: Any) -> None:
    assert printed_number(figure(printed, "a", unit=unit, quantity=quantity)) == shown


def test_an_amount_that_a_spreadsheet_cannot_hold_is_text() -> None:
    assert plain_number(Decimal("12345678901234567.89")) == "12,345,678,901,234,567.89"
    assert plain_number(Decimal("100")) == Number(Decimal(100), "#,##0.00")
    assert plain_number(Decimal("0.125")) == Number(Decimal("0.125"), "#,##0.000")
    assert plain_number(None) is None


def test_what_fails_is_red_what_is_doubtful_yellow_what_is_unread_grey(tmp_path: Path) -> None:
    figures = (
        named("9.00", "t", "total"), named("1.00", "a", "a"), replace(named("2.00", "b", "b"), grade="check"), named("?", "c", "c"),
    )  # fmt: skip
    result = CheckResult(
        id="x", code="T03-ROW", title="", verdict="fail", operands=("t", "a", "b"), left=Decimal(90000), right=Decimal(30000),
        difference=Decimal(60000), allowance=Decimal(0),
    )  # fmt: skip
    other = replace(result, verdict="pass", operands=("t", "elsewhere"))
    form = replace(example().forms[0], figures=figures)
    report = replace(
        example(), forms=(form,), checks=Checks(failed=1, passed=1, applied=2, results=(other, result))
    )
    sheet = made(report, tmp_path / "a.xlsx").worksheets[2]
    fills = {cell.value: cell.fill.fgColor.rgb[2:] for cell in sheet[5] if cell.value is not None}
    assert (fills[9], fills[2], fills["?"]) == ("F8CBAD", "FFF2CC", "D9D9D9") and fills[1] == "000000"
    found = cells(sheet)
    assert (found["甲", "重算：total"].value, found["甲", "差额：total"].value) == (3, 6)


def named(printed: str, id: str, column: str) -> Figure:
    return figure(printed, id, col_key=column, col_label=column, unit="万元")


def test_a_table_of_no_known_form_comes_as_its_grid(tmp_path: Path) -> None:
    source = example().findings[0].operands[0].source
    grid = Grid(rows=2, columns=2, cells=(
        GridCell(row=0, column=0, row_span=1, column_span=2, text="=cmd()", source=source),
        GridCell(row=1, column=0, row_span=1, column_span=1, text="00123", source=source),
    ))  # fmt: skip
    form = Form(
        id="unknown#1",
        form="unknown",
        title="项目支出绩效自评表（含：附件一/附件二）[2023年度]*全部",
        grid=grid,
    )
    sheet = made(
        replace(example(), forms=(form, replace(form, id="unknown#2"))), tmp_path / "a.xlsx"
    ).worksheets[2]
    assert len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\")
    assert (sheet["A4"].value, sheet["A4"].data_type, sheet["A5"].value) == ("=cmd()", "s", "00123")
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A4:B4"]


# what is wrong, and what was checked


def test_the_list_of_problems(book: Book, sample: Report) -> None:
    sheet = book["问题清单"]
    head, *lines = sheet.iter_rows(values_only=True)
    assert len(lines) == sum(1 + len(finding.children) for finding in sample.findings)
    told = [dict(zip(head, line, strict=True)) for line in lines]
    row = next(line for line in told if line["规则编号"] == "T02-HIER")
    assert (row["页码"], row["应为"], row["实为"], row["相差"], row["允许误差"]) == (
        7,
        24900,
        25000,
        100,
        100,
    )
    assert "“2.50”（第7页）" in row["原文"] and row["文件"] == "zhuzhou_2022.pdf"
    assert [line["级别"] for line in told] == sorted(
        (line["级别"] for line in told), key=["错误", "警告", "提示"].index
    )
    assert head[-3:] == ("审核意见", "整改期限", "备注") and all(line["审核意见"] is None for line in told)
    (choice,) = sheet.data_validations.dataValidation
    assert "属实" in choice.formula1 and str(choice.sqref) == f"Q2:Q{sheet.max_row}"


def test_every_check_is_listed_with_its_verdict_and_reason(book: Book, sample: Report) -> None:
    head, *lines = book["检查清单"].iter_rows(values_only=True)
    assert len(lines) == sample.checks.applied + sample.checks.not_applicable
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert sum(line["结论"] == "通过" for line in told) == sample.checks.passed
    assert all(line["理由"] for line in told if line["结论"] == "不适用")


def test_a_report_without_its_checks_gets_them_again(sample: Report) -> None:
    bare = replace(sample, checks=replace(sample.checks, results=None))
    again = checked(bare)
    assert replace(again, checks=bare.checks) == bare and again.checks.results and sample.checks.results
    told, wanted = (
        [(each.code, each.verdict, each.reason) for each in one.checks.results] for one in (again, sample)
    )
    assert told == wanted
    with pytest.raises(ExportError, match="--all-checks"):
        checked(replace(bare, checks=replace(bare.checks, passed=1)))


# what strangers write


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_ever_a_formula(text: str, tmp_path: Path) -> None:
    finding = replace(example().findings[0], message=text, suggestion=text)
    path = tmp_path / "a.xlsx"
    sheet = made(replace(example(), findings=(finding,)), path)["问题清单"]
    cell = next(cell for cell in sheet[2] if sheet.cell(1, cell.column).value == "建议")
    assert cell.data_type == "s" and cell.quotePrefix and str(cell.value).strip() == text.strip()
    for each in openpyxl.load_workbook(path):
        assert not [cell for row in each.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_limits_of_excel() -> None:
    long = safe_text("预" * 40_000)
    assert len(long) == MOST_CHARACTERS and long.endswith("（过长，已截断）")
    assert safe_text("a\x00\x0b\ud800\uffffb") == "a\ufffd\ufffd\ufffd\ufffdb"
    assert sheet_name("a/b:c[d]*?\\", []) == "a_b_c_d____"
    assert sheet_name("", []) == sheet_name("''", []) == "表"
    names: list[str] = []
    for _ in range(12):
        names.append(sheet_name("部门整体支出绩效自评表" * 4, names))
    assert len(set(names)) == 12 and all(len(name) <= 31 for name in names)
    assert sheet_name("Income", ["INCOME"]) == "Income(2)"


def test_text_cells_keep_zeros_and_dates_stay_text() -> None:
    sheet = openpyxl.Workbook().active
    for text in ("007", "2023-01-01", "1E5", "18位：430200199001010011"):
        put(sheet.cell(1, 1), text)
        assert sheet.cell(1, 1).value == text and not isinstance(sheet.cell(1, 1).value, date)


# as an officer opens it


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_finds_what_is_printed(sample: Report, tmp_path: Path) -> None:
    workbook.write(sample, tmp_path / "a.xlsx")
    export = (
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,5"  # of the fifth sheet
    )
    converted(tmp_path / "a.xlsx", export)
    (shown,) = tmp_path.glob("*.csv")
    lines = shown.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith(",合计,1196.83,1109.33,87.5,0,") for line in lines), lines
    assert any(line.startswith("2080505,机关事业单位基本养老保险缴费支出,68.01,68.01") for line in lines)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_on_paper_a_table_stands_on_one_sheet_and_what_was_recomputed_on_another(
    sample: Report, tmp_path: Path
) -> None:
    workbook.write(sample, tmp_path / "a.xlsx")
    converted(tmp_path / "a.xlsx", "pdf")
    with pymupdf.open(tmp_path / "a.pdf") as document:
        pages = [page.get_text().replace("\n", "") for page in document]
    (income,) = [number for number, text in enumerate(pages) if text.startswith("收入决算表")]
    assert "本年收入合计" in pages[income] and "其他收入" in pages[income] and "重算" not in pages[income]
    assert pages[income + 1].startswith("重算")
    findings = [text for text in pages if text.startswith("序号")]
    assert any("允许误差" in text and "审核意见" not in text for text in findings)


def converted(book: Path, kind: str) -> None:
    """What LibreOffice makes of it, beside it."""
    profile = f"-env:UserInstallation=file://{book.parent}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(book.parent),
        str(book),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
