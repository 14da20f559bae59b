"""Paragraphs as five families of provinces write them (``provinces.toml``): every number typed beside them is read, and no other."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facts.typed import section
from gongkai.facts import mentions
from gongkai.report import Mention
from gongkai.text import normalise, strip_quotes

PARAGRAPHS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("provinces.toml").read_text(encoding="utf-8")
)["paragraph"]


def plain(text: str) -> str:
    return strip_quotes(normalise(text))


def told(mention: Mention) -> list[tuple[str, str, str, Decimal, str]]:
    name = plain(mention.subject.name)
    return [
        (mention.fact, name, slot.slot, slot.value, slot.unit or "")
        for slot in mention.slots
        if slot.value is not None
    ]


@pytest.mark.parametrize("paragraph", PARAGRAPHS, ids=lambda each: f"{each['style']}-{each['section']}")
def test_a_paragraph_states_what_was_typed_of_it(paragraph: dict[str, Any]) -> None:
    budget = paragraph.get("report") == "budget"
    text = section(paragraph["section"], paragraph["text"], paragraph.get("title", "说明"))
    found, _ = mentions(
        (text,),
        kind="budget" if budget else "final_account",
        fiscal_year=2024 if budget else 2023,
    )
    left = [each for mention in found for each in told(mention)]
    for state in paragraph["states"]:
        fact, subject, slot, value, unit = state.split(" ")
        same = [
            each
            for each in left
            if (each[0], each[2], each[3]) == (fact, slot, Decimal(value)) and each[4] in (unit, "")
        ]
        named = [
            each for each in same if subject == "*" or plain(subject) in each[1] or each[1] in plain(subject)
        ]
        assert named, f"{state} is not told: {left}"
        left.remove(named[0])
    assert not left, f"told beyond what is printed: {left}"
