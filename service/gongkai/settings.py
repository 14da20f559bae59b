"""Settings, each from one environment variable; a wrong value stops the program with a sentence that says which."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

MIB = 1024 * 1024


class SettingsError(ValueError):
    """An environment variable that Gongkai cannot use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may cost. Sizes in bytes, times in seconds.

    ``max_upload_bytes`` is the sum over the files of one submission, ``max_pages`` likewise; the clock allows ``seconds``
    and then ``seconds_per_page`` for each page and ``seconds_per_ocr_page`` more for each page that has to be read by OCR.
    """

    max_upload_bytes: int = 64 * MIB
    max_pages: int = 600
    max_files: int = 20
    seconds: int = 60
    seconds_per_page: int = 1
    seconds_per_ocr_page: int = 15
    memory_bytes: int = 1024 * MIB

    def allowance(self, pages: int, ocr_pages: int = 0) -> float:
        """Seconds that ``pages`` pages may take, ``ocr_pages`` of them pictures."""
        return self.seconds + self.seconds_per_page * pages + self.seconds_per_ocr_page * ocr_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process works: ``workers`` children at once, ``queue`` submissions waiting for one.

    A child is replaced after ``child_documents`` submissions or when it holds ``child_growth_bytes`` more than when it began.
    """

    limits: Limits = field(default_factory=Limits)
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))
    queue: int = 16
    child_documents: int = 100
    child_growth_bytes: int = 128 * MIB

    @staticmethod
    def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
        """Defaults, overridden by ``GONGKAI_`` + the field's name in capitals (``GONGKAI_MAX_PAGES=900``).

        Raises :class:`SettingsError`.
        """
        own = _integers(Settings, environ)
        return Settings(limits=Limits(**_integers(Limits, environ)), **own)


def _integers(cls: type, environ: Mapping[str, str]) -> dict[str, int]:
    names = (f.name for f in fields(cls) if f.name != "limits")
    variables = {name: f"GONGKAI_{name.upper()}" for name in names}
    return {
        name: _integer(variable, environ[variable])
        for name, variable in variables.items()
        if variable in environ
    }


def _integer(variable: str, text: str) -> int:
    least = 0 if variable == "GONGKAI_QUEUE" else 1
    if not text.strip().isdecimal() or int(text) < least:
        raise SettingsError(f"环境变量 {variable} 应为不小于 {least} 的整数，现为“{text}”。")
    return int(text)
