"""Tables that go on: cut inside a row, with and without their head, lanes that end apart, a heading in their middle, to the right."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

from gongkai_eval.grid import Grid
from gongkai_eval.labels import Block, Labelled, Table
from gongkai_eval.typesetter.messy.borderless import reworked
from gongkai_eval.typesetter.messy.press import Press
from gongkai_eval.typesetter.messy.strip import Strip, lay


class Continued(Press):
    """Every table is cut at least once, inside a row where one has two lines, every second one without a second head.

    A part heading right above a table is printed between the pieces of that table.
    """

    name = "continued"
    label_ems = 6.0

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.repeat = True
        self.inside = False
        self.held: Block | None = None
        blocks = [block for block in report.blocks if block.kind != "page"]
        self.holding = {
            id(block)
            for block, after in itertools.pairwise(blocks)
            if block.kind == "heading" and block.level == 1 and after.kind == "table"
        }

    def prose(self, block: Block) -> None:
        if id(block) in self.holding:
            self.held = block
        else:
            super().prose(block)

    def table(self, table: Table) -> None:
        self.repeat = int(table.number) % 2 == 0
        super().table(table)

    def set(self, table: Table, strip: Strip) -> None:
        if len(table.grid.rows) - strip.head < 4:
            super().set(table, strip)
            return
        first = strip.head_height + (strip.height - strip.head_height) * self.chance.uniform(0.3, 0.7)
        full = self.sheet.height - 2 * self.margin
        cuts = strip.cut(min(self.room - 8, first), full - 40, self.repeat, inside=True)
        self.pieces(strip, cuts, self.repeat)

    def pieces(self, strip: Strip, cuts: list[float], repeat: bool) -> None:
        self.inside = True
        super().pieces(strip, cuts, repeat)
        self.inside = False
        self._print_held()

    def turn_page(self, landscape: bool = False) -> None:
        super().turn_page(landscape)
        if self.inside:
            self._print_held()

    def _print_held(self) -> None:
        if self.held:
            held, self.held = self.held, None
            super().prose(held)


class Lanes(Press):
    """The two lanes of a summary are set apart, side by side, each with rows and a head of its own, and end where they end."""

    name = "continued_lanes"
    label_ems = 7.0

    def set(self, table: Table, strip: Strip) -> None:
        split = _between_lanes(table.grid)
        if not split:
            super().set(table, strip)
            return
        layout, began, start, left = self.plan(table), self.at, self.y, (self.sheet.width - strip.width) / 2
        ends = []
        for low, high in ((0, split), (split, len(layout.widths))):
            self.at, self.y = began, start
            part = dataclasses.replace(layout, widths=layout.widths[low:high])
            self._lane(lay(_columns(table.grid, low, high), part, self.face), left + strip.xs[low])
            ends.append((self.at, self.y))
        self.at, self.y = max(ends)

    def _lane(self, lane: Strip, x: float) -> None:
        landscape = self.sheet.width > self.sheet.height
        cuts = lane.cut(self.room - 8, self.sheet.height - 2 * self.margin - 8)
        for number, (low, high) in enumerate(zip([0.0, *cuts], cuts, strict=False)):
            if number:
                self.turn_page(landscape)
                self.piece(lane, 0.0, lane.head_height, cuts, x)
            self.piece(lane, low, high, cuts, x)


def _between_lanes(grid: Grid) -> int:
    """The column where the second of two lanes begins; 0 where there are not two, or a cell stands over both."""
    lanes = [column.lane for column in grid.columns if column]
    if sorted(set(lanes)) != [1, 2]:
        return 0
    split = 1 + max(n for n, column in enumerate(grid.columns) if column and column.lane == 1)
    crossed = any(span.column < split < span.column + span.column_span for span in grid.spans())
    return 0 if crossed else split


def _columns(grid: Grid, low: int, high: int) -> Grid:
    rows = tuple(row[low:high] for row in grid.rows)
    return dataclasses.replace(grid, columns=grid.columns[low:high], rows=rows)


def to_the_right(report: Labelled, target: Path) -> None:
    """A workbook printed at its own size: what is too wide goes on, on the next pages, without its labels; by LibreOffice.

    Raises :class:`office.TypesettingError`.
    """
    reworked(report, target, {'style:scale-to-X="1" style:scale-to-Y="0"': 'style:scale-to="100%"'})
