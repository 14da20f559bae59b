"""The 目录: its entries and how far it reaches, so that it stays out of the sections.

It begins at the heading 目录, or without one where a run of titles comes before the same titles in the body. It ends where its
first entry comes again, or where a line stands that can be no entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.layout.lines import Line
from gongkai.narrative.numbering import counted, numbered
from gongkai.text import normalise, strip_quotes

MAX_ENTRY = 80  # characters of a title, wrapped lines included
RUN = 4  # titles in a row, for a contents without its heading
_HEAD = re.compile(r"[(]?(?:.{0,40}(?:(?<!信息)公开|决算|预算|说明))?目[录次][)]?")
_COLUMN_HEADS = re.compile(
    r"(?:序号|编号)(?:报表名称|表格?名称|名称|内容|标题)(?:页码|页次|备注)*|页码|公开(?:时间|日期)[::]?\d.*"
)
_LEADER = re.compile(
    r"(?P<title>.*?)\s*(?:[.·…．‥⋯・_\-—]{2,}|…|(?:[.·]\s){2,})[\s.·…．‥⋯・_\-—]*(?P<page>[(（]?\d{1,3}[)）]?)?\s*$"
)
_PAGE = re.compile(r"(?P<title>.*[^\d\s.．、第])\s+(?P<page>\d{1,3})\s*$")
_ARABIC = re.compile(
    r"\s*[-–—•·]*\s*(?:表|附表)?\s*[（(]?(\d{1,2})[)）]?(?:\s*[.．](?:\s+|(?!\d)|(?=\d{4}年))|\s*[、:：]\s*|\s+)(\S.*)"
)
_TABLE = re.compile(r"\s*附?表\s*([一二三四五六七八九十]{1,3})\s*[、:：\s]\s*(\S.*)")
_SENTENCE = re.compile(r"[。；;]|[，,：:]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """``level`` 1 to 3 as of headings, 4 for ``1.``; ``page`` is the printed page number."""

    level: int
    number: str
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """``start`` and ``stop`` are the extent as indices of the lines; equal if there is no contents page."""

    entries: tuple[Entry, ...] = ()
    start: int = 0
    stop: int = 0

    def names(self, title: str) -> bool:
        """Is ``title`` that of an entry (white space, quotes and closing marks apart)?"""
        return plain_title(title) in {plain_title(entry.title) for entry in self.entries}


def plain_title(title: str) -> str:
    """A title for comparison: normalised, without quotes and closing marks."""
    return strip_quotes(normalise(title)).rstrip("。.:;,、")


def contents(lines: Sequence[Line]) -> Contents:
    """The contents of one document, from its lines in reading order (furniture and captions already gone)."""
    headed = next((i for i, line in enumerate(lines) if _HEAD.fullmatch(normalise(line.text))), None)
    if headed is not None:
        entries, stop = _read(lines, headed + 1)
        return Contents(tuple(entries), headed, stop)
    for start, line in enumerate(lines):
        if _SENTENCE.search(line.text):
            break
        if numbered(line.text):
            entries, stop = _read(lines, start)
            leaders = sum(entry.page is not None for entry in entries)
            if len(entries) >= RUN and (leaders >= RUN or _again(lines, entries[0], stop)):
                return Contents(tuple(entries), start, stop)
            break
    return Contents()


def _again(lines: Sequence[Line], first: Entry, stop: int) -> bool:
    return any(_is_same(first, line) for line in lines[stop : stop + 3])


def _is_same(entry: Entry, line: Line) -> bool:
    found = numbered(line.text)
    if not found or (found.level, counted(found.number)) != (entry.level, counted(entry.number)):
        return False
    return entry.level == 1 or plain_title(found.title) == plain_title(entry.title)


def _read(lines: Sequence[Line], start: int) -> tuple[list[Entry], int]:
    """Entries from ``start`` on, and the index of the first line that is none."""
    entries: list[Entry] = []
    edge = 0.0
    for index in range(start, len(lines)):
        line, before = lines[index], lines[index - 1]
        text, page = _without_page(line.text)
        if entries and _body_begins(entries, line, before):
            return entries, index
        entry = _entry(text, page)
        if entry is not None and not _SENTENCE.search(entry.title.rstrip("。. ")):
            entries.append(entry)
        elif _COLUMN_HEADS.fullmatch(normalise(line.text)):
            continue
        elif entries and _wrapped(entries[-1], text, line, before, edge):
            last = entries[-1]
            entries[-1] = Entry(
                last.level, last.number, last.title + text, page if last.page is None else last.page
            )
        elif _plain_entry(text, page, line, before, bool(entries)):
            entries.append(Entry(1 if text.startswith("附") else 2, "", text, page))
        else:
            return entries, index
        edge = max(edge, line.box[2])
    return entries, len(lines)


def _body_begins(entries: Sequence[Entry], line: Line, before: Line) -> bool:
    """The first entry comes again, pages of tables or a change of type lie between, or a large title opens the next page."""
    if line.page > before.page + 1 or not 0.6 < line.size / before.size < 1.6:
        return True
    if any(_is_same(entry, line) for entry in entries if entry.level == 1) or _is_same(entries[0], line):
        return True
    return line.page != before.page and line.size > 1.15 * before.size and not numbered(line.text)


def _without_page(text: str) -> tuple[str, int | None]:
    for pattern in (_LEADER, _PAGE):
        if found := pattern.fullmatch(text.strip()):
            page = re.sub(r"\D", "", found["page"] or "")
            return found["title"].strip(), int(page) if page else None
    return text.strip(), None


def _entry(text: str, page: int | None) -> Entry | None:
    if found := numbered(text):
        return Entry(found.level, found.number, found.title, page) if len(text) <= MAX_ENTRY else None
    if len(text) <= MAX_ENTRY and (table := _ARABIC.fullmatch(text) or _TABLE.fullmatch(text)):
        return Entry(4, table[1], table[2].strip(), page)
    return None


def _wrapped(last: Entry, text: str, line: Line, before: Line, edge: float) -> bool:
    """Is the line the rest of a title that did not fit? Such a title has no page number yet, and its line reached the ``edge``."""
    if last.page is not None or not text or _SENTENCE.search(text) or len(last.title + text) > MAX_ENTRY:
        return False
    near = line.page != before.page or line.box[1] - before.box[3] < 2.2 * line.size
    return near and (before.box[2] > edge - 3 * line.size or not last.title)


def _plain_entry(text: str, page: int | None, line: Line, before: Line, begun: bool) -> bool:
    """A title without number among the entries: one with a page number, or a short one on the same page."""
    if not 2 <= len(normalise(text)) <= MAX_ENTRY // 2 or _SENTENCE.search(text):
        return False
    return page is not None or (
        begun and line.page == before.page and abs(line.size - before.size) < 0.15 * before.size
    )
