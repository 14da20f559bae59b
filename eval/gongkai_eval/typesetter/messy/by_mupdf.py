"""Sheets written through PyMuPDF: composite fonts with a ToUnicode map, text placed glyph by glyph in TJ arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pymupdf

from gongkai_eval.typesetter import office
from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Area, Line, Mark, Picture, Sheet, Text


def write(sheets: Sequence[Sheet]) -> bytes:
    document = pymupdf.open()
    for sheet in sheets:
        page = document.new_page(width=sheet.width, height=sheet.height)
        for _, marks in itertools.groupby(sheet.marks, key=_kind):
            _draw(page, list(marks))
    document.subset_fonts()
    data: bytes = document.tobytes(garbage=3, deflate=True, no_new_id=True)
    return data


def _kind(mark: Mark) -> tuple[object, ...]:
    """Marks of the same kind that follow one another go into one content stream."""
    if isinstance(mark, Text):
        return "text", mark.color, mark.invisible
    return ("picture",) if isinstance(mark, Picture) else ("shape",)


def _draw(page: pymupdf.Page, marks: Sequence[Mark]) -> None:
    if isinstance(marks[0], Text):
        _texts(page, [mark for mark in marks if isinstance(mark, Text)])
    elif isinstance(marks[0], Picture):
        _pictures(page, [mark for mark in marks if isinstance(mark, Picture)])
    else:
        _shapes(page, [mark for mark in marks if isinstance(mark, (Line, Area))])


def _texts(page: pymupdf.Page, marks: Iterable[Text]) -> None:
    writer = pymupdf.TextWriter(page.rect)
    for mark in marks:
        if mark.clip:
            raise office.TypesettingError("clipped text needs the engine reportlab")
        x = mark.x
        for family, piece in faces.runs(mark.text, mark.face):
            writer.append((x, mark.y), piece, font=faces.font(family), fontsize=mark.size)
            x += faces.width(piece, mark.face, mark.size)
    writer.write_text(page, color=mark.color, render_mode=3 if mark.invisible else 0)


def _shapes(page: pymupdf.Page, marks: Iterable[Line | Area]) -> None:
    shape = page.new_shape()
    for mark in marks:
        if isinstance(mark, Area):
            shape.draw_rect(mark.box)
            shape.finish(color=None, fill=mark.color)
        else:
            shape.draw_line((mark.x0, mark.y0), (mark.x1, mark.y1))
            dashes = f"[{' '.join(map(str, mark.dash))}] 0" if mark.dash else None
            shape.finish(color=mark.color, width=mark.width, dashes=dashes)
    shape.commit()


def _pictures(page: pymupdf.Page, marks: Iterable[Picture]) -> None:
    for mark in marks:
        page.insert_image(pymupdf.Rect(mark.box), stream=mark.data, keep_proportion=False)
