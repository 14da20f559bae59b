"""``choose_reading``: cells that OCR left unread, with the readings that the engine itself gave.

A cell in which several things were read is not asked about: a rule was lost, mostly under a seal, and what stands there belongs to
several cells. A number of the next cell could even make the sums hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.alike import printed_alike
from gongkai.assist.common import Open, Values, named, numbered
from gongkai.draft import Draft, Pointers
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.money import parse
from gongkai.ocr.evidence import in_box, is_amount, plainly
from gongkai.report import Figure, Form, Source

MOST_CELLS = 15
MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    figure: Figure
    readings: tuple[str, ...]


def opened(draft: Draft) -> Iterator[Open]:
    """Forms with unread cells for which the engine has readings that an amount is printed in."""
    for index, form in enumerate(draft.forms):
        cells = [
            Cell(figure, readings)
            for figure in form.figures
            if figure.state == "unread" and (readings := readings_of(draft, form, figure))
        ]
        for first in range(0, len(cells), MOST_CELLS):
            group = cells[first : first + MOST_CELLS]
            question = _question(f"table:{index + 1}:unread:{first}", form, group, draft.crops)
            yield Open(question, partial(_adopt, group))


def readings_of(draft: Draft, form: Form, figure: Figure) -> tuple[str, ...]:
    """What the engine itself read in the cell of ``figure`` that would be an amount there and printed as those of ``form`` are, likeliest
    first."""
    place = figure.source
    scan = draft.scans.get((place.document, place.page))
    own = in_box(scan.readings, scan.upright(place.bbox)) if scan is not None else []
    if len(own) != 1:
        return ()
    one = own[0]
    given = [one.text, one.again or "", *(text for text, _ in one.numbers)]
    plain = dict.fromkeys(plainly(text) for text in given if text and is_amount(text))
    amounts = [text for text in plain if parse(text, figure.unit, figure.quantity).state == "value"]
    return printed_alike(figure, form, amounts)[:MOST_READINGS]


def _question(identity: str, form: Form, cells: Sequence[Cell], crops: Mapping[Source, bytes]) -> Question:
    most = max(len(cell.readings) for cell in cells)
    return Question(
        id=identity,
        task="choose_reading",
        parts=(
            Part("context", (Tag("X1", form.title),)),
            Part("cells", tuple(_tag(tag, cell, crops) for tag, cell in numbered("K", cells))),
        ),
        lists={"readings": tuple(Choice(f"R{number}") for number in range(1, most + 1))},
        source=cells[0].figure.source,
    )


def _tag(tag: str, cell: Cell, crops: Mapping[Source, bytes]) -> Tag:
    listed = "，".join(f"{name} {text}" for name, text in numbered("R", cell.readings))
    return Tag(
        tag,
        f"{cell.figure.row_label}/{cell.figure.col_label}：{listed}",
        only=tuple(name for name, _ in numbered("R", cell.readings)),
        picture=crops.get(cell.figure.source),
    )


def _adopt(cells: Sequence[Cell], values: Values, pointers: Pointers) -> Pointers:
    chosen = named(values, "cells")
    texts = {
        cell.figure.source: dict(numbered("R", cell.readings))[chosen[tag]]
        for tag, cell in numbered("K", cells)
        if tag in chosen
    }
    return replace(pointers, readings={**pointers.readings, **texts})
