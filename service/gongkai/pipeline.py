"""The whole road, on one screen: PDF bytes in, a checked Report out. Pure: no network, no clock, no state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeVar

from gongkai import checks
from gongkai.facts import SectionText, mentions, passages_of
from gongkai.forms.expected import promised
from gongkai.forms.recognise import forms_of
from gongkai.layout import Layout, Table, lay_out
from gongkai.money import PRINTED, PROVED
from gongkai.narrative.contents import Contents, contents
from gongkai.narrative.identity import Identity, identify
from gongkai.narrative.sections import Prose, identified, prose
from gongkai.ocr.grading import graded
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, rounded
from gongkai.pdf import read_pages
from gongkai.report import (
    SCHEMA_VERSION,
    Document,
    Figure,
    Form,
    Issue,
    Kind,
    Mention,
    PageInfo,
    Report,
    Section,
    Source,
)
from gongkai.scans import with_pictures_read
from gongkai.settings import Limits

UNREAD = frozenset(("page_unread", "ocr_missing", "picture_unread"))
Words = TypeVar("Words", Section, Mention)


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of a disclosure: its base name, for people, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """One document laid out: tables and lines, its 目录, and its prose as cover and sections."""

    document: Document
    layout: Layout
    contents: Contents
    prose: Prose
    scans: dict[int, Scan]
    issues: tuple[Issue, ...]


def read_documents(
    files: Sequence[InputFile],
    *,
    metadata: Mapping[str, Any] | None = None,
    all_checks: bool = False,
    limits: Limits | None = None,
) -> Report:
    """One Report of all ``files`` together (prose in one, tables in another). Raises the refusals of ``gongkai.errors``."""
    readings = [_read(file, limits or Limits()) for file in files]
    tables = [table for reading in readings for table in reading.layout.tables]
    sections = identified(section for reading in readings for section in reading.prose.sections)
    identity = _identify(readings, tables)
    scans = {(r.document.id, number): scan for r in readings for number, scan in r.scans.items()}
    read, issues = forms_of(tables, identity.kind, identity.fiscal_year)
    forms = (*read, *_promised(readings, sections, read, identity.kind))
    stated, unclaimed = mentions(
        [text for reading in readings for text in _texts(reading)],
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        names=(*identity.entity.names_as_printed, *identity.entity.members),
        forms=read,
    )
    seen = frozenset(place for place, scan in scans.items() if scan.page.text_source == "ocr")
    sections = tuple(_read_by(section, seen) for section in sections)
    stated = tuple(_read_by(mention, seen) for mention in stated)
    outcome = checks.run(
        [graded(form, scans, {}) for form in forms],
        stated,
        sections,
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        entity=identity.entity,
        all_checks=all_checks,
    )
    documents = tuple(reading.document for reading in readings)
    return Report(
        schema_version=SCHEMA_VERSION,
        pipeline_version=version("gongkai"),
        catalogue_version=checks.CATALOGUE_VERSION,
        content_hash=sha256("".join(document.id for document in documents).encode()).hexdigest(),
        documents=documents,
        entity=replace(identity.entity, metadata=dict(metadata or {})),
        fiscal_year=identity.fiscal_year,
        kind=identity.kind,
        scope=identity.scope,
        forms=tuple(graded(_proved(form, outcome.proved), scans, outcome.proved) for form in forms),
        sections=sections,
        mentions=stated,
        findings=outcome.findings,
        checks=outcome.checks,
        issues=(
            *(issue for reading in readings for issue in reading.issues),
            *identity.issues,
            *issues,
            *unclaimed,
        ),
    )


def _read(file: InputFile, limits: Limits) -> Reading:
    identity = sha256(file.data).hexdigest()
    read = with_pictures_read(file.data, list(read_pages(file.data, identity, limits.max_pages)))
    pages = read.pages
    layout = lay_out(pages)
    toc = contents(layout.lines)
    return Reading(
        document=_document(file.name, identity, pages),
        layout=layout,
        contents=toc,
        prose=prose(layout.lines, identity, toc),
        scans=read.scans,
        issues=(*read.issues, *(issue for page in pages for issue in _page_issues(page))),
    )


def _page_issues(page: Page) -> Iterator[Issue]:
    """What a page holds that was not read, or that no reader sees."""
    whole = Source(page.document, page.number, (0.0, 0.0, page.width, page.height))
    if page.hidden:
        first = page.hidden[0]
        where = Source(page.document, page.number, rounded(first.box))
        message = f"第{page.number}页有{len(page.hidden)}处看不见的文字（白色、极小、被遮盖或在页面之外），未作为数据读取。"
        yield Issue(kind="hidden_text", message=message, source=where)
    if "unreadable" in page.health:
        yield Issue(kind="page_unread", message=f"第{page.number}页损坏，未能读取。", source=whole)
    elif "picture" in page.health and page.text_source == "none":
        yield Issue(
            kind="page_unread", message=f"第{page.number}页是图片，没有文字层，未能读取。", source=whole
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


def _identify(readings: Sequence[Reading], tables: Sequence[Table]) -> Identity:
    return identify(
        covers=[[line.text for line in reading.prose.cover] for reading in readings],
        captions=[(table.caption.entity, table.caption.year, table.caption.title) for table in tables],
        titles=[title for reading in readings for title in _titles(reading)],
        sections=[section for reading in readings for section in reading.prose.sections],
        tables=[_rows(table) for table in tables if not table.caption.title],
    )


def _promised(
    readings: Sequence[Reading], sections: Sequence[Section], read: Sequence[Form], kind: Kind | None
) -> list[Form]:
    """Forms that are promised and not there; where a page went unread, nothing is called missing."""
    entries = [entry for reading in readings for entry in reading.contents.entries]
    unread = any(issue.kind in UNREAD for reading in readings for issue in reading.issues)
    found = promised(entries, sections, read, kind)
    return [form for form in found if not (unread and form.state == "missing")]


def _read_by(one: Words, scanned: frozenset[tuple[str, int]]) -> Words:
    """Words from a page that OCR read say so: what rests on them alone accuses nobody."""
    return replace(one, method="ocr") if (one.source.document, one.source.page) in scanned else one


def _texts(reading: Reading) -> tuple[SectionText, ...]:
    return passages_of(reading.prose.sections, reading.prose.paragraphs, reading.document.id)


def _titles(reading: Reading) -> list[str]:
    entries = [entry.title for entry in reading.contents.entries]
    return entries + [line.text for line in reading.prose.titles]


def _rows(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return rows


def _proved(form: Form, proved: Mapping[str, tuple[str, ...]]) -> Form:
    """What holds is evidence: a figure through which an identity holds is surer than one that stands alone."""
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
