"""Text layers that are garbage are told from clean ones by what their characters are."""

from __future__ import annotations

import pytest

from gongkai.fonts import by_glyph, by_name, evidence, garbled_fonts, level_one, rebuilt

PROSE = (
    "2022年度收入总计1,234.56万元，与上年相比减少132.17万元，下降9.9%，主要是因为项目支出减少。本年支出合计1,200.00万元，"
    "其中：基本支出1,000.00万元，占83.33%；项目支出200.00万元，占16.67%。"
)
ORDER = sorted(level_one(), key=lambda character: character.encode("gb2312"))


def shifted(text: str, by: int) -> str:
    """As a mapping gives it that is off by some places in the order of GB2312: every character stays a common one."""
    place = {character: index for index, character in enumerate(ORDER)}
    return "".join(ORDER[(place[c] + by) % len(ORDER)] if c in place else c for c in text)


def test_level_one_is_gb2312s_own() -> None:
    assert len(level_one()) == 3755
    assert {"啊", "座"} <= level_one()
    assert "亍" not in level_one()  # the first of level 2


def test_official_prose_is_clean() -> None:
    assert not evidence(PROSE).garbled
    assert evidence(PROSE).common == 1.0


@pytest.mark.parametrize("by", [1, 7, 40, 1000])
def test_a_mapping_shifted_by_code_point_is_garbage(by: int) -> None:
    text = "".join(chr(ord(c) + by) if "\u4e00" <= c <= "\u9000" else c for c in PROSE)
    assert evidence(text).garbled


@pytest.mark.parametrize("by", [1, 2, 13, 500])
def test_garbage_of_common_characters_is_garbage_too(by: int) -> None:
    text = shifted(PROSE, by)
    assert evidence(text).common == 1.0
    assert evidence(text).garbled


def test_private_use_and_control_characters_are_enough_by_themselves() -> None:
    assert evidence("一般公共预算\ue001\ue002财政拨款").garbled
    assert evidence("\x01\x02\x03\x04").garbled


def test_radicals_are_the_characters_that_they_stand_for() -> None:
    found = evidence("部⻔收⼊⽀出总表⽉⽇⼈⼤年度⼀般公共预算")
    assert found.radicals > 0
    assert not found.garbled


def test_little_text_is_no_evidence() -> None:
    assert not evidence("喆珺").garbled
    assert not evidence("").garbled


def test_figures_alone_are_neither_clean_nor_garbage() -> None:
    found = evidence("1,234.56 2,345.67 0.00 301 30101 99.9%")
    assert found.figures_only
    assert not found.garbled


def test_only_the_bad_font_of_a_page_is_named() -> None:
    assert garbled_fonts([("Song", PROSE), ("Hei", shifted(PROSE, 3))]) == {"Hei"}


def test_a_font_is_judged_by_all_its_runs() -> None:
    pieces = [shifted(PROSE, 3)[k : k + 5] for k in range(0, 40, 5)]
    assert not any(evidence(piece).garbled for piece in pieces)
    assert garbled_fonts(("Hei", piece) for piece in pieces) == {"Hei"}


def test_text_is_rebuilt_from_the_font_programs_own_mapping() -> None:
    glyphs = {ord(c): number for number, c in enumerate("收入支出总表", start=1)}
    mapping = by_glyph(glyphs, lambda code: glyphs[code])
    assert rebuilt([1, 2, 3, 4, 5, 6], mapping) == "收入支出总表"
    assert rebuilt([1, 2, 3, 4, 77, 78], mapping) is None


def test_a_rebuilt_text_that_is_garbage_again_is_refused() -> None:
    wrong = shifted(PROSE, 9)
    mapping = by_glyph({ord(c): ord(c) for c in set(wrong)}, lambda code: code)
    assert rebuilt([ord(c) for c in wrong], mapping) is None


def test_glyph_names_tell_characters() -> None:
    names = {1: "uni6536", 2: "u5165.alt", 3: "zero", 4: "g0042"}
    assert by_name(names, {"zero": "0"}) == {1: "收", 2: "入", 3: "0"}
