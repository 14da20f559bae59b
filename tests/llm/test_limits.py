"""What a model may cost: allowances of a document and of a run, the breaker, and the usage that is told afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_scripted import obedient, says, serving

from gongkai.llm.budget import Cost, Purse, Spent, Usage, estimated_tokens
from gongkai.llm.door import Door
from gongkai.llm.questions import Answer, Outcome, Part, Question, Tag
from gongkai.llm.retry import Breaker
from gongkai.llm.settings import LlmSettings, Price
from gongkai.llm.wire import Trouble

Make = Callable[..., LlmSettings]
Ask = Callable[..., list[Outcome]]
Heading = Callable[..., Question]
PRICE = Price(Decimal("2"), Decimal("8"))  # a million tokens


def many(heading: Heading, number: int) -> list[Question]:
    return [heading(f"标题{n}", f"section:{n}") for n in range(number)]


def ends(outcomes: list[Outcome]) -> Counter[str]:
    return Counter("answered" if isinstance(outcome, Answer) else outcome.why for outcome in outcomes)


@pytest.mark.parametrize(
    ("limits", "answered"),
    [
        ({"document_calls": 4}, 3),  # the probe is one
        ({"run_calls": 4}, 3),
        ({"document_tokens": 120 * 4 + 300}, 3),
        ({"document_money": Decimal("0.00036") * 4 + Decimal("0.0015")}, 3),
    ],
    ids=["calls", "calls of the run", "tokens", "money"],
)
def test_when_the_allowance_is_spent_the_rest_stays_unasked(
    limits: dict[str, Any], answered: int, settings: Make, ask: Ask, heading: Heading
) -> None:
    with serving(obedient) as script:
        made = settings(script.url, concurrency=1, prices={"m": PRICE}, **limits)
        counts = ends(ask(made, *many(heading, 12)))
        assert counts["answered"] + counts["budget"] == 12
        assert abs(counts["answered"] - answered) <= 1
        assert len(script.requests) == counts["answered"] + 1


def test_the_bytes_of_a_picture_are_no_words(settings: Make, ask: Ask) -> None:
    """A dozen pictures of cells fit into the allowance of a document."""
    cells = tuple(
        Tag(f"K{n}", "R1 1.00，R2 7.00", only=("R1", "R2"), picture=b"\x89PNG" * 4000) for n in range(1, 13)
    )
    question = Question(id="q", task="choose_reading", parts=(Part("cells", cells),))
    with serving(obedient) as script:
        (outcome,) = ask(settings(script.url, images=True), question)
        assert isinstance(outcome, Answer)
        assert str(script.requests[-1]["messages"]).count("'image_url': {") == 12


def test_a_run_has_one_allowance_for_all_its_documents(settings: Make, heading: Heading) -> None:
    async def talk(made: LlmSettings) -> list[Counter[str]]:
        async with Door(made) as door:
            return [
                ends(
                    await door.session(f"document {n}").ask(
                        [heading(f"标题{n}{m}", f"section:{m}") for m in range(4)]
                    )
                )
                for n in range(3)
            ]

    with serving(obedient) as script:
        counts = asyncio.run(talk(settings(script.url, run_calls=7)))
    assert counts == [{"answered": 4}, {"answered": 2, "budget": 2}, {"budget": 4}]


def test_usage_is_told_by_task(
    settings: Make, every: dict[str, Callable[[], Question]], heading: Heading
) -> None:
    async def talk(made: LlmSettings) -> tuple[Usage, Usage]:
        async with Door(made) as door:
            first = door.session("one")
            await first.ask([every["name_form"](), heading(), heading("我们做什么", "section:2")])
            second = door.session("two")
            await second.ask([heading()])
            return second.usage, door.usage

    with serving(obedient) as script:
        second, whole = asyncio.run(talk(settings(script.url, prices={"m": PRICE})))
    names = whole.by_task["name_section"]
    assert (names.questions, names.answered, names.calls, names.cache_hits) == (3, 3, 1, 2)
    assert (names.input_tokens, names.output_tokens) == (100, 20)
    assert names.money == Decimal("0.00036")
    assert names.seconds > 0
    assert (whole.by_task["probe"].calls, whole.by_task["name_form"].calls) == (1, 1)
    assert (second.total.calls, second.total.cache_hits) == (0, 1)
    assert whole.total.money == 3 * Decimal("0.00036")


def test_failed_attempts_count(settings: Make, heading: Heading) -> None:
    async def talk(made: LlmSettings) -> Usage:
        async with Door(made) as door:
            await door.session("one").ask([heading()])
            return door.usage

    with serving(obedient, says("")) as script:
        usage = asyncio.run(talk(settings(script.url)))
    assert (usage.by_task["name_section"].calls, usage.by_task["name_section"].output_tokens) == (2, 40)
    assert usage.by_task["name_section"].answered == 0


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.booleans()), max_size=30))
def test_a_purse_never_holds_more_than_it_was_given(costs: list[tuple[int, int, bool]]) -> None:
    run = Purse(10, 2000, Decimal("0.01"))
    document = Purse(6, 1500, None, run)
    spent = calls = 0
    for tokens_in, tokens_out, settled in costs:
        held = Cost.of(tokens_in, tokens_out, PRICE)
        before = (run.tokens, run.money, document.tokens)
        try:
            document.hold(held)
        except Spent:
            assert (run.tokens, run.money, document.tokens) == before
            continue
        actual = Cost.of(tokens_in, 0, PRICE) if settled else held
        document.settle(held, actual)
        spent, calls = spent + actual.tokens, calls + 1
    assert spent <= 1500 and calls <= 6
    assert (document.tokens, run.tokens) == (1500 - spent, 2000 - spent)


def test_tokens_are_rather_overestimated() -> None:
    assert estimated_tokens("一般公共预算财政拨款") >= 10
    assert estimated_tokens("") >= 1


def test_the_breaker_opens_waits_and_lets_one_try() -> None:
    now = 0.0
    breaker = Breaker(3, 30, lambda: now)
    for _ in range(3):
        assert breaker.gate()
        breaker.failed(Trouble("connection"))
        breaker.let_go()
    assert not breaker.gate()
    now = 31
    assert breaker.gate()
    assert not breaker.gate()  # one at a time
    breaker.failed(Trouble("server"))
    breaker.let_go()
    assert not breaker.gate()
    now = 62
    assert breaker.gate()
    breaker.worked()
    breaker.let_go()
    assert breaker.gate() and breaker.gate()


def test_a_bad_reply_is_a_sign_of_life() -> None:
    breaker = Breaker(2, 30, lambda: 0.0)
    for kind in ("server", "too_long", "server", "schema", "server"):
        breaker.failed(Trouble(kind))  # type: ignore[arg-type]
    assert breaker.gate()


def test_the_breaker_stays_open_as_long_as_the_server_asks() -> None:
    now = 0.0
    breaker = Breaker(1, 30, lambda: now)
    breaker.failed(Trouble("busy", retry_after=600))
    now = 100
    assert not breaker.gate()
    now = 601
    assert breaker.gate()
