"""The columns of the five tables, read from ``tables.toml``, and values brought to what every database can hold.

Nothing that leaves here is an empty text, holds U+0000 or a lone surrogate, or is longer than its column in bytes, be the
bytes UTF-8 or GB18030.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Type = Literal["code", "name", "key", "text", "integer", "amount", "share", "points"]
Value = str | int | Decimal | None

PRECISION: Mapping[str, tuple[int, int]] = {"amount": (38, 8), "share": (5, 4), "points": (9, 2)}
"""Digits of a decimal type in all, and after the point."""
WIDEST = 4  # bytes of a character, in UTF-8 and in GB18030
_UNFIT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``size`` is in characters (0: any length); ``title`` says in Chinese what it holds, ``origin`` where in the Report it stands."""

    name: str
    type: Type
    title: str
    origin: str
    size: int = 0
    key: bool = False

    @property
    def bytes(self) -> int:
        """The most bytes that a value takes; 0: any number."""
        return self.size if self.type == "code" else self.size * WIDEST

    def fit(self, value: Any) -> Value:
        """``value`` as this column can hold it; ``None`` for an empty text and for a number that has no room."""
        if value is None or value == "":
            return None
        if self.type == "integer":
            return int(value)
        if self.type in PRECISION:
            return fit_decimal(value, *PRECISION[self.type], exact=self.type == "amount")
        return fit_text(str(value), self.size, key=self.type == "key", code=self.type == "code") or None


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """``{table: its columns in order}``: documents, figures, mentions, findings, checks."""
    with (Path(__file__).with_name("tables.toml")).open("rb") as file:
        read: dict[str, dict[str, dict[str, Any]]] = tomllib.load(file)
    common = read.pop("common")
    return MappingProxyType(
        {
            table: tuple(
                Column(name=name, origin=about["from"], **{k: v for k, v in about.items() if k != "from"})
                for name, about in (common | columns).items()
            )
            for table, columns in read.items()
        }
    )


@lru_cache(maxsize=65536)
def fit_text(text: str, size: int, *, key: bool = False, code: bool = False) -> str:
    """``text`` in at most ``size`` characters (of a ``code``: bytes; 0: any number), cut with ``…``.

    A ``key`` loses its white space, and ends in a hash of the whole where it is cut.
    """
    text = _UNFIT.sub("\ufffd", text)
    if key:
        text = "_".join(text.split())
    length = _bytes if code else len
    if not size or length(text) <= size:
        return text
    end = f"~{sha256(text.encode()).hexdigest()[:12]}" if key else "…"
    room = size - length(end)
    kept = text[:room]
    while length(kept) > room:
        kept = kept[:-1]
    return kept + end


def fit_decimal(number: Any, digits: int, scale: int, *, exact: bool) -> Decimal | None:
    """``number`` with plain digits, ``None`` if ``digits`` do not hold it; rounded to ``scale`` digits unless ``exact``."""
    value = number if isinstance(number, Decimal) else Decimal(str(number))
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    if exponent < -scale:
        if exact:
            return None
        value = value.quantize(Decimal(1).scaleb(-scale))
    if value and value.adjusted() >= digits - scale:
        return None
    return value if exponent <= 0 else value.quantize(Decimal(1))


def _bytes(text: str) -> int:
    return max(len(text.encode()), len(text.encode("gb18030")))
