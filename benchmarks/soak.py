"""Memory over many documents: ``python benchmarks/soak.py [--documents N] [FILE.pdf …]`` (the sample unless said otherwise).

One child reads all of them without being replaced, so that a leak cannot hide behind the pool's recycling. Fails when the
child or this process ends more than ``SLACK`` above where it stood after the first tenth, or when a single `gongkai read` takes
more than ``CEILING``.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from gongkai.sandbox import Sandbox
from gongkai.settings import MIB, Settings

SAMPLES = Path(__file__).parents[1] / "eval" / "samples"
SLACK = 8.0  # MiB
CEILING = 200.0  # MiB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    files = options.files or sorted(SAMPLES.glob("*.pdf"))
    one = largest_process(files[0])
    print(f"one `gongkai read` of {files[0].name}: largest process {one:.0f} MiB")
    grown = soak(files, options.documents)
    print(f"growth after the first tenth: parent {grown[0]:+.1f} MiB, child {grown[1]:+.1f} MiB")
    return int(one > CEILING or max(grown) > SLACK)


def largest_process(file: Path) -> float:
    """Peak resident MiB of the larger of the two processes of a `gongkai read`."""
    command = [sys.executable, "-m", "gongkai.cli", "read", str(file)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def soak(files: list[Path], documents: int) -> tuple[float, float]:
    """Read ``documents`` times in one child; growth in MiB of parent and child."""
    loaded = [(path.name, path.read_bytes()) for path in files]
    settings = Settings(workers=1, child_documents=documents + 1, child_growth_bytes=1024 * MIB)
    sizes: list[tuple[float, float]] = []
    began = time.monotonic()
    with Sandbox(settings) as sandbox:
        for number, file in enumerate(itertools.islice(itertools.cycle(loaded), documents), 1):
            sandbox.run([file])
            if number % max(documents // 10, 1) == 0:
                child = next(iter(sandbox._alive))
                sizes.append((resident(os.getpid()), resident(child._process.pid)))
                print(
                    f"{number:5} documents  parent {sizes[-1][0]:6.1f} MiB  child {sizes[-1][1]:6.1f} MiB",
                    flush=True,
                )
    print(f"{(time.monotonic() - began) / documents * 1000:.0f} ms a document")
    return sizes[-1][0] - sizes[0][0], sizes[-1][1] - sizes[0][1]


def resident(pid: int) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / MIB


if __name__ == "__main__":
    sys.exit(main())
