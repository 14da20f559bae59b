"""Cells that lie: broken numbers, spaced captions, scattered and glued cells, clipped labels, full-width digits, mixed commas."""

from __future__ import annotations

import dataclasses
import re

from gongkai_eval import amounts
from gongkai_eval.grid import LEFT, UP, Grid, Span
from gongkai_eval.labels import Labelled, Table
from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Box, Text
from gongkai_eval.typesetter.messy.press import Press, fitting
from gongkai_eval.typesetter.messy.strip import Cell, Strip, lay, wrap
from gongkai_eval.typesetter.plan import POINT, Plan

WAYS = ("broken", "clipped", "scattered")
FULL = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


class Lying(Press):
    """Each table lies in one way in turn (tables of lanes with codes are glued), all of them about captions and digits."""

    name = "lying"
    engine = "reportlab"
    label_ems = 8.0

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.way = ""
        self.first_way = self.chance.randrange(len(WAYS))

    def table(self, table: Table) -> None:
        grid = table.grid
        self.way = WAYS[(int(table.number) + self.first_way) % len(WAYS)]
        if _glueable(grid):
            self.way = "glued"
        elif self.way == "clipped" and not any(_is_code(text) for row in grid.rows for text in row[:1]):
            self.way = "scattered"
        super().table(dataclasses.replace(table, grid=self._spoiled(grid)))

    def plan(self, table: Table) -> Plan:
        """Amount columns too narrow for their numbers (broken), name columns too narrow for their names (clipped)."""
        layout = super().plan(table)
        if self.way not in ("broken", "clipped"):
            return layout
        grid = table.grid
        widths = list(layout.widths)
        for position, column in enumerate(grid.columns):
            longest = max(_texts(grid, position), key=len, default="")
            narrow = column is not None if self.way == "broken" else column is None and not _is_code(longest)
            if narrow and len(longest) > 5:
                wide = 0.72 * faces.width(longest, self.face, layout.size) + 5
                widths[position] = round(min(widths[position], wide * POINT), 2)
        return dataclasses.replace(layout, widths=tuple(widths))

    def strip(self, table: Table, layout: Plan) -> Strip:
        grid = table.grid

        def fold(span: Span, room: float) -> tuple[str, ...]:
            label = span.row >= grid.head and not grid.columns[span.column] and span.column_span == 1
            if self.way == "clipped" and label and grid.columns[-1]:
                return (span.text.strip(),) if span.text.strip() else ()
            return wrap(span.text, room, self.face, layout.size, breaks=self.way == "broken")

        return lay(grid, layout, self.face, fold=fold)

    def stand(self, cell: Cell) -> str:
        if self.way != "scattered" or cell.head:
            return "middle"
        return "bottom" if cell.amount else "top" if cell.span.text.strip().isdigit() else "middle"

    def inscribe(self, strip: Strip, cell: Cell, box: Box, y: float, line: str) -> None:
        glued = self.way == "glued" and not cell.head and (cell.amount or _is_code(line))
        super().inscribe(dataclasses.replace(strip, pad=0.2) if glued else strip, cell, box, y, line)
        mark = self.sheet.marks[-1]
        if self.way == "clipped" and isinstance(mark, Text) and not cell.head and not cell.amount:
            self.sheet.marks[-1] = self._overflowing(strip, cell, box, mark)

    def _overflowing(self, strip: Strip, cell: Cell, box: Box, mark: Text) -> Text:
        """A label that does not wrap: it runs on over empty cells, and is seen up to the first that is not."""
        line = mark.text
        if fitting(line, box[2] - box[0] - 1, strip.face, strip.size) == strip.size:
            return mark
        after = [c for c in strip.cells if c.span.row == cell.span.row and c.box[0] >= cell.box[2] - 0.01]
        ends = [c.box[0] for c in sorted(after, key=lambda c: c.box[0]) if c.lines] or [strip.width]
        right = ends[0] - cell.box[0] + box[0]
        return Text(
            box[0] + strip.pad, mark.y, line, strip.size, strip.face, clip=(box[0], box[1], right, box[3])
        )

    def _spoiled(self, grid: Grid) -> Grid:
        places = {
            (row, position) for row, position, _, column in grid.addresses() if column.quantity == "money"
        }

        def cell(row: int, position: int, text: str) -> str:
            if text in (LEFT, UP) or not text.strip():
                return text
            if (row, position) in places:
                return self._figure(text)
            caption = row < grid.head or re.fullmatch(r"[合总小]\s*计", text.strip())
            return self._spaced(text) if caption else text

        rows = tuple(tuple(cell(r, c, text) for c, text in enumerate(row)) for r, row in enumerate(grid.rows))
        return dataclasses.replace(grid, rows=rows)

    def _figure(self, text: str) -> str:
        """The same amount, now and then with or without commas, now and then in full-width characters."""
        value = amounts.number(text)
        if value is not None and abs(value) >= 1000 and self.chance.random() < 0.4:
            text = text.replace(",", "") if "," in text else f"{value:,f}"
        wide = self.way != "broken" and self.chance.random() < 0.1
        return text.translate(FULL) if wide else text

    def _spaced(self, text: str) -> str:
        plain = amounts.normal(text)
        if not re.fullmatch(r"[\u4e00-\u9fff]{2}", plain):
            return text
        return self.chance.choice((" ", "  ", "\u3000", "\u3000\u3000")).join(plain)


def _is_code(text: str) -> bool:
    return re.fullmatch(r"\d{3,7}", text.strip()) is not None


def _texts(grid: Grid, position: int) -> list[str]:
    """What stands in a column below the head, but for what is merged."""
    merged = {(span.row, span.column) for span in grid.spans() if span.column_span > 1}
    rows = range(grid.head, len(grid.rows))
    return [grid.rows[row][position].strip() for row in rows if (row, position) not in merged]


def _glueable(grid: Grid) -> bool:
    """Has a column of codes right of a column of amounts."""
    codes = [
        sum(_is_code(row[position]) for row in grid.rows[grid.head :]) > 3
        for position in range(len(grid.columns))
    ]
    return any(code and grid.columns[n] is None and grid.columns[n - 1] for n, code in enumerate(codes) if n)
