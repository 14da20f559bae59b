"""Pages that are turned: by /Rotate (``Rotated``), or by the content stream on an upright page (``Sideways``); A3 among A4."""

from __future__ import annotations

from gongkai_eval.labels import Table
from gongkai_eval.typesetter.messy.paper import A3, A4
from gongkai_eval.typesetter.messy.press import Press

WIDE = 9


class Rotated(Press):
    """Half of the widest tables on A3. Every wide page, and every third upright one, is stored on its side and displayed upright through /Rotate."""

    name = "rotated"
    engine = "reportlab"
    face = "hei"
    label_ems = 14.0

    def table(self, table: Table) -> None:
        wide = len(table.grid.columns) >= WIDE and int(table.number) % 4 in (2, 3)
        if wide != (self.paper == A3):
            self.paper = A3 if wide else A4
            self.y = self.sheet.height  # another size of paper begins another page
        super().table(table)
        self.paper = A4
        self.y = self.sheet.height if wide else self.y

    def turn_page(self, landscape: bool = False) -> None:
        super().turn_page(landscape)
        number = len(self.sheets)
        if landscape or number % 3 == 0:
            self.sheet.turned, self.sheet.rotate = self.turning(number, landscape)

    def turning(self, number: int, landscape: bool) -> tuple[int, int]:
        """(how the content is turned, /Rotate) of a page."""
        degrees = 90 if number % 2 else 270
        return degrees, degrees


class Sideways(Rotated):
    """Wide tables lie on their side on pages displayed upright, now to the left, now to the right, by the content or by /Rotate."""

    name = "sideways"
    engine = "mupdf"
    face = "song"

    def turning(self, number: int, landscape: bool) -> tuple[int, int]:
        degrees = 90 if number % 2 else 270
        if not landscape:
            return 0, 0
        return (0, degrees) if number % 3 == 0 else (degrees, 0)
