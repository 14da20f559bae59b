"""``name_form`` of columns and rows: what those are that the definition of a known form has no name for, all tables of a report together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist import contradictions
from gongkai.assist.common import Open, Values, gloss, named, numbered
from gongkai.draft import Draft, Pointers
from gongkai.forms.definitions import Definition, Lane
from gongkai.forms.figures import Named, Pointed
from gongkai.forms.recognise import named_tables
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.money import parse
from gongkai.pages import rounded
from gongkai.report import Source

MOST_UNKNOWN = 40  # columns and rows in one question


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A column (by its index and header path) or a row (by lane and row, and its label) that its form's definition does not know."""

    at: int | tuple[int, int]
    text: str
    side: Lane | None = None


@dataclass(frozen=True, slots=True)
class Partly:
    """A table (the ``index``-th) of a known form with columns and rows without a name."""

    index: int
    table: Named
    form: Definition
    columns: tuple[Unnamed, ...]
    rows: tuple[Unnamed, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tag stands for: ``one`` of ``of``, with the names that may be answered and what they mean."""

    of: Partly
    one: Unnamed
    choices: Mapping[str, str]


def opened(draft: Draft) -> Iterator[Open]:
    """Unknown columns and rows of known forms whose names are a closed list. Each table is asked about once."""
    before = {number for each in draft.answered for number in _numbers(each)}
    found = [partly for partly in _partly(draft) if partly.index + 1 not in before]
    for group in _groups(found):
        columns = dict(
            numbered("C", [each for one in group for each in _asked(one, one.columns, _measures(one))])
        )
        rows = dict(numbered("R", [each for one in group for each in _asked(one, one.rows, _lines(one))]))
        if columns or rows:
            yield Open(
                names_question(columns, rows),
                partial(_adopt, columns, rows),
                doubts=partial(_doubts, columns, rows),
            )


def _numbers(question: str) -> list[int]:
    """The numbers of the tables that a question of this task was about."""
    first, _, rest = question.partition(":")
    numbers, _, last = rest.partition(":")
    return [int(number) for number in numbers.split(",")] if (first, last) == ("tables", "names") else []


def _partly(draft: Draft) -> Iterator[Partly]:
    identity = draft.identity
    tables = named_tables(draft.tables, identity.kind, identity.fiscal_year, draft.pointers.tables)
    for index, table in enumerate(tables):
        gridded = table.table.sure or f"table:{index + 1}:grid" in draft.answered  # else that is asked first
        if table.definition is not None and gridded:
            columns, rows = unnamed(table)
            yield Partly(index, table, table.definition, tuple(columns), tuple(rows))


def _groups(found: Sequence[Partly]) -> Iterator[list[Partly]]:
    """Tables that go into one question."""
    group: list[Partly] = []
    size = 0
    for one in found:
        own = len(one.columns) + len(one.rows)
        if group and size + own > MOST_UNKNOWN:
            yield group
            group, size = [], 0
        group, size = [*group, one], size + own
    if group:
        yield group


def names_question(columns: Mapping[str, Asked], rows: Mapping[str, Asked]) -> Question:
    """What the columns and rows behind the tags are; each tag offers the names of its own form and lane that the table does not have."""
    every = {**columns, **rows}
    tables = {asked.of.index: asked.of for asked in every.values()}
    context = [
        f"{of.form.name}：{'、'.join(tag for tag, asked in every.items() if asked.of is of)}"
        for of in tables.values()
    ]
    first = next(iter(tables.values())).table.table
    cell = next(iter(first.cells))
    return Question(
        id=f"tables:{','.join(str(index + 1) for index in tables)}:names",
        task="name_form",
        parts=(
            Part("context", tuple(Tag(f"X{n}", text) for n, text in enumerate(context, 1))),
            Part("columns", _tags(columns)),
            Part("rows", _tags(rows)),
        ),
        lists={name: _choices(asked) for name, asked in (("measures", columns), ("lines", rows)) if asked},
        source=Source(first.document, cell.page, rounded(cell.box)),
    )


def _tags(asked: Mapping[str, Asked]) -> tuple[Tag, ...]:
    whole = len(_choices(asked))
    return tuple(
        Tag(tag, each.one.text, only=() if len(each.choices) == whole else tuple(each.choices))
        for tag, each in asked.items()
    )


def _choices(asked: Mapping[str, Asked]) -> tuple[Choice, ...]:
    together: dict[str, str] = {}
    for each in asked.values():
        together |= {name: meaning for name, meaning in each.choices.items() if not together.get(name)}
    return tuple(Choice(name, meaning) for name, meaning in together.items())


def _asked(
    of: Partly, things: Sequence[Unnamed], names: Sequence[tuple[str, Lane | None, str]]
) -> Iterator[Asked]:
    for one in things:
        choices = {
            name: meaning for name, lane, meaning in names if None in (lane, one.side) or lane == one.side
        }
        if choices:
            yield Asked(of, one, choices)


def _measures(of: Partly) -> list[tuple[str, Lane | None, str]]:
    taken = _taken(of.table)
    return [(one.measure, one.lane, gloss(one.paths)) for one in of.form.columns if one.measure not in taken]


def _lines(of: Partly) -> list[tuple[str, Lane | None, str]]:
    taken = _taken(of.table)
    return [(one.line, one.lane, gloss(one.labels)) for one in of.form.lines if one.line not in taken]


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
    columns = columns[: MOST_UNKNOWN // 2]
    return columns, rows[: MOST_UNKNOWN - len(columns)]


def _adopt(
    columns: Mapping[str, Asked], rows: Mapping[str, Asked], values: Values, pointers: Pointers
) -> Pointers:
    """The model names what is measured; whose year or stage it is, the header's own words say (``Definition.named``)."""
    measures, lines = named(values, "columns"), named(values, "rows")
    tables = dict(pointers.tables)
    for tag, name in measures.items():
        index, at = columns[tag].of.index, columns[tag].one.at
        own = tables.get(index, Pointed())
        if isinstance(at, int):
            tables[index] = replace(own, measures={**own.measures, at: name})
    for tag, name in lines.items():
        index, at = rows[tag].of.index, rows[tag].one.at
        own = tables.get(index, Pointed())
        if not isinstance(at, int):
            tables[index] = replace(own, lines={**own.lines, at: name})
    return replace(pointers, tables=tables) if measures or lines else pointers


def _doubts(columns: Mapping[str, Asked], rows: Mapping[str, Asked], values: Values) -> Mapping[str, str]:
    """What :mod:`contradictions` has against the names, table by table."""
    measures, lines = named(values, "columns"), named(values, "rows")
    every = {**{tag: columns[tag] for tag in measures}, **{tag: rows[tag] for tag in lines}}
    against: dict[str, str] = {}
    for index in {asked.of.index for asked in every.values()}:
        own = {tag: asked for tag, asked in every.items() if asked.of.index == index}
        points = _adopt(columns, rows, _only(values, own), Pointers()).tables[index]
        table = next(iter(own.values())).of.table
        found = contradictions.of_names(table, points)
        against |= {tag: found[asked.one.at] for tag, asked in own.items() if asked.one.at in found}
    return against


def _only(values: Values, tags: Mapping[str, Asked]) -> Values:
    return {
        part: {tag: name for tag, name in values.get(part, {}).items() if tag in tags}
        for part in ("columns", "rows")
    }


def _layouts(table: Named) -> tuple[str, ...]:
    return table.definition.layouts if table.definition else ()


def _amounts_in(table: Named, row: int, columns: Sequence[int]) -> bool:
    cells = (table.matrix[row][column] for column in columns)
    return any(cell is not None and parse(cell.text, None).value for cell in cells)
