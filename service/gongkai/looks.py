"""Whether glyphs look like the characters that their font says they are: black-and-white shapes compared bit by bit.

A text layer can only be checked against what it shows. Two findings make that cheap. Digits of any typeface resemble the digits of a
few usual ones far more than other digits: in 50 fonts of published reports no digit was nearer to another digit's shapes by more
than 0.03 of its frame, and swapped ones were nearer by 0.25 and more. Ideographs of any typeface are nearer to the same
character of a reference font than to others: by 0.08 and more on average over two dozen, and by at most 0.02 where the
mapping is wrong. All functions are pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from statistics import fmean, median

SIDE = 24  # cells of a shape's frame in each direction
CONTRAST = 40  # of 255, between ink and paper
LEAST_INK = 8  # pixels in height that a shape must have
DIGITS = "0123456789"
SLACK = 0.10  # by so much of the frame another digit must be nearer to be the one that is shown
CLOSE = 0.15  # so near to what it says, no digit has ever shown another: those were 0.25 away and more
LIKE = 0.28  # at this distance and beyond nothing is alike
SWAPPED = 2  # digits at least, for one alone may be an odd shape
RESEMBLING = (
    0.04  # by so much nearer, on average, ideographs are to their own reference than to those of others
)
DWARF = 0.5  # of its reference's height: no ideograph of any typeface is so low, a quotation mark is
ENOUGH = 8  # ideographs, for an average to say much

_DATA = Path(__file__).with_name("looks.toml")


@dataclass(frozen=True, slots=True)
class Shape:
    """The ink of one glyph stretched to ``SIDE`` by ``SIDE`` cells, row by row as bits, its width by its height before that, and that
    height in pixels (0 if it was not measured)."""

    bits: int
    ratio: float
    height: int = 0

    def distance(self, other: Shape) -> float:
        """The share of cells that differ, and something for another proportion."""
        differing = (self.bits ^ other.bits).bit_count() / SIDE**2
        return differing + 0.4 * min(abs(self.ratio - other.ratio), 0.5)


def shape(samples: bytes, width: int, height: int) -> Shape | None:
    """The shape of the glyph on a grey picture: its tallest band of ink, for a ruling may pass above or below; None without ink."""
    light, deep = max(samples, default=0), min(samples, default=0)
    if light - deep < CONTRAST:
        return None
    middle = (light + deep) // 2
    ink = samples.translate(bytes(49 if value <= middle else 48 for value in range(256))).decode("ascii")
    if 2 * ink.count("1") > len(ink):  # white on a coloured ground
        ink = ink.translate({48: "1", 49: "0"})
    lines = [ink[y * width : (y + 1) * width] for y in range(height)]
    top, bottom = _tallest(["1" in line for line in lines])
    if bottom - top < LEAST_INK:
        return None
    lines = lines[top:bottom]
    left = min(line.find("1") for line in lines if "1" in line)
    right = max(line.rfind("1") for line in lines) + 1
    across = itemgetter(*(left + (2 * i + 1) * (right - left) // (2 * SIDE) for i in range(SIDE)))
    down = (lines[(2 * j + 1) * (bottom - top) // (2 * SIDE)] for j in range(SIDE))
    bits = int("".join("".join(across(line)) for line in down), 2)
    return Shape(bits, round((right - left) / (bottom - top), 3), bottom - top)


def _tallest(rows: Sequence[bool]) -> tuple[int, int]:
    """From where to where the longest run of rows with ink goes; a gap of one row does not end it."""
    best, start = (0, 0), 0
    for y in range(len(rows) + 1):
        if y < len(rows) and (rows[y] or (y > start and y + 1 < len(rows) and rows[y + 1])):
            continue
        if y - start > best[1] - best[0]:
            best = (start, y)
        start = y + 1
    return best


@cache
def reference() -> Mapping[str, tuple[Shape, ...]]:
    """The digits as a few usual typefaces print them (``looks.toml``)."""
    listed = tomllib.loads(_DATA.read_text(encoding="utf-8"))["digits"]
    return {
        digit: tuple(Shape(int(bits, 16), float(ratio)) for bits, ratio in shapes)
        for digit, shapes in listed.items()
    }


def shown(samples: Sequence[Shape | None]) -> dict[str, float]:
    """How far the pictures of one glyph are from each digit, at best; empty without any ink."""
    seen = [one for one in samples if one is not None]
    return {digit: _distance(seen, digit) for digit in DIGITS} if seen else {}


def _distance(seen: Sequence[Shape], digit: str) -> float:
    return median(min(one.distance(other) for other in reference()[digit]) for one in seen)


Glyphs = Mapping[str, Sequence[Shape | None]]  # pictures of each digit that a font prints


def lying(glyphs: Glyphs) -> bool:
    """Does a font show other digits than it says, or something else?"""
    strange = sum(not _honest(digit, samples) for digit, samples in glyphs.items())
    return strange >= min(SWAPPED, len(glyphs)) and strange > 0


def _honest(digit: str, samples: Sequence[Shape | None]) -> bool:
    seen = [one for one in samples if one is not None]
    if not seen:
        return False
    own = _distance(seen, digit)
    return own < CLOSE or all(own - _distance(seen, other) <= SLACK for other in DIGITS if other != digit)


def translation(glyphs: Glyphs) -> dict[str, str] | None:
    """What each digit of a font that lies shows, where that is certain; None where it is not.

    No two of them show the same, and of all ways to give each its own the one is taken that fits best as a whole.
    """
    distances = {digit: shown(samples) for digit, samples in glyphs.items()}
    if not all(distances.values()):
        return None
    best: dict[frozenset[str], tuple[float, tuple[str, ...]]] = {frozenset(): (0.0, ())}
    for near in distances.values():
        following: dict[frozenset[str], tuple[float, tuple[str, ...]]] = {}
        for taken, (sofar, meant) in best.items():
            for other in near.keys() - taken:
                key, sum_ = taken | {other}, sofar + near[other]
                if key not in following or sum_ < following[key][0]:
                    following[key] = (sum_, (*meant, other))
        best = following
    _, meant = min(best.values())
    found = dict(zip(distances, meant, strict=True))
    certain = all(
        near[found[digit]] < LIKE and near[found[digit]] - min(near.values()) < SLACK / 2
        for digit, near in distances.items()
    )
    return found if certain else None


def resembling(glyphs: Mapping[str, Shape], references: Mapping[str, Shape]) -> bool | None:
    """Do the ideographs ``glyphs`` look like those of a reference font more than like the others in ``references``?

    None when none can be compared. Of few of them an average says less: they are only disowned when they are no nearer at all, or when
    most are far too low.
    """
    both = [character for character in glyphs if character in references]
    if not both or len(references) < 2:
        return None
    dwarfs = sum(0 < glyphs[one].height < DWARF * references[one].height for one in both)
    if 2 * dwarfs > len(both):
        return False
    own = fmean(glyphs[one].distance(references[one]) for one in both)
    others = fmean(
        glyphs[one].distance(shape) for one in both for other, shape in references.items() if other != one
    )
    return others - own > (RESEMBLING if len(both) >= ENOUGH else 0.0)
