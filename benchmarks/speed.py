"""Milliseconds a page of the whole pipeline, beside bare text and drawings of PyMuPDF over the same pages in the same run.

    python benchmarks/speed.py [FILE.pdf …]          (the sample unless said otherwise)

One process, one core; of each file the best of ``ROUNDS`` runs, the two kinds taking turns. Fails above ``CEILING`` times the bare cost.
Text layers alone are measured: OCR is off even where its extra is installed, and what is only a picture stays unread.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pymupdf

from gongkai import ocr
from gongkai.child import RARELY
from gongkai.pipeline import InputFile, read_documents

SAMPLES = Path(__file__).parents[1] / "eval" / "samples"
ROUNDS = 3
CEILING = 4.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or sorted(SAMPLES.glob("*.pdf"))
    gc.set_threshold(*RARELY)  # as in a child
    totals = [0.0, 0.0, 0.0]
    print(f"{'pages':>5} {'bare':>7} {'whole':>7} {'ratio':>6}   (ms a page)")
    with patch.object(ocr, "available", return_value=False):
        for path in files:
            row = measure(InputFile(path.name, path.read_bytes()))
            totals = [a + b for a, b in zip(totals, row, strict=True)]
            print(line(*row), path.name)
    print(line(*totals), "all")
    return int(totals[2] > CEILING * totals[1])


def measure(file: InputFile) -> tuple[float, float, float]:
    """Pages, seconds bare, seconds whole."""
    turns = [(timed(lambda: bare(file.data)), timed(lambda: read_documents([file]))) for _ in range(ROUNDS)]
    with pymupdf.open(stream=file.data, filetype="pdf") as document:
        return document.page_count, min(turn[0] for turn in turns), min(turn[1] for turn in turns)


def bare(data: bytes) -> None:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for page in document:
            page.get_text("rawdict")
            page.get_cdrawings()


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def line(pages: float, plain: float, whole: float) -> str:
    return f"{pages:5.0f} {plain / pages * 1000:7.2f} {whole / pages * 1000:7.2f} {whole / plain:6.2f}  "


if __name__ == "__main__":
    sys.exit(main())
