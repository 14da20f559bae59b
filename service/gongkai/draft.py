"""Everything that was read of a disclosure, before any check: what it says, and what code could not name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from gongkai import money
from gongkai.facts import SectionText, mentions, passages_of
from gongkai.facts.pointing import PointedAmount
from gongkai.forms.expected import promised
from gongkai.forms.figures import Pointed as PointedTable
from gongkai.forms.recognise import forms_of
from gongkai.layout import Table
from gongkai.layout.arranging import Arrangement, arranged
from gongkai.narrative.headings import NOTHING
from gongkai.narrative.headings import Pointed as PointedHeadings
from gongkai.narrative.identity import Identity, identify
from gongkai.narrative.sections import identified, prose
from gongkai.ocr.scan import Scan
from gongkai.pages import rounded
from gongkai.reading import Reading
from gongkai.report import Document, Figure, Form, Issue, Kind, Mention, Record, Section, Source
from gongkai.text import normalise, strip_quotes

UNREAD = frozenset(("page_unread", "ocr_missing", "picture_unread"))
CHOSEN = 0.8  # confidence of a reading that was chosen among the engine's own


@dataclass(frozen=True, slots=True)
class Pointers:
    """What a model pointed at, each in the terms of the step that it helps: tables and records by the index of the table, headings by
    document, amounts and unread cells by their place (``readings`` are texts that the OCR engine itself gave). Nothing here makes a figure."""

    arranged: Mapping[int, Arrangement] = field(default_factory=dict)
    tables: Mapping[int, PointedTable] = field(default_factory=dict)
    records: Mapping[int, tuple[Record, ...]] = field(default_factory=dict)
    headings: Mapping[str, PointedHeadings] = field(default_factory=dict)
    amounts: Mapping[Source, PointedAmount] = field(default_factory=dict)
    readings: Mapping[Source, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """What an answer said of ``tag`` (of all, if empty) and was not adopted; ``codes`` are the checks that held before and would have
    failed with it, empty if a value would have changed."""

    question: str
    tag: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What all files of one disclosure say together: ``texts`` are the places of the ``sections``, one by one; ``scans`` the pages
    that OCR read, by document and page.

    ``plain`` are the readings as geometry made them; ``answered`` the questions that were put, ``rejected`` the answers not adopted,
    ``told`` what there is to say of both, ``crops`` PNGs of unread cells by their places.
    """

    plain: tuple[Reading, ...]
    pointers: Pointers
    readings: tuple[Reading, ...]
    tables: tuple[Table, ...]
    identity: Identity
    forms: tuple[Form, ...]
    sections: tuple[Section, ...]
    texts: tuple[SectionText, ...]
    mentions: tuple[Mention, ...]
    issues: tuple[Issue, ...]
    answered: frozenset[str] = frozenset()
    rejected: tuple[Rejection, ...] = ()
    told: tuple[Issue, ...] = ()
    crops: Mapping[Source, bytes] = field(default_factory=dict)

    def promise_of(self, title: str) -> Source | None:
        """The line of a contents that names the table ``title``."""
        wanted = strip_quotes(normalise(title))
        for reading in self.readings:
            for line in reading.layout.lines[reading.contents.start : reading.contents.stop]:
                if wanted in strip_quotes(normalise(line.text)):
                    return Source(reading.document.id, line.page, rounded(line.box))
        return None

    def place_of(self, section: Section, start: int, stop: int) -> Source:
        """Where ``section.text[start:stop]`` stands on the page."""
        texts = {own.id: text for own, text in zip(self.sections, self.texts, strict=True)}
        return texts[section.id].place(start, stop)

    @property
    def plain_tables(self) -> list[Table]:
        """The tables as geometry made them, in the same order."""
        return _tables(self.plain)

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


def drafted(plain: Sequence[Reading], pointers: Pointers | None = None) -> Draft:
    """The draft of documents that are one disclosure: identity, forms, sections and mentions of all of them together.

    With ``pointers`` it is as if the pages had been plainer where they point.
    """
    points = pointers or Pointers()
    readings = [_pointed(reading, points) for reading in plain]
    tables = tuple(
        arranged(table, points.arranged[index]) if index in points.arranged else table
        for index, table in enumerate(_tables(readings))
    )
    sections = identified(section for reading in readings for section in reading.prose.sections)
    identity = _identify(readings, tables)
    found, issues = forms_of(tables, identity.kind, identity.fiscal_year, points.tables)
    read = [_completed(form, points, index) for index, form in enumerate(found)]
    texts = tuple(text for reading in readings for text in _texts(reading))
    stated, unclaimed = mentions(
        texts,
        kind=identity.kind,
        fiscal_year=identity.fiscal_year,
        names=(*identity.entity.names_as_printed, *identity.entity.members),
        forms=read,
        pointed=points.amounts,
    )
    unread = (issue for reading in readings for issue in reading.issues)
    return Draft(
        plain=tuple(plain),
        pointers=points,
        readings=tuple(readings),
        tables=tables,
        identity=identity,
        forms=(*read, *_promised(readings, sections, read, identity.kind)),
        sections=sections,
        texts=texts,
        mentions=stated,
        issues=(*unread, *identity.issues, *(_followed(issue, points) for issue in issues), *unclaimed),
    )


def _tables(readings: Sequence[Reading]) -> list[Table]:
    return [table for reading in readings for table in reading.layout.tables]


def _pointed(reading: Reading, points: Pointers) -> Reading:
    own = points.headings.get(reading.document.id, NOTHING)
    if own is NOTHING:
        return reading
    return replace(reading, prose=prose(reading.layout.lines, reading.document.id, reading.contents, own))


def _completed(form: Form, points: Pointers, index: int) -> Form:
    """``form`` with its records and unread cells as they were pointed at."""
    if index in points.records:
        form = replace(form, records=points.records[index], method="model", grade="check")
    if any(figure.source in points.readings for figure in form.figures):
        figures = tuple(_chosen(figure, points.readings.get(figure.source)) for figure in form.figures)
        form = replace(form, figures=figures)
    return form


def _chosen(figure: Figure, text: str | None) -> Figure:
    """An unread cell with one of the engine's own readings; a cell that was read stays as it is."""
    if text is None or figure.state != "unread":
        return figure
    return money.reread(figure, text, method="model", confidence=CHOSEN)


def _followed(issue: Issue, points: Pointers) -> Issue:
    """An Issue about a cell in which nothing sure was printed says what was chosen there."""
    text = points.readings.get(issue.source) if issue.source is not None else None
    if text is None or issue.kind != "figure_unread":
        return issue
    message = f"{issue.message}已采用模型在识别引擎的各读法中所选的“{text}”，与之有关的核对成立，请对照原件。"
    return replace(issue, kind="figure_chosen", message=message)


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
