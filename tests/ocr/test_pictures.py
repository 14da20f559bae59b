"""Rules, turns and stamps in pictures drawn by the test; no model is needed."""

from __future__ import annotations

import pytest

cv2 = pytest.importorskip("cv2")
np = pytest.importorskip("numpy")

from gongkai.ocr.cells import spots_in  # noqa: E402
from gongkai.ocr.picture import INK, prepare, skew, turn  # noqa: E402
from gongkai.ocr.ruled import find_rules  # noqa: E402
from gongkai.ocr.shapes import Number, agreeing  # noqa: E402

SCALE = 200 / 72


def paper(height: int = 900, width: int = 1200) -> object:
    return np.full((height, width, 3), 255, np.uint8)


def ruled(colour: tuple[int, int, int] = (0, 0, 0)) -> object:
    """Three columns, four rows; in the second row the first two cells are one."""
    image = paper()
    for y in (200, 300, 400, 500, 600):
        cv2.line(image, (150, y), (1050, y), colour, 2)
    for x in (150, 750, 1050):
        cv2.line(image, (x, 200), (x, 600), colour, 2)
    cv2.line(image, (450, 200), (450, 300), colour, 2)
    cv2.line(image, (450, 400), (450, 600), colour, 2)
    return image


def test_cells_of_a_ruled_table() -> None:
    picture = prepare(ruled(), SCALE)
    found = find_rules(picture.lines, picture.red, SCALE)
    ((_, cells),) = found.tables
    assert len(cells) == 11
    assert found.meeting == 1.0
    assert [round(rule.at * SCALE) for rule in found.horizontal] == pytest.approx(
        [200, 300, 400, 500, 600], abs=2
    )


def test_faint_rules_are_rules() -> None:
    picture = prepare(ruled((190, 190, 190)), SCALE)
    assert len(find_rules(picture.lines, picture.red, SCALE).tables[0][1]) == 11


def test_a_rule_broken_under_a_stamp_is_led_on() -> None:
    image = ruled()
    cv2.circle(image, (600, 300), 40, (205, 60, 70), -1)
    picture = prepare(image, SCALE)
    assert len(find_rules(picture.lines, picture.red, SCALE).tables[0][1]) == 11


def test_strokes_of_a_large_glyph_are_no_rules() -> None:
    image = ruled()
    cv2.line(image, (800, 520), (800, 580), (0, 0, 0), 3)
    cv2.line(image, (780, 550), (840, 550), (0, 0, 0), 3)
    picture = prepare(image, SCALE)
    found = find_rules(picture.lines, picture.red, SCALE)
    assert len(found.tables[0][1]) == 11
    assert not any(510 < rule.at * SCALE < 590 for rule in found.horizontal)


def test_a_page_without_rules_has_no_table() -> None:
    picture = prepare(paper(), SCALE)
    assert find_rules(picture.lines, picture.red, SCALE).tables == ()


@pytest.mark.parametrize("angle", [-2.5, -0.7, 0.3, 1.2, 3.0])
def test_skew_is_measured_and_undone(angle: float) -> None:
    slanted = turn(ruled()[:, :, 0], -angle, 255)
    assert skew(slanted < INK) == pytest.approx(angle, abs=0.05)
    straight = turn(slanted, angle, 255)
    assert skew(straight < INK) == pytest.approx(0.0, abs=0.05)


def test_black_stays_under_red() -> None:
    image = paper()
    cv2.putText(image, "1234", (300, 400), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 4)
    clean = prepare(image.copy(), SCALE).ink
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.circle(mask, (380, 380), 120, 255, -1)
    image[mask > 0] = (image[mask > 0] * (0.8, 0.15, 0.15)).astype(np.uint8)
    stamped = prepare(image, SCALE)
    assert stamped.red[300, 380]
    assert (stamped.ink > 0).sum() == pytest.approx((clean > 0).sum(), rel=0.1)


def test_a_blurred_page_is_less_sharp() -> None:
    image = ruled()
    assert (
        prepare(cv2.GaussianBlur(image, (0, 0), 3), SCALE).sharpness < 0.27 < prepare(image, SCALE).sharpness
    )


def test_lines_of_a_cell_and_a_character_of_two_strokes() -> None:
    ink = np.zeros((200, 400), np.uint8)
    cv2.rectangle(ink, (20, 20), (200, 45), 255, -1)
    cv2.rectangle(ink, (20, 80), (60, 83), 255, -1)  # 二
    cv2.rectangle(ink, (16, 98), (64, 101), 255, -1)
    spots = spots_in(ink, (0, 0, 400, 200), 26.0)
    assert [spot.box for spot in spots] == [(20, 20, 201, 46), (16, 80, 65, 102)]
    assert not any(spot.cut for spot in spots)


def test_ink_at_the_side_of_its_cell_is_cut() -> None:
    ink = np.zeros((60, 100), np.uint8)
    cv2.rectangle(ink, (40, 20), (99, 45), 255, -1)
    (spot,) = spots_in(ink, (0, 0, 100, 60), 26.0)
    assert spot.cut


def specimen(texts: list[str]) -> tuple[list[Number], object]:
    """Numbers in a typeface of the test's own, one a line, as read."""
    grey = np.full((60 * len(texts) + 40, 500), 255, np.uint8)
    numbers = []
    for k, text in enumerate(texts):
        base = 50 + 60 * k
        x = 20
        for character in text:
            cv2.putText(grey, character, (x, base), cv2.FONT_HERSHEY_DUPLEX, 1.0, 0, 2)
            x += 26
        numbers.append(Number(text, (10, base - 30, 480, base + 12)))
    return numbers, grey


TEXTS = ["0123456789", "9876543210", "5027183946", "3141592653", "2718281828"]


def test_numbers_that_look_as_they_were_read_agree() -> None:
    numbers, grey = specimen(TEXTS)
    assert agreeing(numbers, grey) == [True] * 5


def test_a_misread_digit_is_seen() -> None:
    numbers, grey = specimen(TEXTS)
    numbers[2] = Number("5027188946", numbers[2].box)
    assert agreeing(numbers, grey)[2] is False


def test_a_lost_digit_is_seen_in_the_count() -> None:
    numbers, grey = specimen(TEXTS)
    numbers[1] = Number("876543210", numbers[1].box)
    assert agreeing(numbers, grey)[1] is None


def test_a_few_glyphs_are_no_specimen() -> None:
    numbers, grey = specimen(["123"])
    assert agreeing(numbers, grey) == [None]


def test_dirt_is_no_ink_and_a_dot_is() -> None:
    image = paper()
    image[100:102, 100:103] = 60
    image[200:203, 200:203] = 60
    ink = prepare(image, SCALE).ink > 0
    assert not ink[90:120, 90:120].any()
    assert ink[200:203, 200:203].all()
