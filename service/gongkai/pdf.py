"""PDF bytes to displayed pages: the only importer of PyMuPDF.

Characters come from the text trace (one flat tuple a character, half the cost of ``rawdict``), rulings from the drawings. Nothing
here knows what a table is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

import pymupdf

from gongkai.clips import Glyph as Drawn
from gongkai.clips import parted
from gongkai.covers import WHITE, Covers, Matrix, turned_box
from gongkai.errors import Damaged, Empty, Encrypted, NotPdf, TooManyPages
from gongkai.fonts import UNMAPPED, is_broken
from gongkai.glyphs import quarter_turn, words_of
from gongkai.looks import Shape, shape
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box
from gongkai.rulings import Segment, merge_rules

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
pymupdf.TOOLS.set_subset_fontnames(True)  # two subsets of one typeface may be mapped differently

HEADER_WINDOW = 1024  # readers accept leading rubbish before %PDF- within the first kilobyte (PDF 1.7, implementation note 13)
RULE_THICKNESS = 3.0  # points: a filled rectangle no thicker than this is a ruling
LARGE = 0.12  # of a page: a picture this large may hold a table
WIDE, ROW = 0.5, 8.0  # of a page's width, points: one this wide may hold the last row of one
LONGEST_NAME = 31  # bytes that MuPDF keeps of the name of a font
SCALE, MOST_PIXELS = 2.0, 16_000_000.0  # of a page for people: pixels a point, and at most
FRAME, FRAME_GAP, FRAME_COLOUR = 3, 4, (214, 0, 0)  # pixels
PIXELS = 40  # an em of a glyph rendered for its shape
REFERENCE = "china-s"  # MuPDF's own font of ideographs
GLYPHS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_IGNORE_ACTUALTEXT
DASH = 0.8  # points: shorter strokes are dots; dashes join into the ruling that they draw


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


def picture(document: pymupdf.Document, number: int, boxes: Sequence[Box]) -> bytes:
    """The PNG of a page for people, at most :data:`MOST_PIXELS` large, with a frame around each of ``boxes`` (points as displayed)."""
    page = document[number - 1]
    scale = min(SCALE, (MOST_PIXELS / max(page.rect.width * page.rect.height, 1.0)) ** 0.5)
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    for box in boxes:
        x0, y0, x1, y1 = (each * scale for each in box)
        outer = pymupdf.Rect(x0 - FRAME_GAP, y0 - FRAME_GAP, x1 + FRAME_GAP, y1 + FRAME_GAP)
        _frame(drawn, outer.round())
    return bytes(drawn.tobytes("png"))


def _frame(drawn: pymupdf.Pixmap, outer: pymupdf.IRect) -> None:
    x0, y0, x1, y1 = outer
    for side in (
        (x0, y0, x1, y0 + FRAME), (x0, y1 - FRAME, x1, y1), (x0, y0, x0 + FRAME, y1), (x1 - FRAME, y0, x1, y1)
    ):  # fmt: skip
        drawn.set_rect(pymupdf.IRect(side) & drawn.irect, FRAME_COLOUR)


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered part of a page: ``samples`` are RGB rows of ``width`` × ``height`` pixels."""

    samples: bytes
    width: int
    height: int


def png(seen: Picture) -> bytes:
    """``seen`` in grey."""
    pixels = pymupdf.Pixmap(pymupdf.csRGB, seen.width, seen.height, seen.samples, False)
    return bytes(pymupdf.Pixmap(pymupdf.csGRAY, pixels).tobytes("png"))


Glyph = tuple[Box, float]  # where it stands (points of its ``Page``, upright), and its type size


