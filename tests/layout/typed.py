"""Small typed pages: words placed by hand, ideographs as wide as the type is high, everything else half as wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gongkai.pages import Page, Rule, Word

SIZE = 10.0


def word(text: str, x: float, y: float, align: str = "l", size: float = SIZE) -> Word:
    """``text`` on the baseline middle ``y``; ``x`` is its left side, right side (``r``) or middle (``c``)."""
    widths = [size if ord(c) > 0x2E80 else size / 2 for c in text]
    start = x - (sum(widths) if align == "r" else sum(widths) / 2 if align == "c" else 0)
    edges = [start]
    for width in widths:
        edges.append(edges[-1] + width)
    return Word(text, start, y - size / 2, edges[-1], y + size / 2, size, False, tuple(edges))


def row(y: float, columns: Sequence[tuple[float, str]], *texts: str) -> list[Word]:
    """One line of a table: a text for each column (x, align); an empty one is an empty cell."""
    return [word(text, x, y, align) for text, (x, align) in zip(texts, columns, strict=True) if text]


def table(
    top: float, columns: Sequence[tuple[float, str]], rows: Iterable[Sequence[str]], pitch: float = 20
) -> list[Word]:
    return [w for k, texts in enumerate(rows) for w in row(top + pitch * k, columns, *texts)]


def page(
    words: Iterable[Word],
    horizontal: Iterable[tuple[float, float, float]] = (),
    vertical: Iterable[tuple[float, float, float]] = (),
    number: int = 1,
    turn: int = 0,
) -> Page:
    """An A4 page; rulings as (at, lo, hi)."""
    return Page(
        "typed",
        number,
        595.0,
        842.0,
        0,
        tuple(words),
        tuple(Rule(*r) for r in sorted(horizontal)),
        tuple(Rule(*r) for r in sorted(vertical)),
        "native",
        turn=turn,
    )


def texts(found: object) -> list[list[str]]:
    """The texts of a table or grid by rows, empty cells left out."""
    rows: list[list[str]] = [[] for _ in range(found.rows)]  # type: ignore[attr-defined]
    for cell in sorted(found.cells, key=lambda c: (c.row, c.column)):  # type: ignore[attr-defined]
        if cell.text:
            rows[cell.row].append(cell.text)
    return rows
