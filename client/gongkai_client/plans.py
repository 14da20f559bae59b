"""The service's verbs, apart from the network: each yields what it would ask, is sent the answer, and returns what it means.

A plan of a list returns its first :class:`Page`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Generic, Literal, TypeVar, cast

import httpx2

from gongkai_client.answers import (
    Batch,
    Change,
    Delivery,
    Format,
    Job,
    Kind,
    NotReady,
    Problem,
    Progress,
    Summary,
    Webhook,
)
from gongkai_client.report import CheckResult, Finding, Report

File = str | Path | tuple[str, bytes | BinaryIO]
REPORTS, BATCHES, WEBHOOKS = "/v1/reports", "/v1/batches", "/v1/webhooks"
MOST = 200  # reports of a list that are asked for at once
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: ``sent`` are arguments of ``httpx2.Client.request``. It goes out after ``pause`` seconds, and is given ``patience``
    seconds beyond the usual for its answer."""

    method: str
    address: str
    sent: Mapping[str, Any] = field(default_factory=dict)
    pause: float = 0.0
    patience: float = 0.0


Plan = Generator[Ask, httpx2.Response, T]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some things of a list, and the plan of those that follow."""

    items: list[T]
    following: Plan[Page[T]] | None


# one disclosure


def read(
    *files: File, metadata: Mapping[str, Any] | None = None, deadline: float = 600.0, poll: float = 1.0
) -> Plan[Report]:
    """The Report of ``files``, which together are one disclosure. Waits; ``TimeoutError`` after ``deadline`` seconds."""
    until = time.monotonic() + deadline
    now = yield from submit(*files, metadata=metadata, wait=min(30, int(deadline)))
    while now.report is None:
        if now.status == "cancelled":
            raise NotReady(now.id, now.status)
        if time.monotonic() > until:
            raise TimeoutError(
                f"{now.id} is {now.status} after {deadline} seconds; ask for it later with report()"
            )
        now = yield from _job_in(poll, now.id)
    return now.report


def submit(*files: File, metadata: Mapping[str, Any] | None = None, wait: int = 0) -> Plan[Job]:
    """Hand ``files`` over and wait at most ``wait`` seconds. The same files again are the same job."""
    sent = {
        "files": [("file", _part(file)) for file in files],
        "data": {"metadata": json.dumps(dict(metadata))} if metadata else None,
        "headers": {"Prefer": f"wait={wait}" if wait else "respond-async"},
    }
    return _job(checked((yield Ask("POST", REPORTS, sent, patience=wait))))


def job(identifier: str) -> Plan[Job]:
    """How far a submission is; a failed one raises its refusal."""
    return (yield from _job_in(0, identifier))


def _job_in(seconds: float, identifier: str) -> Plan[Job]:
    return _job(checked((yield Ask("GET", f"{REPORTS}/{identifier}", pause=seconds))), identifier)


def report(identifier: str) -> Plan[Report | None]:
    """A Report that is done, else ``None``."""
    return (yield from job(identifier)).report


def findings(identifier: str) -> Plan[list[Finding]]:
    """The findings alone; :class:`NotReady` while there is no Report, as of the methods below."""
    return cast(list[Finding], (yield from _of_report(identifier, "/findings")).json()["items"])


def checks(identifier: str) -> Plan[list[CheckResult]]:
    """Every check with its verdict, those that could not run too."""
    return cast(list[CheckResult], (yield from _of_report(identifier, "/checks")).json()["items"])


def export(identifier: str, form: Format) -> Plan[bytes]:
    """The Report as a file: a workbook, or a ZIP archive of the others."""
    return (yield from _of_report(identifier, format=form)).content


def page(
    identifier: str, number: int, *, document: int = 1, figure: str | None = None, finding: str | None = None
) -> Plan[bytes]:
    """A page as PNG, in which what a figure, a mention or a finding says is framed."""
    wanted = {"document": document, "figure": figure, "finding": finding}
    return (yield from _of_report(identifier, f"/pages/{number}.png", **wanted)).content


def cancel(identifier: str) -> Plan[None]:
    """Stop a submission that is not done."""
    checked((yield Ask("POST", f"{REPORTS}/{identifier}/cancel")))


def delete(identifier: str) -> Plan[None]:
    """Remove upload, Report and all that was derived."""
    checked((yield Ask("DELETE", f"{REPORTS}/{identifier}")))


def events(identifier: str) -> Ask:
    """What is answered by line after line, each for :func:`progress`."""
    return Ask("GET", f"{REPORTS}/{identifier}/events")


def progress(line: str) -> list[Progress]:
    """What a line of the events says, if it says anything."""
    if not line.startswith("data:"):
        return []
    told = json.loads(line.removeprefix("data:"))
    return [Progress(told["status"], **told["progress"])]


# what there is


def reports(
    *,
    entity: str | None = None,
    year: int | None = None,
    kind: Literal["final_account", "budget"] | None = None,
    has_findings: bool | None = None,
    check: str | None = None,
) -> Plan[Page[Summary]]:
    """The finished Reports that fit every filter, newest first; asks for the next page when it is needed."""
    wanted = {"entity": entity, "year": year, "kind": kind, "has_findings": has_findings, "check": check}
    return _reports({**wanted, "limit": MOST})


def _reports(wanted: dict[str, Any]) -> Plan[Page[Summary]]:
    body = checked((yield _get(REPORTS, **wanted))).json()
    after = body["next"]
    return Page(body["items"], _reports({**wanted, "cursor": after}) if after is not None else None)


def changes(after: str | None = None) -> Plan[Page[Change]]:
    """Every change after the cursor ``after``, oldest first, up to now; keep the last ``cursor`` for next time."""
    body = checked((yield _get("/v1/changes", after=after))).json()
    found = [Change(one["id"], one["change"], one["cursor"]) for one in body["items"]]
    return Page(found, changes(body["next"]) if found else None)


# many disclosures


def create_batch(*files: File) -> Plan[Batch]:
    """Hand over PDFs, or ZIP archives of them; each PDF is a report of its own. Does not wait."""
    answer = yield Ask("POST", BATCHES, {"files": [("file", _part(file)) for file in files]})
    return cast(Batch, checked(answer).json())


def batch(identifier: str) -> Plan[Batch]:
    """How far a batch is."""
    return (yield from _batch_in(0, identifier))


def _batch_in(seconds: float, identifier: str) -> Plan[Batch]:
    answer = yield Ask("GET", f"{BATCHES}/{identifier}", pause=seconds)
    return cast(Batch, checked(answer).json())


def wait_for_batch(identifier: str, *, deadline: float = 3600.0, poll: float = 2.0) -> Plan[Batch]:
    """The batch when nothing of it is to be done any more; ``TimeoutError`` after ``deadline`` seconds."""
    until = time.monotonic() + deadline
    found = yield from batch(identifier)
    while {"queued", "running"} & found["counts"].keys():
        if time.monotonic() > until:
            raise TimeoutError(f"{identifier} after {deadline} seconds: {found['counts']}")
        found = yield from _batch_in(poll, identifier)
    return found


def failures(batch: Batch) -> Plan[list[tuple[str, Problem]]]:
    """The names of the files of ``batch`` that gave no Report, each with what is wrong with it."""
    found = []
    for file in batch["files"]:
        if "problem" in file:
            found.append((file["file_name"], Problem(file["problem"]["status"], file["problem"])))
        elif file["status"] in ("failed", "deleted"):
            try:
                checked((yield _get(file["report"])))
            except Problem as problem:
                found.append((file["file_name"], problem))
    return found


# being told


def create_webhook(url: str, events: Sequence[Kind] | None = None) -> Plan[Webhook]:
    """Have ``url`` told of ``events`` (all); keep the ``secret`` of the answer for :func:`verified`: it is not told again."""
    wanted = {"url": url} | ({"events": list(events)} if events else {})
    return cast(Webhook, checked((yield Ask("POST", WEBHOOKS, {"json": wanted}))).json())


def webhooks() -> Plan[list[Webhook]]:
    """Those that there are."""
    return cast(list[Webhook], checked((yield _get(WEBHOOKS))).json()["items"])


def delete_webhook(identifier: str) -> Plan[None]:
    """Tell it no more, and forget its log."""
    checked((yield Ask("DELETE", f"{WEBHOOKS}/{identifier}")))


def deliveries(identifier: str, limit: int = 50) -> Plan[list[Delivery]]:
    """What a webhook was told, the newest ``limit`` (at most 200)."""
    answer = yield _get(f"{WEBHOOKS}/{identifier}/deliveries", limit=limit)
    return cast(list[Delivery], checked(answer).json()["items"])


def replay(identifier: str, delivery: str) -> Plan[None]:
    """Send a delivery again, under the same id."""
    checked((yield Ask("POST", f"{WEBHOOKS}/{identifier}/deliveries/{delivery}/replay")))


# parts of them


def checked(answer: httpx2.Response) -> httpx2.Response:
    """``answer``, which has been read, if it is no refusal; raises :class:`Problem`."""
    if answer.is_success:
        return answer
    try:
        body = answer.json()
    except ValueError:
        body = {}
    after = answer.headers.get("Retry-After", "")
    problem = body if isinstance(body, dict) else {}
    raise Problem(answer.status_code, problem, int(after) if after.isdecimal() else None)


def _get(address: str, **query: Any) -> Ask:
    return Ask(
        "GET", address, {"params": {name: value for name, value in query.items() if value is not None}}
    )


def _of_report(identifier: str, part: str = "", **query: Any) -> Plan[httpx2.Response]:
    answer = checked((yield _get(f"{REPORTS}/{identifier}{part}", **query)))
    if answer.status_code == httpx2.codes.ACCEPTED:
        raise NotReady(identifier, answer.json()["status"])
    return answer


def _part(file: File) -> tuple[str, bytes | BinaryIO, str]:
    if isinstance(file, tuple):
        return (*file, "application/octet-stream")
    path = Path(file)
    return (path.name, path.read_bytes(), "application/octet-stream")


def _job(answer: httpx2.Response, identifier: str = "") -> Job:
    if answer.status_code == httpx2.codes.ACCEPTED:
        body = answer.json()
        return Job(body["id"], body["status"])
    location = answer.headers.get("Content-Location") or answer.headers.get("Location") or ""
    return Job(identifier or location.rpartition("/")[2], "done", cast(Report, answer.json()))
