"""Every way in which a server can fail: what comes of it, and what it costs. The server is real, the script is ours."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from llm_scripted import (
    Request,
    Step,
    completion,
    cut,
    drip,
    fails,
    obedient,
    raw,
    says,
    send,
    serving,
    slow,
)

from gongkai.llm.door import Door
from gongkai.llm.questions import Answer, NoAnswer, Outcome, Question
from gongkai.llm.settings import LlmSettings

Ask = Callable[..., list[Outcome]]
Make = Callable[..., LlmSettings]
Heading = Callable[..., Question]

GOOD = '{"headings": {"H1": "duties"}}'


def why(outcome: Outcome) -> str:
    return outcome.why if isinstance(outcome, NoAnswer) else "answered"


def values(outcome: Outcome) -> Any:
    assert isinstance(outcome, Answer), outcome
    return outcome.values


PASSING: dict[str, Step] = {
    "500": fails(500),
    "503": fails(503),
    "408": fails(408),
    "409": fails(409),
    "429": fails(429, retry_after="0"),
    "cut": cut,
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_failure_is_tried_again(fault: str, settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient, PASSING[fault], obedient) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert values(outcome) == {"headings": {"H1": "duties"}}
        assert len(script.requests) == 3  # the probe, the failure, the answer


@pytest.mark.parametrize("fault", PASSING)
def test_a_lasting_failure_ends_after_the_attempts(
    fault: str, settings: Make, ask: Ask, heading: Heading
) -> None:
    with serving(obedient, PASSING[fault]) as script:
        (outcome,) = ask(settings(script.url, attempts=3, breaker_failures=9), heading())
        assert why(outcome) == "unavailable"
        assert len(script.requests) == 1 + 3


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "refused"), (401, "refused"), (403, "refused"), (404, "refused"), (422, "refused")],
)
def test_a_refusal_is_never_tried_again(
    status: int, expected: str, settings: Make, ask: Ask, heading: Heading
) -> None:
    with serving(obedient, fails(status)) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert why(outcome) == expected
        assert len(script.requests) == 2


def test_a_refused_key_closes_the_door_for_all_questions(settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(fails(401, "Incorrect API key provided: sk-4f9c2d7e81")) as script:
        outcomes = ask(
            settings(script.url, concurrency=1), *(heading(f"标题{n}", f"section:{n}") for n in range(10))
        )
        assert {why(outcome) for outcome in outcomes} == {"refused"}
        assert len(script.requests) == 1


def test_the_wait_is_what_the_server_asks_for(settings: Make, ask: Ask, heading: Heading) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with serving(obedient, fails(429, retry_after="7"), fails(500), obedient) as script:
        (outcome,) = ask(settings(script.url), heading(), sleep=sleep)
        assert isinstance(outcome, Answer)
    assert 7 <= waits[0] <= 7.5
    assert 0 <= waits[1] <= 1.0


def test_no_wait_longer_than_the_limit_or_the_deadline(settings: Make, ask: Ask, heading: Heading) -> None:
    for given, limits in (("3600", {}), ("15", {"document_seconds": 10})):
        with serving(obedient, fails(429, retry_after=given), obedient) as script:
            (outcome,) = ask(settings(script.url, **limits), heading())
            assert why(outcome) == "unavailable"
            assert len(script.requests) == 2


def test_a_date_as_retry_after(settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient, fails(429, retry_after="Wed, 21 Oct 2099 07:28:00 GMT"), obedient) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert why(outcome) == "unavailable"
        assert len(script.requests) == 2


@pytest.mark.parametrize("fault", ["first byte", "drip"])
def test_a_slow_server_costs_no_more_than_the_document_has(
    fault: str, settings: Make, ask: Ask, heading: Heading
) -> None:
    step = slow(3, obedient) if fault == "first byte" else drip
    with serving(obedient, step) as script:
        began = time.monotonic()
        outcomes = ask(
            settings(script.url, read_seconds=0.3, call_seconds=0.6, document_seconds=1.5),
            *(heading(f"标题{n}", f"section:{n}") for n in range(8)),
        )
        assert time.monotonic() - began < 3
    assert {why(outcome) for outcome in outcomes} <= {"unavailable", "deadline"}


def test_a_dead_endpoint_is_left_alone(settings: Make, ask: Ask, heading: Heading) -> None:
    began = time.monotonic()
    outcomes = ask(
        settings("http://127.0.0.1:9/v1"), *(heading(f"标题{n}", f"section:{n}") for n in range(50))
    )
    assert {why(outcome) for outcome in outcomes} == {"unavailable"}
    assert time.monotonic() - began < 5


def test_after_five_failures_the_breaker_spares_the_server(
    settings: Make, ask: Ask, heading: Heading
) -> None:
    with serving(obedient, fails(500)) as script:
        ask(settings(script.url, concurrency=1), *(heading(f"标题{n}", f"section:{n}") for n in range(30)))
        assert len(script.requests) == 1 + 5


CONTENT: dict[str, Step] = {
    "empty": says(""),
    "null": says(None),
    "blanks": says("   \n\n   "),
    "thinking ate all tokens": says("", finish="length", reasoning_content="我们先看标题……"),
    "unclosed think": says("<think>标题是职责"),
    "endless white space": says('{"headings": {"H1": ' + "\n" * 500, finish="length"),
    "truncated": says('{"headings": {"H1": "dut', finish="length"),
    "schema ignored": says("这是职责部分。"),
    "another shape": says('["duties"]'),
    "two blocks": says(f"```json\n{GOOD}\n```\n或\n```json\n{GOOD}\n```"),
    "object inside prose": says(f"答案是 {GOOD} 。"),
    "wrong name": says('{"headings": {"H1": "duty"}}'),
    "nearly a name": says('{"headings": {"H1": "Duties"}}'),
    "unknown id": says('{"headings": {"H2": "duties"}}'),
    "one id too many": says('{"headings": {"H1": "duties", "H2": "duties"}}'),
    "id missing": says('{"headings": {}}'),
    "id twice": says('{"headings": {"H1": "duties", "H1": "other"}}'),
    "extra property": says('{"headings": {"H1": "duties"}, "amount": "11208.44"}'),
    "hallucinated amount": says('{"headings": {"H1": "11208.44"}}'),
    "a number": says('{"headings": {"H1": 11208.44}}'),
    "deeply nested": says("[" * 20000),
    "wrong content type": raw(b"<html>gateway</html>", "text/html"),
    "not json": raw(b"{", "application/json"),
    "no choices": raw(b'{"choices": []}'),
    "choices of another kind": raw(b'{"choices": [7]}'),
    "a list": raw(b"[]"),
    "wrong encoding": raw(b"\xff\xfe\x00"),
    "huge": lambda request, handler: send(handler, 200, completion("字" * 600_000)),
    "compressed": raw(b"\x1f\x8b" + b"\0" * 64, content_encoding="gzip"),
}


@pytest.mark.parametrize("fault", CONTENT)
def test_a_bad_answer_is_asked_for_once_more_and_then_refused(
    fault: str, settings: Make, ask: Ask, heading: Heading
) -> None:
    with serving(obedient, CONTENT[fault]) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert why(outcome) == "invalid"
        assert len(script.requests) == 3
        assert "上一次的回答不合格" in script.requests[2]["messages"][-1]["content"]
        assert script.requests[2]["max_tokens"] > script.requests[1]["max_tokens"]
        assert script.requests[2]["seed"] != script.requests[1]["seed"]


@pytest.mark.parametrize("fault", CONTENT)
def test_the_second_answer_counts(fault: str, settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient, CONTENT[fault], says(GOOD)) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert values(outcome) == json.loads(GOOD)


@pytest.mark.parametrize(
    "step",
    [
        says("", reasoning_content=GOOD),
        says(None, reasoning=f"<think>想</think>{GOOD}"),
        says(f"<think>先想想 {{}}</think>\n{GOOD}"),
        says(f"```json\n{GOOD}\n```"),
        says(GOOD + "\n" * 200, finish="length"),
        says(GOOD, usage=False),
        raw(json.dumps({"choices": [{"message": {"content": [{"type": "text", "text": GOOD}]}}]}).encode()),
    ],
    ids=[
        "reasoning field",
        "reasoning with think",
        "think block",
        "fence",
        "white space after it",
        "no usage",
        "parts",
    ],
)
def test_odd_ways_to_say_the_right_thing(step: Step, settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient, step) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert values(outcome) == json.loads(GOOD)
        assert len(script.requests) == 2


TOO_LONG = (
    "the request exceeds the available context size (2048 tokens)",
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    "'max_tokens' or 'max_completion_tokens' is too large: 500. This model's maximum context length is 4096 tokens.",
)


@pytest.mark.parametrize("message", TOO_LONG)
def test_a_question_too_long_for_the_model(message: str, settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient, fails(400, message)) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert why(outcome) == "too_long"
        assert len(script.requests) == 2
    with serving(obedient) as script:
        (outcome,) = ask(settings(script.url, prompt_characters=5), heading())
        assert why(outcome) == "too_long"
        assert script.requests == []


def test_a_schema_that_the_server_does_not_take_goes_one_rung_down(settings: Make, heading: Heading) -> None:
    def picky(request: Request, handler: Any) -> None:
        strict = request.get("response_format", {}).get("json_schema", {})
        refuses = strict.get("strict") and strict["name"] == "name_section"
        return (fails(400, "Invalid schema for response_format") if refuses else obedient)(request, handler)

    async def talk(url: str) -> list[Outcome]:
        async with Door(settings(url)) as door:
            session = door.session("d")
            return [*await session.ask([heading()]), *await session.ask([heading("另一个", "section:2")])]

    with serving(picky) as script:
        assert [why(outcome) for outcome in asyncio.run(talk(script.url))] == ["answered", "answered"]
        strict = [
            request["response_format"]["json_schema"].get("strict", False) for request in script.requests
        ]
        assert strict == [True, True, False, False]  # the probe, the refusal, and from then on without


def test_redirects_are_not_followed(settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(obedient) as elsewhere:
        with serving(obedient, raw(b"", status=307, location=elsewhere.url + "/chat/completions")) as script:
            (outcome,) = ask(settings(script.url), heading())
        assert why(outcome) == "refused"
        assert elsewhere.requests == []


def test_a_request_speaks_the_common_dialect(settings: Make, ask: Ask, heading: Heading) -> None:
    """Nothing that a server dropped (``guided_json``) or that others lack; one thing beside it, given up where it is refused."""
    with serving(obedient) as script:
        ask(settings(script.url), heading())
    common = {"model", "messages", "temperature", "seed", "max_tokens", "response_format"}
    assert [set(request) - common for request in script.requests] == [{"chat_template_kwargs"}] * 2
    assert script.headers[0]["authorization"] == "Bearer sk-4f9c2d7e81"


def test_no_more_than_so_many_at_once(settings: Make, ask: Ask, heading: Heading) -> None:
    with serving(slow(0.03, obedient)) as script:
        outcomes = ask(
            settings(script.url, concurrency=3), *(heading(f"标题{n}", f"section:{n}") for n in range(20))
        )
        assert all(isinstance(outcome, Answer) for outcome in outcomes)
        assert 2 <= script.most_at_once <= 3


def test_proxies_and_the_clients_own_variables_are_not_obeyed(
    settings: Make, ask: Ask, heading: Heading, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    with serving(obedient) as script:
        (outcome,) = ask(settings(script.url), heading())
        assert isinstance(outcome, Answer)
        assert not {"openai-organization", "openai-project"} & script.headers[0].keys()


def test_neither_key_nor_address_reaches_a_log_or_an_error(
    settings: Make, ask: Ask, heading: Heading, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = fails(500, "bad key sk-4f9c2d7e81")
    for steps in ((obedient,), (obedient, echo), (obedient, cut), (fails(401, "sk-4f9c2d7e81"),)):
        with serving(*steps) as script:
            made = settings(script.url)
            (outcome,) = ask(made, heading())
            told = caplog.text + repr(outcome) + repr(made)
            host = script.url.removeprefix("http://").removesuffix("/v1")
            assert "sk-4f9c2d7e81" not in told
            assert host not in told
