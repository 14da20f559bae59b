"""PDF bytes to displayed pages: the only importer of PyMuPDF.

Characters come from the text trace (one flat tuple a character, half the cost of ``rawdict``), rulings from the drawings. Both are
turned into points on the page as displayed. Nothing here knows what a table is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymupdf

from gongkai.errors import Damaged, Empty, Encrypted, NotPdf, TooManyPages
from gongkai.pages import Page, Rule, Word
from gongkai.rulings import Segment, merge_rules
from gongkai.text import ideographs

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

HEADER_WINDOW = 1024  # readers accept leading rubbish before %PDF- within the first kilobyte (PDF 1.7, implementation note 13)
RULE_THICKNESS = 3.0  # points: a filled rectangle no thicker than this is a ruling
MIN_RULE = 3.0  # points: shorter strokes are dots and decoration
SPACE_GAP = 0.28  # of the type size: a gap this wide inside a run starts a new word
BASELINE_STEP = 0.35  # of the type size
INVISIBLE = 3  # text rendering mode "neither fill nor stroke"


def open_pdf(data: bytes, max_pages: int) -> pymupdf.Document:
    """Open ``data``; raises ``Empty``, ``NotPdf``, ``Encrypted``, ``Damaged`` (no page can be found) or ``TooManyPages``."""
    if not data:
        raise Empty()
    if b"%PDF-" not in data[:HEADER_WINDOW]:
        raise NotPdf()
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise Damaged() from error
    if document.needs_pass:
        raise Encrypted()
    try:
        count = document.page_count
    except Exception as error:
        raise Damaged() from error
    if count < 1:
        raise Damaged()
    if count > max_pages:
        raise TooManyPages(count, max_pages)
    return document


def read_pages(data: bytes, document_id: str, max_pages: int) -> Iterator[Page]:
    """Yield the displayed pages of a PDF in order; a page that cannot be read comes empty, with ``health`` saying so."""
    document = open_pdf(data, max_pages)
    try:
        repaired = ("repaired",) if document.is_repaired else ()
        for index in range(document.page_count):
            yield _read_page(document, index, document_id, repaired)
    finally:
        document.close()


def _read_page(document: pymupdf.Document, index: int, document_id: str, health: tuple[str, ...]) -> Page:
    number = index + 1
    try:
        page = document[index]
        width, height, rotation = page.rect.width, page.rect.height, page.rotation
        matrix = tuple(page.rotation_matrix) if rotation else None
        words = tuple(_words(page.get_texttrace(), matrix))
        horizontal, vertical = _rules(page.get_cdrawings(), matrix, width, height)
    except Exception:  # whatever MuPDF raises on one bad page costs that page alone
        return Page(document_id, number, 0.0, 0.0, 0, (), (), (), "none", (*health, "unreadable"))
    if not words and page.get_images():
        health = (*health, "picture")
    return Page(
        document_id,
        number,
        round(width, 2),
        round(height, 2),
        rotation,
        words,
        horizontal,
        vertical,
        "native" if words else "none",
        health,
    )


def _words(trace: list[dict[str, Any]], matrix: tuple[float, ...] | None) -> list[Word]:
    words: list[Word] = []
    for span in trace:
        if span["type"] == INVISIBLE or span["opacity"] == 0:
            continue
        size = span["size"]
        bold = bool(span["flags"] & 16) or span["type"] == 2 or "bold" in span["font"].lower()
        chars = span["chars"] if matrix is None else _turned(span["chars"], matrix)
        _append_runs(words, chars, size, bold)
    return _without_doubles(words)


def _turned(
    chars: tuple[Any, ...], matrix: tuple[float, ...]
) -> Iterator[tuple[int, int, tuple[float, float], tuple[float, ...]]]:
    a, b, c, d, e, f = matrix
    for code, glyph, (ox, oy), (x0, y0, x1, y1) in chars:
        p, q = a * x0 + c * y0 + e, b * x0 + d * y0 + f
        r, s = a * x1 + c * y1 + e, b * x1 + d * y1 + f
        box = (min(p, r), min(q, s), max(p, r), max(q, s))
        yield code, glyph, (a * ox + c * oy + e, b * ox + d * oy + f), box


def _append_runs(words: list[Word], chars: Any, size: float, bold: bool) -> None:
    """Cut one span into words: at white space, at a step of the baseline, at a gap, at a jump back."""
    gap, step = size * SPACE_GAP, size * BASELINE_STEP
    text: list[str] = []
    edges: list[float] = []
    top = bottom = right = base = 0.0
    for code, _glyph, (_ox, oy), (x0, y0, x1, y1) in chars:
        if code <= 32 or code == 0xA0 or code == 0x3000:
            if text:
                words.append(_word(text, edges, right, top, bottom, size, bold))
                text, edges = [], []
            continue
        if text:
            ahead = x0 - right
            if ahead > gap or ahead < -gap * 2 or abs(oy - base) > step:
                if text[-1] == chr(code) and abs(oy - base) <= step and abs(x0 - edges[-1]) < gap:
                    continue  # the same glyph struck twice: fake bold
                words.append(_word(text, edges, right, top, bottom, size, bold))
                text, edges = [], []
        if not text:
            top, bottom, base = y0, y1, oy
        text.append(chr(code))
        edges.append(x0)
        right = x1
    if text:
        words.append(_word(text, edges, right, top, bottom, size, bold))


def _word(
    text: list[str], edges: list[float], right: float, top: float, bottom: float, size: float, bold: bool
) -> Word:
    return Word(ideographs("".join(text)), edges[0], top, right, bottom, size, bold, (*edges, right))


def _without_doubles(words: list[Word]) -> list[Word]:
    """Drop words struck again over themselves (fake bold), judged by place: three equal amounts side by side stay three."""
    seen: dict[tuple[str, int], list[Word]] = {}
    kept = []
    for word in words:
        reach = word.size * 0.3
        key = (word.text, round(word.y0 / 4))
        near = [w for row in (-1, 0, 1) for w in seen.get((word.text, key[1] + row), ())]
        if any(abs(w.x0 - word.x0) < reach and abs(w.y0 - word.y0) < reach for w in near):
            continue
        seen.setdefault(key, []).append(word)
        kept.append(word)
    return kept


def _rules(
    drawings: list[dict[str, Any]], matrix: tuple[float, ...] | None, width: float, height: float
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    horizontal: list[Segment] = []
    vertical: list[Segment] = []
    for drawing in drawings:
        if not _visible(drawing):
            continue
        filled = "f" in drawing["type"]
        for x0, y0, x1, y1 in _edges(drawing["items"], filled, "s" in drawing["type"]):
            if matrix is not None:
                a, b, c, d, e, f = matrix
                x0, y0, x1, y1 = (a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f)
            if x0 > x1:
                x0, x1 = x1, x0
            if y0 > y1:
                y0, y1 = y1, y0
            if y1 - y0 <= RULE_THICKNESS and x1 - x0 > MIN_RULE:
                if -1 <= y0 <= height + 1:
                    horizontal.append(((y0 + y1) / 2, max(x0, 0.0), min(x1, width)))
            elif x1 - x0 <= RULE_THICKNESS and y1 - y0 > MIN_RULE and -1 <= x0 <= width + 1:
                vertical.append(((x0 + x1) / 2, max(y0, 0.0), min(y1, height)))
    return merge_rules(horizontal), merge_rules(vertical)


def _visible(drawing: dict[str, Any]) -> bool:
    fill, stroke = drawing.get("fill"), drawing.get("color")
    inks = [ink for ink in (fill, stroke) if ink is not None]
    return any(min(ink) < 0.98 for ink in inks)


def _edges(items: Any, filled: bool, stroked: bool) -> Iterator[tuple[float, float, float, float]]:
    """Straight strokes of a path: lines, thin filled rectangles, and the four sides of stroked ones."""
    for item in items:
        if item[0] == "l":
            yield (*item[1], *item[2])
        elif item[0] == "re":
            x0, y0, x1, y1 = item[1]
            if min(abs(x1 - x0), abs(y1 - y0)) <= RULE_THICKNESS:
                yield x0, y0, x1, y1
            elif stroked:
                yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        elif item[0] == "qu":
            ul, ur, ll, lr = item[1]
            x0, y0, x1, y1 = ul[0], ul[1], lr[0], lr[1]
            if filled and min(abs(x1 - x0), abs(y1 - y0)) <= RULE_THICKNESS:
                yield x0, y0, x1, y1
