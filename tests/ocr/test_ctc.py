"""From the model's probabilities to text: repeats, blanks, and the numeric readings beside the best one."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from gongkai.ocr.ctc import STRIDE, Alphabet, decode  # noqa: E402

ALPHABET = Alphabet(("", *"0123456789.,-", "O", "元"))


def chances(*steps: dict[str, float]) -> object:
    table = np.zeros((len(steps), len(ALPHABET.characters)), np.float32)
    for row, step in zip(table, steps, strict=True):
        for character, chance in step.items():
            row[ALPHABET.characters.index(character)] = chance
    return table


def test_repeats_are_one_and_a_blank_parts_them() -> None:
    line = decode(chances({"1": 1.0}, {"1": 1.0}, {"": 1.0}, {"1": 1.0}), ALPHABET, 1.0)
    assert line.text == "11"
    assert line.centres == (0.5 * STRIDE, 3.5 * STRIDE)


def test_a_letter_that_can_be_a_digit_leaves_its_numeric_reading() -> None:
    line = decode(chances({"1": 1.0}, {"O": 0.6, "0": 0.4}, {".": 1.0}, {"5": 1.0}), ALPHABET, 1.0)
    assert line.text == "1O.5"
    assert line.numbers[0][0] == "10.5"
    assert line.numbers[0][1] == pytest.approx(0.4, abs=0.01)


def test_alternatives_are_ranked() -> None:
    line = decode(chances({"1": 1.0}, {"": 1.0}, {"8": 0.7, "3": 0.3}), ALPHABET, 1.0)
    assert [text for text, _ in line.numbers[:2]] == ["18", "13"]
    assert line.weakest == pytest.approx(0.7)


def test_what_cannot_be_a_number_has_no_numeric_reading() -> None:
    assert decode(chances({"元": 1.0}, {"5": 1.0}), ALPHABET, 1.0).numbers == ()


def test_nothing_is_nothing() -> None:
    line = decode(chances({"": 1.0}, {"": 1.0}), ALPHABET, 1.0)
    assert (line.text, line.weakest) == ("", 0.0)
