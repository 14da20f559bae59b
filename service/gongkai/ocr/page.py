"""One picture to words, rules and readings: rules first, then each cell's lines, then the prose outside the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from gongkai.ocr import cells, engine, shapes
from gongkai.ocr.ctc import NUMERIC, Line
from gongkai.ocr.evidence import UNKNOWN, Reading, is_amount, plainly
from gongkai.ocr.picture import Picture, prepare
from gongkai.ocr.pixels import Pixels
from gongkai.ocr.ruled import PixelBox, Ruling, find_rules
from gongkai.pages import Rule, Word

BLUNT = 0.27  # sharpness below which a scan is poor: 200 dpi gives 0.45 and more, 150 dpi 0.28 to 0.33, 120 dpi 0.12 to 0.23
WHOLE = 0.9  # share of rules' ends that meet another: below, the grid is not sure
FEW, LEGIBLE = 4, 0.7  # lines, and their median score, below which the picture may lie on its side
MARGIN = 3  # pixels of paper left around a crop
LIKELY = 0.3  # probability from which a numeric reading is preferred to a mixed one
LIKELY_IN_COLUMN = 0.05  # the same in a column of amounts
CONCEIVABLE = 0.0005  # the same where the likeliest reading has no format of an amount
OF_AMOUNTS = 0.6  # share of a column's lines that must be amounts
RED_PIXELS = 4
STAIN = 24  # red pixels in a cell without ink under which a thin stroke may be lost
RED_REACH = 3  # pixels around the ink in which red counts as touching it
STRETCH = 1.5  # by how much wider a number is read that makes no sense
DASH_THIN, DASH_LONG = 0.25, 1.5  # of the line height: a stroke no thicker and no shorter is a row of dashes
DASHES = frozenset("-—–―─━−一_~ ")  # what the engine makes of them
LOW = 0.5  # of the line height: a character that fills only a part of its line
SLIVER = 0.15  # of the line height: the stem of a 1 is wider
CJK_HEIGHT, DIGIT_HEIGHT = 0.9, 0.7  # of the type size


@dataclass(slots=True)
class _Item:
    """One line of ink on its way to a word."""

    box: PixelBox
    line: Line
    cell: PixelBox | None
    cut: bool
    red: bool
    text: str = ""
    agreed: bool | None = None
    again: str | None = None


@dataclass(frozen=True, slots=True)
class Upright:
    """What was read in one picture, in points from the corner of the picture turned upright.

    ``quarter`` is by how many quarter turns (against the clock) the picture had to be turned, ``angle`` by how many degrees more.
    ``readings`` hold every word, ink that was read as nothing, and an empty one for each empty cell under red ink.
    ``legible``: how surely the text was read, 0 to 1.
    """

    words: tuple[Word, ...]
    readings: tuple[Reading, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    poor: bool
    grid_sure: bool
    angle: float
    quarter: int
    legible: float


def read_picture(rgb: Pixels, scale: float, *, upright: bool = False) -> Upright:
    """Read ``rgb`` (height, width, 3) at ``scale`` pixels a point; one that lies on its side or its head is turned, unless ``upright``."""
    best = _read(rgb, scale, 0)
    for quarter in () if upright else (1, 3, 2):
        if len(best.readings) < FEW or best.legible >= LEGIBLE:
            break
        turned = _read(np.ascontiguousarray(np.rot90(rgb, quarter)), scale, quarter)
        if turned.legible > best.legible and turned.words:
            best = turned
    return best


def _read(rgb: Pixels, scale: float, quarter: int) -> Upright:
    picture = prepare(rgb, scale)
    ruling = find_rules(picture.lines, picture.red, scale)
    picture = _without_rules(picture, ruling)
    boxes = [cell for _, own in ruling.tables for cell in own]
    height = cells.line_height(picture.ink, boxes, scale)
    items = [item for cell in boxes for item in _in_cell(picture, cell, height)]
    filled = {item.cell for item in items}
    stained = _stained(picture, [cell for cell in boxes if cell not in filled])
    items += _outside(picture, ruling, height)
    _settle(items)
    _second_readings(items, picture.grey, height)
    made = [(_word(item, scale), item) for item in items]
    return Upright(
        tuple(word for word, item in made if not _residue(item, height)),
        (*(_reading(word, item) for word, item in made), *stained),
        ruling.horizontal,
        ruling.vertical,
        picture.sharpness < BLUNT,
        ruling.meeting >= WHOLE,
        picture.angle,
        quarter,
        _legible(items),
    )


def _stained(picture: Picture, empty: list[PixelBox]) -> list[Reading]:
    """Cells in which no ink but red was found."""
    found = []
    for x0, y0, x1, y1 in empty:
        if int(picture.red[y0:y1, x0:x1].sum()) >= STAIN:
            scale = picture.scale
            found.append(Reading("", (x0 / scale, y0 / scale, x1 / scale, y1 / scale), red=True))
    return found


def _legible(items: list[_Item]) -> float:
    """How surely lines of text were read. Text on its side falls into lines of one glyph each, and these the model reads well."""
    if not items:
        return 0.0
    lengths = [len(item.text) for item in items]
    in_lines = sum(length for length in lengths if length > 1) / sum(lengths)
    return in_lines * float(np.median([item.line.weakest for item in items]))


def _without_rules(picture: Picture, ruling: Ruling) -> Picture:
    wiped = cv2.dilate(ruling.mask, np.ones((3, 3), np.uint8)) > 0
    white, none = np.uint8(255), np.uint8(0)
    return replace(
        picture,
        grey=np.where(wiped, white, picture.grey),
        lines=np.where(wiped, white, picture.lines),
        ink=np.where(wiped, none, picture.ink),
    )


def _in_cell(picture: Picture, cell: PixelBox, height: float) -> list[_Item]:
    return [
        _item(picture, spot.box, height, cell, spot.cut) for spot in cells.spots_in(picture.ink, cell, height)
    ]


def _item(picture: Picture, box: PixelBox, height: float, cell: PixelBox | None, cut: bool) -> _Item:
    x0, y0, x1, y1 = box
    near = picture.red[max(y0 - RED_REACH, 0) : y1 + RED_REACH, max(x0 - RED_REACH, 0) : x1 + RED_REACH]
    red = int(near.sum()) >= RED_PIXELS
    crop = _crop(picture.grey, box, height)
    line = engine.recognise(crop)
    dashes = _dashes(box, height, cell)
    if dashes and not cut and set(line.text) <= DASHES:
        return _Item(box, Line(dashes, 1.0, (), ()), cell, cut, red, agreed=True)
    if (
        line.text and not is_amount(line.text) and not set(line.text) - set(NUMERIC)
    ):  # 5,53.96: a character fell between two steps
        wider = engine.recognise(crop, STRETCH)
        line = wider if is_amount(wider.text) else line
    return (
        _under_red(_Item(box, line, cell, cut, red), picture, height)
        if red
        else _Item(box, line, cell, cut, red)
    )


def _under_red(item: _Item, picture: Picture, height: float) -> _Item:
    """Read once more with the haze of the red ink: without it thin strokes go too (4 becomes 1), with it a stamp shows through."""
    hazy = engine.recognise(_crop(picture.lines, item.box, height))
    if plainly(hazy.text) == plainly(item.line.text):
        return item
    better, other = sorted(
        (item.line, hazy), key=lambda line: (is_amount(line.text), line.weakest), reverse=True
    )
    return replace(item, line=better, agreed=False, again=_amount(other) or other.text or None)


def _amount(line: Line) -> str | None:
    """What an engine's reading is as an amount: itself, or the likeliest of its candidates that has the format of one."""
    return next((text for text in (line.text, *(t for t, _ in line.numbers)) if is_amount(text)), None)


