"""Everything that was read of a disclosure, before any check: what it says, and what code could not name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gongkai.facts import SectionText, mentions, passages_of
from gongkai.forms.expected import promised
from gongkai.forms.recognise import forms_of
from gongkai.layout import Table
from gongkai.narrative.identity import Identity, identify
from gongkai.narrative.sections import identified
from gongkai.ocr.scan import Scan
from gongkai.reading import Reading
from gongkai.report import Document, Form, Issue, Kind, Mention, Section, Source

UNREAD = frozenset(("page_unread", "ocr_missing", "picture_unread"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What all files of one disclosure say together: ``texts`` are the places of the ``sections``, one by one; ``scans`` the pages
    that OCR read, by document and page."""

    readings: tuple[Reading, ...]
    identity: Identity
    forms: tuple[Form, ...]
    sections: tuple[Section, ...]
    texts: tuple[SectionText, ...]
    mentions: tuple[Mention, ...]
    issues: tuple[Issue, ...]

    def place_of(self, section: Section, start: int, stop: int) -> Source:
        """Where ``section.text[start:stop]`` stands on the page."""
        texts = {own.id: text for own, text in zip(self.sections, self.texts, strict=True)}
        return texts[section.id].place(start, stop)

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(reading.document for reading in self.readings)

    @property
    def content_hash(self) -> str:
        """The hash of the files' hashes, in the order given: what the Report is known by."""
        return sha256("".join(document.id for document in self.documents).encode()).hexdigest()

    @property
    def scans(self) -> dict[tuple[str, int], Scan]:
        return {(r.document.id, number): scan for r in self.readings for number, scan in r.scans.items()}


def drafted(readings: Sequence[Reading]) -> Draft:
    """The draft of documents that are one disclosure: identity, forms, sections and mentions of all of them together."""
    tables = [table for reading in readings for table in reading.layout.tables]
    sections = identified(section for reading in readings for section in reading.prose.sections)
    identity = _identify(readings, tables)
    read, issues = forms_of(tables, identity.kind, identity.fiscal_year)
    texts = tuple(text for reading in readings for text in _texts(reading))
    stated, unclaimed = mentions(
        texts,
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        names=(*identity.entity.names_as_printed, *identity.entity.members),
        forms=read,
    )
    unread = (issue for reading in readings for issue in reading.issues)
    return Draft(
        readings=tuple(readings),
        identity=identity,
        forms=(*read, *_promised(readings, sections, read, identity.kind)),
        sections=sections,
        texts=texts,
        mentions=stated,
        issues=(*unread, *identity.issues, *issues, *unclaimed),
    )


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
