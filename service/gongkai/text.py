"""Printed Chinese text brought to one form, so that what is the same reads the same. Used by every module; keep it tiny."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Radicals that PDF fonts hand out instead of the ideograph and that NFKC leaves alone (it does map the Kangxi block).
_RADICALS = str.maketrans(
    "⺠⺩⺫⺬⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
    "民王目示肉虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
)
_NUMERALS = {han: value for value, han in enumerate("一二三四五六七八九", 1)}
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_QUOTES = re.compile("[“”„‟‘’‚‛\"'`´〝〞〟＂＇「」『』《》〈〉]")
_NUMBERING = re.compile(
    r"(?:[一二三四五六七八九十百]+[、.]|\([一二三四五六七八九十百]+\)、?|\(\d{1,2}\)[、.]?|\d{1,2}[、)]|\d{1,2}\.(?!\d)"
    r"|[加减]:|其中[:,、]?)"
)

_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | _RADICALS
# Characters that share one glyph in simplified fonts, so that a PDF may hand out the wrong one of the two.
_KANGXI |= {0x2F3E: "户", ord("戶"): "户", ord("㬵"): "胶"}


def ideographs(text: str) -> str:
    """``text`` with Kangxi and supplementary radicals made the characters that the page shows (⼀ is 一, ⻔ is 门); nothing else changes."""
    return text if text.isascii() else text.translate(_KANGXI)


_VARIANTS = str.maketrans(
    "決財収項單門務員業預經費維護車購與國資產債營關機構險醫療衛類總計額貨轉結餘撥農環節鄉區應災儲質氣術學體會議訓場設備對個離獎補貼績標",
    "决财收项单门务员业预经费维护车购与国资产债营关机构险医疗卫类总计额货转结余拨农环节乡区应灾储质气术学体会议训场设备对个离奖补贴绩标",
)


def simplified(text: str) -> str:
    """``text`` as a recogniser read it, with traditional and Japanese forms of the field's words made simplified (決算 is 决算)."""
    return text if text.isascii() else text.translate(_VARIANTS)


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """NFKC with all white space (and invisible characters) removed: full-width forms become half-width, ``（`` becomes ``(``."""
    whole = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_RADICALS)
    # A lone accent decomposes into a space and a mark; the space gone, the mark joins the letter before it.
    return whole if whole.isascii() else unicodedata.normalize("NFKC", whole)


def strip_quotes(text: str) -> str:
    """``text`` without any kind of quotation mark: “三公”, "三公", ‘三公’ and 三公 are one."""
    return _QUOTES.sub("", text)


@lru_cache(maxsize=65536)
def strip_numbering(text: str) -> str:
    """Normalised ``text`` without the numbering before it: ``一、`` ``(一)`` ``1.`` ``1、`` ``(1)`` ``其中:``, repeated ones too.

    A label that is nothing but numbering stays as it is.
    """
    plain = normalise(text)
    while (found := _NUMBERING.match(plain)) and found.end() < len(plain):
        plain = plain[found.end() :]
    return plain


@lru_cache(maxsize=16384)
def is_common(character: str) -> bool:
    """Is it common in print: ASCII, any punctuation or symbol, full-width forms, one of the 3,755 characters of GB 2312 level 1?"""
    code = ord(character)
    if code == 0xFFFD:
        return False
    if 32 <= code < 127 or 0xFF00 <= code <= 0xFFEF or unicodedata.category(character)[0] in "PSZ":
        return True
    try:
        row = character.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return False
    return 1 <= row <= 3 or 16 <= row <= 55


def numeral(han: str) -> int:
    """``十四`` → 14, below a hundred; 0 for what is no number."""
    tens, ten, ones = han.rpartition("十")
    if not ten:
        return _NUMERALS.get(han, 0)
    return _NUMERALS.get(tens[-1:], 1) * 10 + _NUMERALS.get(ones, 0)
