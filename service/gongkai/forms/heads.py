"""The head of a table read by what its cells say: which rows are head, which columns are labels, where a lane begins.

A lane is a run of label columns with the value columns to their right; the two sides of 收入支出决算总表 are two lanes, the
basic-expenditure form has three or five.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.money import parse
from gongkai.text import normalise

_LABEL_CAPTION = re.compile(
    r"(?:^|/)(?:[^/]*(?:项目|科目|编码|代码|名称|类|款|项|行次|序号|单位|品目|品名|大类|形式|备注|说明|用途|类别|分类|指标|内容|部门|级次|依据|方式|时间|日期|文号)"
    r"(?:[(][^)]*[)])?|栏次)$"
)
_NOT_LABEL = re.compile(
    r"(?:支出|收入|经费|资金|金额|合计|小计|决算数|预算数|拨款|数量|增减|数)(?:[(][^)]*[)])?$"
)
_CODE_CAPTION = re.compile(r"(?:编码|代码|编号)(?:[(][^)]*[)])?(?:/.*)?$|(?:^|/)(?:类|款|项)$")
_ROW_NUMBER = re.compile(r"(?:^|/)行次$")
_ORDINAL = re.compile(r"(?:^|/)序号$")
_REMARK = re.compile(r"(?:^|/)(?:备注|计量单位)$")
_CODE = re.compile(r"^\d{3}(?:\d{2}(?:\d{2})?)?$")
_TOTAL = re.compile(r"^(?:(?:收入|支出|本年收入|本年支出)?(?:合计|总计)|小计)$")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d))")
_CAPTION_WORD = re.compile(r"^(?:合计|小计|基本支出|项目支出|[一-鿿]{2,8}(?:支出|收入|费|数|金额))$")
_HEADINGS = frozenset({"项目", "科目", "指标", "名称", "内容"})
_SCALE_NUMBER = re.compile(r"^\(?(\d{1,2})(?:\.0+)?\)?(?:=[\d+\-()]+)?$")  # 1, 1.00, (1), 1=2+3
_DASHES = re.compile(r"^[-–—－\s]+$")
MAX_HEAD = 8

Matrix = Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: ``path`` is its header path, ``number`` its 栏次 if printed."""

    index: int
    path: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Lane:
    """``codes``, ``labels`` and ``values`` are column indices (``Column`` for values); ``numbers`` is the 行次 column."""

    codes: tuple[int, ...]
    labels: tuple[int, ...]
    numbers: int | None
    values: tuple[Column, ...]
    top: str

    @property
    def first(self) -> int:
        return min(
            (*self.codes, *self.labels, *((self.numbers,) if self.numbers is not None else ())), default=0
        )


@dataclass(frozen=True, slots=True)
class Head:
    """``rows`` head rows; ``text`` all their words joined (for signatures); ``again`` the rows that head a further block."""

    rows: int
    lanes: tuple[Lane, ...]
    text: str
    again: tuple[tuple[int, dict[int, str]], ...] = ()

    def captions_at(self, row: int) -> bool:
        """May words that stand where amounts are due be captions in this row?"""
        return row == self.rows or any(start == row for start, _ in self.again)

    def column_at(self, row: int, column: Column) -> Column:
        """A value column as it is headed at ``row``: a table in blocks may be headed anew in the middle."""
        for start, captions in reversed(self.again):
            if start < row and column.index in captions:
                return replace(column, path=captions[column.index])
        return column


def covering(table: Table) -> list[list[Cell | None]]:
    """``table`` as a matrix: at [row][column] the cell that covers the place."""
    matrix: list[list[Cell | None]] = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + cell.row_span, table.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, table.columns)):
                matrix[row][column] = cell
    return matrix


def read_head(table: Table, matrix: Matrix) -> Head:
    """Head rows, lanes and header paths of a table."""
    scale = _scale_row(table, matrix)
    rows = scale + 1 if scale is not None else _first_data_row(table, matrix)
    caption_rows = [r for r in range(rows) if r != scale]
    banner = _banner(table, matrix, rows)
    paths = tuple(
        _path(matrix, [*caption_rows, *_late(matrix, rows, column)], column, banner)
        for column in range(table.columns)
    )
    numbers = _scale_numbers(matrix[scale]) if scale is not None else {}
    text = "|".join([*(normalise(c.text) for c in table.cells if c.row < rows and c.text), *paths])
    lanes = _lanes(table, matrix, rows, paths, numbers)
    return Head(rows, lanes, text, tuple(_headed_anew(table, matrix, rows, lanes)))


