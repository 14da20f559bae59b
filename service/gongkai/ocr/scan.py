"""What OCR delivers for one page, and the way back from the page turned straight to the page as displayed. Needs no OCR engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

from gongkai.ocr.evidence import Reading, in_box
from gongkai.pages import Page
from gongkai.report import Box


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that was read (in part) by OCR.

    ``page``: its words and rules in *straightened* points, for the layout, on their side where ``page.turn`` says so; ``readings``: the
    evidence, in the same points. ``area`` is the part of the displayed page that was read, ``angle`` the degrees by which it was
    turned straight. ``poor``: too blunt to trust one reading. ``grid_sure``: every rule ends at another. ``beside``: further
    pictures of the page; ``readings``, ``poor`` and ``grid_sure`` speak of them all.
    """

    page: Page
    readings: tuple[Reading, ...]
    area: Box
    angle: float = 0.0
    poor: bool = False
    grid_sure: bool = True
    beside: tuple[Scan, ...] = ()

    def joined(self, other: Scan) -> Scan:
        """This scan of a picture, read upon the page of an ``other`` one, with that one."""
        return replace(
            self,
            readings=(*other.readings, *self.readings),
            poor=self.poor or other.poor,
            grid_sure=self.grid_sure and other.grid_sure,
            beside=(*other.beside, replace(other, beside=())),
        )

    def displayed(self, box: Box) -> Box:
        """A box as the layout gives it (of straightened points) as a box of the same size on the page as displayed."""
        home = next((one for one in (self, *self.beside) if one.angle and _holds(one.area, box)), None)
        if home is None:
            return box
        left, top, right, bottom = home.area
        half_wide, half_high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        x, y = box[0] + half_wide - (left + right) / 2, box[1] + half_high - (top + bottom) / 2
        c, s = cos(radians(home.angle)), sin(radians(home.angle))
        x, y = (left + right) / 2 + c * x - s * y, (top + bottom) / 2 + s * x + c * y
        return (x - half_wide, y - half_high, x + half_wide, y + half_high)

    def doubtful(self, box: Box) -> bool:
        """Did OCR read the text in ``box`` (as the layout gives it) in a way that a person should look at?"""
        own = in_box(self.readings, self.upright(box))
        return bool(own) and (self.poor or any(reading.red or reading.doubtful for reading in own))

    def upright(self, box: Box) -> Box:
        """A box as the layout gives it, where the readings stand: turned as ``page.turn`` says."""
        x0, y0, x1, y1 = box
        width, height = self.page.width, self.page.height
        if self.page.turn == 90:
            return (height - y1, x0, height - y0, x1)
        if self.page.turn == 180:
            return (width - x1, height - y1, width - x0, height - y0)
        if self.page.turn == 270:
            return (y0, width - x1, y1, width - x0)
        return box


def _holds(area: Box, box: Box) -> bool:
    """Does the middle of ``box`` lie in what was read? Text of the file beside a picture was never turned."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]
