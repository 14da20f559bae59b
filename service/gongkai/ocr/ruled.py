"""Rules in a picture, and the cells between them. Pixels in here; ``Rule`` is in points from the picture's corner, as everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gongkai.ocr.pixels import Mask, Pixels
from gongkai.pages import Rule
from gongkai.rulings import Segment, merge_rules

SHORTEST = 16.0  # points: longer than a stroke of any glyph but a title's
THICKEST = 4.0  # points: thicker ink is a fill
LOOSE = 2.0  # points: a rule that ends this near to one across it ends there
ALONE = 100.0  # points: a rule that touches no other must be this long (three-line tables)
NARROWEST = 60.0  # points: what is ruled in less is a glyph
FAINTEST = 36  # grey levels by which a rule is darker than the paper beside it
TRACE = 12  # grey levels that show a rule's way through a gap of a surer one
BLACK = 130
BRIDGE = 90.0  # points: the widest gap that is looked into
WAY = 0.8  # share of a gap in which a trace, or red ink over it, must be seen
SMALLEST = 4.0  # points: a cell narrower or lower than this holds no text

PixelBox = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Rules in points, the pixels they cover, and the cells of each ruled table (its box, then its cells; merged cells whole).

    ``meeting`` is the share of the rules' ends that meet another rule: below 1 a rule is broken, or an outer side is not drawn.
    """

    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    mask: Pixels
    tables: tuple[tuple[PixelBox, tuple[PixelBox, ...]], ...]
    meeting: float


@dataclass(frozen=True, slots=True)
class _Direction:
    """Horizontal rules, or vertical ones with the picture turned over its diagonal."""

    grey: Pixels
    dark: Pixels  # how much darker than above and below
    red: Mask

    def shows(self, at: float, lo: float, hi: float, scale: float) -> bool:
        """Does a faint rule, or one under a stamp, run along ``at`` from ``lo`` to ``hi`` (points)?"""
        y, x0, x1 = round(at * scale), round(lo * scale), round(hi * scale)
        if x1 <= x0:
            return True
        seen = (self.dark[max(y - 2, 0) : y + 3, x0:x1] > TRACE).any(axis=0)
        under = (self.grey[max(y - 1, 0) : y + 2, x0:x1] < BLACK).any(axis=0)  # a glyph stands on the rule
        covered = self.red[max(y - 1, 0) : y + 2, x0:x1].any(axis=0)
        return bool((seen | under | covered).mean() >= WAY)


def find_rules(grey: Pixels, red: Mask, scale: float) -> Ruling:
    """The rules drawn in ``grey`` (dark on white, at ``scale`` pixels a point) and the cells that they make."""
    turned = np.ascontiguousarray(grey.T)
    across = _Direction(grey, _darkness(grey, scale), red)
    down = _Direction(turned, _darkness(turned, scale), np.ascontiguousarray(red.T))
    first_a, first_d = _strokes(across.dark, scale)[1], _strokes(down.dark, scale)[1]
    segments_a, lines_a = _strokes(cv2.max(across.dark, first_d.T), scale)
    segments_d, lines_d = _strokes(cv2.max(down.dark, first_a.T), scale)
    horizontal, vertical = _kept(_in_points(segments_a, scale), _in_points(segments_d, scale))
    tables: list[tuple[PixelBox, tuple[PixelBox, ...]]] = []
    for _ in range(2):  # the second time without the glyphs' strokes at which a rule seemed to end
        horizontal, vertical = _kept(
            _completed(horizontal, vertical, across, scale), _completed(vertical, horizontal, down, scale)
        )
        tables, labels = _tables(horizontal, vertical, grey.shape, scale)
        horizontal = tuple(rule for rule in horizontal if _parts(rule, labels, scale))
        vertical = tuple(rule for rule in vertical if _parts(rule, labels.T, scale))
    ends = [_ends(rule, vertical)[1] for rule in horizontal] + [
        _ends(rule, horizontal)[1] for rule in vertical
    ]
    meeting = sum(map(sum, ends)) / (2 * len(ends)) if ends else 0.0
    mask = cv2.bitwise_or(
        cv2.bitwise_and(lines_a, _drawn(horizontal, (), grey.shape, scale, _thick(scale))),
        cv2.bitwise_and(lines_d.T, _drawn((), vertical, grey.shape, scale, _thick(scale))),
    )
    return Ruling(horizontal, vertical, mask, tuple(tables), meeting)


def _in_points(segments: list[Segment], scale: float) -> tuple[Rule, ...]:
    return merge_rules([(at / scale, lo / scale, hi / scale) for at, lo, hi in segments])


def _darkness(grey: Pixels, scale: float) -> Pixels:
    """How much darker each pixel is than what stands above and below a thin rule there."""
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((2 * _thick(scale), 1), np.uint8))


def _thick(scale: float) -> int:
    return round(THICKEST * scale) + 2


