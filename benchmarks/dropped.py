"""Tables without rulings, measured against themselves: read each PDF as it is, drop rulings from its pages, read again, compare.

    python benchmarks/dropped.py DIR_OR_PDF… [--only all,vertical,three] [--misses N]

``all`` drops every ruling, ``vertical`` the vertical ones, ``three`` leaves the line above a table, the one under its head and the one
below it. The ruled reading is the truth; a figure is right when it comes back with its keys and its printed text. ``silent`` counts
wrong, lost-but-replaced or invented figures that are graded sure; ``marked`` the right ones that are not graded sure.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.forms.heads import covering, read_head
from gongkai.forms.recognise import forms_of
from gongkai.layout import Layout, lay_out
from gongkai.pages import Page, Rule
from gongkai.pdf import File
from gongkai.report import Figure
from gongkai.text import normalise

Key = tuple[str, str, str]
TOUCH = 3.0  # points


@dataclass(slots=True)
class Tally:
    truth: int = 0
    right: int = 0
    marked: int = 0
    silent: int = 0
    tables: int = 0
    tables_found: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def without_rules(page: Page) -> Page:
    return replace(page, horizontal=(), vertical=())


def without_vertical(page: Page) -> Page:
    return replace(page, vertical=())


def three_lines(pages: Sequence[Page], layout: Layout) -> list[Page]:
    """Only the first and last ruling of every table and the one under its head are left."""
    kept: dict[int, list[Rule]] = {page.number: [] for page in pages}
    for table in layout.tables:
        head = read_head(table, covering(table)).rows
        for number in table.pages:
            cells = [cell for cell in table.cells if cell.page == number]
            if not cells:
                continue
            lo, hi = min(c.frame[0] for c in cells), max(c.frame[2] for c in cells)
            ys = {min(c.frame[1] for c in cells), max(c.frame[3] for c in cells)}
            ys.update(c.frame[3] for c in cells if c.row + c.row_span == head)
            kept[number].extend(Rule(y, lo, hi) for y in sorted(ys))
    return [replace(p, horizontal=tuple(kept[p.number]), vertical=()) for p in pages]


def variants(
    pages: Sequence[Page], layout: Layout, wanted: Sequence[str]
) -> Iterator[tuple[str, list[Page]]]:
    if "all" in wanted:
        yield "all", [without_rules(page) for page in pages]
    if "vertical" in wanted:
        yield "vertical", [without_vertical(page) for page in pages]
    if "three" in wanted:
        yield "three", three_lines(pages, layout)


def figures_of(layout: Layout) -> dict[Key, Figure]:
    """Figures that print something, by form and keys; a second form of one name keeps its number."""
    forms, _ = forms_of(layout.tables, None, None)
    doubtful = {
        (cell.page, tuple(round(side, 2) for side in cell.box))
        for table in layout.tables
        for cell in table.cells
        if not (cell.sure and table.sure)
    }
    return {
        (form.id if form.form != "unknown" else normalise(form.title), figure.row_key, figure.col_key): (
            replace(figure, grade="check") if (figure.source.page, figure.source.bbox) in doubtful else figure
        )
        for form in forms
        for figure in form.figures
        if normalise(figure.printed)
    }


def compare(truth: dict[Key, Figure], found: dict[Key, Figure]) -> tuple[Tally, list[str]]:
    tally = Tally(truth=len(truth))
    misses = []
    for key, figure in truth.items():
        other = found.get(key)
        if other is not None and normalise(other.printed) == normalise(figure.printed):
            tally.right += 1
            tally.marked += other.grade != "sure"
        else:
            misses.append(f"{'/'.join(key)}: {figure.printed} -> {other.printed if other else None}")
    for key, figure in found.items():
        same = key in truth and normalise(truth[key].printed) == normalise(figure.printed)
        if not same and figure.state == "value" and figure.grade == "sure":
            tally.silent += 1
            misses.append(f"{'/'.join(key)}: SILENT {figure.printed}")
    return tally, misses


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--only", default="all,vertical,three")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    wanted = options.only.split(",")
    totals = {name: Tally() for name in wanted}
    for path in sorted(
        p for given in options.paths for p in ([given] if given.is_file() else given.glob("*.pdf"))
    ):
        pages = list(File(path.read_bytes(), path.name, 600).pages())
        ruled = lay_out(pages)
        truth = figures_of(ruled)
        for name, changed in variants(pages, ruled, wanted):
            layout = lay_out(changed)
            tally, misses = compare(truth, figures_of(layout))
            titles = Counter(normalise(table.caption.title) for table in layout.tables)
            tally.tables = len(ruled.tables)
            tally.tables_found = sum(
                (Counter(normalise(t.caption.title) for t in ruled.tables) & titles).values()
            )
            totals[name].add(tally)
            print(f"{path.name:46} {name:9} {_line(tally)}  tables {len(layout.tables)}")
            for miss in misses[: options.misses]:
                print("   ", miss)
    for name, tally in totals.items():
        print(f"{'total':46} {name:9} {_line(tally)}")


def _line(tally: Tally) -> str:
    share = 100 * tally.right / max(tally.truth, 1)
    return (
        f"{tally.right:6}/{tally.truth:6} {share:6.2f}%  marked {tally.marked:5}  silent {tally.silent:5}"
        f"  titles {tally.tables_found}/{tally.tables}"
    )


if __name__ == "__main__":
    main()
