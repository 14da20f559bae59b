"""``arrange_table``: which column each piece of a table belongs to and which lines are one row, where the grid is in doubt.

The pieces are the cells as geometry read them: an answer moves them, and never splits or joins one that holds a digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from gongkai.assist.common import Open, Values, named, numbered, tags
from gongkai.draft import Draft, Pointers
from gongkai.layout.arranging import Arrangement
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.pages import rounded
from gongkai.report import Source
from gongkai.text import normalise

MOST_CELLS = 180
MOST_COLUMNS = 24


def opened(draft: Draft) -> Iterator[Open]:
    """Tables whose grid is in doubt, as far as one question can hold them."""
    for index, table in enumerate(draft.plain_tables):
        cells = [cell for cell in table.cells if cell.text]
        if not table.sure and 1 < len(cells) <= MOST_CELLS and table.columns <= MOST_COLUMNS:
            yield Open(_question(index, table, cells), partial(_adopt, index, table, cells), whole=True)


def _question(index: int, table: Table, cells: Sequence[Cell]) -> Question:
    left = min(cell.box[0] for cell in cells)
    width = max(cell.box[2] for cell in cells) - left or 1.0
    rows = [" ".join(normalise(c.text) for c in cells if c.row == row) for row in range(table.rows)]
    words = [
        Tag(
            tag,
            f"L{cell.row + 1} {_share(cell.box[0], left, width)}-{_share(cell.box[2], left, width)}: {cell.text}",
        )
        for tag, cell in numbered("W", cells)
    ]
    return Question(
        id=f"table:{index + 1}:grid",
        task="arrange_table",
        parts=(Part("lines", tags("L", rows)), Part("words", tuple(words))),
        lists={"places": tuple(Choice(f"c{number}") for number in range(1, table.columns + 1))},
        source=Source(table.document, cells[0].page, rounded(cells[0].box)),
    )


def _share(x: float, left: float, width: float) -> int:
    return round(1000 * (x - left) / width)


def _adopt(index: int, table: Table, cells: Sequence[Cell], values: Values, pointers: Pointers) -> Pointers:
    places = named(values, "words")
    said = values.get("lines", {})
    arrangement = Arrangement(
        columns={
            (cell.row, cell.column): int(places[tag].removeprefix("c")) - 1
            for tag, cell in numbered("W", cells)
            if tag in places
        },
        continues=frozenset(row for row in range(table.rows) if said.get(f"L{row + 1}") == "continues"),
    )
    return replace(pointers, arranged={**pointers.arranged, index: arrangement})
