"""Evidence that a text layer is garbage: fonts whose mapping to characters (ToUnicode) is missing or wrong.

Official Chinese consists of the 3,755 characters of GB2312's first level, ASCII, and Chinese punctuation. Text that a broken font
hands out does not: on garbled pages at most 0.72 of it is of these, on 925 clean ones at least 0.91. A mapping that hands out other
common characters is told by words: in the running text of any budget or account every tenth character or more belongs to one of
``fonts.toml``. Such a font is only suspected, until its glyphs have been looked at (``looks``). All functions are pure.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

from gongkai.pages import Page, Word
from gongkai.text import is_common, normalise

COMMON = (
    0.80  # share of common characters: between 0.72 (the best garbage seen) and 0.91 (the rarest clean page)
)
FEWEST = 12  # characters, and ideographs of running text: less is no sample
FEW_COMMON = 0.3  # share of common characters in less than that: a font may hold the rare ones of a name
BROKEN = 0.10  # share of private, control and replacement characters that is enough by itself
FAMILIAR = 0.02  # familiar words an ideograph of running text: clean fonts have 0.06 and more, permuted ones 0.004 at most
RUNNING = 3  # ideographs in a row; a font of which less than half runs so holds stray characters, which make no words
SAMPLE = 8000  # characters of a font that are looked through for words
ORNAMENTS = (
    4  # different characters of the symbol range (bullets, ticked boxes) up to which a font is no text font
)
WORTH = 0.9  # share of a font's glyphs that a mapping must know to replace its text
UNMAPPED = (
    0xF0000  # private-use plane: UNMAPPED + n stands for glyph n of a font whose own mapping is not believed
)

_DATA = Path(__file__).with_name("fonts.toml")
_PRINTED = re.compile(r"\S+")
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]+")


class Verdict(Enum):
    """What the text of a font says about its mapping."""

    CLEAN = "clean"
    SUSPECT = "suspect"
    GARBAGE = "garbage"


@cache
def familiar() -> tuple[str, ...]:
    """Words of two characters that stand on every other line of a budget or account."""
    return tuple(tomllib.loads(_DATA.read_text(encoding="utf-8"))["familiar"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the text of one font looks like: its ``characters`` (white space apart), the share of ``common`` and of ``broken`` ones
    (private use, control, replacement), the ideographs of ``running`` text and how many ``familiar`` words it holds for each."""

    characters: int
    common: float
    broken: float
    running: int
    familiar: float

    @property
    def verdict(self) -> Verdict:
        """Broken characters convict; rare ones, and text without any usual word, make suspect."""
        if self.broken >= BROKEN:
            return Verdict.GARBAGE
        rare = self.common < (COMMON if self.characters >= FEWEST else FEW_COMMON) and self.characters >= 2
        strange = self.running >= FEWEST and self.familiar < FAMILIAR
        return Verdict.SUSPECT if rare or strange else Verdict.CLEAN


def evidence(texts: Sequence[str]) -> Evidence:
    """Look at all the words that one font handed out."""
    counts = Counter("".join(texts))
    total = max(counts.total(), 1)
    strange = {c for c in counts if not is_common(c)}
    broken = {c for c in strange if is_broken(c)}
    if all("\uf000" <= c <= "\uf0ff" for c in broken) and len(broken) <= ORNAMENTS:
        strange, broken = strange - broken, set()
    rare = sum(counts[c] for c in strange if c in broken or not all(map(is_common, normalise(c))))
    words = _IDEOGRAPHS.findall("\n".join(texts)[:SAMPLE])
    running = "\n".join(word for word in words if len(word) >= RUNNING)
    ideographs = len(running) - running.count("\n") if 2 * len(running) > sum(map(len, words)) else 0
    known = sum(map(running.count, familiar())) if ideographs else 0
    return Evidence(
        counts.total(),
        1 - rare / total,
        sum(counts[c] for c in broken) / total,
        ideographs,
        known / max(ideographs, 1),
    )


def is_broken(character: str) -> bool:
    """Private use, control or replacement: no character at all."""
    code = ord(character)
    private = 0xE000 <= code <= 0xF8FF or code >= UNMAPPED
    return private or code < 0x20 or 0x7F <= code < 0xA0 or code in (0xFFFD, 0xFFFE, 0xFFFF)


def texts_by_font(page: Page) -> dict[str, list[str]]:
    """The words of ``page`` by the font that set them."""
    texts: dict[str, list[str]] = {}
    for word in page.words:
        texts.setdefault(word.font, []).append(word.text)
    return texts


def rebuilt(word: Word, mapping: Mapping[str, str]) -> list[tuple[int, Word]]:
    """``word`` with each character replaced by what ``mapping`` knows of it (U+FFFD where it knows nothing), cut at what proves to
    be white space: the pieces, each with its place in the text of ``word``."""
    text = "".join(mapping.get(character, "\ufffd") for character in word.text)
    return [
        (found.start(), cut(replace(word, text=text), found.start(), found.end()))
        for found in _PRINTED.finditer(text)
    ]


def cut(word: Word, start: int, end: int) -> Word:
    """The characters of ``word`` from ``start`` to ``end``, where they stand."""
    edges = word.edges[start : end + 1]
    return replace(word, text=word.text[start:end], x0=edges[0], x1=edges[-1], edges=edges)


def known_enough(texts: Iterable[str], mapping: Mapping[str, str]) -> bool:
    """Does ``mapping`` know nearly all that a font prints, and make sense of it?"""
    own = list(texts)
    counts = Counter("".join(own))
    known = sum(number for character, number in counts.items() if character in mapping)
    if known < WORTH * counts.total():
        return False
    made = ["".join(mapping.get(character, "\ufffd") for character in text) for text in own]
    return evidence(made).verdict is Verdict.CLEAN
