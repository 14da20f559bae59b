"""Glyphs of a font without a mapping become known by being seen again and again."""

from __future__ import annotations

from gongkai.cipher import Cipher
from gongkai.pages import Word


def word(text: str, font: str = "F", pitch: float = 10.0) -> Word:
    edges = tuple(50.0 + pitch * k for k in range(len(text) + 1))
    return Word(text, 50.0, 100.0, edges[-1], 110.0, 10.0, False, edges, font)


def test_a_digit_is_sure_after_three_looks_and_a_character_after_two() -> None:
    cipher = Cipher()
    for looks in range(1, 4):
        cipher.learn([word("ab")], (True, True), ("5", "收"), 0.9)
        assert cipher.sure("F", "a") is (looks >= 3)
        assert cipher.sure("F", "b") is (looks >= 2)
    assert cipher.settled([word("ab")])
    assert not cipher.settled([word("abc")])
    assert cipher.mapping("F") == {"a": "5", "b": "收"}


def test_looks_that_disagree_settle_nothing() -> None:
    cipher = Cipher()
    for read in "5568":
        cipher.learn([word("a")], (True,), (read,), 0.9)
    assert not cipher.sure("F", "a")
    assert not cipher.settled([word("a")])


def test_fonts_are_kept_apart() -> None:
    cipher = Cipher()
    cipher.learn([word("a"), word("a", "G")], (True, True), ("3", "8"), 0.9)
    assert (cipher.mapping("F"), cipher.mapping("G")) == ({"a": "3"}, {"a": "8"})


def test_no_ink_is_white_space_and_two_characters_are_no_look() -> None:
    cipher = Cipher()
    cipher.learn([word("abc")], (True, False, True), ("12", "", ""), 0.9)
    assert cipher.mapping("F") == {"b": " "}


def test_one_glyph_is_one_character_whether_full_width_or_not() -> None:
    cipher = Cipher()
    for read in (",", "，", ","):
        cipher.learn([word("a"), word("a", "narrow", 3.0)], (True, True), (read, read), 0.9)
    assert cipher.mapping("F") == {"a": "，"}
    assert cipher.mapping("narrow") == {"a": ","}
    assert cipher.sure("F", "a") and cipher.sure("narrow", "a")


def test_the_score_is_that_of_the_best_look() -> None:
    cipher = Cipher()
    cipher.learn([word("a")], (True,), ("收",), 0.4)
    cipher.learn([word("a")], (True,), ("收",), 0.8)
    assert cipher.score("F", "a") == 0.8
    assert cipher.score("F", "z") == 0.0
