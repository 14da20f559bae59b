"""The summary of a batch as a workbook: who has published what, how complete it is, and what a person has to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from gongkai.disclosures import WHY, Answer, Brief, Published
from gongkai.export.sheets import Cell, add_sheet
from gongkai.files import whole
from gongkai.forms import definitions

if TYPE_CHECKING:
    from gongkai.batch import Failure

KINDS = {"final_account": "决算", "budget": "预算", None: ""}
SCOPES = {"unit": "单位", "department": "部门汇总", None: ""}
STATES = {"present": "有", "nil": "空表", "missing": "缺", "elsewhere": "另附"}
BODY_HEAD = (
    "编码", "单位名称", "统一社会信用代码", "财政区划", "主管部门", "年度", "类别", "口径", "是否公开", "文件数", "文件", "页数",
    "有数的表", "空表", "缺表", "另附的表", "章节数", "错误", "警告", "待核", "未读出",
)  # fmt: skip
REVIEW_HEAD = ("文件", "文中单位名称", "年度", "类别", "事由")
WIDTHS = {"单位名称": 30, "文件": 40, "统一社会信用代码": 21, "文中单位名称": 30, "事由": 70}
COUNTS = ("errors", "warnings", "needs_review", "issues")


def write(briefs: Sequence[Brief], failures: Sequence[Failure], answer: Answer | None, path: Path) -> None:
    """The workbook at ``path``, whole. Without a roster (``answer`` is ``None``) each report is a line."""
    book = Workbook()
    book.remove(book.active)
    if answer is None:
        lines = [_line(None, [one]) for one in briefs]
        published: list[tuple[str, Sequence[Brief]]] = [(one.name or "", (one,)) for one in briefs]
    else:
        lines = list(_with_roster(answer.published))
        published = [(line.body.name, line.briefs) for line in answer.published if line.briefs]
    add_sheet(book, "公开情况", BODY_HEAD, lines, widths=WIDTHS)
    add_sheet(book, "各表完整性", *_matrix(published), widths=WIDTHS)
    add_sheet(book, "待人工确认", REVIEW_HEAD, _review(failures, answer), widths=WIDTHS)
    with whole(path) as part:
        book.save(part)


def _review(failures: Sequence[Failure], answer: Answer | None) -> Iterator[list[Cell]]:
    for one, why in answer.review if answer else ():
        yield [_names(one), one.name, one.year, KINDS[one.kind], WHY[why]]
    for failure in failures:
        yield ["、".join(path.name for path in failure.files), None, None, None, failure.detail]


def _with_roster(published: Sequence[Published]) -> Iterator[list[Cell]]:
    for line in published:
        if line.briefs:
            yield _line(line, line.briefs)
        else:
            state = (
                "未公开" if line.part_of is None else f"未公开（列入《{_names(line.part_of)}》的单位构成）"
            )
            year, kind = line.year, KINDS[line.kind]
            yield [*_identity(line), year, kind, "", state, 0, *([None] * (len(BODY_HEAD) - 10))]


def _identity(line: Published) -> list[Cell]:
    body = line.body
    return [body.code, body.name, body.usci, body.division, body.parent]


def _line(line: Published | None, briefs: Sequence[Brief]) -> list[Cell]:
    first = briefs[0]
    forms = [(form, state) for one in briefs for form, state in one.forms]
    return [
        *(_identity(line) if line else [None, first.name, None, None, None]),
        first.year,
        KINDS[first.kind],
        SCOPES[first.scope],
        "已公开" if line else "",
        sum(len(one.files) for one in briefs),
        "、".join(_names(one) for one in briefs),
        sum(one.counts["pages"] for one in briefs),
        *(sum(each == state for _, each in forms) for state in STATES),
        sum(len(one.sections) for one in briefs),
        *(sum(one.counts[what] for one in briefs) for what in COUNTS),
    ]


def _names(one: Brief) -> str:
    return "、".join(path.name for path in one.files)


def _matrix(published: Sequence[tuple[str, Sequence[Brief]]]) -> tuple[list[str], list[list[Cell]]]:
    """Bodies by forms: 有, 空表, 缺 or 另附; nothing where the form is neither there nor expected."""
    known = definitions.load().forms
    printed = dict.fromkeys(form for _, briefs in published for one in briefs for form, _ in one.forms)
    columns = {form: known[form].name for form in printed if form in known}  # in the order of the first body
    lines: list[list[Cell]] = []
    for name, briefs in published:
        states = {form: STATES[state] for one in reversed(briefs) for form, state in reversed(one.forms)}
        first = briefs[0]
        lines.append(
            [
                name,
                first.year,
                KINDS[first.kind],
                SCOPES[first.scope],
                *(states.get(form) for form in columns),
            ]
        )
    return ["单位名称", "年度", "类别", "口径", *columns.values()], lines
