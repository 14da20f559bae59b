"""Reports as messy as departments publish them; what each style is after stands in ``eval/README.md``.

A further style is one module and one line in :data:`STYLES`. Nothing is imported before it is asked for: these styles
need reportlab, numpy and Pillow (the extra ``gongkai[eval]``).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import office

#: style → module and what renders it: a press (a class), or a function of a report and a target
STYLES = {
    "fakebold": "fakebold.Glyphs",
    "fakebold_runs": "fakebold.Runs",
    "borderless": "borderless.Bare",
    "borderless_sheet": "borderless.sheet_without_rules",
    "threeline": "borderless.three_lines",
    "fills": "fills.Fills",
    "fills_web": "fills.dashed",
    "rotated": "rotated.Rotated",
    "sideways": "rotated.Sideways",
    "lying": "lying.Lying",
    "continued": "continued.Continued",
    "continued_lanes": "continued.Lanes",
    "continued_right": "continued.to_the_right",
    "hidden": "hidden.Hidden",
    "garbled": "garbled.Garbled",
    "garbled_digits": "garbled.Digits",
    "scan": "scan.Scan",
    "scan_tables": "scan.Tables",
    "scan_ocr": "scan.Layered",
    "scan_poor": "scan.Poor",
}
#: those whose text cannot be read without looking at the page
PICTURES = tuple(style for style in STYLES if style.startswith(("garbled", "scan")))


def render(style: str, report: Labelled, target: Path) -> None:
    """Typeset ``report`` to the PDF ``target``; raises :class:`office.TypesettingError`."""
    module, name = STYLES[style].split(".")
    made = getattr(load(module), name)
    if isinstance(made, type):
        made(report).render(target)
    else:
        made(report, target)


def load(module: str) -> ModuleType:
    """A module of this package; raises :class:`office.TypesettingError` when a library that it needs is not installed."""
    try:
        return import_module(f"{__name__}.{module}")
    except ModuleNotFoundError as error:
        raise office.TypesettingError(f"{error.name} is not installed: pip install 'gongkai[eval]'") from None
