"""Pages of a PDF made into a scan: rasterised, stamped in red, turned a little, blurred, noised, and compressed.

    python benchmarks/scans.py IN.pdf OUT.pdf --dpi 200 --skew 0.8 --noise 6 --jpeg 60 --stamp --pages 7-9

The result is a PDF of pictures of the same page size, the same bytes for the same arguments. Nothing of it is committed.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

RED = (196, 24, 32)


@dataclass(frozen=True, slots=True)
class Quality:
    """How a scan is spoilt. ``skew`` in degrees, ``noise`` and ``blur`` as standard deviations (grey levels, pixels)."""

    dpi: int = 200
    skew: float = 0.0
    noise: float = 0.0
    blur: float = 0.0
    jpeg: int = 90
    stamp: bool = False


QUALITIES = {
    "clean": Quality(),
    "skewed": Quality(skew=1.2, noise=4, jpeg=75),
    "stamped": Quality(skew=-0.7, noise=6, jpeg=60, stamp=True),
    "150dpi": Quality(dpi=150, skew=0.6, noise=4, jpeg=75, stamp=True),
    "poor": Quality(dpi=120, skew=0.9, noise=8, blur=1.0, jpeg=50, stamp=True),
}


def scan(data: bytes, quality: Quality, pages: list[int] | None = None) -> bytes:
    """A PDF of pictures of ``pages`` (from 0; all of them by default) of the PDF in ``data``."""
    chance = np.random.default_rng(20161201)
    out = pymupdf.open()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for index in pages if pages is not None else range(document.page_count):
            page = document[index]
            pixmap = page.get_pixmap(dpi=quality.dpi, alpha=False)
            image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.h, pixmap.w, 3).copy()
            spoilt = spoil(image, quality, chance)
            _, coded = cv2.imencode(".jpg", spoilt[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality.jpeg])
            new = out.new_page(width=page.rect.width, height=page.rect.height)
            new.insert_image(new.rect, stream=coded.tobytes())
    result: bytes = out.tobytes(no_new_id=True)
    return result


def spoil(image: NDArray[np.uint8], quality: Quality, chance: np.random.Generator) -> NDArray[np.uint8]:
    """``image`` (RGB) as a scanner of that quality would give it."""
    if quality.stamp:
        image = stamped(image, quality.dpi, chance)
    height, width = image.shape[:2]
    if quality.skew:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), quality.skew, 1)
        image = cv2.warpAffine(
            image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(250, 250, 250)
        )
    if quality.blur:
        image = cv2.GaussianBlur(image, (0, 0), quality.blur)
    if quality.noise:
        grain = chance.normal(0, quality.noise, image.shape[:2])[:, :, None]
        image = np.clip(image + grain, 0, 255).astype(np.uint8)
    return image


def stamped(image: NDArray[np.uint8], dpi: int, chance: np.random.Generator) -> NDArray[np.uint8]:
    """A round seal of 42 mm (ring, star, letters around) somewhere over the middle of the page."""
    height, width = image.shape[:2]
    radius = int(21 / 25.4 * dpi)
    x = int(chance.uniform(0.3, 0.7) * width)
    y = int(chance.uniform(0.3, 0.7) * height)
    ink = np.zeros((height, width), np.uint8)
    cv2.circle(ink, (x, y), radius, 255, int(1.2 / 25.4 * dpi), cv2.LINE_AA)
    points = [
        (x + r * np.sin(k * np.pi / 5), y - r * np.cos(k * np.pi / 5))
        for k in range(10)
        for r in [radius * (0.36 if k % 2 == 0 else 0.14)]
    ]
    cv2.fillPoly(ink, [np.array(points, np.int32)], 255, cv2.LINE_AA)
    for k, letter in enumerate("ABCDEFGHKMN"):
        angle = np.radians(-130 + 26 * k)
        at = (
            int(x + 0.74 * radius * np.sin(angle)) - dpi // 20,
            int(y - 0.74 * radius * np.cos(angle)) + dpi // 20,
        )
        cv2.putText(ink, letter, at, cv2.FONT_HERSHEY_DUPLEX, dpi / 170, 255, max(dpi // 60, 1), cv2.LINE_AA)
    cover = ink[:, :, None].astype(np.float32) * (0.85 / 255)
    inked = image.astype(np.float32) * np.array(RED, np.float32) / 255  # ink multiplies what lies below it
    return (image * (1 - cover) + inked * cover).astype(np.uint8)


def _pages(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first) - 1, int(last or first)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--pages", type=_pages)
    for name, value in (("dpi", 200), ("jpeg", 90)):
        parser.add_argument(f"--{name}", type=int, default=value)
    for name in ("skew", "noise", "blur"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    parser.add_argument("--stamp", action="store_true")
    options = parser.parse_args()
    quality = Quality(options.dpi, options.skew, options.noise, options.blur, options.jpeg, options.stamp)
    options.target.write_bytes(scan(options.source.read_bytes(), quality, options.pages))


if __name__ == "__main__":
    main()
