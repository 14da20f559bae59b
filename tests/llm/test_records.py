"""What was asked is kept, found again, and replayed without a network; secrets are not in it."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from llm_scripted import Request, completion, fails, filled, obedient, says, send, serving

from gongkai.llm.door import Door
from gongkai.llm.questions import QUESTIONS, Answer, Choice, NoAnswer, Outcome, Part, Question, Tag
from gongkai.llm.records import Record, RecordError, Replay, prepare, read_record
from gongkai.llm.settings import LlmSettings

Make = Callable[..., LlmSettings]
Ask = Callable[..., list[Outcome]]
Heading = Callable[..., Question]
Every = dict[str, Callable[[], Question]]


def some_fail(request: Request, handler: Any) -> None:
    """Answers headings, fails at forms, says nonsense of sentences."""
    task = request["response_format"]["json_schema"]["name"]
    steps = {"name_form": fails(400), "read_sentence": says("不知道")}
    steps.get(task, obedient)(request, handler)


def test_a_replay_ends_as_the_run_did_without_network(
    settings: Make, ask: Ask, every: Every, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    record = Record(folder / "record.jsonl")
    questions = [make() for make in every.values()]
    with serving(some_fail) as script:
        live = ask(settings(script.url), *questions, record=record)
    assert {type(outcome) for outcome in live} == {Answer, NoAnswer}

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    assert ask(None, *questions, replay=Replay(record.path)) == live
    assert ask(settings("http://127.0.0.1:9/v1"), *questions, replay=Replay(record.path)) == live


def test_a_replay_does_not_know_what_was_not_asked(
    settings: Make, ask: Ask, heading: Heading, folder: Path
) -> None:
    folder.mkdir()
    record = Record(folder / "record.jsonl")
    with serving(obedient) as script:
        ask(settings(script.url), heading(), record=record)
    replay = Replay(record.path)
    (known, unknown) = ask(None, heading(), heading("别的标题", "section:2"), replay=replay)
    assert isinstance(known, Answer)
    assert isinstance(unknown, NoAnswer) and unknown.why == "not_recorded"


def test_replays_keep_documents_apart(settings: Make, heading: Heading, folder: Path) -> None:
    folder.mkdir()
    record = Record(folder / "record.jsonl")

    async def talk(made: LlmSettings | None, **of_door: Any) -> list[str]:
        async with Door(made, **of_door) as door:
            ended = [(await door.session(name).ask([heading()]))[0] for name in ("one", "two")]
            return [getattr(outcome, "why", "answered") for outcome in ended]

    with serving(obedient, fails(400), obedient) as script:
        live = asyncio.run(talk(settings(script.url), record=record))
    assert live == ["refused", "answered"]
    assert asyncio.run(talk(None, replay=Replay(record.path))) == live


def test_answers_are_cached_between_runs_and_failures_are_not(
    settings: Make, ask: Ask, heading: Heading, folder: Path
) -> None:
    with serving(obedient, says("不知道"), says("不知道"), obedient) as script:
        made = settings(script.url, cache=folder)
        assert [type(outcome) for outcome in ask(made, heading())] == [NoAnswer]
        assert [type(outcome) for outcome in ask(made, heading())] == [Answer]
        assert len(script.requests) == 4
        assert [type(outcome) for outcome in ask(made, heading("我们做什么", "section:9"))] == [Answer]
        assert len(script.requests) == 4


def test_a_cached_answer_is_checked_again(settings: Make, ask: Ask, heading: Heading, folder: Path) -> None:
    with serving(obedient) as script:
        made = settings(script.url, cache=folder)
        ask(made, heading())
        (file,) = (folder / "answers").rglob("*.json")
        file.write_text(file.read_text(encoding="utf-8").replace('"duties"', '"99,999.00"'), encoding="utf-8")
        (outcome,) = ask(made, heading())
        assert isinstance(outcome, Answer) and outcome.values == {"headings": {"H1": "duties"}}
        assert len(script.requests) == 3


def test_the_key_is_of_everything_that_decides_an_answer(heading: Heading, every: Every) -> None:
    one = heading()
    key = prepare(one, "m").key
    assert prepare(replace(one, id="section:7"), "m").key == key
    others = [
        prepare(one, "m2").key,
        prepare(heading("别的"), "m").key,
        prepare(replace(one, lists={"kinds": (Choice("duties", "职责"),)}), "m").key,
        prepare(replace(one, lists={"kinds": (Choice("duties"), Choice("organisation"))}), "m").key,
        prepare(every["name_form"](), "m").key,
        prepare(replace(one, parts=(*one.parts, Part("context", (Tag("X1", "上文"),)))), "m").key,
        prepare(replace(one, parts=(Part("headings", (Tag("H1", "我们做什么", picture=b"png"),)),)), "m").key,
    ]
    assert len({key, *others}) == 1 + len(others)


def test_secrets_are_in_no_record_and_no_cache(
    settings: Make, ask: Ask, heading: Heading, folder: Path
) -> None:
    folder.mkdir()
    record = Record(folder / "record.jsonl")

    def echo(request: Request, handler: Any) -> None:
        """Repeats what it should not: the key that it was sent, and its own address."""
        held = filled(request)
        secret = f"{handler.headers['authorization']} {handler.headers['host']}"
        send(handler, 200, completion(held if "mark" in held else json.dumps({"headings": {"H1": secret}})))

    with serving(echo) as script:
        outcomes = ask(settings(script.url, cache=folder / "cache"), heading(), record=record)
        host = script.url.split("/")[2]
    assert isinstance(outcomes[0], NoAnswer)
    written = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())
    assert "***" in written
    assert "sk-4f9c2d7e81" not in written and host not in written


def test_with_no_model_the_questions_stand_in_the_record(ask: Ask, every: Every, folder: Path) -> None:
    folder.mkdir()
    record = Record(folder / "record.jsonl")
    questions = [make() for make in every.values()]
    outcomes = ask(None, *questions, record=record)
    assert {getattr(outcome, "why", None) for outcome in outcomes} == {"off"}
    kept = list(read_record(record.path))
    assert [exchange.question for exchange in kept] == [question.id for question in questions]
    assert "[H1] 我们做什么" in kept[1].asked


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"document": "d"}', "null"])
def test_a_file_that_is_no_record(line: str, folder: Path) -> None:
    folder.mkdir()
    path = folder / "record.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RecordError, match="第 1 行"):
        list(read_record(path))


def test_questions_travel_between_processes(every: Every) -> None:
    questions = tuple(make() for make in every.values())
    pictured = replace(questions[-1], parts=(Part("cells", (Tag("K1", "1", picture=b"\x89PNG\xff"),)),))
    whole = (*questions, pictured)
    assert QUESTIONS.validate_json(QUESTIONS.dump_json(whole)) == whole


@pytest.mark.parametrize(
    "module", ["gongkai.llm.questions", "gongkai.llm.commands", "gongkai.llm.door", "gongkai.assist"]
)
def test_the_client_is_imported_only_when_there_is_an_endpoint(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('openai', 'httpx2', 'tenacity') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_one_module_imports_the_client() -> None:
    import gongkai

    package = Path(gongkai.__file__).parent
    importers = [
        path.name for path in package.rglob("*.py") if "import openai" in path.read_text(encoding="utf-8")
    ]
    assert importers == ["wire.py"]
