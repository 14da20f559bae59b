"""Bold made by printing twice or three times: every glyph by itself (``Glyphs``) or run by run (``Runs``)."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai_eval.labels import Labelled, Table
from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Box, Sheet, Text
from gongkai_eval.typesetter.messy.press import Press
from gongkai_eval.typesetter.messy.strip import Cell, Strip

#: how far the copies of a glyph stand apart (points), a different way in each table
OFFSETS: tuple[tuple[float, ...], ...] = ((0.0, 0.3), (0.0, 0.2, 0.4), (0.0, 0.8), (0.0, 0.35, 0.7))


class Glyphs(Press):
    """``收收入入``: the copies of a glyph follow it at once."""

    name = "fakebold"
    engine = "reportlab"
    face = "hei"

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.offsets = OFFSETS[0]

    def table(self, table: Table) -> None:
        self.offsets = OFFSETS[int(table.number) % len(OFFSETS)]
        super().table(table)

    def write(self, x: float, y: float, text: str, size: float, strong: bool = False) -> None:
        super().write(x, y, text, size, strong)
        if strong:
            self._double(self.sheet.marks.pop())

    def inscribe(self, strip: Strip, cell: Cell, box: Box, y: float, line: str) -> None:
        super().inscribe(strip, cell, box, y, line)
        if cell.head or cell.strong:
            self._double(self.sheet.marks.pop())

    def _double(self, mark: object) -> None:
        assert isinstance(mark, Text)
        self.sheet.marks += self.copies(mark)

    def copies(self, mark: Text) -> Iterator[Text]:
        x = mark.x
        for letter in mark.text:
            for offset in self.offsets:
                yield Text(x + offset, mark.y + offset / 2, letter, mark.size, mark.face)
            x += faces.width(letter, mark.face, mark.size)


class Runs(Glyphs):
    """``收入收入``: a whole run, then its copies; in every second table the copies come when the page is done."""

    name = "fakebold_runs"
    engine = "mupdf"
    face = "song"

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.late: list[tuple[Sheet, Text]] = []
        self.waits = False

    def table(self, table: Table) -> None:
        self.waits = int(table.number) % 2 == 0
        super().table(table)
        self.waits = False

    def copies(self, mark: Text) -> Iterator[Text]:
        copies = [Text(mark.x + o, mark.y, mark.text, mark.size, mark.face) for o in self.offsets]
        kept = 1 if self.waits else len(copies)
        self.late += [(self.sheet, copy) for copy in copies[kept:]]
        yield from copies[:kept]

    def finish(self, sheet: Sheet, number: int) -> None:
        super().finish(sheet, number)
        sheet.marks += [mark for owner, mark in self.late if owner is sheet]
