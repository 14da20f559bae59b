"""Where text stands: lines of ink inside a cell by projection, lines of prose by the detection model. Boxes in pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gongkai.ocr import engine
from gongkai.ocr.pixels import Array, Mask, Pixels
from gongkai.ocr.ruled import PixelBox

WIDE_GAP = 1.5  # of the line height: ink this far apart is read apart
BLOT = 0.12  # of the line height: ink lower and narrower than this is dirt, not a dot
DETECT_SCALE = 1.45  # pixels a point that the detection model needs: 10-point text is 14 pixels high
DETECT_LONG = 1280  # pixels of the longer side that the detection model sees: memory grows with its square
DETECT_STEP = 32
CORE = 0.3  # probability from which a pixel belongs to the core of a line
SURE_CORE = 0.5
UNCLIP = 1.6  # the model was trained on cores shrunk by this ratio (DB, Liao et al. 2020)


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of ink. ``cut`` says that its ink runs into the cell's side, where a neighbour may hold the rest."""

    box: PixelBox
    cut: bool


def line_height(ink: Pixels, cells: list[PixelBox], scale: float) -> float:
    """The height of an ordinary line in the cells: the median height of separate bands of ink, at least 5 points."""
    heights = []
    for x0, y0, x1, y1 in cells:
        for top, bottom in bands(ink[y0:y1, x0:x1].max(axis=1) > 0, 1):
            heights.append(bottom - top)
    least = 5 * scale
    tall = [height for height in heights if height >= least]
    return float(np.median(tall)) if tall else 9 * scale


def spots_in(ink: Pixels, cell: PixelBox, height: float) -> list[Spot]:
    """Lines of ink in a ``cell`` from top to bottom, parts far apart separately. ``height`` is that of an ordinary line."""
    x0, y0, x1, y1 = cell
    inside = ink[y0:y1, x0:x1] > 0
    spots = []
    for top, bottom in _lines(inside.max(axis=1), height):
        columns = inside[top:bottom].max(axis=0)
        for left, right in bands(columns, max(int(WIDE_GAP * height), 2)):
            box = (x0 + left, y0 + top, x0 + right, y0 + bottom)
            if max(bottom - top, right - left) < BLOT * height:
                continue
            spots.append(Spot(box, left == 0 or right == x1 - x0 or top == 0 or bottom == y1 - y0))
    return spots


def _lines(rows: Mask, height: float) -> list[tuple[int, int]]:
    """Bands of inked rows; those that together are no higher than a line are one (二, a row of dots under commas)."""
    lines: list[tuple[int, int]] = []
    for top, bottom in bands(rows, 1):
        if lines and bottom - lines[-1][0] <= 1.3 * height:
            lines[-1] = (lines[-1][0], bottom)
        else:
            lines.append((top, bottom))
    return lines


def bands(filled: Mask, gap: int) -> list[tuple[int, int]]:
    """Runs of True in ``filled`` as (start, end); runs less than ``gap`` apart are one."""
    steps = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
        if runs and start - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def detect(grey: Pixels, scale: float) -> list[PixelBox]:
    """Lines of text anywhere in ``grey`` as upright boxes, from top to bottom; ``scale`` in pixels a point, 0 to look at full size."""
    height, width = grey.shape
    ratio = min(1.0, DETECT_SCALE / scale if scale else 1.0, DETECT_LONG / max(height, width))
    size = [max(DETECT_STEP, round(side * ratio / DETECT_STEP) * DETECT_STEP) for side in (width, height)]
    small = cv2.resize(grey, (size[0], size[1]), interpolation=cv2.INTER_AREA)
    chances = engine.text_map(small)
    core = (chances > CORE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    sums = np.bincount(labels.ravel(), weights=chances.ravel(), minlength=count)
    boxes = []
    for k in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[k])
        if min(w, h) < 3 or sums[k] / area < SURE_CORE:
            continue
        boxes.append(_unclipped(x, y, w, h, width / size[0], height / size[1], grey.shape))
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def _unclipped(
    x: int, y: int, w: int, h: int, rx: float, ry: float, shape: Array | tuple[int, ...]
) -> PixelBox:
    """The core grown back to the whole line: DB shrinks by area x ratio / perimeter."""
    grow = w * h * UNCLIP / (2 * (w + h))
    return (
        max(int((x - grow) * rx), 0),
        max(int((y - grow) * ry), 0),
        min(int((x + w + grow) * rx) + 1, int(shape[1])),
        min(int((y + h + grow) * ry) + 1, int(shape[0])),
    )
