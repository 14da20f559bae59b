"""The service under load: ``python benchmarks/load.py [--clients 64] [--seconds 180] [--cluster]``.

A `gongkai serve` of its own (SQLite, keys wanted) is first left idle but for one prober, then used by many clients at once: each hands
in a small PDF that no other has, asks for it as `Retry-After` says until it is there, fetches the Report, and begins anew. One client in
eight waits for the answer (urgent), the others do not. The prober, a process of its own, so that it does not wait for the many clients to
be played, goes on as before, a status and a whole Report (36 pages) in turn; what it measures in both halves is compared. It also asks a
bare process that does nothing but answer: what takes longer there under load is the machine's, whoever serves. Fails on any 5xx, and when
the urgent do not overtake. With ``--cluster`` the service only takes in, on PostgreSQL, and a niced `gongkai worker`
reads.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import httpx2
import pgserver
import pymupdf
from running import GONGKAI, Service, distinct

SAMPLE = Path(__file__).parents[1] / "eval" / "samples" / "zhuzhou_2022.pdf"
PAGES = (0, 2, 6)  # of the sample, that make a small one
URGENT_EACH = 8  # one client of so many waits for its answer
PAUSE = 0.05  # seconds between two questions of the prober
THINKING = 5.0  # seconds between two uploads of a client that waits, for it is a person
RAMP = 5.0  # seconds over which the clients come
AIM = 3.0
NICE = ("nice", "-n", "10")
REPORTS = "/v1/reports"
PROBED = ("bare", "status", "report")
Probed = tuple[dict[str, list[float]], Counter[int]]  # seconds by kind of request, answers by status


class Run:
    """What was measured: seconds by kind of request, answers by status, seconds in the queue by urgency."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.answers: Counter[int] = Counter()
        self.queued: dict[bool, list[float]] = defaultdict(list)
        self.made = 0

    async def ask(self, kind: str, method: str, address: str, **more: object) -> httpx2.Response:
        began = time.perf_counter()
        answer = await self.http.request(method, address, **more)  # type: ignore[arg-type]
        self.seconds[kind].append(time.perf_counter() - began)
        self.answers[answer.status_code] += 1
        return answer

    def take(self, probed: Probed) -> None:
        seconds, answers = probed
        self.seconds |= seconds
        self.answers += answers

    async def client(self, number: int, pdf: bytes, until: float) -> None:
        urgent = number % URGENT_EACH == 0
        prefer = {"Prefer": "wait=30" if urgent else "respond-async"}
        await asyncio.sleep(RAMP * (number % 64) / 64)
        while time.monotonic() < until:
            self.made += 1
            file = {"file": ("a.pdf", distinct(pdf, self.made))}
            kind = "upload that waits" if urgent else "upload"
            answer = await self.ask(kind, "POST", REPORTS, files=file, headers=prefer)
            place = answer.headers.get("location")
            while answer.status_code in (202, 429) and time.monotonic() < until:
                await asyncio.sleep(int(answer.headers.get("retry-after", 1)))
                if place:
                    answer = await self.ask("poll", "GET", place)
            if answer.status_code == 200:
                queued = re.search(r"queue;dur=(\d+)", answer.headers["server-timing"])
                self.queued[urgent].append(int(queued[1]) / 1000 if queued else 0.0)
            await asyncio.sleep(THINKING if urgent else 0)


def only_answer(listening: socket.socket) -> None:
    """A server of one client at a time that reads nothing into what it is asked."""
    while True:
        client, _ = listening.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while client.recv(65536):
            client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


