"""A service that is killed while it tells others: every delivery comes, with its id."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import httpx2
from receiver import Receiver, until
from running import Service

REPORTS = 6


def test_no_delivery_is_lost_with_the_process(receiver: Receiver, tmp_path: Path) -> None:
    """Six changes for a receiver that is slow and answers 503: killed while some are under way and all are pending."""
    service = Service(tmp_path, webhook_private=1, workers=1)
    service.start()
    receiver.status, receiver.seconds = 503, 2.0
    with httpx2.Client(base_url=service.url, timeout=60) as http:
        hook = http.post("/v1/webhooks", json={"url": receiver.url, "events": ["failed"]}).json()
        for number in range(REPORTS):
            refused = http.post("/v1/reports", files={"file": ("a.pdf", f"no PDF {number}".encode())})
            assert refused.status_code == 415
        told = until(lambda: len(receiver.got) >= 3 and log(http, hook), "nothing was under way")
    service.kill()
    assert len(told) == REPORTS and all(each["status"] == "pending" for each in told)
    receiver.status, receiver.seconds = 204, 0.0
    before = len(receiver.got)
    as_if_a_minute_had_passed(service)
    with service, httpx2.Client(base_url=service.url, timeout=60) as http:
        service_log = until(lambda: delivered(log(http, hook)), "not every delivery came")
    assert {each["id"] for each in service_log} == {each["id"] for each in told}
    after = [headers["webhook-id"] for headers, _ in receiver.got[before:]]
    assert set(after) == {each["id"] for each in told}


def as_if_a_minute_had_passed(service: Service) -> None:
    """What was being sent belongs to the dead process for a minute; the other tries come after pauses."""
    with sqlite3.connect(service.data / "gongkai.db") as database:
        database.execute("UPDATE deliveries SET next_at = next_at - 61 WHERE next_at IS NOT NULL")
    database.close()


def log(http: httpx2.Client, hook: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = http.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
    return items


def delivered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return items if all(each["status"] == "delivered" for each in items) else []
