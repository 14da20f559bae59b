"""Typesets a labelled report on sheets: cover, contents, prose, tables cut into pages. Each messy style spoils one thing of it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from gongkai_eval.amounts import normal
from gongkai_eval.labels import Block, Labelled, Table
from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import A4, Box, Line, Sheet, Text, publish
from gongkai_eval.typesetter.messy.strip import Cell, Strip, lay, wrap
from gongkai_eval.typesetter.plan import POINT, Plan, plan

HEADINGS = {1: 18.0, 2: 15.0, 3: 14.0}
PROSE, CAPTION, TITLE = 13.0, 10.0, 16.0


class Press:
    """A style is a subclass; what it does not override is set in a sound, ruled way."""

    name = "plain"
    engine = "mupdf"
    face = "song"
    margin = 54.0
    sizes: tuple[float, ...] = (10.0, 9.0, 8.0, 7.0, 6.0)
    label_ems = 10.0
    paper = A4

    def __init__(self, report: Labelled) -> None:
        self.report = report
        self.chance = random.Random(f"{self.name}/{report.id}")
        self.sheets: list[Sheet] = []
        self.at = -1
        self.y = 0.0
        self.last = ""

    def render(self, target: Path) -> None:
        """The report as the PDF ``target``; raises :class:`office.TypesettingError`."""
        self.compose()
        publish(self.sheets, target, self.engine)

    def compose(self) -> list[Sheet]:
        """The report as sheets."""
        part = ""
        for block in self.report.blocks:
            if block.kind == "page" or (block.part != part and block.part != "annex"):
                self.turn_page()
            part = block.part
            if block.kind == "table":
                self.table(self.report.table_by_number[block.table])
            elif block.kind != "page":
                self.prose(block)
                self.last = normal(block.text)
        for number, sheet in enumerate(self.sheets, 1):
            self.finish(sheet, number)
        return self.sheets

    # the page

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.at]

    @property
    def room(self) -> float:
        """The height left on the sheet."""
        return self.sheet.height - self.margin - self.y

    @property
    def measure(self) -> float:
        """The width between the margins."""
        return self.sheet.width - 2 * self.margin

    def turn_page(self, landscape: bool = False) -> None:
        """The next sheet, from its top."""
        self.at += 1
        if self.at == len(self.sheets):
            short, long = self.paper
            self.sheets.append(Sheet(long, short) if landscape else Sheet(short, long))
        self.y = self.margin

    def ensure(self, height: float) -> None:
        """An upright sheet with this much room left."""
        if self.sheet.width > self.sheet.height or self.room < height:
            self.turn_page()

    def finish(self, sheet: Sheet, number: int) -> None:
        """The running foot."""
        text = f"- {number} -"
        x = (sheet.width - faces.width(text, self.face, 9)) / 2
        sheet.marks.append(Text(x, sheet.height - self.margin / 2, text, 9, self.face))

    # prose

    def prose(self, block: Block) -> None:
        if block.part == "cover":
            self.y += 40
            self.line(block.text.strip(), 26, "center")
        elif block.kind == "heading":
            size = HEADINGS[block.level]
            self.ensure(4 * size)
            self.paragraph(block.text.strip(), size, "center" if block.level == 1 else "start", strong=True)
        else:
            self.paragraph(
                block.text.strip(), PROSE, "start", indent=0 if block.part == "contents" else 2 * PROSE
            )

    def paragraph(self, text: str, size: float, side: str, indent: float = 0, strong: bool = False) -> None:
        spaces = "\u3000" * round(indent / size)
        self.y += size * 0.3
        for line in wrap(
            text if not spaces else "\u0000" * len(spaces) + text, self.measure, self.face, size
        ):
            self.ensure(size * 1.6)
            self.line(
                line.replace("\u0000", ""), size, side, indent if line.startswith("\u0000") else 0, strong
            )

    def line(self, text: str, size: float, side: str, indent: float = 0, strong: bool = False) -> None:
        """One line across the page."""
        self.y += size * 1.25
        left, right = self.margin + indent, self.sheet.width - self.margin
        self.write(place(text, left, right, side, self.face, size), self.y, text, size, strong)
        self.y += size * 0.35

    def write(self, x: float, y: float, text: str, size: float, strong: bool = False) -> None:
        """A run of text outside the cells; ``strong`` is what is set in bold."""
        self.sheet.marks.append(Text(x, y, text, size, self.face))

    # tables

    def plan(self, table: Table) -> Plan:
        short, long = ((side - 2 * self.margin) * POINT for side in self.paper)
        return plan(table.grid, short, long, self.sizes, self.label_ems)

    def strip(self, table: Table, layout: Plan) -> Strip:
        return lay(table.grid, layout, self.face)

    def table(self, table: Table) -> None:
        layout = self.plan(table)
        strip = self.strip(table, layout)
        caption = 6 * CAPTION + 2 * TITLE
        wanted = caption + min(strip.height, strip.head_height + 6 * strip.leading)
        if layout.landscape != (self.sheet.width > self.sheet.height) or self.room < wanted:
            self.turn_page(layout.landscape)
        self.caption(table)
        self.set(table, strip)
        for note in table.notes:
            for line in wrap(note, self.measure, self.face, CAPTION):
                if self.room < 2 * CAPTION:
                    self.turn_page(layout.landscape)
                self.line(line, CAPTION, "start")
        self.y += 12

    def caption(self, table: Table) -> None:
        """Title, number, and one line of entity, year and unit."""
        if self.last != normal(table.title):
            for line in wrap(table.title, self.measure, self.face, TITLE):
                self.line(line, TITLE, "center", strong=True)
        if table.printed_number:
            self.line(table.printed_number, CAPTION, "end")
        unit = f"金额单位：{table.unit}" if table.unit else ""
        start = self.y
        for text, side in ((table.entity_line, "start"), (table.year_line, "center"), (unit, "end")):
            if text:
                self.y = start
                self.line(text, CAPTION, side)
        self.y += 3

    def set(self, table: Table, strip: Strip) -> None:
        """The strip in pieces, page by page, its head on each."""
        full = self.sheet.height - 2 * self.margin
        cuts = strip.cut(self.room - 8, full - 8)
        self.pieces(strip, cuts, repeat=True)

    def pieces(self, strip: Strip, cuts: list[float], repeat: bool) -> None:
        x = (self.sheet.width - strip.width) / 2
        landscape = self.sheet.width > self.sheet.height
        for number, (low, high) in enumerate(zip([0.0, *cuts], cuts, strict=False)):
            if number:
                self.turn_page(landscape)
                if repeat and strip.head:
                    self.piece(strip, 0.0, strip.head_height, cuts, x)
            self.piece(strip, low, high, cuts, x)
        self.y += 4

    def piece(self, strip: Strip, low: float, high: float, cuts: list[float], x: float) -> None:
        """What stands on the strip between ``low`` and ``high``, at the place where the page is."""
        down = self.y - low
        cells = [cell for cell in strip.cells if cell.box[1] < high - 0.01 and cell.box[3] > low + 0.01]
        boxes = [
            (cell.box[0] + x, max(cell.box[1], low) + down, cell.box[2] + x, min(cell.box[3], high) + down)
            for cell in cells
        ]
        self.rules(strip, cells, boxes)
        for cell, box in zip(cells, boxes, strict=True):
            for y, line in strip.baselines(cell, cuts, self.stand(cell)):
                if low < y <= high + 0.01:
                    self.inscribe(strip, cell, box, y + down, line)
        self.y += high - low

    def stand(self, cell: Cell) -> str:
        """Where the lines of a cell stand: ``top``, ``middle`` or ``bottom``."""
        return "middle"

    def rules(self, strip: Strip, cells: Iterable[Cell], boxes: Iterable[Box]) -> None:
        """What is drawn of the grid, below the text."""
        for x0, y0, x1, y1 in sorted(segments(boxes)):
            self.sheet.marks.append(Line(x0, y0, x1, y1))

    def inscribe(self, strip: Strip, cell: Cell, box: Box, y: float, line: str) -> None:
        """One line of a cell, ``y`` its baseline on the page."""
        size = fitting(line, box[2] - box[0] - 1, strip.face, strip.size)
        x = place(line, box[0] + strip.pad, box[2] - strip.pad, cell.side, strip.face, size)
        self.sheet.marks.append(Text(x, y, line, size, strip.face))


def fitting(text: str, room: float, face: str, size: float) -> float:
    """The size at which a text that cannot break fits."""
    wide = faces.width(text, face, size)
    return size if wide <= room else size * room / wide


def place(text: str, left: float, right: float, side: str, face: str, size: float) -> float:
    """The x at which a text begins that stands at the ``start``, in the ``center`` or at the ``end``."""
    spare = right - left - faces.width(text, face, size)
    return left + spare * {"start": 0.0, "center": 0.5, "end": 1.0}[side]


def segments(boxes: Iterable[Box]) -> set[Box]:
    """The edges of boxes, each once."""
    edges: set[Box] = set()
    for box in boxes:
        x0, y0, x1, y1 = (round(edge, 2) for edge in box)
        edges |= {(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)}
    return edges
