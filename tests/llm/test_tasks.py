"""Prompts and schemas in pairs; the schemas' shape, which is what keeps a model from making a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gongkai import assets
from gongkai.llm import tasks
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.llm.sheet import longest, problems, sheet, skeleton
from gongkai.llm.tasks import NAMES, TaskError, load, parse

Every = dict[str, Callable[[], Question]]
MAY_HOLD = {"type", "properties", "required", "additionalProperties", "enum", "$ref", "$defs", "title"}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for group in ("properties", "$defs"):
        for inner in schema.get(group, {}).values():
            yield from nodes(inner)


def levels(schema: dict[str, Any]) -> int:
    return 1 + max(map(levels, schema["properties"].values())) if schema.get("type") == "object" else 0


def test_every_prompt_has_its_schema_and_every_schema_its_prompt() -> None:
    prompts = {path.stem for path in assets.path("prompts").glob("*.md")} - {"README"}
    schemas = {path.stem for path in assets.path("schemas/llm").glob("*.json")}
    assert prompts == schemas == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_has_no_number_and_stays_in_the_strict_subset(name: str, every: Every) -> None:
    for schema in (load(name).schema, sheet(load(name), every[name]())):
        Draft202012Validator.check_schema(schema)
        assert levels(schema) <= 3
        for node in nodes(schema):
            assert node.keys() <= MAY_HOLD
            assert "$ref" in node or node["type"] in ("object", "string")
            if node.get("type") == "string":  # no free text: nothing that is not in a list can be said
                assert node["enum"] and len(set(node["enum"])) == len(node["enum"])
            if node.get("type") == "object":
                assert node["required"] == list(node["properties"])
                assert node["additionalProperties"] is False


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_explains_every_property_of_its_answer(name: str) -> None:
    task = load(name)
    for prop in task.schema["properties"]:
        assert f"`{prop}`" in task.prompt


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_explains_every_name_of_its_fixed_lists(name: str, every: Every) -> None:
    task, question = load(name), every[name]()
    for definition, node in task.schema["$defs"].items():
        if definition not in question.lists:
            for each in node["enum"]:
                assert each in task.prompt, f"{definition}: {each}"


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_asks_for_the_tags_handed_out_and_no_others(name: str, every: Every) -> None:
    question = every[name]()
    schema = sheet(load(name), question)
    asked = {prop: inner["required"] for prop, inner in schema["properties"].items() if "properties" in inner}
    handed = {
        part.name: [tag.id for tag in part.tags]
        for part in question.parts
        if part.name in schema["properties"]
    }
    assert asked == handed


def test_our_check_agrees_with_a_json_schema_validator(every: Every) -> None:
    schema = sheet(load("name_form"), every["name_form"]())
    good = {
        "tables": {"X1": "none"},
        "columns": dict.fromkeys(("C1", "C2", "C3"), "total"),
        "rows": {"R1": "301", "R2": "none"},
    }
    wrong: list[Any] = [
        {**good, "tables": {"X1": "forms"}},
        {**good, "tables": {"X1": 1}},
        {**good, "tables": {"X1": ["none"]}},
        {**good, "rows": {"R1": "301"}},
        {**good, "rows": {"R1": "301", "R2": "none", "R3": "none"}},
        {**good, "columns": None},
        {**good, "columns": {"C1": "total", "C2": "total", "C3": "301"}},
        {"tables": {"X1": "none"}},
        [],
        "none",
    ]
    validator = Draft202012Validator(schema)
    assert problems(good, schema) == [] and validator.is_valid(good)
    for value in wrong:
        assert problems(value, schema) and not validator.is_valid(value), value


def test_a_tag_may_have_names_of_its_own() -> None:
    cells = (Tag("K1", "1.00 或 7.00", only=("R1", "R2")), Tag("K2", "3.00", only=("R3",)))
    schema = sheet(
        load("choose_reading"), Question(id="q", task="choose_reading", parts=(Part("cells", cells),))
    )
    assert problems({"cells": {"K1": "R2", "K2": "none"}}, schema) == []
    assert problems({"cells": {"K1": "R3", "K2": "none"}}, schema)


def test_parts_without_tags_are_not_asked_about(every: Every) -> None:
    whole = every["name_form"]()
    question = Question(
        id="q", task="name_form", parts=whole.parts[:1], lists={"forms": whole.lists["forms"]}
    )
    schema = sheet(load("name_form"), question)
    assert list(schema["properties"]) == ["tables"]
    assert list(schema["$defs"]) == ["forms"]


def test_a_question_that_does_not_fit_is_our_own_fault() -> None:
    def ask(tags: tuple[Tag, ...], lists: dict[str, tuple[Choice, ...]]) -> None:
        sheet(
            load("name_section"),
            Question(id="q", task="name_section", parts=(Part("headings", tags),), lists=lists),
        )

    one = (Tag("H1", "一"),)
    ask(one, {"kinds": (Choice("duties"),)})
    for tags, lists in (
        (one, {"forms": (Choice("income"),)}),
        ((*one, *one), {}),
        (tuple(Tag(f"H{n}", "一") for n in range(1, 400)), {}),
        (one, {"kinds": tuple(Choice(f"k{n}") for n in range(1000))}),
        ((), {}),
    ):
        with pytest.raises(ValueError, match=r"."):
            ask(tags, lists)


def test_the_longest_answer_fits_into_the_tokens_allowed(every: Every) -> None:
    import json

    schema = sheet(load("name_form"), every["name_form"]())
    answer = {
        "tables": {"X1": "expenditure"},
        "columns": dict.fromkeys(("C1", "C2", "C3"), "total"),
        "rows": dict.fromkeys(("R1", "R2"), "total"),
    }
    assert len(json.dumps(answer, indent=2)) <= longest(schema) <= 3 * len(json.dumps(answer, indent=2))
    shape = skeleton(load("name_form"), schema)
    assert shape.startswith('{"tables": {"X1": <forms>}, "columns": {"C1": <measures>, …, "C3": <measures>}')


FRONT = "---\nid: name_form\nversion: 2\nschema: schemas/llm/name_form.json\nchangelog:\n  1: first\n  2: second\n---\n任务"


def test_front_matter_is_read() -> None:
    task = parse("name_form", FRONT, {"title": "name_form"})
    assert (task.version, task.changelog, task.prompt) == (2, {1: "first", 2: "second"}, "任务")
    assert task.stamp.startswith("name_form@2:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("---\nid", "id"),
        ("id: name_form", "id: name_section"),
        ("version: 2", "version: 3"),
        ("  1: first", "  first"),
        ("schema: ", "scheme: "),
    ],
)
def test_wrong_front_matter_is_named(old: str, new: str) -> None:
    with pytest.raises(TaskError, match="name_form"):
        parse("name_form", FRONT.replace(old, new), {"title": "name_form"})


def test_the_stamp_changes_with_the_words() -> None:
    one = parse("name_form", FRONT, {"title": "name_form"})
    other = parse("name_form", FRONT + "。", {"title": "name_form"})
    assert one.stamp != other.stamp


def test_no_task_by_another_name() -> None:
    with pytest.raises(TaskError):
        tasks.load("../README")


def test_the_folder_is_the_repositorys() -> None:
    assert Path(assets.path("prompts")).name == "prompts"
