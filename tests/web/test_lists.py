"""Lists, the feed of changes, ETags, parts of a Report."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gongkai.api import create_app
from gongkai.jobs import Jobs

REPORTS, CHANGES = "/v1/reports", "/v1/changes"


@pytest.fixture
def client(serving: Callable[..., Jobs]) -> Iterator[TestClient]:
    with TestClient(create_app(serving(), keys_required=False), base_url="http://localhost") as made:
        yield made


def send(client: TestClient, words: str) -> str:
    answer = client.post(REPORTS, files={"file": ("a.pdf", words.encode())})
    assert answer.status_code == 200, answer.text
    return str(answer.headers["location"])


def finding(code: str, severity: str = "error", verdict: str = "fail") -> dict[str, str]:
    return {"code": code, "class": "error", "severity": severity, "verdict": verdict}


def report(**said: Any) -> str:
    """What has the stub answer with a Report that says ``said``."""
    return "say " + json.dumps(said, ensure_ascii=False)


@pytest.fixture
def three(client: TestClient) -> list[str]:
    """A clean budget of 2023, an account of 2022 with an error, one with a tail of rounding."""
    return [
        send(client, report(entity={"name": "甲市财政局", "metadata": {}})),
        send(
            client,
            report(
                entity={"name": "乙_县教育局", "metadata": {}},
                kind="final_account",
                fiscal_year=2022,
                findings=[finding("T01-BAL")],
            ),
        ),
        send(
            client,
            report(
                entity={"name": "乙市教育局", "metadata": {}},
                kind="final_account",
                findings=[finding("T02-ROW", "info", "pass_with_rounding")],
            ),
        ),
    ]


def listed(client: TestClient, **query: Any) -> list[str]:
    answer = client.get(REPORTS, params=query)
    assert answer.status_code == 200, answer.text
    return [f"{REPORTS}/{each['id']}" for each in answer.json()["items"]]


def test_finished_reports_newest_first(client: TestClient, three: list[str]) -> None:
    assert listed(client) == three[::-1]


def test_filters_narrow_each_other(client: TestClient, three: list[str]) -> None:
    budget, wrong, tail = three
    assert listed(client, entity="教育局") == [tail, wrong]
    assert listed(client, entity="_") == [wrong]  # no wildcard
    assert listed(client, kind="budget") == [budget]
    assert listed(client, year=2023) == [tail, budget]
    assert listed(client, has_findings=True) == [wrong]
    assert listed(client, has_findings=False) == [tail, budget]
    assert listed(client, check="T01-BAL") == [wrong]
    assert listed(client, check="T02-ROW") == []  # a tail weighs nothing
    assert listed(client, kind="final_account", year=2023) == [tail]


def test_pages_follow_one_another_without_gap_or_repetition(client: TestClient, three: list[str]) -> None:
    seen, cursor = [], None
    for _ in range(4):
        body = client.get(REPORTS, params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        seen += [f"{REPORTS}/{each['id']}" for each in body["items"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert seen == three[::-1]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10=",
        base64.b64encode(b'["1", 2]').decode(),
        base64.b64encode(b'[NaN, "x"]').decode() + "%",
        "é",
    ],
)
def test_a_cursor_that_no_list_gave_is_the_requests_fault(client: TestClient, cursor: str) -> None:
    answer = client.get(REPORTS, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


def test_changes_tell_what_came_failed_and_went_in_order(client: TestClient) -> None:
    first = send(client, "echo a")
    refused = client.post(REPORTS, files={"file": ("a.pdf", b"refuse encrypted")})
    client.delete(first)
    body = client.get(CHANGES).json()
    assert [each["change"] for each in body["items"]] == ["created", "failed", "deleted"]
    assert [each["report"] for each in body["items"]] == [
        first,
        refused.headers.get("location", body["items"][1]["report"]),
        first,
    ]
    assert client.get(CHANGES, params={"after": body["next"]}).json()["items"] == []
    assert (
        client.get(CHANGES, params={"after": body["items"][0]["cursor"]}).json()["items"] == body["items"][1:]
    )


def test_a_report_of_the_same_files_by_another_version_replaces_the_first(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(client, "echo a")
    monkeypatch.setattr("gongkai.options.current", lambda: {"pipeline": "another"})
    second = send(client, "echo a")
    assert first != second
    change = client.get(CHANGES).json()["items"][-1]
    assert (change["change"], change["report"], f"{REPORTS}/{change['replaces']}") == (
        "replaced",
        second,
        first,
    )


def test_who_has_the_report_is_not_sent_it_again(client: TestClient) -> None:
    place = send(client, "echo a")
    tag = client.get(place).headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(place, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(place, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(place, params={"checks": "all"}, headers={"If-None-Match": tag}).status_code == 200


def test_findings_and_checks_alone(client: TestClient) -> None:
    place = send(client, report(findings=[finding("T01-BAL")], checks={"results": [{"code": "T01-BAL"}]}))
    assert client.get(f"{place}/findings").json() == {"items": [finding("T01-BAL")]}
    assert client.get(f"{place}/checks").json() == {"items": [{"code": "T01-BAL"}]}
