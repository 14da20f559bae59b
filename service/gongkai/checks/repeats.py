"""Checks of the prose against itself that need an ``if``: lists with their shares, the same thing said twice, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.listing import lists_some
from gongkai.checks.reading import Reading, Sheets, said_of, told
from gongkai.checks.said import PROSE, Printed, Said, Spoken
from gongkai.checks.sheet import amount, quantum
from gongkai.checks.tolerance import ZERO, said_allowance
from gongkai.checks.words import money
from gongkai.report import Figure, Form

_HUNDRED = Decimal(100)
_LISTS = (
    ("income.total", "income.by_source"), ("expenditure.total", "expenditure.by_kind"),
    ("gpb.total", "gpb.structure_item"), ("sangong.total", "sangong.share"),
)  # fmt: skip


def share_sum(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The shares of a list whose amounts add up to the total add up to 100 %."""
    spoken = False
    for whole_fact, part_fact in _LISTS:
        for whole in reading.prose.of(whole_fact, "amount"):
            parts = [
                each for each in reading.prose.following(whole, part_fact, "share") if each.has("amount")
            ]
            if len(parts) < 2:
                continue
            spoken = True
            yield _shares(reading, whole, parts)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有逐项列出比例")


def _shares(reading: Reading, whole: Spoken, parts: Sequence[Spoken]) -> Applied:
    amounts = [said_of(each, "amount") for each in (whole, *parts)]
    gap = amount(amounts[0]) - sum((amount(each) for each in amounts[1:]), ZERO)
    names = [each.name for each in parts]
    if abs(gap) > said_allowance(amounts, digits=reading.prose.digits, leaves=None) or len(set(names)) < len(
        names
    ):
        return Applied(None, "not_applicable", "所列各项不齐，比例之和不必为100%")
    shares = [said_of(each, "share") for each in parts]
    total = sum((share.value or ZERO for share in shares), ZERO)
    room = sum((quantum(share) for share in shares), ZERO) / 2
    applied = told([(share, 1, PROSE) for share in shares], total, _HUNDRED, room)
    applied.message = (
        f"正文（第{shares[0].source.page}页）{'、'.join(f'“{each.row_label}”{each.printed}' for each in shares)}，"
        f"各项齐全而比例之和为{total}%。"
    )
    return applied


_OWNERS = {
    "total.change": ("total.income_expenditure", ("total", "income", "expenditure")),
    "income.change": ("income.total", ("amount",)),
    "expenditure.change": ("expenditure.total", ("amount",)),
    "fiscal.change": ("fiscal.total", ("total", "income", "expenditure")),
    "gpb.change": ("gpb.total", ("amount",)),
    "sangong.change": ("sangong.total", ("amount",)),
    "operating_cost.change": ("operating_cost.total", ("amount",)),
}


