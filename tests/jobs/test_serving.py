"""Results are cut and joined as bytes: what comes out is what parsing them would have given, whatever a document says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gongkai import openapi
from gongkai.forms import definitions
from gongkai.jobs import serving
from gongkai.report import CheckResult, Document, Report, json_schema

MARKS = (
    '"metadata":{}',
    '"file_name":"0"',
    '"results":[',
    '},"issues":[',
    '"findings":[',
    ',"checks":{',
    "\\",
    '\\"',
)
NAMES = {"file_name": "Document", "metadata": "Entity", "results": "Checks", "issues": "Report", "findings": "Report", "checks": "Report"}  # fmt: skip


def hostile(text: str) -> Report:
    """A Report of two files that says ``text`` wherever a document may say something."""
    plain = openapi.example()
    figure = replace(plain.forms[0].figures[0], id=text, row_label=text, printed=text)
    checked = CheckResult(id=text, code=text, title=text, verdict="pass", operands=(text, text))
    return replace(
        plain,
        documents=tuple(Document(id=text, file_name=str(number), pages=()) for number in range(2)),
        entity=replace(plain.entity, name=text, names_as_printed=(text, text)),
        forms=(replace(plain.forms[0], title=text, figures=(figure,)),),
        findings=(replace(plain.findings[0], message=text),),
        checks=replace(plain.checks, results=(checked, checked)),
    )


@pytest.mark.parametrize("text", [*MARKS, "".join(MARKS)])
@pytest.mark.parametrize("all_checks", [True, False])
def test_what_is_served_is_what_parsing_would_give(text: str, all_checks: bool) -> None:
    report = hostile(text)
    names, metadata = ['"file_name":"1".pdf', f"{text}\\1.pdf"], {text: {"metadata": {}}, "检": 1.50}
    documents = tuple(
        replace(each, file_name=name) for each, name in zip(report.documents, names, strict=True)
    )
    expected = replace(report, documents=documents, entity=replace(report.entity, metadata=metadata))
    if not all_checks:
        expected = replace(expected, checks=replace(expected.checks, results=None))
    assert serving.served(report.to_json(), names, metadata, all_checks=all_checks) == expected.to_json()


@pytest.mark.parametrize("text", [*MARKS, "".join(MARKS)])
def test_parts_are_the_reports(text: str) -> None:
    stored = hostile(text).to_json()
    whole = json.loads(stored)
    assert json.loads(serving.part(stored, "findings")) == {"items": whole["findings"]}
    assert json.loads(serving.part(stored, "checks")) == {"items": whole["checks"]["results"]}


def test_each_name_that_is_looked_for_stands_for_one_thing() -> None:
    schema = json_schema()
    owners = {**schema["$defs"], "Report": schema} if "properties" in schema else schema["$defs"]
    named = Counter(name for owner in owners.values() for name in owner.get("properties", {}))
    for name, owner in NAMES.items():
        assert named[name] == 1 and name in owners[owner]["properties"]
    free = sorted(
        name for owner in owners.values() for name, shape in _shapes(owner) if "additionalProperties" in shape
    )
    assert free == ["figures", "metadata"]  # and keys of a record's figures are measures
    measures = {column.measure for form in definitions.load().forms.values() for column in form.columns}
    assert measures and not measures & NAMES.keys()


def _shapes(owner: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, shape in owner.get("properties", {}).items():
        if shape.get("additionalProperties") is not False:
            yield name, shape
