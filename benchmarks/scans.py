"""Table pages of published PDFs made into stamped scans, read again by the whole road, and compared with their text layer.

    python benchmarks/scans.py DIR_OR_PDF… [--dpi 150 200] [--pages N] [--show] [--write DIR]

Each PDF is cut down to its cover and its pages with figures. A scan is the same pages as pictures: askew by 0.5 to 1.5 degrees, with
noise, JPEG artefacts, and a red seal over figures of every page; the same bytes for the same file. Figures are compared by form, row
and column. *Silent* is a figure of grade ``sure`` whose value is wrong, or that stands under a key where the text layer has no such
figure. *Untouched* figures are those on which no red ink lies.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

import gongkai
from gongkai.report import Box, Figure, Report
from gongkai_eval.typesetter.messy.raster import Copier, copied, photograph, stamp

Address = tuple[str, str, str]
RIGHT, MARKED, WRONG, MISSING, SILENT = "right, sure", "right, marked", "wrong, marked", "missing", "silent"
OUTCOMES = (RIGHT, MARKED, WRONG, MISSING, SILENT)
SEAL = "某某市某某区某某局"
SKEWS = (0.5, 1.5)  # degrees
REACH = 2  # pixels around a figure in which ink of the seal touches it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one figure of the text layer; ``found`` is what stands under its key in the scan."""

    outcome: str
    touched: bool
    address: Address
    printed: str
    found: Figure | None


@dataclass(frozen=True, slots=True)
class Compared:
    verdicts: tuple[Verdict, ...]
    pages: int
    seconds: float


def figures(report: Report) -> dict[Address, Figure]:
    """The figures of ``report`` that hold a value, by form, row and column."""
    return {(form.id, f.row_key, f.col_key): f for form in report.forms for f in form.figures}


def cut(data: bytes, most: int | None) -> bytes:
    """``data`` with its cover and its pages that have figures alone (the first ``most`` of them)."""
    pages = sorted(
        {f.source.page for f in figures(gongkai.read(data, sandbox=False)).values() if f.value is not None}
    )
    with pymupdf.open(stream=data, filetype="pdf") as document:
        document.select(sorted({0, *(page - 1 for page in pages[:most])}))
        return bytes(document.tobytes(no_new_id=True))


def scan(data: bytes, dpi: int, own: Sequence[Figure]) -> tuple[bytes, set[str]]:
    """The pages of ``data`` as pictures, and the ids of the figures ``own`` that the seals touch."""
    chance = random.Random(f"{len(data)} {dpi}")
    out, touched = pymupdf.open(), set[str]()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for page in document:
            here = [f for f in own if f.source.page == page.number + 1]
            picture = photograph(page, None, dpi)
            if here:
                x0, y0, x1, y1 = chance.choice(here).source.bbox
                stamped = stamp(picture, SEAL, ((x0 + x1) / 2, (y0 + y1) / 2), dpi)
                touched |= {f.id for f in here if _differs(picture, stamped, f.source.bbox, dpi)}
                picture = stamped
            skew = chance.choice((-1, 1)) * chance.uniform(*SKEWS)
            new = out.new_page(width=page.rect.width, height=page.rect.height)
            new.insert_image(new.rect, stream=copied(picture, Copier(dpi, skew), chance.randrange(1 << 30)))
    return bytes(out.tobytes(no_new_id=True)), touched


def _differs(before: Image.Image, after: Image.Image, box: Box, dpi: int) -> bool:
    left, top, right, bottom = (round(side * dpi / 72) for side in box)
    place = (left - REACH, top - REACH, right + REACH, bottom + REACH)
    one: NDArray[np.uint8] = np.asarray(before.crop(place))
    return bool((one != np.asarray(after.crop(place))).any())


def compare(truth: Report, read: Report, touched: set[str]) -> Iterator[Verdict]:
    """One verdict for each value of the text layer, and one for each sure value of the scan that stands nowhere in it."""
    found = figures(read)
    for address, figure in figures(truth).items():
        other = found.pop(address, None)
        if figure.value is not None:
            yield Verdict(outcome(figure, other), figure.id in touched, address, figure.printed, other)
        elif other is not None and other.value is not None and other.grade == "sure":
            yield Verdict(SILENT, True, address, figure.printed, other)
    for address, other in found.items():
        if other.value is not None and other.grade == "sure":
            yield Verdict(SILENT, True, address, "", other)


def outcome(figure: Figure, other: Figure | None) -> str:
    if other is None:
        return MISSING
    if (other.value, other.unit) == (figure.value, figure.unit):
        return RIGHT if other.grade == "sure" else MARKED
    return SILENT if other.grade == "sure" else WRONG


def run(path: Path, dpi: int, options: argparse.Namespace) -> Compared:
    data = cut(path.read_bytes(), options.pages)
    truth = gongkai.read(data, sandbox=False)
    made, touched = scan(data, dpi, [f for f in figures(truth).values() if f.value is not None])
    if options.write:
        (options.write / f"{path.stem}.{dpi}.pdf").write_bytes(made)
    begin = time.process_time()
    read = gongkai.read(made, sandbox=False)
    seconds = time.process_time() - begin
    return Compared(tuple(compare(truth, read, touched)), len(read.documents[0].pages), seconds)


def line(name: str, verdicts: Sequence[Verdict]) -> str:
    counts = Counter(verdict.outcome for verdict in verdicts)
    total = sum(bool(v.printed) for v in verdicts)
    cells = "".join(f"{counts[outcome]:>15}" for outcome in OUTCOMES)
    right = 100 * (counts[RIGHT] + counts[MARKED]) / max(total, 1)
    return f"{name:48}{total:>8}{cells}{right:>9.2f} %"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--dpi", nargs="+", type=int, default=[200, 150])
    parser.add_argument("--pages", type=int, metavar="N", help="at most N pages with figures of each file")
    parser.add_argument("--show", action="store_true", help="list what is not right")
    parser.add_argument("--write", type=Path, metavar="DIR", help="keep the scans")
    options = parser.parse_args()
    paths = [
        p for given in options.paths for p in (sorted(given.glob("*.pdf")) if given.is_dir() else [given])
    ]
    print(f"{'scan':48}{'figures':>8}" + "".join(f"{outcome:>15}" for outcome in OUTCOMES) + "      right")
    everything: dict[int, list[Verdict]] = defaultdict(list)
    pages, seconds = 0, 0.0
    for dpi in options.dpi:
        for path in paths:
            compared = run(path, dpi, options)
            everything[dpi] += compared.verdicts
            pages, seconds = pages + compared.pages, seconds + compared.seconds
            print(line(f"{path.stem}, {dpi} dpi", compared.verdicts), flush=True)
            for v in compared.verdicts if options.show else ():
                if v.outcome != RIGHT:
                    print(f"  {v.outcome}: {'|'.join(v.address)}: {v.printed!r} read as {v.found and v.found.printed!r}"
                          f"{', touched' if v.touched else ''}", file=sys.stderr)  # fmt: skip
        print(line(f"all, {dpi} dpi", everything[dpi]))
        print(line(f"all, {dpi} dpi, untouched by a seal", [v for v in everything[dpi] if not v.touched]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds / max(pages, 1):.1f} CPU-seconds a page over {pages} pages; peak memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
