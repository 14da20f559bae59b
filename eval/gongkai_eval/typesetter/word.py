"""As most departments publish: one text document, typed and saved as PDF.

Upright prose with a footer of page numbers, wide tables on turned pages, the head of a table repeated where a
page cuts it, small tables sharing a page.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from gongkai_eval.amounts import normal
from gongkai_eval.labels import Block, Labelled, Table, split_heading
from gongkai_eval.typesetter import flat, office
from gongkai_eval.typesetter.plan import Plan, align, plan

FONT = "Noto Serif CJK SC"
SIZES = (10.5, 9.0, 8.0, 7.0, 6.0)
PORTRAIT, LANDSCAPE = 156.0, 247.0
LABEL_EMS = 9.0


def render(report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "report.fodt")
        source.write_text(document(report, report.blocks), encoding="utf-8")
        office.join(office.convert([source], Path(folder)), target)


def document(report: Labelled, blocks: tuple[Block, ...], leaders: bool = True) -> str:
    """The flat ODF text of a run of blocks; ``leaders`` prints dots and page numbers in the contents."""
    return _Writer(report, leaders).write(blocks)


class _Writer:
    """Writes blocks one after the other and remembers what the page setup needs: part, orientation, pending breaks."""

    def __init__(self, report: Labelled, leaders: bool) -> None:
        self.report = report
        self.leaders = leaders
        self.body: list[str] = []
        self.styles: list[str] = []
        self.master = ""
        self.part = ""
        self.breaks = False
        self.last = ""
        self.targets: dict[str, str] = {}

    def write(self, blocks: tuple[Block, ...]) -> str:
        self.targets = _targets(self.report, blocks)
        below = "portrait"
        masters = [below := self._master(block, below) for block in reversed(blocks)]
        for block, master in zip(blocks, reversed(masters), strict=True):
            self._block(block, master)
        return flat.text_document("".join(self.body), "".join(self.styles), FONT)

    def _master(self, block: Block, below: str) -> str:
        """The page setup of a block: a table's own, a small heading's that of the table right under it."""
        if block.kind == "table":
            return (
                "landscape" if self._plan(self.report.table_by_number[block.table]).landscape else "portrait"
            )
        if block.part == "cover":
            return "cover"
        return below if block.kind == "heading" and block.level > 1 else "portrait"

    def _plan(self, table: Table) -> Plan:
        return plan(table.grid, PORTRAIT, LANDSCAPE, SIZES, LABEL_EMS)

    def _block(self, block: Block, master: str) -> None:
        if block.part != self.part and block.part != "annex":
            self.part, self.breaks = block.part, bool(self.body)
        if block.kind == "page":
            self.breaks = True
        elif block.kind == "table":
            self._table(self.report.table_by_number[block.table])
        elif block.part == "cover":
            self._paragraph("cover", block.text, master)
        elif block.part == "contents":
            self._contents(block)
        elif block.kind == "heading":
            self._paragraph(f"heading{block.level}", block.text, master, mark=True)
        else:
            self._paragraph("text", block.text, master)

    def _paragraph(self, style: str, text: str, master: str, mark: bool = False, inner: str = "") -> None:
        self.last = normal(text)
        content = inner or flat.inline(text)
        if mark and self.last in self.targets:
            content = flat.bookmark(self.targets.pop(self.last)) + content
        self.body.append(flat.paragraph(self._styled(style, master), content))

    def _styled(self, style: str, master: str) -> str:
        """The paragraph style, or a child of it that turns the page when the page setup changes here."""
        if master == self.master and not self.breaks:
            return style
        name = f"{style}-{len(self.styles)}"
        changed = master if master != self.master else ""
        self.styles.append(flat.breaking_style(name, style, changed))
        self.master, self.breaks = master, False
        return name

    def _contents(self, block: Block) -> None:
        text = block.text
        if normal(text) == "目录":
            return self._paragraph("contents-title", text, "portrait")
        line = _plain(text)
        target = self.targets.get(line) or self.targets.get(split_heading(line)[1])
        inner = flat.inline(text) + flat.leader(target) if self.leaders and target else ""
        self._paragraph("contents", text, "portrait", inner=inner)

    def _table(self, table: Table) -> None:
        layout = self._plan(table)
        master = "landscape" if layout.landscape else "portrait"
        tabs = "-wide" if layout.landscape else ""
        if self.last != normal(table.title):
            self._paragraph("table-title", table.title, master, mark=True)
        if table.printed_number:
            self._paragraph("caption-right", table.printed_number, master)
        unit = f"金额单位：{table.unit}" if table.unit else ""
        if table.entity_line or table.year_line or unit:
            parts = "<text:tab/>".join(
                flat.inline(part) for part in (table.entity_line, table.year_line, unit)
            )
            self._paragraph(f"caption{tabs}", "", master, inner=parts)
        self.body.append(self._grid(table, layout))
        for note in table.notes:
            self._paragraph("note", note, master)
        if not table.notes:
            self._paragraph("note", "", master)

    def _grid(self, table: Table, layout: Plan) -> str:
        name = f"t{table.number}"
        self.styles.append(flat.table_style(name, layout.widths, layout.size))
        grid = table.grid
        lines = flat.cells(
            grid, lambda span: flat.cell(name, align(grid, span), span), lambda _: flat.covered(1)
        )
        return flat.table(name, len(grid.columns), lines[: grid.head], lines[grid.head :])


def _plain(text: str) -> str:
    return normal(text).lstrip("-·•")


def _targets(report: Labelled, blocks: tuple[Block, ...]) -> dict[str, str]:
    """The lines of the contents → the bookmark of the heading or table that they announce."""
    printed = {normal(block.text) for block in blocks if block.kind == "heading"}
    titles = {normal(table.title) for table in report.tables}
    targets: dict[str, str] = {}
    for block in blocks:
        line = _plain(block.text)
        title = split_heading(line)[1]
        if block.part == "contents" and (line in printed or title in titles):
            targets.setdefault(line if line in printed else title, f"b{len(targets)}")
    return targets
