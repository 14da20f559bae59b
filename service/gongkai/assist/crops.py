"""Pictures of the cells that OCR left unread, for a model that sees: cut out while the files are at hand, never part of a Report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from gongkai.assist.choosing import readings_of
from gongkai.draft import Draft
from gongkai.pdf import File, png
from gongkai.reading import InputFile
from gongkai.report import Box, Source

MOST = 60  # of one disclosure
SCALE = 3.0  # pixels a point
AROUND = 4.0  # points
LARGEST = 400.0  # points: of a wider or higher cell none is cut


def pictured(draft: Draft, files: Sequence[InputFile], max_pages: int) -> Draft:
    """``draft`` with ``crops`` of the unread cells that a model may be asked about; ``files`` are those that it was read from."""
    places = list(_places(draft))[:MOST]
    if not places:
        return draft
    crops: dict[Source, bytes] = {}
    for file in files:
        identity = sha256(file.data).hexdigest()
        own = [place for place in places if place.document == identity]
        if own:
            with File(file.data, identity, max_pages) as opened:
                crops |= {place: png(opened.render(place.page, SCALE, _area(draft, place))) for place in own}
    return replace(draft, crops=crops)


def _places(draft: Draft) -> Iterator[Source]:
    for form in draft.forms:
        for figure in form.figures:
            x0, y0, x1, y1 = figure.source.bbox
            if (
                figure.state == "unread"
                and max(x1 - x0, y1 - y0) <= LARGEST
                and readings_of(draft, form, figure)
            ):
                yield figure.source


def _area(draft: Draft, place: Source) -> Box:
    """The cell on the page as displayed, with a little around it."""
    scan = draft.scans[place.document, place.page]
    x0, y0, x1, y1 = scan.displayed(place.bbox)
    return (max(x0 - AROUND, 0.0), max(y0 - AROUND, 0.0), x1 + AROUND, y1 + AROUND)
