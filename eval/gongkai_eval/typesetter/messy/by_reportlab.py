"""Sheets written through reportlab: simple fonts of at most 256 glyphs each, one text object a run, clip paths."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Area, Line, Mark, Picture, Sheet, Text


def write(sheets: Sequence[Sheet]) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1)
    for family in {family for families in faces.FACES.values() for family in families}:
        pdfmetrics.registerFont(TTFont(family, faces.path(family)))
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        for mark in sheet.marks:
            _draw(canvas, mark, sheet.height)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, mark: Mark, height: float) -> None:
    if isinstance(mark, Text):
        _text(canvas, mark, height)
    elif isinstance(mark, Line):
        canvas.setStrokeColorRGB(*mark.color)
        canvas.setLineWidth(mark.width)
        canvas.setDash(*([list(mark.dash)] if mark.dash else []))
        canvas.line(mark.x0, height - mark.y0, mark.x1, height - mark.y1)
    else:
        x0, y0, x1, y1 = mark.box
        place = (x0, height - y1, x1 - x0, y1 - y0)
        if isinstance(mark, Area):
            canvas.setFillColorRGB(*mark.color)
            canvas.rect(*place, stroke=0, fill=1)
        elif isinstance(mark, Picture):
            canvas.drawImage(ImageReader(io.BytesIO(mark.data)), *place)


def _text(canvas: Canvas, mark: Text, height: float) -> None:
    canvas.saveState()
    if mark.clip:
        x0, y0, x1, y1 = mark.clip
        outline = canvas.beginPath()
        outline.rect(x0, height - y1, x1 - x0, y1 - y0)
        canvas.clipPath(outline, stroke=0, fill=0)
    written = canvas.beginText(mark.x, height - mark.y)
    written.setFillColorRGB(*mark.color)
    if mark.invisible:
        written.setTextRenderMode(3)
    for family, piece in faces.runs(mark.text, mark.face):
        written.setFont(family, mark.size)
        written.textOut(piece)
    canvas.drawText(written)
    canvas.restoreState()
