"""Glyphs as a PDF draws them made into words: cut at gaps, struck twice taken once, sideways runs kept whole.

A text span comes as PyMuPDF's text trace gives it: ``dir``, ``size``, ``font``, ``flags``, ``type`` and flat ``chars`` tuples of
(character, glyph, origin, box). All results are points of the frame that ``matrix`` leads to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gongkai.covers import Covers, Matrix
from gongkai.fonts import UNMAPPED
from gongkai.pages import Word
from gongkai.text import ideographs

SPACE_GAP = 0.28  # of the type size: a gap this wide inside a run starts a new word
BASELINE_STEP = 0.35  # of the type size
STRUCK = (
    0.45  # of a glyph's width: the same glyph no further on is struck again (fake bold), a next one never is
)
NARROW = 0.7  # the same for glyphs as narrow as a point
STRIKE = 1.6  # points: fake bold shifts its strikes no further
FIGURES = frozenset("0123456789.,-−%")
TINY = 1.5  # points: type that nobody can read
FAINTEST = 0.1  # opacity
BLANK = frozenset(
    (0, 9, 10, 11, 12, 13, 32)
)  # white space among the codes below 33; the others are no characters
WIDE_BLANK = (0xA0, 0x3000)
UNKNOWN = 0xFFFD
INVISIBLE = 3  # text rendering mode "neither fill nor stroke"
STRAIGHT = 0.95  # the cosine of the greatest slant that still counts as along an axis

Span = dict[str, Any]


def words_of(
    spans: Iterable[Span],
    matrix: Matrix | None,
    covers: Covers,
    fonts: Mapping[str, str] | None = None,
    unmapped: Collection[str] = (),
) -> tuple[list[Word], list[Word], int]:
    """The words that a reader sees, those that no reader sees, and how many slanted spans (watermarks) were left out.

    ``fonts`` gives the names of fonts within the document by those of the trace. The text of ``unmapped`` ones is given as glyph
    numbers (``UNMAPPED`` + number), for what they say of themselves is not believed.
    """
    named = fonts or {}
    seen: list[Word] = []
    hidden: list[Word] = []
    slanted = 0
    for span in spans:
        words: list[Word] = []
        size = span["size"]
        bold = bool(span["flags"] & 16) or span["type"] == 2 or "bold" in span["font"].lower()
        font = named.get(span["font"], span["font"])
        chars = span["chars"] if font not in unmapped else _by_number(span["chars"])
        if matrix is not None:
            chars = _moved(chars, matrix)
        along, across = direction(span["dir"], matrix)
        if along > STRAIGHT:
            _append_runs(words, chars, size, bold, font)
            if len(words) > 2 and sum(len(word.text) == 1 and word.text in FIGURES for word in words) > 2:
                words = _drawn_together(words)
        elif abs(across) > STRAIGHT or along < -STRAIGHT:
            _append_sideways(words, chars, size, bold, font)
        else:
            slanted += 1
        if span["type"] == INVISIBLE or span["opacity"] < FAINTEST or size < TINY:
            hidden.extend(words)
        elif covers.concern(span):
            for word in words:
                (seen if covers.show(word, span) else hidden).append(word)
        else:
            seen.extend(words)
    return without_doubles(seen), without_doubles(hidden), slanted


def direction(vector: tuple[float, float], matrix: Matrix | None) -> tuple[float, float]:
    """The writing direction of a span in the frame of ``matrix``."""
    if matrix is None:
        return vector
    x, y = vector
    return matrix[0] * x + matrix[2] * y, matrix[1] * x + matrix[3] * y


def quarter_turn(spans: Iterable[Span], matrix: Matrix | None) -> int:
    """By how many degrees (0, 90, 180, 270; clockwise) the displayed page must be turned so that most of its text stands upright."""
    weights: Counter[int] = Counter()
    for span in spans:
        x, y = direction(span["dir"], matrix)
        angle = (
            0
            if x > STRAIGHT
            else 180
            if x < -STRAIGHT
            else 90
            if y < -STRAIGHT
            else 270
            if y > STRAIGHT
            else None
        )
        if angle is not None:
            weights[angle] += len(span["chars"])
    return weights.most_common(1)[0][0] if weights else 0


def _moved(
    chars: Sequence[Any], matrix: Matrix
) -> Iterator[tuple[int, int, tuple[float, float], tuple[float, ...]]]:
    a, b, c, d, e, f = matrix
    for code, glyph, (ox, oy), (x0, y0, x1, y1) in chars:
        p, q = a * x0 + c * y0 + e, b * x0 + d * y0 + f
        r, s = a * x1 + c * y1 + e, b * x1 + d * y1 + f
        box = (min(p, r), min(q, s), max(p, r), max(q, s))
        yield code, glyph, (a * ox + c * oy + e, b * ox + d * oy + f), box


def _by_number(chars: Sequence[Any]) -> list[Any]:
    """Glyphs that say their numbers."""
    return [(UNMAPPED + max(glyph, 0), glyph, origin, box) for _, glyph, origin, box in chars]


def _append_runs(words: list[Word], chars: Any, size: float, bold: bool, font: str) -> None:
    """Cut one span into words: at white space, at a step of the baseline, at a gap, at a jump back."""
    gap, step = size * SPACE_GAP, size * BASELINE_STEP
    text: list[str] = []
    edges: list[float] = []
    top = bottom = right = base = 0.0
    for code, _glyph, (_ox, oy), (x0, y0, x1, y1) in chars:
        if code <= 32 or code in WIDE_BLANK:
            if code > 32 or code in BLANK:
                if text:
                    words.append(_word(text, edges, right, top, bottom, size, bold, font))
                    text, edges = [], []
                continue
            code = UNKNOWN
        if text:
            ahead = x0 - right
            if (
                ahead < -gap
                and text[-1] == chr(code)
                and abs(x0 - edges[-1]) < _strike(x1 - x0, size)
                and abs(oy - base) < step
            ):
                continue  # the same glyph struck again: fake bold
            if ahead > gap or ahead < -gap * 2 or abs(oy - base) > step:
                words.append(_word(text, edges, right, top, bottom, size, bold, font))
                text, edges = [], []
        if not text:
            top, bottom, base = y0, y1, oy
        text.append(chr(code))
        edges.append(x0)
        right = x1
    if text:
        words.append(_word(text, edges, right, top, bottom, size, bold, font))


def _drawn_together(words: list[Word]) -> list[Word]:
    """Figures set one type size apart (a font without their widths) are one number, for they keep that pitch exactly."""
    together: list[Word] = []
    for word in words:
        last = together[-1] if together else None
        if (
            last is not None
            and len(word.text) == 1
            and word.text in FIGURES
            and last.text[-1] in FIGURES
            and abs(word.x0 - last.edges[-2] - word.size) < 0.03 * word.size
            and abs(word.y0 - last.y0) < BASELINE_STEP * word.size
        ):
            edges = (*last.edges[:-1], *word.edges)
            together[-1] = replace(last, text=last.text + word.text, x1=word.x1, edges=edges)
        else:
            together.append(word)
    return together


def _append_sideways(words: list[Word], chars: Any, size: float, bold: bool, font: str) -> None:
    """A run across the reading direction: one word for each of its pieces between spaces, its box as wide as the line is high."""
    text: list[str] = []
    boxes: list[tuple[float, ...]] = []
    for code, _glyph, _origin, box in [*chars, (32, 0, (0.0, 0.0), (0.0,) * 4)]:
        if code > 32 and code not in WIDE_BLANK:
            text.append(chr(code))
            boxes.append(box)
        elif text:
            x0, x1 = min(b[0] for b in boxes), max(b[2] for b in boxes)
            edges = [x0 + (x1 - x0) * k / len(text) for k in range(len(text))]
            words.append(
                _word(text, edges, x1, min(b[1] for b in boxes), max(b[3] for b in boxes), size, bold, font)
            )
            text, boxes = [], []


def _word(
    text: list[str],
    edges: list[float],
    right: float,
    top: float,
    bottom: float,
    size: float,
    bold: bool,
    font: str,
) -> Word:
    return Word(ideographs("".join(text)), edges[0], top, right, bottom, size, bold, (*edges, right), font)


def _strike(width: float, size: float) -> float:
    """How far on a glyph so wide may be struck again; a point is so narrow that the same offset is most of its width."""
    return max(STRUCK * width, min(NARROW * width, 0.2 * size))


def without_doubles(words: list[Word]) -> list[Word]:
    """Words struck again over themselves (fake bold) taken once, judged by place: three equal amounts side by side stay three.

    The strikes may be cut into runs in different ways, so glyph stands against glyph.
    """
    rows: dict[int, list[Word]] = {}
    kept = []
    for word in words:
        row = round((word.y0 + word.y1) / 8)
        over = [
            w
            for r in (row - 1, row, row + 1)
            for w in rows.get(r, ())
            if w.x0 < word.x1 - 0.2 and w.x1 > word.x0 + 0.2
        ]
        if over and _struck_again(word, over):
            continue
        rows.setdefault(row, []).append(word)
        kept.append(word)
    return kept


def _struck_again(word: Word, over: Sequence[Word]) -> bool:
    """Has every glyph of ``word`` its twin in the words under it?"""
    reach = min(STRIKE, 0.3 * word.size)
    for character, left, right in zip(word.text, word.edges, word.edges[1:], strict=False):
        near = min(reach, _strike(right - left, word.size) + 0.05)
        if not any(
            character == other and abs(left - x) <= near and abs(word.y0 - w.y0) <= reach
            for w in over
            for other, x in zip(w.text, w.edges, strict=False)
        ):
            return False
    return True
