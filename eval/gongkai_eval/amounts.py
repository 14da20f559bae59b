"""What a printed cell says, read by rules of its own: the evaluation must not trust the reader's parser."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from gongkai.report import FigureState

DASHES = "-－−—–―‐‑─━"
_NUMBER = re.compile(r"[-−]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_WITHHELD = re.compile(r"\*+|(?:不予|不)公开|涉密")


def normal(text: str) -> str:
    """NFKC without any white space: the form in which keys, titles and section texts are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def number(text: str) -> Decimal | None:
    """The number that a cell prints (``-1,196.83``, ``85.00%``, ``（3.2）`` = -3.2; full-width digits too), or None."""
    plain = normal(text).removesuffix("%")
    negative = re.fullmatch(r"\((\d.*)\)", plain)
    body = negative.group(1) if negative else plain
    if not _NUMBER.fullmatch(body):
        return None
    value = Decimal(body.replace(",", "").replace("−", "-"))
    return -value if negative else value


def state(text: str) -> FigureState | None:
    """The state of a cell that may hold a number; None when it holds something else (a mistyped label).

    A lone dash is a printed zero; two or more in a row (``────``) mean that the cell does not apply.
    """
    plain = re.sub(r"\s+", "", text)
    if not plain:
        return "blank"
    if all(character in DASHES for character in plain):
        return "value" if len(plain) == 1 else "not_applicable"
    if _WITHHELD.fullmatch(plain):
        return "not_disclosed"
    return "value" if number(plain) is not None else None


def value(text: str) -> str | None:
    """The value as a decimal string without commas; ``"0"`` for a lone dash, None unless the state is value."""
    if state(text) != "value":
        return None
    amount = number(text)
    return "0" if amount is None else format(amount, "f")
