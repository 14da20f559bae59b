"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.settings import MIB, Limits, Settings, SettingsError

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"


def test_defaults_are_those_of_the_contract() -> None:
    limits = Settings.from_environment({}).limits
    assert (limits.max_upload_bytes, limits.max_pages, limits.memory_bytes) == (64 * MIB, 600, 1024 * MIB)
    assert limits.allowance(0) == 60
    assert limits.allowance(10) == 70
    assert limits.allowance(10, ocr_pages=2) == 100


def test_every_setting_is_read_and_listed_for_users(tmp_path: Path) -> None:
    listed = re.findall(r"^\| `(GONGKAI_\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    words = {"GONGKAI_DATA_DIR": "/7", "GONGKAI_DATABASE_URL": "postgresql://h/7", "GONGKAI_LOG": "json"}
    environ = dict.fromkeys(listed, "7") | words
    settings = Settings.from_environment(environ)
    values = [getattr(settings, name) for name in Settings.__dataclass_fields__ if name != "limits"]
    values += [getattr(settings.limits, name) for name in Limits.__dataclass_fields__]
    assert sorted(map(str, values)) == sorted(environ.values())
    file = tmp_path / "settings.toml"
    lines = (f"{name.removeprefix('GONGKAI_').lower()} = {value!r}\n" for name, value in environ.items())
    file.write_text("".join(lines), encoding="utf-8")
    assert Settings.from_environment({"GONGKAI_CONFIG": str(file)}) == settings
    both = Settings.from_environment({"GONGKAI_CONFIG": str(file), "GONGKAI_WORKERS": "3"})
    assert both == replace(settings, workers=3)


def test_a_database_and_its_password_are_not_shown() -> None:
    settings = Settings.from_environment({"GONGKAI_DATABASE_URL": "postgresql://u:secret@h/d"})
    assert "secret" not in repr(settings)
    with pytest.raises(SettingsError, match="GONGKAI_DATABASE_URL") as raised:
        Settings.from_environment({"GONGKAI_DATABASE_URL": "mysql://u:secret@h/d"})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("text", ["unknown = 1", "max_pages = 0", "not TOML"])
def test_a_wrong_file_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="GONGKAI_CONFIG|GONGKAI_MAX_PAGES"):
        Settings.from_environment({"GONGKAI_CONFIG": str(file)})
    with pytest.raises(SettingsError, match="GONGKAI_CONFIG"):
        Settings.from_environment({"GONGKAI_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("text", ["", "0", "-1", "many", "1.5", "1e3", "٣x"])
def test_a_wrong_value_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="GONGKAI_MAX_PAGES"):
        Settings.from_environment({"GONGKAI_MAX_PAGES": text})


def test_a_wrong_form_of_logs_is_named() -> None:
    with pytest.raises(SettingsError, match="GONGKAI_LOG"):
        Settings.from_environment({"GONGKAI_LOG": "xml"})


def test_an_empty_queue_may_be_wanted() -> None:
    assert Settings.from_environment({"GONGKAI_QUEUE": "0"}).queue == 0
