"""Settings of the model's door: ``GONGKAI_LLM_…`` in the environment, or the same names in a TOML file.

``GONGKAI_LLM_FILE`` names the file (``base_url``, ``model``, ``prices`` …); the environment wins. Key and address are left out
of every representation.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gongkai.settings import SettingsError

PREFIX = "GONGKAI_LLM_"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in the currency of the budget."""

    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """Which model, how long to wait (seconds), how much it may cost.

    ``attempts`` counts the first; ``retry_after`` is the longest wait that a server may ask for; ``breaker_failures`` failures
    in a row close the door for ``breaker_seconds``. ``thinking_tokens`` are allowed on top of an answer to a model that thinks.
    ``cache`` is the folder of answers and of what is known about endpoints; ``None`` keeps nothing.
    """

    base_url: str = field(repr=False)
    model: str
    api_key: str = field(default="", repr=False)
    connect_seconds: float = 5
    read_seconds: float = 60
    call_seconds: float = 90
    document_seconds: float = 180
    attempts: int = 4
    retry_after: float = 20
    breaker_failures: int = 5
    breaker_seconds: float = 30
    concurrency: int = 4
    calls_per_minute: int = 600
    reply_bytes: int = 512 * 1024
    prompt_characters: int = 12_000
    thinking_tokens: int = 2048
    document_calls: int = 60
    document_tokens: int = 60_000
    document_money: Decimal | None = None
    run_calls: int = 10_000
    run_tokens: int = 10_000_000
    run_money: Decimal | None = None
    images: bool = False
    cache: Path | None = None
    ca_file: Path | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)

    @staticmethod
    def from_environment(environ: Mapping[str, str] = os.environ) -> LlmSettings | None:
        """``None`` if no model is configured. Raises :class:`SettingsError` naming what is wrong, without its value."""
        given: dict[str, Any] = _from_file(environ.get(PREFIX + "FILE", ""))
        names = {PREFIX + f.name.upper(): f.name for f in fields(LlmSettings)}
        known = {*names, PREFIX + "FILE"}
        if unknown := sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
            raise SettingsError(f"没有名为 {unknown[0]} 的环境变量。")
        given |= {name: environ[variable] for variable, name in names.items() if environ.get(variable)}
        if not given.get("base_url") and not given.get("model"):
            return None
        for name in ("base_url", "model"):
            if not given.get(name):
                raise SettingsError(f"缺少环境变量 {PREFIX}{name.upper()}。")
        settings = LlmSettings(**{name: _value(name, value) for name, value in given.items()})
        if (settings.document_money or settings.run_money) and settings.model not in settings.prices:
            raise SettingsError(f"设了金额上限，但 {PREFIX}PRICES 中没有模型 {settings.model} 的价格。")
        return settings


def _from_file(name: str) -> dict[str, Any]:
    if not name:
        return {}
    try:
        values = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SettingsError(f"{PREFIX}FILE 指定的文件无法读取，或不是 TOML。") from None
    if unknown := sorted(values.keys() - {f.name for f in fields(LlmSettings)}):
        raise SettingsError(f"{PREFIX}FILE 指定的文件中没有名为 {unknown[0]} 的设置。")
    return values


def _value(name: str, given: Any) -> Any:
    reader = _READERS.get(name) or _KINDS[name]
    try:
        return reader(given)
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        raise SettingsError(f"{PREFIX}{name.upper()} 的值不可用：{_EXPECTED[name]}。") from None


def _positive(kind: type[int] | type[float]) -> Any:
    def read(given: Any) -> int | float:
        if isinstance(given, bool) or not 0 < (number := kind(str(given))) < float("inf"):
            raise ValueError
        return number

    return read


def _money(given: Any) -> Decimal:
    amount = Decimal(str(given))
    if not amount.is_finite() or amount < 0:
        raise ValueError
    return amount


def _flag(given: Any) -> bool:
    if str(given).lower() not in ("0", "1", "true", "false"):
        raise ValueError
    return str(given).lower() in ("1", "true")


def _url(given: Any) -> str:
    parts = urlsplit(str(given).strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise ValueError
    return str(given).strip().rstrip("/")


def _prices(given: Any) -> dict[str, Price]:
    table = json.loads(given) if isinstance(given, str) else given
    return {
        str(model): Price(_money(of_input), _money(of_output))
        for model, (of_input, of_output) in table.items()
    }


_READERS: dict[str, Any] = {
    "base_url": _url,
    "model": lambda given: str(given).strip(),
    "api_key": lambda given: str(given).strip(),
    "document_money": _money,
    "run_money": _money,
    "images": _flag,
    "cache": lambda given: Path(str(given)).expanduser(),
    "ca_file": lambda given: Path(str(given)).expanduser(),
    "prices": _prices,
}
_KINDS: dict[str, Any] = {
    f.name: _positive(type(f.default))
    for f in fields(LlmSettings)
    if f.default is not MISSING and type(f.default) in (int, float) and f.name not in _READERS
}
_EXPECTED: dict[str, str] = {f.name: "应为大于 0 的数" for f in fields(LlmSettings)} | {
    "base_url": "应为 http 或 https 地址，不含用户名和参数",
    "images": "应为 0 或 1",
    "document_money": "应为不小于 0 的金额",
    "run_money": "应为不小于 0 的金额",
    "prices": '应为 {"模型": ["每百万输入词元价格", "每百万输出词元价格"]}',
}
