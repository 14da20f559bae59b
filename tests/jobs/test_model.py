"""Jobs with a model: the process that works on a job asks, beside the Report stands what that took, and nothing is asked twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import llm_odd as odd
import pytest
from fastapi.testclient import TestClient
from llm_scripted import obedient, serving, slow

from gongkai import summaries
from gongkai.api import create_app
from gongkai.jobs import Job, Jobs
from gongkai.settings import Settings
from gongkai.tables import JOBS, RESULTS

FILES = {"file": ("odd.pdf", odd.pdf())}
KEY = "sk-4f9c2d7e81"


@contextmanager
def working(folder: Path, monkeypatch: pytest.MonkeyPatch, url: str = "", model: str = "m") -> Iterator[Jobs]:
    """The jobs of ``folder``, with the model at ``url``, if any."""
    for name, value in (("BASE_URL", url), ("MODEL", model if url else ""), ("API_KEY", KEY if url else "")):
        monkeypatch.setenv(f"GONGKAI_LLM_{name}", value)
    with Jobs(Settings(workers=1, data_dir=folder)) as jobs:
        yield jobs


def posted(jobs: Jobs) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A Report over HTTP: its address, what it says, what stands beside it."""
    client = TestClient(create_app(jobs, keys_required=False), base_url="http://localhost")
    with client:
        answer = client.post("/v1/reports", files=FILES)
        assert answer.status_code == 200, answer.text
        place = str(answer.headers["location"])
        return place, answer.json(), client.get(f"{place}/model").json()


def unknown_tables(report: dict[str, Any]) -> int:
    return sum(form["form"] == "unknown" for form in report["forms"])


def test_an_unknown_table_is_asked_about_over_http_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(tmp_path / "without", monkeypatch) as jobs:
        first, plain, might = posted(jobs)
    assert unknown_tables(plain) == 1
    assert {entry["why"] for entry in might["entries"]} == {"off"} and might["entries"][0]["asked"]
    with serving(obedient) as script, working(tmp_path / "with", monkeypatch, script.url) as jobs:
        second, told, asked = posted(jobs)
        calls = len(script.requests)
    assert unknown_tables(told) == 0 and first != second
    assert any(form["method"] == "model" for form in told["forms"])
    answered = {entry["task"] for entry in asked["entries"] if entry.get("values")}
    assert answered >= {"name_form", "name_section"}
    assert calls == sum(usage["calls"] for usage in asked["usage"].values())
    assert "usage" not in told and KEY not in str(asked) and "127.0.0.1" not in str(asked)


def test_who_begins_anew_asks_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(obedient) as script:
        with working(tmp_path, monkeypatch, script.url) as jobs:
            job = finished(jobs, jobs.submit([("odd.pdf", odd.pdf())]))
            report, kept = jobs.report(job), jobs.asked(job)
            calls = len(script.requests)
        with working(tmp_path, monkeypatch, script.url) as jobs:  # nothing of the first is in its memory
            begin_anew(jobs, job)
            again = finished(jobs, job)
            assert again.starts == 2 and jobs.report(again) == report
            assert jobs.asked(again)["entries"] == kept["entries"]
        assert calls and len(script.requests) == calls


def begin_anew(jobs: Jobs, job: Job) -> None:
    """As if the first process had died when all was asked and nothing finished."""
    with jobs.store.begin() as connection:
        connection.execute(RESULTS.delete().where(RESULTS.c.job == job.id))
        summaries.forget(connection, [job.id])
        connection.execute(JOBS.update().where(JOBS.c.id == job.id).values(status="queued", run=job.run + 1))
        jobs._engine.enqueue(connection, replace(job, run=job.run + 1, status="queued"))


def finished(jobs: Jobs, job: Job) -> Job:
    now = jobs.wait(job, 60)
    assert now.status == "done", now.failure
    return now


def test_a_job_for_another_model_is_read_and_says_that_nobody_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(obedient) as script, working(tmp_path, monkeypatch, script.url) as jobs:
        monkeypatch.setenv("GONGKAI_LLM_MODEL", "another")
        _, told, beside = posted(jobs)
        assert not script.requests
    assert unknown_tables(told) == 1
    assert "model_unavailable" in {issue["kind"] for issue in told["issues"]}
    assert {entry["why"] for entry in beside["entries"]} == {"unavailable"}


def test_a_cancelled_job_waits_for_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(slow(30, obedient)) as script, working(tmp_path, monkeypatch, script.url) as jobs:
        job = jobs.submit([("odd.pdf", odd.pdf())])
        until = time.monotonic() + 60
        while not script.requests:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert jobs.cancel(job).status == "cancelled"
        until = time.monotonic() + 10
        while jobs._engine._at_work:
            assert time.monotonic() < until
            time.sleep(0.05)
        with pytest.raises(LookupError):
            jobs.report(job)
