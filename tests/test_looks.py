"""Glyphs are told by their shapes, in whatever typeface."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest
import specimen

from gongkai.looks import DIGITS, Shape, lying, reference, resembling, shape, translation
from gongkai.pdf import reference_shapes

TYPEFACES = ("helv", "heit", "hebi", "tiit", "tiro", "tibi", "cobi", "china-s", "china-ts", "japan")

FAR = {"tibi", "cobi", "hebi"}  # nothing in the reference is like them


def pictures(typeface: str, size: float = 40.0, ruled: bool = False) -> dict[str, list[Shape | None]]:
    """Each digit of a typeface, as it is rendered; with a ruling below it."""
    with pymupdf.open() as document:
        page = document.new_page(width=12 * size, height=2 * size)
        for place, digit in enumerate(DIGITS):
            page.insert_text((size * (place + 0.5), 1.5 * size), digit, fontname=typeface, fontsize=size)
        if ruled:
            page.draw_line((0, 1.75 * size), (12 * size, 1.75 * size))
        found: dict[str, list[Shape | None]] = {}
        for place, digit in enumerate(DIGITS):
            clip = (size * (place + 0.4), 0.5 * size, size * (place + 1.3), 1.9 * size)
            pixels = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False, clip=clip)
            found[digit] = [shape(pixels.samples, pixels.width, pixels.height)]
        return found


def test_the_reference_is_what_the_fonts_print() -> None:
    made, kept = specimen.digits(), reference()
    for digit in DIGITS:
        assert len(made[digit]) == len(kept[digit])
        assert all(one.distance(other) < 0.05 for one, other in zip(made[digit], kept[digit], strict=True))


@pytest.mark.parametrize("typeface", TYPEFACES)
def test_honest_digits_are_never_accused(typeface: str) -> None:
    assert not lying(pictures(typeface))
    assert not lying(pictures(typeface, size=24, ruled=True))


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("shown", ["7301925846", "0143256789", "1234567890", "0193456782"])
def test_swapped_digits_are_seen_and_swapped_back_or_left_to_ocr(typeface: str, shown: str) -> None:
    honest = pictures(typeface)
    swapped = {said: honest[digit] for said, digit in zip(DIGITS, shown, strict=True)}
    assert lying(swapped)
    certain = dict(zip(DIGITS, shown, strict=True))
    assert translation(swapped) in ([certain, None] if typeface in FAR else [certain])


def test_what_is_no_digit_makes_no_translation() -> None:
    glyphs = {**pictures("tiro"), "3": [None], "4": [None]}
    assert lying(glyphs)
    assert translation(glyphs) is None


def test_glyphs_that_all_look_like_one_digit_make_no_translation() -> None:
    eight = pictures("tiro")["8"]
    assert translation(dict.fromkeys(DIGITS, eight)) is None


def test_one_odd_shape_is_no_swap() -> None:
    honest = pictures("tiro")
    assert not lying({**honest, "1": honest["7"]})


def test_a_font_that_prints_one_digit_can_lie_too() -> None:
    honest = pictures("tiro")
    assert lying({"1": honest["4"]})
    assert not lying({})


def test_white_digits_on_a_coloured_ground_look_the_same() -> None:
    dark = bytes((255, 255, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255) * 9)
    assert shape(dark, 12, 9) == shape(bytes(255 - value for value in dark), 12, 9)


def test_paper_without_ink_has_no_shape() -> None:
    assert shape(bytes([250]) * 400, 20, 20) is None
    assert shape(b"", 0, 0) is None


def test_ideographs_resemble_those_of_another_typeface_and_not_others() -> None:
    letters = "收入支出总表财政拨款预算决项目"
    references = reference_shapes(letters)
    assert set(references) == set(letters)
    turned = dict(zip(letters, (references[c] for c in letters[1:] + letters[:1]), strict=True))
    assert resembling(references, references) is True
    assert resembling(turned, references) is False
    assert resembling({}, references) is None


def test_few_ideographs_are_disowned_only_when_they_are_no_nearer() -> None:
    references = reference_shapes("喆珺收入支出总表财政拨款")
    assert set(references) >= {"喆", "珺"}
    assert resembling({"喆": references["喆"], "珺": references["珺"]}, references) is True
    quote = Shape(references["一"].bits if "一" in references else (1 << 40) - 1, 0.4)
    assert resembling({"喆": quote, "珺": quote}, references) is False


def test_what_is_far_too_low_for_an_ideograph_is_none() -> None:
    references = reference_shapes("慭憌收入支出总表财政拨款")
    low = {c: replace(references[c], height=references[c].height // 3) for c in "慭憌"}
    assert resembling({c: references[c] for c in "慭憌"}, references) is True
    assert resembling(low, references) is False
