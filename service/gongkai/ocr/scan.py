"""What OCR delivers for one page, and the way back from the page turned straight to the page as displayed. Needs no OCR engine."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from gongkai.ocr.evidence import Reading
from gongkai.pages import Page
from gongkai.report import Box


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that was read (in part) by OCR.

    ``page``: its words and rules in *straightened* points, for the layout; ``readings``: the evidence, in the same points. ``area`` is
    the part of the displayed page that was read. ``quarter`` turns against the clock and ``angle`` degrees more made it straight.
    ``poor``: too blunt to trust one reading. ``grid_sure``: every rule ends at another.
    """

    page: Page
    readings: tuple[Reading, ...]
    area: Box
    quarter: int = 0
    angle: float = 0.0
    poor: bool = False
    grid_sure: bool = True

    def displayed(self, box: Box) -> Box:
        """A box of straightened points as a box on the page as displayed (same size, its middle in the right place)."""
        if not (self.quarter or self.angle) or not _holds(self.area, box, self.quarter):
            return box
        left, top, right, bottom = self.area
        width, height = right - left, bottom - top
        wide, high = (height, width) if self.quarter % 2 else (width, height)
        x, y = (box[0] + box[2]) / 2 - left - wide / 2, (box[1] + box[3]) / 2 - top - high / 2
        c, s = cos(radians(self.angle)), sin(radians(self.angle))
        x, y = c * x - s * y, s * x + c * y
        half_wide, half_high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        for _ in range(self.quarter):
            x, y = -y, x
            half_wide, half_high = half_high, half_wide
        x, y = left + width / 2 + x, top + height / 2 + y
        return (x - half_wide, y - half_high, x + half_wide, y + half_high)


def _holds(area: Box, box: Box, quarter: int) -> bool:
    """Does the middle of ``box`` lie in what was read? Text of the file beside a picture was never turned."""
    if quarter:
        return True
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]
