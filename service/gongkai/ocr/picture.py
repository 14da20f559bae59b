"""A page's picture made ready for reading: red ink left out, turned straight, ink told from paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gongkai.ocr.pixels import Array, Mask, Pixels

INK = 205  # of 255, paper being 255: darker is ink (the thin stroke of 一 is spread over two pixels)
RED = 45  # grey levels by which red must exceed green and blue
STEEPEST = 4.0  # degrees: scanners do not turn pages further
TURN = 0.04  # degrees: below this, turning costs more sharpness than it straightens
HAZE = 165  # grey levels: lighter than that beside red ink is the edge of the stamp
LEAST_STEP = 24  # grey levels: smaller steps are grain
SPECK = 7  # pixels at 200 dpi: connected ink smaller than this is dirt (a dot of 7-point type has 9)


@dataclass(frozen=True, slots=True)
class Picture:
    """A straightened page. ``grey``: dark ink on white paper, red ink gone; ``lines``: the same with the haze of
    red ink, in which thin rules show better; ``ink``: 255 where there is ink that is not red;
    ``red``: where red ink lies. ``scale`` is pixels a point; ``angle`` degrees by which the page had been turned; ``sharpness`` how
    steep the edges of ink are, from 0 (blurred) to 1 (every edge between two pixels).
    """

    grey: Pixels
    lines: Pixels
    ink: Pixels
    red: Mask
    scale: float
    angle: float
    sharpness: float


def prepare(rgb: Pixels, scale: float) -> Picture:
    """``rgb`` (height, width, 3) at ``scale`` pixels a point."""
    red = _red(rgb)
    lifted, grey = _without_stamp(_on_white(np.ascontiguousarray(rgb[:, :, 0])), red)
    angle = skew(grey < INK)
    if abs(angle) >= TURN:
        grey = turn(grey, angle, 255)
        lifted = turn(lifted, angle, 255)
        red = turn(red.astype(np.uint8), angle, 0).astype(bool)
    else:
        angle = 0.0
    ink = (grey < INK).astype(np.uint8) * 255
    return Picture(grey, lifted, _without_specks(ink, scale), red, scale, angle, _sharpness(grey))


def _red(rgb: Pixels) -> Mask:
    channels = cv2.split(rgb)
    rest = cv2.max(channels[1], channels[2])
    mask: Mask = cv2.subtract(channels[0], rest) > RED
    return mask


def _without_stamp(grey: Pixels, red: Mask) -> tuple[Pixels, Pixels]:
    """What remains of red ink in the red channel brought to white; black under it stays as dark as it is, in proportion.

    The second picture is without the haze that the edges of red ink leave.
    """
    if red.sum() < 50:
        return grey, grey
    shade = max(float(np.median(grey[red])), 100.0)
    lifted = cv2.convertScaleAbs(grey, alpha=255.0 / (0.97 * shade))
    spread = red.astype(np.uint8)
    near, wide = (
        cv2.dilate(spread, np.ones((5, 5), np.uint8)) > 0,
        cv2.dilate(spread, np.ones((7, 7), np.uint8)) > 0,
    )
    clear = np.where(lifted >= HAZE, np.uint8(255), lifted)
    return np.where(near, lifted, grey), np.where(wide, clear, grey)


def _on_white(grey: Pixels) -> Pixels:
    """Paper (or a cell's tint) brought to white: each pixel as a share of the brightest around it."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.dilate(cv2.medianBlur(small, 3), np.ones((5, 5), np.uint8))
    paper = cv2.resize(
        cv2.blur(paper, (3, 3)), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    return cv2.divide(grey, np.maximum(paper, 64), scale=255)


def skew(ink: Mask) -> float:
    """Degrees by which the lines of text and the rules fall to the right (positive) or rise."""
    ys, xs = np.nonzero(ink)
    if len(xs) < 200:
        return 0.0
    step = max(1, len(xs) // 60_000)
    xs, ys = xs[::step] - ink.shape[1] / 2, ys[::step].astype(np.float64)
    angle = _sharpest(xs, ys, np.arange(-STEEPEST, STEEPEST + 0.01, 0.25), 4.0)
    angle = _sharpest(xs, ys, angle + np.arange(-0.25, 0.26, 0.05), 2.0)
    return float(_sharpest(xs, ys, angle + np.arange(-0.05, 0.051, 0.01), 1.0))


def _sharpest(xs: Array, ys: Array, angles: Array, bin_height: float) -> float:
    """The angle at which ink gathers in the fewest rows (the largest sum of squared row counts)."""
    best, found = -1.0, 0.0
    for angle in sorted(angles, key=abs):
        rows = ((ys - xs * np.tan(np.radians(angle))) / bin_height).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        score = float((counts * counts).sum())
        if score > best * 1.0005:
            best, found = score, float(angle)
    return found


def turn(image: Pixels, angle: float, paper: int) -> Pixels:
    """``image`` turned back by ``angle`` degrees about its middle."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)


def _without_specks(ink: Pixels, scale: float) -> Pixels:
    least = SPECK * (scale * 72 / 200) ** 2
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.where(keep[labels], np.uint8(255), np.uint8(0)) if count > 1 else ink


def _sharpness(grey: Pixels) -> float:
    """The mean step between neighbours along a row, larger steps weighing more, as a share of black to white."""
    steps = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    counts = np.bincount(steps.ravel(), minlength=256).astype(np.float64)
    sizes = np.arange(256.0)
    counts[: LEAST_STEP + 1] = 0
    total = float((counts * sizes).sum())
    if not total:
        return 0.0 if (grey < INK).any() else 1.0
    return float((counts * sizes * sizes).sum() / total / 255)