def _headed_anew(
    table: Table, matrix: Matrix, rows: int, lanes: Sequence[Lane]
) -> Iterator[tuple[int, dict[int, str]]]:
    """Rows below the head that say 项目 where labels stand and give a caption where amounts stand."""
    labels = {column for lane in lanes for column in lane.labels}
    values = {column.index for lane in lanes for column in lane.values}
    for row in range(rows, table.rows):
        starting = [cell for cell in _starting(matrix, row) if cell.text]
        if any(c.column in labels and normalise(c.text) in _HEADINGS for c in starting):
            captions = {c.column: normalise(c.text) for c in starting if c.column in values and is_caption(c)}
            if captions:
                yield row, captions


def _scale_row(table: Table, matrix: Matrix) -> int | None:
    """The 栏次 row: it says so, or it counts 1, 2, 3 … in place of captions (beside ``**`` where labels stand)."""
    for row in range(min(MAX_HEAD, table.rows)):
        texts = [normalise(c.text) for c in _starting(matrix, row) if c.text]
        if any(text == "栏次" for text in texts):
            return row
        counted = [int(found[1]) for text in texts if (found := _SCALE_NUMBER.match(text))]
        rest = [text for text in texts if not _SCALE_NUMBER.match(text)]
        enough = len(counted) >= 3 and counted == list(range(counted[0], counted[0] + len(counted)))
        if (
            0 < row < table.rows - 1
            and enough
            and counted[0] <= 3
            and all(set(text) <= {"*"} for text in rest)
        ):
            return row
    return None


def _scale_numbers(row: Sequence[Cell | None]) -> dict[int, int]:
    return {
        column: int(found[1])
        for column, cell in enumerate(row)
        if cell is not None and cell.column == column and (found := _SCALE_NUMBER.match(normalise(cell.text)))
    }


def _starting(matrix: Matrix, row: int) -> list[Cell]:
    return [
        cell for column, cell in enumerate(matrix[row]) if cell and cell.row == row and cell.column == column
    ]


def _first_data_row(table: Table, matrix: Matrix) -> int:
    for row in range(1, table.rows):
        if any(cell is not None and cell.row < row for cell in matrix[row]) and _spans_from_head(matrix, row):
            continue
        if _is_data(_starting(matrix, row), row):
            return row
    if table.rows and _is_data(_starting(matrix, 0), 0):
        return 0
    return min(1, table.rows)


def _spans_from_head(matrix: Matrix, row: int) -> bool:
    return any(cell is not None and cell.row < row and cell.text for cell in matrix[row]) and not _has_amount(
        _starting(matrix, row)
    )


def _has_amount(cells: Sequence[Cell]) -> bool:
    return any(parse(cell.text, None).state == "value" for cell in cells if cell.text)


def _is_data(cells: Sequence[Cell], row: int) -> bool:
    """Data begins at a code, a total, a numbered item, an amount, or an empty row below the head."""
    texts = [normalise(cell.text) for cell in cells]
    full = [text for text in texts if text]
    if not full:
        return row > 0
    if _has_amount(cells) or any(parse(text, None).state == "not_applicable" for text in full):
        return True
    if _CODE.match(full[0]) or _ITEM.match(full[0]):
        return True
    if row == 0 or len(full) == len(texts) or not _TOTAL.match(full[0]):
        return False
    return len(full) == 1 or (cells[0].column == 0 and bool(texts[0]))


def _banner(table: Table, matrix: Matrix, rows: int) -> Cell | None:
    """A first row that spans labels and values alike (一、政府采购情况): a title of the block, not of a column."""
    first = matrix[0][0] if table.rows else None
    if first is None or first.column_span < table.columns or rows < 2 or table.columns < 2:
        return None
    below = matrix[first.row_span][0] if first.row_span < table.rows else None
    return first if below is not None and _LABEL_CAPTION.search(normalise(below.text)) else None


