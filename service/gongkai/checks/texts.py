"""Checks of the words: directions against the numbers, what a template left behind, titles, years and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import CHOICE, PROSE, Printed, Prose, quoted
from gongkai.checks.sheet import amount
from gongkai.checks.statements import doubt
from gongkai.report import Form, Section, Source

_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸ×]{2,}(?![A-Za-z])|[×X](?=万元|年|%|人次|辆)|_{4,}|(?<!\d)20[12]?\s*年度"
)
_PUNCTUATION = re.compile(r"；\s*；|。\s*。(?!。)|，\s*，|、\s*、|，\s*：|：\s*，|；\s*。")
_BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]|_GoBack|错误[！!]未(?:找到|定义)[^。]{0,12}")
_UP, _DOWN = re.compile("大于|高于|超过|多于"), re.compile("小于|低于|少于")
_LEVEL = re.compile("持平|一致|相同|相等|等于")
_REASON = re.compile(r"(?:经费|支出|费用|预算|资金|补助|拨款)(增加|减少)$")
_OPPOSITE = {
    "增加": ("减少",), "增长": ("减少",), "上升": ("减少",), "减少": ("增加",), "下降": ("增加",), "降低": ("增加",)
}  # fmt: skip
_YEAR = re.compile(r"(20\d\d)年")

Place = tuple[Section, str, Source]
"""A section, the words in it, and where they stand."""


# -------------------------------------------------------------------- words against numbers


def direction(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """决算数大于（小于、等于）预算数 agrees with the two numbers of the sentence, 增加（减少） with its reason."""
    spoken = False
    for each in reading.prose.spoken:
        word = each.word("budget_direction")
        if not word or not each.has("amount") or not each.has("budget") or CHOICE.search(word):
            continue
        spoken = True
        actual, budget = each.said("amount"), each.said("budget")
        assert actual is not None and budget is not None
        gap = amount(actual) - amount(budget)
        wrong = (
            (_UP.search(word) and gap <= 0)
            or (_DOWN.search(word) and gap >= 0)
            or (_LEVEL.search(word) and abs(gap) * 100 > abs(amount(budget)))
        )
        message = f"正文（第{actual.source.page}页）“{each.name}”决算{actual.printed}、预算{budget.printed}，文字却说决算数{word}预算数。"
        yield _judged([actual, budget], bool(wrong), message)
    for each in reading.prose.spoken:
        reason, way = each.said("reason"), each.said("direction")
        if reason is None or way is None or not (each.has("change") or each.has("rate")):
            continue
        spoken = True
        said = _REASON.search(reason.printed)
        one_way = said is not None and ("增" in reason.printed) != ("减" in reason.printed)
        against = (
            one_way
            and said is not None
            and said[1] in _OPPOSITE.get(way.printed, ())
            and "上年" not in reason.printed
        )
        message = f"正文（第{reason.source.page}页）“{each.name}”说{way.printed}，所说的原因却是“{reason.printed[:60]}”，方向相反。"
        yield _judged([way, reason], against, message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有比较决算数与预算数的文字")


def nil(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """无政府性基金（国有资本经营）预算支出 stands beside a table without amounts."""
    spoken = False
    for each in reading.prose.by_fact.get("nil.statement", ()):
        said = each.said("statement")
        for name, form in (("政府性基金", "government_fund"), ("国有资本经营", "state_capital")):
            text = each.name + each.word("statement")
            if said is None or name not in text or "结转" in text or "结余" in text:
                continue
            for sheet in (*sheets.get(form, ()), *sheets.get("budget_" + form, ())):
                spoken = True
                total = sheet.lines.get("total")
                columns = _columns(text)
                filled = (
                    [f for c, f in total.cells.items() if c in columns and f.value]
                    if total is not None
                    else []
                )
                applied = Applied(None, "pass")
                applied.operands = [(said, 1, PROSE), *((figure, 1, sheet.form) for figure in filled[:1])]
                applied.split = 1
                if filled:
                    applied.verdict, applied.reason = "fail", doubt(applied)
                    applied.verdict = "needs_review" if applied.reason else "fail"
                applied.message = (
                    f"正文（第{said.source.page}页）说“{said.printed}”，《{sheet.form.title}》"
                    f"（第{'、'.join(map(str, sheet.form.pages))}页）合计却印有{filled[0].printed if filled else ''}。"
                )
                yield applied
    if not spoken:
        yield Applied(
            None, "not_applicable", "正文没有说明政府性基金或国有资本经营预算没有收支，或没有相应的表"
        )


def _columns(text: str) -> frozenset[str]:
    """The columns that must be empty: those of what the statement speaks of."""
    income, expenditure = "收" in text, "支" in text
    both = income == expenditure
    return frozenset(
        (("income",) if income or both else ())
        + (("total", "basic", "project") if expenditure or both else ())
    )


# -------------------------------------------------------------------- what a template left


def choice(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """增加（减少）, 大于（小于）: a choice of the template that was not made."""
    yield from _found(reading.prose, CHOICE, "模板中的选择项没有选定")


def placeholder(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """XX, ××, ____, 202 年度: a place of the template that was not filled in."""
    yield from _found(reading.prose, _PLACEHOLDER, "模板中的空位没有填写")


def punctuation(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """；； and its like."""
    yield from _found(reading.prose, _PUNCTUATION, "标点重复")


def bookmark(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Marks of the word processor that were printed."""
    yield from _found(reading.prose, _BOOKMARK, "印出了文字处理软件的标记")


