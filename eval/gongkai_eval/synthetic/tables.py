"""The statutory tables of an invented account, in the layouts of four provinces (the label format of ``eval/README.md``)."""

from __future__ import annotations

from collections.abc import Callable

from gongkai_eval.synthetic import coded, details, sides
from gongkai_eval.synthetic.account import Account
from gongkai_eval.synthetic.draft import Draft
from gongkai_eval.synthetic.pen import Pen
from gongkai_eval.synthetic.sheet import Cells, Sheet

FAMILIES = ("hunan", "hubei", "shanxi", "shanghai")
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
WRITERS: dict[str, Callable[[Sheet], Cells]] = {
    "summary": sides.summary,
    "income": coded.income,
    "expenditure": coded.expenditure,
    "fiscal": sides.fiscal,
    "general": coded.general,
    "basic": details.basic,
    "public": details.public,
    "fund": coded.fund,
    "state": coded.state,
    "statistics": details.statistics,
}


def title_of(family: str, name: str) -> str:
    """The title under which a province prints a table."""
    return TITLES.get((family, name), FORMS[name][1])


def fill(draft: Draft, account: Account, pen: Pen, family: str) -> None:
    """Add every table of the account to ``draft``, in the province's order."""
    sheet = Sheet(account, pen, family)
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
        draft.add(record, WRITERS[name](sheet))


def _notes(name: str, account: Account) -> list[str]:
    title = {"summary": "总收支和年末结转结余", "fund": "政府性基金预算财政拨款收入、支出及结转和结余"}.get(
        name
    )
    notes = [f"注：本表反映部门本年度{title}情况。"] if title else []
    if name in ("fund", "state") and not account.of(name):
        notes.append("说明：本表无数据。")
    return notes
