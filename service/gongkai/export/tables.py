"""A Report as rows of the five tables, for every format alike. Pure: the same Report gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from gongkai.export import dimensions
from gongkai.export.columns import Column, Value, fit_text, tables
from gongkai.report import (
    CheckResult,
    Figure,
    Finding,
    FormState,
    Mention,
    Operand,
    Report,
    Slot,
    Source,
)

Row = dict[str, Value]
ID_SIZE = 200  # of an id among others, as in a column of its own
FROM_CALLER = ("agency_code", "usci", "mof_div_code", "sup_dep_code")
"""Keys of ``entity.metadata`` that have columns of their own; ``agency_name`` there comes before the printed name."""


def rows(report: Report) -> dict[str, list[Row]]:
    """``{table: its rows in order}``, every row with every column of :func:`gongkai.export.columns.tables`.

    ``checks`` has rows only where the Report lists its checks (``--all-checks``).
    """
    raw = {
        "documents": _documents(report),
        "figures": _figures(report),
        "mentions": _mentions(report),
        "findings": _findings(report),
        "checks": _checks(report),
    }
    common = _common(report)
    return {name: list(_fitted(columns, common, raw[name])) for name, columns in tables().items()}


def _fitted(
    columns: Sequence[Column], common: Mapping[str, Any], raw: Iterable[Mapping[str, Any]]
) -> Iterator[Row]:
    fits = {column.name: column.fit for column in columns}
    start: Row = dict.fromkeys(fits) | {name: fits[name](value) for name, value in common.items()}
    for each in raw:
        row = start | {name: fits[name](value) for name, value in each.items() if value is not None}
        if row.get("grade") == "sure" and row["amount"] is None and each.get("amount") is not None:
            row["grade"] = "check"  # more digits than any database holds: they stand in amount_printed alone
        yield row


def _common(report: Report) -> dict[str, Any]:
    given = report.entity.metadata
    told = {name: _plain(given.get(name)) for name in ("agency_name", *FROM_CALLER)}
    return told | {
        "report_id": report.content_hash,
        "agency_name": told["agency_name"] or report.entity.name,
        "fiscal_year": report.fiscal_year,
        "doc_kind": report.kind,
        "doc_scope": report.scope,
    }


def _plain(value: object) -> str | None:
    """What a caller gave, if it is a text or a whole number."""
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _documents(report: Report) -> Iterator[dict[str, Any]]:
    checks = report.checks
    shared = {
        "names_as_printed": "；".join(report.entity.names_as_printed),
        "member_names": "；".join(report.entity.members),
        **{f"forms_{state}": " ".join(_forms(report, state)) for state in ("present", "nil", "missing", "elsewhere")},
        "section_count": len(report.sections),
        "issue_count": len(report.issues),
        "error_count": sum(finding.severity == "error" for finding in report.findings),
        "warning_count": sum(finding.severity == "warning" for finding in report.findings),
        "review_count": sum(finding.verdict == "needs_review" for finding in report.findings),
        "checks_passed": checks.passed,
        "checks_rounding": checks.passed_with_rounding,
        "checks_failed": checks.failed,
        "checks_undefined": checks.undefined_base,
        "checks_review": checks.needs_review,
        "checks_not_applicable": checks.not_applicable,
        "schema_version": report.schema_version,
        "pipeline_version": report.pipeline_version,
        "catalogue_version": report.catalogue_version,
    }  # fmt: skip
    for number, document in enumerate(report.documents, 1):
        sources = [page.text_source for page in document.pages]
        yield shared | {
            "document_no": number,
            "document_id": document.id,
            "file_name": document.file_name,
            "page_count": len(sources),
            "ocr_page_count": sum(source in ("ocr", "mixed") for source in sources),
            "unread_page_count": sources.count("none"),
        }


def _forms(report: Report, state: FormState | str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.form for form in report.forms if form.state == state))


def _figures(report: Report) -> Iterator[dict[str, Any]]:
    numbers = count(1)
    for form in report.forms:
        of_form = {
            "form_id": form.id,
            "form_name": form.form,
            "form_title": form.title,
            "printed_number": form.printed_number,
            "form_state": form.state,
        }
        own_kinds = dimensions.kinds_printed(form)
        for figure in form.figures:
            named = dimensions.of(form, figure, report.kind, own_kinds)
            yield (
                of_form | {"figure_no": next(numbers)} | named | _figure(figure) | _class_year(report, named)
            )


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "figure_id": figure.id,
        "row_key": figure.row_key,
        "row_label": figure.row_label,
        "line_name": figure.line,
        "col_key": figure.col_key,
        "col_label": figure.col_label,
        "measure_name": figure.measure,
        "quantity": figure.quantity,
        "state": figure.state,
        "proved_by": " ".join(figure.proved_by),
        **_amount(figure),
        **_graded(figure),
        **_place(figure.source),
    }


def _amount(printed: Figure | Slot) -> dict[str, Any]:
    return {
        "amount_printed": printed.printed,
        "amount": printed.value,
        "unit_printed": printed.unit,
        "amount_yuan": printed.yuan,
        "quantum_yuan": printed.quantum_yuan,
    }


def _graded(one: Figure | Mention) -> dict[str, Any]:
    return {"method": one.method, "grade": one.grade, "confidence": one.confidence}


def _place(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    sides = zip(("box_x0", "box_y0", "box_x1", "box_y1"), source.bbox, strict=True)
    return _page(source) | {name: Decimal(str(at)) for name, at in sides}


def _page(source: Source) -> dict[str, Any]:
    return {"document_id": source.document, "page_no": source.page}


def _class_year(report: Report, named: Mapping[str, str]) -> dict[str, Any]:
    return {"class_year": report.fiscal_year} if any(name.endswith("_code") for name in named) else {}


def _mentions(report: Report) -> Iterator[dict[str, Any]]:
    for number, mention in enumerate(report.mentions, 1):
        named = dimensions.classified(mention.subject.code)
        whole = {
            "mention_no": number,
            "mention_id": mention.id,
            "fact_name": mention.fact,
            "subject_code": mention.subject.code,
            "subject_name": mention.subject.name,
            "sentence_text": mention.quote,
            **_place(mention.source),
            **_graded(mention),
        } | named | _class_year(report, named)  # fmt: skip
        filled = [slot for slot in mention.slots if slot.printed or slot.value is not None]
        for slot_no, slot in enumerate(filled, 1):
            yield whole | {"slot_no": slot_no, "slot_id": _slot_id(mention, slot)} | _slot(slot)
        if not filled:
            yield whole | {"slot_no": 1, "state": "blank"}


def _slot_id(mention: Mention, slot: Slot) -> str:
    """As findings and checks name it among their operands."""
    return f"{mention.id}/{slot.slot}"


def _slot(slot: Slot) -> dict[str, Any]:
    state = "words" if slot.value is None else "value"
    return (
        {"slot_name": slot.slot, "state": state, "quote_text": slot.quote}
        | _amount(slot)
        | _place(slot.source)
    )


def _findings(report: Report) -> Iterator[dict[str, Any]]:
    numbers = count(1)

    def told(finding: Finding, parent: int | None) -> Iterator[dict[str, Any]]:
        number = next(numbers)
        yield {"finding_no": number, "parent_no": parent} | _finding(finding)
        for child in finding.children:
            yield from told(child, number)

    for finding in report.findings:
        yield from told(finding, None)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "finding_id": finding.id,
        "finding_class": finding.class_,
        "severity": finding.severity,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "basis": "；".join(finding.basis),
        "cause": finding.cause,
        "quote_text": quoted(finding.operands),
        **(_page(finding.operands[0].source) if finding.operands else {}),
        **_judged(finding, [operand.id for operand in finding.operands]),
    }


def quoted(operands: Sequence[Operand]) -> str:
    """What is printed at each place, with its page: ``《收入决算表》合计“1,208.76”（第13页）；…``."""
    return "；".join(f"{one.label}“{one.printed}”（第{one.source.page}页）" for one in operands)


def _judged(one: Finding | CheckResult, operands: Sequence[str]) -> dict[str, Any]:
    """What a rule says of the places ``operands``, loudly or not."""
    return {
        "check_code": one.code,
        "check_title": one.title,
        "verdict": one.verdict,
        "reason": one.reason,
        "left_amount": one.left,
        "right_amount": one.right,
        "difference_amount": one.difference,
        "allowance_amount": one.allowance,
        "operand_ids": " ".join(fit_text(each, ID_SIZE, key=True) for each in operands),
    }


def _checks(report: Report) -> Iterator[dict[str, Any]]:
    pages = {figure.id: figure.source.page for form in report.forms for figure in form.figures}
    pages |= {_slot_id(one, slot): one.source.page for one in report.mentions for slot in one.slots}
    pages |= {section.id: section.source.page for section in report.sections}
    pages |= {form.id: form.pages[0] for form in report.forms if form.pages}
    for number, result in enumerate(report.checks.results or (), 1):
        yield {
            "check_no": number,
            "check_id": result.id,
            "page_no": _page_of(result.operands[0], pages) if result.operands else None,
            **_judged(result, result.operands),
        }


def _page_of(operand: str, pages: Mapping[str, int]) -> int | None:
    """The page of an operand, or of what it is a place in: a cell of a grid, some words of a section."""
    while operand not in pages and "/" in operand:
        operand = operand.rpartition("/")[0]
    return pages.get(operand)
