"""Finds the files that travel with the package: ``prompts/`` and ``schemas/``, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOTS = (_HERE / "_data", _HERE.parents[1])  # in the wheel, in a checkout


def path(name: str) -> Path:
    """The path of ``name``, e.g. ``schemas/report.json``; raises ``FileNotFoundError``."""
    for root in _ROOTS:
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is neither in the package nor in the checkout")
