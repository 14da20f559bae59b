"""Pages whose text stands sideways are laid out upright; what leaves ``layout`` has its place on the page as displayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.layout.grid import Cell
from gongkai.layout.lines import Line
from gongkai.layout.tables import Table
from gongkai.pages import Page, Word
from gongkai.report import Box


def upright(page: Page) -> Page:
    """``page`` with the width and height of the frame that its words are given in."""
    return replace(page, width=page.height, height=page.width) if page.turn in (90, 270) else page


def displayed_box(box: Box, page: Page) -> Box:
    """A box of the upright frame on the displayed ``page``."""
    x0, y0, x1, y1 = box
    if page.turn == 90:
        return (y0, page.height - x1, y1, page.height - x0)
    if page.turn == 270:
        return (page.width - y1, x0, page.width - y0, x1)
    if page.turn == 180:
        return (page.width - x1, page.height - y1, page.width - x0, page.height - y0)
    return box


def displayed(
    tables: Sequence[Table], lines: Sequence[Line], pages: Sequence[Page]
) -> tuple[tuple[Table, ...], tuple[Line, ...]]:
    """Tables and lines with all boxes on the displayed pages."""
    turned = {page.number: page for page in pages if page.turn}
    if not turned:
        return tuple(tables), tuple(lines)
    return (
        tuple(_table(table, turned) if any(n in turned for n in table.pages) else table for table in tables),
        tuple(_line(line, turned[line.page]) if line.page in turned else line for line in lines),
    )


def _table(table: Table, turned: dict[int, Page]) -> Table:
    return replace(
        table, cells=tuple(_cell(c, turned[c.page]) if c.page in turned else c for c in table.cells)
    )


def _cell(cell: Cell, page: Page) -> Cell:
    return replace(cell, box=displayed_box(cell.box, page), frame=displayed_box(cell.frame, page))


def _line(line: Line, page: Page) -> Line:
    return replace(
        line, box=displayed_box(line.box, page), words=tuple(_word(word, page) for word in line.words)
    )


def _word(word: Word, page: Page) -> Word:
    x0, y0, x1, y1 = displayed_box(word.box, page)
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1)
