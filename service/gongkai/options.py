"""What a result depends on besides the files: a change of any of these makes a new job of the same upload."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gongkai import build, ocr
from gongkai.checks import CATALOGUE_VERSION
from gongkai.llm.settings import LlmSettings
from gongkai.llm.tasks import NAMES, load
from gongkai.report import SCHEMA_VERSION


def current() -> dict[str, Any]:
    """Versions of the Report, the pipeline, the catalogue and the OCR engine, and the model (``None`` without them). Raises
    ``SettingsError``."""
    return {
        "schema": SCHEMA_VERSION,
        "pipeline": build.name(),
        "catalogue": CATALOGUE_VERSION,
        "ocr": _version("rapidocr") if ocr.available() else None,
        "model": model(LlmSettings.from_environment()),
    }


def model(settings: LlmSettings | None) -> dict[str, str] | None:
    """The model that is asked, and a short name for all prompts and schemas that it is asked with."""
    if settings is None:
        return None
    stamps = "".join(load(task).stamp for task in NAMES)
    return {"name": settings.model, "prompts": sha256(stamps.encode()).hexdigest()[:12]}


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
