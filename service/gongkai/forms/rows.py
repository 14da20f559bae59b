"""The rows of a table and their printed addresses (``row_key``): code, side and 行次, 行次, labels, or ``data``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gongkai.codes import is_department_economic_code, join_code
from gongkai.forms.heads import Head, Lane, Matrix
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table
from gongkai.text import normalise

_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d)|\(\d{1,2}\))"
)
_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[一二三四五六七八九十]+、",
        r"^\([一二三四五六七八九十]+\)",
        r"^\d{1,2}[.、](?!\d)",
        r"^\(\d{1,2}\)",
        r"^其中:?",
    )
)
_SUM = re.compile(r"(?:合计|总计|小计)$")
_TWO_THINGS = re.compile(r"[一-鿿]{2}[)）]? +[一-鿿]{2}")
NEAR = 3.0  # of the type size: the lines of one label lie no further apart
FULL = 1.3  # of the type size: a line that leaves less room than this goes on below
_DOTS = re.compile(r"^[.…·]+$")  # "and so on": no label
_NUMBER = re.compile(r"^(\d{1,3})(?:\.0+)?$")
_CODE_AND_NAME = re.compile(r"^[\[(]?(\d{3}(?:\d{2}(?:\d{2})?)?)[\])]?[-—_:.]?(?=[^\d.,%])(.+)$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one lane. ``key`` is the contract's ``row_key``; ``label`` as printed, without white space; ``path`` its label columns.

    Not ``sure`` if its key hangs on what no ruling shows: on a label that stands for several rows, or on a code that it lacks.
    """

    lane: int
    row: int
    key: str
    label: str
    path: str
    code: str | None
    sure: bool = True


def rows_of(table: Table, matrix: Matrix, head: Head, two_sided: bool) -> list[Row]:
    """Labelled rows (and the one unlabelled data row) of all lanes, from top to bottom, lane by lane."""
    rows: list[Row] = []
    for index, lane in enumerate(head.lanes):
        own = _lane_rows(table, matrix, head, index, lane, two_sided)
        first = [] if two_sided or lane.codes else [row for row in rows if row.lane == 0]
        rows.extend(sorted([*own, *_without_own_label(matrix, lane, index, own, first)], key=lambda r: r.row))
    return rows


def _without_own_label(
    matrix: Matrix, lane: Lane, index: int, own: Sequence[Row], first: Sequence[Row]
) -> list[Row]:
    """Rows of a further lane that have amounts and no label there: a stray word may have passed for its label column, so they are
    those of the first lane, to be looked at, rather than lost."""
    labelled = {row.row for row in own}
    return [
        replace(row, lane=index, sure=False)
        for row in first
        if index and own and row.row not in labelled and _valued(matrix[row.row], lane, row.row)
    ]


def _valued(cells: Sequence[Cell | None], lane: Lane, row: int) -> bool:
    return any((c := cells[v.index]) and c.text and c.row == row for v in lane.values)


def _lane_rows(
    table: Table, matrix: Matrix, head: Head, index: int, lane: Lane, two_sided: bool
) -> list[Row]:
    side = ("income:" if index == 0 else "expenditure:") if two_sided else ""
    carried: list[str] = [""] * len(lane.labels)
    carried_code = ""
    rows: list[Row] = []
    unlabelled: list[int] = []
    torn = _torn(table, matrix, lane, head.rows)
    begun: dict[int, int] = {}  # the row in which the text of each label column was printed
    for row in range(head.rows, table.rows):
        cells = matrix[row]
        if _begun_above(cells, lane, row):
            continue
        code, run = _code(cells, lane, carried_code)
        carried_code = code or carried_code
        texts = ["" if _DOTS.match(text) else text for text in _labels(cells, lane)]
        if code is None and (found := _CODE_AND_NAME.match(texts[0])):
            code, texts[0] = found[1], found[2]
        number = _row_number(cells, lane)
        if code is None and not any(texts):
            if _valued(cells, lane, row):
                unlabelled.append(row)
            continue
        own = _named_after(lane, texts, run)
        label = own[-1] if own else code or ""
        path = label if lane.codes else _carry(carried, texts)
        begun.update((place, row) for place, text in enumerate(texts) if text)
        hangs = {begun.get(place, row) for place in range(_last(texts) + 1)}
        whole = _stands_alone(cells, lane, number, texts) and torn.isdisjoint(hangs)
        sure = not table.aligned or code is not None or whole
        rows.append(Row(index, row, _key(side, code, number, label, path), label, path, code, sure))
    if not rows and not unlabelled and not lane.codes and not lane.labels:
        unlabelled = list(range(head.rows, table.rows))  # a nil form's one empty row
    if not rows and len(unlabelled) == 1:
        return [Row(index, unlabelled[0], "data", "", "", None)]
    return _distinct(rows)


