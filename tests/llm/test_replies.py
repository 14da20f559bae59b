"""Whatever a server says, what comes out is an answer from the lists, or none."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.llm.replies import BadReply, answer_of
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import problems, sheet
from gongkai.llm.tasks import load
from gongkai.llm.wire import Reply, Trouble, Wire

QUESTION = Question(
    id="q",
    task="name_section",
    parts=(Part("headings", (Tag("H1", "一"), Tag("H2", "二"))),),
    lists={"kinds": (Choice("duties"), Choice("staffing"))},
)
SCHEMA = sheet(load("name_section"), QUESTION)
WORDS = st.sampled_from(
    ["H1", "H2", "H3", "headings", "duties", "other", "Duties", "99,999.00", "", "none", "一"]
)
VALUES = st.recursive(
    WORDS | st.integers() | st.none() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    else:
        yield value


@given(VALUES | st.fixed_dictionaries({"headings": st.fixed_dictionaries({"H1": VALUES, "H2": VALUES})}))
def test_what_passes_holds_only_names_that_were_handed_out(value: Any) -> None:
    try:
        answer = answer_of(Reply(json.dumps(value, ensure_ascii=False), "", "stop", 1, 1))
    except BadReply:
        return
    if not problems(answer, SCHEMA):
        assert set(leaves(answer)) <= {"duties", "staffing", "other"}
        assert answer["headings"].keys() == {"H1", "H2"}


@pytest.mark.parametrize(
    "text",
    [
        "<think>" * 70_000,
        "```json\n" + " \n" * 250_000 + "x",
        "```json\n" * 60_000,
        "<think></think>" * 30_000,
    ],
    ids=["thoughts", "white space", "fences", "empty thoughts"],
)
def test_a_long_reply_is_taken_apart_at_once(text: str) -> None:
    """It would hold up all documents of the process, past any deadline."""
    began = time.process_time()
    with pytest.raises(BadReply):
        answer_of(Reply(text, text, "stop", 1, 1))
    assert time.process_time() - began < 2


@given(st.text(alphabet='{}[]":,`\n <think>/hedin123 s', max_size=60), st.text(max_size=20))
def test_any_text_is_an_object_or_a_bad_reply(text: str, thoughts: str) -> None:
    try:
        assert isinstance(answer_of(Reply(text, thoughts, "stop", None, None)), dict)
    except BadReply as bad:
        assert str(bad)


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=80)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | VALUES.map(lambda value: json.dumps({"choices": [value]}).encode())
    | VALUES.map(lambda value: json.dumps({"choices": [{"message": value}], "usage": value}).encode())
    | VALUES.map(lambda value: json.dumps({"choices": [{"message": {"content": value}}]}).encode()),
    st.sampled_from([200, 204, 302, 400, 401, 429, 500]),
    st.sampled_from(["application/json", "text/html", ""]),
)
def test_any_bytes_are_a_reply_or_a_trouble(body: bytes, status: int, kind: str) -> None:
    async def handle(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, content=body, headers={"content-type": kind, "retry-after": "soon"})

    async def send() -> Reply:
        wire = Wire(LlmSettings(base_url="http://model.local/v1", model="m"), httpx2.MockTransport(handle))
        try:
            return await wire.send({"model": "m", "messages": [{"role": "user", "content": "?"}]}, 5)
        finally:
            await wire.close()

    try:
        assert isinstance(asyncio.run(send()), Reply)
    except Trouble as trouble:
        assert trouble.__cause__ is None and trouble.__context__ is None  # nothing of the request hangs on it
        assert trouble.status in (None, status)


@pytest.mark.parametrize("given_header", ["soon", "-5", "", "Wed, 99 Nov"])
def test_a_retry_after_that_makes_no_sense_is_no_wait(
    given_header: str, every: dict[str, Callable[[], Question]]
) -> None:
    async def handle(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, json={}, headers={"retry-after": given_header})

    async def send() -> Trouble:
        wire = Wire(LlmSettings(base_url="http://model.local/v1", model="m"), httpx2.MockTransport(handle))
        try:
            await wire.send({"model": "m", "messages": []}, 5)
        except Trouble as trouble:
            return trouble
        finally:
            await wire.close()
        raise AssertionError("the server refused")

    assert not asyncio.run(send()).retry_after
