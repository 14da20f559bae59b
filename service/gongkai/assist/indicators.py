"""``read_indicators``: what each cell of a performance form is, where its captions are none that code knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from gongkai.assist.common import Open, Values, named, numbered
from gongkai.draft import Draft, Pointers
from gongkai.forms.vocabulary import LEVELS, field_of
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.llm.questions import Part, Question, Tag
from gongkai.money import parse
from gongkai.pages import rounded
from gongkai.report import Form, Record, Source, Words
from gongkai.text import normalise

FORMS = frozenset(("performance_self_evaluation", "performance_target"))
MOST_CELLS = 120
LEAST_ROWS = 3
TEXT = 24  # characters of a cell that are shown
NUMBERS = frozenset(("points", "score"))
NAMES = frozenset(("level_1", "level_2", "level_3", "indicator"))
FIELDS = {
    "level_1": "level1",
    "level_2": "level2",
    "level_3": "level3",
    "indicator": "level3",
    "target": "target",
    "actual": "actual",
    "points": "points",
    "score": "score",
    "note": "note",
}


def opened(draft: Draft) -> Iterator[Open]:
    """Performance forms in which no indicator was found."""
    for index, table in enumerate(draft.tables):
        form = draft.forms[index]
        if form.form in FORMS and table.rows >= LEAST_ROWS and not _has_indicators(form):
            cells = [cell for cell in table.cells if cell.text][:MOST_CELLS]
            known = any(field_of(cell.text) in LEVELS for cell in cells)  # then there are none below
            if not known and any("指标" in cell.text for cell in cells):
                yield Open(
                    _question(index, table, cells),
                    partial(_adopt, index, form.id, table, cells),
                    whole=True,
                    doubts=partial(_doubts, cells),
                )


def _has_indicators(form: Form) -> bool:
    return any(record.kind == "indicator" for record in form.records)


def _question(index: int, table: Table, cells: Sequence[Cell]) -> Question:
    texts = [
        Tag(tag, f"{cell.row + 1},{cell.column + 1}: {normalise(cell.text)[:TEXT]}")
        for tag, cell in numbered("K", cells)
    ]
    return Question(
        id=f"table:{index + 1}:indicators",
        task="read_indicators",
        parts=(Part("cells", tuple(texts)),),
        source=_source(table, cells[0]),
    )


def _adopt(
    index: int, form: str, table: Table, cells: Sequence[Cell], values: Values, pointers: Pointers
) -> Pointers:
    said = named(values, "cells")
    roles = {(cell.row, cell.column): said[tag] for tag, cell in numbered("K", cells) if tag in said}
    records = tuple(_records(form, table, cells, roles))
    return replace(pointers, records={**pointers.records, index: records}) if records else pointers


def _doubts(cells: Sequence[Cell], values: Values) -> Mapping[str, str]:
    """All of the answer, if more than one in ten of its roles cannot be: twice in a row, a score without a digit, a name that is a number."""
    said = named(values, "cells")
    own = [(cell, said[tag]) for tag, cell in numbered("K", cells) if said.get(tag) in FIELDS]
    rows = Counter((cell.row, FIELDS[role]) for cell, role in own if role != "note")
    wrong = sum(
        rows[cell.row, FIELDS[role]] > 1
        or (role in NUMBERS and not any(char.isdigit() for char in cell.text))
        or (role in NAMES and parse(cell.text, None).state == "value")
        for cell, role in own
    )
    return {"": "other_cells"} if 10 * wrong > len(own) else {}


def _records(
    form: str, table: Table, cells: Sequence[Cell], roles: Mapping[tuple[int, int], str]
) -> Iterator[Record]:
    """One record a row that holds an indicator; the levels above it go on until the next of theirs."""
    above: dict[str, Cell] = {}
    count = 0
    for row in range(table.rows):
        own = {
            FIELDS[role]: cell
            for cell in cells
            if cell.row == row and (role := roles.get((cell.row, cell.column), "")) in FIELDS
        }
        above |= {field: cell for field, cell in own.items() if field in ("level1", "level2")}
        if (label := own.get("level3")) is None:
            continue
        count += 1
        named_cells = {**above, **own}
        yield Record(
            id=f"{form}/indicator#{count}",
            kind="indicator",
            name=None,
            label=label.text,
            words=tuple(
                Words(field=field, text=cell.text, source=_source(table, cell))
                for field, cell in named_cells.items()
            ),
            source=_source(table, label),
            grade="check",
        )


def _source(table: Table, cell: Cell) -> Source:
    return Source(table.document, cell.page, rounded(cell.box))
