"""``schemas/label.json``: the form of a labelled report, for anyone who labels reports of their own.

``python -m gongkai_eval.schema > schemas/label.json`` writes it anew; a test holds it to the loaders and to our own labels.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from gongkai.report import FindingClass, Kind, RecordKind, Scope, Severity, Unit
from gongkai_eval import facts, findings, records
from gongkai_eval.labels import FORMS

_TEXT: dict[str, Any] = {"type": "string"}
_SOME: dict[str, Any] = {"type": "string", "minLength": 1}
_NUMBER: dict[str, Any] = {"type": "string", "pattern": r"^(-?\d+(\.\d+)?)?$"}
_COUNT: dict[str, Any] = {"type": "string", "pattern": r"^\d+$"}
_HASH: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
SECTION_COLUMNS = ("level", "number", "title", "kind", "start", "hash")


def schema() -> dict[str, Any]:
    """A JSON Schema of ``{"source": source.toml, "tables": {NN: rows}, "facts": rows, …}``, as :func:`document` makes it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gongkai labelled report",
        "description": "One folder: source.toml and CSV files in UTF-8, each CSV here as an array of its rows. What the cells mean: eval/README.md.",
        "type": "object",
        "required": ["source"],
        "additionalProperties": False,
        "properties": {
            "source": _source(),
            "tables": {
                "description": "tables/NN.csv: the first row addresses the columns (@1 … then LANE|COL_KEY|QUANTITY|UNIT), the others are as printed",
                "type": "object",
                "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "array", "items": _TEXT}},
            },
            "report": {"description": "report.txt: the whole text, of a report that may be redistributed", **_TEXT},
            "sections": _rows(
                dict.fromkeys(SECTION_COLUMNS, _TEXT) | {"level": {"enum": ["1", "2", "3"]}, "hash": _HASH}
            ),
            "facts": _rows(
                dict.fromkeys(facts.COLUMNS, _TEXT)
                | {"n": _COUNT, "section": _SOME, "fact": _SOME, "slot": _SOME, "value": _NUMBER}
            ),
            "records": _rows(
                dict.fromkeys((*records.FIXED, *sorted(records.FIELDS)), _TEXT)
                | {"table": _SOME, "kind": {"enum": list(get_args(RecordKind))}},
                required=records.FIXED,
            ),
            "findings": _rows(
                dict.fromkeys(findings.COLUMNS, _TEXT)
                | {"class": _either(get_args(FindingClass)), "severity": {"enum": list(get_args(Severity))}, "numbers": _SOME}
            ),
            "silent": _rows({"numbers": _SOME, "why": _TEXT}),
        },
    }  # fmt: skip


def _source() -> dict[str, Any]:
    texts = {"type": "array", "items": _TEXT}
    form = {"enum": sorted(FORMS)}
    return {
        "type": "object",
        "required": ["id", "title", "origin", "why", "entity", "fiscal_year", "kind", "scope"],
        "properties": {
            "id": {"description": "the name of the folder", **_SOME},
            "title": _TEXT,
            "origin": {"description": "where the report comes from", **_TEXT},
            "why": {"description": "what makes it worth measuring", **_TEXT},
            "entity": _TEXT,
            "fiscal_year": {"type": "integer"},
            "kind": {"enum": list(get_args(Kind))},
            "scope": {"enum": list(get_args(Scope))},
            "pdf_sha256": {"description": "of each PDF, in order", "type": "array", "items": _HASH},
            "file_names": texts,
            "names": texts,
            "table": {"type": "array", "items": _table(form)},
            "promised": {"type": "array", "items": _promised(form)},
        },
    }


def _table(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["file", "form", "title"],
        "properties": {
            "file": {"type": "string", "pattern": r"\.csv$"},
            "form": form,
            "title": _TEXT,
            "printed_number": _TEXT,
            "unit": {"enum": ["", *get_args(Unit)]},
            "state": {"enum": ["present", "nil"]},
            "entity_line": _TEXT,
            "year_line": _TEXT,
            "notes": {"type": "array", "items": _TEXT},
            "quantities": {"type": "object", "additionalProperties": _TEXT},
        },
    }


def _promised(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["form", "title", "state"],
        "properties": {
            "form": form,
            "title": _TEXT,
            "state": {"enum": ["missing", "elsewhere"]},
            "expected_by": {"enum": ["toc", "text", "none"]},
        },
    }


def _rows(columns: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "required": list(columns) if required is None else required,
            "additionalProperties": False,
            "properties": dict(columns),
        },
    }


def _either(names: tuple[str, ...]) -> dict[str, Any]:
    one = "|".join(names)
    return {"type": "string", "pattern": f"^({one})([|]({one}))*$"}


def document(folder: Path) -> dict[str, Any]:
    """A labelled folder as the document that the schema describes."""
    found: dict[str, Any] = {"source": tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))}
    found["tables"] = {path.stem: _cells(path) for path in sorted(folder.glob("tables/*.csv"))}
    if (folder / "report.txt").exists():
        found["report"] = (folder / "report.txt").read_text(encoding="utf-8")
    for name in ("sections", "facts", "records", "findings", "silent"):
        path = folder / f"{name}.csv"
        if path.exists():
            head, *rows = _cells(path)
            found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def _cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def text() -> str:
    """The schema as it is committed."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    print(text(), end="")
