"""What a server can do is found out once: the rung, and the parameters that it does not take."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from llm_scripted import (
    Request,
    Step,
    fails,
    filled,
    ignores_schema,
    json_mode,
    obedient,
    only,
    plain,
    says,
    send,
    serving,
)
from llm_scripted import completion as of

from gongkai.llm.door import Door
from gongkai.llm.ladder import Capability
from gongkai.llm.questions import Answer, NoAnswer, Outcome, Question
from gongkai.llm.settings import LlmSettings

Make = Callable[..., LlmSettings]
Ask = Callable[..., list[Outcome]]
Heading = Callable[..., Question]


def loose_only(request: Request, handler: Any) -> None:
    """Takes a schema, but not ``strict``."""
    strict = request.get("response_format", {}).get("json_schema", {}).get("strict")
    return (fails(422, "strict response_format is not supported") if strict else obedient)(request, handler)


def thinker(request: Request, handler: Any) -> None:
    """Thinks first, and is cut off unless it may think long."""
    if request["max_tokens"] < 1000:
        return says("", finish="length", reasoning_content="嗯……")(request, handler)
    return send(handler, 200, of(filled(request), reasoning_content="想好了"))


def json_in_reasoning(request: Request, handler: Any) -> None:
    """Keeps to the schema in the wrong field."""
    send(handler, 200, of("", reasoning_content=filled(request)))


LADDER: dict[str, tuple[Step, Capability]] = {
    "enforces strictly": (obedient, Capability("strict_schema")),
    "not strict": (loose_only, Capability("schema")),
    "JSON mode only": (json_mode, Capability("json_object")),
    "schema ignored silently": (ignores_schema, Capability("json_object")),
    "no response_format": (plain, Capability("fenced")),
    "no temperature": (only("temperature"), Capability("strict_schema", ("temperature",))),
    "no max_tokens, no seed": (
        only("max_tokens", "seed"),
        Capability("strict_schema", ("max_tokens", "seed")),
    ),
    "no template arguments": (
        only("chat_template_kwargs"),
        Capability("strict_schema", ("chat_template_kwargs",)),
    ),
    "thinks": (thinker, Capability("strict_schema", thinks=True)),
    "answers in its reasoning": (json_in_reasoning, Capability("strict_schema", thinks=True)),
}


async def found(settings: LlmSettings) -> Capability:
    async with Door(settings) as door:
        return await door.capability(door.session("d"))


@pytest.mark.parametrize("server", LADDER)
def test_the_highest_rung_on_which_a_server_holds(server: str, settings: Make) -> None:
    step, expected = LADDER[server]
    with serving(step) as script:
        can = asyncio.run(found(settings(script.url)))
    assert (can.rung, set(can.refused), can.thinks) == (expected.rung, set(expected.refused), expected.thinks)


@pytest.mark.parametrize("server", LADDER)
def test_every_task_works_on_every_rung(
    server: str, settings: Make, ask: Ask, every: dict[str, Callable[[], Question]]
) -> None:
    with serving(LADDER[server][0]) as script:
        outcomes = ask(settings(script.url), *(make() for make in every.values()))
    assert all(isinstance(outcome, Answer) for outcome in outcomes)


def test_a_server_that_can_do_nothing_is_told_so_once(settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(says("春天来了。")) as script:
        outcomes = ask(settings(script.url), *(heading(f"标题{n}", f"section:{n}") for n in range(10)))
        assert {outcome.why for outcome in outcomes if isinstance(outcome, NoAnswer)} == {"refused"}
        assert len(script.requests) == 4  # one a rung


def test_what_is_found_is_remembered_for_that_address_and_model(
    settings: Make, ask: Ask, heading: Heading, folder: Path
) -> None:
    with serving(json_mode) as script:
        for number in range(3):
            (outcome,) = ask(settings(script.url, cache=folder), heading(f"标题{number}"))
            assert isinstance(outcome, Answer)
        assert len(script.requests) == 3 + 3  # three rungs, once; then one request a question
        kept = (folder / "capabilities.json").read_text(encoding="utf-8")
        assert "127.0.0.1" not in kept
    with serving(obedient) as script:
        ask(settings(script.url, cache=folder), heading("又一个"))
        assert len(script.requests) == 2
    assert {each["rung"] for each in json.loads((folder / "capabilities.json").read_text()).values()} == {
        "json_object",
        "strict_schema",
    }


def test_a_spoilt_memory_is_no_harm(settings: Make, ask: Ask, heading: Heading, folder: Path) -> None:
    folder.mkdir()
    (folder / "capabilities.json").write_text('{"broken', encoding="utf-8")
    with serving(obedient) as script:
        (outcome,) = ask(settings(script.url, cache=folder), heading())
        assert isinstance(outcome, Answer)


def test_the_schema_is_in_the_words_only_where_it_is_not_enforced(
    settings: Make, ask: Ask, heading: Heading
) -> None:
    for step, shown in ((obedient, False), (json_mode, True), (plain, True)):
        with serving(step) as script:
            ask(settings(script.url), heading())
            words = script.requests[-1]["messages"][1]["content"]
            assert ("JSON Schema" in words) is shown
            assert "json" in words.lower()  # JSON mode refuses to work without the word


def test_pictures_are_sent_where_they_are_taken(settings: Make, ask: Ask) -> None:
    from gongkai.llm.questions import Part, Tag

    def question() -> Question:
        cell = Tag("K1", "R1 1.00，R2 7.00", only=("R1", "R2"), picture=b"\x89PNG-crop")
        return Question(id="q", task="choose_reading", parts=(Part("cells", (cell,)),))

    def blind(request: Request, handler: Any) -> None:
        pictured = any("image_url" in str(message["content"]) for message in request["messages"])
        return (fails(500, "image input is not supported") if pictured else obedient)(request, handler)

    for step, wanted, sent in ((obedient, True, True), (obedient, False, False), (blind, True, False)):
        with serving(step) as script:
            (outcome,) = ask(settings(script.url, images=wanted), question())
            assert isinstance(outcome, Answer)
            assert ("image_url" in str(script.requests[-1]["messages"])) is sent
