"""What holds is evidence: a figure through which an identity holds is surer than one that stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gongkai.money import PRINTED, PROVED
from gongkai.report import Figure, Form


def proven(form: Form, proved: Mapping[str, tuple[str, ...]]) -> Form:
    """``form`` with its figures raised; ``proved`` maps the id of a figure to the checks that hold through it."""
    if not any(figure.id in proved for figure in form.figures):
        return form
    return replace(form, figures=tuple(_raised(figure, proved.get(figure.id, ())) for figure in form.figures))


def _raised(figure: Figure, codes: tuple[str, ...]) -> Figure:
    if not codes:
        return figure
    if (
        figure.grade == "check" and figure.method == "native"
    ):  # its digits were never in doubt, only its row or column
        return replace(figure, proved_by=codes, grade="sure", confidence=PRINTED)
    confidence = max(figure.confidence, PROVED) if figure.grade == "sure" else figure.confidence
    return replace(figure, proved_by=codes, confidence=confidence)
