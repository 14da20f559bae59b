"""The head of a performance table that gives each unit or project rows of its own (部门整体支出绩效目标表 as in Hunan).

Beside the name stand its money, its goal, and either columns of levels (一级指标 …) or one column for each kind of indicator (数量指标 …).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.forms.definitions import Column, Definition
from gongkai.forms.figures import Named
from gongkai.forms.vocabulary import field_of, item_of, wide_of
from gongkai.money import parse
from gongkai.text import normalise

NAMES = ("body", "project")
_LEAST = 3  # columns of a head that are known; a form of labels and values has a value beside each label


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of such a table by what they hold; ``below`` is its first row of data, ``name`` the column of the unit's name.

    ``words`` are fields, ``money`` gives (line or None, column, caption), ``kinds`` the captions over a column of indicators.
    """

    below: int
    name: int
    item: str
    caption: str
    words: dict[int, str] = field(default_factory=dict)
    money: dict[int, tuple[str | None, Column, str]] = field(default_factory=dict)
    kinds: dict[int, tuple[str, ...]] = field(default_factory=dict)


def head_of(named: Named, definition: Definition, row: int) -> Head | None:
    """The head that begins in ``row``: a unit's name among captions alone; ``None`` for any other row."""
    matrix = named.matrix[row]
    place = next(
        (c for c, cell in enumerate(matrix) if cell is not None and item_of(cell.text) in NAMES), None
    )
    if place is None or (cell := matrix[place]) is None or cell.row != row:
        return None
    below = row + cell.row_span
    if below >= named.table.rows:
        return None
    head = Head(below, place, item_of(cell.text) or "", cell.text)
    for column in range(cell.column + cell.column_span, named.table.columns):
        path = _path(named, column, range(row, below))
        if not path:
            continue
        caption = path[-1]
        if (word := _field(caption)) is not None:
            head.words[column] = word
        elif wide_of(caption) == "kind":
            head.kinds[column] = path[-2:] if wide_of(path[-2:][0]) == "kind" else (caption,)
        elif wide_of(caption) == "money" or definition.measure_of(caption, year=named.year) is not None:
            money = definition.measure_of(caption, year=named.year) or definition.columns[0]
            head.money[column] = (definition.line_of(caption), money, caption)
        elif len(head.words) + len(head.money) == 0:  # what stands right beside the name is its value
            return None
    known = len(head.words) + len(head.money) + len(head.kinds)
    says_more = bool(head.words or head.kinds)
    return head if known >= _LEAST and says_more and _holds_money(named, head) else None


def _holds_money(named: Named, head: Head) -> bool:
    """Do numbers or nothing stand under the captions of money? (A value of words may sound like one: 城市管理经费.)"""
    cells = (named.matrix[head.below][column] for column in head.money)
    return all(
        parse(cell.text, None, "money").state != "unread" for cell in cells if cell is not None and cell.text
    )


def _field(caption: str) -> str | None:
    """Beside a unit's name the label of its goal is a caption too."""
    return field_of(caption) or ("goal" if item_of(caption) == "goal" else None)


def _path(named: Named, column: int, rows: range) -> tuple[str, ...]:
    cells = dict.fromkeys(named.matrix[row][column] for row in rows)
    return tuple(normalise(cell.text) for cell in cells if cell is not None and cell.text)