@contextmanager
def bare() -> Iterator[str]:
    """The address of :func:`only_answer` in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = get_context("spawn").Process(target=only_answer, args=(listening,), daemon=True)
        process.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            process.terminate()


def probe(url: str, headers: dict[str, str], when: str, addresses: Sequence[str], seconds: float) -> Probed:
    """``addresses``, one for each of ``PROBED``, asked for in turn, one at a time."""
    times: dict[str, list[float]] = {f"{when} {kind}": [] for kind in PROBED}
    answers: Counter[int] = Counter()
    until = time.monotonic() + seconds
    with httpx2.Client(base_url=url, headers=headers, timeout=120) as http:
        for address in addresses:
            http.get(address)  # connected
        while time.monotonic() < until:
            for kind, address in zip(times, addresses, strict=True):
                began = time.perf_counter()
                answers[http.get(address).status_code] += 1
                times[kind].append(time.perf_counter() - began)
                time.sleep(PAUSE)
    return times, answers


async def measure(service: Service, clients: int, seconds: float) -> Run:
    """Idle for a third of ``seconds`` (at most 30), then ``clients`` at once for all of them."""
    headers = {"Authorization": f"Bearer {service.key('load')}"}
    limits = httpx2.Limits(max_connections=clients + 4)
    async with httpx2.AsyncClient(base_url=service.url, headers=headers, timeout=120, limits=limits) as http:
        run = Run(http)
        file = {"file": ("a.pdf", SAMPLE.read_bytes())}
        finished = await http.post(REPORTS, files=file, headers={"Prefer": "wait=120"})
        assert finished.status_code == 200, finished.text
        place = finished.headers["location"]
        held = await http.post(
            REPORTS,
            files={"file": ("a.pdf", distinct(SAMPLE.read_bytes(), "held"))},
            headers={"Prefer": "respond-async"},
        )
        waiting = held.headers["location"]
        await http.post(f"{waiting}/cancel")  # 202 with its status for good
        with ProcessPoolExecutor(1, get_context("spawn")) as pool, bare() as answering:

            async def probed(when: str, seconds: float) -> None:
                asked = (service.url, headers, when, (answering, waiting, place), seconds)
                run.take(await asyncio.get_running_loop().run_in_executor(pool, probe, *asked))

            await probed("idle", min(seconds / 3, 30))
            until, pdf = time.monotonic() + seconds, small()
            playing = (run.client(number, pdf, until) for number in range(clients))
            await asyncio.gather(probed("loaded", seconds), *playing)
        return run


@contextmanager
def served(cluster: bool) -> Iterator[Service]:
    """A service of one's own; one process with its children, or in a ``cluster``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not cluster:
            with Service(folder, require_keys=1) as service:
                yield service
            return
        with (
            pgserver.server() as server,
            Service(folder, require_keys=1, workers=0, database_url=server.database()) as service,
        ):
            environment = {**service.environment, "GONGKAI_WORKERS": str(os.cpu_count() or 1)}
            with (folder / "worker").open("wb") as log:
                worker = subprocess.Popen(
                    [*NICE, *GONGKAI, "worker"], env=environment, stdout=log, stderr=log
                )
            try:
                yield service
            finally:
                worker.terminate()
                worker.wait()


def small() -> bytes:
    """A few pages of the sample."""
    with pymupdf.open(SAMPLE) as document:
        document.select(PAGES)
        data: bytes = document.tobytes(garbage=3, deflate=True)
        return data


def table(run: Run) -> list[str]:
    """The measurements for people; times in milliseconds."""
    lines = [f"{'':22}{'number':>8}{'p50':>9}{'p99':>9}{'most':>9}   ms"]
    for kind, seconds in sorted(run.seconds.items()):
        figures = (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds))
        lines.append(f"{kind:22}{len(seconds):8}" + "".join(f"{1000 * each:9.1f}" for each in figures))
    for kind in PROBED:
        idle, loaded = run.seconds[f"idle {kind}"], run.seconds[f"loaded {kind}"]
        ratios = [quantile(loaded, part) / quantile(idle, part) for part in (0.5, 0.99)]
        aim = "what the machine adds" if kind == "bare" else f"aim: p99 at most {AIM:.0f}"
        lines.append(f"{kind}: loaded to idle, p50 {ratios[0]:.1f}, p99 {ratios[1]:.1f} ({aim})")
    for urgent, name in ((True, "waits"), (False, "does not wait")):
        queued = run.queued[urgent]
        if queued:
            lines.append(
                f"in the queue, client {name}: {len(queued)} reports, median {statistics.median(queued):.1f} s"
            )
    lines.append(
        "answers: " + ", ".join(f"{status}: {number}" for status, number in sorted(run.answers.items()))
    )
    return lines


def quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def sound(run: Run) -> bool:
    """No 5xx, and who waits was taken before who does not."""
    fair = statistics.median(run.queued[True] or [0]) <= statistics.median(run.queued[False] or [0])
    return fair and not any(status >= 500 for status in run.answers)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--cluster", action="store_true")
    options = parser.parse_args()
    others = os.getloadavg()[0]
    with served(options.cluster) as service:
        run = asyncio.run(measure(service, options.clients, options.seconds))
    how = "API and worker on PostgreSQL" if options.cluster else "one process on SQLite"
    print(
        f"{how}; {options.clients} clients, {options.seconds:.0f} s, {os.cpu_count()} processors, Python {platform.python_version()};"
        f" load average before {others:.1f}, after {os.getloadavg()[0]:.1f} (what stands before is others' work)"
    )
    print("\n".join(table(run)))
    return int(not sound(run))


if __name__ == "__main__":
    sys.exit(main())
