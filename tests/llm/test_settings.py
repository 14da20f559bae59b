"""The door's settings: from the environment or a file, a wrong one named, secrets never shown."""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.llm.settings import PREFIX, LlmSettings, Price
from gongkai.settings import SettingsError

PAGE = Path(__file__).parents[2] / "docs" / "llm.md"
LEAST = {"GONGKAI_LLM_BASE_URL": "http://model.local:8000/v1/", "GONGKAI_LLM_MODEL": "qwen"}


def test_no_model_unless_one_is_named() -> None:
    assert LlmSettings.from_environment({}) is None
    assert (
        LlmSettings.from_environment({"GONGKAI_LLM_API_KEY": "k", "GONGKAI_LLM_DOCUMENT_CALLS": "3"}) is None
    )


def test_address_and_model_are_enough() -> None:
    settings = LlmSettings.from_environment(LEAST)
    assert settings is not None
    assert (settings.base_url, settings.model, settings.api_key) == ("http://model.local:8000/v1", "qwen", "")
    assert settings.prices == {} and settings.run_money is None and settings.cache is None


def test_every_setting_is_listed_for_users() -> None:
    listed = set(re.findall(r"`GONGKAI_LLM_(\w+)`", PAGE.read_text(encoding="utf-8")))
    assert listed == {field.name.upper() for field in fields(LlmSettings)} | {"FILE"}


def test_the_defaults_on_the_page_are_the_defaults() -> None:
    rows = re.findall(
        r"^\| `GONGKAI_LLM_(\w+)` \| ([\d,]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    usual = LlmSettings(base_url="", model="")
    assert len(rows) >= 15
    for name, printed in rows:
        assert getattr(usual, name.lower()) == int(printed.replace(",", "")), name


def test_each_setting_is_read() -> None:
    numbers = {
        field.name: field.default for field in fields(LlmSettings) if type(field.default) in (int, float)
    }
    given = {PREFIX + name.upper(): "7" for name in numbers}
    settings = LlmSettings.from_environment({**LEAST, **given})
    assert [getattr(settings, name) for name in numbers] == [7] * len(numbers)


def test_a_file_and_the_environment_over_it(tmp_path: Path) -> None:
    file = tmp_path / "llm.toml"
    file.write_text(
        'base_url = "https://models.example/v1"\nmodel = "one"\ndocument_calls = 9\nimages = true\n'
        'document_money = "1.50"\n[prices]\none = ["0.5", "2"]\ntwo = ["1", "4"]\n',
        encoding="utf-8",
    )
    settings = LlmSettings.from_environment({"GONGKAI_LLM_FILE": str(file), "GONGKAI_LLM_MODEL": "two"})
    assert settings is not None
    assert (settings.model, settings.document_calls, settings.images) == ("two", 9, True)
    assert settings.document_money == Decimal("1.50")
    assert settings.prices["two"] == Price(Decimal(1), Decimal(4))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "ftp://secret.example/v1"),
        ("BASE_URL", "https://user:secret@models.example/v1"),
        ("BASE_URL", "secret"),
        ("DOCUMENT_CALLS", "secret"),
        ("DOCUMENT_CALLS", "0"),
        ("DOCUMENT_CALLS", "1.5"),
        ("READ_SECONDS", "-secret"),
        ("READ_SECONDS", "nan"),
        ("READ_SECONDS", "inf"),
        ("IMAGES", "secret"),
        ("RUN_MONEY", "secret"),
        ("RUN_MONEY", "-1"),
        ("PRICES", "secret"),
        ("PRICES", '["secret"]'),
        ("PRICES", '{"qwen": "secret"}'),
        ("PRICES", '{"qwen": ["1"]}'),
        ("FILE", "/secret/llm.toml"),
        ("TEMPERATURE", "secret"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"GONGKAI_LLM_{name}") as caught:
        LlmSettings.from_environment({**LEAST, f"GONGKAI_LLM_{name}": value})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("missing", LEAST)
def test_address_without_model_or_model_without_address(missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        LlmSettings.from_environment({name: value for name, value in LEAST.items() if name != missing})


def test_a_limit_of_money_needs_a_price() -> None:
    with pytest.raises(SettingsError, match="qwen"):
        LlmSettings.from_environment({**LEAST, "GONGKAI_LLM_RUN_MONEY": "10"})
    prices = {"GONGKAI_LLM_PRICES": '{"qwen": ["0.8", "2"]}'}
    assert LlmSettings.from_environment({**LEAST, "GONGKAI_LLM_RUN_MONEY": "10", **prices}) is not None


def test_a_file_with_an_unknown_name(tmp_path: Path) -> None:
    file = tmp_path / "llm.toml"
    file.write_text('adress = "x"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="adress"):
        LlmSettings.from_environment({"GONGKAI_LLM_FILE": str(file)})


def test_a_representation_shows_no_secret() -> None:
    shown = repr(LlmSettings(base_url="https://internal.example/v1", model="qwen", api_key="sk-1"))
    assert "internal" not in shown and "sk-1" not in shown and "qwen" in shown
