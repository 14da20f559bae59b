"""Pages as pictures, and what copying machines and stamps do to them."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Box

Pixels = NDArray[np.uint8]
PAPER = (251, 250, 246)
RED = (205, 32, 38)
STAMP = 116.0


@dataclass(frozen=True, slots=True)
class Copier:
    """``skew`` in degrees, ``blur`` a radius in pixels, ``noise`` a standard deviation in grey levels, ``quality`` of JPEG."""

    dpi: int = 200
    skew: float = 0.0
    blur: float = 0.35
    noise: float = 7.0
    quality: int = 62


def photograph(page: pymupdf.Page, clip: Box | None, dpi: int) -> Image.Image:
    """The page, or a part of it, as it is displayed."""
    pixmap = page.get_pixmap(dpi=dpi, clip=pymupdf.Rect(clip) if clip else None, alpha=False)
    return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def copied(picture: Image.Image, copier: Copier, seed: int) -> bytes:
    """What the copier makes of a picture, as JPEG; the same seed gives the same bytes."""
    turned = picture.rotate(copier.skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    soft = turned.filter(ImageFilter.GaussianBlur(copier.blur)) if copier.blur else turned
    chance = np.random.default_rng(seed)
    light = np.asarray(soft, dtype=np.float32) * (np.array(PAPER, dtype=np.float32) / 255)
    light += chance.normal(0, copier.noise, light.shape[:2])[..., None]
    light[chance.random(light.shape[:2]) < 0.0004] = 70
    target = io.BytesIO()
    Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(target, "JPEG", quality=copier.quality)
    return target.getvalue()


def stamp(picture: Image.Image, text: str, centre: tuple[float, float], dpi: int) -> Image.Image:
    """A round red seal around ``centre`` (points); ink on ink: what is black below stays black."""
    scale = dpi / 72
    size = round(STAMP * scale)
    ink = _seal(text, size)
    left, top = (round(place * scale - size / 2) for place in centre)
    box = (max(left, 0), max(top, 0), min(left + size, picture.width), min(top + size, picture.height))
    below = np.asarray(picture.crop(box), dtype=np.float32)
    above = np.asarray(ink.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top)), dtype=np.float32)
    stamped = picture.copy()
    stamped.paste(Image.fromarray((below * above / 255).astype(np.uint8)), box[:2])
    return stamped


def _seal(text: str, size: int) -> Image.Image:
    """A ring, a star, the name around it, tilted a little."""
    seal = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(seal)
    middle, ring = size / 2, size * 0.03
    draw.ellipse((ring, ring, size - ring, size - ring), outline=RED, width=max(2, round(ring)))
    tips = (
        (middle + r * math.sin(a), middle - r * math.cos(a))
        for a, r in ((n * math.pi / 5, size * (0.075 if n % 2 else 0.19)) for n in range(10))
    )
    draw.polygon(list(tips), fill=RED)
    font = ImageFont.truetype(faces.path(faces.HEI), round(size * 0.13))
    for number, letter in enumerate(text):
        degrees = (number - (len(text) - 1) / 2) * min(24, 250 / len(text))
        glyph = Image.new("L", (round(size * 0.17),) * 2)
        ImageDraw.Draw(glyph).text((glyph.width / 2, glyph.height / 2), letter, 255, font, anchor="mm")
        turned = glyph.rotate(-degrees, resample=Image.Resampling.BICUBIC)
        x = middle + size * 0.365 * math.sin(math.radians(degrees)) - glyph.width / 2
        y = middle - size * 0.365 * math.cos(math.radians(degrees)) - glyph.height / 2
        seal.paste(RED, (round(x), round(y)), turned)
    return seal.rotate(9, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
