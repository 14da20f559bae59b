"""What the service costs over reading alone: ``python benchmarks/throughput.py [--reports N] [FILE.pdf …]`` (the sample by default).

The same documents are read by the pool of children alone, by `gongkai serve` on SQLite, and by 1, 2 and 4 `gongkai worker` processes on
PostgreSQL, all with as many children as there are processors. They take turns, a portion each, the others standing still meanwhile, so that
what else the machine does falls on all of them. `gongkai batch` reads all in one go at the end, its start and its data set included.
Core-seconds are those of every process that took part, PostgreSQL's apart.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cores
import pgserver
from processes import SAMPLE, Database, Process, Service, running

from gongkai.sandbox import Sandbox
from gongkai.settings import Settings

CORES = os.cpu_count() or 1
PORTION = 12  # reports read by each in its turn; the first portion is for warming up
BREATH = 1.5  # seconds for processes that stood still to give a sign of life


@dataclass
class Meter:
    """Seconds on the clock, core-seconds of those who read and of the database, over all portions."""

    name: str
    wall: float = 0.0
    cores: float = 0.0
    database: float = 0.0

    @contextmanager
    def running(self, pids: list[int], database: list[int]) -> Iterator[None]:
        began = time.monotonic(), cores.used(pids), cores.used(database)
        yield
        self.wall += time.monotonic() - began[0]
        self.cores += cores.used(pids) - began[1]
        self.database += cores.used(database) - began[2]

    def show(self, reports: int, alone: Meter) -> None:
        of_database = f" + {1000 * self.database / reports:.0f} PostgreSQL" if self.database else ""
        print(
            f"{self.name:26} {reports / self.wall:5.2f} reports/s ({self.wall / alone.wall - 1:+.0%} time)   "
            f"{1000 * self.cores / reports:.0f}{of_database} core-seconds a 1,000 reports ({self.cores / alone.cores - 1:+.0%})",
            flush=True,
        )


class Alone:
    """The pool of children, with nothing around it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.meter, self._sandbox = Meter("children alone"), sandbox

    def take(self, given: list[bytes], meter: Meter) -> None:
        def read(content: bytes) -> bytes:
            return self._sandbox.run([("a.pdf", content)], all_checks=True)

        with meter.running([os.getpid()], []), ThreadPoolExecutor(CORES) as threads:
            list(threads.map(read, given))


@dataclass
class Served:
    """A service and its workers; they stand still when it is not their turn."""

    meter: Meter
    url: str
    processes: list[Process]
    server: list[int] = field(default_factory=list)
    taken: int = 0

    def take(self, given: list[bytes], meter: Meter) -> None:
        self.signal(signal.SIGCONT)
        time.sleep(BREATH)
        service = self.processes[0]
        assert isinstance(service, Service)
        self.taken += len(given)
        with meter.running([each.process.pid for each in self.processes], self.server):
            for content in given:
                assert service.upload(content)
            Database(self.url).settled(self.taken)
        self.signal(signal.SIGSTOP)

    def signal(self, number: signal.Signals) -> None:
        for each in self.processes:
            each.process.send_signal(number)


def cluster(server: pgserver.Server, number: int) -> Served:
    """A service that only takes in, and ``number`` workers that share the processors."""
    url = server.database()
    own = {"GONGKAI_DATABASE_URL": url}
    share = str(max(1, CORES // number))
    service = Service(**own, GONGKAI_WORKERS="0")
    service.ready()
    workers = [Process("worker", **own, GONGKAI_WORKERS=share) for _ in range(number)]
    return Served(Meter(f"{number} workers, PostgreSQL"), url, [service, *workers], [server.pid()])


def batch(given: list[bytes]) -> Meter:
    meter = Meter("gongkai batch")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pdf").mkdir()
        for number, content in enumerate(given):
            (Path(folder) / "pdf" / f"{number}.pdf").write_bytes(content)
        command = [sys.executable, "-m", "gongkai.cli", "batch", f"{folder}/pdf", "--out", f"{folder}/out"]
        before, meter.wall = _used_by_the_ended(), -time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        meter.wall += time.monotonic()
        meter.cores = _used_by_the_ended() - before
        read = len(list((Path(folder) / "out" / "reports").glob("*.json")))
        assert read == len(given), f"{read} of {len(given)} read"
    return meter


def _used_by_the_ended() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def documents(files: list[Path], first: int, reports: int) -> list[bytes]:
    contents = [path.read_bytes() for path in files]
    numbers = range(first, first + reports)
    return [contents[number % len(contents)] + f"\n% {number}\n".encode() for number in numbers]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=204)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    rounds = max(1, options.reports // PORTION)
    reports = rounds * PORTION
    files = options.files or [SAMPLE]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(pgserver.server())
        sandbox = stack.enter_context(Sandbox(Settings(workers=CORES)))
        service = Service(GONGKAI_DATA_DIR=folder, GONGKAI_WORKERS=str(CORES))
        service.ready()
        at_home = Served(Meter("serve, SQLite"), f"sqlite:///{folder}/gongkai.db", [service])
        served = [at_home, *(cluster(server, number) for number in (1, 2, 4))]
        for each in served:
            stack.enter_context(running(*each.processes))
            stack.callback(each.signal, signal.SIGCONT)
            each.signal(signal.SIGSTOP)
        alone = Alone(sandbox)
        for turn in range(rounds + 1):
            given = documents(files, turn * PORTION, PORTION)
            for each in (alone, *served):
                each.take(given, each.meter if turn else Meter("warming up"))
        size = sum(map(len, given)) / len(given) / 1024
        print(f"{reports} reports of {size:.0f} KiB, {CORES} cores, load {os.getloadavg()[0]:.1f}")
        for each in (alone, *served):
            each.meter.show(reports, alone.meter)
        home = (Path(folder) / "gongkai.db").stat().st_size / at_home.taken / 1024
        there = Database(served[-1].url).rows("SELECT pg_database_size(current_database())")[0][0]
        print(f"database: SQLite {home:.0f}, PostgreSQL {there / served[-1].taken / 1024:.0f} KiB a report")
    batch(documents(files, 0, reports)).show(reports, alone.meter)


if __name__ == "__main__":
    main()
