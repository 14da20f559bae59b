"""What stands around a table and belongs to it: title, 公开NN表, unit, body, year above it, 注 below it.

Caption parts are told apart by what they say, not by where they stand: departments print them above, to the right, inside the
first ruled row, or broken over lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.layout.lines import Line
from gongkai.report import Box
from gongkai.text import normalise

_NUMBER = re.compile(
    r"(?:财决)?(?:预算)?公开(?:表)?\d+(?:-\d+)?表?|(?:附表|^表)\d+(?:-\d+)?(?=$|金额|单位)|预算\d+(?:-\d+)?表|财公?预\d+(?:-\d+)?表"
)
_UNIT = re.compile(
    r"[(]?(?:金额|计量|货币)?单位[:：]?(?:人民币)?(亿元|百万元|万元|千元|元)(?:[(][^)]*[)])?(?:、[^:：]{0,8})?[)]?"
)
_ENTITY = re.compile(
    r"^(?:填报|编制|公开|预算|决算|主管|填表|汇总)?(?:部门|单位)(?:[(](?:部门|单位)[)])?(?:名称)?(?:[(][^)]*[)])?[:：](.*?)(\d{4}年度?)?$"
)
_YEAR = re.compile(r"^[(]?(?:预算|决算)?(?:年度[:：])?(\d{4})年?度?[)]?$")
_CHROME = re.compile(
    r"^(?:填报|编制|制表)?(?:日期|时间)[:：].*$|^(?:编制|制表|审核|负责)人?[:：].*$|^[(]?续表?[)]?$|^年?度$"
)
_DATED = re.compile(r"(?:填报|编制|制表|填表)(?:日期|时间)[:：]\s*(\d{4}\s*[年./-][\d\s年月日./-]*)")
_TITLE_END = re.compile(r"表(?:[(][^)]*[)])?(?:[(]?续表?\d*[)]?)?\d*$")
_SENTENCE = re.compile(r"[。;；]|[,，:：]$")
_NOTE = re.compile(r"^[(]?(?:注|说明|备注|附注|※|\*)")
_ITEM = re.compile(r"^(?:(?:注|说明|备注|附注)[:：]?)?(\d+)[.、．](?!\d)")
_NIL_NOTE = re.compile(
    r"^(?:本(?:单位|部门|表|年度|年|级)|\d{4}年度?|我(?:单位|部门|局)).*(?:无|没有|未安排|空表|不存在)"
)
PART = re.compile(r"^第[一二三四五六七八九十]+部[分份]")  # heads a part of the report, never one table
_TITLE_NUMBER = re.compile(r"^\s*(?:[一二三四五六七八九十]+\s*、|[（(][一二三四五六七八九十]+[)）])\s*")
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)])"
)
_BROKEN = re.compile(
    r"公开\d*$|(?:金额|计量)?单位[:：]?(?:人民?币?)?[百千万亿]*$|^(?:编制)?(?:部门|单位)(?:名称)?[:：].{2,}$"
)
MAX_LINES = 12  # lines looked at above a table: captions are never longer
MAX_TITLE = 60
UNITS = {"元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元"}


@dataclass(frozen=True, slots=True)
class Dated:
    """The date on which a table says that it was filled in, as printed, and the place of its line."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Caption:
    """``unit`` is as printed (元, 千元, 万元, 亿元) or None; ``title`` keeps the printed words without white space at the ends."""

    title: str = ""
    printed_number: str | None = None
    unit: str | None = None
    entity: str | None = None
    year: str | None = None
    dated: Dated | None = None

    def merged(self, other: Caption) -> Caption:
        """This caption, with what it lacks taken from ``other``."""
        return Caption(
            self.title or other.title,
            self.printed_number or other.printed_number,
            self.unit or other.unit,
            self.entity or other.entity,
            self.year or other.year,
            self.dated or other.dated,
        )


def dated(text: str, page: int, box: Box) -> Caption:
    """A caption of the date of filling in that ``text`` prints, an empty one if it prints none."""
    found = _DATED.search(text)
    return Caption(dated=Dated(found[1].strip(), page, box)) if found else Caption()


