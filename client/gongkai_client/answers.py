"""What the service answers beside Reports. What is JSON stays JSON with types, as ``/openapi.json`` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from gongkai_client.report import Report

Kind = Literal["created", "replaced", "failed", "deleted"]
Status = Literal["queued", "running", "done", "failed", "cancelled", "deleted"]
Format = Literal["xlsx", "csv", "parquet", "package", "bundle"]


class Problem(Exception):
    """An answer ``application/problem+json``: ``type`` is stable, ``title`` and ``detail`` are Chinese for people.

    ``retry_after`` is in seconds, where the service says that it may go better then.
    """

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: int | None = None) -> None:
        self.status = status
        self.type: str = body.get("type", "about:blank")
        self.title: str = body.get("title", "")
        self.detail: str = body.get("detail", "")
        self.body, self.retry_after = dict(body), retry_after
        super().__init__(f"{status} {self.type}: {self.detail or self.title}")


class NotReady(Exception):
    """Something was asked of a Report that is not there yet, or never will be: ``status`` says which."""

    def __init__(self, identifier: str, status: Status) -> None:
        self.id, self.status = identifier, status
        super().__init__(f"{identifier} is {status}")


@dataclass(frozen=True, slots=True)
class Job:
    """A submission; ``report`` is there once ``status`` is ``done``."""

    id: str
    status: Status
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is; ``pages`` is None until the files have been opened."""

    status: Status
    pages: int | None
    pages_read: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the feed: a report was ``created``, ``replaced`` another on the same files, ``failed`` or was ``deleted``."""

    id: str
    kind: Kind
    cursor: str


class Summary(TypedDict):
    """A finished Report in a list."""

    id: str
    entity: str | None
    fiscal_year: int | None
    kind: Literal["final_account", "budget"] | None
    scope: Literal["unit", "department"] | None
    pages: int
    errors: int
    warnings: int
    needs_review: int
    finished_at: float


class BatchFile(TypedDict):
    """A file of a batch, with the address of its report or with the problem for which it was not taken in."""

    file_name: str
    status: Literal["queued", "running", "done", "failed", "cancelled", "deleted", "refused"]
    report: NotRequired[str]
    problem: NotRequired[dict[str, Any]]


class Batch(TypedDict):
    """How far a batch is; ``counts`` by status."""

    id: str
    counts: dict[str, int]
    files: list[BatchFile]


class Webhook(TypedDict):
    """An address that is told of changes; ``secret`` only when it is made."""

    id: str
    url: str
    events: list[Kind]
    created_at: float
    secret: NotRequired[str]


class Delivery(TypedDict):
    """What a webhook was told, or is to be told; times in seconds since 1970."""

    id: str
    webhook: str
    change: int
    status: Literal["pending", "delivered", "failed"]
    attempts: int
    next_at: float | None
    last_at: float | None
    last_answer: str | None
    created_at: float
