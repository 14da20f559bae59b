"""Whose report it is, of which year, budget or final account, of one unit or of a whole department: as the report says of itself.

The cover is asked first, then the captions of the tables, then headings and contents, never file names or PDF metadata. Placeholders
of a blank template (XX局, 20XX) are no answer. What cannot be decided is null, each time with an Issue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from gongkai.bodies import ENDING
from gongkai.narrative.scope import scope_of
from gongkai.report import Entity, Issue, Kind, Scope, Section
from gongkai.text import normalise, strip_quotes

ALIKE = 0.55  # SequenceMatcher ratio from which two names of one ending are forms of one name
_YEAR = re.compile(
    r"(?<!\d)(20\d{2})(?:年(?:度|初|部门|单位|区级|市级|省级)?(?!\d{1,2}月)|(?=(?:部门|单位)(?:预算|决算)))"
)
_HAN_YEAR = re.compile(r"[二][0〇○零Oo][一二三四五六七八九0〇○零Oo]{2}年(?!十?[一二三四五六七八九十]月)")
_LABEL = re.compile(
    r"(?:预算|决算)?(?:主管|编制|填报|公开|申报)?(?:部门|单位)(?:[(](?:部门|单位|公章|盖章)[)])?(?:名称)?(?:[(](?:公章|盖章)[)])?[::](.+)"
)
_NOT_TITLE = re.compile(
    r"印制|印发|^附件\d*[::]?$|日期|时间|联系|负责人|索引号|审查情况|审签|\d{4}年\d{1,2}月|^二[0〇○零Oo].{2}年.{1,2}月|^[(]?(?:公开|盖章)[)]?$|(?<!公开)目录"
)
_PLACEHOLDER = re.compile(r"[XxＸ×✕╳]{2,}|[*＊○_]{2,}|某[某部单市县区]|\.{3}|…|(?:部门|单位)名称")
_ACCOUNT = re.compile(
    r"(?:部门|单位|年度?|级|总|汇总|支出|收支|拨款|本级)(?:财政)?(预算|决算)(?!单位|主管|部门)|(预算|决算)(?:公开|报告|报表|说明|草案|情况)"
)
_DOCUMENT = re.compile(
    r"(?:[省市区县]级|本级)?(?:部门|单位)?(?:[(](?:部门|单位|本级|汇总)[)])?(?:整体|财政|收支)?(?:预算|决算)(?:编制)?(?:信息)?(?:公开)?(?:情况)?"
    r"(?:的)?(?:说明|报告|报表|文本|文件|资料|目录|表|书|草案)*(?:[(].*?[)])?|(?:部门|单位)?概况|(?:部门|单位)?(?:基本)?情况"
)
_BODY = re.compile(
    rf"[\u4e00-\u9fff·()、\da-zA-Z]{{2,40}}{ENDING}(?:本级|本部|机关)?(?:[(][^()]{{1,12}}[)])?"
)
_EDGES = "".join(sorted(set(":.,、-—年度的")))  # what a title leaves at the ends of a name
_BEFORE_NAME = re.compile(
    r"(?:中共|中国共产党)?(?!纳入|根据|按照|截[至止]|关于|反映|[经由对为与在从])(?:.{1,8}[省市区县州盟旗])*"
)
_REMARK = re.compile(
    r"[(](?:部门|单位|公章|盖章|汇总|部门汇总|本级)[)]|^附件\d*|(?<=.{4})(?:部门|单位|本级)$|^\d{6}(?=[\u4e00-\u9fff])"
)
_GENERIC = re.compile(r"(?:本|我|各|该)?(?:部门|单位|中心|局|机关)(?:[(](?:部门|单位)[)])?|省?财政[厅局]")
_PRINTER = re.compile(
    r".{0,3}财政[厅局]"
)  # who made the forms, unless the report says elsewhere that it is theirs
_LISTED = re.compile(
    r"[-–•·]?\s*(?:\d{1,2}\s*[.．、,]|[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、|[①-⑳])\s*(.+)"
)
_INNER = re.compile(r"^内设|内设机构[::包有]|科室")
_ANNOUNCED = re.compile(
    r"(?:纳入|编制范围|构成|(?:预算|决算|行政|参公|事业)单位|部门(?:预算|决算)(?:是)?包括).{0,40}(?:包括|如下|分别)"
)
_INCLUDES = re.compile(r"(?:包括|包含|如下)[::]?([^。;:]{6,300})[。;]?$")


@dataclass(frozen=True, slots=True)
class Identity:
    entity: Entity
    fiscal_year: int | None
    kind: Kind | None
    scope: Scope | None
    issues: tuple[Issue, ...]


def identify(
    covers: Sequence[Sequence[str]],
    captions: Sequence[tuple[str | None, str | None, str]],
    titles: Sequence[str],
    sections: Sequence[Section],
    tables: Sequence[Sequence[Sequence[str]]] = (),
) -> Identity:
    """``covers``: the cover's lines of each document; ``captions``: (entity, year, title) of each table; ``titles``: those of the
    contents; ``tables``: rows of cell texts, of tables of no statutory form, where the units of a department may be listed."""
    headings = [section.title for section in sections if section.level == 1] + list(titles)
    names = _names(covers, captions, headings)
    name = names[0] if names else None
    members = _members(sections, tables)
    year, kind = _fiscal_year(covers, captions, headings, sections), _kind(covers, captions, headings)
    scope = scope_of([normalise(line) for cover in covers for line in cover], name, members, sections)
    found = (("entity", name), ("fiscal_year", year), ("kind", kind), ("scope", scope))
    issues = tuple(
        Issue(kind=f"{what}_unknown", message=_MESSAGES[what]) for what, value in found if value is None
    )
    printed = tuple(_forms_of(name, names, sections)) if name else ()
    return Identity(Entity(name=name, names_as_printed=printed, members=members), year, kind, scope, issues)


_MESSAGES = {
    "entity": "未能确定编制单位：封面、表头和标题中没有可用的名称（可能仍是模板占位符）。",
    "fiscal_year": "未能确定年度：封面、表头和标题中没有明确的四位年份。",
    "kind": "未能确定是预算还是决算：封面、表名和标题中都没有写明。",
    "scope": "未能确定公开口径（单位本级还是部门汇总）：封面与单位构成中没有足够的依据。",
}


def _names(
    covers: Sequence[Sequence[str]],
    captions: Sequence[tuple[str | None, str | None, str]],
    headings: Sequence[str],
) -> list[str]:
    """Names of bodies by the weight of their place: cover, captions by frequency, headings."""
    covered: list[str] = []
    said: list[str] = []
    for cover in covers:
        lines = [normalise(line) for line in cover]
        labelled = [match[1] for line in lines if (match := _LABEL.fullmatch(line))]
        rest = [line for line in lines if not _LABEL.fullmatch(line) and not _NOT_TITLE.search(line)]
        covered += labelled + _pieces("".join(rest))
        said += labelled
    entities = Counter(normalise(entity) for entity, _, _ in captions if entity)
    said += [entity for entity, _ in entities.most_common()]
    for title in [*headings, *(title for _, _, title in captions)]:
        said += _pieces(normalise(title))
    theirs = _bodies(said)
    names = dict.fromkeys([*_bodies(covered), *theirs])
    return sorted(names, key=lambda name: bool(_PRINTER.fullmatch(name)) and name not in theirs)


def _bodies(texts: Iterable[str]) -> list[str]:
    return [clean for text in texts if (clean := _body(text))]


def _pieces(title: str) -> list[str]:
    """What is left of a title without year and 部门决算, 部门概况 and the like."""
    if not _DOCUMENT.search(title):
        return []
    return [
        piece for piece in _DOCUMENT.sub("|", _YEAR.sub("|", _HAN_YEAR.sub("|", title))).split("|") if piece
    ]


def _body(text: str) -> str | None:
    """A body's name without remarks; None for placeholders, generic words and what does not end like one."""
    plain = _REMARK.sub("", strip_quotes(normalise(text))).removeprefix("关于").strip(_EDGES)
    if (
        _PLACEHOLDER.search(plain)
        or not _BODY.fullmatch(plain)
        or _GENERIC.fullmatch(plain)
        or len(plain) < 4
    ):
        return None
    return plain


