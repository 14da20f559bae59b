"""The figures of one table: rows by their keys, columns by theirs, each with its canonical name and as much trust as the grid gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai import money
from gongkai.forms.definitions import Column, Definition, Lane
from gongkai.forms.heads import Column as HeadColumn
from gongkai.forms.heads import Head, Matrix, is_caption
from gongkai.forms.heads import Lane as HeadLane
from gongkai.forms.rows import Row, level_of, rows_of
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.pages import rounded
from gongkai.report import Figure, Grade, Quantity, Source, Unit

TELLING = {"收入": 1, "支出": 2}  # labels that must name the side of a lane whose caption does not
ALIGNED = 0.97  # confidence: columns found by alignment, each once the form's

IN_HEAD = re.compile(r"\((?:单位[:：])?(亿元|万元|千元|元)\)")
_PERCENT = re.compile(r"(?:%|百分比|比例|占比|增长率|增减率|幅度|完成率|执行率|率)(?:\([^)]*\))?$")
_COUNT = re.compile(r"(?:数量|人数|个数|辆数|批次|人次|编制数)(?:\([^)]*\))?$")
UNITS: dict[str, Unit] = {"元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元"}


@dataclass(frozen=True, slots=True)
class Pointed:
    """What was pointed at where the definitions knew no name: the ``form`` of a table, ``measures`` by column, ``lines`` by lane and row."""

    form: str | None = None
    measures: Mapping[int, str] = field(default_factory=dict)
    lines: Mapping[tuple[int, int], str] = field(default_factory=dict)


NOTHING = Pointed()


@dataclass(frozen=True, slots=True)
class Named:
    """A table with its head read and its form known (or not); ``unit`` is the table's, ``year`` the account's."""

    table: Table
    matrix: Matrix
    head: Head
    definition: Definition | None
    form_id: str
    unit: Unit | None
    year: int | None
    pointed: Pointed = NOTHING

    def lanes(self) -> list[LaneNames]:
        """The lanes with their rows, and what the definition calls their columns and rows."""
        rows = rows_of(self.table, self.matrix, self.head, self.two_sided)
        found = []
        for index, lane in enumerate(self.head.lanes):
            side: Lane | None = ("income" if index == 0 else "expenditure") if self.two_sided else None
            own = [row for row in rows if row.lane == index]
            found.append(LaneNames(lane, side, own, _lines(self, own, side), _measures(self, lane, side)))
        return found

    @property
    def two_sided(self) -> bool:
        """An income and an expenditure side: by the lanes' own captions, or in a form of two sides by what their rows are called; the
        definition may forbid it, never force it."""
        lanes = self.head.lanes
        if len(lanes) < 2 or (self.definition is not None and "two_sided" not in self.definition.layouts):
            return False
        if "收入" in lanes[0].top and any("支出" in lane.top for lane in lanes[1:]):
            return True
        return self.definition is not None and self._tells("收入", lanes[0]) and self._tells("支出", lanes[1])

    def _tells(self, side: str, lane: HeadLane) -> bool:
        """Do the labels of a lane speak of ``side`` and not of the other?"""
        other = "支出" if side == "收入" else "收入"
        texts = [
            cell.text
            for cell in self.table.cells
            if cell.column in lane.labels and cell.row >= self.head.rows
        ]
        return sum(side in text for text in texts) >= TELLING[side] and not any(
            other in text for text in texts
        )


@dataclass(frozen=True, slots=True)
class LaneNames:
    """One lane of a table: ``lines`` of its ``rows``, ``measures`` of its value columns; ``None`` where there is no name."""

    lane: HeadLane
    side: Lane | None
    rows: Sequence[Row]
    lines: Sequence[str | None]
    measures: Sequence[Column | None]


def figures_of(named: Named) -> tuple[Figure, ...]:
    """All figures, lane by lane, row by row. A merged cell gives one figure, where it begins."""
    seen: Counter[tuple[str, str]] = Counter()
    return tuple(figure for names in named.lanes() for figure in _lane_figures(named, names, seen))


def _lane_figures(named: Named, names: LaneNames, seen: Counter[tuple[str, str]]) -> list[Figure]:
    lane, side, rows, lines, measures = names.lane, names.side, names.rows, names.lines, names.measures
    by_row = _measures_of_rows(named, lane, rows, side, measures)
    unnamed = _are_unnamed(named, measures)
    strange = _strange_labels(named, rows, lines)
    found = []
    for row, line, odd in zip(rows, lines, strange, strict=True):
        for column, measure in zip(lane.values, measures, strict=True):
            if by_row is not None:
                line, measure = "data", by_row[row.row, column.index]
            headed = named.head.column_at(row.row, column)
            figure = _figure(named, row, line, headed, measure, unnamed or odd or not row.sure, seen)
            if figure is not None:
                found.append(figure)
    return found


def _lines(named: Named, rows: Sequence[Row], side: Lane | None) -> list[str | None]:
    definition = named.definition
    if definition is None:
        return [None] * len(rows)
    if len(rows) == 1 and rows[0].key == "data":
        return ["data"]
    labels = [row.code or row.path or row.label for row in rows]
    lines = definition.lines_of(labels, side, [level_of(row.label) for row in rows])
    return [
        line
        or (row.code if row.code and definition.has_line(row.code) else None)
        or named.pointed.lines.get((row.lane, row.row))
        for row, line in zip(rows, lines, strict=True)
    ]


def _measures(named: Named, lane: HeadLane, side: Lane | None) -> list[Column | None]:
    if named.definition is None:
        return [None] * len(lane.values)
    paths = [_on_side(column.path, side) for column in lane.values]
    known = named.definition.measures_of(paths, side, named.year)
    return [
        found or _pointed_measure(named, column, side)
        for column, found in zip(lane.values, known, strict=True)
    ]


def _on_side(path: str, side: Lane | None) -> str:
    """A header path without the other side's name, which a table without rulings may seem to print over a lane."""
    other = {"income": "支出/", "expenditure": "收入/", None: "/"}[side]
    return path.removeprefix(other)


