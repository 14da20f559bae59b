"""The tables with an income and an expenditure side: 收入支出决算总表 and 财政拨款收入支出决算总表."""

from __future__ import annotations

from collections.abc import Callable

from gongkai_eval.synthetic.account import FUND, GENERAL, STATE, Item
from gongkai_eval.synthetic.sheet import NUMERALS, Cells, Sheet

SOURCES = (
    "一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "上级补助收入", "事业收入",
    "经营收入", "附属单位上缴收入", "其他收入",
)  # fmt: skip
FUNDS = {GENERAL: "一般公共预算财政拨款", FUND: "政府性基金预算财政拨款", STATE: "国有资本经营预算财政拨款"}


def summary(sheet: Sheet) -> Cells:
    """收入支出决算总表."""
    account = sheet.account
    own = {"service": 4, "other": 7}[account.source]
    granted = [account.sum(_granted, fund=fund) for fund in FUNDS] + [0] * 5
    granted[own] += account.own_income
    surplus = "使用非财政拨款结余" + ("（含专用结余）" if account.year >= 2023 else "")
    left: dict[int, tuple[str, int]] = {
        number: (f"{NUMERALS[number - 1]}、{name}", amount)
        for number, (name, amount) in enumerate(zip(SOURCES, granted, strict=True), 1)
    }
    left |= {27: ("本年收入合计", account.income), 28: (surplus, 0)}
    left |= {29: ("年初结转和结余", account.carry_in), 31: ("总计", account.total)}
    right: dict[int, tuple[str, list[int]]] = {
        number: (label, [account.sum(_spent, code)])
        for number, (code, label) in enumerate(sheet.classes(), 32)
    }
    right |= {58: ("本年支出合计", [account.spent]), 59: ("结余分配", [0])}
    right |= {60: ("年末结转和结余", [account.carry_out]), 62: ("总计", [account.total])}
    head = ["收入", "<", "<", "支出", "<", "<"]
    names = ["项目", "行次", "金额", "项目", "行次", "金额"]
    return _sides(sheet, [head, names], left, right, ["1", "2"], (31, 31), "年初结转和结余")


def fiscal(sheet: Sheet) -> Cells:
    """财政拨款收入支出决算总表."""
    account, funds = sheet.account, tuple(FUNDS)
    granted = [account.sum(_granted, fund=fund) for fund in funds]
    brought = [account.sum(lambda item: item.carry_in, fund=fund) for fund in funds]
    total = sum(granted) + sum(brought)
    left: dict[int, tuple[str, int]] = {
        number: (f"{NUMERALS[number - 1]}、{name}", amount)
        for number, (name, amount) in enumerate(zip(FUNDS.values(), granted, strict=True), 1)
    }
    left |= {27: ("本年收入合计", sum(granted)), 28: ("年初财政拨款结转和结余", sum(brought))}
    numbered = "" if not sheet.plain else "一、 二、 三、"
    for number, (mark, name, amount) in enumerate(
        zip(numbered.split() or [""] * 3, FUNDS.values(), brought, strict=True), 29
    ):
        left[number] = (mark + name, amount)
    left[32] = ("总计", total)
    right = {
        number: (label, _by_fund(sheet, _fiscal, code))
        for number, (code, label) in enumerate(sheet.classes(), 33)
    }
    right |= {
        59: ("本年支出合计", _by_fund(sheet, _fiscal)),
        60: ("年末财政拨款结转和结余", _by_fund(sheet, _left)),
    }
    right[64] = ("总计", [a + b for a, b in zip(right[59][1], right[60][1], strict=True)])
    head = ["收入", "<", "<", "支出", "<", "<", "<", "<", "<"]
    names = ["项目", "行次", "金额", "项目", "行次", "合计", *FUNDS.values()]
    return _sides(
        sheet, [head, names], left, right, ["1", "2", "3", "4", "5"], (32, 32), "年初财政拨款结转和结余"
    )


def _by_fund(sheet: Sheet, what: Callable[[Item], int], prefix: str = "") -> list[int]:
    parts = [sheet.account.sum(what, prefix, fund) for fund in FUNDS]
    return [sum(parts), *parts]


def _sides(
    sheet: Sheet,
    heads: Cells,
    left: dict[int, tuple[str, int]],
    right: dict[int, tuple[str, list[int]]],
    numbers: list[str],
    size: tuple[int, int],
    parent: str,
) -> Cells:
    """Two lanes side by side; rows of one number each. ``size`` = rows, what the right numbers are ahead by."""
    wide = len(numbers) - 1
    if sheet.plain:
        return _plain_sides(sheet, heads, left, right, size, parent)
    first = ["@1", "@2", "", "", f"1|{numbers[0]}", "", "", *(f"2|{number}" for number in numbers[1:])]
    lines = [first, *(["", "", *head] for head in heads)]
    lines.append(["", "", "栏次", "", numbers[0], "栏次", "", *numbers[1:]])
    for row in range(1, size[0] + 1):
        label, amount = left.get(row, ("", 0))
        other, amounts = right.get(row + size[1], ("", [0] * wide))
        lines.append([
            f"income:{row}" if label else "", f"expenditure:{row + size[1]}" if other else "",
            label, str(row), sheet.pen.cell(amount) if label else "",
            other, str(row + size[1]), *(sheet.cells(amounts) if other else [""] * wide),
        ])  # fmt: skip
    return lines


def _plain_sides(
    sheet: Sheet,
    heads: Cells,
    left: dict[int, tuple[str, int]],
    right: dict[int, tuple[str, list[int]]],
    size: tuple[int, int],
    parent: str,
) -> Cells:
    """The same without 行次 and 栏次; rows are known by their labels, repeated ones with their parent."""
    heads = [[cell for column, cell in enumerate(head) if column not in (1, 4)] for head in heads]
    names = heads[1]
    wide = len(names) - 3
    columns = [f"1|收入/{names[1]}", *(f"2|支出/{name}" for name in names[3:])]
    lines = [["@1", "@2", "", columns[0], "", *columns[1:]], *(["", "", *head] for head in heads)]
    seen: set[str] = set()
    for row in range(1, size[0] + 1):
        label, amount = left.get(row, ("", 0))
        other, amounts = right.get(row + size[1], ("", [0] * wide))
        if not label and not other:
            continue
        key = f"{parent}/{label}" if label in seen else label
        seen.add(label)
        lines.append([
            f"income:{key}" if label else "", f"expenditure:{other}" if other else "",
            label, sheet.pen.cell(amount) if label else "", other, *(sheet.cells(amounts) if other else [""] * wide),
        ])  # fmt: skip
    return lines


def _granted(item: Item) -> int:
    return item.granted


def _spent(item: Item) -> int:
    return item.fiscal + item.own


def _fiscal(item: Item) -> int:
    return item.fiscal


def _left(item: Item) -> int:
    return item.carry_out
