"""The whole road, on one screen: PDF bytes in, a checked Report out. Pure: no network, no clock, no state.

``draft`` reads; ``questions`` are what a model might add; whoever has one asks it, elsewhere (:mod:`gongkai.asking`); ``apply`` adopts
the answers; ``report`` checks. Each is a function of its arguments alone, so that they may run in different processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gongkai import build, checks
from gongkai.assist import apply, questions
from gongkai.assist.crops import pictured
from gongkai.draft import Draft, Pointers, drafted
from gongkai.mended import Ahead, nothing_ahead
from gongkai.ocr.grading import graded
from gongkai.ocr.spoken import graded_mention, placed_section
from gongkai.proof import checked, proven
from gongkai.reading import InputFile, read_file
from gongkai.repair import carried, repaired
from gongkai.report import SCHEMA_VERSION, Report
from gongkai.scans import PageRead, nothing_read
from gongkai.settings import Limits

__all__ = ["Draft", "InputFile", "apply", "draft", "questions", "read_documents", "report"]


def read_documents(
    files: Sequence[InputFile],
    *,
    metadata: Mapping[str, Any] | None = None,
    all_checks: bool = False,
    limits: Limits | None = None,
    ahead: Ahead = nothing_ahead,
) -> Report:
    """One Report of all ``files`` together (prose in one, tables in another), no model asked. Raises the refusals of ``gongkai.errors``."""
    return report(draft(files, limits or Limits(), ahead), metadata=metadata, all_checks=all_checks)


def draft(
    files: Sequence[InputFile],
    limits: Limits,
    ahead: Ahead = nothing_ahead,
    page_read: PageRead = nothing_read,
) -> Draft:
    """Everything that ``files`` say: pages → tables and lines → sections → forms → mentions. Raises refusals.

    ``ahead`` is told, file by file, how many pages of text must be read from their picture because a font lies; ``page_read`` of each page
    that is read.
    """
    return pictured(
        drafted([read_file(file, limits, ahead, page_read) for file in files]), files, limits.max_pages
    )


def report(read: Draft, *, metadata: Mapping[str, Any] | None = None, all_checks: bool = False) -> Report:
    """The Report of a draft: every check applied, misread figures repaired, and what the checks prove counted as evidence."""
    scans, identity = read.scans, read.identity
    every = all_checks or bool(scans)  # repair looks at each result
    plain = (
        drafted(read.plain) if scans and read.pointers != Pointers() else read
    )  # what is misread no model says
    done = repaired(plain.forms, scans, lambda forms: checked(replace(plain, forms=forms), all_checks=every))
    if plain is not read:
        forms = carried(done.forms, read.forms)
        done = replace(done, forms=forms, outcome=checked(replace(read, forms=forms), all_checks=every))
    outcome = done.outcome
    return Report(
        schema_version=SCHEMA_VERSION,
        pipeline_version=build.name(),
        catalogue_version=checks.CATALOGUE_VERSION,
        content_hash=read.content_hash,
        documents=read.documents,
        entity=replace(identity.entity, metadata=dict(metadata or {})),
        fiscal_year=identity.fiscal_year,
        kind=identity.kind,
        scope=identity.scope,
        forms=tuple(graded(proven(form, outcome.proved), scans, outcome.proved) for form in done.forms),
        sections=tuple(placed_section(section, scans) for section in read.sections),
        mentions=tuple(graded_mention(mention, scans, outcome.proved) for mention in read.mentions),
        findings=outcome.findings,
        checks=outcome.checks if all_checks else replace(outcome.checks, results=None),
        issues=(*read.issues, *read.told, *done.issues),
    )