def _late(matrix: Matrix, row: int, column: int) -> list[int]:
    """The first data row, where it prints a caption: words below a head cell that spans several columns (合计 beside 基本支出)."""
    if not 0 < row < len(matrix):
        return []
    cell, head = matrix[row][column], matrix[row - 1][column]
    caption = (
        cell is not None and head is not None and cell is not head and head.column_span > cell.column_span
    )
    return [row] if caption and column > 0 and cell is not None and is_caption(cell) else []


def is_caption(cell: Cell) -> bool:
    """Words where an amount would stand."""
    return bool(_CAPTION_WORD.match(normalise(cell.text)))


def _path(matrix: Matrix, rows: Sequence[int], column: int, banner: Cell | None) -> str:
    """The head cells above a column, outermost first; a banner over the whole table heads none of its columns."""
    parts: list[str] = []
    last: Cell | None = None
    for row in rows:
        cell = matrix[row][column]
        if cell is not None and cell is not last and cell is not banner and cell.text:
            parts.append(normalise(cell.text))
        last = cell
    return "/".join(parts)


def _lanes(
    table: Table,
    matrix: Matrix,
    rows: int,
    paths: Sequence[str],
    numbers: dict[int, int],
) -> tuple[Lane, ...]:
    kinds = [_column_kind(table, matrix, rows, paths, column) for column in range(table.columns)]
    lanes: list[Lane] = []
    column = 0
    while column < table.columns:
        start = column
        while column < table.columns and kinds[column] != "value":
            column += 1
        labelled = range(start, column)
        start = column
        while column < table.columns and kinds[column] in ("value", "remark"):
            column += 1
        values = tuple(
            Column(i, paths[i], numbers.get(i)) for i in range(start, column) if kinds[i] == "value"
        )
        if not values:
            break
        lanes.append(_lane(kinds, labelled, values, paths))
    return tuple(lanes)


def _lane(
    kinds: Sequence[str], labelled: Sequence[int], values: tuple[Column, ...], paths: Sequence[str]
) -> Lane:
    row_numbers = [i for i in labelled if kinds[i] == "row_number"]
    return Lane(
        codes=tuple(i for i in labelled if kinds[i] == "code"),
        labels=tuple(i for i in labelled if kinds[i] == "label"),
        numbers=row_numbers[0] if row_numbers else None,
        values=values,
        top=paths[values[0].index].split("/")[0],
    )


def _column_kind(table: Table, matrix: Matrix, rows: int, paths: Sequence[str], column: int) -> str:
    """``code``, ``label``, ``row_number``, ``remark`` or ``value``, by the caption first and by the contents where it is silent."""
    path = paths[column]
    if _ROW_NUMBER.search(path):
        return "row_number"
    if _ORDINAL.search(path) or _REMARK.search(path):
        return "remark"
    starting = [
        c for r in range(rows, table.rows) if (c := matrix[r][column]) and c.row == r and c.column == column
    ]
    contents = [c for c in starting if c.text and not (c.row == rows and _late(matrix, rows, column))]
    if _CODE_CAPTION.search(path):
        return "code"
    if _LABEL_CAPTION.search(path) and not _NOT_LABEL.search(path):
        return "label" if not _mostly_amounts(contents, decided=True) else "value"
    if not contents:
        return "value" if path else _blank_kind(paths, column)
    if all(_CODE.match(normalise(c.text)) for c in contents) and column == 0 and len(contents) > 1:
        return "code"
    return "value" if _mostly_amounts(contents) else "label"


def _is_amount(text: str) -> bool:
    """Where an amount stands, or the dashes of two (``- -``) that fell into one cell: no label either way."""
    return parse(text, None).state in ("value", "not_applicable") or bool(_DASHES.match(text))


def _mostly_amounts(cells: Sequence[Cell], decided: bool = False) -> bool:
    if not cells:
        return not decided
    amounts = sum(_is_amount(cell.text) for cell in cells)
    return amounts * 2 > len(cells) if not decided else amounts * 10 > len(cells) * 9


def _blank_kind(paths: Sequence[str], column: int) -> str:
    """An empty column under an empty caption belongs to the labels when it stands before the first named value."""
    return "label" if column == 0 or not any(_NOT_LABEL.search(p) for p in paths[:column] if p) else "value"
