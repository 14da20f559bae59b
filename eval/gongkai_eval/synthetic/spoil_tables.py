"""Errors in tables. Each function spoils one thing and returns what tells it: alternatives of printed tokens, [] if it cannot."""

from __future__ import annotations

from gongkai_eval.synthetic.desk import Desk, number

Tells = list[tuple[str, ...]]

CODED = ("income", "expenditure", "general_budget_expenditure")
SUMMARY, FISCAL = "income_expenditure_summary", "fiscal_appropriation_summary"
GENERAL, BASIC = "general_budget_expenditure", "general_budget_basic_expenditure"


def _off(desk: Desk, form: str, row: int | None, column: int) -> Tells:
    if row is None:
        return []
    wrong = desk.off(desk.grid(form)[row][column])
    return [(desk.put(form, row, column, wrong),)] if wrong else []


def table_total(desk: Desk) -> Tells:
    form = desk.random.choice(CODED)
    return _off(desk, form, desk.row(form, "合计"), desk.columns(form)[0])


def grand_total(desk: Desk) -> Tells:
    row = desk.row(SUMMARY, "expenditure:62", "expenditure:总计")
    return _off(desk, SUMMARY, row, desk.columns(SUMMARY, 2)[0])


def income_source(desk: Desk) -> Tells:
    row = desk.row(SUMMARY, "income:1", "income:一、一般公共预算财政拨款收入")
    return _off(desk, SUMMARY, row, desk.columns(SUMMARY)[0])


def carry_out(desk: Desk) -> Tells:
    row = desk.row(SUMMARY, "expenditure:60", "expenditure:年末结转和结余")
    return _off(desk, SUMMARY, row, desk.columns(SUMMARY, 2)[0])


def transposed_digit(desk: Desk) -> Tells:
    form = desk.random.choice(CODED)
    row, column = desk.random.choice(desk.items(form)), desk.columns(form)[0]
    wrong = desk.transposed(desk.grid(form)[row][column])
    return [(desk.put(form, row, column, wrong),)] if wrong else []


def row_part(desk: Desk) -> Tells:
    column = desk.columns("expenditure")[1]
    rows = [row for row in desk.items("expenditure") if number(desk.grid("expenditure")[row][column])]
    return _off(desk, "expenditure", desk.random.choice(rows), column)


def swapped_columns(desk: Desk) -> Tells:
    _, first, second = desk.columns(GENERAL)
    row = desk.random.choice(desk.items(GENERAL))
    left, right = desk.grid(GENERAL)[row][first], desk.grid(GENERAL)[row][second]
    desk.put(GENERAL, row, first, right)
    desk.put(GENERAL, row, second, left)
    return [(each,) for each in (left, right) if number(each)]


def missing_row(desk: Desk) -> Tells:
    form = desk.random.choice(("expenditure", GENERAL))
    grid, rows = desk.grid(form), desk.items(form)
    twins = [row for row in rows if sum(grid[row][0][:5] == grid[other][0][:5] for other in rows) > 1]
    row = desk.random.choice(twins)
    code, column = grid[row][0], desk.columns(form)[0]
    parent = next(line[column] for line in grid if line[0] == code[:5])
    amount = grid[row][column]
    desk.drop(form, row)
    return [(amount,), (parent,), (code,)]


def class_between_tables(desk: Desk) -> Tells:
    total, general = desk.columns(FISCAL, 2)[:2]
    grid = desk.grid(FISCAL)
    rows = [
        at for at, line in enumerate(grid) if line[1].startswith("expenditure:") and number(line[general])
    ]
    last = desk.row(FISCAL, "expenditure:59", "expenditure:本年支出合计")
    row = desk.random.choice([each for each in rows if last is None or each < last])
    if grid[row][total] != grid[row][general]:
        return []
    tells = _off(desk, FISCAL, row, total)
    if tells:
        desk.put(FISCAL, row, general, tells[0][0])
    return tells


def basic_item(desk: Desk) -> Tells:
    lane = desk.random.choice((1, 2))
    column = desk.columns(BASIC, lane)[-1]
    rows = [
        at for at, line in enumerate(desk.grid(BASIC)) if len(line[lane - 1]) == 5 and number(line[column])
    ]
    return _off(desk, BASIC, desk.random.choice(rows), column)


def basic_total(desk: Desk) -> Tells:
    return _off(desk, BASIC, desk.row(BASIC, "人员经费合计"), desk.columns(BASIC)[-1])


def sangong_table(desk: Desk) -> Tells:
    heads = desk.grid("three_public")[0]
    total = 7 if heads[7] == "1|7" else 2
    return _off(desk, "three_public", desk.row("three_public", "data"), total)


def fund_balance(desk: Desk) -> Tells:
    return _off(
        desk, "government_fund", desk.row("government_fund", "合计"), desk.columns("government_fund")[-1]
    )


def swapped_rows(desk: Desk) -> Tells:
    form = desk.random.choice(CODED)
    grid, rows = desk.grid(form), desk.items(form)
    pairs = [(a, b) for a in rows for b in rows if a < b and grid[a][0][:5] == grid[b][0][:5]]
    first, second = desk.random.choice(pairs)
    amounts = [grid[row][desk.columns(form)[0]] for row in (first, second)]
    for column in desk.columns(form):
        above, below = grid[first][column], grid[second][column]
        desk.put(form, first, column, below)
        desk.put(form, second, column, above)
    return [(amount,) for amount in amounts]


KINDS = {
    each.__name__: each
    for each in (
        table_total, grand_total, income_source, carry_out, transposed_digit, row_part, swapped_columns, missing_row,
        class_between_tables, basic_item, basic_total, sangong_table, fund_balance, swapped_rows,
    )
}  # fmt: skip
