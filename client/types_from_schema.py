"""Writes ``gongkai_client/report.py`` from ``schemas/report.json``: ``python client/types_from_schema.py SCHEMA > FILE``.

JSON Schema of the few shapes that pydantic writes for a Report (objects, arrays, enums, optional values, maps), to ``TypedDict``.
"""

from __future__ import annotations

import json
import keyword
import sys
from pathlib import Path
from typing import Any

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = '''"""The Report as plain JSON types, amounts as decimal strings. Written from ``schemas/report.json``: do not edit."""

from __future__ import annotations

from typing import Any, Literal, TypedDict
'''


def annotation(shape: dict[str, Any]) -> str:
    """The Python type of a JSON Schema."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " | ".join(annotation(one) for one in shape["anyOf"])
    if "enum" in shape:
        return f"Literal[{', '.join(map(repr, shape['enum']))}]"
    if shape.get("type") == "array":
        return f"list[{annotation(shape.get('items', {}))}]"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        return f"dict[str, {annotation(inner) if isinstance(inner, dict) else 'Any'}]"
    return PLAIN.get(str(shape.get("type")), "Any")


def typed_dict(name: str, shape: dict[str, Any]) -> str:
    """One ``TypedDict``; as a call where a field is a word of the language (``class`` of a finding)."""
    fields = {key: annotation(one) for key, one in shape["properties"].items()}
    if any(map(keyword.iskeyword, fields)):
        lines = "".join(f"        {key!r}: {one!r},\n" for key, one in fields.items())
        return f"{name} = TypedDict(\n    {name!r},\n    {{\n{lines}    }},\n)\n"
    return f"\nclass {name}(TypedDict):\n" + "".join(f"    {key}: {one}\n" for key, one in fields.items())


def module(schema: dict[str, Any]) -> str:
    """The whole file."""
    shapes = {**schema["$defs"], "Report": schema}
    return "\n".join([HEAD, *(typed_dict(name, shape) for name, shape in sorted(shapes.items()))])


if __name__ == "__main__":
    sys.stdout.write(module(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
