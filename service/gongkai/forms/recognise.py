"""Tables to forms: which statutory form a table is, and which line and measure each of its figures has.

A form is known by its title and confirmed by its header, never by the printed number, which differs between provinces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gongkai.forms.definitions import Catalogue, Definition, Match, load
from gongkai.forms.figures import NOTHING, UNITS, Named, Pointed, figures_of
from gongkai.forms.heads import Head, covering, read_head
from gongkai.forms.records import records_of
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.pages import rounded
from gongkai.report import Form, Grid, GridCell, Issue, Kind, Record, Source
from gongkai.text import normalise


def forms_of(
    tables: Sequence[Table],
    kind: Kind | None,
    year: int | None,
    pointed: Mapping[int, Pointed] | None = None,
) -> tuple[list[Form], list[Issue]]:
    """The forms that the tables of a report are, in page order, with what could not be read of them."""
    forms: list[Form] = []
    issues: list[Issue] = []
    for named in named_tables(tables, kind, year, pointed):
        form = _form(named)
        forms.append(form)
        issues.extend(_issues(form, named.table))
    return forms, issues


def named_tables(
    tables: Sequence[Table],
    kind: Kind | None,
    year: int | None,
    pointed: Mapping[int, Pointed] | None = None,
) -> list[Named]:
    """Each table with its form; ``pointed`` has, by the index of a table, what to call what no definition knows."""
    catalogue = load()
    counts: Counter[str] = Counter()
    found = []
    for index, table in enumerate(tables):
        matrix = covering(table)
        head = read_head(table, matrix)
        own = (pointed or {}).get(index, NOTHING)
        definition = _recognise(catalogue, table, head, kind) or catalogue.forms.get(own.form or "")
        name = definition.form if definition else "unknown"
        counts[name] += 1
        unit = UNITS.get(table.caption.unit or "")
        found.append(Named(table, matrix, head, definition, f"{name}#{counts[name]}", unit, year, own))
    return found


def _recognise(catalogue: Catalogue, table: Table, head: Head, kind: Kind | None) -> Definition | None:
    """The form whose title fits best and whose header agrees; a title alone is not believed against its header."""
    if not table.caption.title:
        return None
    for match in _candidates(catalogue, table.caption.title, kind):
        if not match.leftover_is_plain:
            continue
        if match.definition.signature_holds(_signed_text(match.definition, table, head)):
            return match.definition
    return None


def _signed_text(definition: Definition, table: Table, head: Head) -> str:
    """Where a form's signature stands: in the head, or anywhere in a form of free shape, whose captions stand all over it."""
    return head.text if "free" not in definition.layouts else "|".join(cell.text for cell in table.cells)


def _candidates(catalogue: Catalogue, title: str, kind: Kind | None) -> list[Match]:
    """Forms of the report's kind first, then of the other: budgets print an account's table now and then."""
    of_kind = catalogue.by_title(title, kind)
    return of_kind + [
        match
        for match in catalogue.by_title(title)
        if match.definition not in [m.definition for m in of_kind]
    ]


def _form(named: Named) -> Form:
    table, definition = named.table, named.definition
    free = definition is not None and "free" in definition.layouts
    records: tuple[Record, ...] = ()
    figures = figures_of(named) if not free and (definition or named.unit) else ()
    if definition is not None and free:
        figures, records = records_of(named, definition)
    has_value = any(figure.state in ("value", "unread") for figure in figures)
    return Form(
        id=named.form_id,
        form=definition.form if definition else "unknown",
        method="model" if named.pointed.form else "native",
        grade="sure" if table.sure and not named.pointed.form else "check",
        printed_number=table.caption.printed_number,
        title=table.caption.title,
        unit=named.unit,
        document=table.document,
        pages=table.pages,
        state="nil" if definition and not free and not has_value else "present",
        figures=figures,
        grid=None if figures and definition and not free else _grid(table),
        notes=table.notes,
        records=records,
    )


def _grid(table: Table) -> Grid:
    cells = tuple(
        GridCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text="\n".join(cell.lines),
            source=Source(table.document, cell.page, rounded(cell.box)),
        )
        for cell in table.cells
    )
    return Grid(rows=table.rows, columns=table.columns, cells=cells)


def _issues(form: Form, table: Table) -> list[Issue]:
    where = _place(table)
    found = []
    if (
        form.form != "unknown"
        and form.unit is None
        and any(f.quantity == "money" and f.unit is None for f in form.figures)
    ):
        found.append(
            Issue(
                kind="unit_unknown", message=f"《{form.title}》未印金额单位，金额未换算为元。", source=where
            )
        )
    unread = [figure for figure in form.figures if figure.state == "unread"]
    for figure in unread[:5]:
        message = f"《{form.title}》“{figure.row_label}”行“{figure.col_label}”栏印作“{normalise(figure.printed)}”，不是可确认的数字。"
        found.append(Issue(kind="figure_unread", message=message, source=figure.source))
    return found


def _place(table: Table) -> Source | None:
    first: Cell | None = next(iter(table.cells), None)
    return Source(table.document, first.page, rounded(first.box)) if first else None
