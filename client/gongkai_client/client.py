"""The service's verbs as methods. One instance keeps one pool of connections and may be shared by threads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import httpx2

from gongkai_client.report import Report

File = str | Path | tuple[str, bytes | BinaryIO]
Status = Literal["queued", "running", "done", "failed", "cancelled"]


class Problem(Exception):
    """An answer ``application/problem+json``: ``type`` is stable, ``title`` and ``detail`` are Chinese for people."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.type: str = body.get("type", "about:blank")
        self.title: str = body.get("title", "")
        self.detail: str = body.get("detail", "")
        self.body = dict(body)
        super().__init__(f"{status} {self.type}: {self.detail or self.title}")


@dataclass(frozen=True, slots=True)
class Job:
    """A submission; ``report`` is there once ``status`` is ``done``."""

    id: str
    status: Status
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the feed: a report was ``created``, ``replaced`` another on the same files, ``failed`` or was ``deleted``."""

    id: str
    kind: Literal["created", "replaced", "failed", "deleted"]
    cursor: str


class Gongkai:
    """``Gongkai("http://127.0.0.1:8000", key="gk_…")``; usable as a context manager.

    Every method raises :class:`Problem` when the service refuses, ``httpx2.TransportError`` when it cannot be reached.
    """

    def __init__(
        self, base_url: str = "http://127.0.0.1:8000", *, key: str | None = None, timeout: float = 60.0
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=base_url, headers=headers, timeout=timeout)

    def __enter__(self) -> Gongkai:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

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
            if time.monotonic() > until:
                raise TimeoutError(
                    f"{job.id} is {job.status} after {deadline} seconds; ask for it later with report()"
                )
            time.sleep(poll)
            job = self.job(job.id)
        return job.report

    def submit(self, *files: File, metadata: Mapping[str, Any] | None = None, wait: int = 0) -> Job:
        """Hand ``files`` over and wait at most ``wait`` seconds. The same files again are the same job."""
        parts = [("file", _part(file)) for file in files]
        answer = self._http.post(
            "/v1/reports",
            files=parts,
            data={"metadata": json.dumps(dict(metadata))} if metadata else None,
            headers={"Prefer": f"wait={wait}" if wait else "respond-async"},
        )
        return _job(_checked(answer))

    def job(self, identifier: str) -> Job:
        """How far a submission is; a failed one raises its refusal."""
        return _job(_checked(self._http.get(f"/v1/reports/{identifier}")), identifier)

    def report(self, identifier: str) -> Report | None:
        """A Report that is done, else ``None``."""
        return self.job(identifier).report

    def export(self, identifier: str, form: Literal["xlsx", "csv", "parquet", "package", "bundle"]) -> bytes:
        """A Report in another format."""
        return _checked(self._http.get(f"/v1/reports/{identifier}", params={"format": form})).content

    def cancel(self, identifier: str) -> None:
        """Stop a submission that is not done."""
        _checked(self._http.post(f"/v1/reports/{identifier}/cancel"))

    def delete(self, identifier: str) -> None:
        """Remove upload, Report and all that was derived."""
        _checked(self._http.delete(f"/v1/reports/{identifier}"))

    def changes(self, after: str | None = None) -> Iterator[Change]:
        """Every change after the cursor ``after``, oldest first, up to now; keep the last ``cursor`` for next time."""
        while True:
            body = _checked(self._http.get("/v1/changes", params={"after": after} if after else None)).json()
            for one in body["items"]:
                yield Change(one["id"], one["change"], one["cursor"])
            if not body["items"]:
                return
            after = body["next"]


def _part(file: File) -> tuple[str, bytes | BinaryIO, str]:
    if isinstance(file, tuple):
        return (*file, "application/pdf")
    path = Path(file)
    return (path.name, path.read_bytes(), "application/pdf")


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    try:
        body = answer.json()
    except ValueError:
        body = {}
    raise Problem(answer.status_code, body if isinstance(body, dict) else {})


def _job(answer: httpx2.Response, identifier: str = "") -> Job:
    if answer.status_code == httpx2.codes.ACCEPTED:
        body = answer.json()
        return Job(body["id"], body["status"])
    location = answer.headers.get("Content-Location") or answer.headers.get("Location") or ""
    return Job(identifier or location.rpartition("/")[2], "done", cast(Report, answer.json()))
