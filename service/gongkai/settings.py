"""Settings: environment variables, or the same names in a TOML file; a wrong value stops the program with a sentence that says which.

``docs/settings.md`` lists them all.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MIB = 1024 * 1024
PREFIX = "GONGKAI_"
FILE = "GONGKAI_CONFIG"
LOGS = ("plain", "json")
MAY_BE_ZERO = ("queue", "workers", "retention_days", "require_keys", "webhook_private")


class SettingsError(ValueError):
    """A setting that Gongkai cannot use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may cost. Sizes in bytes, times in seconds.

    ``max_upload_bytes`` is the sum over the files of one submission, ``max_pages`` likewise; the clock allows ``seconds``
    and then ``seconds_per_page`` for each page and ``seconds_per_ocr_page`` more for each page that has to be read by OCR.
    """

    max_upload_bytes: int = 64 * MIB
    max_pages: int = 600
    max_files: int = 20
    max_batch_files: int = 1000
    seconds: int = 60
    seconds_per_page: int = 1
    seconds_per_ocr_page: int = 15
    memory_bytes: int = 1024 * MIB

    def allowance(self, pages: int, ocr_pages: int = 0) -> float:
        """Seconds that ``pages`` pages may take, ``ocr_pages`` of them pictures."""
        return self.seconds + self.seconds_per_page * pages + self.seconds_per_ocr_page * ocr_pages


def _data_dir() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "gongkai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process works: ``workers`` children at once, ``queue`` jobs waiting for one.

    A child is replaced after ``child_documents`` submissions or when it holds ``child_growth_bytes`` more than when it began.
    Jobs are kept in ``database_url`` (PostgreSQL), without one in an SQLite file in ``data_dir``; a finished one is deleted after
    ``retention_days``, 0 = never. With
    ``require_keys`` = 1 an API key is wanted on a loopback address too; with ``webhook_private`` = 1 webhooks may lead inside. ``log`` is the form
    of the lines on stderr: plain or json.
    """

    limits: Limits = field(default_factory=Limits)
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))
    queue: int = 20_000
    child_documents: int = 100
    child_growth_bytes: int = 128 * MIB
    data_dir: Path = field(default_factory=_data_dir)
    database_url: str = field(default="", repr=False)
    retention_days: int = 0
    require_keys: int = 0
    webhook_private: int = 0
    log: str = "plain"

    @staticmethod
    def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
        """Defaults, overridden by the file that ``GONGKAI_CONFIG`` names (``max_pages = 900``), overridden by ``GONGKAI_`` + the
        name in capitals (``GONGKAI_MAX_PAGES=900``).

        Raises :class:`SettingsError`.
        """
        names = _names(Limits) | _names(Settings)
        given: dict[str, Any] = _from_file(environ.get(FILE, ""), names)
        given |= {name: environ[_variable(name)] for name in names if _variable(name) in environ}
        values: dict[str, Any] = {name: _read(name, value) for name, value in given.items()}
        of_limits = {name: values.pop(name) for name in _names(Limits) if name in values}
        return Settings(limits=Limits(**of_limits), **values)


def _names(cls: type) -> set[str]:
    return {f.name for f in fields(cls)} - {"limits"}


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _from_file(path: str, names: set[str]) -> dict[str, Any]:
    if not path:
        return {}
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SettingsError(f"环境变量 {FILE} 指定的文件无法读取，或不是 TOML。") from None
    if unknown := sorted(values.keys() - names):
        raise SettingsError(f"环境变量 {FILE} 指定的文件中没有名为 {unknown[0]} 的设置。")
    return values


def _read(name: str, value: Any) -> int | str | Path:
    if name == "data_dir":
        return Path(str(value)).expanduser().absolute()
    if name == "database_url":
        return _database_url(str(value).strip())
    if name == "log":
        return _log(str(value).strip())
    text, least = str(value).strip(), 0 if name in MAY_BE_ZERO else 1
    if not text.isdecimal() or int(text) < least:
        raise SettingsError(f"环境变量 {_variable(name)} 应为不小于 {least} 的整数，现为“{value}”。")
    return int(text)


def _log(text: str) -> str:
    if text not in LOGS:
        raise SettingsError(f"环境变量 {_variable('log')} 应为 {' 或 '.join(LOGS)}，现为“{text}”。")
    return text


def _database_url(text: str) -> str:
    if text and urlsplit(text).scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise SettingsError(
            f"环境变量 {_variable('database_url')} 应为 PostgreSQL 地址：postgresql://用户:密码@主机/数据库。"
        )
    return text
