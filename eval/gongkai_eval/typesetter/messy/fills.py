"""Grids that are not lines: filled rectangles, cell fills, dashed and doubled rules, missing outer borders, colour heads."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from pathlib import Path

from gongkai_eval.labels import Labelled, Table
from gongkai_eval.typesetter import web
from gongkai_eval.typesetter.messy.paper import WHITE, Area, Box, Color, Line, Text
from gongkai_eval.typesetter.messy.press import Press, segments
from gongkai_eval.typesetter.messy.strip import Cell, Strip

BLUE: Color = (0.16, 0.33, 0.58)
ROSE: Color = (0.75, 0.22, 0.17)
PALE: Color = (0.93, 0.95, 0.98)
SAND: Color = (1.0, 0.95, 0.8)
GREY: Color = (0.45, 0.45, 0.45)
THICK = 0.5

DASHED = """
table { border-collapse: separate; border-spacing: 0; border: 0 }
td { border: .7pt dashed #555 }
thead td { background: #1f4e79; color: #fff; border-style: solid }
tr:nth-child(even) td { background: #f3f6fa }
thead tr:nth-child(even) td { background: #1f4e79 }
.table:nth-of-type(3n) table { border-spacing: 2px; border: 1pt solid #555 }
.table:nth-of-type(3n) td { border-style: solid; background: none }
.table:nth-of-type(3n) thead td { background: #c00000 }
.table:nth-of-type(3n+1) table { border-collapse: collapse; border: 2.5pt double #333 }
.table:nth-of-type(3n+1) td:first-child { border-left: 0 }
.table:nth-of-type(3n+1) td:last-child { border-right: 0 }
"""


class Fills(Press):
    """Three ways in turn: thin filled rectangles, open at the sides; a doubled frame round dashed rules; fills alone."""

    name = "fills"
    engine = "reportlab"
    face = "hei"

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.way = 0

    def table(self, table: Table) -> None:
        self.way = int(table.number) % 3
        super().table(table)

    def rules(self, strip: Strip, cells: Iterable[Cell], boxes: Iterable[Box]) -> None:
        boxes = list(boxes)
        self.sheet.marks += [Area(box, self._fill(cell)) for cell, box in zip(cells, boxes, strict=True)]
        edges = sorted(segments(boxes))
        frame = (
            min(e[0] for e in edges),
            min(e[1] for e in edges),
            max(e[2] for e in edges),
            max(e[3] for e in edges),
        )
        inner = [edge for edge in edges if not _outer(edge, frame)]
        if self.way == 0:
            self.sheet.marks += [Area(_thin(edge), GREY) for edge in edges if not _side(edge, frame)]
        elif self.way == 1:
            self.sheet.marks += [Line(*edge, 0.6, GREY, (2.5, 1.5)) for edge in inner]
            for apart in (0.0, -1.8):
                self.sheet.marks += _frame(frame, apart)
        else:
            self.sheet.marks += [Line(*edge, 1.0, WHITE) for edge in inner]

    def inscribe(self, strip: Strip, cell: Cell, box: Box, y: float, line: str) -> None:
        super().inscribe(strip, cell, box, y, line)
        mark = self.sheet.marks[-1]
        if cell.head and isinstance(mark, Text):
            self.sheet.marks[-1] = dataclasses.replace(mark, color=WHITE)

    def _fill(self, cell: Cell) -> Color:
        if cell.head:
            return ROSE if self.way == 2 else BLUE
        if cell.strong:
            return SAND
        return PALE if self.way == 2 or (self.way == 0 and cell.span.row % 2) else WHITE


def dashed(report: Labelled, target: Path) -> None:
    """A web page: dashed rules, cells with borders of their own, double frames; raises :class:`office.TypesettingError`."""
    web.print_page(web.page(report, web.STYLE + DASHED), target)


def _thin(edge: Box) -> Box:
    """A line as the rectangle that a spreadsheet fills for it."""
    x0, y0, x1, y1 = edge
    return (x0, y0, x1 + THICK, y0 + THICK) if y0 == y1 else (x0, y0, x0 + THICK, y1)


def _side(edge: Box, frame: Box) -> bool:
    return edge[0] == edge[2] and edge[0] in (frame[0], frame[2])


def _outer(edge: Box, frame: Box) -> bool:
    return _side(edge, frame) or (edge[1] == edge[3] and edge[1] in (frame[1], frame[3]))


def _frame(frame: Box, apart: float) -> list[Line]:
    x0, y0, x1, y1 = frame[0] + apart, frame[1] + apart, frame[2] - apart, frame[3] - apart
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
    return [Line(*a, *b, 0.6) for a, b in itertools.pairwise(corners)]
