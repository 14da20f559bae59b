"""What a template left behind: choices that were not made, places that were not filled in, instructions, doubled marks and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import CHOICE, PROSE, Said
from gongkai.report import Figure, Form

_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸ×]{2,}(?![A-Za-z])|[×X](?=万元|年|%|人次|辆)|_{4,}|(?<!\d)20[12]?\s*年度"
)
_PUNCTUATION = re.compile(r"；\s*；|。\s*。(?!。)|，\s*，|、\s*、|，\s*：|：\s*，|；\s*。")
_BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]|_GoBack|错误[！!]未(?:找到|定义)[^。]{0,12}")
_INSTRUCTION = re.compile(
    r"[（(](?:如|若|请|按照?|根据|此处|无此|没有|不涉及)[^（）()]{0,60}"
    r"(?:填写|填列|填报|表述|删除|删去|自行(?:调整|修改|补充)|据实(?:说明|填写))[^（）()]{0,10}[）)。]"
)
_EMPTY_TABLE = re.compile(
    r"(?:本表|此表)(?:为|是)?(?:空表|空白表?|空)|(?:本表|此表)(?:无|没有)(?:相关)?(?:数据|数)"
)
_SHORTEST = 20
"""Shorter sentences may well be said twice in a section."""


def choice(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """增加（减少）, 大于（小于）: a choice of the template that was not made."""
    yield from _found(reading, CHOICE, "模板中的选择项没有选定")


def placeholder(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """XX, ××, ____, 202 年度: a place of the template that was not filled in."""
    yield from _found(reading, _PLACEHOLDER, "模板中的空位没有填写")


def instruction(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """（如持平作持平表述）: what the template tells the writer."""
    yield from _found(reading, _INSTRUCTION, "模板的填写说明没有删去")


def punctuation(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """；； and its like."""
    yield from _found(reading, _PUNCTUATION, "标点重复")


def bookmark(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Marks of the word processor that were printed."""
    yield from _found(reading, _BOOKMARK, "印出了文字处理软件的标记")


def doubled(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """A whole sentence that stands twice in one section."""
    if not reading.prose.sections:
        yield Applied(None, "not_applicable", "没有读到正文")
        return
    places: list[Said] = []
    for section in (each for each in reading.prose.sections if each.method != "ocr"):
        seen: set[str] = set()
        for sentence in re.finditer(r"[^。；\n]+", section.text):
            plain = re.sub(r"\s|^[（(]?\d+[）)、.．]", "", sentence[0])
            if len(plain) >= _SHORTEST and plain in seen:
                places.append(reading.quote(section, sentence.start(), sentence.end()))
            seen.add(plain)
    yield residue(places, "同一句话印了两遍")


def nil_note(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """A table whose note says that it is empty holds no amounts."""
    noted = False
    for form in (sheet.form for group in sheets.values() for sheet in group):
        note = next((note for note in form.notes if _EMPTY_TABLE.search(note)), None)
        if note is None:
            continue
        noted = True
        filled = [figure for figure in form.figures if figure.value]
        yield _contradicted(form, note, filled) if filled else Applied(None, "pass")
    if not noted:
        yield Applied(None, "not_applicable", "没有注明本表为空表的表")


def _contradicted(form: Form, note: str, filled: Sequence[Figure]) -> Applied:
    applied = Applied(None, "fail")
    applied.operands = [(figure, 1, form) for figure in filled[:3]]
    applied.split = len(applied.operands)
    shown = "、".join(f"“{figure.row_label or figure.col_label}”{figure.printed}" for figure in filled[:3])
    applied.message = (
        f"《{form.title}》（第{filled[0].source.page}页）注明“{note}”，表中却印有{shown}等{len(filled)}个数。"
    )
    if any(figure.grade != "sure" or figure.method in ("ocr", "model") for figure in filled[:3]):
        applied.verdict, applied.reason = "needs_review", "表中的数是识别得来的，请对照原表"
    return applied


def _found(reading: Reading, pattern: re.Pattern[str], what: str) -> Iterator[Applied]:
    if not reading.prose.sections:
        yield Applied(None, "not_applicable", "没有读到正文")
        return
    places = [
        reading.quote(section, found.start(), found.end(), around=(10, 6))
        for section in reading.prose.sections
        if section.kind != "glossary" and section.method != "ocr"
        for found in pattern.finditer(section.text)
    ]
    yield residue(places, what)


def residue(places: Sequence[Said], what: str) -> Applied:
    """One result for the report, with every place."""
    applied = Applied(None, "fail" if places else "pass")
    applied.operands = [(place, 1, PROSE) for place in places]
    applied.split = len(applied.operands)
    shown = "；".join(
        f"第{place.source.page}页“{place.row_label}”：“{place.printed[:40]}”" for place in places[:5]
    )
    applied.message = f"{what}（{len(places)}处）：{shown}。"
    return applied
