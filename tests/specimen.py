"""Writes ``service/gongkai/looks.toml``: the digits as MuPDF's own typefaces print them (``python tests/specimen.py``)."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from gongkai.looks import DIGITS, Shape, shape

TARGET = Path(__file__).parents[1] / "service" / "gongkai" / "looks.toml"
TYPEFACES = ("helv", "hebo", "heit", "tiro", "tibo", "tiit", "cour", "cobo", "china-s")
EM = 48


def digits() -> dict[str, list[Shape]]:
    """Each digit in each typeface."""
    found: dict[str, list[Shape]] = {digit: [] for digit in DIGITS}
    for typeface in TYPEFACES:
        with pymupdf.open() as document:
            page = document.new_page(width=EM * 12, height=EM * 2)
            for place, digit in enumerate(DIGITS):
                page.insert_text((EM * (place + 0.5), EM * 1.5), digit, fontname=typeface, fontsize=EM)
                clip = (EM * (place + 0.4), EM * 0.5, EM * (place + 1.3), EM * 1.8)
                pixels = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False, clip=clip)
                found[digit].append(shape(pixels.samples, pixels.width, pixels.height) or Shape(0, 0.0))
    return found


def main() -> None:
    lines = [
        "# Shapes of the digits in nine typefaces (gongkai.looks.Shape): bits, and width by height.",
        "# Written by tests/specimen.py from the fonts inside MuPDF.",
        "",
        "[digits]",
    ]
    for digit, shapes in digits().items():
        lines.append(f"{digit} = [")
        lines += [f'    ["{one.bits:0144x}", {one.ratio}],' for one in shapes]
        lines.append("]")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