def change_repeat(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The change of one amount, told in two places with equal amounts."""
    return _twice(reading, "change", "增减额", equal=True)


def implied_base(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """What two different amounts of one thing and their changes say of last year."""
    return _twice(reading, "change", "", equal=False)


def _twice(reading: Reading, slot: str, what: str, *, equal: bool) -> Iterator[Applied]:
    seen: dict[tuple[str, str], tuple[Said, Spoken]] = {}
    spoken = False
    for each in reading.prose.spoken:
        now = _now(reading, each)
        if now is None:
            continue
        first = seen.setdefault((each.fact, each.name), (now, each))
        if first[1] is each or (amount(first[0]) == amount(now)) != equal:
            continue
        spoken = True
        yield _same(reading, first[1], each, slot, what) if equal else _bases(reading, first, (now, each))
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有在两处说明同一数额的增减")


def _now(reading: Reading, each: Spoken) -> Said | None:
    """The amount whose change the mention tells, if it surely tells one against last year."""
    if not each.has("change") or not each.has("rate") or each.mention.grade != "sure":
        return None
    if each.has("amount"):
        return each.said("amount")
    fact, slots = _OWNERS.get(each.fact, ("", ()))
    for slot in slots:
        owner = reading.prose.before(each, fact, slot, within=True)
        if owner is not None:
            return owner.said(slot)
    return None


def _bases(reading: Reading, first: tuple[Said, Spoken], other: tuple[Said, Spoken]) -> Applied:
    operands: list[tuple[Printed, int, Form]] = []
    for now, spoken in (first, other):
        operands += [(now, 1, PROSE), (said_of(spoken, "change"), -1, PROSE)]
    bases = [amount(operands[n][0]) - amount(operands[n + 1][0]) for n in (0, 2)]
    room = said_allowance([cell for cell, _, _ in operands], digits=reading.prose.digits, leaves=None)
    applied = told(operands, bases[0], bases[1], room)
    applied.split = 2
    pages = [each.mention.source.page for each in (first[1], other[1])]
    applied.message = f"正文“{first[1].name}”两处（第{pages[0]}页、第{pages[1]}页）的本年数减增减额不相等，推出的上年数不一致。"
    return applied


def class_items(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Each class of the structure is the sum of its items in the details."""
    items = reading.prose.of("gpb.detail_item", "amount")
    spoken = False
    for whole in reading.prose.of("gpb.structure_item", "amount"):
        own = [each for each in items if _below(each, whole)]
        names = [each.name for each in own]
        depths = {name.count("/") for name in names}
        if not own or len(set(names)) < len(names) or len(depths) > 1:
            continue
        spoken = True
        cells: list[tuple[Printed, int, Form]] = [
            (said_of(each, "amount"), 1, PROSE) for each in (whole, *own)
        ]
        total = sum((amount(cell) for cell, _, _ in cells[1:]), ZERO)
        room = said_allowance([cell for cell, _, _ in cells], digits=reading.prose.digits, leaves=None)
        if abs(amount(cells[0][0]) - total) > room and lists_some(own, sheets, whole.code or ""):
            continue
        applied = told(cells, amount(cells[0][0]), total, room)
        applied.message = (
            f"正文（第{cells[0][0].source.page}页）“{whole.name}”印为{cells[0][0].printed}，其下所列{len(own)}项之和"
            f"（第{cells[1][0].source.page}页起）为{money(total, cells[0][0])}。"
        )
        yield applied
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有逐项列出各类支出，或科目不能归类")


def _below(item: Spoken, whole: Spoken) -> bool:
    if item.code is not None and whole.code is not None:
        return len(item.code) == 7 and item.code.startswith(whole.code)
    return "/" in item.name and item.name.split("/")[0] == whole.name


def sme_by_kind(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """When every contract went to small and medium enterprises, so did all of every kind that was bought."""
    prose = reading.prose
    spoken: list[tuple[Said, Said, Spoken]] = []
    whole: Said | None = None
    for each in prose.of("procurement.sme_by_kind", "share"):
        sme = prose.near(each, "procurement.sme", "amount", within=True)
        total = prose.near(each, "procurement.total", "amount", within=True)
        bought = prose.near(each, "procurement.by_kind", "amount", each.name, within=True)
        if sme is None or total is None or bought is None or each.name not in each.word("share_base"):
            continue
        if amount(said_of(total, "amount")) == amount(said_of(sme, "amount")) and amount(
            said_of(bought, "amount")
        ):
            whole = said_of(total, "amount")
            spoken.append((said_of(each, "share"), said_of(bought, "amount"), each))
    if whole is None:
        yield Applied(None, "not_applicable", "正文没有分类说明授予中小企业的比例，或并非全部授予中小企业")
        return
    wrong = [each for each in spoken if each[0].value != _HUNDRED] or spoken
    cells: list[tuple[Printed, int, Form]] = [
        (cell, 1, PROSE) for share, kind, _ in wrong for cell in (share, kind)
    ]
    applied = told([*cells, (whole, 1, PROSE)], wrong[0][0].value or ZERO, _HUNDRED, ZERO)
    shares = "、".join(
        f"“{each.name}”采购{kind.printed}占{each.word('share_base')}{share.printed}"
        for share, kind, each in wrong
    )
    applied.message = (
        f"正文（第{whole.source.page}页）授予中小企业合同金额等于政府采购支出总额{whole.printed}，即全部授予中小企业，"
        f"各类采购的比例都应为100%，却印为{shares}。"
    )
    yield applied


def item_names(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """An item whose full name no row bears, with the amount of the one row that no other item claims, has the wrong name."""
    items = reading.prose.of("gpb.detail_item", "amount")
    sheet = next(iter(sheets.get("general_budget_expenditure", ())), None)
    strange = [each for each in items if each.code is None and each.name.count("/") == 2]
    if sheet is None or not items or len(sheets["general_budget_expenditure"]) > 1:
        yield Applied(
            None, "not_applicable", "正文没有逐项说明支出，或没有（唯一的）一般公共预算财政拨款支出决算表"
        )
        return
    claimed = {each.code for each in items}
    free = [
        row.cells["total"]
        for line, row in sheet.lines.items()
        if len(line) == 7 and line not in claimed and "total" in row.cells and row.cells["total"].yuan
    ]
    for each in strange:
        said = said_of(each, "amount")
        same = [
            figure
            for figure in free
            if amount(figure) == amount(said) and not _alike(each.name, figure.row_label)
        ]
        if len(same) == 1:
            applied = told([(said, 1, PROSE), (same[0], 1, sheet.form)], ZERO, Decimal(1), ZERO)
            applied.left = applied.right = applied.difference = None
            applied.message = (
                f"正文（第{said.source.page}页）“{each.name}”印为{said.printed}，《{sheet.form.title}》（第{same[0].source.page}页）"
                f"没有这一科目，同一金额在“{same[0].line} {same[0].row_label}”行。"
            )
            yield applied
    if not strange:
        yield Applied(None, "pass")


def _alike(path: str, label: str) -> bool:
    return SequenceMatcher(None, path.rpartition("/")[2], label).ratio() >= 0.7


def item_kinds(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The basic and the project part of a class or item are those of its row."""
    spoken = False
    for each in reading.prose.of("expenditure.by_kind", "amount", "基本支出|项目支出"):
        item = reading.prose.item_of(each)
        column = "basic" if each.name == "基本支出" else "project"
        cells = _row_cells(sheets, item.code, column) if item is not None and item.code is not None else []
        if item is None or not cells:
            continue
        spoken = True
        said = said_of(each, "amount")
        figure, form = min(cells, key=lambda cell: abs(amount(cell[0]) - amount(said)))
        room = said_allowance([said, figure], digits=reading.prose.digits, leaves=1)
        applied = told([(said, 1, PROSE), (figure, 1, form)], amount(said), amount(figure), room)
        applied.message = (
            f"正文（第{said.source.page}页）“{item.name}”的{each.name}印为{said.printed}，《{form.title}》"
            f"（第{figure.source.page}页）“{item.code} {figure.row_label}”行“{figure.col_label}”栏印为{figure.printed or '空白'}。"
        )
        yield applied
    if not spoken:
        yield Applied(
            None, "not_applicable", "正文没有分类（项）说明基本支出、项目支出，或科目不能对应到编码"
        )


def _row_cells(sheets: Sheets, code: str, column: str) -> list[tuple[Figure, Form]]:
    found: list[tuple[Figure, Form]] = []
    for form in (
        "general_budget_expenditure",
        "expenditure",
        "budget_general_expenditure",
        "budget_expenditure",
    ):
        for sheet in sheets.get(form, ()):
            row = sheet.lines.get(code)
            figure = row.cells.get(column) if row is not None and column not in row.doubled else None
            if figure is not None and (figure.yuan is not None or figure.state == "blank"):
                found.append((figure, sheet.form))
    return found


def _same(reading: Reading, first: Spoken, each: Spoken, slot: str, what: str) -> Applied:
    one, other = said_of(first, slot), said_of(each, slot)
    room = said_allowance([one, other], digits=reading.prose.digits, leaves=1)
    applied = told([(one, 1, PROSE), (other, 1, PROSE)], amount(one), amount(other), room)
    applied.message = f"正文（第{one.source.page}页）“{each.name}”{what}印为{one.printed}，（第{other.source.page}页）又印为{other.printed}。"
    return applied
