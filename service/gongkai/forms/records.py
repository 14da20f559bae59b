"""Performance forms (绩效自评表, 绩效目标表) row by row: a form of free shape has no one head, its captions stand all over it.

A row of captions opens a block (funds, goals or indicators) and says what stands in its columns until the next; outside of a
block labels and values stand side by side. Which words are captions is data (``records.toml`` and the form's own TOML); numbers
are figures of the form like all others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai import money
from gongkai.forms.definitions import Column, Definition, clean_path
from gongkai.forms.figures import IN_HEAD, UNITS, Named, trust
from gongkai.forms.units import NAMES, Head, head_of
from gongkai.forms.vocabulary import GOALS, LEVELS, field_of, item_of
from gongkai.layout.grid import Cell
from gongkai.money import parse
from gongkai.pages import rounded
from gongkai.report import Figure, Record, RecordKind, Source, Unit, Words
from gongkai.text import normalise

_POINTS = re.compile(r"\((\d{1,3}(?:\.\d+)?分)\)")
_BOTH = re.compile(r"(.{2,24})[:：]([^:：]+)", re.DOTALL)
_YEAR = re.compile(r"(20\d\d)年度?(?:预算|决算|执行|实际|预计)*(?:数|金额|情况)?")
_YEARS = ("本年", "上年", "前年")  # the report's own, and those before it: 2025年 | 2024年 | 2023年
_AMOUNT = "amount"
_OF_GOALS = {"target": "goal", "actual": "goal_actual"}  # 实际完成情况 beside 预期目标


@dataclass(slots=True)
class Block:
    """The columns under a row of captions: ``words`` by field, ``numbers`` by the form's columns; ``row`` is the last such row, ``name``
    the column of the projects (or bodies) where the table is a list of them."""

    kind: RecordKind
    row: int
    words: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, tuple[Column, str]] = field(default_factory=dict)
    name: int | None = None

    @property
    def labels(self) -> range:
        """The columns left of the first number."""
        return range(min(self.numbers, default=0))


def records_of(named: Named, definition: Definition) -> tuple[tuple[Figure, ...], tuple[Record, ...]]:
    """The numbers of a performance form as figures, and its rows as records that name them, top to bottom."""
    reader = _Reader(named, definition)
    reader.caption()
    for row in range(named.table.rows):
        reader.read(row)
    return tuple(reader.figures), tuple(reader.records)


def _says_itself(cell: Cell) -> bool:
    """Does a cell say its label and its value (其中：基本支出：106.08), or head such cells below it (按支出性质分：)?"""
    both = _BOTH.fullmatch(cell.text)
    return cell.text.rstrip().endswith((":", "：")) or (
        both is not None and parse(both[2].strip(), None, "money").state == "value"
    )


class _Reader:
    def __init__(self, named: Named, definition: Definition) -> None:
        self.named, self.definition = named, definition
        self.figures: list[Figure] = []
        self.records: list[Record] = []
        self.block: Block | None = None
        self._units: Head | None = None
        self._made: dict[tuple[int, int, str], str] = {}  # a cell, and the figure that was made of it
        self._above: dict[str, Cell] = {}  # the headings that go on below: level1, level2
        self._doubtful = not named.table.sure or named.table.aligned  # what is merged shows in rules alone
        self._counts: Counter[str] = Counter()
        self._keys: Counter[str] = Counter()

    def caption(self) -> None:
        """The date of filling in stands over the table as often as in it."""
        if (dated := self.named.table.caption.dated) is not None:
            box = Source(self.named.table.document, dated.page, rounded(dated.box))
            said = Words(field="value", text=dated.text, source=box)
            self._counts["item"] += 1
            self.records.append(
                Record(
                    id=f"{self.named.form_id}/item/1",
                    kind="item",
                    name="filled_in",
                    label="填报日期",
                    words=(said,),
                    source=box,
                    grade="sure" if self.named.table.sure else "check",
                )
            )

    def read(self, row: int) -> None:
        cells = [c for c in self._starting(row) if c.text]
        if not cells:
            return
        self._units = head_of(self.named, self.definition, row) or self._units
        if self._units is not None:
            self._of_unit(self._units, row)
        elif (block := self._captions(row)) is not None:
            self._open(block)
            for cell in cells:
                if cell.column not in block.words and cell.column not in block.numbers:
                    self._group(cell)
        elif self._is_total(cells[0]):
            self._total(row, cells)
        elif len(cells) == 1 and _POINTS.search(normalise(cells[0].text)):
            self._group(cells[0])
        elif self.block is None or (item_of(cells[0].text) is not None and not self._cut_goal(cells, row)):
            self._pairs(cells, row)
        elif self.block.kind == "indicator":
            self._indicator(self.block, row)
        elif self.block.kind == "goal":
            self._goal(self.block, row)
        elif all(_says_itself(cell) for cell in cells):
            self._pairs(cells, row)
        else:
            self._funds(self.block, row, cells)

    def _cut_goal(self, cells: Sequence[Cell], row: int) -> bool:
        """Does a row of goals begin with the label of its block, 年度总体目标, because a page ends between the two?"""
        block = self.block
        return block is not None and block.kind == "goal" and block.row == row - 1 and len(cells) > 2

    def _starting(self, row: int) -> list[Cell]:
        found = dict.fromkeys(c for c in self.named.matrix[row] if c is not None and c.row == row)
        return list(found)

    def _captions(self, row: int) -> Block | None:
        """The block that a row of captions opens: two or more columns that are known, and no number."""
        words: dict[int, str] = {}
        numbers: dict[int, tuple[Column, str]] = {}
        listed = next((c.column for c in self._starting(row) if item_of(c.text) in NAMES), None)
        for cell in self._starting(row):
            if cell.text and parse(cell.text, None, "percent").state == "value":
                return None
            name = field_of(cell.text)
            column = self._of_year(cell.text) or self.definition.measure_of(cell.text, year=self.named.year)
            for index in range(cell.column, cell.column + cell.column_span):
                if name is not None:
                    words[index] = name
                elif column is not None and (
                    listed is not None or self.definition.line_of(cell.text) is None
                ):
                    numbers[index] = (column, cell.text)
        known = {*words.values(), *(column.measure for column, _ in numbers.values())}
        if len(known) < 2:
            return None
        kind: RecordKind = "indicator" if set(words.values()) & {*LEVELS} else "funds" if numbers else "goal"
        if kind == "goal" and not set(words.values()) & GOALS:
            return None
        if kind == "indicator":
            words = {index: name for index, name in words.items() if name not in GOALS}
        elif kind == "goal":
            words = {index: _OF_GOALS.get(name, name) for index, name in words.items()}
        return Block(kind, row, words, numbers, listed)

    def _of_year(self, caption: str) -> Column | None:
        """The column of amounts that a year alone heads; ``None`` for other captions, and for a year further off."""
        found, own = _YEAR.fullmatch(clean_path(caption)), self.named.year
        before = own - int(found[1]) if found and own else -1
        return self.definition.measure_of(_YEARS[before]) if 0 <= before < len(_YEARS) else None

    def _open(self, block: Block) -> None:
        """A second row of captions right below the first completes it; the same captions again (a new page) change nothing."""
        old = self.block
        if old is not None and old.kind == block.kind and old.words == block.words:
            return
        if old is not None and old.row == block.row - 1 and old.kind != "goal":
            block.words, block.numbers = old.words | block.words, old.numbers | block.numbers
            block.kind = "indicator" if "indicator" in (old.kind, block.kind) else block.kind
        self._above.clear()
        self.block = block

    def _is_total(self, cell: Cell) -> bool:
        return self.definition.line_of(cell.text) == "total_score"

    def _total(self, row: int, cells: Sequence[Cell]) -> None:
        """The row of the total score: under the columns of the block; one number for all of them is the score."""
        numbers = self.block.numbers if self.block else {}
        named: dict[str, str] = {}
        words = []
        for cell in cells[1:]:
            if parse(cell.text, None, "score").state != "value":
                words.append(self._words("value", cell))
                continue
            over = range(cell.column, cell.column + cell.column_span)
            columns = {numbers[c][0].measure: numbers[c] for c in over if c in numbers}
            column, caption = columns.get("score") or next(iter(columns.values()), (None, ""))
            column = column or self._amount()
            named[column.measure] = self._figure(
                cell, "total_score", cells[0].text, cells[0].text, column, caption, row
            )
        self._record("total", "total_score", cells[0], words, named)

    def _group(self, cell: Cell) -> None:
        """A heading that prints its own points, 产出指标（50分）; any other is none."""
        found = _POINTS.search(normalise(cell.text))
        column = next((c for c in self.definition.columns if c.measure == "points"), None)
        if found is None or column is None:
            return
        made = self._figure(
            cell, "group", cell.text, cell.text, column, column.measure, cell.row, printed=found[1]
        )
        self._record("group", "group", cell, (), {column.measure: made})

    def _indicator(self, block: Block, row: int) -> None:
        words: dict[str, Cell] = {}
        for column, name in block.words.items():
            cell = self.named.matrix[row][column]
            if cell is None or name in words or cell in words.values():  # merged over two columns: said once
                continue
            words[name] = self._level(name, cell, row) if name in LEVELS[:2] else cell
        words = {name: cell for name, cell in words.items() if cell.text}
        levels = [words[name] for name in LEVELS if name in words]
        if not levels or not any(cell.row == row for cell in words.values()):
            return
        label = levels[-1].text
        key = "/".join(clean_path(cell.text) for cell in levels)
        figures = self._row_figures(block, row, "indicator", key, label)
        said = [self._words(name, cell) for name, cell in words.items()]
        self._record("indicator", "indicator", levels[-1], said, figures)

    def _level(self, name: str, cell: Cell, row: int) -> Cell:
        """The heading of a row: its own, or where that is blank (cut by a page) the one above; a new one may print points."""
        begins, cell = cell.row == row, self._beyond(cell)
        if cell.text and begins and self._above.get(name) is not cell:
            if name == "level1":
                self._above.pop("level2", None)
            self._above[name] = cell
            self._group(cell)
        return cell if cell.text else self._above.get(name, cell)

    def _beyond(self, cell: Cell) -> Cell:
        """A blank heading at the foot of a page says its words on the next one, if the page cuts it; ``cell`` itself if not."""
        after = cell.row + cell.row_span
        if cell.text or after >= self.named.table.rows or self._starts_page(cell.row):
            return cell
        below = self.named.matrix[after][cell.column]
        return below if below is not None and below.row == after and below.page != cell.page else cell

    def _starts_page(self, row: int) -> bool:
        upper, own = ([c.page for c in self._starting(r)] for r in (row - 1, row))
        return bool(upper and own) and upper[0] != own[0]

    def _goal(self, block: Block, row: int, label: str = "") -> None:
        cells = {name: self.named.matrix[row][column] for column, name in block.words.items()}
        if not any(cell is not None and cell.row == row for cell in cells.values()):
            return
        said = [self._words(name, cell) for name, cell in cells.items() if cell is not None and cell.text]
        first = next((cell for cell in cells.values() if cell is not None and cell.text), None)
        if first is not None and said:
            self._record("goal", "goal", first, said, {}, label=label)

    def _funds(self, block: Block, row: int, cells: Sequence[Cell]) -> None:
        beside = [cell for cell in cells if cell.column in block.labels]
        if not beside or not any(cell.row == row for cell in beside):
            return self._pairs(cells, row)
        label = next((cell for cell in beside if cell.column == block.name), beside[-1])
        line = self.definition.line_of(label.text)
        key = clean_path(label.text)
        figures = self._row_figures(block, row, line, key, label.text)
        self._record("funds", line, label, (), figures)
        return None

    def _of_unit(self, head: Head, row: int) -> None:
        """A row of a table that gives each unit rows of its own: its money and goal once, its indicators row by row."""
        name = self.named.matrix[row][head.name]
        if row < head.below or name is None or not name.text:
            return
        if name.row == row:
            self._above.clear()
            if self.definition.line_of(name.text) is None:
                said = [Words(field="value", text=name.text, source=self._source(name))]
                self._record("item", head.item, name, said, {}, label=head.caption)
            self._unit_money(head, name, row)
        self._goal(Block("goal", row, {c: w for c, w in head.words.items() if w in GOALS}), row, name.text)
        levels = {c: w for c, w in head.words.items() if w not in GOALS}
        if set(levels.values()) & {*LEVELS}:
            self._indicator(Block("indicator", row, levels), row)
        for column, kinds in head.kinds.items():
            cell = self.named.matrix[row][column]
            if cell is not None and cell.row == row and cell.text:
                texts = dict(
                    zip(LEVELS, (*kinds, cell.text) if len(kinds) > 1 else (kinds[0],), strict=False)
                )
                texts.setdefault("level3", cell.text)
                said = [
                    Words(field=level, text=text, source=self._source(cell)) for level, text in texts.items()
                ]
                self._record("indicator", "indicator", cell, said, {})

    def _unit_money(self, head: Head, name: Cell, row: int) -> None:
        for index, (line, column, caption) in head.money.items():
            cell = self.named.matrix[row][index]
            if cell is None or cell.row != row or parse(cell.text, None, "money").state == "unread":
                continue
            made = self._figure(cell, line, name.text, name.text, column, caption, row)
            self._record("funds", line, name, (), {column.measure: made})

    def _row_figures(self, block: Block, row: int, line: str | None, key: str, label: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for index, (column, caption) in block.numbers.items():
            cell = self.named.matrix[row][index]
            if cell is not None and cell.column in block.numbers and column.measure not in found:
                found[column.measure] = self._figure(cell, line, key, label, column, caption, row)
        return found

    def _pairs(self, cells: Sequence[Cell], row: int) -> None:
        """Labels and values side by side (项目名称 | …), or both in one cell."""
        everything = self._starting(row)
        at = 0
        while at < len(everything):
            label = everything[at]
            value = everything[at + 1] if at + 1 < len(everything) else None
            both = _BOTH.fullmatch(label.text)
            if self._known(label.text) and value is not None:
                self._pair(label, label.text, value, value.text, row)
                at += 2
            elif both is not None and self._known(both[1]):
                self._pair(label, both[1], label, both[2].strip(), row)
                at += 1
            else:
                at += 1

    def _known(self, label: str) -> bool:
        return item_of(label) is not None or self.definition.line_of(label) not in (
            None,
            "group",
            "indicator",
        )

    def _pair(self, label: Cell, said: str, value: Cell, text: str, row: int) -> None:
        line = self.definition.line_of(said)
        if line is not None and parse(text, None, "money").state in ("value", "blank"):
            made = self._figure(
                value, line, clean_path(said), said, self._amount(), _AMOUNT, row, printed=text
            )
            self._record("funds", line, label, (), {_AMOUNT: made}, label=said)
        else:
            words = [Words(field="value", text=text, source=self._source(value))] if text else []
            self._record("item", item_of(said) or line, label, words, {}, label=said)

    def _amount(self) -> Column:
        return next(c for c in self.definition.columns if c.measure == _AMOUNT)

    def _figure(
        self,
        cell: Cell,
        line: str | None,
        key: str,
        label: str,
        column: Column,
        caption: str,
        row: int,
        printed: str | None = None,
    ) -> str:
        """The id of the figure in ``cell``; a cell that is merged over several rows is read once."""
        place = (cell.row, cell.column, column.measure)
        if place in self._made:
            return self._made[place]
        col_key = clean_path(caption) or column.measure
        address = f"{clean_path(key)}:{col_key}"
        self._keys[address] += 1
        again = f"#{self._keys[address]}" if self._keys[address] > 1 else ""
        quantity = self.definition.quantity_of(line, column)
        grade, confidence = trust(self.named.table, cell, doubtful=self._doubtful)
        figure = money.read(
            cell.text if printed is None else printed,
            id=f"{self.named.form_id}:{clean_path(key)}{again}:{col_key}",
            row_key=clean_path(key) + again,
            row_label=normalise(label),
            line=line,
            col_key=col_key,
            col_label=normalise(caption),
            measure=column.measure,
            unit={"percent": "%", "score": "分"}.get(quantity) or self._unit(caption, row),  # type: ignore[arg-type]
            quantity=quantity,
            source=self._source(cell),
            grade=grade,
            confidence=confidence,
        )
        self.figures.append(figure)
        self._made[place] = figure.id
        return figure.id

    def _unit(self, caption: str, row: int) -> Unit | None:
        """The unit in the column's caption, in a cell of its row (项目资金（万元）), in the row of captions; else the table's."""
        rows = [row] if self.block is None else [row, self.block.row]
        beside = [cell.text for each in rows for cell in self.named.matrix[each] if cell is not None]
        found = next((hit for text in (caption, *beside) if (hit := IN_HEAD.search(normalise(text)))), None)
        return UNITS[found[1]] if found else self.named.unit

    def _record(
        self,
        kind: RecordKind,
        name: str | None,
        at: Cell,
        words: Sequence[Words],
        figures: dict[str, str],
        label: str | None = None,
    ) -> None:
        self._counts[kind] += 1
        self.records.append(
            Record(
                id=f"{self.named.form_id}/{kind}/{self._counts[kind]}",
                kind=kind,
                name=name,
                label=at.text if label is None else label,
                words=tuple(words),
                figures=figures,
                source=self._source(at),
                grade=trust(self.named.table, at, doubtful=self._doubtful)[0],
            )
        )

    def _words(self, name: str, cell: Cell) -> Words:
        return Words(field=name, text=cell.text, source=self._source(cell))

    def _source(self, cell: Cell) -> Source:
        return Source(self.named.table.document, cell.page, rounded(cell.box))