class File:
    """An open PDF, for ``with``: its pages as they are displayed, and looks at what they show. Raises what :func:`open_pdf` raises.

    One file is opened once, for what MuPDF has loaded of its fonts serves every later look.
    """

    def __init__(self, data: bytes, document_id: str, max_pages: int) -> None:
        self._document = open_pdf(data, max_pages)
        self._id = document_id
        self._fonts = _Fonts(self._document)

    def __enter__(self) -> File:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def pages(self) -> Iterator[Page]:
        """The displayed pages in order; one that cannot be read comes empty, with ``health`` saying so."""
        return (self.page(index + 1) for index in range(self._document.page_count))

    def page(self, number: int, unmapped: Collection[str] = ()) -> Page:
        """One page, the text of the fonts ``unmapped`` as numbers of glyphs (``fonts.UNMAPPED``)."""
        health = ("repaired",) if self._document.is_repaired else ()
        try:
            page = self._document[number - 1]
            return _page(page, number, self._id, health, self._fonts.of(page), unmapped)
        except Exception:  # whatever MuPDF raises on one bad page costs that page alone
            return Page(self._id, number, 0.0, 0.0, 0, (), (), (), "none", (*health, "unreadable"))

    def render(self, number: int, scale: float, area: Box | None = None, turn: int = 0) -> Picture:
        """``area`` (points as displayed; the whole by default) of a page at ``scale`` pixels a point, turned clockwise by ``turn``."""
        page = self._document[number - 1]
        matrix = _upright(turn, page.rect.width, page.rect.height) * pymupdf.Matrix(scale, scale)
        return _drawn(page, page.rect & area if area else page.rect, matrix, pymupdf.csRGB)

    def shapes(self, page: Page, glyphs: Sequence[Glyph]) -> list[Shape | None]:
        """What the page shows at the places of ``glyphs``, which may stand turned with their page."""
        upright = _upright(page.turn, page.width, page.height)
        shown = self._document[page.number - 1]
        look: Look = (
            partial(_drawn, shown)
            if self._document.is_repaired
            else partial(_listed, shown.get_displaylist())
        )
        return [
            _shape(look, pymupdf.Rect(box) * ~upright, upright, PIXELS / max(size, 1.0))
            for box, size in glyphs
        ]

    def own_mapping(self, font: str) -> dict[str, str]:
        """What the embedded program of ``font`` (as :class:`Word` names it) knows of its glyphs: ``UNMAPPED`` + number → character.

        Empty where it keeps no mapping of its own, as most subsets do not.
        """
        mapping: dict[str, str] = {}
        with suppress(Exception):
            for xref in map(int, font.rpartition(" ")[2].split(",")):
                program = pymupdf.Font(fontbuffer=self._document.extract_font(xref)[3])
                for code in sorted(program.valid_codepoints(), reverse=True):
                    if (glyph := program.has_glyph(code)) and not is_broken(chr(code)):
                        mapping[chr(UNMAPPED + glyph)] = chr(code)
        return mapping


class _Fonts:
    """The fonts of a document under names that tell them apart: as in the text trace, and the numbers of their objects."""

    def __init__(self, document: pymupdf.Document) -> None:
        self._document = document
        self._known: dict[str, dict[str, str]] = {}

    def of(self, page: pymupdf.Page) -> Mapping[str, str]:
        """Names in the document by names in the trace. Asked once for all pages that share a dictionary of fonts."""
        _, listed = self._document.xref_get_key(page.xref, "Resources/Font")
        key = listed if listed != "null" else f"page {page.number}"
        if key not in self._known:
            self._known[key] = self._named(page.number)
        return self._known[key]

    def _named(self, index: int) -> dict[str, str]:
        objects: dict[str, set[int]] = {}
        for xref, _, _, name, *_ in self._document.get_page_fonts(index):
            objects.setdefault(name[:LONGEST_NAME], set()).add(xref)
        return {name: f"{name} {','.join(map(str, sorted(own)))}" for name, own in objects.items()}


def _page(
    page: pymupdf.Page,
    number: int,
    document_id: str,
    health: tuple[str, ...],
    fonts: Mapping[str, str],
    unmapped: Collection[str],
) -> Page:
    width, height, rotation = page.rect.width, page.rect.height, page.rotation
    displayed = tuple(page.rotation_matrix) if rotation else None
    trace, drawings, images = page.get_texttrace(), page.get_cdrawings(), page.get_images()
    turn = quarter_turn(trace, displayed)
    frame = turned(displayed, turn, width, height)
    across, down = (height, width) if turn in (90, 270) else (width, height)
    pictures = _pictures(page) if trace and any(not image[1] for image in images) else ()
    covers = Covers(drawings, pictures, frame, across, down)
    words, hidden, slanted = words_of(trace, frame, covers, fonts, unmapped)
    listed = sum(len(word.text) for word in words) + sum(len(word.text) for word in hidden)
    if gone := _not_drawn(page, inf if slanted else listed):
        onto = pymupdf.Matrix(*(frame or (1, 0, 0, 1, 0, 0)))
        places = ((pymupdf.Point(x, y) * onto, text) for x, y, text in gone)
        words, cut = parted(words, [(place.x, place.y, text) for place, text in places])
        hidden += cut
    horizontal, vertical = _rules(drawings, covers, frame, across, down)
    signs = (
        ("hidden_text", hidden),
        ("turned", turn),
        ("slanted_text", slanted),
        ("picture", not words and images),
    )
    return Page(
        document_id,
        number,
        round(width, 2),
        round(height, 2),
        rotation,
        tuple(words),
        horizontal,
        vertical,
        "native" if words else "none",
        (*health, *(name for name, found in signs if found)),
        tuple(hidden),
        turn,
        _without_text(page, words) if words and images and not turn else (),
    )


