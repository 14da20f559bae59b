"""Scans on which some cells that OCR read rightly are unread: what a model could choose there, and what the sums let pass.

Few cells of a scan go unread by themselves, for the engine says some number wherever it sees one. What it says is withheld here; its other
readings of the same ink, right and wrong ones, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from gongkai_eval import amounts

if TYPE_CHECKING:
    from gongkai.draft import Draft
    from gongkai.layout.grid import Cell
    from gongkai.layout.tables import Table
    from gongkai.ocr.evidence import Reading as Seen
    from gongkai.ocr.scan import Scan
    from gongkai.reading import Reading
    from gongkai.report import Source
    from gongkai_eval.odd import Key

EVERY = 6  # of the cells that could be withheld
SIGN = "\N{BLACK SQUARE}"  # beside the number that was read: no number any more


def withheld(draft: Draft, key: Key) -> Draft:
    """``draft`` with every sixth of its figures unread that OCR read as the labels say and of which the engine has another reading too."""
    from gongkai.draft import drafted

    places = frozenset(place for number, place in enumerate(_places(draft, key)) if number % EVERY == 0)
    return drafted([_without(reading, places) for reading in draft.plain])


def _places(draft: Draft, key: Key) -> Iterator[Source]:
    for form in draft.forms:
        for figure in form.figures:
            label = amounts.value(key.cells.get(figure.id, ""))
            seen = _seen(draft.scans.get((figure.source.document, figure.source.page)), figure.source)
            if label and figure.value == Decimal(label) and seen and _differ(seen):
                yield figure.source


def _seen(scan: Scan | None, place: Source) -> Seen | None:
    """The one reading of a cell."""
    from gongkai.ocr.evidence import in_box

    own = in_box(scan.readings, scan.upright(place.bbox)) if scan else []
    return own[0] if len(own) == 1 else None


def _differ(seen: Seen) -> bool:
    said = (amounts.value(text) for text in (seen.again or "", *(text for text, _ in seen.numbers)))
    return len({Decimal(value) for value in said if value}) > 1


def _without(reading: Reading, places: frozenset[Source]) -> Reading:
    scans = dict(reading.scans)
    for place in places:
        if place.document == reading.document.id:
            scan = scans[place.page]
            seen = _seen(scan, place)
            others = tuple(replace(r, text=r.text + SIGN) if r is seen else r for r in scan.readings)
            scans[place.page] = replace(scan, readings=others)
    tables = tuple(_spoilt(table, places) for table in reading.layout.tables)
    return replace(reading, scans=scans, layout=replace(reading.layout, tables=tables))


def _spoilt(table: Table, places: frozenset[Source]) -> Table:
    from gongkai.pages import rounded
    from gongkai.report import Source

    def spoilt(cell: Cell) -> Cell:
        hidden = Source(table.document, cell.page, rounded(cell.box)) in places
        return replace(cell, text=cell.text + SIGN) if hidden else cell

    return replace(table, cells=tuple(map(spoilt, table.cells)))
