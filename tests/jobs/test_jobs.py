"""Jobs: what was acknowledged is read once, with one process on SQLite and with many on PostgreSQL."""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from conftest import SMALL, STUB

from gongkai.errors import Busy, Crashed, Encrypted, TooLarge
from gongkai.jobs import Job, Jobs, KeyReused, engine, executors
from gongkai.jobs.sweeping import sweep
from gongkai.sandbox import Sandbox
from gongkai.settings import MIB
from gongkai.tables import JOBS, KEYS, META, RESULTS, SUMMARIES, SUMMARY_CODES, UPLOADS

Serving = Callable[..., Jobs]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """The jobs of one database for all tests of this page."""
    on_postgres = request.param == "postgresql"
    address = request.getfixturevalue("postgres_server").database() if on_postgres else ""
    settings = replace(SMALL, data_dir=tmp_path_factory.mktemp("jobs"), database_url=address)
    with Jobs(settings, sandbox=Sandbox(settings, target=STUB)) as jobs:
        yield jobs


@pytest.fixture
def jobs(opened: Jobs) -> Iterator[Jobs]:
    """No job at the beginning, and none left at the end."""
    yield opened
    opened.settings = opened._engine._settings
    with opened.store.engine.connect() as connection:
        left = [opened.find(*row) for row in connection.execute(sa.select(JOBS.c.id, JOBS.c.client))]
    for job in left:
        assert job is not None
        opened.cancel(job)
    until = time.monotonic() + 10
    while opened._engine._at_work and time.monotonic() < until:
        time.sleep(0.02)
    engine_of = opened._engine._client
    engine_of.delete_workflows([each.workflow_id for each in engine_of.list_workflows()])
    with opened.store.begin() as connection:
        for table in (JOBS, UPLOADS, RESULTS, KEYS, SUMMARIES, SUMMARY_CODES):
            connection.execute(table.delete())


def files(*words: str) -> list[tuple[str, bytes]]:
    return [(f"{number}.pdf", word.encode()) for number, word in enumerate(words)]


def done(jobs: Jobs, job: Job) -> Job:
    now = jobs.wait(job, 20)
    assert not now.open
    return now


def rows(jobs: Jobs, table: sa.Table) -> int:
    with jobs.store.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def running(jobs: Jobs, job: Job) -> None:
    until = time.monotonic() + 20
    while jobs.store.statuses([job.id])[job.id] == "queued":
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_job_is_read_and_served_under_the_names_given(jobs: Jobs) -> None:
    job = done(jobs, jobs.submit(files("echo one", "x"), metadata={"区划": "430200"}))
    report = json.loads(jobs.report(job))
    assert report["result"] == "one"
    assert [document["file_name"] for document in report["documents"]] == ["0.pdf", "1.pdf"]
    assert report["entity"]["metadata"] == {"区划": "430200"}
    assert report["checks"]["results"] is None
    assert json.loads(jobs.report(job, all_checks=True))["checks"]["results"] == []


def test_the_same_upload_is_one_job(jobs: Jobs) -> None:
    first = done(jobs, jobs.submit(files("echo one")))
    with ThreadPoolExecutor(4) as threads:
        again = list(
            threads.map(lambda _: jobs.submit([("b.pdf", b"echo one")], metadata={"n": 2}), range(8))
        )
    assert {job.id for job in again} == {first.id}
    assert json.loads(jobs.report(again[0]))["documents"][0]["file_name"] == "b.pdf"
    now = jobs.find(first.id)
    assert now is not None and (now.run, now.starts, now.metadata) == (1, 1, {"n": 2})
    assert rows(jobs, RESULTS) == 1


def test_the_same_upload_at_the_same_moment_is_one_job(jobs: Jobs) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: jobs.submit(files("sleep 9 0.3")), range(8)))
    assert len({job.id for job in made}) == 1
    assert done(jobs, made[0]).starts == 1