def _not_drawn(page: pymupdf.Page, listed: float) -> set[Drawn]:
    """The glyphs (points of the unrotated page) that lie wholly outside the clipping path in force when they are drawn.

    MuPDF's own text device tells them; it is asked again only where it has fewer glyphs than the ``listed`` ones.
    """
    drawn = page.get_textpage(flags=GLYPHS | pymupdf.TEXT_CLIP)
    count = _glyphs(drawn)
    if count >= listed or count >= _glyphs(every := page.get_textpage(flags=GLYPHS)):
        return set()
    return _placed(every) - _placed(drawn)


def _glyphs(text: pymupdf.TextPage) -> int:
    return sum(map(len, text.extractText().split()))


def _placed(text: pymupdf.TextPage) -> set[Drawn]:
    """All glyphs by their middles, to whole points."""
    return {
        (round((x0 + x1) / 2), round((y0 + y1) / 2), char["c"])
        for block in text.extractRAWDICT()["blocks"]
        for line in block["lines"]
        for span in line["spans"]
        for char in span["chars"]
        for x0, y0, x1, y1 in (char["bbox"],)
    }


def _without_text(page: pymupdf.Page, words: Sequence[Word]) -> tuple[Box, ...]:
    """Large pictures of a page on which no word of the text layer stands: a table may be in them."""
    least, wide = LARGE * page.rect.width * page.rect.height, WIDE * page.rect.width
    found = []
    for image in page.get_image_info():
        x0, y0, x1, y1 = pymupdf.Rect(image["bbox"]) & pymupdf.Rect(page.rect)
        if x1 <= x0 or y1 - y0 < ROW or ((x1 - x0) * (y1 - y0) < least and x1 - x0 < wide):
            continue
        if not any(x0 < (w.x0 + w.x1) / 2 < x1 and y0 < (w.y0 + w.y1) / 2 < y1 for w in words):
            found.append((x0, y0, x1, y1))
    return tuple(found)


def _upright(turn: int, width: float, height: float) -> pymupdf.Matrix:
    return pymupdf.Matrix(*(turned(None, turn, width, height) or (1, 0, 0, 1, 0, 0)))


Look = Callable[[pymupdf.Rect, pymupdf.Matrix, pymupdf.Colorspace], Picture]


