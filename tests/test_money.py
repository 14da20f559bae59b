"""Amounts as departments print them: the digits stay, the states stay apart, nothing is guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.money import parse

WAN = "万元"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,196.83", "1196.83"),
        ("1196.83", "1196.83"),
        ("１，１９６．８３", "1196.83"),
        ("-1.23", "-1.23"),
        ("－1.23", "-1.23"),
        ("(1.23)", "-1.23"),
        ("（1.23）", "-1.23"),
        ("△1.23", "-1.23"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("-0.00", "0.00"),
        ("11,229.\n01", "11229.01"),
        ("¥12.00", "12.00"),
    ],
)
def test_a_printed_amount_keeps_its_digits(printed: str, value: str) -> None:
    amount = parse(printed, WAN)
    assert (amount.state, str(amount.value)) == ("value", value)


@pytest.mark.parametrize("printed", ["-", "—", "－", "–"])
def test_a_lone_dash_in_a_money_column_is_zero_without_digits(printed: str) -> None:
    amount = parse(printed, WAN)
    assert (amount.state, amount.value, amount.yuan, amount.quantum_yuan) == ("value", 0, 0, None)


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("────", "not_applicable"),
        ("——", "not_applicable"),
        ("不适用", "not_applicable"),
        ("***", "not_disclosed"),
        ("涉密", "not_disclosed"),
        ("12 34", "unread"),
        ("301 01", "unread"),
        ("1,23", "unread"),
        ("12,3456.00", "unread"),
        ("1.2.3", "unread"),
        ("(1.23", "unread"),
        ("(-1.23)", "unread"),
        ("12.5%", "unread"),
        ("详见附表", "unread"),
        ("9" * 40, "unread"),
    ],
)
def test_what_is_no_amount_is_told_apart_and_never_zero(printed: str, state: str) -> None:
    amount = parse(printed, WAN)
    assert (amount.state, amount.value, amount.yuan) == (state, None, None)


@pytest.mark.parametrize(
    ("printed", "unit", "yuan", "quantum"),
    [
        ("11,208.44", "万元", "112084400", "100"),
        ("12", "万元", "120000", "10000"),
        ("25730935.53", "元", "25730935.53", "0.01"),
        ("1.5", "亿元", "150000000", "10000000"),
        ("3.25", "千元", "3250", "10"),
    ],
)
def test_yuan_and_quantum_follow_the_printed_unit(printed: str, unit: str, yuan: str, quantum: str) -> None:
    amount = parse(printed, unit)  # type: ignore[arg-type]
    assert (str(amount.yuan), str(amount.quantum_yuan)) == (yuan, quantum)


def test_a_unit_that_is_not_printed_is_never_guessed() -> None:
    amount = parse("123.00", None)
    assert (amount.value, amount.yuan, amount.quantum_yuan) == (Decimal("123.00"), None, None)


def test_a_unit_in_the_cell_outranks_the_table() -> None:
    assert parse("5万元", "元").yuan == Decimal(50000)


def test_counts_and_percentages_are_no_money() -> None:
    assert parse("12.5%", "%", "percent").value == Decimal("12.5")
    assert parse("3", None, "count").yuan is None
    assert parse("-", None, "count").state == "not_applicable"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_two_decimal_amount_survives_printing(amount: Decimal) -> None:
    read = parse(f"{amount:,.2f}", "元")
    assert read.state == "value" and read.value == amount and read.yuan == amount


@given(st.text(max_size=40))
def test_no_text_raises_and_no_value_is_made_without_digits(text: str) -> None:
    amount = parse(text, "元")
    if amount.value:
        assert any(ch.isdigit() for ch in text)


def test_digits_that_arithmetic_cannot_hold_are_no_number() -> None:
    """Two cells that ran together: twenty digits of 亿元 are exact in 元, more are none of an account's."""
    assert parse("1" * 20, "亿元").yuan == Decimal("1" * 20 + "0" * 8)
    assert parse("1" * 21, "亿元").state == parse("1" * 28, None).state == "unread"
