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
