"""A passage cut into words: nothing is lost, and garbage breaks nothing."""

from __future__ import annotations

import pytest

from gongkai.facts import words


@pytest.mark.parametrize("sign", [words.MARK, words._FILL])
def test_garbage_that_holds_our_own_signs_is_text(sign: str) -> None:
    plain = f"本年{sign}收入{sign}合计"
    found = list(words.tokens(plain, (), 2022))
    assert all(token.amount is None for token in found)
    assert "".join(token.text for token in found) == plain
