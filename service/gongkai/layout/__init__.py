"""Pages to tables and lines: pure geometry, no names of forms and no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.layout.aligned import aligned_grids
from gongkai.layout.furniture import without_furniture
from gongkai.layout.grid import Grid, ruled_grids
from gongkai.layout.incomplete import without_incomplete
from gongkai.layout.lanes import with_lanes_paired
from gongkai.layout.lines import Line, lines_of
from gongkai.layout.tables import Table, tables_of
from gongkai.layout.turning import displayed, upright
from gongkai.layout.wide import narrowed, widened
from gongkai.pages import Page


@dataclass(frozen=True, slots=True)
class Layout:
    """One document laid out: tables in page order, and the lines of text that belong to no table, in reading order."""

    tables: tuple[Table, ...]
    lines: tuple[Line, ...]


def lay_out(pages: Sequence[Page]) -> Layout:
    """Tables with their captions and continuations, and the prose between them. ``pages`` are those of one document."""
    grids: list[list[Grid]] = []
    lines = []
    frames, seams = widened([upright(page) for page in pages])
    for page in frames:
        found, free = without_incomplete(page, *ruled_grids(page))
        found = [with_lanes_paired(grid) for grid in found]
        before = grids[-1][-1] if grids and grids[-1] else None
        aligned, rest = aligned_grids(page, lines_of(page.number, free), found, before)
        grids.append(sorted([*found, *aligned], key=lambda grid: grid.box[1]))
        lines.append(rest)
    document = pages[0].document if pages else ""
    emptied = {seam.donor for seam in seams}
    tables, prose = tables_of(document, grids, without_furniture(frames, lines), emptied)
    return Layout(*displayed(*narrowed(tables, prose, seams), pages))


__all__ = ["Layout", "Line", "Table", "lay_out"]
