"""Errors in the prose. Each function spoils one thing and returns what tells it: alternatives of printed tokens, [] if it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from gongkai_eval.synthetic import account as accounts
from gongkai_eval.synthetic.desk import AMOUNT, Desk, number, reprint

Tells = list[tuple[str, ...]]

_CHANGED = ("total_overview", "fiscal_overview", "gpb_overall", "operating_cost")
_CHANGE = rf"(增加|减少)({AMOUNT})万?元，(?:增长|下降|减少|降低)([\d.]+)%"


def _put(desk: Desk, kind: str, pattern: str, other: Callable[[str], str | None]) -> Tells:
    """Group 1 of the pattern written otherwise; what is written tells it."""
    if not desk.swap(kind, pattern, lambda match: other(match[1])):
        return []
    return _everywhere(desk, kind, pattern)


def _everywhere(desk: Desk, kind: str, pattern: str) -> Tells:
    """The number that the last edit put in."""
    edit = desk.edits[-1]
    new = set(re.findall(pattern, edit.after)) - set(re.findall(pattern, edit.before))
    return [(each if isinstance(each, str) else each[0],) for each in new]


def _amount(kind: str, pattern: str, desk: Desk) -> Tells:
    return _put(desk, kind, pattern.replace("AMOUNT", AMOUNT), desk.off)


def prose_total(desk: Desk) -> Tells:
    return _both(desk, "total_overview", rf"总计(?:均为)?({AMOUNT})")


def prose_fiscal(desk: Desk) -> Tells:
    return _both(desk, "fiscal_overview", rf"总计(?:均为)?({AMOUNT})")


def _both(desk: Desk, kind: str, pattern: str) -> Tells:
    """An amount that may stand twice in its sentence, wrong in both places."""
    for at in desk.lines(kind):
        line = desk.draft.text[at]
        found = re.search(pattern, line)
        wrong = desk.off(found[1]) if found else None
        if found and wrong:
            again = found[0].replace(found[1], wrong)
            desk.say(kind, at, line.replace(found[0], again))
            return [(wrong,)]
    return []


def item_name(desk: Desk) -> Tells:
    names = {
        match[1]
        for at in desk.lines("gpb_detail")
        for match in re.finditer(r"（款）(.+?)（项）", desk.draft.text[at])
    }

    def other(match: re.Match[str]) -> str:
        return desk.random.choice(sorted(names - {match[1]}))

    found = desk.swap("gpb_detail", r"（款）(.+?)（项）", other)
    if not found:
        return []
    at = desk.draft.text.index(desk.edits[-1].after)
    following = desk.draft.text[at] + desk.draft.text[at + 1]
    amounts = re.search(rf"年初预算为?({AMOUNT}).*?支出决算为?({AMOUNT})", following)
    return [(amounts[1],), (amounts[2],)] if amounts else []


def class_name(desk: Desk) -> Tells:
    pattern = rf"([\u4e00-\u9fa5]+支出)（类）(?=({AMOUNT}))"
    used = {
        match[1] for at in desk.lines("gpb_structure") for match in re.finditer(pattern, desk.draft.text[at])
    }
    free = sorted(set(accounts.classifications()["classes"].values()) - used)
    found = desk.swap("gpb_structure", pattern, lambda match: desk.random.choice(free))
    return [(found[2],), (_written(desk, pattern),)] if found else []


def _written(desk: Desk, pattern: str) -> str:
    edit = desk.edits[-1]
    (new,) = {match[1] for match in re.finditer(pattern, edit.after)} - {
        match[1] for match in re.finditer(pattern, edit.before)
    }
    return str(new)


def wrong_share(desk: Desk) -> Tells:
    kind = desk.random.choice(("income", "expenditure", "gpb_structure"))
    return _put(desk, kind, r"占比?([\d.]+)%", desk.rate)


def wrong_growth(desk: Desk) -> Tells:
    return _put(desk, desk.random.choice(_CHANGED), r"(?:增长|下降|减少|降低)([\d.]+)%", desk.rate)


def wrong_completion(desk: Desk) -> Tells:
    kind = desk.random.choice(("gpb_detail", "sangong_overall"))
    return _put(desk, kind, r"完成(?:年初|全年)?预算的([\d.]+)%", desk.rate)


def direction_word(desk: Desk) -> Tells:
    flipped = {"大于": "小于", "小于": "大于"}
    pattern = rf"支出决算数?为?({AMOUNT})[^。]*?决算数(大于|小于)"
    for kind in desk.random.sample(("gpb_detail", "sangong_overall"), 2):
        found = desk.swap(kind, r"决算数(大于|小于)", lambda match: flipped[match[1]])
        if found:
            near = re.search(pattern, desk.edits[-1].before[: found.end(1)])
            return [(near[1],)] if near else []
    return []


def direction_mismatch(desk: Desk) -> Tells:
    flipped = {"增加": "减少", "减少": "增加"}
    found = desk.swap(desk.random.choice(_CHANGED), _CHANGE, lambda match: flipped[match[1]])
    return [(found[2],), (found[3],), *_reason(desk)] if found else []


def _reason(desk: Desk) -> Tells:
    """The reason of the sentence that was spoilt: words that do not go with it any more tell it too."""
    return [(reason,) for reason in re.findall("主要(?:是因为|原因是|原因：)(.+?)。", desk.edits[-1].after)]


def lost_minus(desk: Desk) -> Tells:
    pattern = rf"(减少{AMOUNT}万?元，(?:下降|减少|降低)[\d.]+%)"

    def other(match: re.Match[str]) -> str:
        return re.sub("下降|减少|降低", "增长", match[1]).replace("增长", "增加", 1)

    for kind in desk.random.sample(_CHANGED, len(_CHANGED)):
        found = desk.swap(kind, pattern, other)
        if found:
            return [*((each,) for each in re.findall(r"\d[\d,.]*\d", found[1])), *_reason(desk)]
    return []


def procurement_sum(desk: Desk) -> Tells:
    return _amount("procurement", "支出总额(AMOUNT)", desk)


def sme_denominator(desk: Desk) -> Tells:
    pattern = rf"支出总额({AMOUNT}).*?中小企业合同金额({AMOUNT}).*?小微企业合同金额({AMOUNT}).*?，占(.+?)的([\d.]+)%"
    for at in desk.lines("procurement"):
        found = re.search(pattern, desk.draft.text[at])
        if found:
            whole = number(found[2] if "总额" in found[4] else found[1])
            part = number(found[3])
            wrong = reprint(found[5], part / whole * 100) if part and whole else found[5]
            if wrong == found[5]:
                return []
            line = desk.draft.text[at]
            desk.say("procurement", at, line[: found.start(5)] + wrong + line[found.end(5) :])
            return [(wrong,)]
    return []


def vehicle_count(desk: Desk) -> Tells:
    def other(match: re.Match[str]) -> str:
        return str(int(match[1]) + desk.random.randint(2, 9))

    found = desk.swap("state_assets", r"共有车辆(\d+)辆", other)
    return (
        [(other_count, "车辆") for other_count in re.findall(r"共有车辆(\d+)辆", desk.edits[-1].after)]
        if found
        else []
    )


def unit_error(desk: Desk) -> Tells:
    kind = desk.random.choice(
        ("total_overview", "fiscal_overview", "gpb_overall", "gpb_basic", "operating_cost")
    )
    flipped = {"万元": "元", "元": "万元"}
    found = desk.swap(kind, r"(?<=\d)(万?元)", lambda match: flipped[match[1]])
    if not found:
        return []
    before = re.findall(r"\d[\d,.]*$", found.string[: found.start()])
    return [(each,) for each in before]


def nil_statement(desk: Desk) -> Tells:
    for at in desk.lines("gov_fund"):
        if re.search(AMOUNT, desk.draft.text[at]):
            desk.say("gov_fund", at, "本单位没有政府性基金收入，也没有使用政府性基金安排的支出。")
            return [("政府性基金",)]
    return []


def template_choice(desk: Desk) -> Tells:
    kind = desk.random.choice(_CHANGED)
    options = {"增加": "增加（减少）", "减少": "增加（减少）"}
    found = desk.swap(kind, rf"(增加|减少)(?={AMOUNT})", lambda match: options[match[1]])
    return [("增加（减少）",), *_reason(desk)] if found else []


def placeholder(desk: Desk) -> Tells:
    kind = desk.random.choice(_CHANGED)
    found = desk.swap(kind, r"主要(?:是因为|原因是|原因：)(.+?)。", lambda match: "XX")
    return [("XX",)] if found else []


def duplicate_sentence(desk: Desk) -> Tells:
    kind = desk.random.choice(("state_assets", "procurement", "performance"))
    at = next(desk.lines(kind))
    sentences = re.findall(r"[^。]+。", desk.draft.text[at])
    chosen = desk.random.choice(sentences)
    desk.say(kind, at, desk.draft.text[at].replace(chosen, chosen * 2, 1))
    return [(chosen[:12],)]


def stale_year(desk: Desk) -> Tells:
    year = int(desk.draft.source["fiscal_year"])
    for kind in desk.random.sample(
        ("gpb_structure", "procurement", "state_assets", "gpb_overall", "total_overview"), 5
    ):
        found = desk.swap(kind, rf"({year})年", lambda match: str(year - 1))
        if found:
            return [(str(year - 1),)]
    return []


def other_department(desk: Desk) -> Tells:
    entity = str(desk.draft.source["entity"])
    names = [body["name"] for body in accounts.words()["body"] if not entity.endswith(body["name"])]
    wrong = entity[:3] + desk.random.choice(names)
    for kind in desk.random.sample(
        ("total_overview", "fiscal_overview", "gpb_overall", "state_assets", "organisation"), 5
    ):
        if desk.swap(kind, f"({entity})", lambda match: wrong):
            return [(wrong,)]
    return []


def stale_paragraph(desk: Desk) -> Tells:
    """All amounts of the section become smaller by one rate, its year the year before: shares and sums still hold."""
    year = int(desk.draft.source["fiscal_year"])
    kind = desk.random.choice(("procurement", "gpb_structure", "gpb_basic", "fiscal_overview"))
    factor = Decimal(desk.random.randint(70, 95)) / 100
    amounts: Tells = []

    def smaller(match: re.Match[str]) -> str:
        old = reprint(match[0], (number(match[0]) or Decimal(0)) * factor)
        amounts.append((old,))
        return old

    for at in list(desk.lines(kind)):
        line = re.sub(AMOUNT, smaller, desk.draft.text[at])
        desk.say(
            kind, at, line.replace(f"{year - 1}年", f"{year - 2}年").replace(f"{year}年", f"{year - 1}年")
        )
    return [*amounts, (str(year - 1),)]


KINDS: dict[str, Callable[[Desk], Tells]] = {
    "prose_income": partial(_amount, "income", "收入合计(AMOUNT)"),
    "prose_kind": partial(_amount, "expenditure", "基本支出(AMOUNT)"),
    "prose_class": partial(_amount, "gpb_structure", "（类）(AMOUNT)"),
    "prose_item": partial(_amount, "gpb_detail", "支出决算为?(AMOUNT)"),
    "prose_personnel": partial(_amount, "gpb_basic", "人员经费(AMOUNT)"),
    "prose_economic": partial(_amount, "gpb_basic", r"[费贴金资出奖置][^，：；、\d]{0,2}(?<!员经费)(?<!公用经费)(?<!基本支出)(AMOUNT)"),
    "sangong_sum": partial(_amount, "sangong_overall", "“三公”经费.*?支出决算为(AMOUNT)"),
    "sangong_item": partial(_amount, "sangong_overall", "公务接待费支出预算.*?支出决算为(AMOUNT)"),
    "coverage": partial(_amount, "performance", "个，资金(AMOUNT)"),
} | {
    each.__name__: each
    for each in (
        prose_total, prose_fiscal, item_name, class_name, wrong_share, wrong_growth, wrong_completion, direction_word,
        direction_mismatch, lost_minus, procurement_sum, sme_denominator, vehicle_count, unit_error, nil_statement,
        template_choice, placeholder, duplicate_sentence, stale_year, other_department, stale_paragraph,
    )
}  # fmt: skip
