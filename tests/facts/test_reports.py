"""The labelled reports whose text stands here: no amount of their prose vanishes, none is counted twice, every one is classified."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from facts.typed import section
from gongkai.facts import SectionText, mentions
from gongkai.facts.amounts import amounts_in
from gongkai.narrative.numbering import numbered
from gongkai_eval import labels

REPORTS = sorted(
    path.parent for path in (Path(__file__).parents[2] / "eval" / "reports").glob("*/report.txt")
)


def sections_of(report: labels.Labelled) -> tuple[SectionText, ...]:
    found: list[tuple[labels.Block, list[str]]] = []
    for block in report.blocks:
        if block.kind == "heading":
            found.append((block, []))
        elif block.kind == "paragraph" and found and block.part in ("body", "annex"):
            found[-1][1].append(block.text)
    made = []
    for heading, lines in found:
        title = numbered(heading.text)
        own = section(
            heading.section or "other",
            "\n".join(lines),
            title.title if title else heading.text,
            heading.level,
        )
        made.append(own if lines else replace(own, passages=()))
    return tuple(made)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_every_amount_is_in_one_slot_of_one_classified_mention(path: Path) -> None:
    report = labels.load(path)
    sections = sections_of(report)
    kind = "budget" if report.kind == "budget" else "final_account"
    found, issues = mentions(sections, kind=kind, fiscal_year=report.fiscal_year)
    tagged = Counter(
        amount.printed for own in sections for passage in own.passages for amount in amounts_in(passage)
    )
    filled = Counter(slot.printed for mention in found for slot in mention.slots if slot.value is not None)
    assert sum(tagged.values()) > 90
    assert filled == tagged
    assert [mention.quote for mention in found if mention.fact == "unclassified"] == []
    assert issues == ()


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_quotes_are_in_the_text_and_ids_are_one_each(path: Path) -> None:
    report = labels.load(path)
    sections = sections_of(report)
    text = "\n".join(own.section.text for own in sections)
    found, _ = mentions(sections, fiscal_year=report.fiscal_year)
    quotes = [slot.quote for mention in found for slot in mention.slots if slot.quote is not None]
    assert quotes and all(quote in text for quote in quotes)
    assert len({mention.id for mention in found}) == len(found)
