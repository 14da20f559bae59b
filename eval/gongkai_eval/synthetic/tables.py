"""The statutory tables of an invented account, in the layouts of four provinces (the label format of ``eval/README.md``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gongkai_eval.synthetic.account import FUND, GENERAL, STATE, Account, Item, classifications, function_name
from gongkai_eval.synthetic.draft import Draft
from gongkai_eval.synthetic.pen import Pen

FAMILIES = ("hunan", "hubei", "shanxi", "shanghai")
_TENS = ("", "十", "二十")
NUMERALS = [tens + one for tens in _TENS for one in ("", *"一二三四五六七八九")][1:]
SOURCES = (
    "一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "上级补助收入", "事业收入",
    "经营收入", "附属单位上缴收入", "其他收入",
)  # fmt: skip
FUNDS = {GENERAL: "一般公共预算财政拨款", FUND: "政府性基金预算财政拨款", STATE: "国有资本经营预算财政拨款"}
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
FUND_COLUMNS = ("年初结转和结余", "本年收入", "小计", "基本支出", "项目支出", "年末结转和结余")
OWN_COLUMN = {"service": 3, "other": 6}
ORDER = {
    "hunan": "summary income expenditure fiscal general basic public fund state",
    "hubei": "summary income expenditure fiscal general basic fund state public",
    "shanxi": "summary income expenditure fiscal general basic public fund state statistics",
    "shanghai": "summary income expenditure fiscal general basic public fund state",
}
FORMS = {
    "summary": ("income_expenditure_summary", "收入支出决算总表"),
    "income": ("income", "收入决算表"),
    "expenditure": ("expenditure", "支出决算表"),
    "fiscal": ("fiscal_appropriation_summary", "财政拨款收入支出决算总表"),
    "general": ("general_budget_expenditure", "一般公共预算财政拨款支出决算表"),
    "basic": ("general_budget_basic_expenditure", "一般公共预算财政拨款基本支出决算明细表"),
    "public": ("three_public", "财政拨款“三公”经费支出决算表"),
    "fund": ("government_fund", "政府性基金预算财政拨款收入支出决算表"),
    "state": ("state_capital", "国有资本经营预算财政拨款支出决算表"),
    "statistics": ("disclosure_statistics", "部门决算公开相关信息统计表"),
}
TITLES = {
    ("hunan", "public"): "一般公共预算财政拨款“三公”经费支出决算表",
    ("shanxi", "basic"): "一般公共预算财政拨款支出决算明细表",
    ("shanghai", "basic"): "一般公共预算财政拨款基本支出决算表",
}

Cells = list[list[str]]


def title_of(family: str, name: str) -> str:
    """The title under which a province prints a table."""
    return TITLES.get((family, name), FORMS[name][1])


def fill(draft: Draft, account: Account, pen: Pen, family: str) -> None:
    """Add every table of the account to ``draft``, in the province's order."""
    writer = _Writer(account, pen, family)
    for number, name in enumerate(ORDER[family].split(), 1):
        numbered = family != "shanghai"
        record = {
            "form": FORMS[name][0],
            "title": title_of(family, name),
            "printed_number": f"公开{number:02d}表" if numbered else "",
            "unit": pen.unit,
            "state": "nil" if name in ("fund", "state") and not account.of(name) else "present",
            "entity_line": f"部门：{account.entity}" if numbered else "",
            "year_line": f"{account.year}年度" if numbered else "",
            "notes": _notes(name, account),
        }
        draft.add(record, getattr(writer, name)())


def _notes(name: str, account: Account) -> list[str]:
    title = {"summary": "总收支和年末结转结余", "fund": "政府性基金预算财政拨款收入、支出及结转和结余"}.get(
        name
    )
    notes = [f"注：本表反映部门本年度{title}情况。"] if title else []
    if name in ("fund", "state") and not account.of(name):
        notes.append("说明：本表无数据。")
    return notes


