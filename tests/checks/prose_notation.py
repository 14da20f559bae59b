"""The prose of a report in tests: sections with what they state, written like the sentence they stand for::

    # total_overview 收入支出决算总体情况说明
    total.income_expenditure 收、支总计: total=1025.00元
    total.change 收、支总计: change=25.00元 rate=2.50% direction=增加
    gpb.structure_item 社会保障和就业支出@208: amount=300.00元 share=32.97%
    " 决算数大于（小于）预算数

A line is a mention: fact, subject with its code after ``@``, then what is printed in its slots; a negative amount is a decrease.
``!`` at the end of a line: a person should look. ``#`` opens a section (kind and title, after ``##`` on the third level), ``"`` is a
paragraph of its text. The n-th section stands on page n.
"""

from __future__ import annotations

import re
from collections import Counter
from textwrap import dedent

from checks.account_notation import forms

from gongkai import money
from gongkai.checks import Outcome, run
from gongkai.report import Entity, Mention, Section, Slot, Source, Subject

_AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?(?:万元|元|%|辆|个|分)")
_QUANTITIES = {"%": "percent", "辆": "count", "个": "count", "分": "score"}


def prose(text: str) -> tuple[list[Mention], list[Section]]:
    """The mentions and the sections that ``text`` writes down."""
    mentions: list[Mention] = []
    sections: list[Section] = []
    seen: Counter[str] = Counter()
    paragraphs: list[list[str]] = []
    for number, line in enumerate(filter(None, map(str.strip, dedent(text).splitlines()))):
        if line.startswith("#"):
            sections.append(_section(line, len(sections) + 1, seen))
            paragraphs.append([])
        elif line.startswith('"'):
            paragraphs[-1].append(line[1:].strip())
        else:
            mentions.append(_mention(line, len(sections), number, seen))
    return mentions, [_with_text(*pair) for pair in zip(sections, paragraphs, strict=True)]


def check(
    text: str,
    tables: str = "",
    *,
    kind: str = "final_account",
    year: int = 2022,
    strict: bool = False,
    name: str = "",
    names: str = "",
    members: str = "",
) -> Outcome:
    """All checks of the prose beside the account that ``tables`` writes down, with every result."""
    mentions, sections = prose(text)
    entity = (
        Entity(name=name, names_as_printed=tuple(names.split()), members=tuple(members.split()))
        if name
        else None
    )
    account = forms(tables) if tables else []
    return run(
        account,
        mentions,
        sections,
        kind=kind,
        fiscal_year=year,
        entity=entity,
        all_checks=True,
        strict=strict,
    )  # type: ignore[arg-type]


def _section(line: str, page: int, seen: Counter[str]) -> Section:
    mark, kind, title = line.split(maxsplit=2)
    seen[kind] += 1
    identity = f"section:part_narrative/{kind}" + (f"#{seen[kind]}" if seen[kind] > 1 else "")
    source = Source("0" * 64, page, (0.0, 0.0, 100.0, 10.0))
    return Section(
        id=identity, kind=kind, number=None, title=title, level=1 + len(mark), text="", source=source
    )


def _with_text(section: Section, paragraphs: list[str]) -> Section:
    return Section(
        id=section.id, kind=section.kind, number=None, title=section.title, level=section.level, text="\n".join(paragraphs),
        source=section.source,
    )  # fmt: skip


def _mention(line: str, page: int, number: int, seen: Counter[str]) -> Mention:
    head, _, said = line.rstrip("!").partition(": ")
    fact, whose = head.split(maxsplit=1)
    name, _, code = whose.partition("@")
    seen[head] += 1
    source = Source("0" * 64, page, (0.0, 20.0 + number, 100.0, 30.0 + number))
    return Mention(
        id=f"mention:{fact}:{code or name}" + (f"#{seen[head]}" if seen[head] > 1 else ""),
        fact=fact,
        subject=Subject(code=code or None, name=name),
        slots=tuple(_slot(*part.split("=", 1), source) for part in said.split()),  # type: ignore[misc]
        quote=said,
        source=source,
        grade="check" if line.endswith("!") else "sure",
    )


def _slot(slot: str, printed: str, source: Source) -> Slot:
    value = yuan = digit = unit = None
    if _AMOUNT.fullmatch(printed):
        unit = next(each for each in ("万元", "元", "%", "辆", "个", "分") if printed.endswith(each))
        read = money.parse(printed.removesuffix(unit), unit, _QUANTITIES.get(unit, "money"))  # type: ignore[arg-type]
        value, yuan, digit = read.value, read.yuan, read.quantum_yuan
    return Slot(
        slot=slot, printed=printed, value=value, unit=unit, yuan=yuan, quantum_yuan=digit, quote=printed, source=source  # type: ignore[arg-type]
    )  # fmt: skip
