"""The prose of an invented account: every number in it is computed from the account, never from another sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from gongkai_eval.synthetic import account as accounts
from gongkai_eval.synthetic.account import FUND, GENERAL, STATE, Account, Item, Triple, function_name
from gongkai_eval.synthetic.pen import Pen
from gongkai_eval.synthetic.sheet import NUMERALS

GENERAL_TITLE = "一般公共预算财政拨款"
HEADINGS = {
    "total_overview": "收入支出决算总体情况说明",
    "income": "收入决算情况说明",
    "expenditure": "支出决算情况说明",
    "fiscal_overview": "财政拨款收入支出决算总体情况说明",
    "gpb_expenditure": "一般公共预算财政拨款支出决算情况说明",
    "gpb_basic": "一般公共预算财政拨款基本支出决算情况说明",
    "sangong": "财政拨款“三公”经费支出决算情况说明",
    "gov_fund": "政府性基金预算财政拨款收入支出决算情况说明",
    "state_capital": "国有资本经营预算财政拨款支出决算情况说明",
    "operating_cost": "机关运行经费支出说明",
    "procurement": "政府采购支出说明",
    "state_assets": "国有资产占用情况说明",
    "performance": "预算绩效情况说明",
    "other_matters": "其他重要事项情况说明",
}
_BEGIN = "total_overview income expenditure fiscal_overview gpb_expenditure gpb_basic"
_LATE = " operating_cost procurement state_assets performance"
ORDER = {
    "hunan": _BEGIN + " sangong gov_fund state_capital" + _LATE,
    "hubei": _BEGIN + " gov_fund state_capital sangong" + _LATE,
    "shanxi": _BEGIN + " gov_fund state_capital sangong other_matters",
    "shanghai": _BEGIN + " sangong gov_fund state_capital other_matters",
}
PARTS = {
    "gpb_expenditure": {
        "gpb_overall": "一般公共预算财政拨款支出决算总体情况",
        "gpb_structure": "一般公共预算财政拨款支出决算结构情况",
        "gpb_detail": "一般公共预算财政拨款支出决算具体情况",
    },
    "sangong": {
        "sangong_overall": "“三公”经费财政拨款支出决算总体情况说明",
        "sangong_detail": "“三公”经费财政拨款支出决算具体情况说明",
    },
    "other_matters": {kind: HEADINGS[kind] for kind in _LATE.split()},
}


def write(account: Account, pen: Pen, family: str, random: Random) -> list[str]:
    """第三部分 as lines of a ``report.txt``, headings with their kinds."""
    teller = _Teller(account, pen, random, accounts.read("sentences.toml"))
    lines = [f"# 第三部分 {account.year}年度部门决算情况说明 {{part_narrative}}"]
    for numeral, kind in zip(NUMERALS, ORDER[family].split(), strict=False):
        lines.append(f"## {numeral}、{HEADINGS[kind]} {{{kind}}}")
        if kind not in PARTS:
            lines += getattr(teller, kind)()
        for inner, (part, title) in zip(NUMERALS, PARTS.get(kind, {}).items(), strict=False):
            lines.append(f"### （{inner}）{title} {{{part}}}")
            lines += getattr(teller, part)()
    return lines


@dataclass(frozen=True, slots=True)
class _Teller:
    account: Account
    pen: Pen
    random: Random
    sentences: dict[str, list[str]]

    def _say(self, topic: str, **fields: Any) -> list[str]:
        account = self.account
        said = self.random.choice(self.sentences[topic]).format(
            y=account.year, p=account.year - 1, entity=account.entity, **fields
        )
        return said.split("\n")

    def _change(self, now: int, prior: int) -> dict[str, str]:
        """``change``, its ``reason``, and ``grew`` = its direction."""
        up = now > prior
        fell = self.random.choice(("下降", "减少", "降低"))
        delta, rate = self.pen.text(now - prior), self.pen.percent(now - prior, prior)
        return {
            "change": f"增加{delta}，增长{rate}" if up else f"减少{delta}，{fell}{rate}",
            "grew": "增加" if up else "减少",
            "reason": self._reason(up),
        }

    def _reason(self, up: bool) -> str:
        return str(self.random.choice(accounts.words()["more" if up else "less"]))

    def _against(self, budget: int, actual: int, name: str) -> str:
        if budget == actual:
            return f"决算数与{name}数持平"
        word = "大于" if actual > budget else "小于"
        return f"决算数{word}{name}数的主要原因是{self._reason(actual > budget)}"

    def _parts(self, parts: dict[str, int], whole: int) -> str:
        """``财政拨款收入…，占…；…``, those that are nothing too or left out."""
        full = self.random.random() < 0.4
        share = self.random.choice(("占", "占比"))
        said = [
            f"{name}{self.pen.text(amount)}，{share}{self.pen.percent(amount, whole)}"
            for name, amount in parts.items()
            if amount or full
        ]
        return "；".join(said)

    def total_overview(self) -> list[str]:
        account = self.account
        prior = account.sum(_prior) + account.own_prior
        return self._say("total", total=self.pen.text(account.total), **self._change(account.total, prior))

    def income(self) -> list[str]:
        account = self.account
        parts = dict.fromkeys(
            ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"), 0
        )
        parts["财政拨款收入"] = account.sum(_granted)
        parts["事业收入" if account.source == "service" else "其他收入"] = account.own_income
        prior = account.sum(_prior) + account.own_prior
        change = self._change(account.income, prior)
        total = self.pen.text(account.income)
        return self._say("income", total=total, list=self._parts(parts, account.income), **change)

    def expenditure(self) -> list[str]:
        account = self.account
        parts = dict.fromkeys(("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"), 0)
        parts["基本支出"] = account.sum(_basic)
        parts["项目支出"] = account.spent - parts["基本支出"]
        prior = account.sum(_prior) + account.own_prior
        change = self._change(account.spent, prior)
        total = self.pen.text(account.spent)
        return self._say("expenditure", total=total, list=self._parts(parts, account.spent), **change)

    def fiscal_overview(self) -> list[str]:
        total = self.account.sum(lambda item: item.granted + item.carry_in)
        change = self._change(total, self.account.sum(_prior))
        return self._say("fiscal", total=self.pen.text(total), **change)

    def gpb_overall(self) -> list[str]:
        total, prior = self.account.sum(_fiscal, fund=GENERAL), self.account.sum(_prior, fund=GENERAL)
        share = self.pen.percent(total, self.account.spent)
        return self._say("overall", total=self.pen.text(total), share=share, **self._change(total, prior))

    def gpb_structure(self) -> list[str]:
        account = self.account
        total = account.sum(_fiscal, fund=GENERAL)
        share = self.random.choice(("占", "占比"))
        said = []
        for code in sorted({item.code[:3] for item in account.of(GENERAL)}):
            amount = account.sum(_fiscal, code, GENERAL)
            name = f"{function_name(code, account.year)}（类）"
            said.append(
                f"{name}支出{self.pen.text(amount)}，{share}{self.pen.percent(amount, total)}".replace(
                    "支出（类）支出", "支出（类）"
                )
            )
        return self._say("structure", total=self.pen.text(total), list="；".join(said))

    def gpb_detail(self) -> list[str]:
        items = self.account.of(GENERAL)
        budget, total = sum(item.budget for item in items), sum(item.fiscal for item in items)
        lines = self._say(
            "detail",
            budget=self.pen.text(budget),
            total=self.pen.text(total),
            rate=self.pen.percent(total, budget),
        )
        template = self.random.choice(self.sentences["item"])
        for number, item in enumerate(items, 1):
            lines += template.format(**self._item(number, item)).split("\n")
        return lines

    def _item(self, number: int, item: Item) -> dict[str, Any]:
        year = self.account.year
        up = item.fiscal > item.prior
        moved = f"{'增加' if up else '减少'}{self.pen.text(item.fiscal - item.prior)}"
        return {
            "n": number, "p": year - 1, "name": item.name,
            "class": function_name(item.code[:3], year), "group": function_name(item.code[:5], year),
            "budget": self.pen.text(item.budget), "actual": self.pen.text(item.fiscal),
            "rate": self.pen.percent(item.fiscal, item.budget),
            "against": self._against(item.budget, item.fiscal, "年初预算"), "moved": moved,
        }  # fmt: skip

    def gpb_basic(self) -> list[str]:
        account = self.account
        total = sum(account.economics.values())
        amounts = self.random.random() < 0.5
        return self._say(
            "basic",
            total=self.pen.text(total),
            personnel=self.pen.text(account.personnel),
            running=self.pen.text(account.running),
            personnel_share=self.pen.percent(account.personnel, total),
            running_share=self.pen.percent(account.running, total),
            people=self._economics(("301", "303"), amounts),
            things=self._economics(("302", "310"), amounts),
        )

    def _economics(self, classes: Sequence[str], amounts: bool) -> str:
        names = accounts.classifications()["economics"]
        chosen = [each for each in sorted(self.account.economics.items()) if each[0][:3] in classes]
        return "、".join(names[code] + (self.pen.text(amount) if amounts else "") for code, amount in chosen)

    def sangong_overall(self) -> list[str]:
        public = self.account.public
        lines = self._say("sangong", **self._planned(public.total, "预算"))
        names = {
            "因公出国（境）费": public.abroad,
            "公务用车购置费": public.purchase,
            "公务用车运行维护费": public.operation,
            "公务接待费": public.reception,
        }
        for name, triple in names.items():
            lines += self._sangong_item(name, triple)
        return lines

    def _sangong_item(self, name: str, triple: Triple) -> list[str]:
        if not triple.actual:
            return self._say("sangong_nil", name=name, zero=self.pen.text(0))
        (change,) = self._say("sangong_change", **self._change(triple.actual, triple.prior))
        return self._say("sangong_item", name=name, change=change, **self._planned(triple, "预算"))

    def _planned(self, triple: Triple, name: str) -> dict[str, str]:
        return {
            "budget": self.pen.text(triple.budget),
            "actual": self.pen.text(triple.actual),
            "rate": self.pen.percent(triple.actual, triple.budget),
            "against": self._against(triple.budget, triple.actual, name),
        }

    def sangong_detail(self) -> list[str]:
        public = self.account.public
        total = public.total.actual
        counts = {name: getattr(public, name) for name in _COUNTS}
        parts = {name: getattr(public, name).actual for name in _TRIPLES}
        amounts = {name: self.pen.text(amount) for name, amount in parts.items()}
        shares = {f"{name}_share": self.pen.percent(amount, total) for name, amount in parts.items()}
        return self._say("sangong_detail", **counts, **amounts, **shares)

    def gov_fund(self) -> list[str]:
        if not self.account.of(FUND):
            return self._say("fund_nil")
        whats = {"brought": _brought, "granted": _granted, "spent": _fiscal, "left": _left}
        sums = {name: self.pen.text(self.account.sum(what, fund=FUND)) for name, what in whats.items()}
        return self._say("fund", **sums)

    def state_capital(self) -> list[str]:
        if not self.account.of(STATE):
            return self._say("state_nil")
        return self._say("state", spent=self.pen.text(self.account.sum(_fiscal, fund=STATE)))

    def operating_cost(self) -> list[str]:
        account = self.account
        if account.institution:
            return self._say("operating_nil")
        change = self._change(account.running, account.operating_prior)
        return self._say("operating", running=self.pen.text(account.running), **change)

    def procurement(self) -> list[str]:
        bought = self.account.procurement
        text, percent = self.pen.text, self.pen.percent
        return self._say(
            "procurement",
            total=text(bought.total), goods=text(bought.goods), works=text(bought.works), services=text(bought.services),
            small=text(bought.small), small_share=percent(bought.small, bought.total), micro=text(bought.micro),
            micro_share=percent(bought.micro, bought.total), micro_of_small=percent(bought.micro, bought.small),
            goods_share=percent(bought.goods_small, bought.goods),
            services_share=percent(bought.services_small, bought.services),
        )  # fmt: skip

    def state_assets(self) -> list[str]:
        account = self.account
        full = self.random.random() < 0.5
        names = accounts.words()["cars"]
        kinds = [
            f"{name}{number}辆" for name, number in zip(names, account.cars, strict=True) if number or full
        ]
        return self._say(
            "assets", cars=sum(account.cars), kinds="、".join(kinds), equipment=account.equipment
        )

    def performance(self) -> list[str]:
        account = self.account
        project = account.sum(_project, fund=GENERAL)
        basic = account.sum(_basic)
        return self._say(
            "performance",
            projects=sum(item.project > 0 for item in account.of(GENERAL)),
            project=self.pen.text(project),
            whole=self.pen.percent(1, 1),
            total=self.pen.text(account.spent),
            basic=self.pen.text(basic),
            all_projects=self.pen.text(account.spent - basic),
        )


_COUNTS = ("groups", "travellers", "bought", "owned", "batches", "guests")
_TRIPLES = ("abroad", "purchase", "operation", "vehicles", "reception")


def _granted(item: Item) -> int:
    return item.granted


def _fiscal(item: Item) -> int:
    return item.fiscal


def _basic(item: Item) -> int:
    return item.basic


def _project(item: Item) -> int:
    return item.project


def _prior(item: Item) -> int:
    return item.prior


def _brought(item: Item) -> int:
    return item.carry_in


def _left(item: Item) -> int:
    return item.carry_out
