"""What is possible and rarely meant: extreme percentages, people without money, a year that went exactly as planned. Mostly off by default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets, judged
from gongkai.checks.residue import residue
from gongkai.checks.said import Said
from gongkai.checks.sheet import amount

_LIMITS = {"completion": (Decimal(10), Decimal(300)), "rate": (None, Decimal(500))}
_COUNTS = (
    ("sangong.reception_counts", ("batches", "persons"), "公务接待费"),
    ("sangong.abroad_counts", ("groups", "persons"), "因公出国（境）费"),
)
_MANY = 5
"""As many items that all went as planned are remarkable."""


def extremes(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Completion below 10 % or above 300 %, a change of more than five times."""
    spoken = False
    for each in reading.prose.spoken:
        for slot, (low, high) in _LIMITS.items():
            said = each.said(slot)
            if said is None or said.value is None or each.fact.startswith("work."):
                continue
            spoken = True
            value = abs(said.value)
            far = value > high or (low is not None and 0 < value < low)
            message = f"正文（第{said.source.page}页）“{each.name}”{said.col_label}印为{said.printed}，请复核并说明原因。"
            yield judged([said], far, message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有印比例")


def counts(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Guests and travellers cost something; a car may be bought by another office."""
    spoken = False
    for fact, slots, item in _COUNTS:
        paid = reading.prose.of("sangong.item", "amount", item)
        for each in reading.prose.by_fact.get(fact, ()):
            number = next(
                (said for slot in slots if (said := each.said(slot)) is not None and said.value), None
            )
            if number is None or not paid or "外" in each.name:
                continue
            spoken = True
            costs = [said for one in paid if (said := one.said("amount")) is not None]
            message = f"正文（第{number.source.page}页）“{item}”的支出为{costs[0].printed}，却有{number.quote}，请核对或说明原因。"
            yield judged([number, costs[0]], all(amount(cost) == 0 for cost in costs), message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有说明接待、出国的批次和人次")


def as_planned(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Every item at exactly its initial budget."""
    said = [each.said("completion") for each in reading.prose.of("gpb.detail_item", "completion")]
    found = [each for each in said if each is not None]
    if len(found) < _MANY:
        yield Applied(None, "not_applicable", f"正文逐项说明完成比例的不足{_MANY}项")
        return
    message = f"正文（第{found[0].source.page}页起）{len(found)}项支出都恰好完成年初预算的100%，年初预算数可能误用了调整后的预算数。"
    yield judged(found, all(each.value == 100 for each in found), message)


def unmoved(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """No reasons are given for what has not changed."""
    spoken = False
    for each in reading.prose.spoken:
        change, reason, way = each.said("change"), each.said("reason"), each.said("direction")
        if way is None:
            continue
        spoken = True
        level = way.printed in ("持平", "一致", "相同") or (change is not None and change.value == 0)
        cells: list[Said] = [way, *([reason] if reason is not None else [])]
        message = f"正文（第{way.source.page}页）“{each.name}”没有增减，却写了增减的原因“{reason.printed[:40] if reason else ''}”。"
        yield judged(
            cells, level and reason is not None and bool(re.search("增|减", reason.printed)), message
        )
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有说明增减")


def zero_items(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """Classes and items of 0 that the template lists are left out."""
    items = [
        *reading.prose.of("gpb.structure_item", "amount"),
        *reading.prose.of("gpb.detail_item", "amount"),
    ]
    places = [
        said
        for each in items
        if (said := each.said("amount")) is not None and said.value == 0 and not each.has("budget")
    ]
    if items:
        yield residue(places, "列有金额为0的科目")
    else:
        yield Applied(None, "not_applicable", "正文没有分科目说明支出")
