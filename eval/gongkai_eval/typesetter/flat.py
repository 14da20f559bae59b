"""Flat ODF text documents, as small pieces of XML: styles, paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from gongkai_eval.grid import Grid, Span

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("svg", "svg-compatible"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
_KEPT = 'fo:keep-with-next="always"'
#: name, how the paragraph stands, how its letters look
_PARAGRAPHS = (
    ("text", 'fo:text-indent="11mm" fo:line-height="150%" fo:text-align="justify"', 'SIZE="15pt"'),
    ("cover", 'fo:text-align="center" fo:margin-top="22mm"', 'SIZE="30pt" WEIGHT="bold"'),
    ("contents-title", 'fo:text-align="center" fo:margin-bottom="6mm"', 'SIZE="20pt" WEIGHT="bold"'),
    ("contents", 'fo:line-height="140%"', 'SIZE="12pt"'),
    ("heading1", 'fo:text-align="center" fo:margin-top="5mm" fo:margin-bottom="5mm"', 'SIZE="20pt" WEIGHT="bold"'),
    ("heading2", f'{_KEPT} fo:text-indent="11mm" fo:margin-top="2mm" fo:margin-bottom="2mm"', 'SIZE="15pt" WEIGHT="bold"'),
    ("heading3", f'{_KEPT} fo:text-indent="11mm" fo:line-height="150%"', 'SIZE="15pt" WEIGHT="bold"'),
    ("table-title", f'{_KEPT} fo:text-align="center" fo:margin-top="4mm"', 'SIZE="16pt" WEIGHT="bold"'),
    ("caption-right", f'{_KEPT} fo:text-align="end"', 'SIZE="10pt"'),
    ("note", 'fo:margin-bottom="3mm"', 'SIZE="10pt"'),
    ("footer", 'fo:text-align="center"', 'SIZE="10pt"'),
)  # fmt: skip
_TABS = {"caption": (78, 156), "caption-wide": (123.5, 247)}


def inline(text: str) -> str:
    """Escaped text that keeps its runs of spaces and its line breaks."""
    spaced = re.sub(r"^ | {2,}", lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(text))
    return spaced.replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")


def paragraph(style: str, content: str) -> str:
    return f"<text:p text:style-name={quoteattr(style)}>{content}</text:p>"


def bookmark(name: str) -> str:
    return f'<text:bookmark text:name="{name}"/>'


def leader(target: str) -> str:
    """The dots of a contents line and the number of the page where ``target`` stands."""
    return f'<text:tab/><text:bookmark-ref text:reference-format="page" text:ref-name="{target}">1</text:bookmark-ref>'


def breaking_style(name: str, parent: str, master: str) -> str:
    """A child of ``parent`` that begins a page, with another page setup when ``master`` is given."""
    page = f' style:master-page-name="{master}"' if master else ""
    properties = "" if master else '<style:paragraph-properties fo:break-before="page"/>'
    child = f'style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}"'
    return f"<style:style {child}{page}>{properties}</style:style>"


def table_style(name: str, widths: tuple[float, ...], size: float) -> str:
    """The styles of one table: its width, its columns (mm), and a paragraph of ``size`` points for each alignment."""
    columns = "".join(
        f'<style:style style:name="{name}.c{n}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}mm"/></style:style>'
        for n, width in enumerate(widths)
    )
    texts = "".join(
        f'<style:style style:name="{name}.{side}" style:family="paragraph">'
        f'<style:paragraph-properties fo:text-align="{side}"/>{_font(size)}</style:style>'
        for side in ("start", "center", "end")
    )
    return (
        f'<style:style style:name="{name}" style:family="table"><style:table-properties '
        f'style:width="{sum(widths):.2f}mm" table:align="center" style:may-break-between-rows="true" '
        f'table:border-model="collapsing"/></style:style>{columns}{texts}'
    )


def _font(size: float) -> str:
    return f'<style:text-properties fo:font-size="{size}pt" style:font-size-asian="{size}pt"/>'


def cells(grid: Grid, write: Callable[[Span], str], covered: Callable[[int], str]) -> list[str]:
    """The XML of each row; ``covered`` writes a column that a cell above or on the left is merged into."""
    starts = {(span.row, span.column): span for span in grid.spans()}
    inner = {(s.row, s.column + n) for s in starts.values() for n in range(1, s.column_span)}

    def at(place: tuple[int, int]) -> str:
        if place in starts:
            return write(starts[place])
        return "" if place in inner else covered(place[1])

    columns = range(len(grid.columns))
    return ["".join(at((row, column)) for column in columns) for row in range(len(grid.rows))]


def covered(columns: int) -> str:
    """``columns`` cells that something merged hides."""
    return f'<table:covered-table-cell table:number-columns-repeated="{columns}"/>' if columns else ""


def cell(table: str, side: str, span: Span) -> str:
    spans = ""
    if span.column_span > 1 or span.row_span > 1:
        spans = (
            f' table:number-columns-spanned="{span.column_span}" table:number-rows-spanned="{span.row_span}"'
        )
    content = paragraph(f"{table}.{side}", inline(span.text))
    return f'<table:table-cell table:style-name="cell"{spans}>{content}</table:table-cell>' + covered(
        span.column_span - 1
    )


def table(name: str, columns: int, head: list[str], body: list[str]) -> str:
    """A table whose ``head`` rows come again on every page that it reaches."""
    widths = "".join(f'<table:table-column table:style-name="{name}.c{n}"/>' for n in range(columns))
    first, rest = "".join(map(_row, head)), "".join(map(_row, body))
    repeated = f"<table:table-header-rows>{first}</table:table-header-rows>" if head else ""
    return (
        f'<table:table table:name="{name}" table:style-name="{name}">{widths}{repeated}{rest}</table:table>'
    )


def _row(content: str) -> str:
    return f'<table:table-row table:style-name="row">{content}</table:table-row>'


def text_document(body: str, styles: str, font: str) -> str:
    """The whole flat ODF text document."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.text">{font_faces(font)}'
        f"<office:styles>{_default(font)}{_paragraph_styles()}</office:styles>"
        f"<office:automatic-styles>{_layouts()}{_CELL}{styles}</office:automatic-styles>{_masters()}"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def font_faces(font: str) -> str:
    return (
        f'<office:font-face-decls><style:font-face style:name="{font}" svg:font-family="\'{font}\'"/>'
        f"</office:font-face-decls>"
    )