def test_ids_tell_files_order_client_and_options_apart(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [
        jobs.submit(files("echo a", "echo b")), jobs.submit(files("echo b", "echo a")),
        jobs.submit(files("echo a")), jobs.submit(files("echo a"), client="another"),
    ]  # fmt: skip
    monkeypatch.setattr("gongkai.options.current", lambda: {"pipeline": "next"})
    given.append(jobs.submit(files("echo a")))
    assert len({job.id for job in given}) == len(given)
    assert jobs.find(given[3].id) is None and jobs.find(given[3].id, "another") is not None


def test_large_files_pass_in_parts(jobs: Jobs) -> None:
    content = b"echo " + bytes(range(65, 91)) * 30_000
    job = jobs.submit([("a.pdf", io.BytesIO(content)), ("b.pdf", b"")])
    assert jobs.store.files(job.id) == [content, b""]
    assert json.loads(jobs.report(done(jobs, job)))["result"] == content[5:].decode()
    with pytest.raises(TooLarge):
        jobs.submit([("a.pdf", b"x" * MIB), ("b.pdf", b"x")])


@pytest.mark.parametrize("odd", ["\x00", "x", "A" * 32, "' OR 1"])
def test_what_is_no_id_is_no_job(jobs: Jobs, odd: str) -> None:
    assert jobs.find(odd) is None


def test_odd_names_and_metadata_pass_unchanged(jobs: Jobs) -> None:
    odd = {"\x00": ["\u0000", "𠮷", 1.5, None]}
    job = done(jobs, jobs.submit([("\x00𠮷.pdf", b"echo one")], metadata=odd))
    report = json.loads(jobs.report(job))
    assert (report["documents"][0]["file_name"], report["entity"]["metadata"]) == ("\x00𠮷.pdf", odd)


# failures


def test_a_refusal_names_the_file_as_given_and_is_the_files_own(jobs: Jobs) -> None:
    job = done(jobs, jobs.submit([("密.pdf", b"refuse")]))
    with pytest.raises(Encrypted) as raised:
        jobs.report(job)
    assert raised.value.file_name == "密.pdf"
    assert jobs.submit([("密.pdf", b"refuse")]).status == "failed"


def test_a_job_that_kills_all_who_try_is_given_up(jobs: Jobs) -> None:
    job = jobs.submit(files("sleep 9 1"))
    with jobs.store.begin() as connection:
        connection.execute(JOBS.update().values(starts=engine.MOST_STARTS))
    assert isinstance(jobs.refusal(done(jobs, job)), Crashed)


# the queue


def test_who_waits_overtakes(jobs: Jobs) -> None:
    batch = [jobs.submit(files(f"sleep 9 0.1{number}")) for number in range(12)]
    running(jobs, batch[0])
    urgent = done(jobs, jobs.submit(files("echo now"), urgent=True))
    assert sum(status == "done" for status in jobs.store.statuses([job.id for job in batch]).values()) < 8
    assert [done(jobs, job).status for job in batch] == ["done"] * 12
    assert urgent.finished_at is not None


def test_who_waits_is_read_at_once_where_a_child_is_idle(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs._engine, "enqueue", lambda *_: 1 / 0)
    now = done(jobs, jobs.submit(files("echo now"), urgent=True))
    assert (now.status, now.run, now.starts, rows(jobs, RESULTS)) == ("done", 1, 1, 1)


@pytest.mark.parametrize("deed", ["dies before it begins", "dies at work"])
def test_what_was_begun_at_once_is_as_safe_as_what_waits_in_the_queue(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    if deed == "dies before it begins":
        monkeypatch.setattr(jobs._engine, "begin", lambda _: None)
        job = jobs.submit(files("echo kept"), urgent=True)
        assert job.status == "queued"
    else:
        job = jobs.submit(files("sleep 9 0.5"), urgent=True)
        running(jobs, job)
        monkeypatch.setattr(executors, "alive", lambda _: {"another": 1})
    sweep(jobs.store, jobs._engine._client, jobs._engine.enqueue)
    monkeypatch.undo()
    now = done(jobs, job)
    assert (now.status, rows(jobs, RESULTS)) == ("done", 1)


def test_a_full_queue_keeps_nothing(jobs: Jobs) -> None:
    jobs.settings = replace(jobs.settings, queue=0)
    with pytest.raises(Busy):
        jobs.submit(files("echo one"), key="k")
    assert (rows(jobs, JOBS), rows(jobs, UPLOADS)) == (0, 0)
    jobs.settings = replace(jobs.settings, queue=1)
    assert done(jobs, jobs.submit(files("echo two"), key="k")).status == "done"


# keys


def test_a_key_makes_a_request_one_request(jobs: Jobs) -> None:
    job = done(jobs, jobs.submit(files("echo one"), key="k"))
    jobs.delete(job)
    assert jobs.submit(files("echo one"), key="k").status == "deleted"
    with pytest.raises(KeyReused):
        jobs.submit(files("echo two"), key="k")
    with pytest.raises(KeyReused):
        jobs.submit(files("echo one"), key="k", metadata={"a": 1})
    assert jobs.submit(files("echo one"), key="another").run == 2


# cancel and delete


def test_cancel_ends_the_child_and_leaves_no_result(jobs: Jobs) -> None:
    job = jobs.submit(files("sleep 9 9"))
    running(jobs, job)
    assert jobs.cancel(job).status == "cancelled"
    began = time.monotonic()
    assert done(jobs, jobs.submit(files("echo next"))).status == "done"
    assert time.monotonic() - began < 5
    assert jobs.cancel(job).status == "cancelled" and jobs.store.result(job.id) is None
    with pytest.raises(LookupError):
        jobs.report(jobs.cancel(job))


def test_a_cancelled_job_is_no_failure_in_the_log(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    engine = logging.getLogger("dbos")
    engine.addHandler(caplog.handler)
    try:
        job = jobs.submit(files("sleep 9 9"))
        running(jobs, job)
        jobs.cancel(job)
        until = time.monotonic() + 10
        while jobs._engine._at_work and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        engine.error("a real failure", exc_info=RuntimeError("x"))
        told = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert told == ["a real failure"]
    finally:
        engine.removeHandler(caplog.handler)


def test_cancel_takes_out_of_the_queue_and_leaves_the_finished_alone(jobs: Jobs) -> None:
    first = done(jobs, jobs.submit(files("echo one")))
    assert jobs.cancel(first).status == "done"
    jobs.submit(files("sleep 9 1"))
    waiting = [jobs.submit(files(f"echo {number}")) for number in range(5)]
    assert jobs.cancel(waiting[4]).status == "cancelled"
    assert [done(jobs, job).status for job in waiting] == ["done"] * 4 + ["cancelled"]
    assert done(jobs, jobs.submit(files("echo 4"))).run == 2


def test_delete_removes_everything(jobs: Jobs) -> None:
    job = done(jobs, jobs.submit([("secret.pdf", b"echo one")], metadata={"secret": 1}))
    jobs.delete(job)
    jobs.delete(job)
    gone = jobs.find(job.id)
    assert gone is not None
    assert (gone.status, gone.file_names, gone.metadata) == ("deleted", [], {})
    assert (rows(jobs, UPLOADS), rows(jobs, RESULTS)) == (0, 0)
    again = done(jobs, jobs.submit(files("echo one")))
    assert (again.id, again.run, again.status) == (job.id, 2, "done")


def test_a_deleted_job_that_was_read_at_that_moment_leaves_nothing(jobs: Jobs) -> None:
    job = jobs.submit(files("sleep 9 9"))
    running(jobs, job)
    jobs.delete(job)
    assert done(jobs, jobs.submit(files("echo next"))).status == "done"
    assert (rows(jobs, UPLOADS), rows(jobs, RESULTS)) == (1, 1)


def test_retention_deletes_what_is_old(jobs: Jobs) -> None:
    old, new = (done(jobs, jobs.submit(files(f"echo {word}"))) for word in ("old", "new"))
    jobs.submit(files("echo old"), key="k")
    with jobs.store.begin() as connection:
        connection.execute(
            JOBS.update().where(JOBS.c.id == old.id).values(finished_at=time.time() - 3 * 86400)
        )
    assert jobs.store.expire(0) == [] and jobs.store.expire(4) == []
    assert jobs.store.expire(2) == [old.id]
    assert jobs.store.statuses([old.id, new.id]) == {old.id: "deleted", new.id: "done"}


# processes


def test_the_living_take_up_what_the_dead_left(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.submit(files("sleep 9 0.5"))
    running(jobs, job)
    monkeypatch.setattr(executors, "alive", lambda _: {"another": 1})  # as if this process were long silent
    sweep(jobs.store, jobs._engine._client, jobs._engine.enqueue)
    monkeypatch.undo()
    now = done(jobs, job)
    assert (now.status, rows(jobs, RESULTS)) == ("done", 1)
    until = time.monotonic() + 10
    while (now := jobs.wait(job, 0)).starts < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert (now.status, rows(jobs, RESULTS)) == ("done", 1)


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_job_that_the_engine_lost_is_given_a_new_run(jobs: Jobs, status: str) -> None:
    job = done(jobs, jobs.submit(files("echo one")))
    with jobs.store.begin() as connection:
        connection.execute(RESULTS.delete())
        connection.execute(SUMMARIES.delete())
        connection.execute(JOBS.update().values(status=status))
    sweep(jobs.store, jobs._engine._client, jobs._engine.enqueue)
    again = done(jobs, job)
    assert (again.run, again.status, rows(jobs, RESULTS)) == (2, "done", 1)


def test_migrations_make_the_tables_that_the_code_knows(jobs: Jobs) -> None:
    ours = set(META.tables)
    with jobs.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in ours}
        )
        assert compare_metadata(context, META) == []


def test_threads_that_hand_in_and_wait_do_not_get_in_each_others_way(jobs: Jobs) -> None:
    failed: list[Any] = []

    def one(number: int) -> None:
        try:
            job = jobs.wait(jobs.submit(files(f"echo {number}"), urgent=True), 30)
            assert json.loads(jobs.report(job))["result"] == str(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and rows(jobs, RESULTS) == 16
