"""What the recognition model says about one line, decoded: the text, and the next-best numbers it could be.

The model gives, for every ``STRIDE`` pixels of a line 48 pixels high, a probability for each character of its alphabet and for
"nothing new". An amount is decoded a second time from the same probabilities with only the characters that amounts are written
with; no second run of the model is needed for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gongkai.ocr.pixels import Array

STRIDE = 8
NUMERIC = "0123456789.,-%()（），．－—–△▲ "
BEAM = 8
VARIANT = 0.001  # a simplified form at least this likely is meant where the model sees a foreign one
WORTH = 0.003  # a character less likely than this at its place is no candidate


@dataclass(frozen=True)
class Alphabet:
    """The model's characters by index; index 0 is "nothing new"."""

    characters: tuple[str, ...]

    @cached_property
    def foreign(self) -> Array:
        """Which characters no mainland document is set in (traditional and Japanese forms): those that GB2312 does not have."""
        return np.array([not _in_gb2312(character) for character in self.characters])

    @cached_property
    def numeric(self) -> Array:
        return np.array([0, *(i for i, c in enumerate(self.characters) if c and c in NUMERIC)])


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character < "\u2e80" or character > "\uff00"  # symbols and full-width forms stay
    return True


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` with the probability of its least sure character; ``centres`` in pixels of the crop.

    ``numbers`` are the likeliest readings with numeric characters alone, each with its probability over the whole line, best first.
    """

    text: str
    weakest: float
    centres: tuple[float, ...]
    numbers: tuple[tuple[str, float], ...]


def decode(chances: Array, alphabet: Alphabet, squeeze: float) -> Line:
    """``chances`` is (steps, characters); ``squeeze`` turns pixels of the model's line into pixels of the crop."""
    best = _simplified(chances, alphabet)
    text, places, weakest = [], [], 1.0
    before = 0
    for step, index in enumerate(best):
        if index and index != before:
            text.append(alphabet.characters[index])
            places.append((step + 0.5) * STRIDE * squeeze)
            weakest = min(weakest, float(chances[step, index]))
        elif index:
            weakest = max(weakest, float(chances[step, index])) if len(text) == 1 else weakest
        before = index
    return Line("".join(text), weakest if text else 0.0, tuple(places), tuple(_numbers(chances, alphabet)))


def _simplified(chances: Array, alphabet: Alphabet) -> Array:
    """The likeliest character of each step; a foreign form gives way to a simplified one that is possible at all (決 to 决)."""
    best: Array = chances.argmax(axis=1)
    for step in np.flatnonzero(alphabet.foreign[best]):
        row = np.where(alphabet.foreign, 0.0, chances[step])
        row[0] = 0.0
        if (other := int(row.argmax())) and row[other] >= VARIANT:
            chances[step, other] += chances[step, best[step]]
            best[step] = other
    return best


def _numbers(chances: Array, alphabet: Alphabet) -> list[tuple[str, float]]:
    """Prefix beam search over the numeric characters; empty when the line is surely something else."""
    indices = alphabet.numeric
    table = chances[:, indices]
    if table.sum(axis=1).min() < 1e-4:  # some step has no numeric explanation at all
        return []
    beams: dict[str, tuple[float, float]] = {
        "": (1.0, 0.0)
    }  # text -> (ending in nothing, ending in its last character)
    for row in table:
        likely = [
            (alphabet.characters[indices[k]], float(row[k])) for k in np.flatnonzero(row[1:] > WORTH) + 1
        ]
        beams = _step(beams, float(row[0]), likely)
    together: dict[str, float] = {}  # 17. 123 and 17.123 are one number
    for text, odds in beams.items():
        plain = text.replace(" ", "")
        together[plain] = together.get(plain, 0.0) + sum(odds)
    together.pop("", None)
    return sorted(together.items(), key=lambda item: -item[1])[:4]


def _step(
    beams: dict[str, tuple[float, float]], nothing: float, likely: list[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    after: dict[str, tuple[float, float]] = {}

    def add(text: str, ended: float, running: float) -> None:
        a, b = after.get(text, (0.0, 0.0))
        after[text] = (a + ended, b + running)

    for text, (ended, running) in beams.items():
        add(text, (ended + running) * nothing, 0.0)
        for character, chance in likely:
            if text.endswith(character):
                add(text, 0.0, running * chance)
                add(text + character, 0.0, ended * chance)
            else:
                add(text + character, 0.0, (ended + running) * chance)
    if len(after) <= BEAM:
        return after
    return dict(sorted(after.items(), key=lambda item: -sum(item[1]))[:BEAM])
