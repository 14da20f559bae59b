"""As ``web``, but with horizontal rules alone: no line parts one column from the next."""

from __future__ import annotations

from pathlib import Path

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import web

RULES = """
body { font-family: 'Noto Sans CJK SC' }
table { border: solid #444; border-width: 1pt 0 }
td { border-width: 0 0 .5pt }
thead td { background: none }
"""


def render(report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    web.print_page(web.page(report, web.STYLE + RULES), target)