def parse(text: str) -> tuple[Caption, str]:
    """Caption parts found in one piece of text, and the words that are left over (the title, or prose)."""
    rest = normalise(text)
    number = unit = entity = year = None
    if found := _UNIT.search(rest):
        unit = UNITS.get(found[1])
        rest = rest[: found.start()] + rest[found.end() :]
    if found := _NUMBER.search(rest):
        number = found[0]
        rest = rest[: found.start()] + rest[found.end() :]
    if found := _ENTITY.match(rest):
        entity, year, rest = found[1] or None, found[2], ""
    elif found := _YEAR.match(rest):
        year, rest = rest, ""
    elif _CHROME.match(rest):
        rest = ""
    return Caption("", number, unit, entity, year), rest


def title_in(lines: Sequence[Line]) -> tuple[Caption, int, list[Line]]:
    """The caption that ends a page whose table begins on the next one; an empty one unless its title is surely a table's."""
    caption, start, headings = above(lines, 0.0, 0.0)
    return (caption, start, headings) if is_title(caption.title) else (Caption(), len(lines), [])


def is_title(text: str) -> bool:
    """Does this line by itself read as the name of a table?"""
    plain = normalise(text)
    return bool(_TITLE_END.search(plain)) and len(plain) <= MAX_TITLE and not _SENTENCE.search(plain)


def above(lines: Sequence[Line], left: float, right: float) -> tuple[Caption, int, list[Line]]:
    """The caption in the lines above a table (top to bottom), the index from which lines belong to it, and those of them that are
    headings too: a numbered title (一、收支预算总表) names its table and stands in the outline."""
    caption = Caption()
    index = len(lines)
    title_line: Line | None = None
    title: list[Line] = []
    texts = _healed(lines[-MAX_LINES:])
    while index > 0 and texts:
        line = lines[index - 1]
        found, rest = _line_parts(texts.pop())
        found = found.merged(dated(line.text, line.page, line.box))
        if not rest:
            caption = caption.merged(found)
        elif title_line is None and _may_be_title(line, rest, left, right, lines[: index - 1]):
            title_line = line
            title = [line]
            caption = replace(caption.merged(found), title=rest)
        elif title_line is not None and _wraps(line, rest, title_line):
            title_line = line
            title.insert(0, line)
            caption = replace(caption.merged(found), title=rest + caption.title)
        elif title_line is None and index == len(lines) and _stray(rest, lines[: index - 1]):
            caption = caption.merged(found)
        else:
            break
        index -= 1
    if title_line is None and not (caption.unit or caption.printed_number or caption.entity):
        return Caption(), len(lines), []
    if numbering := _TITLE_NUMBER.match(caption.title):
        return replace(caption, title=caption.title[numbering.end() :]), index, title
    return caption, index, []


def _healed(lines: Sequence[Line]) -> list[list[str]]:
    """The texts of each line's segments; a caption part broken over lines (公开06 / 表, 单位：万 / 元) stands whole on its first line."""
    segments = [line.segments for line in lines]
    texts = [[segment.text for segment in row] for row in segments]
    for i, row in enumerate(segments):
        for j, lower in enumerate(row):
            place = _broken_above(segments, texts, i, lower)
            if place is not None:
                texts[place[0]][place[1]] += texts[i][j]
                texts[i][j] = ""
    return texts


def _broken_above(
    segments: list[list[Line]], texts: list[list[str]], i: int, lower: Line
) -> tuple[int, int] | None:
    if len(lower.text) > 24 or parse(lower.text)[1] == "":
        return None
    for k in (i - 1, i - 2):
        for j, upper in enumerate(segments[k] if k >= 0 else ()):
            near = lower.box[1] - upper.box[3] < 0.8 * upper.size and abs(lower.size - upper.size) < 0.6
            beside = lower.box[0] > upper.box[0] - 3 and lower.box[2] < upper.box[2] + 3
            if near and beside and _BROKEN.search(normalise(texts[k][j])):
                return k, j
    return None


def _line_parts(texts: Sequence[str]) -> tuple[Caption, str]:
    """Caption parts of all segments of a line, and the words left over (as printed when nothing was taken out)."""
    whole, rest = parse(" ".join(texts))
    if not rest:
        return whole, ""
    caption = Caption()
    rests = []
    for text in texts:
        found, rest = parse(text)
        caption = caption.merged(found)
        if rest:
            rests.append(text.strip() if found == Caption() else rest)
    return caption, " ".join(rests)


