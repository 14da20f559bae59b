"""A font whose mapping is lost is a cipher: each of its glyphs always shows the same character. Pure.

What the pictures of its words show is counted glyph by glyph. A glyph that was seen as the same character again and again is known,
and all text of the font is spelled anew with it, exactly where the file puts it; a glyph seen once is no surer than one reading.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from gongkai.pages import Word
from gongkai.text import simplified

ENOUGH = 3  # times that a glyph is looked at
TWICE = 2  # times that a glyph other than a digit must have been seen as the same
AGREEING = 0.75  # share of the looks at a glyph that must have seen the same
WIDE = 0.75  # of the type size: punctuation this wide is full-width
Glyph = tuple[str, str]  # its font, and the sign that stands for it


class Cipher:
    """What was seen of each glyph of the fonts of one document."""

    def __init__(self) -> None:
        self._seen: dict[Glyph, Counter[str]] = defaultdict(Counter)
        self._scores: dict[Glyph, float] = {}
        self._wide: set[Glyph] = set()

    def learn(
        self, run: Sequence[Word], ink: Sequence[bool], characters: Sequence[str], score: float
    ) -> None:
        """Count what was read at each glyph of ``run``; no ink is white space, and anything but one character is no look at all."""
        places = [(word, index) for word in run for index in range(len(word.text))]
        for (word, index), inked, read in zip(places, ink, characters, strict=True):
            glyph = (word.font, word.text[index])
            plain = _narrow(simplified(read)) if inked else " "
            if len(plain) != 1:
                continue
            self._seen[glyph][plain] += 1
            self._scores[glyph] = max(score, self._scores.get(glyph, 0.0))
            if word.edges[index + 1] - word.edges[index] > WIDE * word.size:
                self._wide.add(glyph)

    def settled(self, run: Sequence[Word]) -> bool:
        """Has every glyph of ``run`` been looked at often enough, with one result?"""
        return all(
            self._seen[(word.font, sign)].total() >= ENOUGH and self.sure(word.font, sign)
            for word in run
            for sign in word.text
        )

    def sure(self, font: str, sign: str) -> bool:
        """Is it certain what this glyph shows?"""
        seen = self._seen[(font, sign)]
        character, times = next(iter(seen.most_common(1)), ("", 0))
        least = ENOUGH if character.isdecimal() else TWICE
        return times >= least and times >= AGREEING * seen.total()

    def score(self, font: str, sign: str) -> float:
        """The best score of the readings in which this glyph was seen."""
        return self._scores.get((font, sign), 0.0)

    def mapping(self, font: str) -> dict[str, str]:
        """What the glyphs of ``font`` most likely show."""
        return {
            sign: self._shown((own, sign))
            for own, sign in self._seen
            if own == font and self._seen[(own, sign)]
        }

    def _shown(self, glyph: Glyph) -> str:
        character = self._seen[glyph].most_common(1)[0][0]
        if glyph in self._wide and "!" <= character <= "~" and not character.isalnum():
            return chr(ord(character) + 0xFEE0)
        return character


def _narrow(text: str) -> str:
    """The engine takes one glyph now for the full-width form, now for the other."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
