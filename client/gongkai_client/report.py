"""The Report as plain JSON types, amounts as decimal strings. Written from ``schemas/report.json``: do not edit."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class CheckResult(TypedDict):
    allowance: str | None
    code: str
    difference: str | None
    id: str
    left: str | None
    operands: list[str]
    reason: str | None
    right: str | None
    title: str
    verdict: Literal["pass", "pass_with_rounding", "fail", "undefined_base", "needs_review", "not_applicable"]


class Checks(TypedDict):
    applied: int
    failed: int
    needs_review: int
    not_applicable: int
    passed: int
    passed_with_rounding: int
    results: list[CheckResult] | None
    undefined_base: int


class Document(TypedDict):
    file_name: str
    id: str
    pages: list[PageInfo]


class Entity(TypedDict):
    members: list[str]
    metadata: dict[str, Any]
    name: str | None
    names_as_printed: list[str]


class Figure(TypedDict):
    col_key: str
    col_label: str
    confidence: float
    grade: Literal["sure", "check", "unread"]
    id: str
    line: str | None
    measure: str | None
    method: Literal["native", "ocr", "repaired", "model"]
    printed: str
    proved_by: list[str]
    quantity: Literal["money", "percent", "count", "area", "score"]
    quantum_yuan: str | None
    row_key: str
    row_label: str
    source: Source
    state: Literal["value", "blank", "not_applicable", "not_disclosed", "unread"]
    unit: (
        Literal["元", "千元", "万元", "亿元", "%", "个", "人", "人次", "批次", "辆", "台", "平方米", "分"]
        | None
    )
    value: str | None
    yuan: str | None


Finding = TypedDict(
    "Finding",
    {
        "allowance": "str | None",
        "basis": "list[str]",
        "cause": "str | None",
        "children": "list[Finding]",
        "class": "Literal['error', 'rounding', 'semantic', 'template_residue', 'structure']",
        "code": "str",
        "difference": "str | None",
        "id": "str",
        "left": "str | None",
        "message": "str",
        "operands": "list[Operand]",
        "reason": "str | None",
        "right": "str | None",
        "severity": "Literal['error', 'warning', 'info']",
        "suggestion": "str",
        "title": "str",
        "verdict": "Literal['pass', 'pass_with_rounding', 'fail', 'undefined_base', 'needs_review', 'not_applicable']",
    },
)


class Form(TypedDict):
    document: str | None
    expected_by: Literal["toc", "text", "none"]
    figures: list[Figure]
    form: str
    grade: Literal["sure", "check", "unread"]
    grid: Grid | None
    id: str
    method: Literal["native", "ocr", "repaired", "model"]
    notes: list[str]
    pages: list[int]
    printed_number: str | None
    records: list[Record]
    state: Literal["present", "nil", "missing", "elsewhere"]
    title: str
    unit: (
        Literal["元", "千元", "万元", "亿元", "%", "个", "人", "人次", "批次", "辆", "台", "平方米", "分"]
        | None
    )


class Grid(TypedDict):
    cells: list[GridCell]
    columns: int
    rows: int


class GridCell(TypedDict):
    column: int
    column_span: int
    row: int
    row_span: int
    source: Source
    text: str


class Issue(TypedDict):
    kind: str
    message: str
    source: Source | None


class Mention(TypedDict):
    confidence: float
    fact: str
    grade: Literal["sure", "check", "unread"]
    id: str
    method: Literal["native", "ocr", "repaired", "model"]
    quote: str
    slots: list[Slot]
    source: Source
    subject: Subject


class Operand(TypedDict):
    id: str
    label: str
    printed: str
    source: Source


class PageInfo(TypedDict):
    health: list[str]
    height: float
    number: int
    rotation: int
    text_source: Literal["native", "mixed", "ocr", "none"]
    width: float


class Record(TypedDict):
    figures: dict[str, str]
    grade: Literal["sure", "check", "unread"]
    id: str
    kind: Literal["item", "funds", "goal", "group", "indicator", "total"]
    label: str
    name: str | None
    source: Source
    words: list[Words]


class Report(TypedDict):
    catalogue_version: str
    checks: Checks
    content_hash: str
    documents: list[Document]
    entity: Entity
    findings: list[Finding]
    fiscal_year: int | None
    forms: list[Form]
    issues: list[Issue]
    kind: Literal["final_account", "budget"] | None
    mentions: list[Mention]
    pipeline_version: str
    schema_version: str
    scope: Literal["unit", "department"] | None
    sections: list[Section]


class Section(TypedDict):
    grade: Literal["sure", "check", "unread"]
    id: str
    kind: str
    level: int
    method: Literal["native", "ocr", "repaired", "model"]
    number: str | None
    source: Source
    text: str
    title: str


class Slot(TypedDict):
    printed: str | None
    quantum_yuan: str | None
    quote: str | None
    slot: str
    source: Source | None
    unit: (
        Literal["元", "千元", "万元", "亿元", "%", "个", "人", "人次", "批次", "辆", "台", "平方米", "分"]
        | None
    )
    value: str | None
    yuan: str | None


class Source(TypedDict):
    bbox: list[Any]
    document: str
    page: int


class Subject(TypedDict):
    code: str | None
    name: str


class Words(TypedDict):
    field: str
    source: Source
    text: str
