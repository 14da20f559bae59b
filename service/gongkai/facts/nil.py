"""Sentences that say that there is none: 本单位没有政府性基金收入, 本表无数据, or a section that is nothing but 无."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from gongkai.facts.drafts import Draft, Fill
from gongkai.facts.naming import cleaned
from gongkai.facts.passages import Passage
from gongkai.facts.words import data
from gongkai.report import Subject

_SENTENCE = re.compile(r"[^。;]+")
_WHY = re.compile(r"原因|主要[是因为由]|用于|作为|反映|指")
_DIGIT = re.compile(r"\d(?!\d{0,3}年)")
_OF = re.compile(
    r"(?:\(?\d{1,2}[、.．)])?(?:\d{4}年度?)?([^\d,]{4,40}?)(?:总计|合计|数)?(?:为|是)?\d"
)  # 基金收入预算0万元,…无此项收入
_YEAR = re.compile(r"(20\d\d)年度?")
_NOTHING = re.compile(r"无[。;]?")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    nil = data()["nil"]
    return tuple(re.compile(text) for text in nil["texts"]), re.compile(nil["only"])


def nil_statements(passage: Passage, title: str) -> Iterator[Draft]:
    """One draft for each thing that ``passage`` says is not there; ``title`` is what a bare 无 is said of."""
    plain = passage.plain
    if _NOTHING.fullmatch(plain):
        yield _draft(passage, 0, len(plain), title)
        return
    if not any(word in plain for word in ("无", "没有", "未", "不涉及", "不存在", "空白", "为空")):
        return
    for sentence in _SENTENCE.finditer(plain):
        why = _WHY.search(sentence[0])
        stop = sentence.start() + why.start() if why else sentence.end()
        yield from _in_sentence(passage, sentence.start(), stop, title)


def _in_sentence(passage: Passage, start: int, stop: int, title: str) -> Iterator[Draft]:
    patterns, only = _patterns()
    taken: list[tuple[int, int]] = []
    for pattern in patterns:
        for found in pattern.finditer(passage.plain, start, stop):
            subject = cleaned(found[1])
            if not only.fullmatch(subject) or _overlaps(taken, found.span()):
                continue
            if _of_past(passage.plain, start, found.start()):
                continue
            named = title if found[1] == found[0] or subject.startswith("此项") else subject
            if subject.startswith("此项") and _DIGIT.search(passage.plain):
                before = _OF.match(passage.plain, start, found.start())
                if before is None or not only.fullmatch(before[1]):
                    continue  # said of an amount, nobody can say of which
                named = cleaned(before[1])
            taken.append(found.span())
            yield _draft(passage, found.start(), found.end(), named)


def _of_past(plain: str, start: int, at: int) -> bool:
    """Is it said of a year before that which the sentence is about (2024年A万元,2023年无此项支出)?"""
    years = list(_YEAR.finditer(plain, start, at + len("年度")))
    before = bool(years) and years[-1].start() < at <= years[-1].end()
    return before and int(years[-1][1]) < max(int(year[1]) for year in years)


def _overlaps(taken: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    return any(start < span[1] and span[0] < stop for start, stop in taken)


def _draft(passage: Passage, start: int, stop: int, subject: str) -> Draft:
    draft = Draft(passage, None, "nil.statement", Subject(code=None, name=subject))
    draft.fills["statement"] = Fill(start, stop)
    return draft
