"""Tables to forms: which statutory form a table is, and which line and measure each of its figures has.

A form is known by its title and confirmed by its header, never by the printed number, which differs between provinces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai import money
from gongkai.forms.definitions import Catalogue, Column, Definition, Match, load
from gongkai.forms.heads import Column as HeadColumn
from gongkai.forms.heads import Head, Lane, Matrix, covering, is_caption, read_head
from gongkai.forms.rows import Row, rows_of
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.report import Box, Figure, Form, Grade, Grid, GridCell, Issue, Kind, Quantity, Source, Unit
from gongkai.text import normalise

_IN_HEAD = re.compile(r"\((?:单位[::])?(亿元|万元|千元|元)\)")
_PERCENT = re.compile(r"(?:%|百分比|比例|占比|增长率|增减率|幅度|完成率|执行率|率)(?:\([^)]*\))?$")
_COUNT = re.compile(r"(?:数量|人数|个数|辆数|批次|人次|编制数)(?:\([^)]*\))?$")
_TWO_SIDES = (re.compile("收入"), re.compile("支出"))


def forms_of(tables: Sequence[Table], kind: Kind | None, year: int | None) -> tuple[list[Form], list[Issue]]:
    """The forms that the tables of a report are, in page order, with what could not be read of them."""
    catalogue = load()
    counts: Counter[str] = Counter()
    forms: list[Form] = []
    issues: list[Issue] = []
    for table in tables:
        matrix = covering(table)
        head = read_head(table, matrix)
        definition, grade = _recognise(catalogue, table, head, kind)
        name = definition.form if definition else "unknown"
        counts[name] += 1
        form = _form(table, matrix, head, definition, f"{name}#{counts[name]}", grade, year)
        forms.append(form)
        issues.extend(_issues(form, table))
    return forms, issues


def _recognise(
    catalogue: Catalogue, table: Table, head: Head, kind: Kind | None
) -> tuple[Definition | None, Grade]:
    """The form whose title fits best and whose header agrees; a title alone is not believed against its header."""
    if not table.caption.title:
        return None, "sure"
    for match in _candidates(catalogue, table.caption.title, kind):
        if not match.leftover_is_plain:
            continue
        if match.definition.signature_holds(_signed_text(match.definition, table, head)):
            return match.definition, "sure"
    return None, "sure"


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


def _form(
    table: Table,
    matrix: Matrix,
    head: Head,
    definition: Definition | None,
    form_id: str,
    grade: Grade,
    year: int | None,
) -> Form:
    unit: Unit | None = table.caption.unit  # type: ignore[assignment]
    reader = _FigureReader(table, matrix, head, definition, form_id, unit, year)
    free = definition is not None and "free" in definition.layouts
    figures = reader.figures() if not free and (definition or unit) else ()
    has_value = any(figure.state in ("value", "unread") for figure in figures)
    return Form(
        id=form_id,
        form=definition.form if definition else "unknown",
        grade=grade,
        printed_number=table.caption.printed_number,
        title=table.caption.title,
        unit=unit,
        document=table.document,
        pages=table.pages,
        state="nil" if definition and not free and not has_value else "present",
        figures=figures,
        grid=None if figures and definition else _grid(table),
        notes=table.notes,
    )


class _FigureReader:
    """Reads the figures of one table: rows by their keys, columns by theirs, each with its canonical name."""

    def __init__(
        self,
        table: Table,
        matrix: Matrix,
        head: Head,
        definition: Definition | None,
        form_id: str,
        unit: Unit | None,
        year: int | None,
    ) -> None:
        self.table, self.matrix, self.head, self.definition = table, matrix, head, definition
        self.form_id, self.unit, self.year = form_id, unit, year
        self.two_sided = _is_two_sided(head, definition)
        self.rows = rows_of(table, matrix, head, self.two_sided)

    def figures(self) -> tuple[Figure, ...]:
        found: list[Figure] = []
        seen: Counter[tuple[str, str]] = Counter()
        for index, lane in enumerate(self.head.lanes):
            side = ("income" if index == 0 else "expenditure") if self.two_sided else None
            rows = [row for row in self.rows if row.lane == index]
            lines = self._lines(rows, side)
            by_label = self._measures_of_rows(lane, rows, side)
            measures = self._measures(lane, side)
            for row, line in zip(rows, lines, strict=True):
                for column, measure in zip(lane.values, measures, strict=True):
                    if by_label is not None:
                        line, measure = "data", by_label[row.row, column.index]
                    headed = self.head.column_at(row.row, column)
                    figure = self._figure(row, line, headed, measure, seen)
                    if figure is not None:
                        found.append(figure)
        return tuple(found)

    def _lines(self, rows: Sequence[Row], side: str | None) -> list[str | None]:
        if self.definition is None:
            return [None] * len(rows)
        if len(rows) == 1 and rows[0].key == "data":
            return ["data"]
        lane = side if side in ("income", "expenditure") else None
        named = self.definition.lines_of([row.code or row.path or row.label for row in rows], lane)  # type: ignore[arg-type]
        return [
            name or (row.code if row.code and self.definition.has_line(row.code) else None)
            for row, name in zip(rows, named, strict=True)
        ]

    def _measures(self, lane: Lane, side: str | None) -> list[Column | None]:
        if self.definition is None:
            return [None] * len(lane.values)
        return self.definition.measures_of([column.path for column in lane.values], side, self.year)  # type: ignore[arg-type]

    def _measures_of_rows(
        self, lane: Lane, rows: Sequence[Row], side: str | None
    ) -> dict[tuple[int, int], Column | None] | None:
        """For a single-row form that is printed as rows: the measure of each cell from its header path and its row label."""
        if (
            self.definition is None
            or "single" not in self.definition.layouts
            or not rows
            or rows[0].key == "data"
        ):
            return None
        paths = {(row.row, c.index): f"{c.path}/{row.path or row.label}" for row in rows for c in lane.values}
        found = self.definition.measures_of(list(paths.values()), side, self.year)  # type: ignore[arg-type]
        measures = dict(zip(paths, found, strict=True))
        named_by_column = sum(m is not None for m in self._measures(lane, side))
        return measures if sum(m is not None for m in found) > named_by_column else None

    def _figure(
        self,
        row: Row,
        line: str | None,
        column: HeadColumn,
        measure: Column | None,
        seen: Counter[tuple[str, str]],
    ) -> Figure | None:
        cell = self.matrix[row.row][column.index]
        if cell is None or (cell.row, cell.column) != (row.row, column.index):
            return None
        if is_caption(cell) and (
            row.row == self.head.rows or any(start == row.row for start, _ in self.head.again)
        ):
            return None
        col_key = str(column.number) if column.number is not None else column.path
        seen[row.key, col_key] += 1
        if seen[row.key, col_key] > 1:
            col_key = f"{col_key}#{seen[row.key, col_key]}"
        known = self.definition is not None and measure is not None
        quantity = (
            self.definition.quantity_of(line, measure)
            if self.definition and known
            else _quantity(column.path)
        )
        return money.read(
            cell.text,
            id=f"{self.form_id}:{row.key}:{col_key}",
            row_key=row.key,
            row_label=row.label,
            line=line,
            col_key=col_key,
            col_label=column.path,
            measure=measure.measure if measure else None,
            unit=self._unit(column.path, quantity),
            quantity=quantity,
            source=Source(self.table.document, cell.page, _rounded(cell.box)),
        )

    def _unit(self, path: str, quantity: Quantity) -> Unit | None:
        if quantity != "money":
            return "%" if quantity == "percent" else None
        found = _IN_HEAD.search(path)
        return found[1] if found else self.unit  # type: ignore[return-value]


def _is_two_sided(head: Head, definition: Definition | None) -> bool:
    """An income side and an expenditure side: by the lanes' own captions; the definition may forbid it, never force it."""
    if len(head.lanes) < 2 or (definition is not None and "two_sided" not in definition.layouts):
        return False
    return bool(_TWO_SIDES[0].search(head.lanes[0].top)) and any(
        _TWO_SIDES[1].search(lane.top) for lane in head.lanes[1:]
    )


def _quantity(path: str) -> Quantity:
    if _PERCENT.search(path):
        return "percent"
    return "count" if _COUNT.search(path) else "money"


def _rounded(box: Box) -> Box:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def _grid(table: Table) -> Grid:
    cells = tuple(
        GridCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text="\n".join(cell.lines),
            source=Source(table.document, cell.page, _rounded(cell.box)),
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
    return Source(table.document, first.page, _rounded(first.box)) if first else None
