"""Tables without rules: none at all, by our own press, LibreOffice; three of them (``threeline``), by Chromium."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from gongkai_eval.labels import Labelled, Table
from gongkai_eval.typesetter import office, sheet, web
from gongkai_eval.typesetter.messy.paper import Box
from gongkai_eval.typesetter.messy.press import Press
from gongkai_eval.typesetter.messy.strip import Cell, Strip, lay
from gongkai_eval.typesetter.plan import Plan

THREE_LINES = """
body { font-family: 'Noto Serif CJK SC' }
table { border: solid #000; border-width: 1.2pt 0 }
td { border: 0; padding: .8mm 1mm }
thead { border-bottom: .7pt solid #000 }
thead td { background: none; font-weight: normal }
"""


class Bare(Press):
    """Narrow label columns, so that labels wrap over two to five lines, and nothing drawn."""

    name = "borderless"
    label_ems = 5.0

    def strip(self, table: Table, layout: Plan) -> Strip:
        return lay(table.grid, layout, self.face, pad=2.5)

    def rules(self, strip: Strip, cells: Iterable[Cell], boxes: Iterable[Box]) -> None:
        return


def sheet_without_rules(report: Labelled, target: Path) -> None:
    """``sheet`` as the finance system prints it when nobody has drawn borders; raises :class:`office.TypesettingError`."""
    reworked(report, target, {'fo:border="0.5pt solid #000000"': 'fo:border="none"'})


def reworked(report: Labelled, target: Path, changes: dict[str, str]) -> None:
    """``sheet`` with its XML changed before LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [sheet._write(report, run, folder, n) for n, run in enumerate(sheet._runs(report.blocks))]
        for source in sources:
            text = source.read_text(encoding="utf-8")
            for old, new in changes.items() if source.suffix == ".fods" else ():
                if old not in text:
                    raise office.TypesettingError(f"{source.name}: no {old!r} to change")
                text = text.replace(old, new)
            source.write_text(text, encoding="utf-8")
        office.join(office.convert(sources, folder), target)


def three_lines(report: Labelled, target: Path) -> None:
    """A rule above the head, one below it, one at the end; raises :class:`office.TypesettingError`."""
    web.print_page(web.page(report, web.STYLE + THREE_LINES), target)
