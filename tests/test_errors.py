"""Refusals are one class each, told apart everywhere, and the page for users lists them as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.errors import REFUSALS, Crashed, Encrypted, Refusal, TooLarge, TooManyPages, from_wire

PAGE = Path(__file__).parents[1] / "docs" / "refusals.md"


def test_every_refusal_has_its_own_name_and_exit_code() -> None:
    assert len(REFUSALS) == 10
    assert sorted(cls.exit_code for cls in REFUSALS.values()) == list(range(10, 20))
    assert len({cls.title for cls in REFUSALS.values()}) == 10


def test_the_page_for_users_lists_every_refusal_with_its_codes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: (int(exit_code), int(status)) for name, exit_code, status in rows}
    assert listed == {name: (cls.exit_code, cls.status) for name, cls in REFUSALS.items()}


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_refusal_says_in_chinese_what_is_wrong_and_what_to_do(name: str) -> None:
    refusal = from_wire({"type": name})
    problem = refusal.problem()
    assert problem["type"] == f"urn:gongkai:problem:{name}"
    assert problem["status"] == type(refusal).status
    assert problem["detail"] == refusal.happened + refusal.way_out
    assert re.search("[\u4e00-\u9fff]", problem["title"])
    assert problem["detail"].endswith("。") and problem["detail"].count("。") >= 2
    assert "file_name" not in problem


@pytest.mark.parametrize(
    "refusal", [TooManyPages(900, 600), TooLarge(64 * 1024**2), Encrypted(file_name="甲.pdf")]
)
def test_a_refusal_survives_the_way_between_processes(refusal: Refusal) -> None:
    again = from_wire(refusal.wire())
    assert type(again) is type(refusal)
    assert again.problem() == refusal.problem()
    assert str(again) == str(refusal)


def test_what_was_measured_is_told() -> None:
    assert "900" in TooManyPages(900, 600).detail and "600" in TooManyPages(900, 600).detail
    assert "64 MiB" in TooLarge(64 * 1024**2).detail


def test_an_unknown_refusal_is_a_crash() -> None:
    assert isinstance(from_wire({"type": "surprise"}), Crashed)
