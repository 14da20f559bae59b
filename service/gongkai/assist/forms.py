"""``name_form`` of whole tables: which of the known forms an unknown table is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist.common import Open, Values, named, numbered, tags, twice
from gongkai.draft import Draft, Pointers
from gongkai.forms.definitions import Catalogue, Definition, load
from gongkai.forms.figures import Named, Pointed
from gongkai.forms.recognise import named_tables
from gongkai.llm.questions import Choice, Part, Question
from gongkai.money import parse
from gongkai.pages import rounded
from gongkai.report import Source

MOST_HEADERS = 4  # columns that are shown of a table
MOST_LABELS = 3  # row labels that are shown
LONGEST = 16  # characters of one; of a longer one its end
MOST_TABLES = 8  # in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class TableText:
    """The words of a table: ``headers`` are header paths, ``labels`` row labels, as printed."""

    title: str
    headers: tuple[str, ...]
    labels: tuple[str, ...]
    source: Source | None = None


def opened(draft: Draft) -> Iterator[Open]:
    """Unknown tables that hold amounts, while forms of the report's kind are left that it does not have."""
    identity = draft.identity
    tables = named_tables(draft.tables, identity.kind, identity.fiscal_year, draft.pointers.tables)
    known = {table.definition.form for table in tables if table.definition}
    unknown = {index: table for index, table in enumerate(tables) if _is_open(table)}
    choices = [form for form in _of_kind(load(), identity.kind) if form.form not in known]
    indices = list(unknown) if choices else []
    for first in range(0, len(indices), MOST_TABLES):
        group = indices[first : first + MOST_TABLES]
        question = form_question([_text(unknown[index]) for index in group], choices, first // MOST_TABLES)
        yield Open(
            question,
            partial(_adopt, group),
            doubts=partial(_doubts, [unknown[index] for index in group], choices),
        )


def form_question(tables: Sequence[TableText], forms: Sequence[Definition], number: int = 0) -> Question:
    """Which of ``forms`` each of a few unknown tables is. A form that the report has is not offered: it prints each once."""
    return Question(
        id=f"tables:{number + 1}:form",
        task="name_form",
        parts=(
            Part("tables", tags("X", [table.title or "（无标题）" for table in tables])),
            Part("header", tags("C", [_some(table.headers, MOST_HEADERS) for table in tables])),
            Part("labels", tags("R", [_some(table.labels, MOST_LABELS) for table in tables])),
        ),
        lists={"forms": tuple(Choice(form.form, form.name) for form in forms)},
        source=tables[0].source,
    )


def _some(texts: Sequence[str], most: int) -> str:
    return " | ".join(text[-LONGEST:] for text in list(dict.fromkeys(texts))[:most])


def _of_kind(catalogue: Catalogue, kind: str | None) -> list[Definition]:
    return [form for form in catalogue.forms.values() if kind in (None, form.kind)]


def _adopt(indices: Sequence[int], values: Values, pointers: Pointers) -> Pointers:
    said = named(values, "tables")
    new = {
        index: replace(pointers.tables.get(index, Pointed()), form=said[tag])
        for tag, index in numbered("X", indices)
        if tag in said
    }
    return replace(pointers, tables={**pointers.tables, **new}) if new else pointers


def _doubts(tables: Sequence[Named], forms: Sequence[Definition], values: Values) -> Mapping[str, str]:
    """Two tables called one form; a form whose columns and rows are less those of the table than another's."""
    said = named(values, "tables")
    doubted = dict.fromkeys(twice(said), "named_twice")
    for tag, table in numbered("X", tables):
        if tag in said and _speaks_against(table, said[tag], forms):
            doubted[tag] = "other_captions"
    return doubted


def _speaks_against(table: Named, name: str, forms: Sequence[Definition]) -> bool:
    """Whether the table's own words make it another of ``forms``: what knows its columns and rows knows them by half as a rule."""
    fit = {form.form: _fit(table, form) for form in forms}
    return 2 * fit[name] < max(fit.values())


def _fit(table: Named, form: Definition) -> int:
    """How many of the columns and rows the form has names for; -1 where the head has words that the form's cannot have."""
    if "free" in form.layouts:
        return 0
    if any(pattern.search(table.head.text) for pattern in form.unless):
        return -1
    lanes = replace(table, definition=form).lanes()
    names = [name for lane in lanes for name in (*lane.lines, *lane.measures)]
    return sum(name is not None for name in names)


def _is_open(table: Named) -> bool:
    return table.definition is None and bool(_text(table).headers) and _holds_amounts(table)


def _text(table: Named) -> TableText:
    lanes = table.lanes()
    first = next(iter(table.table.cells), None)
    return TableText(
        title=table.table.caption.title,
        headers=tuple(column.path for names in lanes for column in names.lane.values if column.path),
        labels=tuple(row.path or row.label for names in lanes for row in names.rows if row.label),
        source=Source(table.table.document, first.page, rounded(first.box)) if first else None,
    )


def _holds_amounts(table: Named) -> bool:
    return sum(parse(cell.text, None).state == "value" for cell in table.table.cells if cell.text) > 1
