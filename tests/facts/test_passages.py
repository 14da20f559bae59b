"""Text that knows its place: across soft line breaks, pages and quotation marks."""

from __future__ import annotations

import pytest

from facts.typed import NOWHERE
from gongkai.facts import mentions, passages_of
from gongkai.facts.amounts import amounts_in
from gongkai.layout.lines import Line, line_of
from gongkai.narrative.paragraphs import joined
from gongkai.pages import Word
from gongkai.report import Section

SIZE = 10.0


def drawn(page: int, top: float, *words: tuple[float, str]) -> Line:
    """A line of words ``(x0, text)``, each character ten points wide."""
    made = []
    for left, text in words:
        edges = tuple(left + SIZE * index for index in range(len(text) + 1))
        made.append(Word(text, left, top, edges[-1], top + SIZE, SIZE, False, edges))
    return line_of(page, made)


def section_of(*paragraphs: tuple[Line, ...]) -> Section:
    text = "\n".join(joined(lines) for lines in paragraphs)
    return Section(id="s", kind="gpb_overall", number=None, title="总体", level=3, text=text, source=NOWHERE)


def test_a_number_broken_over_two_lines_is_one_number_on_both() -> None:
    lines = (drawn(3, 100, (50, "财政拨款支出119")), drawn(3, 120, (30, "6.83万元，占100%。")))
    ((text,),) = (found.passages for found in passages_of((section_of(lines),), ((lines,),), "doc"))
    amount = amounts_in(text)[0]
    assert amount.printed == "1196.83万元"
    assert text.source(amount.start, amount.stop).bbox == (30.0, 100.0, 140.0, 130.0)


def test_the_box_is_that_of_the_characters() -> None:
    lines = (drawn(1, 100, (50, "支出"), (90, "8.5 万元")),)
    ((text,),) = (found.passages for found in passages_of((section_of(lines),), ((lines,),), "doc"))
    assert text.text == "支出 8.5 万元"
    (amount,) = amounts_in(text)
    assert text.source(amount.start, amount.stop).bbox == (90.0, 100.0, 150.0, 110.0)


def test_a_quote_that_goes_over_the_page_stands_where_it_begins() -> None:
    lines = (drawn(4, 700, (50, "支出为8")), drawn(5, 60, (30, "5万元")))
    ((text,),) = (found.passages for found in passages_of((section_of(lines),), ((lines,),), "doc"))
    (amount,) = amounts_in(text)
    place = text.source(amount.start, amount.stop)
    assert (amount.printed, place.page, place.bbox) == ("85万元", 4, (80.0, 700.0, 90.0, 710.0))


def test_every_slot_has_its_own_quote_and_box() -> None:
    lines = (drawn(2, 100, (10, "财政拨款支出5万元，占本年支出合计的50%。")),)
    ((mention,), _) = mentions(passages_of((section_of(lines),), ((lines,),), "doc"), fiscal_year=2022)
    slots = {slot.slot: slot for slot in mention.slots if slot.quote is not None}
    assert {name: slot.quote for name, slot in slots.items()} == {
        "amount": "5万元",
        "share": "占本年支出合计的50%",
        "share_base": "本年支出合计",
    }
    amount = slots["amount"].source
    assert amount is not None and amount.bbox == (70.0, 100.0, 100.0, 110.0)


def test_a_quotation_mark_is_not_left_alone() -> None:
    lines = (drawn(1, 100, (10, "公务接待费支出5万元，占“三公”经费的50%。")),)
    (found, _) = mentions(passages_of((section_of(lines),), ((lines,),), "doc"), fiscal_year=2022)
    bases = [slot.printed for mention in found for slot in mention.slots if slot.slot == "share_base"]
    assert "“三公”经费" in bases


def test_lines_of_another_reading_are_refused() -> None:
    lines = (drawn(1, 100, (10, "支出5万元。")),)
    with pytest.raises(ValueError):
        passages_of((section_of(lines),), ((lines, lines),), "doc")


def test_words_of_a_section_have_their_own_place_whichever_paragraph_they_stand_in() -> None:
    first, second = (drawn(3, 100, (50, "收入合计。")),), (drawn(4, 60, (50, "如下；；其中")),)
    section = section_of(first, second)
    (text,) = passages_of((section,), ((first, second),), "doc")
    start = section.text.index("；；")
    where = text.place(start, start + 2)
    assert (where.page, where.bbox) == (4, (70.0, 60.0, 90.0, 70.0))
    assert text.place(len(section.text) + 9, len(section.text) + 10) == section.source