def _drawn(
    page: pymupdf.Page, clip: pymupdf.Rect, matrix: pymupdf.Matrix, colours: pymupdf.Colorspace
) -> Picture:
    """A part of a page drawn at once. MuPDF's display lists (and ``Page.get_pixmap`` makes one) may end the process on damaged pages."""
    mupdf = pymupdf.mupdf
    pixels = mupdf.fz_new_pixmap_with_bbox(
        colours.this, mupdf.FzIrect(*(clip * matrix).round()), mupdf.FzSeparations(), 0
    )
    mupdf.fz_clear_pixmap_with_value(pixels, 255)
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(*matrix), pixels)
    mupdf.fz_run_page(mupdf.FzPage(page.this), device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return _picture(pymupdf.Pixmap("raw", pixels))


def _listed(
    drawn: pymupdf.DisplayList, clip: pymupdf.Rect, matrix: pymupdf.Matrix, colours: pymupdf.Colorspace
) -> Picture:
    """A part of a page from its display list: far cheaper for many small looks."""
    return _picture(drawn.get_pixmap(matrix=matrix, colorspace=colours, alpha=False, clip=clip))


def _picture(pixels: pymupdf.Pixmap) -> Picture:
    return Picture(pixels.samples, pixels.width, pixels.height)


def _shape(look: Look, clip: pymupdf.Rect, upright: pymupdf.Matrix, scale: float) -> Shape | None:
    if clip.width * clip.height * scale * scale > (4 * PIXELS) ** 2:  # no glyph is so large
        return None
    found = look(clip, upright * pymupdf.Matrix(scale, scale), pymupdf.csGRAY)
    return shape(found.samples, found.width, found.height)


def reference_shapes(characters: str) -> dict[str, Shape]:
    """Ideographs as MuPDF's own font prints them; those that it does not have are left out."""
    with pymupdf.open() as document:
        page = document.new_page(width=1000, height=1000)
        known = [c for c in characters if pymupdf.Font(REFERENCE).has_glyph(ord(c))]
        places = [(40.0 + 60 * (i % 15), 80.0 + 60 * (i // 15)) for i in range(len(known))]
        for character, place in zip(known, places, strict=True):
            page.insert_text(place, character, fontname=REFERENCE, fontsize=PIXELS)
        look = partial(_listed, page.get_displaylist())
        made = [
            _shape(look, pymupdf.Rect(x - 5, y - 45, x + 45, y + 15), pymupdf.Matrix(1, 1), 1.0)
            for x, y in places
        ]
    return {character: one for character, one in zip(known, made, strict=True) if one is not None}


def pages_with_pictures(document: pymupdf.Document) -> int:
    """How many pages hold any picture: at most so many may need OCR. A page that cannot be loaded holds none."""
    count = 0
    for index in range(document.page_count):
        with suppress(Exception):
            count += bool(document[index].get_images())
    return count


def _pictures(page: pymupdf.Page) -> list[tuple[int, Box]]:
    """Pictures of a page as (order of drawing, box), transparent ones (a stamp on clear ground) left out."""
    opaque = [tuple(image["bbox"]) for image in page.get_image_info() if not image.get("has-mask")]
    log = [
        (order, tuple(box))
        for order, (kind, box, *_) in enumerate(page.get_bboxlog())
        if kind == "fill-image"
    ]
    return [(order, box) for order, box in log if any(_same(box, other) for other in opaque)]


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return all(abs(x - y) < 2 for x, y in zip(a, b, strict=True))


def turned(matrix: Matrix | None, turn: int, width: float, height: float) -> Matrix | None:
    """``matrix`` followed by a clockwise turn of the displayed page (``width`` by ``height``) by ``turn`` degrees."""
    if not turn:
        return matrix
    p, q, r, s, t, u = {
        90: (0.0, 1.0, -1.0, 0.0, height, 0.0),
        180: (-1.0, 0.0, 0.0, -1.0, width, height),
        270: (0.0, -1.0, 1.0, 0.0, 0.0, width),
    }[turn]
    a, b, c, d, e, f = matrix or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _rules(
    drawings: list[dict[str, Any]], covers: Covers, matrix: Matrix | None, width: float, height: float
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    horizontal: list[Segment] = []
    vertical: list[Segment] = []
    for drawing in drawings:
        if not (drawn := _inked(drawing)):
            continue
        white = drawn == "white"
        for edge in _edges(drawing, not white):
            x0, y0, x1, y1 = edge if matrix is None else turned_box(edge, matrix)
            if x0 > x1:
                x0, x1 = x1, x0
            if y0 > y1:
                y0, y1 = y1, y0
            if white and not covers.coloured((x0 + x1) / 2, (y0 + y1) / 2):
                continue
            if y1 - y0 <= RULE_THICKNESS and x1 - x0 > DASH:
                if -1 <= y0 <= height + 1:
                    horizontal.append(((y0 + y1) / 2, max(x0, 0.0), min(x1, width)))
            elif x1 - x0 <= RULE_THICKNESS and y1 - y0 > DASH and -1 <= x0 <= width + 1:
                vertical.append(((x0 + x1) / 2, max(y0, 0.0), min(y1, height)))
    return merge_rules(horizontal), merge_rules(vertical)


def _inked(drawing: dict[str, Any]) -> str:
    """``dark``, ``white`` (a ruling only where it parts coloured cells) or nothing."""
    inks = [ink for ink in (drawing.get("fill"), drawing.get("color")) if ink is not None]
    if not inks:
        return ""
    return "dark" if any(min(ink) < WHITE for ink in inks) else "white"


def _edges(drawing: dict[str, Any], sides: bool) -> Iterator[Box]:
    """Straight strokes of a path: a thin path as a whole (a dashed line is one), else its lines, thin filled rectangles, the four sides
    of stroked ones and (if ``sides``) of filled ones."""
    x0, y0, x1, y1 = drawing["rect"]
    if min(x1 - x0, y1 - y0) <= RULE_THICKNESS:
        yield x0, y0, x1, y1
        return
    filled, stroked = "f" in drawing["type"], "s" in drawing["type"]
    for item in drawing["items"]:
        if item[0] == "l":
            yield (*item[1], *item[2])
        elif item[0] == "re":
            x0, y0, x1, y1 = item[1]
            if min(abs(x1 - x0), abs(y1 - y0)) <= RULE_THICKNESS:
                yield x0, y0, x1, y1
            elif stroked or (filled and sides):
                yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        elif item[0] == "qu":
            (x0, y0), _, _, (x1, y1) = item[1]
            if filled and min(abs(x1 - x0), abs(y1 - y0)) <= RULE_THICKNESS:
                yield x0, y0, x1, y1
