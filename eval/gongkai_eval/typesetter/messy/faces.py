"""The fonts of the messy styles, found through fontconfig, and how wide they set a text."""

from __future__ import annotations

import functools
import itertools
import subprocess
from collections.abc import Iterator

import pymupdf

from gongkai_eval.typesetter import office

HEI, FALLBACK, ROMAN = "WenQuanYi Zen Hei", "Droid Sans Fallback", "Liberation Serif"
#: a face = the families that are tried for each character, in order
FACES = {"hei": (HEI,), "song": (ROMAN, FALLBACK, HEI), "plain": (FALLBACK, ROMAN, HEI)}


@functools.cache
def path(family: str) -> str:
    """The file of an installed family; raises :class:`office.TypesettingError` when there is none."""
    command = ["fc-match", "-f", "%{file}\n%{family}", family]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        raise office.TypesettingError("fontconfig (fc-match) is needed to find the fonts") from None
    file, names = answer.split("\n", 1)
    if family not in names.split(","):
        raise office.TypesettingError(f"the font {family} is not installed")
    return file


@functools.cache
def font(family: str) -> pymupdf.Font:
    return pymupdf.Font(fontfile=path(family))


@functools.cache
def family_of(letter: str, face: str) -> str:
    """The first family of ``face`` that has ``letter``; Latin families take Latin text alone, as in a word processor."""
    families = FACES[face]
    usable = (name for name in families if name != ROMAN or letter.isascii())
    return next((name for name in usable if font(name).has_glyph(ord(letter))), families[-1])


def runs(text: str, face: str) -> Iterator[tuple[str, str]]:
    """(family, piece) of a text, in order."""
    for family, letters in itertools.groupby(text, key=lambda letter: family_of(letter, face)):
        yield family, "".join(letters)


@functools.cache
def _em(letter: str, face: str) -> float:
    return float(font(family_of(letter, face)).glyph_advance(ord(letter)))


def width(text: str, face: str, size: float) -> float:
    """The width in points."""
    return size * sum(_em(letter, face) for letter in text)
