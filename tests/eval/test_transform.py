from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from gongkai_eval import transform
from gongkai_eval.labels import Labelled


def test_every_amount_is_multiplied_and_nothing_else(labelled: Labelled) -> None:
    disguised = transform.disguise(labelled, seed=4)
    pairs = list(zip(labelled.truth(), disguised.truth(), strict=True))
    factors = {
        Decimal(new.value or 0) / Decimal(old.value)
        for old, new in pairs
        if old.value and Decimal(old.value) and new.value
    }
    assert len(factors) == 1 and factors.pop() > 1
    assert [(new.row_key, new.col_key, new.state) for _, new in pairs] == [
        (o.row_key, o.col_key, o.state) for o, _ in pairs
    ]


def test_sums_still_hold(labelled: Labelled) -> None:
    rows = {
        (c.row_key, c.col_key): Decimal(c.value or 0) for c in transform.disguise(labelled).tables[1].truth()
    }
    for column in "1234":
        assert rows["合计", column] == rows["208", column] + rows["213", column]


def test_no_name_of_the_sample_is_left(labelled: Labelled) -> None:
    disguised = transform.disguise(labelled)
    text = "\n".join(
        [*(b.text for b in disguised.blocks), *(t.entity_line for t in disguised.tables), disguised.title]
    )
    assert "云溪" not in text and "水文监测服务中心" not in text and "水利局" not in text
    assert text.count(disguised.entity) >= 5
    assert disguised == transform.disguise(labelled)
    assert disguised != dataclasses.replace(transform.disguise(labelled, seed=1), id=disguised.id)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出1222.90万元，占92.7%", "支出3668.70万元，占92.7%"),
        ("共 1,222.90 元", "共 3,668.70 元"),
        ("单价100万元以上设备2台", "单价100万元以上设备2台"),
        ("50万元（含）以上", "50万元（含）以上"),
        ("2022年公开07表，3个、30人次", "2022年公开07表，3个、30人次"),
        ("增加0.00万元", "增加0.00万元"),
    ],
)
def test_prose(text: str, expected: str) -> None:
    assert transform.rescale_prose(text, 3) == expected


def test_without_a_text_there_is_nothing_to_disguise(labelled: Labelled) -> None:
    with pytest.raises(ValueError, match=r"report\.txt"):
        transform.disguise(dataclasses.replace(labelled, blocks=()))