def _dashes(box: PixelBox, height: float, cell: PixelBox | None) -> str:
    """A long thin stroke in the middle of a cell is one dash for each character that it is wide; the engine sees 一 or nothing."""
    x0, y0, x1, y1 = box
    if cell is None or y1 - y0 > DASH_THIN * height or x1 - x0 < DASH_LONG * height:
        return ""
    off = abs((y0 + y1) / 2 - (cell[1] + cell[3]) / 2)
    return "─" * max(2, round((x1 - x0) * CJK_HEIGHT / height)) if off < (cell[3] - cell[1]) / 4 else ""


def _crop(grey: Pixels, box: PixelBox, height: float) -> Pixels:
    """The line with some paper around it; a low one (一, a dash) as high as its neighbours, so that it keeps its proportions."""
    x0, y0, x1, y1 = box
    low = y1 - y0 < LOW * height
    more = MARGIN + (round(height - (y1 - y0)) // 2 if low else 0)
    return grey[max(y0 - more, 0) : y1 + more, max(x0 - MARGIN, 0) : x1 + MARGIN]


def _outside(picture: Picture, ruling: Ruling, height: float) -> list[_Item]:
    """Lines of text outside the ruled tables, found by the detection model in the strips between them."""
    bare = picture.grey.copy()
    for (x0, y0, x1, y1), _ in ruling.tables:
        bare[y0:y1, x0:x1] = 255
    items = []
    for top, bottom in _strips(bare, picture.scale):
        for x0, y0, x1, y1 in cells.detect(bare[top:bottom], picture.scale):
            box = (x0, top + y0, x1, top + y1)
            for spot in cells.spots_in(picture.ink, box, y1 - y0):
                if spot.box[1] < (box[1] + box[3]) / 2 < spot.box[3] or not spot.cut:
                    items.append(_item(picture, spot.box, spot.box[3] - spot.box[1], None, False))
    return items


def _strips(bare: Pixels, scale: float) -> list[tuple[int, int]]:
    """Heights of the page that hold any ink, those near each other together."""
    gap = round(40 * scale)
    rows = (bare < 160).sum(axis=1) > 1
    margin = round(6 * scale)
    return [(max(a - margin, 0), min(b + margin, len(rows))) for a, b in cells.bands(rows, gap)]


def _residue(item: _Item, height: float) -> bool:
    """A hair of a stamp or of a rule: no character to the model. It stays among the readings, for what it may have hidden."""
    x0, y0, x1, y1 = item.box
    return item.text == UNKNOWN and (item.red or min(x1 - x0, y1 - y0) < SLIVER * height)


def _settle(items: list[_Item]) -> None:
    """Decide the text of every item: a numeric reading is taken where it is likely, more readily in a column of amounts."""
    columns: dict[int, Counter[bool]] = {}
    for item in items:
        item.text = item.line.text.strip() or UNKNOWN
        if item.cell:
            columns.setdefault(item.cell[0] // 8, Counter())[is_amount(item.text)] += 1
    for item in items:
        if is_amount(item.text) or not item.line.numbers:
            continue
        count = columns.get(item.cell[0] // 8, Counter()) if item.cell else Counter()
        amounts = item.cell is not None and count[True] > OF_AMOUNTS * count.total()
        least = LIKELY_IN_COLUMN if amounts else LIKELY
        if _looks_numeric(
            item.text
        ):  # 6.032.55: whatever it is, it is a number, and one that makes sense was printed
            least = CONCEIVABLE
        item.text = next(
            (text.strip() for text, chance in item.line.numbers if chance >= least and is_amount(text)),
            item.text,
        )


def _looks_numeric(text: str) -> bool:
    """A number, perhaps with a few letters for digits (7,b6b.68)."""
    strange = [character for character in text if character not in NUMERIC]
    digits = sum(character.isdecimal() for character in text)
    return digits >= 3 and 3 * len(strange) <= len(text) and all(c.isascii() and c.isalpha() for c in strange)


def _second_readings(items: list[_Item], grey: Pixels, height: float) -> None:
    """Compare every number with the page's own type; where that tells nothing, read its surroundings once more."""
    numbers = [item for item in items if is_amount(item.text) and item.agreed is None]
    found = shapes.agreeing([shapes.Number(item.text, item.box) for item in numbers], grey)
    for item, agreed in zip(numbers, found, strict=True):
        item.agreed = agreed
        if agreed is not True or item.cut:
            item.again = _around(item, grey, height)
            item.agreed = plainly(item.again) == plainly(item.text) if item.again else item.agreed


def _around(item: _Item, grey: Pixels, height: float) -> str | None:
    """The same ink as the detection model frames it, seen with what stands around it; None when it frames it otherwise."""
    x0, y0, x1, y1 = item.box
    more, wide = round(1.5 * height), round(4 * height)
    left, top = max(x0 - wide, 0), max(y0 - more, 0)
    region = grey[top : y1 + more, left : x1 + wide]
    middle = ((x0 + x1) / 2 - left, (y0 + y1) / 2 - top)
    for box in cells.detect(region, 0.0):
        if box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]:
            return engine.recognise(region[box[1] : box[3], box[0] : box[2]]).text
    return None


def _word(item: _Item, scale: float) -> Word:
    x0, y0, x1, y1 = item.box
    text = plainly(item.text) if is_amount(item.text) else item.text
    centres = item.line.centres if text == item.line.text else ()
    if len(centres) == len(text):
        inner = [x0 + (a + b) / 2 - MARGIN for a, b in pairwise(centres)]
        edges = [x0, *(min(max(x, x0), x1) for x in inner), x1]
    else:
        edges = [x0 + (x1 - x0) * k / len(text) for k in range(len(text) + 1)]
    size = (y1 - y0) / scale / (CJK_HEIGHT if any(c >= "\u2e80" for c in text) else DIGIT_HEIGHT)
    at = tuple(edge / scale for edge in edges)
    return Word(text, at[0], y0 / scale, at[-1], y1 / scale, size, False, at)


def _reading(word: Word, item: _Item) -> Reading:
    return Reading(
        word.text, word.box, item.line.weakest, item.line.numbers, item.red, item.cut, item.agreed, item.again
    )
