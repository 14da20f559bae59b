"""Processes that come, go, and find one another: each test opens jobs of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pgserver
import pytest

import gongkai
from gongkai import database as databases
from gongkai.errors import Crashed, TimedOut
from gongkai.jobs import Job, Jobs, executors
from gongkai.settings import Settings, SettingsError

Serving = Callable[..., Jobs]


def files(word: str) -> list[tuple[str, bytes]]:
    return [("0.pdf", word.encode())]


def done(jobs: Jobs, job: Job) -> Job:
    now = jobs.wait(job, 20)
    assert not now.open
    return now


def test_what_is_served_is_what_the_library_reads(tmp_path: Path, good_pdf: bytes) -> None:
    with Jobs(Settings(workers=1, data_dir=tmp_path)) as jobs:
        job = done(jobs, jobs.submit([("甲.pdf", good_pdf)], metadata={"a": 1.5}))
        for all_checks in (False, True):
            read = gongkai.read(good_pdf, file_names=["甲.pdf"], metadata={"a": 1.5}, all_checks=all_checks)
            assert jobs.report(job, all_checks=all_checks) == read.to_json()


@pytest.mark.parametrize(("deed", "refusal"), [("segfault", Crashed), ("sleep 0 9", TimedOut)])
def test_a_child_that_dies_or_hangs_is_tried_once_more(serving: Serving, deed: str, refusal: type) -> None:
    jobs = serving(seconds=3)
    runs: list[str] = []
    run = jobs._sandbox.run
    jobs._sandbox.run = lambda *given, **more: (runs.append("run"), run(*given, **more))[1]  # type: ignore[func-returns-value, method-assign]
    job = done(jobs, jobs.submit(files(deed)))
    assert isinstance(jobs.refusal(job), refusal) and len(runs) == 2
    again = jobs.submit(files(deed))
    assert (again.id, again.run, again.status) == (job.id, 2, "queued")
    assert json.loads(jobs.report(done(jobs, jobs.submit(files("echo after")))))["result"] == "after"


def test_nothing_deleted_stays_in_the_file(serving: Serving, tmp_path: Path) -> None:
    secret = b"echo " + b"\xe7\xa7\x98\xe5\xaf\x86" * 50_000
    serving().close()
    empty = len(_left(tmp_path))
    jobs = serving()
    job = done(jobs, jobs.submit([("a.pdf", secret)]))
    jobs.delete(job)
    jobs.close()
    left = _left(tmp_path)
    assert b"\xe7\xa7\x98\xe5\xaf\x86" * 10 not in left and len(left) < empty + len(secret) / 4


def _left(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("gongkai.db*"))


def test_a_process_that_stops_hands_its_work_back(serving: Serving, tmp_path: Path) -> None:
    jobs = serving()
    held = [jobs.submit(files(word)) for word in ("sleep 9 1.5", "sleep 9 0.1", "echo last")]
    while jobs.store.statuses([held[0].id])[held[0].id] == "queued":
        time.sleep(0.02)
    began = time.monotonic()
    jobs.close()
    assert time.monotonic() - began < 3
    after = serving()
    assert [done(after, job).status for job in held] == ["done"] * 3


def test_a_second_process_on_sqlite_is_told_of_postgresql(serving: Serving, tmp_path: Path) -> None:
    serving()
    program = (
        "from gongkai.jobs import Jobs; from gongkai.settings import Settings; from pathlib import Path; import sys\n"
        "try: Jobs(Settings(workers=1, data_dir=Path(sys.argv[1])))\n"
        "except ValueError as error: print(type(error).__name__, error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    assert told.startswith("SettingsError") and "PostgreSQL" in told and "GONGKAI_DATABASE_URL" in told


def test_the_service_loads_neither_what_opens_a_pdf_nor_what_writes_workbooks() -> None:
    program = (
        "import sys, gongkai.api, gongkai.cli; print({'pymupdf', 'openpyxl', 'pyarrow'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == "set()\n"


def test_sqlite_cannot_do_without_a_worker(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GONGKAI_DATABASE_URL"):
        Jobs(Settings(workers=0, data_dir=tmp_path))


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GONGKAI_DATABASE_URL"):
        Jobs(Settings(database_url="postgresql://nobody@127.0.0.1:1/nothing", data_dir=tmp_path))


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN"])
def test_a_database_that_cannot_hold_every_character_is_told(
    postgres_server: pgserver.Server, tmp_path: Path, encoding: str
) -> None:
    with pytest.raises(SettingsError, match=f"编码是 {encoding}.*ENCODING 'UTF8'"):
        Jobs(Settings(database_url=postgres_server.database(encoding), data_dir=tmp_path))


def test_an_executor_has_the_id_of_its_dead_predecessor(serving: Serving, database: str) -> None:
    jobs = serving(database)
    mine = jobs._engine._executor
    other = executors.claim(jobs.store, 1)  # the same process, so the same id
    assert other == mine
    with jobs.store.begin() as connection:
        connection.execute(executors.EXECUTORS.update().values(pid=1))  # alive, and not us
    second = executors.claim(jobs.store, 1)
    assert second != mine and second.rpartition("-")[0] == mine.rpartition("-")[0]


def test_a_newer_database_is_refused(serving: Serving) -> None:
    jobs = serving()
    with jobs.store.begin() as connection:
        connection.exec_driver_sql("UPDATE gongkai_version SET version_num = '9999'")
    with pytest.raises(SettingsError, match="升级"):
        databases.migrate(jobs.store.engine)
