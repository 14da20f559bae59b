"""Every amount in a passage, tagged: money, percentages, counts, areas, scores. What only looks like one is left alone.

An amount is a number with its unit right after it. Years and dates, numbers of items, documents, codes and telephones have no such
unit; a threshold inside a name (``单价100万元以上设备``), an ordinal (第3次) and a range (2-3次) are no amounts either. A unit is never
inherited from the amount before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from gongkai import money
from gongkai.facts.passages import Passage
from gongkai.report import Grade, Quantity, Unit

_MONEY = "亿元|千万元|百万元|万元|千元|元"
_COUNT = {
    "个": "个(?!月|工作日|百分点|小时|亿|别|人|性|体)",
    "人次": "人次",
    "人": "人(?![均口大民座员头文力才体工])|名(?![称录单词])",
    "批次": "批次?(?![准复])",
    "辆": "辆",
    "台": r"台\(套\)|台|套(?!房|路|餐)",
}
_OTHER_COUNT = "家|户|次|件(?!套)|份|场(?!所)|项(?!目|级)|期|处(?!室)|所|例|亩|吨|公里|块|条|册|副|篇"
_UNIT = (
    rf"(?P<money>{_MONEY})|(?P<short>万(?=[,。;:、()]|$))|(?P<percent>%|个百分点)"
    r"|(?P<area>平方米|m2|平米)|(?P<score>分(?=[,。;:、()的]|以[上下]|$))"
    + "".join(f"|(?P<count{index}>{pattern})" for index, pattern in enumerate(_COUNT.values()))
    + rf"|(?P<other>{_OTHER_COUNT})"
)
# A number is taken whole, its commas and spaces with it, unit or not: what follows a comma is never a number of its own by accident.
_NUMBER = re.compile(
    r"(?P<number>\d+(?:,\d+)*(?:\.\d+)?(?:\ \d[\d,]*(?:\.\d+)?)*)(?P<about>[多余])?(?:" + _UNIT + ")?"
)
# Numbers without a unit that words or neighbours make amounts: 增长13.95。, 减少4.5,下降3% (money, of no unit) and the first of 4125.49,4143.91万元.
_BARE_RATE = re.compile(r"(?<=增长|下降|降低|减少|增加|占比)\d+(?:\.\d+)?(?=[,。;])")
_BARE_CHANGE = re.compile(
    r"(?<=增长|下降|降低|减少|增加)\d+(?:\.\d+)?(?=,(?:同比)?(?:增长|下降|降低|减少|增加|增幅|降幅)(?:了|为|约)?\d[\d.]*%)"
)
_BARE_MONEY = re.compile(rf"(?<![\d.,])\d+\.\d+(?=[,、和]\d[\d,.]*(?:{_MONEY}))")
_THRESHOLD = re.compile(r"\(?(?:不?含)?\)?及?以[上下内]")
_LEVEL = re.compile(r"\(\d{2}项\)")  # of a code: 行政运行(01项)
_UNITS = frozenset(get_args(Unit))


@dataclass(frozen=True, slots=True)
class Amount:
    """One tagged amount, at ``plain[start:stop]`` of its passage. ``unit`` is None where the contract has none for it (3家) or none is
    printed; ``word`` is the unit as written. ``value`` is None if the digits cannot be read surely."""

    start: int
    stop: int
    printed: str
    quantity: Quantity
    unit: Unit | None
    word: str
    value: Decimal | None
    yuan: Decimal | None
    quantum_yuan: Decimal | None
    grade: Grade


def amounts_in(passage: Passage) -> tuple[Amount, ...]:
    """The amounts of ``passage`` from left to right, never overlapping."""
    plain = passage.plain
    found = {amount.start: amount for amount in _tagged(passage, plain)}
    for pattern, quantity in ((_BARE_MONEY, "money"), (_BARE_CHANGE, "money"), (_BARE_RATE, "percent")):
        for match in pattern.finditer(plain) if found or quantity == "percent" else ():
            bare = _amount(passage, *match.span(), match[0], quantity, None, "", "check")  # type: ignore[arg-type]
            found.setdefault(match.start(), bare)
    return tuple(found[start] for start in sorted(found))


def _tagged(passage: Passage, plain: str) -> Iterator[Amount]:
    for match in _NUMBER.finditer(plain):
        kind, start = match.lastgroup, match.start()
        if kind is None or kind in ("number", "about"):
            continue
        before, further = plain[max(start - 1, 0) : start], plain[max(start - 2, 0) : start - 1]
        dash = before in ("-", "−")
        if before and (
            before in "第~–〔[" or (before.isascii() and before.isalpha()) or (dash and further.isdigit())
        ):
            continue
        if _LEVEL.match(plain, match.start() - 1):
            continue
        quantity, unit = _meaning(kind, match[kind])
        if quantity == "money" and _THRESHOLD.match(plain, match.end()):
            continue
        sign = before if dash else ""
        grade: Grade = "check" if match["about"] or sign or kind == "short" else "sure"
        number = sign + match["number"]
        yield _amount(passage, start - len(sign), match.end(), number, quantity, unit, match[kind], grade)


def _meaning(kind: str, word: str) -> tuple[Quantity, Unit | None]:
    """Quantity and unit of a matched group."""
    if kind in ("money", "short"):
        unit = "万元" if kind == "short" else word
        return "money", unit if unit in _UNITS else None  # type: ignore[return-value]
    if kind == "percent":
        return "percent", "%"
    if kind in ("area", "score"):
        return ("area", "平方米") if kind == "area" else ("score", "分")
    if kind == "other":
        return "count", None
    return "count", list(_COUNT)[int(kind.removeprefix("count"))]  # type: ignore[return-value]


def _amount(
    passage: Passage,
    start: int,
    stop: int,
    number: str,
    quantity: Quantity,
    unit: Unit | None,
    word: str,
    grade: Grade,
) -> Amount:
    read = money.parse(number, unit, quantity)
    return Amount(
        start=start,
        stop=stop,
        printed=passage.quote(start, stop),
        quantity=quantity,
        unit=unit,
        word=word,
        value=read.value,
        yuan=read.yuan,
        quantum_yuan=read.quantum_yuan,
        grade=grade if read.state == "value" else "unread",
    )
