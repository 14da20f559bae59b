"""The tables whose rows are 类, 款 and 项: income, expenditure, general budget, government fund, state capital."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gongkai_eval.synthetic.account import FUND, GENERAL, STATE, Item, function_name
from gongkai_eval.synthetic.sheet import Cells, Sheet

INCOME = (
    "本年收入合计",
    "财政拨款收入",
    "上级补助收入",
    "事业收入",
    "经营收入",
    "附属单位上缴收入",
    "其他收入",
)
SPENDING = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
OWN_COLUMN = {"service": 3, "other": 6}


def income(sheet: Sheet) -> Cells:
    """收入决算表."""

    def amounts(item: Item) -> list[int]:
        own = _own_income(sheet, item)
        row = [item.granted + own, item.granted, 0, 0, 0, 0, 0]
        row[OWN_COLUMN[sheet.account.source]] += own
        return row

    return _coded(sheet, sheet.account.items, amounts, [INCOME])


def _own_income(sheet: Sheet, item: Item) -> int:
    return item.own + sheet.account.own_out - sheet.account.own_in if item.own else 0


def expenditure(sheet: Sheet) -> Cells:
    """支出决算表."""

    def amounts(item: Item) -> list[int]:
        return [item.fiscal + item.own, item.basic, item.project + item.own, 0, 0, 0]

    return _coded(sheet, sheet.account.items, amounts, [SPENDING])


def general(sheet: Sheet) -> Cells:
    """一般公共预算财政拨款支出决算表; Shanghai prints 合计 last."""
    columns = ("合计" if sheet.plain else "小计", "基本支出", "项目支出")
    heads = [columns] if sheet.plain else [("本年支出", "<", "<"), columns]
    return _coded(sheet, sheet.account.of(GENERAL), _split, heads, last=sheet.plain)


def fund(sheet: Sheet) -> Cells:
    """政府性基金预算财政拨款收入支出决算表."""

    def amounts(item: Item) -> list[int]:
        return [item.carry_in, item.granted, *_split(item), item.carry_out]

    above = ("年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余")
    below = ("^", "^", "小计", "基本支出", "项目支出", "^")
    return _coded(sheet, sheet.account.of(FUND), amounts, [above, below])


def state(sheet: Sheet) -> Cells:
    """国有资本经营预算财政拨款支出决算表."""
    return _coded(
        sheet, sheet.account.of(STATE), _split, [("本年支出", "<", "<"), ("合计", "基本支出", "项目支出")]
    )


def _coded(
    sheet: Sheet,
    items: Sequence[Item],
    amounts: Callable[[Item], list[int]],
    heads: Sequence[Sequence[str]],
    last: bool = False,
) -> Cells:
    """合计 and 类, 款, 项 by code. The key of a column is its 栏次, or its path through the heads."""
    keys = _paths(heads) if sheet.plain else [str(number) for number in range(1, len(heads[0]) + 1)]
    lines = [["@1", "", "", *(f"1|{key}" for key in keys)]]
    if len(heads) == 1:
        lines.append(["", "项目", "<", *heads[0]])
        lines.append(["", "功能分类科目编码", "科目名称", *("^" for _ in keys)])
    else:
        lines += [["", "项目", "<", *heads[0]], ["", "功能分类科目编码", "科目名称", *heads[1]]]
    if not sheet.plain:
        lines.append(["", "栏次", "<", *keys])
    total = ["合计", "合计", "<", *sheet.row(items, amounts, len(keys))]
    rows = [
        [code, code, function_name(code, sheet.account.year), *sheet.row(below, amounts, len(keys))]
        for code, below in _tree(items)
    ]
    return [*lines, *rows, total] if last else [*lines, total, *rows]


def _tree(items: Sequence[Item]) -> Iterator[tuple[str, list[Item]]]:
    """(code, the 项 under it) of every 类, 款 and 项, in ascending order."""
    codes = sorted({item.code[:length] for item in items for length in (3, 5, 7)})
    for code in codes:
        yield code, [item for item in items if item.code.startswith(code)]


def _paths(heads: Sequence[Sequence[str]]) -> list[str]:
    """The header path of each column: merged heads resolved, parts joined by ``/``."""
    rows: Cells = []
    for head in heads:
        row: list[str] = []
        for cell in head:
            row.append(row[-1] if cell == "<" else cell)
        rows.append(row)
    return ["/".join(part for part in column if part != "^") for column in zip(*rows, strict=True)]


def _split(item: Item) -> list[int]:
    return [item.fiscal, item.basic, item.project]
