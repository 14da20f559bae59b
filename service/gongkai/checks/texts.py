"""Checks of the words: directions and statements against the numbers, titles, what is promised to be attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets, judged
from gongkai.checks.residue import residue
from gongkai.checks.said import CHOICE, PROSE, Prose, Said, Spoken, quoted
from gongkai.checks.sheet import amount, quantum
from gongkai.checks.statements import doubt
from gongkai.checks.tolerance import ZERO
from gongkai.report import Section

_FLAT = re.compile("^(?:与上年(?:数|度)?)?(?:基本)?(?:持平|一致|相同)$")
_REFERS = re.compile(r"(?:详?见|参见)附件")
_UP, _DOWN = re.compile("大于|高于|超过|多于"), re.compile("小于|低于|少于")
_LEVEL = re.compile("持平|一致|相同|相等|等于")
_REASON = re.compile(r"(?:经费|支出|费用|预算|资金|补助|拨款)(增加|减少)$")
_OPPOSITE = {
    "增加": ("减少",), "增长": ("减少",), "上升": ("减少",), "减少": ("增加",), "下降": ("增加",), "降低": ("增加",)
}  # fmt: skip


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
        yield judged([actual, budget], bool(wrong), message)
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
        by = each.said("change") or each.said("rate")
        assert by is not None
        message = f"正文（第{reason.source.page}页）“{each.name}”说{way.printed}（{by.quote}），所说的原因却是“{reason.printed[:60]}”，方向相反。"
        yield judged([by, way, reason], against, message)
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


# -------------------------------------------------------------------- titles


def titles(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """No two sections side by side bear one title."""
    places: list[Section] = []
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
            places += [first, section]
    if known:
        yield residue([quoted(each, each.title) for each in places], "两节用了同一标题")
    else:
        yield Applied(None, "not_applicable", "没有读到正文")


def _tail(identity: str) -> str:
    return identity.partition(":")[2]


def flat(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """What is as much as last year is no more than all that there was last year."""
    before = _last_year(reading.prose)
    if before is None:
        yield Applied(None, "not_applicable", "正文没有说明收支总计的增减")
        return
    total, cells = before
    spoken = False
    for each in reading.prose.spoken:
        now, way = each.said("amount"), each.said("direction")
        if way is None or not _FLAT.match(way.printed) or "预算" in each.word("base"):
            continue
        now = now or _owner(reading.prose, each)
        if now is None or now.yuan is None or each.fact.startswith(("performance.", "budget.")):
            continue
        spoken = True
        message = (
            f"正文（第{way.source.page}页）“{each.name}”为{now.printed}，说与上年{way.printed}；但按“{cells[0].row_label}”"
            f"{cells[0].printed}、{cells[1].quote}推算，上年全部只有{_yuan(total)}。"
        )
        yield judged([now, way, *cells], amount(now) > max(total, ZERO) + quantum(cells[0]), message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有说与上年持平的数额")


def _owner(prose: Prose, each: Spoken) -> Said | None:
    """The amount whose change the mention tells, before it in its section."""
    fact = each.fact.replace(".change", ".total")
    found = prose.before(each, fact, "amount", within=True) if fact != each.fact else None
    return found.said("amount") if found is not None else None


def _last_year(prose: Prose) -> tuple[Decimal, list[Said]] | None:
    """Last year's total as the text implies it, and the amounts that imply it."""
    for change in prose.of("total.change", "change"):
        for slot in ("total", "income", "expenditure"):
            whole = prose.before(change, "total.income_expenditure", slot, within=True)
            if whole is not None and change.mention.grade == "sure":
                now, by = whole.said(slot), change.said("change")
                assert now is not None and by is not None
                return amount(now) - amount(by), [now, by]
    return None


def _yuan(value: Decimal) -> str:
    return f"{value:,.2f}元"


def annex(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """An annex to which the text refers is not said to be none."""
    sections = reading.prose.sections
    annexes = [each for each in sections if each.kind == "part_annex"]
    refers = [
        reading.quote(each, found.start(), found.end(), around=(16, 6))
        for each in sections
        if each.kind != "part_annex" and (found := _REFERS.search(each.text)) is not None
    ]
    if not annexes or not refers:
        yield Applied(None, "not_applicable", "正文没有提到附件，或没有附件一部分")
        return
    for each in annexes:
        empty = re.sub(r"[\s。]", "", each.text) in ("无", "没有", "无附件")
        said = quoted(each, each.text.strip() or each.title)
        message = f"正文（第{refers[0].source.page}页）说“{refers[0].printed}”，“{each.title}”（第{each.source.page}页）却为“{each.text.strip()}”。"
        yield judged([refers[0], said], empty, message)
