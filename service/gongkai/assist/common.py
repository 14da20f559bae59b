"""What the tasks share: an open question with what its answer means, tags, and plain readings of the names that may be answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongkai.draft import Pointers
from gongkai.llm.questions import Question, Tag

Values = Mapping[str, Any]
NO_NAME = frozenset(("none", "other"))  # what says that no name fits


@dataclass(frozen=True, slots=True)
class Open:
    """A question, and ``adopt``: the pointers with those that the values of its answer give; tags may be missing from these.

    ``whole``: the answer stands or falls together; else each tag by itself.
    """

    question: Question
    adopt: Callable[[Values, Pointers], Pointers]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that an answer points at: what it says of ``tag`` (of all tags, if it is empty)."""

    open: Open
    tag: str
    values: Values

    def made(self, pointers: Pointers) -> Pointers:
        return self.open.adopt(self.values, pointers)


def moves(one: Open, values: Values) -> Iterator[Move]:
    """What an answer points at, tag by tag."""
    if one.whole:
        yield Move(one, "", values)
        return
    for part, given in values.items():
        for tag, name in given.items() if isinstance(given, Mapping) else ():
            yield Move(one, tag, {part: {tag: name}})


def numbered(letter: str, things: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """``C1``, ``C2`` … with the things that they stand for."""
    return ((f"{letter}{number}", thing) for number, thing in enumerate(things, 1))


def tags(letter: str, texts: Sequence[str]) -> tuple[Tag, ...]:
    return tuple(Tag(tag, text) for tag, text in numbered(letter, texts))


def named(values: Values, part: str) -> dict[str, str]:
    """The names answered for the tags of ``part``, without those that say that there is none."""
    return {tag: name for tag, name in values.get(part, {}).items() if name not in NO_NAME}


@lru_cache(maxsize=1024)
def gloss(patterns: Sequence[re.Pattern[str]]) -> str:
    """A plain reading of the first pattern that has one: ``(.*/)?(一般)?公共预算(财政)?`` → 一般公共预算财政. Told to the model only."""
    return next((plain for pattern in patterns if (plain := _plain(pattern))), "")


def _plain(pattern: re.Pattern[str]) -> str:
    """A text that ``pattern`` matches, optional parts spelt out, first alternatives taken; empty if none is found so."""
    text = pattern.pattern.replace("(.*/)?", "").replace("\\(", "〔").replace("\\)", "〕").replace("(?:", "(")
    text = re.sub(r"\(\?[<!=][^()]*\)|\[[^\]]*\][*+?]?|\.(?:\{[\d,]*\}|[*+?])|\\[a-zA-Z][*+?]?", "", text)
    before = ""
    while before != text:
        before, text = text, re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)[*+?]?", r"\1", text)
    for candidate in text.split("|"):
        plain = re.sub(r"[*+?^$]", "", candidate).replace("〔", "(").replace("〕", ")")
        if plain and pattern.fullmatch(plain):
            return plain
    return ""
