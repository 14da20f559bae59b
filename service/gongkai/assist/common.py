"""What the tasks share: an open question with what its answer means, tags, and plain readings of the names that may be answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongkai.draft import Pointers
from gongkai.llm.questions import Question, Tag

Values = Mapping[str, Any]
REASONS = {
    "named_twice": "同一名称答给了不止一处",
    "other_captions": "表内的表头和行名属于另一种表",
    "other_name": "所印名称在其他表中另有所指",
    "out_of_order": "与前后各行（栏）的固定次序不符",
    "part_exceeds_whole": "作为其中项大于所属的合计",
    "other_words": "与数额前的用语或单位不符",
    "stated_otherwise": "同一事实在正文别处是另一数额",
    "other_content": "标题下的文字说的是另一类内容",
    "other_cells": "单元格的角色在同一行中重复，或与所印内容不符",
    "unproved": "没有核对能够证实所选的读法",
}  # why an answer is not adopted, beside checks that held and would have failed
NO_NAME = frozenset(("none", "other"))  # what says that no name fits


@dataclass(frozen=True, slots=True)
class Open:
    """A question, and ``adopt``: the pointers with those that the values of its answer give; tags may be missing from these.

    ``whole``: the answer stands or falls together; else each tag by itself. ``doubts``: the tags of which an answer says what contradicts
    itself or the page, each with the reason (a key of :data:`REASONS`).
    """

    question: Question
    adopt: Callable[[Values, Pointers], Pointers]
    whole: bool = False
    doubts: Callable[[Values], Mapping[str, str]] = lambda values: {}


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


def twice(names: Mapping[str, Hashable]) -> list[str]:
    """The tags whose name another tag was given too."""
    counts = Counter(names.values())
    return [tag for tag, name in names.items() if counts[name] > 1]


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
