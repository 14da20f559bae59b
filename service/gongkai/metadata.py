"""What a caller says about a submission: one JSON object, handed through to ``Report.entity.metadata`` untouched."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def parse(text: str) -> dict[str, Any]:
    """The object in ``text``; raises ``ValueError`` (not JSON, not an object, too deep, not Unicode)."""
    try:
        value = _OBJECT.validate_json(text)
        _OBJECT.dump_json(value)
    except (ValidationError, ValueError) as error:
        raise ValueError("应为 JSON 对象。") from error
    return value
