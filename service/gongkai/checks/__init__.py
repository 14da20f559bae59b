"""Checks: the identities that tie an account's figures together, applied to the forms of one report.

The catalogue is TOML (``*.toml`` beside this file, notation in :mod:`gongkai.checks.notation`); an officer reads it in
``docs/checks.md``. Everything here is pure: forms in, findings out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.checks import catalogue as _catalogue
from gongkai.checks.applying import Result, apply, hidden_items, renamed, sheets_of
from gongkai.checks.catalogue import CatalogueError, Check
from gongkai.checks.outcome import Outcome, added, outcome
from gongkai.checks.pairs import compare
from gongkai.checks.reading import PromiseOf, Reading
from gongkai.checks.said import PlaceOf, Prose
from gongkai.checks.units import unit_errors
from gongkai.report import Entity, Form, Kind, Mention, Report, Section

__all__ = [
    "CATALOGUE_VERSION",
    "CatalogueError",
    "Check",
    "Outcome",
    "catalogue",
    "compare",
    "run",
    "with_noise",
]

CATALOGUE_VERSION = "1.0"


def catalogue() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue; raises :class:`CatalogueError` if a record is wrong."""
    return _catalogue.load()


def run(
    forms: Sequence[Form],
    mentions: Sequence[Mention] = (),
    sections: Sequence[Section] = (),
    *,
    kind: Kind | None,
    fiscal_year: int | None,
    entity: Entity | None = None,
    place_of: PlaceOf | None = None,
    promise_of: PromiseOf | None = None,
    all_checks: bool = False,
    strict: bool = False,
) -> Outcome:
    """Apply every check in force to the forms of one report, to what its prose states and to the words of its sections.

    ``entity`` gives the names by which the report calls the body, ``place_of`` the place of words in a section's
    text, ``promise_of`` the line of the contents that names a table.
    ``all_checks`` fills ``checks.results``; ``strict`` adds the checks that officers call noise. A check that could not
    run is counted as not applicable, never as passed.
    """
    report = Reading(Prose(mentions, sections, place_of), entity, kind, fiscal_year, promise_of)
    return outcome(_results(report, forms, strict=strict), all_checks=all_checks)


def with_noise(report: Report) -> Report:
    """The Report with the checks that officers call noise: their findings stand last, and are counted."""
    reading = Reading(Prose(report.mentions, report.sections), report.entity, report.kind, report.fiscal_year)
    results = [each for each in _results(reading, report.forms, strict=True) if each[0].strict]
    noise = outcome(results, all_checks=report.checks.results is not None)
    return replace(
        report,
        findings=(*report.findings, *noise.findings),
        checks=added(report.checks, noise.checks),
    )


def _results(report: Reading, forms: Sequence[Form], *, strict: bool) -> list[Result]:
    in_force = [
        check
        for check in catalogue()
        if check.in_force(report.kind, report.fiscal_year)
        and (strict or not check.strict)
        and not check.of_pair
    ]
    results = apply(in_force, sheets_of(forms), report, forms)
    hidden_items(results)
    results = renamed(in_force, results)
    for check, applied in results:
        if check.doubt and applied.verdict == "fail":
            applied.verdict, applied.reason = "needs_review", check.doubt
    return [*results, *unit_errors(in_force, results)]
