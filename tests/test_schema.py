"""``schemas/report.json`` is what the types say, and what is answered is what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import gongkai
from gongkai import assets, openapi, schema
from gongkai.report import SCHEMA_VERSION, Report


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(assets.path("schemas/report.json").read_text(encoding="utf-8"))
    return loaded


def test_it_is_fresh() -> None:
    assert assets.path("schemas/report.json").read_text(encoding="utf-8") == schema.text(), (
        "run `make schema`"
    )


def test_it_is_a_schema(committed: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(committed)


def test_a_report_that_was_read_keeps_to_it(committed: dict[str, Any], good_pdf: bytes) -> None:
    report = gongkai.read(good_pdf, all_checks=True)
    assert report.forms and report.schema_version == SCHEMA_VERSION
    jsonschema.validate(json.loads(report.to_json()), committed)


def test_the_example_keeps_to_it_and_a_wrong_one_does_not(committed: dict[str, Any]) -> None:
    example = json.loads(openapi.example().to_json())
    jsonschema.validate(example, committed)
    example["forms"][0]["figures"][0]["state"] = "guessed"
    with pytest.raises(jsonschema.ValidationError, match="guessed"):
        jsonschema.validate(example, committed)


def test_amounts_are_strings(committed: dict[str, Any]) -> None:
    figure = json.loads(openapi.example().to_json())["forms"][0]["figures"][0]
    assert (figure["value"], figure["yuan"], figure["quantum_yuan"]) == ("1208.44", "12084400", "100")


def test_a_report_comes_back_from_its_json() -> None:
    report = openapi.example()
    assert Report.from_json(report.to_json()) == report


def test_every_field_is_described_on_the_page_for_users(committed: dict[str, Any]) -> None:
    page = (Path(__file__).parents[1] / "docs" / "report.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)(?:\[\])?`", page))
    parts = [committed, *committed["$defs"].values()]
    fields = {name for part in parts for name in part.get("properties", {})}
    assert fields - told == set()
