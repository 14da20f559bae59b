"""The tables that detail: basic expenditure by economic item, “三公”经费, and Shanxi's statistics."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai_eval.synthetic.account import GENERAL, classifications, words
from gongkai_eval.synthetic.sheet import Cells, Sheet


def basic(sheet: Sheet) -> Cells:
    """一般公共预算财政拨款基本支出决算明细表; in Shanxi with the project money beside it."""
    lanes: list[list[str]] = classifications()["lanes"][sheet.family]
    detail = sheet.family == "shanxi"
    amounts = ["金额", "其中：基本支出"] if detail else ["决算数"]
    keys = [amount.replace("：", ":") for amount in amounts]
    groups = [] if sheet.plain else ["人员经费", *["公用经费"] * (len(lanes) - 1)]
    first = [f"@{number}" for number, _ in enumerate(lanes, 1)]
    empty = [""] * len(lanes)
    for number, _ in enumerate(lanes, 1):
        prefix = "" if sheet.plain else f"{groups[number - 1]}/"
        first += ["", "", *(f"{number}|{prefix}{key}" for key in keys)]
    wide = 2 + len(amounts)
    lines = [first]
    if not sheet.plain:
        public = ["公用经费", *["<"] * (wide * (len(lanes) - 1) - 1)]
        lines.append([*empty, "人员经费", *["<"] * (wide - 1), *public])
    heads = ["经济分类科目编码" if sheet.plain else "科目编码", "科目名称", *amounts]
    lines.append([*empty, *heads * len(lanes)])
    for row in range(max(map(len, lanes))):
        codes = [lane[row] if row < len(lane) else "" for lane in lanes]
        cells = [cell for code in codes for cell in _economic(sheet, code, detail)]
        lines.append([*codes, *cells])
    lines.append(_basic_totals(sheet, len(lanes), detail))
    return lines


def _economic(sheet: Sheet, code: str, detail: bool) -> list[str]:
    if not code:
        return [""] * (4 if detail else 3)
    name = classifications()["economics"][code]
    basic = sum(amount for key, amount in sheet.account.economics.items() if key.startswith(code))
    project = sheet.account.sum(
        lambda item: item.project if item.economic.startswith(code) else 0, fund=GENERAL
    )
    return [code, name, *sheet.cells([basic + project, basic] if detail else [basic])]


def _basic_totals(sheet: Sheet, lanes: int, detail: bool) -> list[str]:
    account = sheet.account
    wide = 4 if detail else 3
    project = account.sum(lambda item: item.project, fund=GENERAL)
    people = sheet.cells([account.personnel] * (2 if detail else 1))
    public = sheet.cells([account.running + project, account.running] if detail else [account.running])
    merged = ["<"] * (wide * (lanes - 1) - len(public) - 1)
    keys = ["人员经费合计", *[""] * (lanes - 2), "公用经费合计"]
    return [*keys, "人员经费合计", "<", *people, "公用经费合计", *merged, *public]


def public(sheet: Sheet) -> Cells:
    """“三公”经费支出决算表; in Shanghai budget and account in turn."""
    public = sheet.account.public
    order = (
        public.total,
        public.abroad,
        public.vehicles,
        public.purchase,
        public.operation,
        public.reception,
    )
    budget, actual = [each.budget for each in order], [each.actual for each in order]
    if sheet.plain:
        return _interleaved(sheet, budget, actual)
    heads = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "<", "<", "公务接待费"]
    below = ["^", "^", "小计", "公务用车购置费", "公务用车运行维护费", "^"]
    numbers = [str(number) for number in range(1, 13)]
    return [
        ["@1", *(f"1|{number}" for number in numbers)],
        ["", "预算数", *["<"] * 5, "决算数", *["<"] * 5],
        ["", *heads, *heads],
        ["", *below, *below],
        ["", *numbers],
        ["data", *sheet.printed([*budget, *actual])],
    ]


def _interleaved(sheet: Sheet, budget: Sequence[int], actual: Sequence[int]) -> Cells:
    car = "公务用车购置及运行维护费"
    names = [
        "合计",
        "因公出国(境)费",
        f"{car}/小计",
        f"{car}/公务用车购置费",
        f"{car}/公务用车运行维护费",
        "公务接待费",
    ]
    keys = [f"1|财政拨款“三公”经费/{name}/{phase}" for name in names for phase in ("预算数", "决算数")]
    amounts = [amount for pair in zip(budget, actual, strict=True) for amount in pair]
    return [
        ["@1", *keys],
        ["", "财政拨款“三公”经费", *["<"] * 11],
        ["", "合计", "<", "因公出国（境）费", "<", car, *["<"] * 5, "公务接待费", "<"],
        ["", "^", "^", "^", "^", "小计", "<", "公务用车购置费", "<", "公务用车运行维护费", "<", "^", "^"],
        ["", *["预算数", "决算数"] * 6],
        ["data", *sheet.printed(amounts)],
    ]


def statistics(sheet: Sheet) -> Cells:
    """部门决算公开相关信息统计表 (Shanxi)."""
    account = sheet.account
    bought = account.procurement
    kinds = [bought.total, bought.goods, bought.works, bought.services]
    labels = [f"{number}.{name}" for number, name in enumerate(words()["cars"], 1)]
    counts = [("（一）车辆数合计（辆）", sum(account.cars)), *zip(labels, account.cars, strict=True)]
    lines = [
        ["@1", "", "", "1|采购金额", "1|统计数|count"],
        ["", "一、政府采购情况", "<", "<", "<"],
        ["", "项目", "行次", "采购金额", "<"],
    ]
    for row, (name, amount) in enumerate(zip(("合计", "货物", "工程", "服务"), kinds, strict=True), 1):
        lines.append([f"line:{row}", name, str(row), sheet.pen.cell(amount), "<"])
    lines += [["", "二、国有资产占用情况", "<", "<", "<"], ["", "项目", "", "<", "统计数"]]
    for row, (name, number) in enumerate(
        [*counts, ("（二）单价100万元（含）以上设备（不含车辆）", account.equipment)], 5
    ):
        lines.append([f"line:{row}", name, str(row), "<", str(number) if number else ""])
    return lines
