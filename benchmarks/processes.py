"""`gongkai serve` and `gongkai worker` as processes of their own, and their database seen from outside; for measurements and tests."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf
import sqlalchemy as sa

SAMPLE = Path(__file__).parents[1] / "eval" / "samples" / "zhuzhou_2022.pdf"
PAGES = 2
PATIENCE = 240.0  # seconds without any progress, after which something is lost


class Process:
    """A `gongkai` command with an environment of its own, killed and started again at will."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        self._command = [sys.executable, "-m", "gongkai.cli", *arguments]
        self._environ = {**os.environ, **environ}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._command, env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


class Service(Process):
    """`gongkai serve` and what one asks of it."""

    def __init__(self, **environ: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        super().__init__("serve", "--port", str(self.port), **environ)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Status and ``Location``; raises ``OSError`` or ``HTTPException`` when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(
                method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()

    def upload(self, content: bytes) -> str | None:
        """The id of the job if the upload was acknowledged."""
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        body = part + content + b"\r\n--x--\r\n"
        try:
            kind = "multipart/form-data; boundary=x"
            status, found = self.ask("POST", "/v1/reports", body, Content_Type=kind, Prefer="respond-async")
        except (OSError, http.client.HTTPException):
            return None
        if status == 429:
            time.sleep(0.5)
            return None
        assert status in (200, 202), found
        return found.rpartition("/")[2]

    def ready(self) -> None:
        """Wait until it answers."""
        patience(lambda: self._answers(), "the service does not answer")

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


def patience(reached: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


@cache
def few_pages(size: int) -> bytes:
    """The first pages of the sample, so that many can be read in a short time; with an attachment of ``size`` bytes, if any."""
    with pymupdf.open(SAMPLE) as document:
        document.select(range(PAGES))
        if size:
            document.embfile_add("filler", random.Random(size).randbytes(size))
        data: bytes = document.tobytes(garbage=4, deflate=True)
        return data


def report(number: int, size: int = 0) -> bytes:
    """A report, made another document by a comment at its end, and larger by ``size`` bytes."""
    return few_pages(size) + f"\n% {number}\n".encode()


class Database:
    """What is in the database, seen from outside."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(
            url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool
        )
        self.notes = "dbos.workflow_status" if "postgresql" in url else "workflow_status"

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(query), values))

    def statuses(self) -> dict[str, int]:
        return dict(tuple(row) for row in self.rows("SELECT status, count(*) FROM jobs GROUP BY status"))

    def held_by(self, pid: int) -> list[str]:
        """Jobs that the process ``pid`` works on."""
        query = (
            f"SELECT workflow_uuid FROM {self.notes} w JOIN executors e ON e.id = w.executor_id "
            "WHERE w.status = 'PENDING' AND e.pid = :pid"
        )
        return [row[0].rpartition("-")[0] for row in self.rows(query, pid=pid)]

    def settled(self, jobs: int) -> None:
        """Wait until ``jobs`` jobs are done and none is open; no progress for long is a loss."""
        before, since = -1, time.monotonic()
        while True:
            now = self.statuses()
            if now.get("done", 0) >= jobs and not now.get("queued") and not now.get("running"):
                return
            if now.get("done", 0) != before:
                before, since = now.get("done", 0), time.monotonic()
            assert time.monotonic() - since < PATIENCE, f"no progress: {now}"
            time.sleep(0.1)

    def verify(self, acknowledged: dict[str, bytes]) -> dict[str, int]:
        """Every acknowledged job is done, with one result that is its own; nothing lies about. How often jobs were begun."""
        done = dict(tuple(row) for row in self.rows("SELECT id, starts FROM jobs WHERE status = 'done'"))
        lost = acknowledged.keys() - done.keys()
        assert not lost, (
            f"{len(lost)} of {len(acknowledged)} acknowledged reports are lost: {self.statuses()}"
        )
        results = self.rows("SELECT job, data FROM results")
        assert len(results) == len(done) == len({job for job, _ in results})
        for job, data in results:
            if job in acknowledged:
                found = json.loads(gzip.decompress(data))["documents"][0]["id"]
                assert found == hashlib.sha256(acknowledged[job]).hexdigest()
        for table in ("uploads", "results"):
            assert not self.rows(f"SELECT job FROM {table} WHERE job NOT IN (SELECT id FROM jobs)")
        return {
            "begun once": sum(n == 1 for n in done.values()),
            "begun again": sum(n > 1 for n in done.values()),
        }

    def recovery(self, killed: list[tuple[float, list[str]]]) -> list[float]:
        """Seconds from each kill until all that the dead process held was done."""
        finished = dict(tuple(row) for row in self.rows("SELECT id, finished_at FROM jobs"))
        return [max(finished[job] for job in held) - at for at, held in killed if held]


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.stop()


def hand_in(service: Service, numbers: range, size: int = 0) -> dict[str, bytes]:
    """Upload, four at a time, each until it is acknowledged, as a client does that tries again."""
    found: dict[str, bytes] = {}

    def one(number: int) -> None:
        content = report(number, size)
        job: str | None = None
        until = time.monotonic() + PATIENCE
        while job is None:
            assert time.monotonic() < until, "uploads are not taken"
            if (job := service.upload(content)) is None:
                time.sleep(0.1)
        found[job] = content

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, numbers))
    return found
