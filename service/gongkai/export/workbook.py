"""A Report as a workbook for officers and auditors: the tables as printed with sums beside them, what is wrong, what was checked.

A printed number is a number where the spreadsheet can hold and show it exactly, else the printed text. Recomputed sums and
differences are those of the checks; nothing here adds up for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gongkai.export.form_sheet import add_form
from gongkai.export.sheets import Cell, add_sheet, plain_number
from gongkai.export.tables import quoted
from gongkai.files import whole
from gongkai.report import Finding, Report

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
CLASSES = {
    "error": "数据不符", "rounding": "尾差", "semantic": "文意", "template_residue": "模板残留", "structure": "结构",
}  # fmt: skip
VERDICTS = {
    "pass": "通过", "pass_with_rounding": "通过（尾差）", "fail": "不符", "undefined_base": "基数为零", "needs_review": "待核",
    "not_applicable": "不适用",
}  # fmt: skip
STATES = {"present": "有数", "nil": "空表", "missing": "缺", "elsewhere": "另附"}
KINDS = {"final_account": "决算", "budget": "预算", None: "未知"}
SCOPES = {"unit": "单位", "department": "部门汇总", None: "未知"}
FINDINGS = (
    "序号", "级别", "类别", "结论", "页码", "原文", "规则", "应为", "实为", "相差", "允许误差", "说明", "建议", "依据", "规则编号", "文件",
    "审核意见", "整改期限", "备注",
)  # fmt: skip
CHECKS = ("规则编号", "规则", "结论", "理由", "左边", "右边", "相差", "允许误差", "页码", "所涉数字")
OPINIONS = ("属实", "不属实", "待核实", "已整改")
WIDTHS = {
    "序号": 6, "级别": 6, "类别": 9, "结论": 9, "页码": 6, "原文": 40, "规则": 24, "说明": 44, "建议": 26, "依据": 20, "规则编号": 16,
    "文件": 16, "审核意见": 10, "整改期限": 11, "备注": 12, "理由": 40, "所涉数字": 48, "应为": 15, "实为": 15, "相差": 12, "允许误差": 9,
    "左边": 16, "右边": 16, "项目": 24, "内容": 70, "表名": 44, "表号": 12,
}  # fmt: skip


def write(report: Report, path: Path) -> None:
    """The workbook of ``report`` (with ``checks.results``) at ``path``, whole."""
    book = Workbook()
    book.remove(book.active)
    add_sheet(book, "概况", ("项目", "内容"), _about(report), widths=WIDTHS)
    findings = add_sheet(book, "问题清单", FINDINGS, _findings(report), widths=WIDTHS)
    findings.page_setup.fitToWidth = 2  # on one page nobody could read it
    findings.print_title_cols = "A:A"
    _opinions(findings)
    for form in report.forms:
        if form.figures or form.grid:
            add_form(book, form, report)
    add_sheet(book, "检查清单", CHECKS, _checks(report), widths=WIDTHS)
    with whole(path) as part:
        book.save(part)


def _about(report: Report) -> Iterator[Sequence[Cell]]:
    checks = report.checks
    yield "单位", report.entity.name or "未读出"
    yield "年度", str(report.fiscal_year or "未读出")
    yield "类别", KINDS[report.kind]
    yield "口径", SCOPES[report.scope]
    for document in report.documents:
        yield "文件", f"{document.file_name}（{len(document.pages)} 页，SHA-256 {document.id}）"
    for form in report.forms:
        pages = f"，第 {'、'.join(map(str, form.pages))} 页" if form.pages else ""
        yield "表", f"{form.printed_number or ''} {form.title}：{STATES[form.state]}{pages}".strip()
    yield (
        "核对",
        f"{checks.applied} 项：通过 {checks.passed}，尾差 {checks.passed_with_rounding}，不符 {checks.failed}，"
        f"待核 {checks.needs_review}，基数为零 {checks.undefined_base}；另有 {checks.not_applicable} 项不适用（未能进行）",
    )
    for issue in report.issues:
        place = f"第 {issue.source.page} 页：" if issue.source else ""
        yield "未读出", place + issue.message
    yield (
        "颜色",
        "各表中：黄色为待核的数字，红色为核对不符的数字，灰色为未读出的内容；右侧为按核对规则重算的数和差额",
    )
    yield "金额", "各表按印出的单位；问题清单和检查清单中的金额以元计"
    yield (
        "版本",
        f"程序 {report.pipeline_version}，规则目录 {report.catalogue_version}，报告格式 {report.schema_version}",
    )


def _findings(report: Report) -> Iterator[list[Cell]]:
    names = {document.id: document.file_name for document in report.documents}
    weights = list(SEVERITIES)
    ordered = sorted(report.findings, key=lambda finding: weights.index(finding.severity))
    for number, finding in enumerate(ordered, 1):
        yield _finding(str(number), finding, names)
        for part, child in enumerate(finding.children, 1):
            yield _finding(f"{number}.{part}", child, names)


def _finding(number: str, finding: Finding, names: dict[str, str]) -> list[Cell]:
    place = finding.operands[0].source if finding.operands else None
    return [
        number,
        SEVERITIES[finding.severity],
        CLASSES[finding.class_],
        VERDICTS[finding.verdict],
        place.page if place else None,
        quoted(finding.operands),
        finding.title,
        *(
            plain_number(each)
            for each in (finding.right, finding.left, finding.difference, finding.allowance)
        ),
        finding.message + (f"（{finding.reason}）" if finding.reason else ""),
        finding.suggestion,
        "；".join(finding.basis),
        finding.code,
        names.get(place.document, "") if place else "、".join(names.values()),
        None,
        None,
        None,
    ]


def _opinions(sheet: Worksheet) -> None:
    """A list to choose from in the reviewer's column, and dates in that of the deadline."""
    if sheet.max_row < 2:
        return
    choice = DataValidation("list", formula1=f'"{",".join(OPINIONS)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(_column(sheet, "审核意见"))
    deadline, _, last = _column(sheet, "整改期限").partition(":")
    for row in sheet[f"{deadline}:{last}"]:
        row[0].number_format = "yyyy-mm-dd"


def _column(sheet: Worksheet, title: str) -> str:
    letter = get_column_letter(FINDINGS.index(title) + 1)
    return f"{letter}2:{letter}{sheet.max_row}"


def _checks(report: Report) -> Iterator[list[Cell]]:
    labels = {
        figure.id: (f"{form.title} {figure.row_label} {figure.col_label}", figure.source.page)
        for form in report.forms
        for figure in form.figures
    }
    for result in report.checks.results or ():
        told = [labels[each][0] if each in labels else each for each in result.operands]
        pages = [labels[each][1] for each in result.operands if each in labels]
        yield [
            result.code,
            result.title,
            VERDICTS[result.verdict],
            result.reason,
            *(
                plain_number(each)
                for each in (result.left, result.right, result.difference, result.allowance)
            ),
            pages[0] if pages else None,
            "；".join(told),
        ]