def _forms_of(name: str, names: Sequence[str], sections: Sequence[Section]) -> list[str]:
    """``name`` first, then its other printed forms: in titles and captions, and where paragraphs begin with a name and a year."""
    candidates = list(names)
    for section in sections:
        for paragraph in section.text.split("\n"):
            start = re.match(r"([^,。;::、\d()]{4,30}?)(?:部门|单位)?\d{4}年", normalise(paragraph))
            if start and (clean := _body(start[1])):
                candidates.append(clean)
    same = [other for other in candidates if other[-1] == name[-1] and _alike(name, other)]
    return list(dict.fromkeys([name, *same]))


def _alike(name: str, other: str) -> bool:
    if other.endswith(name):
        return bool(_BEFORE_NAME.fullmatch(other.removesuffix(name)))
    return other in name or SequenceMatcher(None, name, other, autojunk=False).ratio() >= ALIKE


def _fiscal_year(
    covers: Sequence[Sequence[str]],
    captions: Sequence[tuple[str | None, str | None, str]],
    headings: Sequence[str],
    sections: Sequence[Section],
) -> int | None:
    """The first place that names a year; within one place the most frequent. Prose counts only with the year it begins with."""
    places = (
        ["".join(normalise(line) for line in cover if not re.search(r"日期|时间", line)) for cover in covers],
        [year if "年" in year else year + "年" for _, year, _ in captions if year],
        [*headings, *(title for _, _, title in captions)],
        [
            section.text[:12]
            for section in sections
            if section.kind in ("total_overview", "income", "fiscal_overview")
        ],
    )
    for place in places:
        years = Counter(year for text in place if (year := _year(text)) is not None)
        if years:
            return max(years, key=lambda year: (years[year], year))
    return None


