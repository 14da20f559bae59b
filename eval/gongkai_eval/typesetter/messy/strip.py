"""A table laid out on one endless strip, to be cut into pages: boxes, wrapped lines, places to cut. Points."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gongkai_eval.amounts import normal
from gongkai_eval.grid import Grid, Span
from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.plan import POINT, Plan, align

LEADING = 1.28
Fold = Callable[[Span, float], tuple[str, ...]]
NOT_FIRST = set("，。、；：！？）》”’」』】〉…,.;:!?)%")
NOT_LAST = set("（《“‘「『【〈(")


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: its box on the strip, its wrapped lines, how they stand (``side``), and what kind of cell it is."""

    span: Span
    box: tuple[float, float, float, float]
    lines: tuple[str, ...]
    side: str
    head: bool
    amount: bool
    strong: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """``xs`` and ``ys`` are the edges of columns and rows; the first ``head`` rows are the head; ``pad`` is inside each cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]
    head: int
    size: float
    face: str
    pad: float

    @property
    def leading(self) -> float:
        return self.size * LEADING

    @property
    def width(self) -> float:
        return self.xs[-1]

    @property
    def height(self) -> float:
        return self.ys[-1]

    @property
    def head_height(self) -> float:
        return self.ys[self.head]

    def cut(self, first: float, room: float, repeat: bool = True, inside: bool = False) -> list[float]:
        """Where pages end: row edges, or with ``inside`` (and where a row is higher than a page) edges of lines."""
        cuts = [0.0]
        while cuts[-1] < self.height - 0.01:
            low = cuts[-1]
            spare = first if not low else room - (self.head_height if repeat else 0)
            if low + spare >= self.height - 0.01:
                cuts.append(self.height)
                continue
            whole = [y for y in self.ys if max(low, self.head_height) < y <= low + spare]
            cuts.append(self._between_lines(low + spare) if inside or not whole else whole[-1])
        return cuts[1:]

    def _between_lines(self, limit: float) -> float:
        """The last edge of a line before ``limit`` in the row that it cuts; the row's own edge in a row of one line."""
        row = max(index for index, y in enumerate(self.ys) if y < limit)
        top, bottom = self.ys[row], self.ys[row + 1]
        lines = int((limit - top - self.pad) / self.leading)
        most = round((bottom - top - 2 * self.pad) / self.leading)
        return top + self.pad + lines * self.leading if 1 <= lines < most else top

    def parts(self, cell: Cell, cuts: list[float]) -> list[tuple[float, float]]:
        """The pieces into which the cuts divide a cell, from the top."""
        inner = [cut for cut in cuts if cell.box[1] + 0.01 < cut < cell.box[3] - 0.01]
        return list(itertools.pairwise([cell.box[1], *inner, cell.box[3]]))

    def baselines(self, cell: Cell, cuts: list[float], stand: str = "middle") -> Iterator[tuple[float, str]]:
        """(y of the baseline, line) of a cell; what a cut divides begins at the top and flows on."""
        parts = self.parts(cell, cuts)
        lines = list(cell.lines)
        if len(parts) == 1:
            spare = cell.box[3] - cell.box[1] - 2 * self.pad - len(lines) * self.leading
            share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[stand]
            parts = [(cell.box[1] + spare * share, cell.box[3])]
        for number, (top, bottom) in enumerate(parts):
            fits = int((bottom - top - self.pad) / self.leading + 0.01)
            taken = len(lines) if number == len(parts) - 1 else fits
            for place, line in enumerate(lines[:taken]):
                yield top + self.pad + place * self.leading + self.size * 1.02, line
            lines = lines[taken:]


def lay(grid: Grid, plan: Plan, face: str, pad: float = 2.0, fold: Fold | None = None) -> Strip:
    """The strip of a planned table; ``fold`` gives the lines of a cell for a width, where they are not the usual ones."""
    fold = fold or (lambda span, room: wrap(span.text, room, face, plan.size))
    xs = tuple(itertools.accumulate((width / POINT for width in plan.widths), initial=0.0))
    spans = grid.spans()
    lines = {
        span: fold(span, xs[span.column + span.column_span] - xs[span.column] - 2 * pad) for span in spans
    }
    ys = _edges(grid, lines, plan.size * LEADING, pad)
    cells = tuple(
        Cell(
            span,
            (xs[span.column], ys[span.row], xs[span.column + span.column_span], ys[span.row + span.row_span]),
            lines[span],
            align(grid, span),
            span.row < grid.head,
            span.row >= grid.head and grid.columns[span.column] is not None,
            _strong(grid, span.row),
        )
        for span in spans
    )
    return Strip(xs, ys, cells, grid.head, plan.size, face, pad)


def _strong(grid: Grid, row: int) -> bool:
    """A total, or a class of the classification: what departments set in bold."""
    texts = [normal(text) for text in grid.rows[row]]
    return any(re.fullmatch(r".{0,6}[合总]计|\d{3}", text) for text in texts if text)


def _edges(grid: Grid, lines: dict[Span, tuple[str, ...]], leading: float, pad: float) -> tuple[float, ...]:
    heights = [leading + 2 * pad] * len(grid.rows)
    for span in sorted(lines, key=lambda span: span.row_span):
        needed = len(lines[span]) * leading + 2 * pad
        rows = range(span.row, span.row + span.row_span)
        missing = needed - sum(heights[row] for row in rows)
        for row in rows if missing > 0 else ():
            heights[row] += missing / span.row_span
    return tuple(itertools.accumulate(heights, initial=0.0))


def wrap(text: str, room: float, face: str, size: float, breaks: bool = False) -> tuple[str, ...]:
    """Lines no wider than ``room``: Chinese breaks anywhere, numbers only with ``breaks``, punctuation begins no line."""
    written: list[str] = []
    for paragraph in text.strip().split("\n"):
        line = ""
        for token in list(paragraph) if breaks else _tokens(paragraph):
            if line and faces.width(line + token, face, size) > room + 0.01:
                carried = "" if breaks else _carried(line, token)
                written.append(line[: len(line) - len(carried)])
                line = carried
            line += token
        written.append(line)
    return tuple(written) if text.strip() else ()


def _tokens(text: str) -> list[str]:
    return re.findall(r"[0-9A-Za-z.,%\-]+|.", text)


def _carried(line: str, token: str) -> str:
    """What goes to the next line with ``token``: a character before punctuation, an opening bracket."""
    if token[0] in NOT_FIRST and len(line) > 1:
        last = _tokens(line)[-1]
        return last if len(last) < len(line) else ""
    return line[-1] if line[-1] in NOT_LAST and len(line) > 1 else ""
