"""What speaks for a figure that OCR read, and the grade that follows. Pure; needs no OCR engine.

A score of the engine is not evidence: a number cut by a stamp scores 1.00. Evidence is a printed format that fits (always required),
a second, different reading that agrees, and sums that hold. One of the last two suffices; where red ink touches the figure or the
scan is poor, both are needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.report import Box, Grade

_FORMAT = re.compile(r"^\(?[-−△▲]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)?%?$")
_DASH = re.compile(r"^[-—–―─━−]+$")

# Share of right figures among those with this evidence, rounded down (docs/ocr.md says how they were measured).
CONFIDENCE = {"both": 0.999, "proved": 0.99, "agreed": 0.99, "neither": 0.8}
UNKNOWN = "\ufffd"  # ink that the engine finds no character in
LABEL, LABEL_UNDER_RED = 0.5, 0.9  # scores of a character below which a label is not sure
DOUBTFUL = 0.6  # one of the two where both are needed
POOR = 0.5  # the most that a figure of a poor scan gets without both


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of text that OCR read, or an empty cell under red ink (``text`` is empty).

    ``box`` is in the points of its :class:`~gongkai.pages.Page`. ``weakest`` is the engine's score of its least sure character;
    ``numbers`` are its likeliest numeric readings of the same ink with their probabilities, best first. ``red``: red ink touches it.
    ``cut``: its ink runs into a side of its cell. ``agreed``: a second, different reading says the same (True), says something else
    (False), or was not made (None). ``again`` is what the second reading said, if it was made with words.
    """

    text: str
    box: Box
    weakest: float = 1.0
    numbers: tuple[tuple[str, float], ...] = ()
    red: bool = False
    cut: bool = False
    agreed: bool | None = None
    again: str | None = None

    @property
    def doubtful(self) -> bool:
        """May a label or a code of this text be another one?"""
        if self.numeric:
            return self.agreed is not True
        return UNKNOWN in self.text or self.weakest < (LABEL_UNDER_RED if self.red else LABEL)

    @property
    def numeric(self) -> bool:
        """Does ``text`` have the format of a printed amount (a lone dash is one)?"""
        return is_amount(self.text)


def is_amount(text: str) -> bool:
    """``1,234.56``, ``(3.20)``, ``12.5%``, ``-``: a format that amounts are printed in, and nothing beside it."""
    plain = plainly(text)
    return bool(_FORMAT.match(plain) or _DASH.match(plain))


def plainly(text: str) -> str:
    """``text`` for comparing two readings: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def in_box(readings: Iterable[Reading], box: Box) -> list[Reading]:
    """The readings whose middle lies in ``box``: those that a figure of that place was made of."""
    x0, y0, x1, y1 = box
    return [
        r
        for r in readings
        if x0 - 1 <= (r.box[0] + r.box[2]) / 2 <= x1 + 1 and y0 - 1 <= (r.box[1] + r.box[3]) / 2 <= y1 + 1
    ]


def in_row(readings: Iterable[Reading], box: Box) -> list[Reading]:
    """The readings beside ``box`` on its line, to its left: among them the labels that name its row."""
    height = box[3] - box[1]
    return [
        r
        for r in readings
        if r.box[2] < box[0] and r.box[3] > box[1] - 0.3 * height and r.box[1] < box[3] + 0.3 * height
    ]


def above(readings: Iterable[Reading], box: Box) -> list[Reading]:
    """The words over ``box``, in its column: among them the captions that name it."""
    return [
        r for r in readings if not r.numeric and r.box[3] < box[1] and r.box[0] < box[2] and r.box[2] > box[0]
    ]


def keyed_by(row: Iterable[Reading], key: str) -> list[Reading]:
    """The numbers of a line that its ``key`` is made of: a code in one piece or in its levels, or the line's own number."""
    digits = key.rpartition(":")[2].partition("#")[0]
    if not digits.isdecimal():
        return []
    return [
        r for r in row if (text := plainly(r.text)).isdecimal() and (text == digits or _level(text, digits))
    ]


def _level(text: str, code: str) -> bool:
    """Is ``text`` the 类, 款 or 项 of ``code``?"""
    return len(code) > 3 and text in (code[:3], code[3:5], code[5:7])


def grade(
    own: Iterable[Reading],
    *,
    row: Iterable[Reading] = (),
    keys: Iterable[Reading] = (),
    heads: Iterable[Reading] = (),
    named: bool = True,
    proved: bool = False,
    poor: bool = False,
) -> tuple[Grade, float]:
    """The grade and the confidence of a figure read from ``own`` (:func:`in_box`) in the line of ``row`` (:func:`in_row`).

    ``keys`` are the numbers that its row is named by, ``heads`` the captions that its column is named by, where the form knows neither.
    ``named``: its row and its column are ones that the form knows; ``proved``: sums through it hold; ``poor``: the page's scan is
    poor. A figure of several pieces was not read in one, one whose
    format does not fit is no number, one whose line has a doubtful label may be another figure: all ``check`` at best.
    """
    parts = list(own)
    if len(parts) != 1 or not parts[0].numeric:
        return "check", CONFIDENCE["neither"] / 2
    (one,) = parts
    agreed = one.agreed is True
    if one.agreed is False and not proved:
        return "check", DOUBTFUL
    if any(key.agreed is not True for key in keys):  # a code or a line number is no surer than any number
        return "check", DOUBTFUL
    labels = [label for label in (*row, *heads) if label.text and not label.numeric]
    if any(
        label.doubtful
        or (label.red and not named)
        or (label.weakest < LABEL_UNDER_RED and (poor or not named))
        for label in labels
    ):
        return "check", DOUBTFUL
    if poor and not named:
        return "check", POOR
    if agreed and proved:
        return "sure", CONFIDENCE["both"]
    if poor:
        return "check", POOR
    if one.red or one.cut:
        return "check", DOUBTFUL if agreed or proved else POOR
    if agreed or proved:
        return "sure", CONFIDENCE["proved" if proved else "agreed"]
    return "check", CONFIDENCE["neither"]