def _may_be_title(line: Line, rest: str, left: float, right: float, before: Sequence[Line]) -> bool:
    plain = normalise(rest)
    if len(plain) > MAX_TITLE or _SENTENCE.search(plain) or PART.match(plain):
        return False
    if _TITLE_END.search(plain):
        return True
    if before and _stray(rest, before):
        return False
    middle = (line.box[0] + line.box[2]) / 2
    centred = abs(middle - (left + right) / 2) < 0.06 * (right - left) and line.box[2] - line.box[
        0
    ] < 0.75 * (right - left)
    return centred and not _NUMBERED.match(plain)


def _stray(rest: str, before: Sequence[Line]) -> bool:
    """A short line between a table and its title (a body's bare name, a broken 公开NN/表)."""
    return (
        bool(before)
        and len(rest) <= 30
        and not _SENTENCE.search(rest)
        and is_title(parse(before[-1].text)[1])
    )


def _wraps(line: Line, rest: str, below: Line) -> bool:
    """Is ``line`` the upper part of a title that goes on in the line below?"""
    plain = normalise(rest)
    if _SENTENCE.search(plain) or _TITLE_END.search(plain) or len(plain) > MAX_TITLE:
        return False
    if _NUMBERED.match(normalise(below.text)) or abs(line.size - below.size) > 0.6:
        return False
    if below.box[1] - line.box[3] > 1.2 * line.size:
        return False
    return not normalise(line.text).startswith("第") and line.box[2] - line.box[0] > 0.8 * (
        below.box[2] - below.box[0]
    )


def below(lines: Sequence[Line]) -> tuple[tuple[str, ...], int]:
    """The notes that begin right under a table, and how many lines they take."""
    notes: list[str] = []
    taken = 0
    for line in lines:
        plain = normalise(line.text)
        begins = bool(_NOTE.match(plain) or (_NIL_NOTE.match(plain) and len(plain) < 80))
        if not begins and (not notes or not _goes_on(lines[taken - 1], line, plain)):
            break
        _add(notes, line, begins)
        taken += 1
    return tuple(notes), taken


def carried_over(
    notes: Sequence[str], foot: Line | None, right: float, lines: Sequence[Line]
) -> tuple[tuple[str, ...], int]:
    """The notes of a table that ends the page before, with what of them opens the next one, and how many of its ``lines`` that takes.

    ``foot`` is the last line of ``notes`` on the page before, ``right`` the table's right side there.
    """
    found = list(notes)
    taken = 0
    for line in lines:
        plain = normalise(line.text)
        before = lines[taken - 1] if taken else foot
        begins = not found and bool(_NOTE.match(plain))
        if not begins and (before is None or not _carries_on(found, before, right, line, plain)):
            break
        _add(found, line, begins)
        taken += 1
    return tuple(found), taken


def _add(notes: list[str], line: Line, begins: bool) -> None:
    if begins or _ITEM.match(normalise(line.text)):
        notes.append(line.text)
    else:
        notes[-1] += line.text


def _carries_on(notes: Sequence[str], before: Line, right: float, line: Line, plain: str) -> bool:
    """Over the end of a page a note goes on with the next number, or in the middle of a sentence whose line was full."""
    if line.page == before.page:
        return _goes_on(before, line, plain)
    if _NUMBERED.match(plain) or is_title(plain) or abs(line.size - before.size) >= 0.6:
        return False
    if item := _ITEM.match(plain):
        numbers = [int(found[1]) for note in notes if (found := _ITEM.search(normalise(note)))]
        return int(item[1]) == (numbers[-1] + 1 if numbers else 1)
    return not _ends(before) and before.box[2] > right - 2 * before.size


def _goes_on(before: Line, line: Line, plain: str) -> bool:
    if _NUMBERED.match(plain) or is_title(plain) or not parse(plain)[1]:
        return False
    if line.page != before.page or line.box[1] - before.box[3] > 1.3 * before.size:
        return False
    return abs(line.size - before.size) < 0.6 and (bool(_ITEM.match(plain)) or not _ends(before))


def _ends(line: Line) -> bool:
    return normalise(line.text).endswith(("。", ".", "；"))
