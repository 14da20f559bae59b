"""Tables drawn in a test: one line a row, cells parted by ``|``; ``<`` is merged with the left cell, ``^`` with the upper one."""

from __future__ import annotations

from gongkai.layout.captions import Caption
from gongkai.layout.grid import Cell
from gongkai.layout.tables import Table


def table(text: str, *, title: str = "", unit: str | None = "万元", notes: tuple[str, ...] = ()) -> Table:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    cells = [
        _cell(rows, r, c)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text not in ("<", "^")
    ]
    columns = len(rows[0])
    edges = tuple(k / columns for k in range(columns + 1))
    caption = Caption(title=title, unit=unit)
    return Table("0" * 64, (1,), len(rows), columns, tuple(cells), edges, caption, notes)


def _cell(rows: list[list[str]], r: int, c: int) -> Cell:
    across = 1
    while c + across < len(rows[r]) and rows[r][c + across] == "<":
        across += 1
    down = 1
    while r + down < len(rows) and rows[r + down][c] == "^":
        down += 1
    box = (50.0 * c, 20.0 * r, 50.0 * (c + across), 20.0 * (r + down))
    text = rows[r][c]
    return Cell(r, c, down, across, 1, box, box, (text,) if text else (), text)
