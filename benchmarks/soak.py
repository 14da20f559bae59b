"""Memory over many documents: ``python benchmarks/soak.py [--documents N] [FILE.pdf …]`` (the sample unless said otherwise).

One child reads all of them without being replaced, so that a leak cannot hide behind the pool's recycling. Fails when the
child or this process ends more than ``SLACK`` above where it stood after the first tenth, or when a single `gongkai read` takes
more than ``CEILING``. With ``--service`` the documents, small ones, go through `gongkai serve` over HTTP instead: each is handed in,
read by its children (which are replaced, as they are in use), asked for once and counted in the database; the same limits hold.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cores
from processes import Database, Service, hand_in, running

from gongkai.sandbox import Sandbox
from gongkai.settings import MIB, Settings

SAMPLES = Path(__file__).parents[1] / "eval" / "samples"
SLACK = 8.0  # MiB
CEILING = 200.0  # MiB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--service", action="store_true")
    options = parser.parse_args()
    if options.service:
        return int(max(service_soak(options.documents)) > SLACK)
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


def service_soak(documents: int) -> tuple[float, float]:
    """Hand ``documents`` to `gongkai serve`, a tenth at a time; growth in MiB of the server and of the largest child since the first tenth."""
    portion = max(documents // 10, 1)
    sizes: list[tuple[float, float]] = []
    given: dict[str, bytes] = {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(GONGKAI_DATA_DIR=folder, GONGKAI_WORKERS="2")
        service.ready()
        database = Database(f"sqlite:///{folder}/gongkai.db")
        with running(service):
            for number in range(0, documents, portion):
                some = hand_in(service, range(number, min(number + portion, documents)))
                given |= some
                database.settled(len(given))
                assert all(service.ask("GET", f"/v1/reports/{job}")[0] == 200 for job in some)
                children = [resident(pid) for pid in cores.children(service.process.pid)]
                largest = max(children, default=sizes[-1][1] if sizes else 0.0)  # one may just be replaced
                sizes.append((resident(service.process.pid), largest))
                print(
                    f"{len(given):5} documents  server {sizes[-1][0]:6.1f} MiB  children "
                    + " ".join(f"{size:6.1f}" for size in children)
                    + f" MiB  load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
            begun = database.verify(given)
    rate = (time.monotonic() - began) / documents * 1000
    slope = [1000 * each / portion for each in slopes(sizes[1:])]
    print(f"{rate:.0f} ms a document; each is there once ({begun})")
    print(
        f"slope since the second tenth, over 1,000 documents: server {slope[0]:+.2f} MiB, largest child {slope[1]:+.2f} MiB"
    )
    return sizes[-1][0] - sizes[0][0], sizes[-1][1] - sizes[0][1]


def slopes(sizes: list[tuple[float, float]]) -> list[float]:
    """Least squares of each column, a row."""
    points = range(len(sizes))
    return [statistics.linear_regression(points, column).slope for column in zip(*sizes, strict=True)]


def resident(pid: int) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / MIB


if __name__ == "__main__":
    sys.exit(main())
