"""As finance systems export: every table a sheet of a workbook printed to fit the width, the prose typed apart, then joined.

Titles and captions are merged cells above the grid, small tables share a sheet (and so a grid of columns), and where a
page cuts a table its head does not come again.
"""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gongkai_eval.grid import Span
from gongkai_eval.labels import Block, Labelled, Table
from gongkai_eval.typesetter import calc, flat, office, word
from gongkai_eval.typesetter.plan import POINT, Plan, align, ems, height, natural

FONT = "WenQuanYi Zen Hei"
SIZE, TITLE_SIZE = 11.0, 16.0
UPRIGHT, TALL = 205.0, 250.0
LABEL_EMS = 14.0


def render(report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [_write(report, run, Path(folder), n) for n, run in enumerate(_runs(report.blocks))]
        office.join(office.convert(sources, Path(folder)), target)


def _runs(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Prose and tables apart, in their order; a page break between two tables belongs to neither."""
    kept = [block for block in blocks if block.kind != "page"]
    for _, run in itertools.groupby(kept, key=lambda block: block.kind == "table"):
        yield tuple(run)


def _write(report: Labelled, run: tuple[Block, ...], folder: Path, number: int) -> Path:
    tables = [report.table_by_number[block.table] for block in run if block.kind == "table"]
    source = folder / f"{number:03}.{'fods' if tables else 'fodt'}"
    source.write_text(workbook(tables) if tables else word.document(report, run, leaders=False), encoding="utf-8")
    return source


def workbook(tables: list[Table]) -> str:
    """A flat ODF spreadsheet with the tables, two neighbours on one sheet where both are small."""
    return calc.workbook([_Sheet(group).page() for group in _pairs(tables)], FONT)


def _pairs(tables: list[Table]) -> Iterator[list[Table]]:
    waiting: list[Table] = []
    for table in tables:
        if waiting and sum(_extent(each) for each in (*waiting, table)) <= TALL / 2:
            yield [waiting.pop(), table]
        else:
            yield from ([each] for each in waiting)
            waiting = [table]
    yield from ([each] for each in waiting)


def _extent(table: Table) -> float:
    layout = Plan(natural(table.grid, SIZE, LABEL_EMS), SIZE, False)
    return 30 + sum(height(table.grid, row, layout) for row in range(len(table.grid.rows)))


class _Sheet:
    """The rows of one sheet: ``content`` the XML of each, ``heights`` and ``columns`` in millimetres."""

    def __init__(self, tables: list[Table]) -> None:
        widths = [natural(table.grid, SIZE, LABEL_EMS) for table in tables]
        total = max(map(sum, widths))
        scaled = [[width * total / sum(each) for width in each] for each in widths]
        edges = [[0.0, *(round(edge, 1) for edge in itertools.accumulate(each))] for each in scaled]
        self.edges = sorted(set(itertools.chain(*edges)))
        self.columns = [right - left for left, right in itertools.pairwise(self.edges)]
        self.landscape = total > UPRIGHT
        self.content: list[str] = []
        self.heights: list[float] = []
        for table, own in zip(tables, edges, strict=True):
            self._caption(table)
            self._grid(table, own)
            for note in table.notes:
                self._line([(0, len(self.columns), note, "note")], lines=self._lines(note))
            self._line([])

    def page(self) -> calc.Page:
        return calc.Page(tuple(self.content), tuple(self.columns), tuple(self.heights), self.landscape)

    def _caption(self, table: Table) -> None:
        every = len(self.columns)
        self._line([(0, every, table.title, "title")], size=TITLE_SIZE)
        if table.printed_number:
            self._line([(0, every, table.printed_number, "plain-end")])
        unit = f"单位：{table.unit}" if table.unit else ""
        left = self._reach(table.entity_line)
        right = every - self._reach(unit, backwards=True)
        if left < right:
            middle = [(left, right, table.year_line, "plain-center")]
            self._line([(0, left, table.entity_line, "plain-start"), *middle, (right, every, unit, "plain-end")])
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
        self.content.append("".join(calc.cell(style, right - left, 1, text) for left, right, text, style in filled))
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
