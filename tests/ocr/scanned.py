"""Small pages made into pictures: ruled tables typeset with PyMuPDF's own fonts, rasterised, turned and stamped."""

from __future__ import annotations

from dataclasses import dataclass

import pymupdf

WIDTH, HEIGHT = 420.0, 300.0
LEFT, TOP, ROW = 40.0, 70.0, 20.0
RED = (0.8, 0.1, 0.12)
EDGES = (40.0, 190.0, 285.0, 380.0)
ROWS = (
    ("项目", "预算数", "决算数"),
    ("一、工资福利支出", "3,806.26", "3,798.10"),
    ("基本工资", "854.47", "849.31"),
    ("二、商品和服务支出", "1,115.85", "1,102.79"),
    ("办公费", "110.00", "98.56"),
    ("公务接待费", "15.00", ""),
    ("合计", "4,922.11", "4,900.89"),
)


@dataclass(frozen=True)
class Raster:
    samples: bytes
    width: int
    height: int


def table_page(
    *, turned: int = 0, skew: float = 0.0, stamp: tuple[float, float] | None = None, cover: float = 0.6
) -> pymupdf.Document:
    """One page with a title and the table ``ROWS``; ``skew`` in degrees, ``stamp`` the middle of a red seal in points.

    ``cover`` is how much of what lies under the seal it hides.
    """
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    page.insert_text((130, 40), "一般公共预算支出决算表", fontname="china-s", fontsize=15)
    page.insert_text((320, 60), "单位：万元", fontname="china-s", fontsize=10)
    bottom = TOP + ROW * len(ROWS)
    for k in range(len(ROWS) + 1):
        page.draw_line((LEFT, TOP + k * ROW), (EDGES[-1], TOP + k * ROW), width=0.6)
    for x in EDGES:
        page.draw_line((x, TOP), (x, bottom), width=0.6)
    for k, row in enumerate(ROWS):
        base = TOP + k * ROW + 14
        for column, text in enumerate(row):
            if text.isascii():
                start = EDGES[column + 1] - 4 - pymupdf.get_text_length(text, "helv", 10)
                page.insert_text((start, base), text, fontname="helv", fontsize=10)
            else:
                page.insert_text((EDGES[column] + 4, base), text, fontname="china-s", fontsize=10)
    if stamp:
        page.draw_circle(stamp, 40, color=RED, width=4, stroke_opacity=cover)
        page.draw_circle(stamp, 8, color=RED, fill=RED, stroke_opacity=cover, fill_opacity=cover)
    return _turned(document, turned, skew)


def _turned(document: pymupdf.Document, quarter: int, skew: float) -> pymupdf.Document:
    """The page drawn upon another one, turned by ``quarter`` degrees, its content by ``skew`` more."""
    if not (quarter or skew):
        return document
    wide, high = (HEIGHT, WIDTH) if quarter % 180 else (WIDTH, HEIGHT)
    picture = document[0].get_pixmap(dpi=300)
    out = pymupdf.open()
    page = out.new_page(width=wide, height=high)
    page.insert_image(page.rect, pixmap=picture, rotate=quarter)
    if skew:
        image = out[0].get_pixmap(dpi=300)
        page = out.new_page(width=wide, height=high)
        page.insert_image(page.rect, pixmap=_slanted(image, skew))
        out.delete_page(0)
    return out


def _slanted(image: pymupdf.Pixmap, degrees: float) -> pymupdf.Pixmap:
    import cv2
    import numpy as np

    array = np.frombuffer(image.samples, np.uint8).reshape(image.h, image.w, image.n)
    matrix = cv2.getRotationMatrix2D((image.w / 2, image.h / 2), -degrees, 1.0)
    turned = cv2.warpAffine(array, matrix, (image.w, image.h), borderValue=(255, 255, 255))
    return pymupdf.Pixmap(pymupdf.csRGB, image.w, image.h, turned.tobytes(), False)


def raster(document: pymupdf.Document, scale: float) -> Raster:
    pixmap = document[0].get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    return Raster(bytes(pixmap.samples), pixmap.w, pixmap.h)
