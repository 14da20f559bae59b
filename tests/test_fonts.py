"""Text layers that are garbage are told from clean ones by what their characters are."""

from __future__ import annotations

import pytest
from lying import PROSE

from gongkai.fonts import UNMAPPED, Verdict, evidence, known_enough, rebuilt
from gongkai.pages import Word
from gongkai.text import is_common

ORDER = [c for c in map(chr, range(0x4E00, 0x9FA0)) if is_common(c)]


def shifted(text: str, by: int) -> str:
    """As a mapping gives it that hands out other common characters."""
    return "".join(ORDER[(ORDER.index(c) + by) % len(ORDER)] if c in ORDER else c for c in text)


def word(text: str, font: str = "F") -> Word:
    edges = tuple(50.0 + 10.0 * k for k in range(len(text) + 1))
    return Word(text, 50.0, 100.0, edges[-1], 110.0, 10.0, False, edges, font)


def test_level_one_is_gb2312s_own() -> None:
    assert len(ORDER) == 3755
    assert is_common("啊") and is_common("座") and not is_common("亍")  # the first of level 2


def test_official_prose_is_clean() -> None:
    found = evidence(PROSE)
    assert found.verdict is Verdict.CLEAN
    assert found.common == 1.0 and found.familiar > 0.1


@pytest.mark.parametrize("by", [1, 7, 40, 1000])
def test_a_mapping_shifted_by_code_point_is_suspect(by: int) -> None:
    moved = ["".join(chr(ord(c) + by) if "\u4e00" <= c <= "\u9000" else c for c in line) for line in PROSE]
    assert evidence(moved).verdict is Verdict.SUSPECT


@pytest.mark.parametrize("by", [1, 2, 13, 500])
def test_garbage_of_common_characters_is_suspect_too(by: int) -> None:
    found = evidence([shifted(line, by) for line in PROSE])
    assert found.common == 1.0
    assert found.verdict is Verdict.SUSPECT


def test_private_use_and_control_characters_are_enough_by_themselves() -> None:
    assert evidence(["一般公共预算\ue001\ue002财政拨款"]).verdict is Verdict.GARBAGE
    assert evidence(["\x01\x02\x03\x04"]).verdict is Verdict.GARBAGE
    assert evidence(["\ufffd"]).verdict is Verdict.GARBAGE


def test_bullets_and_ticked_boxes_are_ornaments() -> None:
    assert evidence(["\uf06c", "\uf0fe", "\uf0a8"]).verdict is Verdict.CLEAN
    assert evidence(["☑", "☑", "☒"]).verdict is Verdict.CLEAN


def test_radicals_are_the_characters_that_they_stand_for() -> None:
    assert evidence(["部⻔收⼊⽀出总表⽉⽇⼈⼤年度⼀般公共预算"]).verdict is Verdict.CLEAN


def test_drawn_lines_and_boxes_are_no_garbage() -> None:
    assert evidence(["────"] * 20).verdict is Verdict.CLEAN
    assert evidence(["☑", "□", "≥90%", "№"] * 9).verdict is Verdict.CLEAN


def test_bytes_of_gbk_taken_for_latin_letters_are_suspect() -> None:
    taken = "收入支出决算总表财政拨款".encode("gbk").decode("latin-1")
    assert evidence([taken]).verdict is Verdict.SUSPECT


def test_little_text_is_no_evidence_but_rare_characters_alone_are_looked_at() -> None:
    assert evidence(["喆珺"]).verdict is Verdict.SUSPECT
    assert evidence(["慭", "憌"]).verdict is Verdict.SUSPECT
    assert evidence(["李喆某"]).verdict is Verdict.CLEAN
    assert evidence([]).verdict is Verdict.CLEAN


def test_stray_characters_of_a_font_make_no_words_and_no_suspicion() -> None:
    assert evidence([*"的局县委档案校园绿化", "某某某"] * 4).verdict is Verdict.CLEAN


def test_a_font_is_judged_by_all_its_words() -> None:
    line = shifted(PROSE[1], 3)
    pieces = [line[k : k + 5] for k in range(0, 40, 5)]
    assert {evidence([piece]).verdict for piece in pieces} == {Verdict.CLEAN}
    assert evidence(pieces).verdict is Verdict.SUSPECT


def test_words_are_spelled_anew_where_they_stand_and_cut_at_white_space() -> None:
    signs = "".join(chr(UNMAPPED + n) for n in (5, 6, 3, 7, 8))
    mapping = dict(zip(signs, "收入 支", strict=False))
    first, second = rebuilt(word(signs), mapping)
    assert first == (0, Word("收入", 50.0, 100.0, 70.0, 110.0, 10.0, False, (50.0, 60.0, 70.0), "F"))
    assert second == (3, Word("支\ufffd", 80.0, 100.0, 100.0, 110.0, 10.0, False, (80.0, 90.0, 100.0), "F"))


def test_a_mapping_must_know_nearly_all_and_make_sense() -> None:
    text = "".join(PROSE)
    honest = {character: character for character in text}
    assert known_enough(PROSE, honest)
    assert not known_enough(PROSE, {c: c for c in list(honest)[: len(honest) // 2]})
    assert not known_enough(PROSE, {c: shifted(c, 9) for c in honest})
