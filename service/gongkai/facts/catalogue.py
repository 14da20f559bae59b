"""The facts that prose can state, and their slots: ``facts.toml`` read once. Needs nothing of the rest, so that checks may name facts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

REASON_ITEM = "change_reason_item"


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind of fact; ``slots`` in the order in which a mention lists them."""

    fact: str
    slots: tuple[str, ...]
    about: str


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its id. Raises ``KeyError`` if a group of slots is not defined."""
    text = resources.files("gongkai.facts").joinpath("facts.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return {
        name: Fact(name, tuple(_slots(record["slots"], raw["slots"])), record["about"])
        for name, record in raw["facts"].items()
    }


def _slots(names: list[str], groups: Mapping[str, list[str]]) -> list[str]:
    return [slot for name in names for slot in (groups[name[1:]] if name.startswith("@") else [name])]


def reason_item(fact: str) -> str:
    """The fact of an item in the reason for a change of ``fact``."""
    own = f"{fact.partition('.')[0]}.{REASON_ITEM}"
    return own if own in facts() and not fact.endswith(".detail_item") else f"detail.{REASON_ITEM}"
