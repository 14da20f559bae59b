"""How the other amounts of a table are printed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from checks.account_notation import forms
from checks.accounts import FINAL

from gongkai.alike import decimals, printed_alike
from gongkai.report import Form

TEXTS = ("550.00", "550.0030201", "550", "-", "1,550.00")


@pytest.mark.parametrize(
    ("text", "places"),
    [("1,208.44", 2), ("(3.2)", 1), ("85.00%", 2), ("－12", 0), ("０.５０", 2), ("-", None), ("—", None)],
)
def test_decimals_are_counted(text: str, places: int | None) -> None:
    assert decimals(text) == places


def printed(form: Form, *texts: str) -> Form:
    """``form`` with its first amounts printed as ``texts``, the rest blank."""
    figures = [
        replace(f, printed=text, state="value" if text else "blank")
        for f, text in zip(form.figures, (*texts, *[""] * len(form.figures)), strict=False)
    ]
    return replace(form, figures=tuple(figures))


@pytest.mark.parametrize(
    ("others", "fitting"),
    [
        (("1.00", "2.00", "00"), ("550.00", "1,550.00")),
        (("1.00", "-"), ("550.00", "-", "1,550.00")),
        (("12", "7", "8.50"), ("550",)),
        ((), ()),
    ],
)
def test_what_is_printed_otherwise_than_most_is_left_out(
    others: tuple[str, ...], fitting: tuple[str, ...]
) -> None:
    form = next(iter(forms(FINAL)))
    *_, figure = form.figures
    assert printed_alike(figure, printed(form, *others), TEXTS) == fitting
