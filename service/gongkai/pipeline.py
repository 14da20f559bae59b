"""The whole road, on one screen: PDF bytes in, a checked Report out. Pure: no network, no clock, no state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from gongkai import checks
from gongkai.forms.recognise import forms_of
from gongkai.layout import Layout, lay_out
from gongkai.narrative.contents import contents
from gongkai.narrative.sections import identified, prose
from gongkai.pages import Page
from gongkai.pdf import read_pages
from gongkai.report import SCHEMA_VERSION, Document, Entity, Form, Issue, PageInfo, Report
from gongkai.settings import Limits


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of a disclosure: its base name, for people, and its bytes."""

    name: str
    data: bytes


def read_documents(
    files: Sequence[InputFile],
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    limits: Limits | None = None,
) -> Report:
    """One Report of all ``files`` together (prose in one, tables in another). Raises the refusals of ``gongkai.errors``."""
    limits = limits or Limits()
    documents: list[Document] = []
    layouts: list[Layout] = []
    for file in files:
        identity = sha256(file.data).hexdigest()
        pages = list(read_pages(file.data, identity, limits.max_pages))
        documents.append(_document(file.name, identity, pages))
        layouts.append(lay_out(pages))
    sections = identified(
        section
        for document, layout in zip(documents, layouts, strict=True)
        for section in prose(layout.lines, document.id, contents(layout.lines)).sections
    )
    tables = [table for layout in layouts for table in layout.tables]
    forms, issues = forms_of(tables, None, None)
    outcome = checks.run(forms, kind=None, fiscal_year=None, all_checks=all_checks)
    return Report(
        schema_version=SCHEMA_VERSION,
        pipeline_version=version("gongkai"),
        catalogue_version=checks.CATALOGUE_VERSION,
        content_hash=sha256("".join(document.id for document in documents).encode()).hexdigest(),
        documents=tuple(documents),
        entity=Entity(name=None, metadata=metadata or {}),
        fiscal_year=None,
        kind=None,
        scope=None,
        forms=tuple(_proved(form, outcome.proved) for form in forms),
        sections=sections,
        findings=outcome.findings,
        checks=outcome.checks,
        issues=tuple(issues),
    )


def _document(name: str, identity: str, pages: Sequence[Page]) -> Document:
    infos = tuple(
        PageInfo(
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            text_source=page.text_source,
            health=page.health,
        )
        for page in pages
    )
    return Document(id=identity, file_name=name, pages=infos)


def _proved(form: Form, proved: dict[str, tuple[str, ...]]) -> Form:
    figures = tuple(
        replace(figure, proved_by=proved[figure.id]) if figure.id in proved else figure for figure in form.figures
    )
    return replace(form, figures=figures)


__all__ = ["InputFile", "Issue", "read_documents"]
