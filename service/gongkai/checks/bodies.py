"""Whose names the report uses: slips of its own and its units' names, and another body's where its own should stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import PROSE, Said

_ALIKE = 0.85
_LONG = 8
"""Shorter names are too alike to tell a slip from another body."""
_END = "局|委员会|中心|办公室|办事处|人民政府|法院|检察院|学校|中学|小学|医院|管理处|大队|支队|总队|研究院|研究所|站"
_SUBJECT = re.compile(
    rf"(?:^|(?<=[。；\n])|(?<=12月31日[，,]))([\u4e00-\u9fff]{{5,30}}?(?:{_END}))"
    r"(?=共?有车辆|内设机构|20\d\d年度?(?:收|支|总收|财政拨款|一般公共预算|部门决算|“?三公|机关运行|政府采购))"
)
_NUMBERS = re.compile("[一二三四五六七八九十东西南北上下中前后新老]")


def names(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The report calls the body and its units by one name each; a name that another contains is a short form of it."""
    entity = reading.entity
    if entity is None or entity.name is None:
        yield Applied(None, "not_applicable", "没有读出单位名称")
        return
    own = plain(entity.name)
    members = {plain(each) for each in entity.members}
    others = [each for each in entity.names_as_printed if plain(each) not in own and own not in plain(each)]
    near = [each for each in others if plain(each) not in members and _alike(plain(each), own)]
    slips = dict(_slips(reading, {own, *members}))
    places = [said for each in near for said in _places(reading, each)] + [
        said for each in slips if each not in near for said in _places(reading, each)
    ]
    applied = Applied(None, "fail" if near or places else "pass")
    applied.operands = [(said, 1, PROSE) for said in places]
    applied.split = len(applied.operands)
    told = [f"“{entity.name}”又印作{'、'.join(f'“{each}”' for each in near)}"] if near else []
    told += [f"“{known}”又印作“{slip}”" for slip, known in slips.items() if slip not in near]
    applied.message = f"单位名称前后不一：{'；'.join(told)}。"
    yield applied


def others(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """A sentence on the account of the year speaks of the body or of one of its units."""
    entity, spoken = reading.entity, False
    if entity is None or entity.name is None:
        yield Applied(None, "not_applicable", "没有读出单位名称")
        return
    known = [plain(each) for each in (entity.name, *entity.names_as_printed, *entity.members)]
    for section in (each for each in reading.prose.sections if each.method != "ocr"):
        for found in _SUBJECT.finditer(section.text):
            spoken = True
            name = plain(found[1])
            if any(name in each or each in name or _alike(name, each) for each in known):
                continue
            said = reading.quote(section, found.start(1), found.end(1))
            applied = Applied(None, "fail")
            applied.operands, applied.split = [(said, 1, PROSE)], 1
            applied.message = (
                f"正文（第{said.source.page}页）“{section.title}”说的是“{found[1]}”，本报告的单位是“{entity.name}”，"
                "可能沿用了其他单位的文字。"
            )
            yield applied
    if spoken:
        yield Applied(None, "pass")
    else:
        yield Applied(None, "not_applicable", "正文没有以单位名称开头的收支说明")


def plain(name: str) -> str:
    """The name without white space, what stands in brackets and the Party's prefix."""
    return re.sub(r"\s|[（(][^）)]*[）)]|^中国?共(?:产党)?", "", name)


def _alike(name: str, own: str) -> bool:
    """Whether one name is a slip of the other, not that of another body."""
    return SequenceMatcher(None, name, own).ratio() >= _ALIKE


def _slips(reading: Reading, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What the prose prints of a known name with one character changed, and which name it is."""
    text = re.sub(r"\s", "", "\n".join(s.text for s in reading.prose.sections if s.method != "ocr"))
    right = {each for each in known if len(each) >= _LONG}
    for name in right:
        for at in range(len(name) // 2, len(name) - 1):
            before, after = name[:at], name[at + 1 :]
            for found in re.finditer(rf"{re.escape(before)}([\u4e00-\u9fff]){re.escape(after)}", text):
                slip = found[0]
                if slip not in right and not _NUMBERS.match(found[1]) and not _NUMBERS.match(name[at]):
                    yield slip, name


def _places(reading: Reading, name: str) -> list[Said]:
    pattern = re.compile(r"\s*".join(map(re.escape, name)))
    return [
        reading.quote(section, found.start(), found.end())
        for section in reading.prose.sections
        if (found := pattern.search(section.text)) is not None
    ]