def _stands_alone(cells: Sequence[Cell | None], lane: Lane, number: int | None, texts: Sequence[str]) -> bool:
    """Where no ruling shows which label stands for which rows: does this row without a code say all of its key itself?"""
    if number is not None:
        return True
    if lane.codes:
        return bool(_SUM.search(texts[0]))
    spread = any((cell := cells[column]) is not None and cell.row_span > 1 for column in lane.labels)
    return len(texts) < 2 or not spread


def _torn(table: Table, matrix: Matrix, lane: Lane, head: int) -> set[int]:
    """Rows of a table without rulings whose labels may be torn, so that neither they nor what hangs on them has a sure name."""
    torn: set[int] = set()
    if not table.aligned or lane.codes:
        return torn
    for column in lane.labels:
        filled = sorted(
            (c for c in table.cells if c.column == column and c.row >= head and c.text), key=lambda c: c.row
        )
        if any(_TWO_THINGS.search(line) for cell in filled for line in cell.lines):
            return set(range(head, table.rows))  # two labels in one column: another column was missed
        right = max((c.box[2] for c in filled), default=0.0)
        for upper, lower in pairwise(filled) if len(lane.labels) > 1 else ():
            if _may_go_on(upper, lower, right):
                torn.update((upper.row, lower.row))
        torn.update(r for cell in filled if _lone(matrix, lane, cell) for r in (cell.row, cell.row + 1))
    return torn


def _may_go_on(upper: Cell, lower: Cell, right: float) -> bool:
    """Does a label fill its column, and the one below follow closely (or on the next page)?"""
    size = (upper.box[3] - upper.box[1]) / len(upper.lines)
    near = lower.page != upper.page or lower.box[1] - upper.box[3] < NEAR * size
    return near and right - upper.box[2] < FULL * size and not _ITEM.match(normalise(lower.text))


def _lone(matrix: Matrix, lane: Lane, cell: Cell) -> bool:
    """A label without amounts right above amounts without such a label: they may be one row."""
    if cell.row + 1 >= len(matrix):
        return False
    own, below = matrix[cell.row], matrix[cell.row + 1]
    under = below[cell.column]
    return (
        not any((c := own[v.index]) is not None and c.text for v in lane.values)
        and any((c := below[v.index]) is not None and c.text for v in lane.values)
        and (under is None or not under.text)
    )


def _begun_above(cells: Sequence[Cell | None], lane: Lane, row: int) -> bool:
    """Is this row one of the other lane's alone, which a row of this one spans?"""
    numbers = () if lane.numbers is None else (lane.numbers,)
    own = [cells[k] for k in (*lane.codes, *lane.labels, *numbers, *(value.index for value in lane.values))]
    return all(cell is not None and cell.row < row for cell in own)


def _code(cells: Sequence[Cell | None], lane: Lane, carried: str) -> tuple[str | None, tuple[int, ...]]:
    """The classification code of a row, with the columns that print it.

    Two systems side by side (301|01|基本工资|501|01|工资奖金津补贴) give the department's code, the finer one. The code of a body
    beside the classification is no part of it.
    """
    found = [one for run in _runs(lane) if (one := _code_in(cells, run, carried))[0]]
    own = [one for one in found if one[0] and is_department_economic_code(one[0])]
    return max(own or found, key=lambda one: len(one[0] or ""), default=(None, ()))


def _runs(lane: Lane) -> list[tuple[int, ...]]:
    """The code columns of a lane, parted where a column of labels stands between two of them."""
    runs: list[list[int]] = []
    for column in lane.codes:
        if runs and runs[-1][-1] + 1 == column:
            runs[-1].append(column)
        else:
            runs.append([column])
    return [tuple(run) for run in runs]


