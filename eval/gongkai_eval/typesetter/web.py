"""As some departments print a web page: grey rules, shaded heads, no page numbers, the caption in one line."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

from gongkai_eval.amounts import normal
from gongkai_eval.grid import Span
from gongkai_eval.labels import Block, Labelled, Table
from gongkai_eval.typesetter import office
from gongkai_eval.typesetter.plan import Plan, align, plan

SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)
PORTRAIT, LANDSCAPE = 174.0, 261.0
LABEL_EMS = 11.0
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer",
)  # fmt: skip
STYLE = """
@page { size: A4 portrait; margin: 18mm }
@page wide { size: A4 landscape; margin: 18mm }
body { font: 12pt/1.7 'WenQuanYi Zen Hei'; margin: 0 }
p { margin: 0; text-indent: 2em; white-space: pre-wrap }
.cover p { font-size: 26pt; text-align: center; text-indent: 0; margin-top: 18mm }
.contents p { text-indent: 0 }
.part { break-after: page }
.break { break-before: page }
.wide { page: wide }
h1 { font-size: 18pt; text-align: center }
h2 { font-size: 14pt }
h3 { font-size: 12.5pt }
h1, h2, h3 { margin: 4mm 0; break-after: avoid }
table { border-collapse: collapse; table-layout: fixed; line-height: 1.3 }
td { border: .5pt solid #777; padding: 1mm; overflow-wrap: break-word; white-space: pre-wrap }
thead td { background: #e8eef4; font-weight: bold }
tr { break-inside: avoid }
.title { font-size: 15pt; font-weight: bold; text-align: center; text-indent: 0; break-after: avoid }
.caption { display: flex; justify-content: space-between; font-size: 10pt; break-after: avoid }
.note { font-size: 9.5pt; text-indent: 0 }
.table { margin: 4mm 0 7mm }
"""


def render(report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    print_page(page(report, STYLE), target)


def print_page(html: str, target: Path) -> None:
    """One HTML page to the PDF ``target``, through Chromium."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, printed = folder / "report.html", folder / "report.pdf"
        source.write_text(html, encoding="utf-8")
        places = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}"]
        office.run(["chromium", *OPTIONS, *places, source.as_uri()])
        office.join([printed], target)


def page(report: Labelled, style: str) -> str:
    """The whole report as one HTML page with the style sheet ``style``."""
    written: list[str] = []
    part = last = ""
    for block in report.blocks:
        if block.part != part and block.part != "annex":
            closing = "</section>" if part else ""
            written.append(
                f'{closing}<section class="{"" if block.part == "body" else "part"} {block.part}">'
            )
            part = block.part
        written.append(_block(report, block, last))
        last = normal(block.text)
    body = "".join(written)
    start = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{style}</style>'
    return f"{start}<body>{body}</section></body></html>"


def _block(report: Labelled, block: Block, last: str) -> str:
    if block.kind == "page":
        return '<div class="break"></div>'
    if block.kind == "table":
        return _table(report.table_by_number[block.table], last)
    tag = f"h{block.level}" if block.kind == "heading" else "p"
    return f"<{tag}>{escape(block.text.strip())}</{tag}>"


def _table(table: Table, last: str) -> str:
    layout = plan(table.grid, PORTRAIT, LANDSCAPE, SIZES, LABEL_EMS)
    title = "" if last == normal(table.title) else f'<p class="title">{escape(table.title)}</p>'
    unit = f"单位：{table.unit}" if table.unit else ""
    parts = (table.printed_number, table.entity_line, table.year_line, unit)
    caption = "".join(f"<span>{escape(part)}</span>" for part in parts if part)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
    wide = "table wide" if layout.landscape else "table"
    return (
        f'<div class="{wide}">{title}<div class="caption">{caption}</div>{_grid(table, layout)}{notes}</div>'
    )


def _grid(table: Table, layout: Plan) -> str:
    grid = table.grid
    rows: list[list[str]] = [[] for _ in grid.rows]
    for span in grid.spans():
        rows[span.row].append(_cell(span, align(grid, span)))
    columns = "".join(f'<col style="width:{width}mm">' for width in layout.widths)
    lines = [f"<tr>{''.join(cells)}</tr>" for cells in rows]
    head, body = "".join(lines[: grid.head]), "".join(lines[grid.head :])
    size = f"font-size:{layout.size}pt;width:{sum(layout.widths):.2f}mm"
    return f'<table style="{size}">{columns}<thead>{head}</thead><tbody>{body}</tbody></table>'


def _cell(span: Span, side: str) -> str:
    spans = f'colspan="{span.column_span}" rowspan="{span.row_span}"'
    return f'<td {spans} style="text-align:{side}">{escape(span.text) or "&nbsp;"}</td>'
