"""Processes killed with -9 at random moments: ``python benchmarks/kills.py [--reports 500] [--kills 5] [--seed N]``.

Each scenario starts `gongkai serve` and `gongkai worker` as processes of their own, hands reports in over HTTP, kills from outside, and
then counts in the database: every acknowledged report is there exactly once, nothing lies about. A broken promise is an ``AssertionError``.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pgserver
from processes import Database, Process, Service, hand_in, patience, report, running

BREATH = (
    5  # rounds after which what was kept is read: a job begun ten times and never ended would have failed
)


def workers(url: str, reports: int, kills: int, chance: random.Random) -> str:
    """Three workers on PostgreSQL, one of them killed at a time; every second one stays dead for a while."""
    own = {"GONGKAI_DATABASE_URL": url}
    service = Service(**own, GONGKAI_WORKERS="0")
    service.ready()
    database = Database(url)
    given = hand_in(service, range(reports))
    three = [Process("worker", **own, GONGKAI_WORKERS="1") for _ in range(3)]
    killed: list[tuple[float, list[str]]] = []
    later: list[threading.Timer] = []
    over = lambda: database.statuses().get("done", 0) == reports  # noqa: E731
    with running(service, *three), _cancelled(later):
        for number in range(kills):
            goal = reports * (number + 1) // (kills + 2)
            patience(lambda goal=goal: database.statuses().get("done", 0) >= goal, "no progress")  # type: ignore[misc]
            patience(lambda: over() or bool(_at_work(database, three)), "no worker has work")
            victim = chance.choice(_at_work(database, three) or three)
            time.sleep(chance.random())
            held = database.held_by(victim.process.pid)
            killed.append((time.time(), held))
            victim.kill()
            if number % 2:
                later.append(threading.Timer(20, victim.start))
                later[-1].start()
            else:
                victim.start()
        database.settled(reports)
        begun = database.verify(given)
        times = database.recovery(killed)
    told = ", ".join(f"{seconds:.1f}" for seconds in times)
    return f"{reports} reports, 3 workers, {kills} killed: each done once ({begun}); seconds until what they held was done: {told}"


def _at_work(database: Database, processes: list[Process]) -> list[Process]:
    return [each for each in processes if each.process.poll() is None and database.held_by(each.process.pid)]


@contextmanager
def _cancelled(timers: list[threading.Timer]) -> Iterator[None]:
    """None of ``timers`` starts a process when all is over."""
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
            timer.join()


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
        if number % BREATH == 0:
            database.settled(len(given))
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
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    options = parser.parse_args()
    print(f"seed {options.seed}, load {os.getloadavg()[0]:.0f}")
    chance = random.Random(options.seed)
    with pgserver.server() as server:
        for name in options.only:
            scenario, many = SCENARIOS[name]
            sizes = (options.reports, options.kills) if many else (options.rounds,)
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder) if scenario in (alone, uploads) else server.database()
                print(scenario(place, *sizes, chance), flush=True)  # type: ignore[operator]


SCENARIOS = {
    "workers": (workers, True),
    "api": (api, True),
    "alone": (alone, True),
    "uploads": (uploads, False),
    "ends": (ends, False),
}


if __name__ == "__main__":
    main()