def _pointed_measure(named: Named, column: HeadColumn, side: Lane | None) -> Column | None:
    measure = named.pointed.measures.get(column.index)
    if measure is None or named.definition is None:
        return None
    return named.definition.named(measure, column.path, side, named.year)


def _measures_of_rows(
    named: Named, lane: HeadLane, rows: Sequence[Row], side: Lane | None, by_column: Sequence[Column | None]
) -> dict[tuple[int, int], Column | None] | None:
    """For a single-row form that is printed as rows: the measure of each cell from its header path and its row label."""
    definition = named.definition
    if definition is None or "single" not in definition.layouts or not rows or rows[0].key == "data":
        return None
    if any(row.code for row in rows):
        return None  # printed by code: its rows are no columns
    paths = {(row.row, c.index): f"{c.path}/{row.path or row.label}" for row in rows for c in lane.values}
    found = definition.measures_of(list(paths.values()), side, named.year)
    better = sum(one is not None for one in found) > sum(one is not None for one in by_column)
    return dict(zip(paths, found, strict=True)) if better else None


def _are_unnamed(named: Named, measures: Sequence[Column | None]) -> bool:
    """Columns found by alignment that are not, each once, the columns of a known form: their captions may be misread."""
    if not named.table.aligned:
        return False
    names = [one.measure for one in measures if one is not None]
    return named.definition is None or len(names) < len(measures) or len(set(names)) < len(names)


def _strange_labels(named: Named, rows: Sequence[Row], lines: Sequence[str | None]) -> list[bool]:
    """Rows of a table found by alignment whose label its form does not know, while it knows most of them: a label may be torn."""
    known = sum(line is not None for line in lines)
    judged = named.table.aligned and 2 * known > len(rows)
    return [judged and line is None for line in lines]


def _figure(
    named: Named,
    row: Row,
    line: str | None,
    column: HeadColumn,
    measure: Column | None,
    doubtful: bool,
    seen: Counter[tuple[str, str]],
) -> Figure | None:
    cell = named.matrix[row.row][column.index]
    if cell is None or (cell.row, cell.column) != (row.row, column.index):
        return None
    if is_caption(cell) and named.head.captions_at(row.row):
        return None
    col_key = str(column.number) if column.number is not None else column.path
    seen[row.key, col_key] += 1
    if seen[row.key, col_key] > 1:
        col_key = f"{col_key}#{seen[row.key, col_key]}"
    quantity = _quantity(named.definition, line, measure, column.path)
    grade, confidence = trust(named.table, cell, doubtful)
    pointed = column.index in named.pointed.measures or (row.lane, row.row) in named.pointed.lines
    return money.read(
        cell.text,
        id=f"{named.form_id}:{row.key}:{col_key}",
        row_key=row.key,
        row_label=row.label,
        line=line,
        col_key=col_key,
        col_label=column.path,
        measure=measure.measure if measure else None,
        unit=_unit(named.unit, column.path, quantity),
        quantity=quantity,
        source=Source(named.table.document, cell.page, rounded(cell.box)),
        method="model" if pointed else "native",
        grade="check" if pointed else grade,
        confidence=confidence,
    )


def trust(table: Table, cell: Cell, doubtful: bool) -> tuple[Grade, float]:
    """Grade and confidence of what stands in ``cell``: a grid that was drawn is surer than one that was seen from its words.

    ``doubtful``: what its row or column is called is in doubt.
    """
    if doubtful:
        return "check", money.NAMED
    if not (table.sure and cell.sure):
        return "check", money.PLACED
    return "sure", ALIGNED if table.aligned else money.PRINTED


def _quantity(definition: Definition | None, line: str | None, measure: Column | None, path: str) -> Quantity:
    if definition is not None and measure is not None:
        return definition.quantity_of(line, measure)
    if _PERCENT.search(path):
        return "percent"
    return "count" if _COUNT.search(path) else "money"


def _unit(table: Unit | None, path: str, quantity: Quantity) -> Unit | None:
    """The unit of a column: its own if its caption names one (金额（万元）), else the table's; counts have none."""
    if quantity != "money":
        return "%" if quantity == "percent" else None
    found = IN_HEAD.search(path)
    return UNITS[found[1]] if found else table
