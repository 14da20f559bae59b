from __future__ import annotations

import gzip

import pytest

from gongkai import packing
from gongkai.openapi import example
from gongkai.packing import pack, unpack
from gongkai.told import Told


def test_what_is_packed_comes_out_again_and_is_the_same_each_time() -> None:
    for data in (b"", b"{}", b"\x00" * 100_000):
        assert unpack(pack(data)) == data and pack(data) == pack(data)


@pytest.mark.parametrize("data", [b"", b"{}", pack(b"some text")[:-1], pack(b"some text")[:5]])
def test_what_is_none_or_cut_is_told(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(data)


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGEST", 1000)
    assert unpack(gzip.compress(b" " * 1000)) == b" " * 1000
    with pytest.raises(ValueError):
        unpack(gzip.compress(b" " * 1001))


def test_what_is_told_of_a_report() -> None:
    report = example()
    told = Told.of(report)
    assert told.pages == sum(len(document.pages) for document in report.documents) > 0
    assert sum(told.grades.values()) == sum(len(form.figures) for form in report.forms) > 0
    assert [each.code for each in told.findings] == [each.code for each in report.findings] != []
    assert Told.model_validate_json(told.model_dump_json()) == told
