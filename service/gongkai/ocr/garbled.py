"""Words whose font says nothing true about its characters, read from the picture: the file gives the place, the picture the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2

from gongkai.ocr import engine, shapes
from gongkai.ocr.evidence import UNKNOWN, Reading, is_amount
from gongkai.ocr.pixels import Pixels
from gongkai.pages import Page, Word

NEAR = (
    0.6  # of the type size: words nearer than this are read together, for the model reads a lone glyph badly
)
MARGIN = 0.12  # of the type size: paper left around a crop
LIKELY = 0.3


def reread(page: Page, doubtful: Sequence[int], rgb: Pixels) -> tuple[tuple[Word, ...], tuple[Reading, ...]]:
    """All words of ``page``, those at ``doubtful`` with the text that ``rgb`` shows, and the readings of these."""
    scale = rgb.shape[1] / page.width
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    wanted = set(doubtful)
    words = [word for index, word in enumerate(page.words) if index not in wanted]
    fresh: list[tuple[Word, Reading]] = []
    for run in _runs([page.words[index] for index in doubtful], page):
        fresh.append(_read(run, grey, scale))
    agreed = shapes.agreeing(
        [shapes.Number(word.text, _pixels(word, scale)) for word, reading in fresh if reading.numeric],
        grey,
    )
    verdicts = iter(agreed)
    readings = tuple(replace(r, agreed=next(verdicts)) if r.numeric else r for _, r in fresh)
    return (*words, *(word for word, _ in fresh)), readings


def _runs(words: list[Word], page: Page) -> list[Word]:
    """Words that follow one another closely on a line, with no rule between them, as one place."""
    runs: list[Word] = []
    for word in sorted(words, key=lambda w: (round((w.y0 + w.y1) / max(w.size, 1.0)), w.x0)):
        last = runs[-1] if runs else None
        if (
            last
            and abs(last.y0 + last.y1 - word.y0 - word.y1) < 0.6 * word.size
            and _follows(last, word, page)
        ):
            runs[-1] = replace(
                last, y0=min(last.y0, word.y0), y1=max(last.y1, word.y1), x1=max(last.x1, word.x1), edges=()
            )
        else:
            runs.append(word)
    return runs


def _follows(last: Word, word: Word, page: Page) -> bool:
    if not -0.3 * word.size <= word.x0 - last.x1 <= NEAR * word.size:
        return False
    y = (word.y0 + word.y1) / 2
    return not any(
        last.x1 - 1 <= rule.at <= word.x0 + 1 and rule.lo <= y <= rule.hi for rule in page.vertical
    )


def _read(place: Word, grey: Pixels, scale: float) -> tuple[Word, Reading]:
    margin = MARGIN * place.size
    x0, y0 = max(int((place.x0 - margin) * scale), 0), max(int((place.y0 - margin) * scale), 0)
    x1, y1 = round((place.x1 + margin) * scale), round((place.y1 + margin) * scale)
    line = engine.recognise(grey[y0:y1, x0:x1])
    text = line.text.strip() or UNKNOWN
    if (
        not is_amount(text)
        and line.numbers
        and line.numbers[0][1] >= LIKELY
        and is_amount(line.numbers[0][0])
    ):
        text = line.numbers[0][0].strip()
    edges = tuple(place.x0 + (place.x1 - place.x0) * k / len(text) for k in range(len(text) + 1))
    word = replace(place, text=text, edges=edges)
    return word, Reading(text, word.box, line.weakest, line.numbers)


def _pixels(word: Word, scale: float) -> tuple[int, int, int, int]:
    return (int(word.x0 * scale), int(word.y0 * scale), round(word.x1 * scale), round(word.y1 * scale))