def doubled(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """A whole sentence that stands twice in one section."""
    if not reading.prose.sections:
        yield Applied(None, "not_applicable", "没有读到正文")
        return
    places: list[Place] = []
    for section in (each for each in reading.prose.sections if each.method == "native"):
        seen: set[str] = set()
        for sentence in re.finditer(r"[^。；\n]+", section.text):
            plain = re.sub(r"\s|^[（(]?\d+[）)、.．]", "", sentence[0])
            if len(plain) >= 20 and plain in seen:
                where = reading.prose.place(section, *sentence.span())
                places.append((section, sentence[0].strip(), where))
            seen.add(plain)
    yield _residue(places, "同一句话印了两遍")


def _found(prose: Prose, pattern: re.Pattern[str], what: str) -> Iterator[Applied]:
    if not prose.sections:
        yield Applied(None, "not_applicable", "没有读到正文")
        return
    places = [
        (section, _around(section.text, found), prose.place(section, *found.span()))
        for section in prose.sections
        if section.kind != "glossary" and section.method == "native"
        for found in pattern.finditer(section.text)
    ]
    yield _residue(places, what)


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 10) : found.end() + 6].replace("\n", " ")


def _residue(places: Sequence[Place], what: str) -> Applied:
    """One result for the report, with every place."""
    applied = Applied(None, "fail" if places else "pass")
    applied.operands = [(quoted(section, words, where), 1, PROSE) for section, words, where in places]
    applied.split = len(applied.operands)
    shown = "；".join(
        f"第{where.page}页“{section.title}”：“{words[:40]}”" for section, words, where in places[:5]
    )
    applied.message = f"{what}（{len(places)}处）：{shown}。"
    return applied


# -------------------------------------------------------------------- titles, years, names


def titles(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """No two sections side by side bear one title."""
    places: list[Place] = []
    seen: dict[tuple[str, str], Section] = {}
    known = [
        each
        for each in reading.prose.sections
        if each.level == 2 and "/part_narrative" in f"/{_tail(each.id)}"
    ]
    for section in known:
        above = section.id.rpartition("/")[0].partition("#")[0]
        first = seen.setdefault((above, re.sub(r"\s", "", section.title)), section)
        if first is not section:
            places += [(each, each.title, each.source) for each in (first, section)]
    if known:
        yield _residue(places, "两节用了同一标题")
    else:
        yield Applied(None, "not_applicable", "没有读到正文")


def _tail(identity: str) -> str:
    return identity.partition(":")[2]


def years(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """What is compared with is last year."""
    year, spoken = reading.fiscal_year, False
    for each in reading.prose.spoken:
        found = _YEAR.search(each.word("base"))
        said = each.said("base")
        if found is None or said is None or year is None or not each.has("change"):
            continue
        spoken = True
        message = f"正文（第{said.source.page}页）{year}年度的报告“{said.printed}”，比较的应是上一年度（{year - 1}年）。"
        yield _judged([said], int(found[1]) != year - 1, message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有写明与哪一年比较")


def names(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The report calls the body by one name; a name that another contains is a short form of it."""
    entity = reading.entity
    if entity is None or entity.name is None or len(entity.names_as_printed) < 2:
        yield Applied(None, "not_applicable", "单位名称只印了一种写法")
        return
    own = _plain(entity.name)
    others = [each for each in entity.names_as_printed if _plain(each) not in own and own not in _plain(each)]
    members = {_plain(each) for each in entity.members}
    near = [each for each in others if _plain(each) not in members and _alike(_plain(each), own)]
    applied = Applied(None, "fail" if near else "pass")
    applied.operands = [
        (quoted(section, each, _first(reading.prose, section, each)), 1, PROSE)
        for each in near
        for section in reading.prose.sections
        if each in re.sub(r"\s", "", section.text)
    ]
    applied.split = len(applied.operands)
    applied.message = f"单位名称前后不一：“{entity.name}”又印作{'、'.join(f'“{each}”' for each in near)}。"
    yield applied


def _first(prose: Prose, section: Section, words: str) -> Source:
    at = section.text.find(words)
    return prose.place(section, at, at + len(words)) if at >= 0 else section.source


def _alike(name: str, own: str) -> bool:
    """Whether one name is a slip of the other, not that of another body."""
    return SequenceMatcher(None, name, own).ratio() >= 0.85


def _plain(name: str) -> str:
    return re.sub(r"\s|^中国?共(?:产党)?", "", name)


def _judged(cells: Sequence[Printed], wrong: bool, message: str) -> Applied:
    applied = Applied(None, "fail" if wrong else "pass")
    listed: list[tuple[Printed, int, Form]] = [(cell, 1, PROSE) for cell in cells]
    applied.operands, applied.split, applied.message = listed, 1, message
    if wrong:
        applied.reason = doubt(applied)
        applied.verdict = "needs_review" if applied.reason else "fail"
    return applied
