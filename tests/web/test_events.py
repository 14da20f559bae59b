"""How far the reading is: told by the child, kept with the job, sent to whoever listens."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient

from gongkai import keys
from gongkai.api import create_app
from gongkai.jobs import Jobs, following
from gongkai.sandbox import Sandbox

REPORTS = "/v1/reports"
AT_ONCE = {"Prefer": "respond-async"}
Serving = Callable[..., Jobs]


@pytest.fixture
def jobs(serving: Serving) -> Jobs:
    return serving(workers=2, seconds=30)


@pytest.fixture
def client(jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as made:
        yield made


def send(client: TestClient, words: str) -> str:
    answer = client.post(REPORTS, files={"file": ("a.pdf", words.encode())}, headers=AT_ONCE)
    assert answer.status_code == 202
    return str(answer.headers["location"])


def events(client: TestClient, address: str) -> list[tuple[str, dict[str, Any]]]:
    """All that is said until the answer ends by itself."""
    answer = client.get(f"{address}/events")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block.splitlines() for block in answer.text.split("\n\n") if block]
    said = [dict(line.split(": ", 1) for line in block) for block in blocks]
    return [(each["event"], json.loads(each["data"])) for each in said if "event" in each]


def test_pages_are_told_as_they_are_read(client: TestClient) -> None:
    said = events(client, send(client, "turn 8 0.3"))
    assert [name for name, _ in said][-1] == "done"
    assert {name for name, _ in said[:-1]} == {"progress"}
    read = [data["progress"]["pages_read"] for _, data in said]
    assert read == sorted(read)
    assert said[-1][1]["status"] == "done" and said[-1][1]["progress"] == {"pages": 8, "pages_read": 8}
    assert any(data["progress"] == {"pages": 8, "pages_read": n} for _, data in said for n in range(1, 8))


def test_who_asks_for_the_report_is_told_how_far_it_is(client: TestClient) -> None:
    address = send(client, "turn 50 0.1")
    assert set(client.get(address).json()) == {"id", "status", "progress"}
    until = time.monotonic() + 10
    while (now := client.get(address).json())["progress"]["pages_read"] < 3:
        assert now["progress"]["pages"] in (None, 50)
        assert time.monotonic() < until
        time.sleep(0.1)
    assert client.post(f"{address}/cancel").json()["status"] == "cancelled"
    assert [name for name, _ in events(client, address)] == ["cancelled"]


@pytest.mark.parametrize(("verb", "word"), [("cancel", "cancelled"), ("delete", "deleted")])
def test_it_ends_when_the_job_does(client: TestClient, verb: str, word: str) -> None:
    address = send(client, "turn 100 0.1")

    def end() -> None:
        client.post(f"{address}/cancel") if verb == "cancel" else client.delete(address)

    timer = threading.Timer(1.0, end)
    timer.start()
    said = events(client, address)
    timer.join()
    assert said[0][0] == "progress" and said[-1][0] == word
    assert len([name for name, _ in said if name != "progress"]) == 1


def test_a_failed_one_says_so(client: TestClient) -> None:
    assert events(client, send(client, "refuse"))[-1][0] == "failed"


def test_what_is_not_theirs_or_gone_has_no_events(client: TestClient) -> None:
    assert client.get(f"{REPORTS}/{'0' * 32}/events").status_code == 404
    address = send(client, "echo x")
    client.delete(address)
    assert client.get(f"{address}/events").status_code == 410


def test_one_client_cannot_listen_without_end(
    jobs: Jobs, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST", 1)
    address = send(client, "turn 100 0.1")
    listener = threading.Thread(target=events, args=(client, address))
    listener.start()
    until = time.monotonic() + 5
    while client.app.state.following._listeners["local"] == 0:  # type: ignore[attr-defined]
        assert time.monotonic() < until
        time.sleep(0.02)
    refused = client.get(f"{address}/events")
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:gongkai:problem:too_many_listeners")
    with jobs.store.begin() as connection:
        _, other = keys.create(connection, "other", ["read"], "local2")
    assert client.get(f"{address}/events", headers={"Authorization": f"Bearer {other}"}).status_code == 404
    client.post(f"{address}/cancel")
    listener.join(10)
    assert events(client, address)[-1][0] == "cancelled", "the place is free again"


def test_it_stays_open_and_a_listener_that_leaves_is_forgotten(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a real socket: words to keep the connection alive, and nothing left behind."""
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.2)
    app = create_app(jobs, keys_required=False)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        base = f"http://127.0.0.1:{port}"
        sent = httpx2.post(base + REPORTS, files={"file": ("a.pdf", b"sleep 1 20")}, headers=AT_ONCE)
        address = base + sent.headers["location"]
        with httpx2.stream("GET", f"{address}/events", timeout=5) as answer:
            lines = iter(answer.iter_lines())
            assert any(line.startswith(": ") for line in (next(lines) for _ in range(20)))
        following_now = app.state.following
        until = time.monotonic() + 5
        while following_now._listeners or following_now._followed:
            assert time.monotonic() < until
            time.sleep(0.05)
        httpx2.post(f"{address}/cancel")
    finally:
        server.should_exit = True
        thread.join(10)


def test_a_child_tells_seldom_and_the_last_page_always(stubs: Callable[..., Sandbox]) -> None:
    told: list[tuple[int, int]] = []
    stubs(seconds=30).run([("a", b"turn 200 0.005")], progress=lambda *now: told.append(now))
    assert told[0] == (200, 0) and told[-1] == (200, 200)
    assert 3 <= len(told) < 15


def test_real_pages_are_counted(good_pdf: bytes) -> None:
    from gongkai.settings import Settings

    told: list[tuple[int, int]] = []
    with Sandbox(Settings(workers=1)) as sandbox:
        sandbox.run([("a", good_pdf), ("b", good_pdf)], progress=lambda *now: told.append(now))
    assert told[-1] == (4, 4)
