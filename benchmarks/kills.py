"""Processes killed with -9 at random moments: ``python benchmarks/kills.py [--reports 500] [--kills 5] [--seed N]``.

Each scenario starts `gongkai serve` and `gongkai worker` as processes of their own, hands reports in over HTTP, kills from outside, and
then counts in the database: every acknowledged report is there exactly once, nothing lies about. A broken promise is an ``AssertionError``.
"""

from __future__ import annotations

import argparse
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
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pgserver
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
def few_pages() -> bytes:
    """The first pages of the sample, so that many can be read in a short time."""
    with pymupdf.open(SAMPLE) as document:
        document.select(range(PAGES))
        data: bytes = document.tobytes(garbage=4, deflate=True)
        return data


def report(number: int, size: int = 0) -> bytes:
    """A report, made another document by a comment at its end."""
    return few_pages() + f"\n% {number}\n".encode() + b"% filler\n" * (size // 9)


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


def workers(url: str, reports: int, kills: int, chance: random.Random) -> str:
    """Three workers on PostgreSQL, one of them killed at a time; every second one stays dead for a while."""
    own = {"GONGKAI_DATABASE_URL": url}
    service = Service(**own, GONGKAI_WORKERS="0")
    service.ready()
    database = Database(url)
    given = hand_in(service, range(reports))
    three = [Process("worker", **own, GONGKAI_WORKERS="1") for _ in range(3)]
    killed: list[tuple[float, list[str]]] = []
    with running(service, *three):
        for number in range(kills):
            goal = reports * (number + 1) // (kills + 2)
            patience(lambda goal=goal: database.statuses().get("done", 0) >= goal, "no progress")  # type: ignore[misc]
            victim = chance.choice([each for each in three if each.process.poll() is None])
            patience(
                lambda v=victim: bool(database.held_by(v.process.pid)),
                f"a worker has no work: {database.statuses()}",
            )  # type: ignore[misc]
            time.sleep(chance.random())
            held = database.held_by(victim.process.pid)
            killed.append((time.time(), held))
            victim.kill()
            if number % 2:
                threading.Timer(20, victim.start).start()
            else:
                victim.start()
        database.settled(reports)
        begun = database.verify(given)
        times = database.recovery(killed)
    told = ", ".join(f"{seconds:.1f}" for seconds in times)
    return f"{reports} reports, 3 workers, {kills} killed: each done once ({begun}); seconds until what they held was done: {told}"


def api(url: str, reports: int, kills: int, chance: random.Random) -> str:
    """The process that takes in is killed while clients upload; one worker reads."""
    own = {"GONGKAI_DATABASE_URL": url}
    service = Service(**own, GONGKAI_WORKERS="0")
    service.ready()
    worker = Process("worker", **own, GONGKAI_WORKERS="2")
    with running(service, worker):
        given = _hand_in_while_killing(service, reports, kills, chance)
        database = Database(url)
        database.settled(reports)
        return f"{reports} reports, API killed {kills} times: each done once ({database.verify(given)})"


def alone(folder: Path, reports: int, kills: int, chance: random.Random) -> str:
    """One process on SQLite, killed and started again."""
    service = Service(GONGKAI_DATA_DIR=str(folder), GONGKAI_WORKERS="2")
    service.ready()
    database = Database(f"sqlite:///{folder}/gongkai.db")
    killed: list[tuple[float, list[str]]] = []
    with running(service):
        given = _hand_in_while_killing(service, reports, kills - kills // 2, chance)
        for _ in range(kills // 2):
            time.sleep(chance.random())
            held = database.held_by(service.process.pid)
            service.kill()
            killed.append((time.time(), held))
            service.start()
            service.ready()
        database.settled(reports)
        begun = database.verify(given)
    told = ", ".join(f"{seconds:.1f}" for seconds in database.recovery(killed))
    return f"{reports} reports on SQLite, killed {kills} times: each done once ({begun}); seconds: {told}"


def _hand_in_while_killing(
    service: Service, reports: int, kills: int, chance: random.Random
) -> dict[str, bytes]:
    over = threading.Event()

    def kill() -> None:
        for _ in range(kills):
            if over.wait(chance.uniform(0.2, 1.5)):
                return
            service.kill()
            service.start()
            service.ready()

    killer = threading.Thread(target=kill)
    killer.start()
    given = hand_in(service, range(reports))
    over.set()
    killer.join()
    return given


def uploads(folder: Path, rounds: int, chance: random.Random) -> str:
    """A large upload and a kill at a random moment of it: kept as a whole, or not at all."""
    service = Service(GONGKAI_DATA_DIR=str(folder), GONGKAI_WORKERS="1")
    service.ready()
    database = Database(f"sqlite:///{folder}/gongkai.db")
    began = time.monotonic()
    given = hand_in(service, range(1), 16 << 20)
    usual = time.monotonic() - began
    acknowledged = kept = 0
    for number in range(1, rounds + 1):
        content = report(number, 16 << 20)
        answers: list[str | None] = []
        upload = threading.Thread(target=lambda c=content, a=answers: a.append(service.upload(c)))  # type: ignore[misc]
        upload.start()
        time.sleep(chance.uniform(0, 1.3 * usual))
        service.kill()
        upload.join()
        if answers[0] is not None:
            given[answers[0]] = content
            acknowledged += 1
        kept = len(database.rows("SELECT id FROM jobs")) - 1
        assert not database.rows("SELECT job FROM uploads WHERE job NOT IN (SELECT id FROM jobs)")
        assert not database.rows("SELECT id FROM jobs WHERE id NOT IN (SELECT job FROM uploads)")
        service.start()
        service.ready()
    with running(service):
        database.settled(len(given))
        database.verify(given)
    left = sorted(path.name for path in folder.iterdir() if not path.name.startswith("gongkai."))
    assert not left, left
    return f"{rounds} uploads of 16 MiB killed within {1.3 * usual:.2f} s: {acknowledged} acknowledged and done, {kept} kept, no rubbish"


def ends(url: str, rounds: int, chance: random.Random) -> str:
    """Cancel and DELETE, the API or the worker killed at the same moment: done or not done, never half."""
    own = {"GONGKAI_DATABASE_URL": url}
    service = Service(**own, GONGKAI_WORKERS="0")
    service.ready()
    database = Database(url)
    worker = Process("worker", **own, GONGKAI_WORKERS="1")
    told = {"cancel": 0, "DELETE": 0}
    with running(service, worker):
        for number in range(rounds):
            verb = ("cancel", "DELETE")[number % 2]
            job = next(iter(hand_in(service, range(number, number + 1))))
            if chance.random() < 0.7:  # while it is read, else while it is queued or done
                patience(lambda j=job: status(database, j) != "queued", "not begun")  # type: ignore[misc]
            victim = chance.choice([service, worker])
            wanted = [("DELETE", f"/v1/reports/{job}"), ("POST", f"/v1/reports/{job}/cancel")][
                verb == "cancel"
            ]
            answers: list[int] = []
            asking = threading.Thread(target=lambda w=wanted, a=answers: a.append(_quietly(service, *w)))  # type: ignore[misc]
            asking.start()
            time.sleep(chance.uniform(0, 0.05))
            victim.kill()
            asking.join()
            victim.start()
            service.ready()
            patience(lambda j=job: status(database, j) not in ("queued", "running"), "open for ever")  # type: ignore[misc]
            _whole(database, job, verb, acknowledged=answers[0] in (200, 204))
            told[verb] += answers[0] in (200, 204)
    return f"{rounds} ends, a process killed at that moment: {told} acknowledged and held, none half done"


def status(database: Database, job: str) -> str:
    return str(database.rows("SELECT status FROM jobs WHERE id = :job", job=job)[0][0])


def _quietly(service: Service, method: str, path: str) -> int:
    try:
        return service.ask(method, path)[0]
    except (OSError, http.client.HTTPException):
        return 0


def _whole(database: Database, job: str, verb: str, *, acknowledged: bool) -> None:
    now = status(database, job)
    rows = {
        t: len(database.rows(f"SELECT 1 FROM {t} WHERE job = :job", job=job)) for t in ("uploads", "results")
    }
    if acknowledged:
        assert now in ({"deleted"} if verb == "DELETE" else {"cancelled", "done"}), (now, verb)
    assert bool(rows["uploads"]) == (now != "deleted"), (now, rows)
    assert bool(rows["results"]) == (now == "done"), (now, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    chance = random.Random(options.seed)
    sizes = (options.reports, options.kills, chance)
    with pgserver.server() as server, tempfile.TemporaryDirectory() as folder:
        for name in ("alone", "uploads"):
            (Path(folder) / name).mkdir()
        print(workers(server.database(), *sizes), flush=True)
        print(api(server.database(), *sizes), flush=True)
        print(alone(Path(folder) / "alone", *sizes), flush=True)
        print(uploads(Path(folder) / "uploads", options.rounds, chance), flush=True)
        print(ends(server.database(), options.rounds, chance), flush=True)


if __name__ == "__main__":
    main()
