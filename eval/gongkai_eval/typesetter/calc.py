"""Flat ODF spreadsheets, as small pieces of XML."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from gongkai_eval.typesetter.flat import NAMESPACES, covered, font_faces

_STYLES = {
    "title": ("center", 16, False, "bold"),
    "heading": ("start", 14, False, "bold"),
    "note": ("start", 10, False, "normal"),
    "plain-start": ("start", 11, False, "normal"),
    "plain-center": ("center", 11, False, "normal"),
    "plain-end": ("end", 11, False, "normal"),
    "grid-start": ("start", 11, True, "normal"),
    "grid-center": ("center", 11, True, "normal"),
    "grid-end": ("end", 11, True, "normal"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: the XML of its rows, its column widths and row heights (mm)."""

    rows: tuple[str, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    landscape: bool


def cell(style: str, columns: int, rows: int, text: str) -> str:
    """A cell over ``columns`` and ``rows``, with the covered cells that follow it in its own row."""
    spans = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n") if text)
    kind = ' office:value-type="string"' if text else ""
    return f'<table:table-cell table:style-name="{style}"{spans}{kind}>{lines}</table:table-cell>' + covered(
        columns - 1
    )


def workbook(pages: list[Page], font: str) -> str:
    """The whole flat ODF spreadsheet, each page a sheet of its own."""
    heights = sorted({height for page in pages for height in page.heights})
    widths = sorted({width for page in pages for width in page.widths})
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">{font_faces(font)}'
        f"<office:automatic-styles>{_sizes('row', heights)}{_sizes('column', widths)}{_cells(font)}{_layouts()}"
        f"</office:automatic-styles>{_masters()}<office:body><office:spreadsheet>"
        f"{''.join(_sheet(page, n) for n, page in enumerate(pages, 1))}"
        f"</office:spreadsheet></office:body></office:document>"
    )


def _sizes(kind: str, lengths: list[float]) -> str:
    name = "row-height" if kind == "row" else "column-width"
    fixed = ' style:use-optimal-row-height="false"' if kind == "row" else ""
    return "".join(
        f'<style:style style:name="{kind}{length:.2f}" style:family="table-{kind}">'
        f'<style:table-{kind}-properties style:{name}="{length:.2f}mm"{fixed}/></style:style>'
        for length in lengths
    )


def _cells(font: str) -> str:
    written = []
    for name, (side, size, ruled, weight) in _STYLES.items():
        border = "0.5pt solid #000000" if ruled else "none"
        written.append(
            f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
            f'fo:border="{border}" style:vertical-align="middle" fo:wrap-option="wrap" fo:padding="0.3mm" '
            f'style:text-align-source="fix"/><style:paragraph-properties fo:text-align="{side}"/>'
            f'<style:text-properties style:font-name="{font}" style:font-name-asian="{font}" fo:font-size="{size}pt" '
            f'style:font-size-asian="{size}pt" fo:font-weight="{weight}" style:font-weight-asian="{weight}"/>'
            "</style:style>"
        )
    for name in _PAGES:
        written.append(
            f'<style:style style:name="sheet-{name}" style:family="table" style:master-page-name="{name}">'
            '<style:table-properties table:display="true"/></style:style>'
        )
    return "".join(written)


_PAGES = {"portrait": (210, 297), "landscape": (297, 210)}


def _layouts() -> str:
    return "".join(
        f'<style:page-layout style:name="{name}-layout"><style:page-layout-properties fo:page-width="{width}mm" '
        f'fo:page-height="{height}mm" style:print-orientation="{name}" fo:margin="15mm" style:scale-to-X="1" '
        'style:scale-to-Y="0" style:table-centering="horizontal"/><style:footer-style><style:header-footer-properties '
        'fo:min-height="7mm" fo:margin-top="2mm"/></style:footer-style></style:page-layout>'
        for name, (width, height) in _PAGES.items()
    )


def _masters() -> str:
    return "<office:master-styles>{}</office:master-styles>".format(
        "".join(
            f'<style:master-page style:name="{name}" style:page-layout-name="{name}-layout"><style:header '
            'style:display="false"/><style:footer><text:p>第 <text:page-number/> 页</text:p></style:footer>'
            "</style:master-page>"
            for name in _PAGES
        )
    )


def _sheet(page: Page, number: int) -> str:
    columns = "".join(f'<table:table-column table:style-name="column{width:.2f}"/>' for width in page.widths)
    rows = "".join(
        f'<table:table-row table:style-name="row{height:.2f}">{row or "<table:table-cell/>"}</table:table-row>'
        for row, height in zip(page.rows, page.heights, strict=True)
    )
    style = "landscape" if page.landscape else "portrait"
    return (
        f'<table:table table:name="表{number}" table:style-name="sheet-{style}">{columns}{rows}</table:table>'
    )
