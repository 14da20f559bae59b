"""Invented reports as labels: everything that a balanced account obliges an office to print, and nothing that contradicts it."""

from __future__ import annotations

from random import Random

from gongkai_eval.synthetic import account as accounts
from gongkai_eval.synthetic import pen as pens
from gongkai_eval.synthetic import prose, tables
from gongkai_eval.synthetic.account import Account
from gongkai_eval.synthetic.draft import Draft
from gongkai_eval.synthetic.sheet import NUMERALS
from gongkai_eval.synthetic.tables import FAMILIES

YEARS = range(2019, 2026)


def generate(seed: int) -> Draft:
    """The report of a seed: the same seed gives the same report."""
    random = Random(seed)
    family = random.choice(FAMILIES)
    account = accounts.draw(random, random.choice(YEARS))
    pen = pens.draw(random, family)
    draft = Draft({
        "id": f"synthetic_{seed}", "title": f"{account.entity}{account.year}年度部门决算", "origin": "invented",
        "why": f"a balanced account in the forms of {family}, in {pen.unit}", "entity": account.entity,
        "fiscal_year": account.year, "kind": "final_account", "scope": "unit",
    })  # fmt: skip
    tables.fill(draft, account, pen, family)
    narrative = prose.write(account, pen, family, random)
    draft.text = [*_cover(account), *_contents(account, family, narrative), "!body", *_overview(account)]
    draft.text += [*_tables(draft, account, family), *narrative, *_glossary()]
    return draft


def _cover(account: Account) -> list[str]:
    return ["!cover", f"{account.year}年度", account.entity, "部门决算"]


def _contents(account: Account, family: str, narrative: list[str]) -> list[str]:
    names = [tables.title_of(family, name) for name in tables.ORDER[family].split()]
    headings = [line[3:].rsplit(" ", 1)[0] for line in narrative if line.startswith("## ")]
    return [
        "!contents", "目录", f"第一部分 {account.entity}概况", "一、主要职责", "二、机构设置",
        f"第二部分 {account.year}年度部门决算表",
        *(f"{numeral}、{name}" for numeral, name in zip(NUMERALS, names, strict=False)),
        f"第三部分 {account.year}年度部门决算情况说明", *headings, "第四部分 名词解释",
    ]  # fmt: skip


def _overview(account: Account) -> list[str]:
    works = accounts.words()["works"]
    return [
        f"# 第一部分 {account.entity}概况 {{part_overview}}",
        "## 一、主要职责 {duties}",
        *(f"（{numeral}）{work}。" for numeral, work in zip(NUMERALS, works, strict=False)),
        "## 二、机构设置 {organisation}",
        f"{account.entity}内设机构包括：{'、'.join(account.offices)}。本单位无独立核算的下属单位，"
        f"{account.year}年度部门决算公开单位仅包括{account.entity}本级。人员编制{account.staff}名，实有{account.staff - 2}人。",
    ]


def _tables(draft: Draft, account: Account, family: str) -> list[str]:
    lines = [f"# 第二部分 {account.year}年度部门决算表 {{part_tables}}"]
    for numeral, (number, record) in zip(NUMERALS, draft.tables.items(), strict=False):
        if family == "hubei":
            lines.append(f"## {numeral}、{record['title']} {{table_title}}")
        lines.append(f"!table {number}")
    return lines


def _glossary() -> list[str]:
    return ["# 第四部分 名词解释 {part_glossary}", *accounts.read("sentences.toml")["glossary"]]
