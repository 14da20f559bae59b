"""What speaks against a name for a column or a row before any check runs: the table's own words, its fixed order, its amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.forms.definitions import ITEM, Column, Definition, load
from gongkai.forms.figures import LaneNames, Named, Pointed
from gongkai.forms.rows import Row
from gongkai.money import parse

At = int | tuple[int, int]  # a column by its index, a row by lane and row
Amounts = Mapping[int, Decimal]


def of_names(table: Named, points: Pointed) -> dict[At, str]:
    """Why the columns and rows of ``points`` cannot be what they are called there; ``table`` is without these names."""
    form = table.definition
    if form is None:
        return {}
    after = replace(table, pointed=points).lanes()
    found: dict[At, str] = {}
    for lane, known in zip(after, table.lanes(), strict=True):
        found |= _of_rows(table, form, lane, known)
        found |= _of_columns(table, form, lane, known)
    return found


def _of_rows(table: Named, form: Definition, lane: LaneNames, known: LaneNames) -> Iterator[tuple[At, str]]:
    order = {one.line: number for number, one in enumerate(form.lines)}
    amounts = {row.row: _amounts(table, [(row.row, c.index) for c in lane.lane.values]) for row in lane.rows}
    by_line = {line: amounts[row.row] for row, line in zip(lane.rows, known.lines, strict=True) if line}
    places = [order.get(line or "") for line in known.lines]
    for number, (row, line) in enumerate(zip(lane.rows, lane.lines, strict=True)):
        if line is None or known.lines[number] is not None:
            continue
        at = (row.lane, row.row)
        whole = form.parent_of(line, by_line)
        parts = [by_line[one] for one in by_line if form.parent_of(one, [line]) == line]
        if lane.lines.count(line) > 1:
            yield at, "named_twice"
        elif _is_elsewhere(_label(row), line):
            yield at, "other_name"
        elif line in order and not _in_order(places, number, order[line]):
            yield at, "out_of_order"
        elif _exceeds(amounts[row.row], by_line.get(whole or "", {})) or any(
            _exceeds(part, amounts[row.row]) for part in parts
        ):
            yield at, "part_exceeds_whole"


def _of_columns(
    table: Named, form: Definition, lane: LaneNames, known: LaneNames
) -> Iterator[tuple[At, str]]:
    columns = list(zip(lane.lane.values, lane.measures, strict=True))
    amounts = {c.index: _amounts(table, [(row.row, c.index) for row in lane.rows], 0) for c, _ in columns}
    by_measure = {
        one.measure: amounts[c.index] for (c, _), one in zip(columns, known.measures, strict=True) if one
    }
    names = [one.measure if one else None for one in lane.measures]
    for number, (column, one) in enumerate(columns):
        if one is None or known.measures[number] is not None:
            continue
        if names.count(one.measure) > 1:
            yield column.index, "named_twice"
        elif _is_measured_elsewhere(table, column.path, one):
            yield column.index, "other_name"
        elif not _in_order([_printed(each) for each in known.measures], number, _printed(one)) or not _beside(
            names, number, one.measure
        ):
            yield column.index, "out_of_order"
        elif one.quantity == "money" and _exceeds(
            amounts[column.index], by_measure.get(_whole(one.measure, by_measure), {})
        ):
            yield column.index, "part_exceeds_whole"


def _beside(names: Sequence[str | None], at: int, measure: str) -> bool:
    """Whether a part of another column stands right of it, or of its other parts; true where the whole has no column."""
    whole = measure.rpartition(".")[0]
    if not whole or whole not in names:
        return True
    before = next((name for name in reversed(names[:at]) if name), "")
    return before == whole or before.startswith(f"{whole}.")


def _label(row: Row) -> str:
    return row.path or row.label


def _printed(column: Column | None) -> int | None:
    """Its 栏次 in the national layout."""
    return next((number for _, number in column.numbers), None) if column else None


def _whole(measure: str, present: Mapping[str, Amounts]) -> str:
    """The measure that this one is a part of: the name without its end, or the total of its phase."""
    above = measure
    while "." in above:
        above = above.rpartition(".")[0]
        for name in (above, f"{above}.total"):
            if name in present and name != measure:
                return name
    return "total" if "total" in present and "." not in measure else ""


def _in_order(places: Sequence[int | None], at: int, place: int | None) -> bool:
    """Whether ``place`` stands between the nearest known places before and behind it, where these are in order themselves."""
    if place is None:
        return True
    above = next((each for each in reversed(places[:at]) if each is not None), None)
    below = next((each for each in places[at + 1 :] if each is not None), None)
    if above is not None and below is not None and above > below:
        return True
    return (above is None or above <= place) and (below is None or place <= below)


def _exceeds(part: Amounts, whole: Amounts) -> bool:
    """Whether a part is anywhere larger than its whole; negative amounts prove nothing."""
    both = [(part[at], whole[at]) for at in part if at in whole]
    return any(one > all_of > 0 for one, all_of in both) and all(min(pair) >= 0 for pair in both)


def _amounts(table: Named, cells: Sequence[tuple[int, int]], key: int = 1) -> dict[int, Decimal]:
    """The amounts of ``cells`` by their column (or, with ``key`` 0, by their row)."""
    found = {}
    for place in cells:
        cell = table.matrix[place[0]][place[1]]
        value = parse(cell.text, None).value if cell is not None else None
        if value is not None:
            found[place[key]] = value
    return found


def _is_elsewhere(label: str, line: str) -> bool:
    """Whether the forms know the label, and none by this name."""
    names = {form.line_of(label) for form in load().forms.values()} - {None, ITEM}
    return bool(names) and line not in names


def _is_measured_elsewhere(table: Named, path: str, column: Column) -> bool:
    found = [form.measure_of(path, None, (), table.year) for form in load().forms.values()]
    names = {one.measure.rpartition(".")[2] for one in found if one}
    return bool(names) and column.measure.rpartition(".")[2] not in names
