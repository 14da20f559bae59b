"""From a change to the receiver: signed, tried again, logged, sent again on request; nothing goes to a private network unasked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from receiver import Receiver, until

from gongkai.api import create_app
from gongkai.jobs import Jobs
from gongkai.tables import DELIVERIES
from gongkai.webhooks import door, ledger
from gongkai_client import BadSignature, verified

HOOKS = "/v1/webhooks"


@pytest.fixture
def jobs(serving: Callable[..., Jobs]) -> Jobs:
    return serving(webhook_private=1)


@pytest.fixture
def client(jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as made:
        yield made


def send(client: TestClient, words: str = "echo x") -> str:
    return str(client.post("/v1/reports", files={"file": ("a.pdf", words.encode())}).headers["location"])


def log(client: TestClient, hook: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"{HOOKS}/{hook['id']}/deliveries").json()["items"]
    return items


def test_a_receiver_is_told_and_can_verify_it(client: TestClient, receiver: Receiver) -> None:
    hook = client.post(HOOKS, json={"url": receiver.url}).json()
    report = send(client)
    headers, body = until(lambda: receiver.got, "nothing came")[0]
    event = verified(hook["secret"], headers, body)
    assert (event["type"], event["data"]["report"]) == ("report.created", report)
    with pytest.raises(BadSignature):
        verified(hook["secret"], headers, body + b" ")
    with pytest.raises(BadSignature):
        verified(hook["secret"], headers, body, now=time.time() + 3600)
    done = until(lambda: [each for each in log(client, hook) if each["status"] == "delivered"], "not logged")[
        0
    ]
    assert (done["attempts"], done["last_answer"], done["id"]) == (1, "204", headers["webhook-id"])


def test_only_what_was_asked_for_is_told(client: TestClient, receiver: Receiver) -> None:
    client.post(HOOKS, json={"url": receiver.url, "events": ["deleted"]})
    client.delete(send(client))
    until(lambda: receiver.got, "nothing came")
    time.sleep(1)
    assert [b"report.deleted" in body for _, body in receiver.got] == [True]


def test_a_failed_delivery_is_tried_again_with_the_same_id(
    client: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAUSES", (0.2, 0.2, 0.2))
    receiver.status = 503
    hook = client.post(HOOKS, json={"url": receiver.url}).json()
    send(client)
    until(lambda: len(receiver.got) == 2, "not tried again")
    receiver.status = 200
    until(lambda: log(client, hook)[0]["status"] == "delivered", "never delivered")
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_when_all_tries_are_spent_it_has_failed_and_can_be_sent_again(
    client: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAUSES", (0.1,))
    receiver.status = 500
    hook = client.post(HOOKS, json={"url": receiver.url}).json()
    send(client)
    failed = until(
        lambda: [each for each in log(client, hook) if each["status"] == "failed"], "never failed"
    )[0]
    assert (failed["attempts"], failed["last_answer"]) == (2, "500")
    receiver.status = 200
    assert client.post(f"{HOOKS}/{hook['id']}/deliveries/{failed['id']}/replay").status_code == 202
    until(lambda: log(client, hook)[0]["status"] == "delivered", "not sent again")


def test_a_delivery_that_cannot_even_be_tried_is_tried_no_more_than_others(
    client: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAUSES", (0.1,))
    monkeypatch.setattr(door, "post", lambda *_, **__: 1 / 0)
    hook = client.post(HOOKS, json={"url": receiver.url}).json()
    send(client)
    failed = until(lambda: [each for each in log(client, hook) if each["status"] == "failed"], "never ended")
    assert (failed[0]["attempts"], failed[0]["last_answer"]) == (2, "ZeroDivisionError")


def test_no_delivery_goes_inside_unless_allowed(serving: Callable[..., Jobs], receiver: Receiver) -> None:
    with TestClient(create_app(serving(), keys_required=False), base_url="http://localhost") as client:
        hook = client.post(HOOKS, json={"url": receiver.url}).json()
        send(client)
        tried = until(lambda: [each for each in log(client, hook) if each["attempts"]], "never tried")[0]
    assert "内部网络" in tried["last_answer"]
    assert receiver.got == []


def test_what_a_dead_process_had_taken_is_taken_again(
    jobs: Jobs, client: TestClient, receiver: Receiver
) -> None:
    """A delivery whose lease ran out: whoever held it never said what became of it."""
    client.post(HOOKS, json={"url": receiver.url})
    receiver.status = 500
    send(client)
    until(lambda: receiver.got, "nothing came")
    receiver.status = 200
    time.sleep(0.3)
    with jobs.store.begin() as connection:
        connection.execute(DELIVERIES.update().values(next_at=sa.literal(time.time() - 1)))
    until(lambda: len(receiver.got) == 2, "not taken again")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/b", "file:///etc/passwd", "https://u:p@a/", "x", "http://", "http://[::1", "http://a:x/", "http://a:99999/",
        "http://a/\0", "http://a/ b", "http://a/\r\nX: y", "http://政府/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_at_once(client: TestClient, url: str) -> None:
    answer = client.post(HOOKS, json={"url": url})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "url")


def test_a_webhook_is_listed_without_its_secret_and_forgotten_with_its_log(
    client: TestClient, receiver: Receiver
) -> None:
    hook = client.post(HOOKS, json={"url": receiver.url}).json()
    assert client.get(HOOKS).json()["items"] == [
        {key: hook[key] for key in ("id", "url", "events", "created_at")}
    ]
    assert client.delete(f"{HOOKS}/{hook['id']}").status_code == 204
    assert client.delete(f"{HOOKS}/{hook['id']}").status_code == 404
    assert client.get(f"{HOOKS}/{hook['id']}/deliveries").status_code == 404
    assert client.get(HOOKS).json()["items"] == []


def test_a_client_may_have_so_many_and_no_more(client: TestClient) -> None:
    made = [
        client.post(HOOKS, json={"url": "https://a.example/"}).status_code for _ in range(ledger.MOST + 1)
    ]
    assert made == [201] * ledger.MOST + [409]