def _year(text: str) -> int | None:
    plain = normalise(text)
    if found := _YEAR.search(plain):
        return int(found[1])
    if found := _HAN_YEAR.search(plain):
        return int(
            "".join(str("〇一二三四五六七八九".find(re.sub("[0○零Oo]", "〇", han))) for han in found[0][:4])
        )
    return None


def _kind(
    covers: Sequence[Sequence[str]],
    captions: Sequence[tuple[str | None, str | None, str]],
    headings: Sequence[str],
) -> Kind | None:
    """决算 names a final account wherever it stands: its tables speak of 预算 too (一般公共预算财政拨款支出决算表)."""
    covered = ["".join(normalise(line) for line in cover) for cover in covers]
    for place in (
        covered,
        [normalise(title) for _, _, title in captions],
        [normalise(title) for title in headings],
    ):
        final = sum("决算" in text for text in place)
        budget = sum(bool(_ACCOUNT.search(text)) and "决算" not in text for text in place)
        if final or budget:
            return "final_account" if final >= budget else "budget"
    return None


def _members(sections: Sequence[Section], tables: Sequence[Sequence[Sequence[str]]]) -> tuple[str, ...]:
    """The units that the section on reporting units (or organisation) lists, or a table headed 单位名称 does."""
    found: list[str] = []
    for section in sections:
        if section.kind in ("reporting_units", "organisation"):
            found += _listed(section.text, section.kind == "reporting_units")
    for rows in tables:
        found += _column_of_units(rows)
    printed = (re.sub(r"\s+|[;；,，。].*$", "", text) for text in found)
    return tuple(dict.fromkeys(text for text in printed if _body(text) and not text.startswith("不")))


def _listed(text: str, all_of_it: bool) -> Iterable[str]:
    """Items of a list that is announced as one of units, and the units that such a sentence itself names."""
    announced = all_of_it
    for paragraph in text.split("\n"):
        item = _LISTED.fullmatch(paragraph.strip())
        if item and announced and not _INNER.search(normalise(item[1])):
            yield item[1]
            continue
        for sentence in normalise(paragraph).split("。"):
            if _ANNOUNCED.search(sentence) and not _INNER.search(sentence):
                announced = True
                if run := _INCLUDES.search(sentence):
                    yield from (
                        part for part in re.split(r"[、,;]|以及|和(?=.{4,}$)", run[1]) if len(part) <= 30
                    )


def _column_of_units(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    if len(rows) < 2:
        return
    for column, head in enumerate(rows[0]):
        if re.fullmatch(r"(?:预算|决算|所属|下属)?单位(?:名称)?", normalise(head)):
            yield from (row[column] for row in rows[1:] if column < len(row))
            return
