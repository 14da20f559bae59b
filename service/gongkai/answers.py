"""What OpenAPI says of answers that are no Report: the schema of each and an example."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer", "minimum": 0}
TIME: Shape = {"type": "number", "description": "Seconds since 1970"}
REPORT, HOOK, DELIVERY = (
    "4be1a4c8d0d5c9f2a2b0b7a1c6e3f517",
    "9d0c3a2f1b6e4d7f8a90b1c2d3e4f506",
    "0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f",
)
AT = 1763800000.1
CHANGES = ["created", "replaced", "failed", "deleted"]


def maybe(shape: Shape) -> Shape:
    """``shape`` or null."""
    return {**shape, "type": [shape["type"], "null"]}


def one_of(*names: str) -> Shape:
    """One of a closed list of words."""
    return {"type": "string", "enum": list(names)}


def thing(properties: dict[str, Shape], optional: tuple[str, ...] = ()) -> Shape:
    """An object with these properties and no others, those of ``optional`` not always."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def answer(description: str, shape: Shape, example: Any) -> Shape:
    """A response of JSON."""
    return {
        "description": description,
        "content": {"application/json": {"schema": shape, "example": example}},
    }


def items(description: str, item: Shape, *examples: Any) -> Shape:
    """A response that is one page of a list."""
    after = {**maybe(TEXT), "description": "The cursor of the next page; null at the end"}
    whole = thing({"items": {"type": "array", "items": item}, "next": after})
    return answer(description, whole, {"items": list(examples), "next": None})


def part(description: str, model: str, *examples: Any) -> Shape:
    """A response that is one part of a Report, whose schema is ``model``."""
    each = {"$ref": f"#/components/schemas/{model}"}
    whole = thing({"items": {"type": "array", "items": each}})
    return answer(description, whole, {"items": list(examples)})


REPORTS = items(
    "One page",
    thing(
        {
            "id": TEXT,
            "entity": maybe(TEXT),
            "fiscal_year": maybe({"type": "integer"}),
            "kind": maybe(TEXT),
            "scope": maybe(TEXT),
            "pages": NUMBER,
            "errors": NUMBER,
            "warnings": NUMBER,
            "needs_review": NUMBER,
            "finished_at": TIME,
        }
    ),
    {"id": REPORT, "entity": "某某市某某局", "fiscal_year": 2023, "kind": "final_account", "scope": "department", "pages": 36,
     "errors": 1, "warnings": 0, "needs_review": 0, "finished_at": AT},
)  # fmt: skip

CHANGE = {"id": REPORT, "change": "created", "replaces": None, "at": AT, "report": f"/v1/reports/{REPORT}"}
FEED = items(
    "What followed; `next` is where to go on, `after` itself if there was nothing",
    thing(
        {
            "cursor": TEXT,
            "id": {**TEXT, "description": "Of the report"},
            "change": one_of(*CHANGES),
            "replaces": {**maybe(TEXT), "description": "The report on the same files that an earlier version made"},
            "at": TIME,
            "report": {**TEXT, "description": "Its address"},
        }
    ),
    {"cursor": "41", **CHANGE},
)  # fmt: skip

BATCH = answer(
    "Counts by status, and each file",
    thing(
        {
            "id": TEXT,
            "counts": {"type": "object", "additionalProperties": NUMBER},
            "files": {
                "type": "array",
                "items": thing(
                    {
                        "file_name": TEXT,
                        "status": one_of(
                            "queued", "running", "done", "failed", "cancelled", "deleted", "refused"
                        ),
                        "report": {**TEXT, "description": "Its address"},
                        "problem": {"$ref": "#/components/schemas/Problem"},
                    },
                    optional=("report", "problem"),
                ),
            },
        }
    ),
    {
        "id": HOOK,
        "counts": {"done": 1},
        "files": [{"file_name": "甲局.pdf", "status": "done", "report": f"/v1/reports/{REPORT}"}],
    },
)

_HOOK = {
    "id": TEXT,
    "url": TEXT,
    "events": {"type": "array", "items": one_of(*CHANGES)},
    "created_at": TIME,
}
_HOOK_EXAMPLE = {
    "id": HOOK,
    "url": "https://data.example.gov.cn/hook",
    "events": ["created", "failed"],
    "created_at": AT,
}
NEW_HOOK = answer(
    "The webhook with its secret, which is not told again",
    thing({**_HOOK, "secret": TEXT}),
    {**_HOOK_EXAMPLE, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"},
)
HOOKS = items("All of the client", thing(_HOOK), _HOOK_EXAMPLE)
DELIVERIES = items(
    "The newest",
    thing(
        {
            "id": TEXT,
            "webhook": TEXT,
            "change": {**NUMBER, "description": "Its number in the feed"},
            "status": one_of("pending", "delivered", "failed"),
            "attempts": NUMBER,
            "next_at": {**maybe(TIME), "description": "When it is tried next"},
            "last_at": maybe(TIME),
            "last_answer": {**maybe(TEXT), "description": "The HTTP status, or what went wrong"},
            "created_at": TIME,
        }
    ),
    {"id": DELIVERY, "webhook": HOOK, "change": 41, "status": "pending", "attempts": 1, "next_at": AT + 5, "last_at": AT,
     "last_answer": "503", "created_at": AT},
)  # fmt: skip
REPLAYED = answer(
    "It is sent again",
    thing({"id": TEXT, "status": one_of("pending")}),
    {"id": DELIVERY, "status": "pending"},
)

CHECK = {
    "id": "T02-ROW/208/total",
    "code": "T02-ROW",
    "title": "收入决算表：各项收入之和＝本年收入合计",
    "verdict": "pass",
    "reason": None,
    "left": "12084400",
    "right": "12084400",
    "difference": "0",
    "allowance": "100",
    "operands": ["income#1/208/1"],
}

MODEL = answer(
    "What it cost by task, and each question with its answer if there is one",
    thing(
        {
            "usage": {"type": "object", "additionalProperties": {"type": "object"}},
            "entries": {"type": "array", "items": {"type": "object"}},
        }
    ),
    {"usage": {}, "entries": []},
)

ALIVE = answer(
    "The process answers",
    thing({"status": one_of("ok"), "version": TEXT, "schema_version": TEXT}),
    {"status": "ok", "version": "0.1.0", "schema_version": "1.0"},
)
READY = answer(
    "It can take work",
    thing(dict.fromkeys(("status", "database", "children", "disk"), one_of("ok"))),
    dict.fromkeys(("status", "database", "children", "disk"), "ok"),
)
ABOUT = answer(
    "What a result depends on",
    thing(
        {
            "name": TEXT,
            "version": TEXT,
            "versions": {"type": "object", "additionalProperties": maybe(TEXT)},
            "licence": TEXT,
            "source": TEXT,
        }
    ),
    {"name": "Gongkai", "version": "0.1.0", "versions": {"schema": "1.0", "ocr": None},
     "licence": "AGPL-3.0-or-later", "source": "…"},
)  # fmt: skip
