"""A draft held against the checks. What holds is evidence: a figure through which an identity holds is surer than one that stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gongkai import checks
from gongkai.draft import Draft
from gongkai.money import PLACED, PRINTED, PROVED
from gongkai.ocr.grading import graded
from gongkai.ocr.spoken import graded_mention, placed_section
from gongkai.report import Figure, Form


def checked(read: Draft, *, all_checks: bool = False) -> checks.Outcome:
    """Every check in force, applied to a draft."""
    scans, identity = read.scans, read.identity
    return checks.run(
        [graded(form, scans, {}) for form in read.forms],
        [graded_mention(mention, scans, {}) for mention in read.mentions],
        [placed_section(section, scans) for section in read.sections],
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        entity=identity.entity,
        place_of=read.place_of,
        promise_of=read.promise_of,
        all_checks=all_checks,
    )


def proven(form: Form, proved: Mapping[str, tuple[str, ...]]) -> Form:
    """``form`` with its figures raised; ``proved`` maps the id of a figure to the checks that hold through it."""
    if not any(figure.id in proved for figure in form.figures):
        return form
    return replace(form, figures=tuple(_raised(figure, proved.get(figure.id, ())) for figure in form.figures))


def _raised(figure: Figure, codes: tuple[str, ...]) -> Figure:
    if not codes:
        return figure
    if figure.grade == "check" and figure.method == "native" and figure.confidence >= PLACED:
        # its digits were never in doubt, only its row or column; a name in doubt no sum makes sure
        return replace(figure, proved_by=codes, grade="sure", confidence=PRINTED)
    confidence = max(figure.confidence, PROVED) if figure.grade == "sure" else figure.confidence
    return replace(figure, proved_by=codes, confidence=confidence)