_CELL = (
    '<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" '
    'fo:padding="0.6mm" style:vertical-align="middle"/></style:style><style:style style:name="row" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="always" style:min-row-height="6mm"/></style:style>'
)


def _default(font: str) -> str:
    # Punctuation that hangs over the margin is lost when LibreOffice writes the PDF.
    return (
        '<style:default-style style:family="paragraph"><style:paragraph-properties '
        'style:punctuation-wrap="simple"/><style:text-properties '
        f'style:font-name="{font}" style:font-name-asian="{font}" fo:font-size="12pt" style:font-size-asian="12pt" '
        'fo:language="zh" fo:country="CN" style:language-asian="zh" style:country-asian="CN"/></style:default-style>'
    )


def _paragraph_styles() -> str:
    written = []
    for name, layout, text in (
        *_PARAGRAPHS,
        *((name, _KEPT, 'SIZE="10pt"') for name in _TABS),
    ):
        both = re.sub(r'SIZE="(\S+)"', r'fo:font-size="\1" style:font-size-asian="\1"', text)
        both = re.sub(r'WEIGHT="(\S+)"', r'fo:font-weight="\1" style:font-weight-asian="\1"', both)
        written.append(
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {layout}>{_tabs(name)}'
            f"</style:paragraph-properties><style:text-properties {both}/></style:style>"
        )
    return "".join(written)


def _tabs(name: str) -> str:
    if name == "contents":
        stops = '<style:tab-stop style:position="156mm" style:type="right" style:leader-style="dotted" style:leader-text="."/>'
    elif name in _TABS:
        middle, right = _TABS[name]
        stops = (
            f'<style:tab-stop style:position="{middle}mm" style:type="center"/>'
            f'<style:tab-stop style:position="{right}mm" style:type="right"/>'
        )
    else:
        return ""
    return f"<style:tab-stops>{stops}</style:tab-stops>"


def _layouts() -> str:
    return "".join(
        f'<style:page-layout style:name="{name}-layout"><style:page-layout-properties fo:page-width="{width}mm" '
        f'fo:page-height="{height}mm" style:print-orientation="{name}" fo:margin-left="{side}mm" fo:margin-right="{side}mm" '
        f'fo:margin-top="25mm" fo:margin-bottom="15mm"/><style:footer-style><style:header-footer-properties '
        f'fo:min-height="10mm" fo:margin-top="4mm"/></style:footer-style></style:page-layout>'
        for name, width, height, side in (("portrait", 210, 297, 27), ("landscape", 297, 210, 25))
    )


def _masters() -> str:
    footer = f"<style:footer>{paragraph('footer', '- <text:page-number/> -')}</style:footer>"
    return "<office:master-styles>{}{}{}</office:master-styles>".format(
        '<style:master-page style:name="cover" style:page-layout-name="portrait-layout"/>',
        f'<style:master-page style:name="portrait" style:page-layout-name="portrait-layout">{footer}</style:master-page>',
        f'<style:master-page style:name="landscape" style:page-layout-name="landscape-layout">{footer}</style:master-page>',
    )
