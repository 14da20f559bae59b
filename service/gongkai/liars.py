"""Fonts of a document that do not say what they show: told by their text, and by a look at some of their glyphs.

The look is cheap and needs no OCR. Of every font that prints digits a few are rendered, from as few pages as will do; of a font whose
text looks strange some ideographs too, and they decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from gongkai.fonts import Verdict, evidence, texts_by_font
from gongkai.looks import DIGITS, Shape, lying, resembling, translation
from gongkai.pages import Page
from gongkai.pdf import File, Glyph, reference_shapes

SAMPLES, AGAIN = 1, 6  # pictures of each digit at first, and of each once there is a doubt
ENOUGH = 5  # different digits of a font: further pages are not searched for the others
OTHERS = "财政拨款收入支出预算决表单位公开情况说明项目"  # to compare few ideographs with
IDEOGRAPHS = 24  # of a suspect font that are looked at

Seen = Mapping[str, list[str]]  # the words of a page by font


@dataclass(slots=True)
class Liars:
    """``garbage``: fonts whose text is not to be believed at all. ``swapped``: fonts that say other digits than they show, with what
    each of theirs shows."""

    garbage: set[str] = field(default_factory=set)
    swapped: dict[str, dict[str, str]] = field(default_factory=dict)


def liars(file: File, pages: Sequence[Page]) -> Liars:
    """The fonts of a document (``pages`` as read from ``file``) that lie."""
    seen = [{font: own for font, own in texts_by_font(page).items() if font} for page in pages]
    found = Liars(garbage=set(_garbage(file, pages, seen)))
    for font in _doubted(file, pages, seen, found.garbage):
        digits = {digit for own in seen for digit in _digits(own.get(font, ()))}
        closer = _looks(file, pages, {font: digits}, range(len(pages)), AGAIN).get(font, {})
        if not lying(closer):
            continue
        meant = translation(closer)
        if meant is None:
            found.garbage.add(font)
        else:
            found.swapped[font] = meant
    return found


def _garbage(file: File, pages: Sequence[Page], seen: Sequence[Seen]) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for page in seen:
        for font, own in page.items():
            texts.setdefault(font, []).extend(own)
    for font, own in texts.items():
        found = evidence(own)
        if found.verdict is Verdict.GARBAGE or (
            found.verdict is Verdict.SUSPECT and not _honest(file, pages, font)
        ):
            yield font


def _honest(file: File, pages: Sequence[Page], font: str) -> bool:
    """Do the ideographs of a suspect font look like what it says they are? Where too few can be seen, the suspicion stands."""
    wanted: set[str] = set()
    for page in pages:
        own = (character for word in page.words if word.font == font for character in word.text)
        wanted.update(islice((c for c in own if "\u4e00" <= c <= "\u9fff"), IDEOGRAPHS))
        if len(wanted) >= IDEOGRAPHS:
            break
    shapes = _looks(file, pages, {font: wanted}, range(len(pages)), 1).get(font, {})
    glyphs = {character: own[0] for character, own in shapes.items() if own[0] is not None}
    return bool(resembling(glyphs, reference_shapes("".join(dict.fromkeys([*glyphs, *OTHERS])))))


def _doubted(file: File, pages: Sequence[Page], seen: Sequence[Seen], garbage: set[str]) -> list[str]:
    """Fonts that seem to show other digits than they say."""
    digits = [{f: _digits(texts) for f, texts in own.items() if f not in garbage} for own in seen]
    everything: dict[str, set[str]] = {}
    for own in digits:
        for font, those in own.items():
            everything.setdefault(font, set()).update(those)
    looks = _looks(file, pages, everything, _chosen(digits), SAMPLES)
    return [font for font, shapes in looks.items() if lying(shapes)]


def _digits(texts: Sequence[str]) -> set[str]:
    return set("".join(texts)).intersection(DIGITS)


def _chosen(digits: Sequence[Mapping[str, set[str]]]) -> list[int]:
    """Pages (by place) on which enough different digits of every font stand, the richest first."""
    missing: dict[str, set[str]] = {}
    for own in digits:
        for font, those in own.items():
            missing.setdefault(font, set()).update(those)
    wanted = {font: min(len(those), ENOUGH) for font, those in missing.items()}
    chosen = []
    for place in sorted(range(len(digits)), key=lambda i: -sum(map(len, digits[i].values()))):
        fresh = {f: those & missing[f] for f, those in digits[place].items() if wanted[f] > 0}
        if any(fresh.values()):
            chosen.append(place)
        for font, those in fresh.items():
            missing[font] -= those
            wanted[font] -= len(those)
    return chosen


def _looks(
    file: File,
    pages: Sequence[Page],
    wanted: Mapping[str, set[str]],
    places: Sequence[int],
    most: int,
) -> dict[str, dict[str, list[Shape | None]]]:
    """Up to ``most`` pictures of each of the ``wanted`` characters of each font on the pages at ``places``."""
    found: dict[str, dict[str, list[Shape | None]]] = {}
    for place in places:
        spots = list(_spots(pages[place], wanted, found, most))
        shapes: list[Shape | None] = []
        with suppress(Exception):  # a page that cannot be rendered shows nothing
            shapes = file.shapes(pages[place], [glyph for _, _, glyph in spots]) if spots else []
        for (font, character, _), shape in zip(spots, shapes, strict=False):
            found.setdefault(font, {}).setdefault(character, []).append(shape)
    return found


def _spots(
    page: Page,
    wanted: Mapping[str, set[str]],
    found: Mapping[str, Mapping[str, list[Shape | None]]],
    most: int,
) -> Iterator[tuple[str, str, Glyph]]:
    counts: dict[tuple[str, str], int] = {}
    for word in page.words:
        for index, character in enumerate(word.text) if word.font in wanted else ():
            if character not in wanted[word.font]:
                continue
            key = (word.font, character)
            counts.setdefault(key, len(found.get(word.font, {}).get(character, ())))
            if counts[key] < most:
                counts[key] += 1
                box = (word.edges[index], word.y0, word.edges[index + 1], word.y1)
                yield word.font, character, (box, word.size)
