"""What the service costs over reading alone: ``python benchmarks/throughput.py [--reports N] [FILE.pdf …]`` (the sample by default).

In one run: the same documents read by the pool of children alone, by `gongkai serve` on SQLite, and by 1, 2 and 4 `gongkai worker` processes on
PostgreSQL, all with as many children as there are processors. Core-seconds are those of every process that took part, PostgreSQL's apart.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cores
import pgserver
from processes import SAMPLE, Database, Process, Service, running

from gongkai.sandbox import Sandbox
from gongkai.settings import Settings

CORES = os.cpu_count() or 1
WARM = 8  # reports read before the clock starts, so that every child is there


@dataclass
class Meter:
    """Seconds on the clock, core-seconds of those who read and of the database, from the first upload to the last result."""

    wall: float = 0.0
    cores: float = 0.0
    database: float = 0.0


@contextmanager
def measured(pids: list[int], database: list[int]) -> Iterator[Meter]:
    meter = Meter(-time.monotonic(), -cores.used(pids), -cores.used(database))
    yield meter
    meter.wall += time.monotonic()
    meter.cores += cores.used(pids)
    meter.database += cores.used(database)


def documents(files: list[Path], reports: int) -> list[bytes]:
    contents = [path.read_bytes() for path in files]
    return [contents[number % len(contents)] + f"\n% {number}\n".encode() for number in range(reports)]


def direct(given: list[bytes]) -> Meter:
    with Sandbox(Settings(workers=CORES)) as sandbox, ThreadPoolExecutor(CORES) as threads:

        def read(content: bytes) -> bytes:
            return sandbox.run([("a.pdf", content)], all_checks=True)

        list(threads.map(read, given[:WARM]))
        with measured([os.getpid()], []) as meter:
            list(threads.map(read, given[WARM:]))
    return meter


def served(given: list[bytes], url: str, processes: list[Process], server: list[int]) -> Meter:
    """``processes``: the service, then the workers."""
    service = processes[0]
    assert isinstance(service, Service)
    with running(*processes):
        service.ready()
        database = Database(url)
        hand_in(service, given[:WARM], database)
        with measured([each.process.pid for each in processes], server) as meter:
            hand_in(service, given, database)
    return meter


def hand_in(service: Service, given: list[bytes], database: Database) -> None:
    for content in given:
        assert service.upload(content)
    database.settled(len(given))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    given = documents(options.files or [SAMPLE], options.reports + WARM)
    print(
        f"{len(given)} reports of {sum(map(len, given)) / len(given) / 1024:.0f} KiB, {CORES} cores, load {os.getloadavg()[0]:.1f}"
    )
    alone = direct(given)
    show("children alone", alone, given, alone)
    with tempfile.TemporaryDirectory() as folder, pgserver.server() as server:
        url = f"sqlite:///{folder}/gongkai.db"
        own = {"GONGKAI_DATA_DIR": folder, "GONGKAI_WORKERS": str(CORES)}
        show("serve, SQLite", served(given, url, [Service(**own)], []), given, alone)
        size = (Path(folder) / "gongkai.db").stat().st_size
        print(f"{'':26} database {size / len(given) / 1024:.0f} KiB a report")
        for number in (1, 2, 4):
            url = server.database()
            meter = served(given, url, cluster(url, number), [server.pid()])
            show(f"{number} workers, PostgreSQL", meter, given, alone)
        size = Database(url).rows("SELECT pg_database_size(current_database())")[0][0]
        print(f"{'':26} database {size / len(given) / 1024:.0f} KiB a report")


def cluster(url: str, number: int) -> list[Process]:
    """A service that only takes in, and ``number`` workers that share the processors."""
    own = {"GONGKAI_DATABASE_URL": url}
    share = str(max(1, CORES // number))
    made: list[Process] = [Service(**own, GONGKAI_WORKERS="0")]
    return made + [Process("worker", **own, GONGKAI_WORKERS=share) for _ in range(number)]


def show(name: str, meter: Meter, given: list[bytes], alone: Meter) -> None:
    reports = len(given) - WARM
    of_database = f" + {1000 * meter.database / reports:.0f} PostgreSQL" if meter.database else ""
    print(
        f"{name:26} {reports / meter.wall:5.2f} reports/s ({meter.wall / alone.wall - 1:+.0%} time)   "
        f"{1000 * meter.cores / reports:.0f}{of_database} core-seconds a 1,000 reports ({meter.cores / alone.cores - 1:+.0%})",
        flush=True,
    )


if __name__ == "__main__":
    main()
