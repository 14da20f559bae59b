"""Sheets of paper with marks on them, whatever engine writes the PDF. Points, origin top left of the upright sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf

from gongkai_eval.typesetter.messy import load

Color = tuple[float, float, float]
Box = tuple[float, float, float, float]
BLACK: Color = (0.0, 0.0, 0.0)
WHITE: Color = (1.0, 1.0, 1.0)
A4, A3 = (595.3, 841.9), (841.9, 1190.6)


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text from (``x``, ``y``), ``y`` the baseline. ``invisible`` = text render mode 3; ``clip`` = seen only there."""

    x: float
    y: float
    text: str
    size: float
    face: str = "song"
    color: Color = BLACK
    invisible: bool = False
    clip: Box | None = None


@dataclass(frozen=True, slots=True)
class Line:
    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.5
    color: Color = BLACK
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle."""

    box: Box
    color: Color


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file's bytes, stretched over ``box``."""

    box: Box
    data: bytes


Mark = Text | Line | Area | Picture


@dataclass(slots=True)
class Sheet:
    """``turned``: the content stream turns everything by 90 or 270 degrees; ``rotate``: the page's /Rotate.

    Both the same: the page is displayed upright. One of them alone: it is displayed sideways.
    """

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)
    turned: int = 0
    rotate: int = 0


def written(sheets: Sequence[Sheet], engine: str) -> bytes:
    """The upright sheets as a PDF, by ``reportlab`` or ``mupdf``."""
    write: Callable[[Sequence[Sheet]], bytes] = load(f"by_{engine}").write
    return write(sheets)


def publish(sheets: Sequence[Sheet], target: Path, engine: str) -> None:
    """The sheets as the PDF ``target``, turned as they say; the same sheets give the same bytes."""
    with pymupdf.open("pdf", written(sheets, engine)) as document:
        for page, sheet in zip(document, sheets, strict=True):
            if sheet.turned:
                _turn(document, page, sheet)
            page.set_rotation(sheet.rotate)
        save(document, target)


def save(document: pymupdf.Document, target: Path) -> None:
    """Without dates, names and random identifiers."""
    document.set_metadata({})
    document.del_xml_metadata()
    document.save(target, garbage=3, deflate=True, no_new_id=True)


def _turn(document: pymupdf.Document, page: pymupdf.Page, sheet: Sheet) -> None:
    """Put the content on its side: what was up looks right (90) or left (270) until the page is rotated back."""
    matrix = f"0 1 -1 0 {sheet.height} 0" if sheet.turned == 90 else f"0 -1 1 0 0 {sheet.width}"
    before, after = document.get_new_xref(), document.get_new_xref()
    for xref, stream in ((before, f"q {matrix} cm\n"), (after, "\nQ")):
        document.update_object(xref, "<<>>")
        document.update_stream(xref, stream.encode())
    order = " ".join(f"{xref} 0 R" for xref in (before, *page.get_contents(), after))
    document.xref_set_key(page.xref, "Contents", f"[{order}]")
    document.xref_set_key(page.xref, "MediaBox", f"[0 0 {sheet.height} {sheet.width}]")
