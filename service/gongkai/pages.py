"""What a reader delivers (a text layer through ``pdf``, a picture through ``ocr``): words and rules on displayed pages.

All coordinates are points on the page as displayed (rotation applied), origin top left, y growing downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.report import Box, TextSource


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters on one line with no gap wide enough to be a space or a column.

    ``edges`` has one more entry than ``text``: the x of each character's left side, then the right side of the last, so that a
    word can be cut where a rule passes through it. ``font`` names the font within its document ("" where none set the word).
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    edges: tuple[float, ...]
    font: str = ""

    @property
    def box(self) -> Box:
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical ruling: a drawn line, or a thin filled rectangle. ``at`` is its y (or x), from ``lo`` to ``hi``."""

    at: float
    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class Page:
    """One displayed page. ``words`` are in reading order of the file; ``horizontal``/``vertical`` are merged, snapped rulings.

    ``hidden`` are words that the file holds and no reader sees (white, covered, off the page): never part of a figure.
    ``turn`` is 90, 180 or 270 where most text stands sideways on the displayed page: words and rulings are then given on the page
    turned clockwise by so much, and ``layout`` turns its boxes back. ``pictures`` are large pictures (displayed points) without text.
    """

    document: str
    number: int
    width: float
    height: float
    rotation: int
    words: tuple[Word, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    text_source: TextSource
    health: tuple[str, ...] = ()
    hidden: tuple[Word, ...] = ()
    turn: int = 0
    pictures: tuple[Box, ...] = ()


def rounded(box: Box) -> Box:
    """A box to hundredths of a point."""
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))
