"""The whole road, on one screen: PDF bytes in, a checked Report out. Pure: no network, no clock, no state.

``draft`` reads, ``report`` checks. Both are functions of their arguments alone, so that they may run in different processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from gongkai import checks
from gongkai.draft import Draft, drafted
from gongkai.mended import Ahead, nothing_ahead
from gongkai.ocr.grading import graded
from gongkai.ocr.spoken import graded_mention, placed_section
from gongkai.proof import proven
from gongkai.reading import InputFile, read_file
from gongkai.repair import repaired
from gongkai.report import SCHEMA_VERSION, Form, Report
from gongkai.settings import Limits

__all__ = ["Draft", "InputFile", "draft", "read_documents", "report"]


def read_documents(
    files: Sequence[InputFile],
    *,
    metadata: Mapping[str, Any] | None = None,
    all_checks: bool = False,
    limits: Limits | None = None,
    ahead: Ahead = nothing_ahead,
) -> Report:
    """One Report of all ``files`` together (prose in one, tables in another). Raises the refusals of ``gongkai.errors``."""
    return report(draft(files, limits or Limits(), ahead), metadata=metadata, all_checks=all_checks)


def draft(files: Sequence[InputFile], limits: Limits, ahead: Ahead = nothing_ahead) -> Draft:
    """Everything that ``files`` say: pages → tables and lines → sections → forms → mentions. Raises refusals.

    ``ahead`` is told, file by file, how many pages of text must be read from their picture because a font lies.
    """
    return drafted([read_file(file, limits, ahead) for file in files])


def report(read: Draft, *, metadata: Mapping[str, Any] | None = None, all_checks: bool = False) -> Report:
    """The Report of a draft: every check applied, misread figures repaired, and what the checks prove counted as evidence."""
    scans, identity = read.scans, read.identity
    sections = tuple(placed_section(section, scans) for section in read.sections)

    def judge(forms: Sequence[Form]) -> checks.Outcome:
        return checks.run(
            [graded(form, scans, {}) for form in forms],
            [graded_mention(mention, scans, {}) for mention in read.mentions],
            sections,
            kind=identity.kind,
            fiscal_year=identity.fiscal_year,
            entity=identity.entity,
            place_of=read.place_of,
            all_checks=all_checks or bool(scans),
        )

    done = repaired(read.forms, scans, judge)
    outcome = done.outcome
    return Report(
        schema_version=SCHEMA_VERSION,
        pipeline_version=version("gongkai"),
        catalogue_version=checks.CATALOGUE_VERSION,
        content_hash=read.content_hash,
        documents=read.documents,
        entity=replace(identity.entity, metadata=dict(metadata or {})),
        fiscal_year=identity.fiscal_year,
        kind=identity.kind,
        scope=identity.scope,
        forms=tuple(graded(proven(form, outcome.proved), scans, outcome.proved) for form in done.forms),
        sections=sections,
        mentions=tuple(graded_mention(mention, scans, outcome.proved) for mention in read.mentions),
        findings=outcome.findings,
        checks=outcome.checks if all_checks else replace(outcome.checks, results=None),
        issues=(*read.issues, *done.issues),
    )