@dataclass(frozen=True, slots=True)
class _Writer:
    account: Account
    pen: Pen
    family: str

    def _cells(self, amounts: Sequence[int]) -> list[str]:
        return [self.pen.cell(amount) for amount in amounts]

    @property
    def _plain(self) -> bool:
        """Without 行次 and 栏次: the columns are known by their heads."""
        return self.family == "shanghai"

    def _classes(self) -> list[tuple[str, str]]:
        """(code, label) of the classes in printed order, 抗疫特别国债 from 2020."""
        names = [
            each
            for each in classifications()["classes"].items()
            if each[0] != "234" or self.account.year > 2019
        ]
        return [(code, f"{numeral}、{name}") for numeral, (code, name) in zip(NUMERALS, names, strict=False)]

    def summary(self) -> Cells:
        account = self.account
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
            for number, (code, label) in enumerate(self._classes(), 32)
        }
        right |= {58: ("本年支出合计", [account.spent]), 59: ("结余分配", [0])}
        right |= {60: ("年末结转和结余", [account.carry_out]), 62: ("总计", [account.total])}
        head = ["收入", "<", "<", "支出", "<", "<"]
        names = ["项目", "行次", "金额", "项目", "行次", "金额"]
        return self._sides([head, names], left, right, ["1", "2"], (31, 31), "年初结转和结余")

    def fiscal(self) -> Cells:
        account, funds = self.account, tuple(FUNDS)
        granted = [account.sum(_granted, fund=fund) for fund in funds]
        brought = [account.sum(lambda item: item.carry_in, fund=fund) for fund in funds]
        total = sum(granted) + sum(brought)
        left: dict[int, tuple[str, int]] = {
            number: (f"{NUMERALS[number - 1]}、{name}", amount)
            for number, (name, amount) in enumerate(zip(FUNDS.values(), granted, strict=True), 1)
        }
        left |= {27: ("本年收入合计", sum(granted)), 28: ("年初财政拨款结转和结余", sum(brought))}
        numbered = "" if not self._plain else "一、 二、 三、"
        for number, (mark, name, amount) in enumerate(
            zip(numbered.split() or [""] * 3, FUNDS.values(), brought, strict=True), 29
        ):
            left[number] = (mark + name, amount)
        left[32] = ("总计", total)
        right = {
            number: (label, self._by_fund(_fiscal, code))
            for number, (code, label) in enumerate(self._classes(), 33)
        }
        right |= {
            59: ("本年支出合计", self._by_fund(_fiscal)),
            60: ("年末财政拨款结转和结余", self._by_fund(_left)),
        }
        right[64] = ("总计", [a + b for a, b in zip(right[59][1], right[60][1], strict=True)])
        head = ["收入", "<", "<", "支出", "<", "<", "<", "<", "<"]
        names = ["项目", "行次", "金额", "项目", "行次", "合计", *FUNDS.values()]
        return self._sides(
            [head, names], left, right, ["1", "2", "3", "4", "5"], (32, 32), "年初财政拨款结转和结余"
        )

    def _by_fund(self, what: Callable[[Item], int], prefix: str = "") -> list[int]:
        parts = [self.account.sum(what, prefix, fund) for fund in FUNDS]
        return [sum(parts), *parts]

    def _sides(
        self,
        heads: Cells,
        left: dict[int, tuple[str, int]],
        right: dict[int, tuple[str, list[int]]],
        numbers: list[str],
        size: tuple[int, int],
        parent: str,
    ) -> Cells:
        """Two lanes side by side; rows of one number each. ``size`` = rows, what the right numbers are ahead by."""
        wide = len(numbers) - 1
        if self._plain:
            return self._plain_sides(heads, left, right, size, parent)
        first = ["@1", "@2", "", "", f"1|{numbers[0]}", "", "", *(f"2|{number}" for number in numbers[1:])]
        lines = [first, *(["", "", *head] for head in heads)]
        lines.append(["", "", "栏次", "", numbers[0], "栏次", "", *numbers[1:]])
        for row in range(1, size[0] + 1):
            label, amount = left.get(row, ("", 0))
            other, amounts = right.get(row + size[1], ("", [0] * wide))
            lines.append([
                f"income:{row}" if label else "", f"expenditure:{row + size[1]}" if other else "",
                label, str(row), self.pen.cell(amount) if label else "",
                other, str(row + size[1]), *(self._cells(amounts) if other else [""] * wide),
            ])  # fmt: skip
        return lines

    def _plain_sides(
        self,
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
                label, self.pen.cell(amount) if label else "", other, *(self._cells(amounts) if other else [""] * wide),
            ])  # fmt: skip
        return lines

    def income(self) -> Cells:
        def amounts(item: Item) -> list[int]:
            own = self._own_income(item)
            row = [item.granted + own, item.granted, 0, 0, 0, 0, 0]
            row[OWN_COLUMN[self.account.source]] += own
            return row

        return self._coded(self.account.items, amounts, [INCOME])

    def _own_income(self, item: Item) -> int:
        return item.own + self.account.own_out - self.account.own_in if item.own else 0

    def expenditure(self) -> Cells:
        def amounts(item: Item) -> list[int]:
            return [item.fiscal + item.own, item.basic, item.project + item.own, 0, 0, 0]

        return self._coded(self.account.items, amounts, [SPENDING])

    def general(self) -> Cells:
        columns = ("合计" if self._plain else "小计", "基本支出", "项目支出")
        heads = [columns] if self._plain else [("本年支出", "<", "<"), columns]
        return self._coded(self.account.of(GENERAL), _split, heads, last=self._plain)

    def fund(self) -> Cells:
        def amounts(item: Item) -> list[int]:
            return [item.carry_in, item.granted, *_split(item), item.carry_out]

        above = ("年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余")
        below = ("^", "^", "小计", "基本支出", "项目支出", "^")
        return self._coded(self.account.of(FUND), amounts, [above, below])

    def state(self) -> Cells:
        return self._coded(
            self.account.of(STATE), _split, [("本年支出", "<", "<"), ("合计", "基本支出", "项目支出")]
        )

    def _coded(
        self,
        items: Sequence[Item],
        amounts: Callable[[Item], list[int]],
        heads: Sequence[Sequence[str]],
        last: bool = False,
    ) -> Cells:
        """合计 and 类, 款, 项 by code. The key of a column is its 栏次, or its path through the heads."""
        keys = _paths(heads) if self._plain else [str(number) for number in range(1, len(heads[0]) + 1)]
        lines = [["@1", "", "", *(f"1|{key}" for key in keys)]]
        if len(heads) == 1:
            lines.append(["", "项目", "<", *heads[0]])
            lines.append(["", "功能分类科目编码", "科目名称", *("^" for _ in keys)])
        else:
            lines += [["", "项目", "<", *heads[0]], ["", "功能分类科目编码", "科目名称", *heads[1]]]
        if not self._plain:
            lines.append(["", "栏次", "<", *keys])
        total = ["合计", "合计", "<", *self._row(items, amounts, len(keys))]
        rows = [
            [code, code, function_name(code, self.account.year), *self._row(below, amounts, len(keys))]
            for code, below in _tree(items)
        ]
        return [*lines, *rows, total] if last else [*lines, total, *rows]

    def _row(self, items: Sequence[Item], amounts: Callable[[Item], list[int]], wide: int) -> list[str]:
        if not items:
            return [""] * wide
        return self._cells([sum(column) for column in zip(*map(amounts, items), strict=True)])

    def basic(self) -> Cells:
        lanes: list[list[str]] = classifications()["lanes"][self.family]
        detail = self.family == "shanxi"
        amounts = ["金额", "其中：基本支出"] if detail else ["决算数"]
        keys = [amount.replace("：", ":") for amount in amounts]
        groups = [] if self._plain else ["人员经费", *["公用经费"] * (len(lanes) - 1)]
        first = [f"@{number}" for number, _ in enumerate(lanes, 1)]
        empty = [""] * len(lanes)
        for number, _ in enumerate(lanes, 1):
            prefix = "" if self._plain else f"{groups[number - 1]}/"
            first += ["", "", *(f"{number}|{prefix}{key}" for key in keys)]
        wide = 2 + len(amounts)
        lines = [first]
        if not self._plain:
            public = ["公用经费", *["<"] * (wide * (len(lanes) - 1) - 1)]
            lines.append([*empty, "人员经费", *["<"] * (wide - 1), *public])
        heads = ["经济分类科目编码" if self._plain else "科目编码", "科目名称", *amounts]
        lines.append([*empty, *heads * len(lanes)])
        for row in range(max(map(len, lanes))):
            codes = [lane[row] if row < len(lane) else "" for lane in lanes]
            cells = [cell for code in codes for cell in self._economic(code, detail)]
            lines.append([*codes, *cells])
        lines.append(self._basic_totals(len(lanes), detail))
        return lines

    def _economic(self, code: str, detail: bool) -> list[str]:
        if not code:
            return [""] * (4 if detail else 3)
        name = classifications()["economics"][code]
        basic = sum(amount for key, amount in self.account.economics.items() if key.startswith(code))
        project = self.account.sum(
            lambda item: item.project if item.economic.startswith(code) else 0, fund=GENERAL
        )
        return [code, name, *self._cells([basic + project, basic] if detail else [basic])]

    def _basic_totals(self, lanes: int, detail: bool) -> list[str]:
        account = self.account
        wide = 4 if detail else 3
        project = account.sum(lambda item: item.project, fund=GENERAL)
        people = self._cells([account.personnel] * (2 if detail else 1))
        public = self._cells([account.running + project, account.running] if detail else [account.running])
        merged = ["<"] * (wide * (lanes - 1) - len(public) - 1)
        keys = ["人员经费合计", *[""] * (lanes - 2), "公用经费合计"]
        return [*keys, "人员经费合计", "<", *people, "公用经费合计", *merged, *public]

    def public(self) -> Cells:
        public = self.account.public
        order = (
            public.total,
            public.abroad,
            public.vehicles,
            public.purchase,
            public.operation,
            public.reception,
        )
        budget, actual = [each.budget for each in order], [each.actual for each in order]
        if self._plain:
            return self._interleaved(budget, actual)
        heads = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "<", "<", "公务接待费"]
        below = ["^", "^", "小计", "公务用车购置费", "公务用车运行维护费", "^"]
        numbers = [str(number) for number in range(1, 13)]
        return [
            ["@1", *(f"1|{number}" for number in numbers)],
            ["", "预算数", *["<"] * 5, "决算数", *["<"] * 5],
            ["", *heads, *heads],
            ["", *below, *below],
            ["", *numbers],
            ["data", *self._printed([*budget, *actual])],
        ]

    def _printed(self, amounts: Sequence[int]) -> list[str]:
        return [self.pen.cell(amount) or "0.00" for amount in amounts]

    def _interleaved(self, budget: Sequence[int], actual: Sequence[int]) -> Cells:
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
            ["data", *self._printed(amounts)],
        ]

    def statistics(self) -> Cells:
        account = self.account
        bought = account.procurement
        kinds = [bought.total, bought.goods, bought.works, bought.services]
        labels = [f"{number}.{name}" for number, name in enumerate(_CARS, 1)]
        counts = [("（一）车辆数合计（辆）", sum(account.cars)), *zip(labels, account.cars, strict=True)]
        lines = [
            ["@1", "", "", "1|采购金额", "1|统计数|count"],
            ["", "一、政府采购情况", "<", "<", "<"],
            ["", "项目", "行次", "采购金额", "<"],
        ]
        for row, (name, amount) in enumerate(zip(("合计", "货物", "工程", "服务"), kinds, strict=True), 1):
            lines.append([f"line:{row}", name, str(row), self.pen.cell(amount), "<"])
        lines += [["", "二、国有资产占用情况", "<", "<", "<"], ["", "项目", "", "<", "统计数"]]
        for row, (name, number) in enumerate(
            [*counts, ("（二）单价100万元（含）以上设备（不含车辆）", account.equipment)], 5
        ):
            lines.append([f"line:{row}", name, str(row), "<", str(number) if number else ""])
        return lines


_CARS = (
    "副部（省）级及以上领导用车", "主要领导干部用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车",
    "离退休干部用车", "其他用车",
)  # fmt: skip


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


def _granted(item: Item) -> int:
    return item.granted


def _spent(item: Item) -> int:
    return item.fiscal + item.own


def _fiscal(item: Item) -> int:
    return item.fiscal


def _left(item: Item) -> int:
    return item.carry_out


def _split(item: Item) -> list[int]:
    return [item.fiscal, item.basic, item.project]
