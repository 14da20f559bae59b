"""Labelled reports rendered to PDF the way departments do it; shares no code with the reader.

A further style is one module with ``render(report, target)`` and one line in :data:`STYLES`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import sheet, web, word

STYLES: dict[str, Callable[[Labelled, Path], None]] = {
    "word": word.render,
    "sheet": sheet.render,
    "web": web.render,
}
