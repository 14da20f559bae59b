"""What OpenAPI says beyond the routes: the Report's schema, an example of it, and every problem with its example."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from gongkai import money
from gongkai.errors import REFUSALS, TYPE_PREFIX, Busy, from_wire
from gongkai.problems import MEDIA_TYPE, other
from gongkai.report import (
    ADAPTER,
    SCHEMA_VERSION,
    Checks,
    Document,
    Entity,
    Finding,
    Form,
    Operand,
    PageInfo,
    Report,
    Source,
)

OF_REPORTS = (  # what may be wrong with a request for a Report
    *(
        "bad_request",
        "key_wanted",
        "out_of_scope",
        "foreign_host",
        "unknown_report",
        "deleted",
        "invalid_request",
    ),
    "key_reused",
)
ANYWHERE = ("internal", "unavailable")
TEXT_OR_NONE: dict[str, Any] = {"type": ["string", "null"]}
REF = "#/components/schemas/{model}"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable name", "examples": [f"{TYPE_PREFIX}not_pdf"]},
        "title": {"type": "string", "description": "The problem in a few Chinese words"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in Chinese"},
        "file_name": {"type": "string", "description": "The file that is meant, if one is"},
        "errors": {
            "type": "array",
            "description": "The parts of an invalid request, or of a service that is not ready",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Its name; `events.0`: the first of a list"},
                    "code": {
                        "type": "string",
                        "description": "Stable name of the kind",
                        "examples": ["missing"],
                    },
                    "message": {"type": "string", "description": "What is wrong with it, in Chinese"},
                },
            },
        },
    },
}


def install(app: FastAPI) -> None:
    """Add the schemas that :func:`report_response` and :func:`problem_responses` refer to."""
    default: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        spec = default()
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas.update(_report_schemas(), Problem=PROBLEM)
        _with_nulls(app, spec)
        return spec

    app.openapi = openapi  # type: ignore[method-assign]


def _with_nulls(app: FastAPI, spec: dict[str, Any]) -> None:
    """Put the examples in whole: FastAPI leaves out what is null in them."""
    for route in iter_route_contexts(app.routes):
        for status, answer in getattr(route, "responses", {}).items():
            for method in route.methods or ():
                said = spec["paths"][route.path_format][method.lower()]["responses"][str(status)]
                said |= {"content": answer["content"]} if "content" in answer else {}


def _report_schemas() -> dict[str, Any]:
    schema = ADAPTER.json_schema(by_alias=True, mode="serialization", ref_template=REF)
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {**parts, "Report": schema} if "$ref" not in schema else parts


UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "`If-None-Match` names what there is"}}


def report_response(*files: str) -> dict[str, Any]:
    """The answer 200, with a short example; it may also be a file of the media types ``files``."""
    content = {"schema": {"$ref": REF.format(model="Report")}, "example": example_json()}
    return {
        "description": "The Report",
        "content": {"application/json": content, **{each: {} for each in files}},
    }


def status_response() -> dict[str, Any]:
    """The answer while there is no Report."""
    status = {"type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"]}
    progress = {
        "type": "object",
        "required": ["pages", "pages_read"],
        "properties": {
            "pages": {"type": ["integer", "null"], "description": "Known when the files have been opened"},
            "pages_read": {"type": "integer"},
        },
    }
    properties = {"id": {"type": "string"}, "status": status, "progress": progress}
    schema = {"type": "object", "required": list(properties), "properties": properties}
    example = {
        "id": "4be1a4c8d0d5c9f2a2b0b7a1c6e3f517",
        "status": "running",
        "progress": {"pages": 42, "pages_read": 17},
    }
    return {
        "description": "How far it is; `Location` says where to ask again",
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def problem_responses(*names: str) -> dict[int | str, dict[str, Any]]:
    """Problems by status, with an example of each: those of ``names``, by default every refusal and what else may be wrong; and
    what may go wrong anywhere."""
    examples = [] if names else [(name, from_wire({"type": name}).problem()) for name in REFUSALS]
    for name in dict.fromkeys((*(names or OF_REPORTS), *ANYWHERE)):
        known = name in REFUSALS
        examples.append((name, from_wire({"type": name}).problem() if known else other(name)))
    found: dict[int | str, dict[str, Any]] = {}
    for name, problem in examples:
        entry = found.setdefault(problem["status"], _no_problem())
        entry["description"] = " / ".join(filter(None, (entry["description"], problem["title"])))
        entry["content"][MEDIA_TYPE]["examples"][name] = {"value": problem}
    retry_after = {"description": "Seconds to wait", "schema": {"type": "integer"}}
    for status in found.keys() & {Busy.status, other("unavailable")["status"]}:
        found[status]["headers"] = {"Retry-After": retry_after}
    return found


def _no_problem() -> dict[str, Any]:
    schema = {"$ref": REF.format(model="Problem")}
    return {"description": "", "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}


def example_json() -> dict[str, Any]:
    """:func:`example` as it is answered."""
    found: dict[str, Any] = ADAPTER.dump_python(example(), mode="json", by_alias=True)
    return found


def example() -> Report:
    """A Report with one form, one figure and one finding."""
    document = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    income = Source(document, 12, (312.4, 401.2, 371.0, 411.7))
    total = Source(document, 13, (301.9, 120.5, 360.5, 131.0))
    figure = money.read(
        "1,208.44", id="income_expenditure_summary#1:income:27:1", row_key="income:27", row_label="本年收入合计",
        line="total_income", col_key="1", col_label="收入/决算数", measure="amount", unit="万元", quantity="money", source=income,
    )  # fmt: skip
    finding = Finding(
        id="X-T01-T02-INC/total_income", code="X-T01-T02-INC", title="收入总表与收入表的本年收入合计一致", class_="error",
        verdict="fail", severity="error", message="两表的合计相差 3,200.00 元。", suggestion="请核对两张表的合计。",
        basis=("《地方预决算公开操作规程》（财预〔2016〕143号）",), left=Decimal(12084400), right=Decimal(12087600),
        difference=Decimal(-3200), allowance=Decimal(100),
        operands=(
            Operand(id=figure.id, label="收入支出决算总表 本年收入合计", printed="1,208.44", source=income),
            Operand(id="income#1/total/1", label="收入决算表 合计", printed="1,208.76", source=total),
        ),
    )  # fmt: skip
    form = Form(
        id="income_expenditure_summary#1", form="income_expenditure_summary", printed_number="公开01表",
        title="收入支出决算总表", unit="万元", document=document, pages=(12,), expected_by="toc", figures=(figure,),
    )  # fmt: skip
    page = PageInfo(number=1, width=595.3, height=841.9, rotation=0, text_source="native")
    return Report(
        schema_version=SCHEMA_VERSION, pipeline_version="0.1.0", catalogue_version="1", content_hash=document,
        documents=(Document(id=document, file_name="某某局2023年度部门决算.pdf", pages=(page,)),),
        entity=Entity(name="某某市某某局", names_as_printed=("某某市某某局",)), fiscal_year=2023, kind="final_account",
        scope="department", forms=(form,), findings=(finding,), checks=Checks(failed=1, applied=1),
    )  # fmt: skip
