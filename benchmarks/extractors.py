"""Pages a second of the table extractors that people use today, beside Gongkai, on the same files in the same run.

    python benchmarks/extractors.py [FILE.pdf …] [--out FILE]          (the sample unless said otherwise)

One process, one core, CPU time. Each extractor reads the tables of every page and nothing more; Gongkai does all that it does (forms, facts,
checks). What is not installed is skipped (``pip install pdfplumber camelot-py pymupdf4llm``). Speed alone is compared here: what comes out
right is measured by ``gongkai eval``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from types import ModuleType

SAMPLES = Path(__file__).parents[1] / "eval" / "samples"
Extract = Callable[[Path], object]


def gongkai(module: ModuleType) -> Extract:
    return lambda path: module.read(path, sandbox=False)


def pymupdf(module: ModuleType) -> Extract:
    def extract(path: Path) -> None:
        with module.open(path) as document:
            for page in document:
                for table in page.find_tables().tables:
                    table.extract()

    return extract


def pdfplumber(module: ModuleType) -> Extract:
    def extract(path: Path) -> None:
        with module.open(path) as document:
            for page in document.pages:
                page.extract_tables()
                page.flush_cache()

    return extract


def camelot(module: ModuleType) -> Extract:
    return lambda path: module.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)


def pymupdf4llm(module: ModuleType) -> Extract:
    return lambda path: module.to_markdown(str(path))


EXTRACTORS: dict[str, tuple[str, Callable[[ModuleType], Extract]]] = {
    "gongkai": ("gongkai", gongkai),
    "pymupdf find_tables": ("pymupdf", pymupdf),
    "pdfplumber": ("pdfplumber", pdfplumber),
    "camelot lattice": ("camelot", camelot),
    "pymupdf4llm": ("pymupdf4llm", pymupdf4llm),
}
PACKAGES = {"camelot": "camelot-py"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    files = options.files or sorted(SAMPLES.glob("*.pdf"))
    pages = sum(pages_of(path) for path in files)
    lines = []
    head = f"{len(files)} files, {pages} pages; CPU time of one core"
    for line in chain([head], measured(files, pages)):
        print(line, flush=True)
        lines.append(line)
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def measured(files: list[Path], pages: int) -> Iterator[str]:
    """One line for each extractor, as it is done."""
    yield f"{'extractor':22} {'version':>10} {'pages/s':>8} {'seconds':>8}  refused"
    for name, (module, make) in EXTRACTORS.items():
        try:
            extract = make(import_module(module))
        except ImportError:
            yield f"{name:22} {'-':>10} not installed"
            continue
        seconds, refused = timed(extract, files)
        yield f"{name:22} {version_of(module):>10} {pages / seconds:8.1f} {seconds:8.1f}  {refused}"


def timed(extract: Extract, files: list[Path]) -> tuple[float, int]:
    """CPU seconds for all ``files``, and how many of them made the extractor raise. The first file is read once before, unmeasured."""
    refused = 0
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        with contextlib.suppress(Exception):
            extract(files[0])
        began = time.process_time()
        for path in files:
            try:
                extract(path)
            except Exception:  # whatever another's code raises is a refusal, counted
                refused += 1
    return time.process_time() - began, refused


def pages_of(path: Path) -> int:
    document = import_module("pymupdf").open(path)
    with document:
        return int(document.page_count)


def version_of(module: str) -> str:
    try:
        return version(PACKAGES.get(module, module))
    except PackageNotFoundError:
        return "?"


if __name__ == "__main__":
    main()
