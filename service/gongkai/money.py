"""An amount as it is printed, read once: the only maker of a :class:`gongkai.report.Figure`.

The digits come from the page and are never changed here. What is not surely a number stays ``unread``; nothing is guessed from
magnitude, and a unit that is not printed leaves ``yuan`` empty.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gongkai.report import Figure, FigureState, Grade, Method, Quantity, Source, Unit

SCALE: dict[str, int] = {"元": 0, "千元": 3, "万元": 4, "亿元": 8}
_UNITS: dict[str, Unit] = {"元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元"}
FEN = Decimal("0.01")
PRINTED = 0.99  # confidence in a sound text layer in a sure grid
PROVED = 0.999  # the same with an identity that holds through it; docs/report.md has what was measured
PLACED = 0.25  # row or column in doubt and no sum that says otherwise: docs/report.md has what was measured
NAMED = (
    0.2  # in doubt is what the row or column is called, which no sum says: below PLACED, not measured apart
)
MAX_LENGTH = 28  # characters: longer than any public account's figure
MAX_DIGITS = 20  # and this many in 亿元 are still exact in 元, in the 28 digits of decimal arithmetic

_NUMBER = re.compile(
    r"""^[¥]?(?P<open>\()?[¥]?(?P<sign>[-−△▲])?
        (?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?
        (?P<close>\))?(?P<percent>%)?(?P<unit>元|千元|万元|亿元|分)?$""",
    re.VERBOSE,
)
_DASH = re.compile(r"^[-—–―─━−]$")
_DASHES = re.compile(r"^(?:[-—–―─━−]{2,}|不适用|/|×|N/A)$")
_SECRET = re.compile(r"^(?:\*+|涉密|不予公开|不公开|依法不予公开|保密)$")
_SPLIT = re.compile(r"(?<=\d)\s+(?=\d)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount: ``value`` in ``unit``, ``yuan`` and ``quantum_yuan`` in 元 (``None`` unless money with a known unit)."""

    value: Decimal | None
    unit: Unit | None
    yuan: Decimal | None
    quantum_yuan: Decimal | None
    state: FigureState


@lru_cache(maxsize=8192)
def parse(printed: str, unit: Unit | None, quantity: Quantity = "money") -> Amount:
    """What ``printed`` says in a column of ``quantity`` and ``unit``. Never raises: what is no number is ``unread``."""
    plain = unicodedata.normalize("NFKC", printed).strip()
    if not plain:
        return _without_value(unit, "blank")
    if _DASH.match(plain) and quantity == "money":
        return Amount(Decimal(0), unit, Decimal(0) if unit in SCALE else None, None, "value")
    if _DASH.match(plain) or _DASHES.match(plain):
        return _without_value(unit, "not_applicable")
    if _SECRET.match(plain):
        return _without_value(unit, "not_disclosed")
    if len(plain) > MAX_LENGTH or _SPLIT.search(plain):
        return _without_value(unit, "unread")
    found = _NUMBER.match("".join(plain.split()))
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["open"] and found["sign"]):
        return _without_value(unit, "unread")
    value = Decimal(found["whole"].replace(",", "") + (found["fraction"] or ""))
    if len(value.as_tuple().digits) > MAX_DIGITS:
        return _without_value(unit, "unread")
    if (found["sign"] or found["open"]) and value:
        value = -value
    if found["unit"] == "分" and quantity != "score":
        return _without_value(unit, "unread")
    if quantity != "money":
        return Amount(value, "%" if found["percent"] else unit, None, None, "value")
    if found["percent"]:
        return _without_value(unit, "unread")
    return _money(value, _UNITS.get(found["unit"] or "", unit))


def _without_value(unit: Unit | None, state: FigureState) -> Amount:
    return Amount(None, unit, None, None, state)


def _money(value: Decimal, unit: Unit | None) -> Amount:
    if unit is None or unit not in SCALE:
        return Amount(value, unit, None, None, "value")
    quantum = Decimal(1).scaleb(int(value.as_tuple().exponent))
    return Amount(value, unit, _in_yuan(value, unit), _in_yuan(quantum, unit), "value")


def _in_yuan(amount: Decimal, unit: str) -> Decimal:
    """Exact, with no exponent above zero, so that it prints as plain digits."""
    yuan = amount.scaleb(SCALE[unit])
    return yuan.quantize(Decimal(1)) if int(yuan.as_tuple().exponent) > 0 else yuan


def read(
    printed: str,
    *,
    id: str,
    row_key: str,
    row_label: str,
    line: str | None,
    col_key: str,
    col_label: str,
    measure: str | None,
    unit: Unit | None,
    quantity: Quantity,
    source: Source,
    method: Method = "native",
    grade: Grade = "sure",
    confidence: float = PRINTED,
) -> Figure:
    """The figure printed in one cell. ``printed`` is kept as it stands; a cell that is no number comes ``unread``."""
    amount = parse(printed, unit, quantity)
    if amount.state == "unread":
        grade, confidence = "unread", 0.0
    elif amount.quantum_yuan is not None and amount.quantum_yuan < FEN and grade == "sure":
        grade, confidence = "check", 0.5  # no account is kept below a fen: two cells may have run together
    return Figure(
        id=id,
        row_key=row_key,
        row_label=row_label,
        line=line,
        col_key=col_key,
        col_label=col_label,
        measure=measure,
        printed=printed,
        value=amount.value,
        unit=amount.unit,
        yuan=amount.yuan,
        quantum_yuan=amount.quantum_yuan,
        quantity=quantity,
        state=amount.state,
        source=source,
        method=method,
        grade=grade,
        confidence=confidence,
    )


def reread(figure: Figure, printed: str, *, method: Method, confidence: float) -> Figure:
    """The figure of the same cell with another reading of its image: grade ``check`` at best."""
    return read(
        printed,
        id=figure.id,
        row_key=figure.row_key,
        row_label=figure.row_label,
        line=figure.line,
        col_key=figure.col_key,
        col_label=figure.col_label,
        measure=figure.measure,
        unit=figure.unit,
        quantity=figure.quantity,
        source=figure.source,
        method=method,
        grade="check",
        confidence=confidence,
    )
