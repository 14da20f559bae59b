"""A second reading of numbers that owes nothing to the model: each glyph compared with the other glyphs of the same page.

The ink of a number falls into pieces, one a character. When there are as many pieces as characters, and each piece looks most like
pieces that were read as the same character elsewhere on the page, two different readings agree. A digit lost under a stamp or at a
cell's side shows in the count, a misread one in its looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from gongkai.ocr.evidence import plainly
from gongkai.ocr.pixels import Array, Pixels
from gongkai.ocr.ruled import PixelBox

INK = 180  # of 255: lighter than that, neighbouring glyphs run together
TALL, WIDE = 24, 28  # pixels of a glyph's frame: the height of a digit, and room for the widest character
LIKE = 0.80  # correlation: glyphs less alike are not the same character
VOTES = 3
FEWEST = 12  # glyphs on a page: fewer are no type specimen


@dataclass(frozen=True, slots=True)
class Number:
    """A number as read, and where its ink is (pixels)."""

    text: str
    box: PixelBox


def agreeing(numbers: Sequence[Number], grey: Pixels) -> list[bool | None]:
    """For each number: do its glyphs look like what they were read as? None where that cannot be told (touching glyphs, too few)."""
    pieces = [_glyphs(number, grey) for number in numbers]
    labels = [
        character
        for number, own in zip(numbers, pieces, strict=True)
        if own
        for character in plainly(number.text)
    ]
    glyphs = [glyph for own in pieces for glyph in own]
    if len(glyphs) < FEWEST:
        return [None] * len(numbers)
    verdicts = iter(_verdicts(np.array(glyphs, np.float32), np.array(labels)))
    return [_together([next(verdicts) for _ in own]) for own in pieces]


def _together(verdicts: list[bool | None]) -> bool | None:
    if not verdicts or (None in verdicts and False not in verdicts):
        return None
    return False not in verdicts


def _verdicts(glyphs: Array, labels: Array) -> list[bool | None]:
    """True: most of the nearest others bear its label; False: they bear another; None: nothing is near."""
    flat = glyphs.reshape(len(glyphs), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6
    likeness = flat @ flat.T
    np.fill_diagonal(likeness, -1.0)
    verdicts: list[bool | None] = []
    for own, row in zip(labels, likeness, strict=True):
        nearest = np.argsort(-row)[:VOTES]
        near = nearest[row[nearest] >= LIKE]
        if not len(near):
            verdicts.append(None)
            continue
        same = int((labels[near] == own).sum())
        verdicts.append(2 * same > len(near))
    return verdicts


def _glyphs(number: Number, grey: Pixels) -> list[Pixels]:
    """The glyphs of ``number`` from left to right, framed by the height of its digits; empty when they cannot be told apart."""
    x0, y0, x1, y1 = number.box
    ink = (grey[y0:y1, x0:x1] < INK).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    columns = _side_by_side(
        [(int(s[0]), int(s[1]), int(s[0] + s[2]), int(s[1] + s[3])) for s in stats[1:count]]
    )
    if len(columns) != len(plainly(number.text)):
        return []
    tallest = max(bottom - top for _, top, _, bottom in columns)
    tall = [box for box in columns if box[3] - box[1] >= 0.7 * tallest]
    top, bottom = int(np.median([box[1] for box in tall])), int(np.median([box[3] for box in tall]))
    return [_framed(grey[y0:y1, x0:x1], box, top, bottom) for box in columns]


def _side_by_side(boxes: list[PixelBox]) -> list[PixelBox]:
    """Pieces that stand over one another are one glyph."""
    glyphs: list[PixelBox] = []
    for box in sorted(boxes):
        if glyphs and box[0] < glyphs[-1][2] - 0.3 * min(box[2] - box[0], glyphs[-1][2] - glyphs[-1][0]):
            last = glyphs[-1]
            glyphs[-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            glyphs.append(box)
    return glyphs


def _framed(grey: Pixels, box: PixelBox, top: int, bottom: int) -> Pixels:
    """The glyph in a frame as high as a digit and a third more (a comma hangs below), so that a dot stays low and a dash in the middle."""
    left, right = max(box[0] - 1, 0), min(box[2] + 1, grey.shape[1])
    height = max(bottom - top, 1)
    low, high = max(top - 1, 0), min(bottom + height // 3, grey.shape[0])
    piece = 255 - grey[low:high, left:right]
    ratio = TALL / (height * 4 / 3)
    width = min(max(round((right - left) * ratio), 1), WIDE)
    tall = min(max(round((high - low) * ratio), 1), TALL)
    frame = np.zeros((TALL, WIDE), np.uint8)
    start = (WIDE - width) // 2
    frame[:tall, start : start + width] = cv2.resize(piece, (width, tall), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(frame, (3, 3), 0)
