"""Labelled reports rendered to PDF the way departments do it; shares no code with the reader.

A further style is one module with ``render(report, target)`` and one line in :data:`STYLES`; the styles of pages that are
hard on purpose are in :mod:`gongkai_eval.typesetter.messy` and are measured when they are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import lined, messy, sheet, web, word

STYLES: dict[str, Callable[[Labelled, Path], None]] = {
    "word": word.render,
    "sheet": sheet.render,
    "web": web.render,
    "lined": lined.render,
}


def named(styles: str) -> list[str]:
    """The styles of a list with commas, in which ``messy`` stands for all the messy ones; ValueError for an unknown name."""
    names: list[str] = []
    for name in filter(None, styles.split(",")):
        if name not in (*STYLES, *messy.STYLES, "messy"):
            raise ValueError(f"no style {name!r}: {', '.join((*STYLES, *messy.STYLES))}, messy")
        names += messy.STYLES if name == "messy" else (name,)
    return names


def renderer(style: str) -> Callable[[Labelled, Path], None]:
    """What typesets a report in a style of either kind."""
    return STYLES[style] if style in STYLES else partial(messy.render, style)


def version() -> str:
    """A fingerprint of the typesetter's own sources: what it made with other sources is stale."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
