"""The grades of the figures that stand on pages read by OCR: what the readings, the labels and the sums say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gongkai import codes
from gongkai.ocr.evidence import DOUBTFUL, above, grade, in_box, in_row, keyed_by
from gongkai.ocr.fitting import misfits, misheaded, misnumbered
from gongkai.ocr.scan import Scan
from gongkai.pages import rounded
from gongkai.report import Box, Figure, Form, Grade
from gongkai.text import strip_numbering

EMPTY = 0.99  # a cell without ink is empty: the confidence of a blank
UNSURE = 0.5

Scans = Mapping[tuple[str, int], Scan]  # by document and page


def graded(form: Form, scans: Scans, proved: Mapping[str, tuple[str, ...]]) -> Form:
    """``form`` with method, grade and confidence of what was read by OCR; places are turned back to the page as displayed.

    ``proved`` maps the id of a figure to the checks that hold through it.
    """
    read = [scan for page in form.pages if form.document and (scan := scans.get((form.document, page)))]
    if not read:
        return form
    odd, rows, columns = misfits(form), misnumbered(form.figures), misheaded(form.figures)
    figures = tuple(
        _graded(figure, scans, proved, odd, figure.row_key in rows or figure.col_key in columns)
        for figure in form.figures
    )
    sure = all(scan.grid_sure and not scan.poor for scan in read) and not odd
    method = form.method if form.method == "model" else "ocr"
    return replace(form, figures=figures, method=method, grade=form.grade if sure else "check")


def _graded(
    figure: Figure, scans: Scans, proved: Mapping[str, tuple[str, ...]], odd: bool, unnamed: bool
) -> Figure:
    """``odd``: the columns of its table are not those of its form; ``unnamed``: its row or its column may have lost its number."""
    scan = scans.get((figure.source.document, figure.source.page))
    if scan is None:
        return figure
    box = figure.source.bbox
    place = scan.upright(box)
    own = in_box(scan.readings, place)
    if figure.method == "repaired":
        return replace(figure, source=replace(figure.source, bbox=rounded(scan.displayed(box))))
    if not own and figure.state != "blank":  # text of the file; its label may still be OCR's
        unsure = any(label.doubtful for label in in_row(scan.readings, place) if not label.numeric)
        if not unsure or figure.grade != "sure":
            return figure
        return replace(figure, grade="check", confidence=min(figure.confidence, DOUBTFUL))
    grid_sure = scan.grid_sure and not odd
    result, confidence = _verdict(figure, scan, place, bool(proved.get(figure.id)), grid_sure)
    if unnamed and result == "sure":
        result, confidence = "check", DOUBTFUL
    if figure.grade != "sure":
        result, confidence = figure.grade, min(confidence, figure.confidence)
    return replace(
        figure,
        method=figure.method if figure.method == "model" else "ocr",
        grade=result,
        confidence=confidence,
        source=replace(figure.source, bbox=rounded(scan.displayed(box))),
    )


def _verdict(figure: Figure, scan: Scan, box: Box, proved: bool, grid_sure: bool) -> tuple[Grade, float]:
    if figure.state == "unread":
        return "unread", 0.0
    own = in_box(scan.readings, box)
    if figure.state == "blank":
        return ("sure", EMPTY) if not own and not scan.poor and grid_sure else ("check", UNSURE)
    row = in_row(scan.readings, box)
    result, confidence = grade(
        own,
        row=row,
        keys=() if _is_named(figure) else keyed_by(row, figure.row_key),
        heads=() if figure.measure else above(scan.readings, box),
        named=figure.line is not None and figure.measure is not None,
        proved=proved,
        poor=scan.poor,
    )
    if not grid_sure and not (proved and result == "sure"):
        return "check", min(confidence, UNSURE)
    return result, confidence


def _is_named(figure: Figure) -> bool:
    """Does the label confirm the code? The lists have every economic item and every function class."""
    name = strip_numbering(figure.row_label)
    return name in codes.economic_names(figure.row_key) or codes.function_class(name) == figure.row_key
