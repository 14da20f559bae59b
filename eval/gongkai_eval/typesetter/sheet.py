"""As finance systems export: every table a sheet of a workbook printed to fit the width, the prose typed apart, then joined.

Titles and captions are merged cells above the grid, small tables share a sheet (and so a grid of columns),
and where a page cuts a table its head does not come again.
"""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai_eval.amounts import normal
from gongkai_eval.grid import Span
from gongkai_eval.labels import Block, Labelled, Table
from gongkai_eval.typesetter import calc, flat, office, word
from gongkai_eval.typesetter.plan import POINT, Plan, align, ems, height, natural

FONT = "WenQuanYi Zen Hei"
SIZE, TITLE_SIZE = 11.0, 16.0
UPRIGHT, SHARED = 205.0, 165.0
LABEL_EMS = 14.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table with the headings that stand right above it."""

    headings: tuple[str, ...]
    table: Table

    def extent(self) -> float:
        """The height that it takes on a sheet (mm), roughly."""
        layout = Plan(natural(self.table.grid, SIZE, LABEL_EMS), SIZE, False)
        rows = range(len(self.table.grid.rows))
        return 30 + 8 * len(self.headings) + sum(height(self.table.grid, row, layout) for row in rows)


def render(report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [_write(report, run, Path(folder), n) for n, run in enumerate(_runs(report.blocks))]
        office.join(office.convert(sources, Path(folder)), target)


def _runs(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Prose apart from tables, in their order; small headings right above a table go with it, page breaks with none."""
    kept = [block for block in blocks if block.kind != "page"]
    following = "prose"
    places: list[str] = []
    for block in reversed(kept):
        above = following == "table" and block.kind == "heading" and block.level > 1
        following = "table" if block.kind == "table" or above else "prose"
        places.append(following)
    placed = zip(reversed(places), kept, strict=True)
    for _, run in itertools.groupby(placed, key=lambda pair: pair[0]):
        yield tuple(block for _, block in run)


def _write(report: Labelled, run: tuple[Block, ...], folder: Path, number: int) -> Path:
    entries = list(_entries(report, run))
    source = folder / f"{number:03}.{'fods' if entries else 'fodt'}"
    source.write_text(
        workbook(entries) if entries else word.document(report, run, leaders=False), encoding="utf-8"
    )
    return source


def _entries(report: Labelled, run: tuple[Block, ...]) -> Iterator[_Entry]:
    headings: list[str] = []
    for block in run:
        if block.kind == "table":
            yield _Entry(tuple(headings), report.table_by_number[block.table])
            headings = []
        else:
            headings.append(block.text)


def workbook(entries: list[_Entry]) -> str:
    """A flat ODF spreadsheet with the tables, two neighbours on one sheet where both are small."""
    return calc.workbook([_Sheet(group).page() for group in _pairs(entries)], FONT)


def _pairs(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    waiting: list[_Entry] = []
    for entry in entries:
        if waiting and waiting[0].extent() + entry.extent() <= SHARED:
            yield [waiting.pop(), entry]
        else:
            yield from ([each] for each in waiting)
            waiting = [entry]
    yield from ([each] for each in waiting)


class _Sheet:
    """The rows of one sheet: ``content`` the XML of each, ``heights`` and ``columns`` in millimetres."""

    def __init__(self, entries: list[_Entry]) -> None:
        widths = [natural(entry.table.grid, SIZE, LABEL_EMS) for entry in entries]
        total = max(map(sum, widths))
        scaled = [[width * total / sum(each) for width in each] for each in widths]
        edges = [[0.0, *(round(edge, 1) for edge in itertools.accumulate(each))] for each in scaled]
        self.edges = sorted(set(itertools.chain(*edges)))
        self.columns = [right - left for left, right in itertools.pairwise(self.edges)]
        self.landscape = total > UPRIGHT
        self.content: list[str] = []
        self.heights: list[float] = []
        for entry, own in zip(entries, edges, strict=True):
            for heading in entry.headings:
                self._line([(0, len(self.columns), heading, "heading")], size=TITLE_SIZE)
            self._caption(entry.table, entry.headings[-1:])
            self._grid(entry.table, own)
            for note in entry.table.notes:
                self._line([(0, len(self.columns), note, "note")], lines=self._lines(note))
            self._line([])

    def page(self) -> calc.Page:
        return calc.Page(tuple(self.content), tuple(self.columns), tuple(self.heights), self.landscape)

    def _caption(self, table: Table, above: tuple[str, ...]) -> None:
        every = len(self.columns)
        if normal(table.title) not in map(normal, above):
            self._line([(0, every, table.title, "title")], size=TITLE_SIZE)
        if table.printed_number:
            self._line([(0, every, table.printed_number, "plain-end")])
        unit = f"单位：{table.unit}" if table.unit else ""
        left = self._reach(table.entity_line)
        right = every - self._reach(unit, backwards=True)
        if left < right:
            middle = [(left, right, table.year_line, "plain-center")]
            self._line(
                [(0, left, table.entity_line, "plain-start"), *middle, (right, every, unit, "plain-end")]
            )
            return
        for text, side in ((table.entity_line, "start"), (table.year_line, "center"), (unit, "end")):
            if text:
                self._line([(0, every, text, f"plain-{side}")])

    def _reach(self, text: str, backwards: bool = False) -> int:
        """How many columns a caption needs."""
        room = itertools.accumulate(reversed(self.columns) if backwards else self.columns)
        wide = (ems(text) + 1) * SIZE * POINT
        return next((n for n, so_far in enumerate(room, 1) if so_far >= wide), len(self.columns))

    def _lines(self, text: str) -> int:
        return math.ceil((ems(text) + 1) * SIZE * POINT / sum(self.columns))

    def _line(self, parts: list[tuple[int, int, str, str]], size: float = SIZE, lines: int = 1) -> None:
        filled = [part for part in parts if part[0] < part[1]]
        self.content.append(
            "".join(calc.cell(style, right - left, 1, text) for left, right, text, style in filled)
        )
        self.heights.append(round((lines * 1.3 + 0.4) * size * POINT, 2))

    def _grid(self, table: Table, own: list[float]) -> None:
        grid, places = table.grid, [self.edges.index(edge) for edge in own]
        layout = Plan(tuple(right - left for left, right in itertools.pairwise(own)), SIZE, False)

        def write(span: Span) -> str:
            wide = places[span.column + span.column_span] - places[span.column]
            style = f"grid-{align(grid, span)}"
            return calc.cell(style, wide, span.row_span, span.text)

        def covered(column: int) -> str:
            return flat.covered(places[column + 1] - places[column])

        self.content += flat.cells(grid, write, covered)
        self.heights += [height(grid, row, layout) for row in range(len(grid.rows))]
