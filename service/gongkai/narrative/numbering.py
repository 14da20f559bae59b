"""The numbering of headings: 第N部分 is level 1, 一、 level 2, （一） level 3."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.text import normalise, numeral

_HAN = "一二三四五六七八九十百"
_LEVELS = (
    (1, re.compile(rf"(第\s*[{_HAN}\d]{{1,4}}\s*(?:部\s*[分份]|章|篇))[:：、.\s]*")),
    (2, re.compile(rf"([{_HAN}]{{1,4}})\s*(?:、|[.．](?!\d))\s*")),
    (3, re.compile(rf"[（(]\s*([{_HAN}]{{1,4}})\s*[)）]\s*[、.．]?\s*")),
    (3, re.compile(rf"([{_HAN}]{{1,4}})[)）]\s*[、.．]?\s*")),
)
_DASH = re.compile(r"^\s*[-–—•·●■◆▪*]+\s*(?=[第（(一二三四五六七八九十\d])")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text with its number taken off. ``number`` as printed without its punctuation (``第一部分``, ``一``), ``value`` what it counts;
    ``marker`` tells ``（一）`` from ``一）``."""

    level: int
    number: str
    value: int
    title: str
    marker: str


def numbered(text: str) -> Numbered | None:
    """``一、部门职责`` → level 2, ``一``, 1, ``部门职责``; None without such a number. List dashes before it are skipped."""
    plain = _DASH.sub("", text.strip())
    if not plain or plain[0] not in "第（(一二三四五六七八九十百":
        return None
    for level, pattern in _LEVELS:
        if found := pattern.match(plain):
            marker = "(" if plain[0] in "(（" else str(level) if level < 3 else ")"
            return Numbered(
                level, normalise(found[1]), counted(found[1]), plain[found.end() :].strip(), marker
            )
    return None


def counted(number: str) -> int:
    """``十四`` → 14, ``第二部分`` → 2; 0 for what is no number."""
    plain = re.sub(r"[第部分份章篇]", "", normalise(number))
    return int(plain) if plain.isdigit() else numeral(plain)
