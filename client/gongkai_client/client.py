"""The service's verbs as methods. One instance keeps one pool of connections and may be shared by threads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

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


class Gongkai:
    """``Gongkai("http://127.0.0.1:8000", key="gk_…")``; usable as a context manager.

    Every method raises :class:`Problem` when the service refuses, ``httpx2.TransportError`` when it cannot be reached. A disclosure
    that was refused raises its refusal wherever it is asked for.
    """

    def __init__(
        self, base_url: str = "http://127.0.0.1:8000", *, key: str | None = None, timeout: float = 60.0
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = timeout
        self._http = httpx2.Client(base_url=base_url, headers=headers, timeout=timeout)

    def __enter__(self) -> Gongkai:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    # one disclosure

    def read(
        self,
        *files: File,
        metadata: Mapping[str, Any] | None = None,
        deadline: float = 600.0,
        poll: float = 1.0,
    ) -> Report:
        """The Report of ``files``, which together are one disclosure. Waits; ``TimeoutError`` after ``deadline`` seconds."""
        until = time.monotonic() + deadline
        job = self.submit(*files, metadata=metadata, wait=min(30, int(deadline)))
        while job.report is None:
            if job.status == "cancelled":
                raise NotReady(job.id, job.status)
            if time.monotonic() > until:
                raise TimeoutError(
                    f"{job.id} is {job.status} after {deadline} seconds; ask for it later with report()"
                )
            time.sleep(poll)
            job = self.job(job.id)
        return job.report

    def submit(self, *files: File, metadata: Mapping[str, Any] | None = None, wait: int = 0) -> Job:
        """Hand ``files`` over and wait at most ``wait`` seconds. The same files again are the same job."""
        answer = self._http.post(
            REPORTS,
            files=[("file", _part(file)) for file in files],
            data={"metadata": json.dumps(dict(metadata))} if metadata else None,
            headers={"Prefer": f"wait={wait}" if wait else "respond-async"},
            timeout=self._timeout + wait,
        )
        return _job(_checked(answer))

    def job(self, identifier: str) -> Job:
        """How far a submission is; a failed one raises its refusal."""
        return _job(self._get(f"{REPORTS}/{identifier}"), identifier)

    def report(self, identifier: str) -> Report | None:
        """A Report that is done, else ``None``."""
        return self.job(identifier).report

    def events(self, identifier: str) -> Iterator[Progress]:
        """How far the reading is, whenever there is something new; the last one is over (``done``, ``failed``, …)."""
        with self._http.stream("GET", f"{REPORTS}/{identifier}/events") as answer:
            if not answer.is_success:
                answer.read()
            for line in _checked(answer).iter_lines():
                if line.startswith("data:"):
                    told = json.loads(line.removeprefix("data:"))
                    yield Progress(told["status"], **told["progress"])

    def findings(self, identifier: str) -> list[Finding]:
        """The findings alone; :class:`NotReady` while there is no Report, as of the methods below."""
        return cast(list[Finding], self._of_report(identifier, "/findings").json()["items"])

    def checks(self, identifier: str) -> list[CheckResult]:
        """Every check with its verdict, those that could not run too."""
        return cast(list[CheckResult], self._of_report(identifier, "/checks").json()["items"])

    def export(self, identifier: str, form: Format) -> bytes:
        """The Report as a file: a workbook, or a ZIP archive of the others."""
        return self._of_report(identifier, format=form).content

    def page(
        self,
        identifier: str,
        number: int,
        *,
        document: int = 1,
        figure: str | None = None,
        finding: str | None = None,
    ) -> bytes:
        """A page as PNG, in which what a figure, a mention or a finding says is framed."""
        wanted = {"document": document, "figure": figure, "finding": finding}
        return self._of_report(identifier, f"/pages/{number}.png", **wanted).content

    def cancel(self, identifier: str) -> None:
        """Stop a submission that is not done."""
        _checked(self._http.post(f"{REPORTS}/{identifier}/cancel"))

    def delete(self, identifier: str) -> None:
        """Remove upload, Report and all that was derived."""
        _checked(self._http.delete(f"{REPORTS}/{identifier}"))

    # what there is

    def reports(
        self,
        *,
        entity: str | None = None,
        year: int | None = None,
        kind: Literal["final_account", "budget"] | None = None,
        has_findings: bool | None = None,
        check: str | None = None,
    ) -> Iterator[Summary]:
        """The finished Reports that fit every filter, newest first; asks for the next page when it is needed."""
        wanted: dict[str, Any] = {
            "entity": entity, "year": year, "kind": kind, "has_findings": has_findings, "check": check, "limit": 200,
        }  # fmt: skip
        while True:
            body = self._get(REPORTS, **wanted).json()
            yield from body["items"]
            if body["next"] is None:
                return
            wanted["cursor"] = body["next"]

    def changes(self, after: str | None = None) -> Iterator[Change]:
        """Every change after the cursor ``after``, oldest first, up to now; keep the last ``cursor`` for next time."""
        while True:
            body = self._get("/v1/changes", after=after).json()
            for one in body["items"]:
                yield Change(one["id"], one["change"], one["cursor"])
            if not body["items"]:
                return
            after = body["next"]

    # many disclosures

    def create_batch(self, *files: File) -> Batch:
        """Hand over PDFs, or ZIP archives of them; each PDF is a report of its own. Does not wait."""
        answer = self._http.post(BATCHES, files=[("file", _part(file)) for file in files])
        return cast(Batch, _checked(answer).json())

    def batch(self, identifier: str) -> Batch:
        """How far a batch is."""
        return cast(Batch, self._get(f"{BATCHES}/{identifier}").json())

    def wait_for_batch(self, identifier: str, *, deadline: float = 3600.0, poll: float = 2.0) -> Batch:
        """The batch when nothing of it is to be done any more; ``TimeoutError`` after ``deadline`` seconds."""
        until = time.monotonic() + deadline
        while {"queued", "running"} & (found := self.batch(identifier))["counts"].keys():
            if time.monotonic() > until:
                raise TimeoutError(f"{identifier} after {deadline} seconds: {found['counts']}")
            time.sleep(poll)
        return found

    def failures(self, batch: Batch) -> Iterator[tuple[str, Problem]]:
        """The names of the files of ``batch`` that gave no Report, each with what is wrong with it."""
        for file in batch["files"]:
            if "problem" in file:
                yield file["file_name"], Problem(file["problem"]["status"], file["problem"])
            elif file["status"] in ("failed", "deleted"):
                try:
                    self._get(file["report"])
                except Problem as problem:
                    yield file["file_name"], problem

    # being told

    def create_webhook(self, url: str, events: Sequence[Kind] | None = None) -> Webhook:
        """Have ``url`` told of ``events`` (all); keep the ``secret`` of the answer for :func:`verified`: it is not told again."""
        wanted = {"url": url} | ({"events": list(events)} if events else {})
        return cast(Webhook, _checked(self._http.post(WEBHOOKS, json=wanted)).json())

    def webhooks(self) -> list[Webhook]:
        """Those that there are."""
        return cast(list[Webhook], self._get(WEBHOOKS).json()["items"])

    def delete_webhook(self, identifier: str) -> None:
        """Tell it no more, and forget its log."""
        _checked(self._http.delete(f"{WEBHOOKS}/{identifier}"))

    def deliveries(self, identifier: str, limit: int = 50) -> list[Delivery]:
        """What a webhook was told, the newest ``limit`` (at most 200)."""
        answer = self._get(f"{WEBHOOKS}/{identifier}/deliveries", limit=limit)
        return cast(list[Delivery], answer.json()["items"])

    def replay(self, identifier: str, delivery: str) -> None:
        """Send a delivery again, under the same id."""
        _checked(self._http.post(f"{WEBHOOKS}/{identifier}/deliveries/{delivery}/replay"))

    def _get(self, address: str, **query: Any) -> httpx2.Response:
        given = {name: value for name, value in query.items() if value is not None}
        return _checked(self._http.get(address, params=given))

    def _of_report(self, identifier: str, part: str = "", **query: Any) -> httpx2.Response:
        answer = self._get(f"{REPORTS}/{identifier}{part}", **query)
        if answer.status_code == httpx2.codes.ACCEPTED:
            raise NotReady(identifier, answer.json()["status"])
        return answer


def _part(file: File) -> tuple[str, bytes | BinaryIO, str]:
    if isinstance(file, tuple):
        return (*file, "application/octet-stream")
    path = Path(file)
    return (path.name, path.read_bytes(), "application/octet-stream")


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    try:
        body = answer.json()
    except ValueError:
        body = {}
    after = answer.headers.get("Retry-After", "")
    problem = body if isinstance(body, dict) else {}
    raise Problem(answer.status_code, problem, int(after) if after.isdecimal() else None)


def _job(answer: httpx2.Response, identifier: str = "") -> Job:
    if answer.status_code == httpx2.codes.ACCEPTED:
        body = answer.json()
        return Job(body["id"], body["status"])
    location = answer.headers.get("Content-Location") or answer.headers.get("Location") or ""
    return Job(identifier or location.rpartition("/")[2], "done", cast(Report, answer.json()))
