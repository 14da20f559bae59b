"""Labelled reports rendered to PDF the way departments do it; shares no code with the reader.

A further style is one module with ``render(report, target)`` and one line in :data:`STYLES`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import lined, sheet, web, word

STYLES: dict[str, Callable[[Labelled, Path], None]] = {
    "word": word.render,
    "sheet": sheet.render,
    "web": web.render,
    "lined": lined.render,
}


def version() -> str:
    """A fingerprint of the typesetter's own sources: what it made with other sources is stale."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
