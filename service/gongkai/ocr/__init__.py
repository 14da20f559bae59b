"""Pages that are pictures, read: the optional extra ``gongkai[ocr]``. Importing this package loads no engine; reading does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from math import sqrt

from gongkai.ocr.evidence import Reading
from gongkai.ocr.grading import Scans, graded
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, Rule, Word
from gongkai.report import Box, Issue, Source

DPI = 200  # dots an inch at which a page is rendered for reading; 300 gained nothing
MOST_PIXELS = 8_000_000  # A3 in full; a larger page is rendered with fewer dots, so that memory stays bounded
NEEDED = ("rapidocr", "onnxruntime", "cv2", "numpy")


@cache
def available() -> bool:
    """Is the extra ``gongkai[ocr]`` installed?"""
    return all(find_spec(name) is not None for name in NEEDED)


def missing(page: Page) -> Issue:
    """What is said of a page that only OCR could read, when the extra is not installed."""
    return Issue(
        kind="ocr_missing",
        message=f"第 {page.number} 页是图片，没有可用的文字，需要文字识别才能读取。请安装可选组件：pip install 'gongkai[ocr]'。",
        source=Source(page.document, page.number, (0.0, 0.0, page.width, page.height)),
    )


def scale_for(width: float, height: float) -> float:
    """Pixels a point at which an area of ``width`` × ``height`` points is to be rendered for :func:`read_page`."""
    return min(DPI / 72, sqrt(MOST_PIXELS / max(width * height, 1.0)))


def read_page(page: Page, samples: bytes, width: int, height: int, area: Box | None = None) -> Scan:
    """Read the picture ``samples`` (RGB, ``width`` × ``height`` pixels) of ``area`` of ``page`` (points; the whole page by default).

    Within ``area`` the page's own words and rules give way to what is read; outside it they stay. A page that lies on its side comes
    back with its ``turn``. Raises ``ModuleNotFoundError`` without the extra (see :func:`available`).
    """
    from gongkai.ocr.page import read_picture
    from gongkai.ocr.pixels import from_samples

    whole = area is None
    box = area or (0.0, 0.0, page.width, page.height)
    found = read_picture(
        from_samples(samples, width, height), width / max(box[2] - box[0], 1.0), upright=not whole
    )
    health = [*page.health]
    health += ["turned"] if found.quarter else []
    health += ["skewed"] if found.angle else []
    health += ["poor_scan"] if found.poor else []
    health += ["grid_unsure"] if not found.grid_sure and found.horizontal and found.vertical else []
    words = () if whole else tuple(word for word in page.words if not _inside(word.box, box))
    turn = (360 - 90 * found.quarter) % 360 if whole else page.turn
    read = replace(
        page,
        words=(*words, *(_moved(word, box[0], box[1]) for word in found.words)),
        horizontal=_rules(() if whole else page.horizontal, found.horizontal, box[1], box[0]),
        vertical=_rules(() if whole else page.vertical, found.vertical, box[0], box[1]),
        text_source="mixed" if words else "ocr",
        health=tuple(dict.fromkeys(health)),
        turn=turn,
    )
    readings = tuple(replace(r, box=_shifted(r.box, box[0], box[1])) for r in found.readings)
    return Scan(read, readings, box, found.angle, found.poor, found.grid_sure)


def _inside(box: Box, area: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _moved(word: Word, dx: float, dy: float) -> Word:
    x0, y0, x1, y1 = _shifted(word.box, dx, dy)
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1, edges=tuple(edge + dx for edge in word.edges))


def _shifted(box: Box, dx: float, dy: float) -> Box:
    return (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)


def _rules(own: tuple[Rule, ...], found: tuple[Rule, ...], across: float, along: float) -> tuple[Rule, ...]:
    moved = (Rule(rule.at + across, rule.lo + along, rule.hi + along) for rule in found)
    return tuple(sorted((*own, *moved), key=lambda rule: (rule.at, rule.lo)))


__all__ = [
    "DPI",
    "Reading",
    "Scan",
    "Scans",
    "available",
    "graded",
    "missing",
    "read_page",
    "scale_for",
]