def _code_in(
    cells: Sequence[Cell | None], run: tuple[int, ...], carried: str
) -> tuple[str | None, tuple[int, ...]]:
    """The code that neighbouring columns (类|款|项) print; a 类 printed once holds for the rows below it."""
    seen: list[Cell] = []
    parts: list[str] = []
    for column in run:
        cell = cells[column]
        if cell is not None and not any(cell is other for other in seen):
            seen.append(cell)
            parts.append(normalise(cell.text))
    if not "".join(parts).isdigit():
        return None, ()
    if not parts[0] and any(0 < len(part) <= 2 for part in parts[1:]):
        parts = [carried[:3], parts[1] or carried[3:5], *parts[2:]]
    stretches = [parts[i:j] for i in range(len(parts)) for j in range(len(parts), i, -1)]
    codes = [code for stretch in stretches if (code := join_code(stretch))]
    return (max(codes, key=len), run) if codes else (None, ())


def _named_after(lane: Lane, texts: Sequence[str], run: tuple[int, ...]) -> list[str]:
    """The labels of the code in ``run``: those between it and the next column of codes."""
    end = min((column for column in lane.codes if column > max(run, default=-1)), default=None)
    names = [
        text
        for column, text in zip(lane.labels, texts, strict=False)
        if text and column > max(run, default=-1) and (end is None or column < end)
    ]
    return names or [text for text in texts if text]


def _labels(cells: Sequence[Cell | None], lane: Lane) -> list[str]:
    """The text of each label column, a label that spans several taken once; words across the code columns (合计) are the label."""
    texts: list[str] = []
    words: list[str] = []
    last: Cell | None = None
    for column in sorted((*lane.codes, *lane.labels)):
        cell = cells[column]
        text = normalise(cell.text) if cell is not None and cell is not last else ""
        last = cell
        if column in lane.labels:
            texts.append(text)
        elif text and not text.isdigit():
            words.append(text)
    if words and not any(texts):
        return [words[0], *texts[1:]]
    return texts or [""]


def _row_number(cells: Sequence[Cell | None], lane: Lane) -> int | None:
    if lane.numbers is None:
        return None
    cell = cells[lane.numbers]
    found = _NUMBER.match(normalise(cell.text)) if cell is not None else None
    return int(found[1]) if found else None


def _carry(carried: list[str], texts: list[str]) -> str:
    """The label columns joined: blank ones left of a filled one keep the text above them, those right of the last are empty."""
    if len(carried) < len(texts):
        carried.extend([""] * (len(texts) - len(carried)))
    last = _last(texts)
    changed = False
    for i in range(len(carried)):
        text = _ITEM.sub("", texts[i]) or texts[i] if i < len(texts) else ""
        if i > last:
            carried[i] = ""
        elif text:
            carried[i], changed = text, True
        elif changed:
            carried[i] = ""
    return "/".join(part for part in carried if part)


def _last(texts: Sequence[str]) -> int:
    return max((i for i, text in enumerate(texts) if text), default=-1)


def _key(side: str, code: str | None, number: int | None, label: str, path: str) -> str:
    if code is not None:
        return code
    if side:
        return side + (str(number) if number is not None else label)
    if number is not None:
        return f"line:{number}"
    return path


def level_of(label: str) -> int:
    """0 for a label without numbering, deeper for 一、, （一）, 1., (1), 其中."""
    return next((depth for depth, pattern in enumerate(_LEVELS, 1) if pattern.match(label)), 0)


def _distinct(rows: list[Row]) -> list[Row]:
    """Keys made unique: a second occurrence takes its parent line before it; if it is still equal, a count after it."""
    seen: set[str] = set()
    distinct = []
    for index, row in enumerate(rows):
        key = row.key
        if key in seen and row.code is None:
            key = _under_parent(rows, index)
        count = 2
        base = key
        while key in seen:
            key = f"{base}#{count}"
            count += 1
        seen.add(key)
        distinct.append(replace(row, key=key))
    return distinct


def _under_parent(rows: Sequence[Row], index: int) -> str:
    row = rows[index]
    side, _, rest = row.key.partition(":") if ":" in row.key[:12] else ("", "", row.key)
    level = level_of(row.label)
    for above in reversed(rows[:index]):
        if level_of(above.label) < level or (
            level == 0 and above.label != row.label and level_of(above.label) == 0
        ):
            return f"{side}:{above.label}/{rest}" if side else f"{above.label}/{rest}"
    return row.key
