"""Words whose font says nothing true about its characters, read from the picture: the file gives the place, the picture the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2

from gongkai.ocr import engine
from gongkai.ocr.pixels import Pixels, from_samples
from gongkai.pages import Rule, Word

NEAR = (
    0.6  # of the type size: words nearer than this are read together, for the model reads a lone glyph badly
)
MARGIN = 0.12  # of the type size: paper left around a crop
DARK = 215  # of 255: hairlines are grey, and the paper of a rendered page is white
SPECKS = 2  # pixels of ink that a blank may hold
INNER = 0.1  # of a glyph's width: its neighbours may reach so far into it
LONGEST = 60  # glyphs that are read at once


@dataclass(frozen=True, slots=True)
class Heard:
    """What the picture shows of one run of words: for each of its glyphs, whether there is ``ink`` and the ``characters`` that the
    engine finds there; with the score of the least sure one."""

    ink: tuple[bool, ...]
    characters: tuple[str, ...]
    weakest: float


def runs(words: Sequence[Word], vertical: Sequence[Rule]) -> list[tuple[Word, ...]]:
    """``words`` that follow one another closely on a line, with no rule between them."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (round((w.y0 + w.y1) / max(w.size, 1.0)), w.x0)):
        last = found[-1][-1] if found else None
        if last and _follows(last, word, vertical) and sum(len(w.text) for w in found[-1]) < LONGEST:
            found[-1].append(word)
        else:
            found.append([word])
    return [tuple(run) for run in found]


def _follows(last: Word, word: Word, vertical: Sequence[Rule]) -> bool:
    if abs(last.y0 + last.y1 - word.y0 - word.y1) >= 0.6 * word.size:
        return False
    if not -0.3 * word.size <= word.x0 - last.x1 <= NEAR * word.size:
        return False
    y = (word.y0 + word.y1) / 2
    return not any(last.x1 - 1 <= rule.at <= word.x0 + 1 and rule.lo <= y <= rule.hi for rule in vertical)


def listener(samples: bytes, width: int, height: int, scale: float) -> Callable[[Sequence[Word]], Heard]:
    """A reader of runs on the picture ``samples`` (RGB, ``width`` × ``height`` pixels) of a page at ``scale`` pixels a point."""
    grey: Pixels = cv2.cvtColor(from_samples(samples, width, height), cv2.COLOR_RGB2GRAY)
    return lambda run: _heard(run, grey, scale)


def _heard(run: Sequence[Word], grey: Pixels, scale: float) -> Heard:
    margin = MARGIN * max(word.size for word in run)
    x0, x1 = run[0].x0 - margin, max(word.x1 for word in run) + margin
    y0, y1 = min(word.y0 for word in run) - margin, max(word.y1 for word in run) + margin
    left, top = max(int(x0 * scale), 0), max(int(y0 * scale), 0)
    crop = grey[top : round(y1 * scale), left : round(x1 * scale)]
    glyphs = [
        (a * scale - left, b * scale - left)
        for word in run
        for a, b in zip(word.edges, word.edges[1:], strict=False)
    ]
    ink = tuple(_ink(crop, *glyph) for glyph in glyphs)
    if not any(ink) or not crop.size:
        return Heard(ink, ("",) * len(ink), 0.0)
    line = engine.recognise(crop)
    read = [(c, x) for c, x in zip(line.text, line.centres, strict=True) if not c.isspace()]
    return Heard(ink, _placed(glyphs, ink, read), line.weakest)


def _ink(crop: Pixels, x0: float, x1: float) -> bool:
    inner = INNER * (x1 - x0)
    return int((crop[:, max(round(x0 + inner), 0) : round(x1 - inner) + 1] < DARK).sum()) > SPECKS


def _placed(
    glyphs: Sequence[tuple[float, float]], ink: Sequence[bool], read: Sequence[tuple[str, float]]
) -> tuple[str, ...]:
    """The characters of each glyph: one after the other where there are as many, else by where their middles lie."""
    if len(read) == sum(ink):
        following = iter(character for character, _ in read)
        return tuple(next(following) if inked else "" for inked in ink)
    return tuple(
        "".join(c for c, x in read if x0 <= x < x1) if inked else ""
        for (x0, x1), inked in zip(glyphs, ink, strict=True)
    )
