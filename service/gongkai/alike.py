"""Which readings of a cell are printed as the other amounts of its table are. Pure.

A reading that took digits of the next cell with it (0.2031012 for 0.20 beside 31012), or lost its last one, differs from what is printed
by less than rounding does: sums cannot tell, the number of decimals can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gongkai.ocr.evidence import plainly
from gongkai.report import Figure, Form


def decimals(text: str) -> int | None:
    """How many decimals an amount is printed with; ``None`` for a dash, which has no digits."""
    plain = plainly(text).rstrip("%)")
    if not any(character.isdigit() for character in plain):
        return None
    return len(plain.partition(".")[2])


def printed_alike(figure: Figure, form: Form, texts: Iterable[str]) -> tuple[str, ...]:
    """Those of ``texts`` that have as many decimals as most amounts of the same quantity in ``form``; dashes, where it prints some."""
    read = [f for f in form.figures if f.state == "value" and f.quantity == figure.quantity]
    counts = Counter(decimals(f.printed) for f in read if f.id != figure.id)
    dashes = counts.pop(None, 0)
    usual = {places for places, _ in counts.most_common(1)} | ({None} if dashes else set())
    return tuple(text for text in texts if decimals(text) in usual)
