"""``name_form``: which of the known forms an unknown table is, and which of its form's columns and lines those are that it has no name for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist.common import Open, Values, gloss, named, numbered, tags
from gongkai.draft import Draft, Pointers
from gongkai.forms.definitions import Catalogue, Definition, Lane, load
from gongkai.forms.figures import Named, Pointed
from gongkai.forms.recognise import named_tables
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.money import parse
from gongkai.pages import rounded
from gongkai.report import Kind, Source

MOST_LABELS = 5  # row labels, and columns, that are shown of a table
MOST_TABLES = 8  # in one question
MOST_UNKNOWN = 40  # columns or rows in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class TableText:
    """The words of a table: ``id`` survives a re-run, ``headers`` are header paths, ``labels`` row labels, as printed."""

    id: str
    title: str
    headers: tuple[str, ...]
    labels: tuple[str, ...]
    kind: Kind | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A column (by its index and header path) or a row (by lane and row, and its label) that its form's definition does not know."""

    at: int | tuple[int, int]
    text: str
    side: Lane | None = None


def opened(draft: Draft) -> Iterator[Open]:
    """Unknown tables that hold amounts, and unknown columns and rows of known forms whose names are a closed list."""
    identity, catalogue = draft.identity, load()
    tables = named_tables(draft.tables, identity.kind, identity.fiscal_year, draft.pointers.tables)
    known = {table.definition.form for table in tables if table.definition}
    unknown: list[tuple[int, TableText]] = []
    for index, table in enumerate(tables):
        text = _text(index, table, identity.kind)
        if table.definition is None:
            if text.headers and _holds_amounts(table):
                unknown.append((index, text))
            continue
        if not table.table.sure and f"{text.id}:grid" not in draft.answered:
            continue  # its rows and columns are asked about first
        columns, rows = unnamed(table)
        question = names_question(text, table, columns, rows)
        if question is not None:
            yield Open(question, partial(_adopt_names, index, columns, rows))
    choices = [form for form in _of_kind(catalogue, identity.kind) if form.form not in known]
    for first in range(0, len(unknown) if choices else 0, MOST_TABLES):
        group = unknown[first : first + MOST_TABLES]
        question = form_question([text for _, text in group], choices, first // MOST_TABLES)
        yield Open(question, partial(_adopt_forms, [index for index, _ in group]))


def form_question(tables: Sequence[TableText], forms: Sequence[Definition], number: int = 0) -> Question:
    """Which of ``forms`` each of a few unknown tables is. A form that the report has is not offered: it prints each once."""
    return Question(
        id=f"tables:{number + 1}:form",
        task="name_form",
        parts=(
            Part("tables", tags("X", [table.title or "（无标题）" for table in tables])),
            Part("header", tags("C", [_some(table.headers) for table in tables])),
            Part("labels", tags("R", [_some(table.labels) for table in tables])),
        ),
        lists={"forms": tuple(Choice(form.form, form.name) for form in forms)},
        source=tables[0].source,
    )


def _some(texts: Sequence[str]) -> str:
    return " | ".join(list(dict.fromkeys(texts))[:MOST_LABELS])


def _of_kind(catalogue: Catalogue, kind: Kind | None) -> list[Definition]:
    return [form for form in catalogue.forms.values() if kind in (None, form.kind)]


def names_question(
    text: TableText, table: Named, columns: Sequence[Unnamed], rows: Sequence[Unnamed]
) -> Question | None:
    """What the unknown columns and rows of a table of a known form are; names that it has already are not offered. ``None`` if there is
    nothing to choose from."""
    form, taken = table.definition, _taken(table)
    if form is None:
        return None
    measures = {one.measure: gloss(one.paths) for one in form.columns if one.measure not in taken}
    lines = {one.line: gloss(one.labels) for one in form.lines if one.line not in taken}
    of_columns = [(one.measure, one.lane) for one in form.columns if one.measure in measures]
    of_lines = [(one.line, one.lane) for one in form.lines if one.line in lines]
    asked = [Part("columns", _laned("C", columns, of_columns)), Part("rows", _laned("R", rows, of_lines))]
    if not any(part.tags for part in asked):
        return None
    lists = {"measures": measures, "lines": lines}
    wanted = {name: lists[name] for name, part in zip(lists, asked, strict=True) if part.tags}
    return Question(
        id=f"{text.id}:names",
        task="name_form",
        parts=(Part("context", tags("X", [f"{form.name}：{text.title}"])), *asked),
        lists={name: tuple(Choice(*each) for each in names.items()) for name, names in wanted.items()},
        source=text.source,
    )


def _taken(table: Named) -> set[str]:
    """The lines and measures that the table has; what a form says on both sides stays open."""
    sided = Counter(one.measure for one in table.definition.columns) if table.definition else Counter()
    found = {line for names in table.lanes() for line in names.lines if line}
    measures = {one.measure for names in table.lanes() for one in names.measures if one}
    return found | {measure for measure in measures if sided[measure] < 2}


def unnamed(table: Named) -> tuple[list[Unnamed], list[Unnamed]]:
    """The columns and rows with amounts that the table's definition does not know. Rows are left alone where most are unknown: there
    they are free text (goods, projects), not lines of a form."""
    columns: list[Unnamed] = []
    rows: list[Unnamed] = []
    if "free" in _layouts(table):
        return columns, rows
    for names in table.lanes():
        single = any(row.key == "data" for row in names.rows) or "single" in _layouts(table)
        columns += [
            Unnamed(column.index, column.path, names.side)
            for column, measure in zip(names.lane.values, names.measures, strict=True)
            if measure is None and column.path and not single
        ]
        open_rows = [
            Unnamed((row.lane, row.row), row.path or row.label, names.side)
            for row, line in zip(names.rows, names.lines, strict=True)
            if line is None
            and row.label
            and _amounts_in(table, row.row, [c.index for c in names.lane.values])
        ]
        if 2 * len(open_rows) < len(names.rows) and not single:
            rows += open_rows
    return columns[:MOST_UNKNOWN], rows[:MOST_UNKNOWN]


def _adopt_forms(indices: Sequence[int], values: Values, pointers: Pointers) -> Pointers:
    said = named(values, "tables")
    new = {
        index: replace(pointers.tables.get(index, Pointed()), form=said[tag])
        for tag, index in numbered("X", indices)
        if tag in said
    }
    return replace(pointers, tables={**pointers.tables, **new}) if new else pointers


def _adopt_names(
    index: int, columns: Sequence[Unnamed], rows: Sequence[Unnamed], values: Values, pointers: Pointers
) -> Pointers:
    """The model names what is measured; whose year or stage it is, the header's own words say (``Definition.named``)."""
    own = pointers.tables.get(index, Pointed())
    measures, lines = named(values, "columns"), named(values, "rows")
    if not measures and not lines:
        return pointers
    own = replace(
        own,
        measures={
            **own.measures,
            **{one.at: measures[t] for t, one in numbered("C", columns) if t in measures},
        },
        lines={**own.lines, **{one.at: lines[t] for t, one in numbered("R", rows) if t in lines}},
    )
    return replace(pointers, tables={**pointers.tables, index: own})


def _text(index: int, table: Named, kind: Kind | None) -> TableText:
    lanes = table.lanes()
    first = next(iter(table.table.cells), None)
    return TableText(
        id=f"table:{index + 1}",
        title=table.table.caption.title,
        headers=tuple(column.path for names in lanes for column in names.lane.values if column.path),
        labels=tuple(row.path or row.label for names in lanes for row in names.rows if row.label),
        kind=kind,
        source=Source(table.table.document, first.page, rounded(first.box)) if first else None,
    )


def _layouts(table: Named) -> tuple[str, ...]:
    return table.definition.layouts if table.definition else ()


def _holds_amounts(table: Named) -> bool:
    return sum(parse(cell.text, None).state == "value" for cell in table.table.cells if cell.text) > 1


def _amounts_in(table: Named, row: int, columns: Sequence[int]) -> bool:
    cells = (table.matrix[row][column] for column in columns)
    return any(cell is not None and parse(cell.text, None).value for cell in cells)


def _laned(
    letter: str, things: Sequence[Unnamed], names: Sequence[tuple[str, Lane | None]]
) -> tuple[Tag, ...]:
    """Tags that offer the names of their own lane alone."""
    found = []
    whole = {name for name, _ in names}
    for tag, one in numbered(letter, things):
        fitting = tuple(
            dict.fromkeys(name for name, lane in names if None in (lane, one.side) or lane == one.side)
        )
        found.append(Tag(tag, one.text, only=() if len(fitting) == len(whole) else fitting))
    return tuple(found) if names else ()
