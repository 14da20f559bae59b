"""Keys: who may do what, and that nobody sees what is another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gongkai import keys
from gongkai.api import create_app
from gongkai.jobs import Jobs

REPORTS = "/v1/reports"


@pytest.fixture
def jobs(serving: Callable[..., Jobs]) -> Jobs:
    return serving()


@pytest.fixture
def client(jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(
        create_app(jobs), base_url="https://gongkai.example", raise_server_exceptions=False
    ) as made:
        yield made


def bearer(jobs: Jobs, client: str = "", scopes: tuple[str, ...] = ("read", "write")) -> dict[str, str]:
    with jobs.store.begin() as connection:
        _, sent = keys.create(connection, "test", scopes, client)
    return {"Authorization": f"Bearer {sent}"}


def send(client: TestClient, headers: dict[str, str], words: str = "echo x") -> Any:
    return client.post(REPORTS, files={"file": ("a.pdf", words.encode())}, headers=headers)


def name(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"]).rpartition(":")[2]


@pytest.mark.parametrize(
    "sent", [None, "", "gk", "gk__", "gk_0123456789abcdef_wrong", "Bearer", "gk_" + "x" * 5000]
)
def test_without_a_key_in_force_there_is_nothing(client: TestClient, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": f"Bearer {sent}"}
    for answer in (
        send(client, headers),
        client.get(REPORTS, headers=headers),
        client.get(f"{REPORTS}/x", headers=headers),
    ):
        assert (answer.status_code, name(answer)) == (401, "key_wanted")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_does_what_its_scopes_say(client: TestClient, jobs: Jobs) -> None:
    reader, writer = bearer(jobs, "a", ("read",)), bearer(jobs, "a", ("write",))
    assert name(send(client, reader)) == "out_of_scope"
    place = send(client, writer).headers["location"]
    assert name(client.get(place, headers=writer)) == "out_of_scope"
    assert client.get(place, headers=reader).status_code == 200
    assert name(client.delete(place, headers=reader)) == "out_of_scope"
    assert name(client.get("/v1/webhooks", headers=reader)) == "out_of_scope"


def test_the_reports_of_another_client_are_not_there(client: TestClient, jobs: Jobs) -> None:
    mine, theirs = bearer(jobs, "a"), bearer(jobs, "b")
    place = send(client, mine).headers["location"]
    for ask in (client.get, client.delete):
        assert name(ask(place, headers=theirs)) == "unknown_report"
    for part in ("/findings", "/checks"):
        assert name(client.get(place + part, headers=theirs)) == "unknown_report"
    assert name(client.post(f"{place}/cancel", headers=theirs)) == "unknown_report"
    for many in (REPORTS, "/v1/changes"):
        assert len(client.get(many, headers=mine).json()["items"]) == 1
        assert client.get(many, headers=theirs).json()["items"] == []
    assert client.get(place, headers=mine).status_code == 200


def test_the_same_files_of_two_clients_are_two_reports(client: TestClient, jobs: Jobs) -> None:
    first, second = send(client, bearer(jobs, "a")), send(client, bearer(jobs, "b"))
    assert first.headers["location"] != second.headers["location"]


def test_two_keys_of_a_client_see_the_same(client: TestClient, jobs: Jobs) -> None:
    place = send(client, bearer(jobs, "a")).headers["location"]
    assert client.get(place, headers=bearer(jobs, "a")).status_code == 200


def test_a_revoked_key_ends_at_once(client: TestClient, jobs: Jobs) -> None:
    headers = bearer(jobs)
    assert client.get(REPORTS, headers=headers).status_code == 200
    with jobs.store.begin() as connection:
        assert keys.revoke(connection, headers["Authorization"].split("_")[1])
        assert not keys.revoke(connection, headers["Authorization"].split("_")[1])
    assert name(client.get(REPORTS, headers=headers)) == "key_wanted"


def test_of_a_key_only_a_hash_is_kept(jobs: Jobs) -> None:
    with jobs.store.begin() as connection:
        key, sent = keys.create(connection, "test", ["read"])
        kept = [
            str(value) for row in keys.every(connection) for value in (row.id, row.hash, row.client, row.name)
        ]
    secret = sent.removeprefix(f"gk_{key.id}_")
    assert len(secret) >= 43
    assert not any(secret in value for value in kept)


def test_without_keys_only_this_machine_by_its_own_name(jobs: Jobs) -> None:
    """A page elsewhere may have its name lead to 127.0.0.1: the browser then still sends that name."""
    app = create_app(jobs, keys_required=False)
    with TestClient(app, base_url="http://evil.example") as elsewhere:
        assert name(elsewhere.get(REPORTS)) == "foreign_host"
    for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000"):
        with TestClient(app, base_url=f"http://{host}") as here:
            assert here.get(REPORTS).status_code == 200


def test_what_says_nothing_of_reports_needs_no_key(client: TestClient) -> None:
    for open_to_all in ("/healthz", "/readyz", "/v1/about", "/openapi.json", "/docs"):
        assert client.get(open_to_all).status_code == 200


def test_every_answer_keeps_a_browser_at_bay(client: TestClient) -> None:
    for answer in (client.get("/healthz"), client.get("/nowhere"), client.get(REPORTS), client.get("/docs")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers


def test_the_page_of_the_interface_loads_nothing_from_elsewhere(client: TestClient) -> None:
    import re

    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded and all(each.startswith("/") for each in loaded)
    assert all(client.get(each).status_code == 200 for each in loaded)
