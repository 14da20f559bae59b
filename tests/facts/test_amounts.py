"""What is an amount in prose, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.facts import Passage
from gongkai.facts.amounts import Amount, amounts_in


def tagged(text: str) -> list[Amount]:
    return list(amounts_in(Passage(text, "typed")))


@pytest.mark.parametrize(
    ("text", "printed", "quantity", "unit", "value"),
    [
        ("支出 1,234.50 万元", "1,234.50 万元", "money", "万元", "1234.50"),
        ("支出１２．５万元。", "１２．５万元", "money", "万元", "12.5"),
        ("补助减少804100元；", "804100元", "money", "元", "804100"),
        ("节约2.96亿元，", "2.96亿元", "money", "亿元", "2.96"),
        ("占 99.92 %；", "99.92 %", "percent", "%", "99.92"),
        ("增长-5.2%。", "-5.2%", "percent", "%", "-5.2"),
        ("累计30人次。", "30人次", "count", "人次", "30"),
        ("编制 338 名，", "338 名", "count", "人", "338"),
        ("接待2批次", "2批次", "count", "批次", "2"),
        ("共有车辆6辆，", "6辆", "count", "辆", "6"),
        ("设备0台（套）。", "0台（套）", "count", "台", "0"),
        ("涉及项目39个，", "39个", "count", "个", "39"),
        ("下属单位3家", "3家", "count", None, "3"),
        ("面积1410.86平方米。", "1410.86平方米", "area", "平方米", "1410.86"),
        ("面积90㎡。", "90㎡", "area", "平方米", "90"),
        ("得分95分。", "95分", "score", "分", "95"),
    ],
)
def test_amount(text: str, printed: str, quantity: str, unit: str | None, value: str) -> None:
    (found,) = tagged(text)
    assert (found.printed, found.quantity, found.unit, found.value) == (
        printed,
        quantity,
        unit,
        Decimal(value),
    )


def test_money_comes_in_yuan_with_its_last_digit() -> None:
    (found,) = tagged("支出87.5万元。")
    assert (found.yuan, found.quantum_yuan, found.grade) == (Decimal(875000), Decimal(1000), "sure")


@pytest.mark.parametrize(
    "text",
    [
        "2022年度收入，截至2022年12月31日",
        "财预〔2016〕143号、苏财预[2017]19号",
        "2101550事业运行、30108机关事业单位基本养老保险缴费",
        "热线12345，电话0733-28680000",
        "单价100万元以上设备、单位价值50万元（含）以上通用设备、100万元（不含）以上专用设备",
        "第3次会议、第2个项目",
        "每年组织2-3次",
        "打造15分钟服务圈，历时3个月",
        "3号楼4楼",
        "1.收入 2、支出（3）结余",
        "为7人座商务用车",
    ],
)
def test_no_amount(text: str) -> None:
    assert tagged(text) == []


def test_a_unit_is_not_inherited() -> None:
    assert [amount.printed for amount in tagged("安排10、20万元")] == ["20万元"]


@pytest.mark.parametrize("text", ["支出1 234.56万元", "支出12,34.56万元"])
def test_digits_that_may_have_run_apart_are_not_read(text: str) -> None:
    (found,) = tagged(text)
    assert (found.value, found.grade) == (None, "unread")


def test_the_point_of_an_item_is_no_decimal_point() -> None:
    assert [amount.printed for amount in tagged("1．500万元用于购置设备")] == ["500万元"]


def test_a_comma_between_two_numbers_parts_them() -> None:
    assert [amount.printed for amount in tagged("完成100%，3个项目；支出5万元，10万元结转")] == [
        "100%",
        "3个",
        "5万元",
        "10万元",
    ]


@pytest.mark.parametrize("text", ["投入200多万元。", "国内接待0.39万（含外宾接待）"])
def test_approximate_and_misprinted_units_are_to_be_checked(text: str) -> None:
    (found,) = tagged(text)
    assert found.grade == "check"


def test_a_rate_without_its_sign_is_still_an_amount() -> None:
    found = tagged("支出增加193.20万元，增长13.95。主要原因")
    assert [(amount.printed, amount.unit) for amount in found] == [("193.20万元", "万元"), ("13.95", None)]
