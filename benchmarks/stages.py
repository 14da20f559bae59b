"""Where the time of a page goes: each stage of the road on the same pages, beside bare reading, and the peak memory.

    python benchmarks/stages.py DIR_OR_PDF… [--rounds N]

CPU milliseconds a page on one core, the best of N rounds; peak memory is that of a fresh process that reads all files in turn.
``speed.py`` holds the limit; this shows which stage to blame.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from speed import bare, timed

from gongkai.forms.recognise import forms_of
from gongkai.layout import Layout, lay_out
from gongkai.pages import Page
from gongkai.pdf import File
from gongkai.pipeline import InputFile, draft, read_documents
from gongkai.proof import checked
from gongkai.settings import Limits


def round_of(files: Sequence[InputFile]) -> dict[str, float]:
    """CPU seconds of each stage over all files."""
    pages: list[list[Page]] = []
    layouts: list[Layout] = []
    return {
        "bare": timed(lambda: [bare(file.data) for file in files]),
        "pages": timed(
            lambda: pages.extend(list(File(file.data, file.name, 2000).pages()) for file in files)
        ),
        "layout": timed(lambda: layouts.extend(lay_out(of_file) for of_file in pages)),
        "forms": timed(lambda: [forms_of(layout.tables, None, None) for layout in layouts]),
        "whole road": timed(lambda: [read_documents([file]) for file in files]),
    }


def checks_of(file: InputFile, rounds: int) -> float:
    """CPU seconds of one run of all checks of a report, the best of ``rounds``."""
    read = draft([file], Limits())
    return min(timed(lambda: checked(read, all_checks=False)) for _ in range(rounds))


def peak_megabytes(paths: Sequence[Path]) -> float:
    command = [sys.executable, __file__, "--memory", *map(str, paths)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    paths = sorted(
        p for given in options.paths for p in ([given] if given.is_file() else given.glob("*.pdf"))
    )
    files = [InputFile(path.name, path.read_bytes()) for path in paths]
    if options.memory:
        for file in files:
            read_documents([file])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    count = sum(len(list(File(file.data, file.name, 2000).pages())) for file in files)
    rounds = [round_of(files) for _ in range(options.rounds)]
    best = {name: min(seconds[name] for seconds in rounds) for name in rounds[0]}
    for name, seconds in best.items():
        print(f"{name:12} {1000 * seconds / count:8.2f} ms a page  {seconds / best['bare']:6.2f} times bare")
    slowest = sorted(((checks_of(file, options.rounds), file.name) for file in files), reverse=True)
    print("all checks, once:", ", ".join(f"{1000 * seconds:.1f} ms {name}" for seconds, name in slowest[:5]))
    print(f"{count} pages of {len(files)} files; peak memory {peak_megabytes(paths):.0f} MB")


if __name__ == "__main__":
    main()
