"""The vocabulary of a Report: frozen types, and nothing that computes.

Everything that leaves Gongkai is built of these types; ``schemas/report.json`` is generated from them. Amounts are
``Decimal`` with a plain exponent (never ``1E+2``), so that their JSON is a decimal string; coordinates are points on the
page as displayed, origin top left, pages counted from 1. The contract (names, states, keys) is described in
``docs/report.md``; change it only together with ``SCHEMA_VERSION``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

SCHEMA_VERSION = "1.1"

Kind = Literal["final_account", "budget"]
Scope = Literal["unit", "department"]
Unit = Literal["元", "千元", "万元", "亿元", "%", "个", "人", "人次", "批次", "辆", "台", "平方米", "分"]
Quantity = Literal["money", "percent", "count", "area", "score"]
FigureState = Literal["value", "blank", "not_applicable", "not_disclosed", "unread"]
Method = Literal["native", "ocr", "repaired", "model"]
Grade = Literal["sure", "check", "unread"]
FormState = Literal["present", "nil", "missing", "elsewhere"]
RecordKind = Literal["item", "funds", "goal", "group", "indicator", "total"]
Verdict = Literal["pass", "pass_with_rounding", "fail", "undefined_base", "needs_review", "not_applicable"]
Severity = Literal["error", "warning", "info"]
FindingClass = Literal["error", "rounding", "semantic", "template_residue", "structure"]
TextSource = Literal["native", "mixed", "ocr", "none"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """A place: ``document`` is the sha256 of the PDF, ``page`` counts from 1, ``bbox`` is in points as displayed."""

    document: str
    page: int
    bbox: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of a form that can hold a number. Made by :func:`gongkai.money.read` alone.

    ``value`` is in the printed ``unit``, ``yuan`` in 元 (``None`` unless money); ``quantum_yuan`` is one unit of the last
    printed digit, in 元. ``printed`` is exactly what the page shows.
    """

    id: str
    row_key: str
    row_label: str
    line: str | None
    col_key: str
    col_label: str
    measure: str | None
    printed: str
    value: Decimal | None
    unit: Unit | None
    yuan: Decimal | None
    quantum_yuan: Decimal | None
    quantity: Quantity
    state: FigureState
    source: Source
    method: Method = "native"
    grade: Grade = "sure"
    confidence: float = 1.0
    proved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it stands on the page, rows and columns counted from 0; continued pages follow one another."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one cell of a performance form says; ``field`` is its part in the record (``level1``, ``target``, ``value``)."""

    field: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a performance form (绩效自评表, 绩效目标表).

    ``name`` is the canonical line or item, null if unknown; ``label`` is as printed. ``figures`` names the form's figures by
    measure: a cell that is merged over several rows is one figure, named by the record of each of them.
    """

    id: str
    kind: RecordKind
    name: str | None
    label: str
    words: tuple[Words, ...] = ()
    figures: dict[str, str] = field(default_factory=dict)
    source: Source
    grade: Grade = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One statutory table, or one that the report promises (``state`` missing or elsewhere).

    ``id`` is ``form#n`` in page order. ``grid`` is given when the form is ``unknown`` or of free shape, ``records`` of a
    performance form, whose numbers stand in ``figures`` like all others.
    """

    id: str
    form: str
    method: Method = "native"
    grade: Grade = "sure"
    printed_number: str | None = None
    title: str
    unit: Unit | None = None
    document: str | None = None
    pages: tuple[int, ...] = ()
    state: FormState = "present"
    expected_by: Literal["toc", "text", "none"] = "none"
    figures: tuple[Figure, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A numbered heading that stands alone on its line, with the prose up to the next heading of any level.

    ``level`` 1 is 第N部分, 2 is 一、, 3 is （一）; ``source`` is the place of the heading.
    """

    id: str
    kind: str
    method: Method = "native"
    grade: Grade = "sure"
    number: str | None
    title: str
    level: int
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    code: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    slot: str
    printed: str | None
    value: Decimal | None
    unit: Unit | None
    yuan: Decimal | None
    quantum_yuan: Decimal | None
    quote: str | None
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    id: str
    fact: str
    subject: Subject
    slots: tuple[Slot, ...]
    quote: str
    source: Source
    method: Method = "native"
    grade: Grade = "sure"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One side's ingredient in a check: the figure (or mention) by id, with what is printed there and where."""

    id: str
    label: str
    printed: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The accounts disagree with themselves. ``left``, ``right``, ``difference``, ``allowance`` are in 元 for money."""

    id: str
    code: str
    title: str
    class_: Annotated[FindingClass, Field(alias="class")]
    verdict: Verdict
    severity: Severity
    message: str
    suggestion: str = ""
    basis: tuple[str, ...] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    difference: Decimal | None = None
    allowance: Decimal | None = None
    operands: tuple[Operand, ...] = ()
    cause: str | None = None
    children: tuple[Finding, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check applied once (to one row or column), or the reason why it could not be."""

    id: str
    code: str
    title: str
    verdict: Verdict
    reason: str | None = None
    operands: tuple[str, ...] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    difference: Decimal | None = None
    allowance: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Counts of check results; ``applied`` is the sum of the first five. ``results`` is filled on request."""

    passed: int = 0
    passed_with_rounding: int = 0
    failed: int = 0
    undefined_base: int = 0
    needs_review: int = 0
    applied: int = 0
    not_applicable: int = 0
    results: tuple[CheckResult, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something was not read, and reading went on. ``kind`` is a stable name, ``message`` is Chinese for people."""

    kind: str
    message: str
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfo:
    number: int
    width: float
    height: float
    rotation: int
    text_source: TextSource
    health: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: str
    file_name: str
    pages: tuple[PageInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    name: str | None
    names_as_printed: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    schema_version: str
    pipeline_version: str
    catalogue_version: str
    content_hash: str
    documents: tuple[Document, ...]
    entity: Entity
    fiscal_year: int | None
    kind: Kind | None
    scope: Scope | None
    forms: tuple[Form, ...] = ()
    sections: tuple[Section, ...] = ()
    mentions: tuple[Mention, ...] = ()
    findings: tuple[Finding, ...] = ()
    checks: Checks = Checks()
    issues: tuple[Issue, ...] = ()

    def to_json(self, *, indent: int | None = None) -> bytes:
        """The Report as UTF-8 JSON, the same bytes for the same input."""
        return ADAPTER.dump_json(self, by_alias=True, indent=indent)

    @staticmethod
    def from_json(data: bytes | str) -> Report:
        """The inverse of :meth:`to_json`; raises ``pydantic.ValidationError``."""
        return ADAPTER.validate_json(data)


ADAPTER: TypeAdapter[Report] = TypeAdapter(Report)


_FOUND: TypeAdapter[tuple[tuple[Finding, ...], Checks]] = TypeAdapter(tuple[tuple[Finding, ...], Checks])


def found_in(findings: tuple[Finding, ...], checks: Checks) -> dict[str, Any]:
    """``findings`` and ``checks`` of a Report (or of what was held between two) as JSON values."""
    told, counted = _FOUND.dump_python((findings, checks), mode="json", by_alias=True)
    return {"findings": told, "checks": counted}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a serialised Report, as committed in ``schemas/report.json``."""
    schema = ADAPTER.json_schema(by_alias=True, mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gongkai Report",
        **schema,
    }
