"""A database server that goes away under a service: every address says so, nothing is lost, and it goes on when the server is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pgserver
import pytest
from receiver import until
from running import Service

WITHOUT = ("/healthz", "/v1/about", "/metrics")  # need no database
BODIES: dict[str, dict[str, Any]] = {
    "/v1/reports": {"files": {"file": ("a.pdf", b"%PDF-1.7 another")}},
    "/v1/batches": {"files": {"file": ("a.pdf", b"%PDF-1.7 another")}},
    "/v1/webhooks": {"json": {"url": "http://127.0.0.1:9/", "events": ["created"]}},
}
KNOWN = {"id": "0" * 32, "number": "1", "delivery": "0" * 32}


@pytest.fixture
def postgres() -> Iterator[pgserver.Server]:
    if pgserver.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    with pgserver.server("fsync=off") as made:
        yield made


def test_a_lost_database_is_told_at_every_address_and_nothing_is_lost(
    postgres: pgserver.Server, tmp_path: Path, good_pdf: bytes
) -> None:
    with (
        Service(tmp_path, database_url=postgres.database(), workers=1, webhook_private=1) as service,
        httpx2.Client(base_url=service.url, timeout=60) as http,
    ):
        first = upload(http, good_pdf, "wait=30")
        assert first.status_code == 200
        asked = every_request(http)
        waiting = upload(http, good_pdf + b"%", "respond-async").headers["location"]
        postgres.stop()
        assert len(asked) > 15
        for method, address, more in asked:
            unavailable(http.request(method, address, **more))
        unavailable(http.get(first.headers["location"], headers={"Authorization": "Bearer gk_x"}))
        for address in WITHOUT:
            assert http.get(address).status_code == 200
        postgres.start()
        until(lambda: http.get("/readyz").status_code == 200, "it is not ready again")
        until(lambda: http.get(waiting).status_code == 200, "a job is lost")
        assert http.get(first.headers["location"]).content == first.content


def upload(http: httpx2.Client, content: bytes, prefer: str) -> httpx2.Response:
    return http.post("/v1/reports", files={"file": ("a.pdf", content)}, headers={"Prefer": prefer})


def every_request(http: httpx2.Client) -> list[tuple[str, str, dict[str, Any]]]:
    """One request for each address and method that the service describes and that needs the database."""
    return [
        (method.upper(), path.format(**KNOWN), BODIES.get(path, {}) if method == "post" else {})
        for path, methods in http.get("/openapi.json").json()["paths"].items()
        for method in methods
        if path not in WITHOUT
    ]


def unavailable(answer: httpx2.Response) -> None:
    assert answer.status_code == 503, (str(answer.request.url), answer.text)
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json" and int(answer.headers["retry-after"])
    assert (told["type"], told["title"]) == ("urn:gongkai:problem:unavailable", "服务暂不可用")
    assert told["errors"] == [{"field": "database", "message": "数据库无法连接。"}]
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["x-request-id"]