def _strokes(dark: Pixels, scale: float) -> tuple[list[Segment], Pixels]:
    """Long thin horizontal strokes, and the pixels they cover. Faint ones too: a hairline is grey in a scan of few dots."""
    long = round(SHORTEST * scale)
    tolerant = cv2.dilate(cv2.blur(dark, (3, 1)), np.ones((3, 1), np.uint8))  # a rule may step by a pixel
    opened = cv2.morphologyEx(tolerant, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    faint = ((opened > FAINTEST) & (dark > FAINTEST // 2)).astype(np.uint8) * 255
    _, labels, stats, centres = cv2.connectedComponentsWithStats(faint, connectivity=8)
    thin = stats[:, cv2.CC_STAT_AREA] <= _thick(scale) * stats[:, cv2.CC_STAT_WIDTH]
    thin &= stats[:, cv2.CC_STAT_WIDTH] >= 0.9 * long
    thin[0] = False
    segments = [
        (float(centres[k][1]), float(stats[k][0]), float(stats[k][0] + stats[k][2]))
        for k in np.flatnonzero(thin)
    ]
    return segments, np.where(thin[labels], faint, np.uint8(0))


def _kept(
    horizontal: tuple[Rule, ...], vertical: tuple[Rule, ...]
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Without the strokes of large glyphs: short ones that end nowhere."""
    for _ in range(3):
        before = len(horizontal) + len(vertical)
        horizontal = tuple(r for r in horizontal if r.hi - r.lo >= ALONE or any(_ends(r, vertical)[1]))
        vertical = tuple(r for r in vertical if r.hi - r.lo >= ALONE or any(_ends(r, horizontal)[1]))
        if len(horizontal) + len(vertical) == before:
            break
    return horizontal, vertical


def _ends(rule: Rule, across: tuple[Rule, ...]) -> tuple[Rule, tuple[bool, bool]]:
    """``rule`` with each end on the rule across it that it nearly meets, and whether each end met one."""
    touching = [other.at for other in across if other.lo - LOOSE <= rule.at <= other.hi + LOOSE]
    ends, met = [], []
    for end in (rule.lo, rule.hi):
        near = min(touching, key=lambda at: abs(at - end), default=None)
        found = near is not None and abs(near - end) <= LOOSE
        met.append(found)
        ends.append(near if found and near is not None else end)
    return Rule(rule.at, ends[0], ends[1]), (met[0], met[1])


def _completed(
    rules: tuple[Rule, ...], across: tuple[Rule, ...], direction: _Direction, scale: float
) -> tuple[Rule, ...]:
    """Rules whose ends stop short are led on to the next rule across, where the picture still shows a trace of them."""
    longer = []
    for rule in rules:
        fitted, (starts, stops) = _ends(rule, across)
        lo, hi = fitted.lo, fitted.hi
        in_line = [other for other in rules if other is not rule and abs(other.at - rule.at) <= LOOSE]
        touching = [other.at for other in across if other.lo - LOOSE <= rule.at <= other.hi + LOOSE]
        before = max((at for at in (*touching, *(other.hi for other in in_line)) if at < lo), default=lo)
        after = min((at for at in (*touching, *(other.lo for other in in_line)) if at > hi), default=hi)
        if not starts and lo - before <= BRIDGE and direction.shows(rule.at, before, lo, scale):
            lo = before
        if not stops and after - hi <= BRIDGE and direction.shows(rule.at, hi, after, scale):
            hi = after
        longer.append((rule.at, lo, hi))
    return merge_rules(longer)


def _tables(
    horizontal: tuple[Rule, ...], vertical: tuple[Rule, ...], shape: tuple[int, ...], scale: float
) -> tuple[list[tuple[PixelBox, tuple[PixelBox, ...]]], Pixels]:
    """Each ruled table with its cells, and for every pixel the number of the area between rules in which it lies."""
    drawn = _drawn(horizontal, vertical, shape, scale, 3)
    frames = []
    count, _, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    for k in range(1, count):
        x, y, w, h = (int(v) for v in stats[k][:4])
        if w > NARROWEST * scale and h > 3 * SMALLEST * scale:
            frames.append((x, y, x + w, y + h))
            cv2.rectangle(drawn, (x + 1, y + 1), (x + w - 2, y + h - 2), 255, 3)  # sides that were not drawn
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(drawn), connectivity=4)
    cells = _cells(stats, scale)
    tables = []
    for frame in sorted(frames, key=lambda box: (box[1], box[0])):
        own = tuple(box for box in cells if _inside(box, frame))
        if len(own) > 1:
            tables.append((frame, own))
    return tables, labels


def _drawn(
    horizontal: tuple[Rule, ...], vertical: tuple[Rule, ...], shape: tuple[int, ...], scale: float, width: int
) -> Pixels:
    """A picture of the rules alone, each ``width`` pixels thick."""
    drawn = np.zeros(shape, np.uint8)
    for rule in horizontal:
        y = round(rule.at * scale)
        cv2.line(drawn, (round(rule.lo * scale), y), (round(rule.hi * scale), y), 255, width)
    for rule in vertical:
        x = round(rule.at * scale)
        cv2.line(drawn, (x, round(rule.lo * scale)), (x, round(rule.hi * scale)), 255, width)
    return drawn


def _cells(stats: Pixels, scale: float) -> list[PixelBox]:
    least = SMALLEST * scale
    boxes = []
    for x, y, w, h, area in stats[1:].tolist():
        if w >= least and h >= least and area >= 0.6 * w * h:
            boxes.append((x, y, x + w, y + h))
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def _inside(box: PixelBox, frame: PixelBox) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _parts(rule: Rule, labels: Pixels, scale: float) -> bool:
    """Do different areas lie on the two sides of a (horizontal) rule? A stroke that ends in mid-cell parts nothing."""
    y, x0, x1 = round(rule.at * scale), round(rule.lo * scale), round(rule.hi * scale)
    if y < 4 or y + 4 >= labels.shape[0] or x1 - x0 < 3 or rule.hi - rule.lo >= ALONE:
        return True
    return bool((labels[y - 4, x0:x1] != labels[y + 4, x0:x1]).mean() > 0.5)
