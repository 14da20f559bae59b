"""What changed, in order: each Report that came, replaced another, failed or was deleted, for those who follow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from gongkai.tables import CHANGES
from gongkai.webhooks import ledger

Kind = Literal["created", "replaced", "failed", "deleted"]
LOCK = (
    0x676F6E6A  # whoever numbers a change holds it until the commit, so that numbers are seen in their order
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``number`` grows; ``replaces`` is the Report on the same files that an earlier version made. ``at`` in seconds since 1970."""

    number: int
    client: str
    job: str
    change: Kind
    replaces: str | None
    at: float


def note(connection: sa.Connection, client: str, job: str, change: Kind, replaces: str | None = None) -> None:
    """Write a change and a delivery for each webhook that wants it, in the transaction that makes it."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    at = time.time()
    row = {"client": client, "job": job, "change": change, "replaces": replaces, "at": at}
    number = connection.execute(CHANGES.insert().values(row).returning(CHANGES.c.number)).scalar_one()
    ledger.announce(connection, client, number, change, at)


def after(connection: sa.Connection, client: str, number: int, limit: int) -> list[Change]:
    """The client's next ``limit`` changes after ``number``, oldest first."""
    theirs = (CHANGES.c.client == client, CHANGES.c.number > number)
    query = sa.select(CHANGES).where(*theirs).order_by(CHANGES.c.number).limit(limit)
    return [Change(**row._mapping) for row in connection.execute(query)]


def event(change: Change) -> dict[str, Any]:
    """What others are told of a change: where the Report is, nothing of what it says."""
    return {
        "id": change.job,
        "change": change.change,
        "replaces": change.replaces,
        "at": change.at,
        "report": f"/v1/reports/{change.job}",
    }
