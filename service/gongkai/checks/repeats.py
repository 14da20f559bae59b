"""Checks of the prose against itself that need an ``if``: lists with their shares, the same thing said twice, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets
from gongkai.checks.said import PROSE, Printed, Said, Spoken
from gongkai.checks.sheet import amount, quantum
from gongkai.checks.statements import doubt
from gongkai.checks.tolerance import ZERO, said_allowance
from gongkai.checks.words import money
from gongkai.report import Form

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
    amounts = [_said(each, "amount") for each in (whole, *parts)]
    gap = amount(amounts[0]) - sum((amount(each) for each in amounts[1:]), ZERO)
    names = [each.name for each in parts]
    if abs(gap) > said_allowance(amounts, digits=reading.prose.digits, leaves=None) or len(set(names)) < len(
        names
    ):
        return Applied(None, "not_applicable", "所列各项不齐，比例之和不必为100%")
    shares = [_said(each, "share") for each in parts]
    total = sum((share.value or ZERO for share in shares), ZERO)
    room = sum((quantum(share) for share in shares), ZERO) / 2
    applied = _told([(share, 1, PROSE) for share in shares], total, _HUNDRED, room)
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
        operands += [(now, 1, PROSE), (_said(spoken, "change"), -1, PROSE)]
    bases = [amount(operands[n][0]) - amount(operands[n + 1][0]) for n in (0, 2)]
    room = said_allowance([cell for cell, _, _ in operands], digits=reading.prose.digits, leaves=None)
    applied = _told(operands, bases[0], bases[1], room)
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
        cells: list[tuple[Printed, int, Form]] = [(_said(each, "amount"), 1, PROSE) for each in (whole, *own)]
        total = sum((amount(cell) for cell, _, _ in cells[1:]), ZERO)
        room = said_allowance([cell for cell, _, _ in cells], digits=reading.prose.digits, leaves=None)
        applied = _told(cells, amount(cells[0][0]), total, room)
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
        if amount(_said(total, "amount")) == amount(_said(sme, "amount")) and amount(_said(bought, "amount")):
            whole = _said(total, "amount")
            spoken.append((_said(each, "share"), _said(bought, "amount"), each))
    if whole is None:
        yield Applied(None, "not_applicable", "正文没有分类说明授予中小企业的比例，或并非全部授予中小企业")
        return
    wrong = [each for each in spoken if each[0].value != _HUNDRED] or spoken
    cells: list[tuple[Printed, int, Form]] = [
        (cell, 1, PROSE) for share, kind, _ in wrong for cell in (share, kind)
    ]
    applied = _told([*cells, (whole, 1, PROSE)], wrong[0][0].value or ZERO, _HUNDRED, ZERO)
    shares = "、".join(
        f"“{each.name}”采购{kind.printed}占{each.word('share_base')}{share.printed}"
        for share, kind, each in wrong
    )
    applied.message = (
        f"正文（第{whole.source.page}页）授予中小企业合同金额等于政府采购支出总额{whole.printed}，即全部授予中小企业，"
        f"各类采购的比例都应为100%，却印为{shares}。"
    )
    yield applied


def coverage(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """The share of the project (or all) expenditure that is under performance management."""
    spoken = False
    for each in reading.prose.of("performance.coverage", "share"):
        base = each.word("share_base")
        if not each.has("amount") or "支出" not in base:
            continue
        wholes = _projects(reading, sheets) if "项目" in base else _spending(reading, sheets)
        parts = [[_said(each, "amount")]]
        basic = reading.prose.near(each, "performance.coverage", "amount", "基本支出", within=True)
        if "项目" not in base and each.name == "项目支出" and basic is not None:
            parts.append([_said(basic, "amount"), _said(each, "amount")])
        if not wholes:
            continue
        spoken = True
        yield _covered(_said(each, "share"), parts, wholes)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有说明纳入绩效管理的资金所占的比例")


def _covered(share: Said, parts: Sequence[Sequence[Said]], wholes: Sequence[tuple[Printed, Form]]) -> Applied:
    value = share.value or ZERO
    for part in parts:
        for whole, form in wholes:
            sum_, base = sum((amount(one) for one in part), ZERO), amount(whole)
            if base and abs(sum_ / base * _HUNDRED - value) <= quantum(share) / 2 + base_room(whole):
                cells: list[tuple[Printed, int, Form]] = [(one, 1, PROSE) for one in (share, *part)]
                return _told([*cells, (whole, 1, form)], value, value, ZERO)
    whole, form = wholes[0]
    part = parts[0]
    exact = (amount(part[0]) / amount(whole) * _HUNDRED).quantize(Decimal("0.01")) if amount(whole) else ZERO
    applied = _told([(share, 1, PROSE), (part[0], 1, PROSE), (whole, 1, form)], value, exact, ZERO)
    where = "正文" if form is PROSE else f"《{form.title}》"
    applied.message = (
        f"正文（第{share.source.page}页）纳入绩效管理的{part[0].printed}印为占总数的{share.printed}，而{where}"
        f"（第{whole.source.page}页）“{whole.row_label}”{whole.col_label}为{whole.printed}，按此应为{exact}%。"
    )
    return applied


def base_room(whole: Printed) -> Decimal:
    """How far the digits of the whole alone move a percentage."""
    return quantum(whole) / abs(amount(whole)) * _HUNDRED


def _projects(reading: Reading, sheets: Sheets) -> list[tuple[Printed, Form]]:
    found = _cells(sheets, (("general_budget_expenditure", "project"), ("expenditure", "project")))
    return [*found, *_all_said(reading, "expenditure.by_kind", "项目支出")]


def _spending(reading: Reading, sheets: Sheets) -> list[tuple[Printed, Form]]:
    found = _cells(sheets, (("general_budget_expenditure", "total"), ("expenditure", "total")))
    return [*found, *_all_said(reading, "gpb.total", ""), *_all_said(reading, "expenditure.total", "")]


def _cells(sheets: Sheets, places: Sequence[tuple[str, str]]) -> list[tuple[Printed, Form]]:
    found: list[tuple[Printed, Form]] = []
    for form, column in places:
        for sheet in sheets.get(form, ()):
            row = sheet.lines.get("total")
            if row is not None and column in row.cells and row.cells[column].yuan is not None:
                found.append((row.cells[column], sheet.form))
    return found


def _all_said(reading: Reading, fact: str, subject: str) -> list[tuple[Printed, Form]]:
    return [(_said(each, "amount"), PROSE) for each in reading.prose.of(fact, "amount", subject)]


def _same(reading: Reading, first: Spoken, each: Spoken, slot: str, what: str) -> Applied:
    one, other = _said(first, slot), _said(each, slot)
    room = said_allowance([one, other], digits=reading.prose.digits, leaves=1)
    applied = _told([(one, 1, PROSE), (other, 1, PROSE)], amount(one), amount(other), room)
    applied.message = f"正文（第{one.source.page}页）“{each.name}”{what}印为{one.printed}，（第{other.source.page}页）又印为{other.printed}。"
    return applied


def _told(
    cells: Sequence[tuple[Printed, int, Form]], left: Decimal, right: Decimal, room: Decimal
) -> Applied:
    """Two amounts that should agree within ``room``."""
    applied = Applied(None, "pass")
    applied.operands, applied.split = list(cells), 1
    applied.left, applied.right, applied.difference, applied.allowance = left, right, left - right, room
    if abs(left - right) > room:
        applied.verdict, applied.reason = "fail", doubt(applied)
        if applied.reason:
            applied.verdict = "needs_review"
    elif left != right and applied.operands[0][0].quantity == "money":
        applied.verdict = "pass_with_rounding"
    return applied


def _said(spoken: Spoken, slot: str) -> Said:
    said = spoken.said(slot)
    assert said is not None
    return said
