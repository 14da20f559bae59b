"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.settings import MIB, Limits, Settings, SettingsError

PAGE = Path(__file__).parents[1] / "docs" / "cli.md"


def test_defaults_are_those_of_the_contract() -> None:
    limits = Settings.from_environment({}).limits
    assert (limits.max_upload_bytes, limits.max_pages, limits.memory_bytes) == (64 * MIB, 600, 1024 * MIB)
    assert limits.allowance(0) == 60
    assert limits.allowance(10) == 70
    assert limits.allowance(10, ocr_pages=2) == 100


def test_every_setting_is_read_and_listed_for_users() -> None:
    listed = re.findall(r"^\| `(GONGKAI_\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    settings = Settings.from_environment(dict.fromkeys(listed, "7"))
    values = [getattr(settings, name) for name in Settings.__dataclass_fields__ if name != "limits"]
    values += [getattr(settings.limits, name) for name in Limits.__dataclass_fields__]
    assert values == [7] * len(listed)


@pytest.mark.parametrize("text", ["", "0", "-1", "many", "1.5", "1e3", "٣x"])
def test_a_wrong_value_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="GONGKAI_MAX_PAGES"):
        Settings.from_environment({"GONGKAI_MAX_PAGES": text})


def test_an_empty_queue_may_be_wanted() -> None:
    assert Settings.from_environment({"GONGKAI_QUEUE": "0"}).queue == 0
