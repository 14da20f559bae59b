"""What a result depends on besides the files: a change of any of these makes a new job of the same upload."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gongkai import ocr
from gongkai.checks import CATALOGUE_VERSION
from gongkai.report import SCHEMA_VERSION


def current() -> dict[str, Any]:
    """Versions of the Report, the pipeline, the catalogue and the OCR engine (``None`` without it)."""
    return {
        "schema": SCHEMA_VERSION,
        "pipeline": version("gongkai"),
        "catalogue": CATALOGUE_VERSION,
        "ocr": _version("rapidocr") if ocr.available() else None,
        "model": None,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
