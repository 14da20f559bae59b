"""Numbers for the operator, and nothing in them that is a client's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from gongkai import keys
from gongkai.api import create_app
from gongkai.jobs import Jobs

REPORTS = "/v1/reports"
AT_ONCE = {"Prefer": "respond-async"}
SAID = {
    "documents": [
        {
            "file_name": "0",
            "pages": [{"text_source": "native"}, {"text_source": "ocr"}, {"text_source": "ocr"}],
        }
    ],
    "forms": [{"figures": [{"grade": "sure"}, {"grade": "sure"}, {"grade": "check"}]}],
    "findings": [{"class": "error", "verdict": "fail", "code": "X", "severity": "error"}],
    "checks": {"needs_review": 0, "results": []},
}


@pytest.fixture
def jobs(serving: Callable[..., Jobs]) -> Jobs:
    return serving()


@pytest.fixture
def client(jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as made:
        yield made


def numbers(client: TestClient, **more: Any) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(each.name, frozenset(each.labels.items())): each.value for f in families for each in f.samples}


def of(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def send(client: TestClient, words: str, **more: Any) -> Any:
    return client.post(REPORTS, files={"file": ("a.pdf", words.encode())}, **more)


def test_what_was_read_is_counted(client: TestClient) -> None:
    assert send(client, f"say {json.dumps(SAID)}").status_code == 200
    assert send(client, "refuse").status_code == 422
    assert client.get("/nowhere").status_code == 404
    found = numbers(client)
    assert found[of("gongkai_reports_total", outcome="done")] == 1
    assert found[of("gongkai_reports_total", outcome="encrypted")] == 1
    assert found[of("gongkai_pages_total", text_source="ocr")] == 2
    assert found[of("gongkai_figures_total", grade="sure")] == 2
    assert found[of("gongkai_figures_total", grade="check")] == 1
    assert found[of("gongkai_findings_total", **{"class": "error", "verdict": "fail"})] == 1
    stages = {
        stage: found[of("gongkai_stage_seconds_count", stage=stage)] for stage in ("queue", "read", "store")
    }
    assert stages == {"queue": 2, "read": 1, "store": 1}
    answers = "gongkai_http_request_seconds_count"
    assert found[of(answers, method="POST", route=REPORTS, status="200")] == 1
    assert found[of(answers, method="POST", route=REPORTS, status="422")] == 1
    assert found[of(answers, method="GET", route="unmatched", status="404")] == 1


def test_the_queue_is_that_of_the_database(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [send(client, f"sleep 9 3{n}", headers=AT_ONCE).headers["location"] for n in range(4)]
    until = time.monotonic() + 10
    while (
        numbers(client)[of("gongkai_jobs", status="running", urgent="false")] != 2
    ):  # one in the child, one at hand
        assert time.monotonic() < until
        time.sleep(0.1)
    time.sleep(0.2)
    found = numbers(client)
    assert found[of("gongkai_jobs", status="queued", urgent="false")] == 2
    assert found[of("gongkai_jobs", status="queued", urgent="true")] == 0
    assert found[of("gongkai_job_oldest_seconds", status="queued", urgent="false")] > 0.1
    for place in places:
        client.post(f"{place}/cancel")

    def gone(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(client.app.state.jobs.store.engine, "connect", gone)  # type: ignore[attr-defined]
        assert numbers(client)[of("gongkai_database_up")] == 0
    assert numbers(client)[of("gongkai_database_up")] == 1


def test_it_takes_a_key_of_its_own(jobs: Jobs) -> None:
    with TestClient(create_app(jobs), base_url="https://gongkai.example") as client:
        assert client.get("/metrics").status_code == 401
        for scopes, status in ((["read", "write", "webhooks"], 403), (["metrics"], 200)):
            with jobs.store.begin() as connection:
                _, sent = keys.create(connection, "test", scopes)
            headers = {"Authorization": f"Bearer {sent}"}
            assert client.get("/metrics", headers=headers).status_code == status
        assert client.get(REPORTS, headers=headers).status_code == 403, "and opens nothing else"
