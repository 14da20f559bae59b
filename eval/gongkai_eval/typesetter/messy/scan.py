"""Scans: whole pages, the tables alone, with somebody's bad OCR below, and poor ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pymupdf

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter.messy.paper import Box, Picture, Sheet, Text, publish, written
from gongkai_eval.typesetter.messy.press import Press
from gongkai_eval.typesetter.messy.raster import Copier, copied, photograph, stamp
from gongkai_eval.typesetter.messy.strip import Cell, Strip

STAMPED = 0.5
#: what a bad OCR takes a character for
TAKEN_FOR = dict(zip("0156892,.一日目人入未", "OlSbBg7. 二曰日入人末", strict=True))


class Scan(Press):
    """Every page a picture, askew by 0.5 to 1.5 degrees, with noise; a red stamp over figures on half of the table pages."""

    name = "scan"
    copier = Copier()
    skews = (0.5, 1.5)

    def __init__(self, report: Labelled) -> None:
        super().__init__(report)
        self.figures: dict[int, list[Box]] = {}

    def inscribe(self, strip: Strip, cell: Cell, box: Box, y: float, line: str) -> None:
        super().inscribe(strip, cell, box, y, line)
        if cell.amount:
            self.figures.setdefault(self.at, []).append(box)

    def render(self, target: Path) -> None:
        sheets = self.compose()
        with pymupdf.open("pdf", written(sheets, self.engine)) as document:
            pictures = [self.scanned(page) for page in document]
        publish([self.bound(*pair) for pair in zip(sheets, pictures, strict=True)], target, self.engine)

    def scanned(self, page: pymupdf.Page) -> bytes:
        picture = photograph(page, None, self.copier.dpi)
        figures = self.figures.get(page.number, [])
        if len(figures) > 3 and self.chance.random() < STAMPED:
            x0, y0, x1, y1 = self.chance.choice(figures)
            picture = stamp(
                picture, self.report.entity[-16:], ((x0 + x1) / 2, (y0 + y1) / 2), self.copier.dpi
            )
        skew = self.chance.choice((-1, 1)) * self.chance.uniform(*self.skews)
        return copied(picture, dataclasses.replace(self.copier, skew=skew), self.chance.randrange(1 << 30))

    def bound(self, sheet: Sheet, picture: bytes) -> Sheet:
        """The sheet of the scan."""
        return Sheet(sheet.width, sheet.height, [Picture((0.0, 0.0, sheet.width, sheet.height), picture)])


class Poor(Scan):
    """120 dpi, out of focus, strongly compressed."""

    name = "scan_poor"
    copier = Copier(dpi=120, blur=0.9, noise=10.0, quality=38)


class Layered(Scan):
    """The scan over a text layer in render mode 3, in which about one character of twelve is wrong."""

    name = "scan_ocr"

    def bound(self, sheet: Sheet, picture: bytes) -> Sheet:
        scan = super().bound(sheet, picture)
        for mark in sheet.marks:
            if isinstance(mark, Text) and mark.text.strip():
                said = "".join(map(self._misread, mark.text)).strip() or "-"
                moved = (mark.x + self.chance.uniform(-1, 1), mark.y + self.chance.uniform(-1, 1))
                scan.marks.append(Text(*moved, said, mark.size, mark.face, invisible=True))
        return scan

    def _misread(self, letter: str) -> str:
        if self.chance.random() > 0.08:
            return letter
        return TAKEN_FOR.get(letter) or (self.chance.choice("0123456789") if letter.isdigit() else "口")


class Tables(Scan):
    """Prose and captions are text, every piece of a table is a picture (upright, as one pastes them)."""

    name = "scan_tables"

    def render(self, target: Path) -> None:
        self.compose()
        publish(self.sheets, target, self.engine)

    def piece(self, strip: Strip, low: float, high: float, cuts: list[float], x: float) -> None:
        page, top = self.sheet, self.y
        self.sheets[self.at] = table = Sheet(page.width, page.height)
        super().piece(strip, low, high, cuts, x)
        self.sheets[self.at] = page
        box = (x - 2, top - 1, x + strip.width + 2, self.y + 1)
        with pymupdf.open("pdf", written([table], self.engine)) as document:
            picture = photograph(document[0], box, self.copier.dpi)
        data = copied(picture, dataclasses.replace(self.copier, noise=3.0), self.chance.randrange(1 << 30))
        page.marks.append(Picture(box, data))
