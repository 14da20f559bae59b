"""Who wants to be told, and what became of each delivery. Everything stands in the database: no delivery is lost with a process."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gongkai.tables import CHANGES, DELIVERIES, WEBHOOKS
from gongkai.webhooks.door import new_secret

PAUSES = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)  # seconds between tries; after the last it has failed
LEASE = 60.0  # seconds for which a delivery belongs to whoever took it
MOST = 20  # webhooks of one client


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told of ``events``; ``secret`` signs what it is told."""

    id: str
    client: str
    url: str
    secret: str
    events: Sequence[str]
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One change for one address; ``status`` is pending, delivered or failed, ``last_answer`` an HTTP status or what went wrong."""

    id: str
    webhook: str
    change: int
    status: str
    attempts: int
    next_at: float | None
    last_at: float | None
    last_answer: str | None
    created_at: float


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that was taken, with what it needs."""

    delivery: Delivery
    webhook: Webhook
    change: dict[str, Any]


class TooManyWebhooks(Exception):
    """A client has as many as it may have."""


def register(connection: sa.Connection, client: str, url: str, events: Sequence[str]) -> Webhook:
    """A new webhook with a secret of its own. Raises :class:`TooManyWebhooks`."""
    if len(registered(connection, client)) >= MOST:
        raise TooManyWebhooks()
    hook = Webhook(
        id=uuid.uuid4().hex,
        client=client,
        url=url,
        secret=new_secret(),
        events=list(events),
        created_at=time.time(),
    )
    values = {name: getattr(hook, name) for name in Webhook.__slots__}
    connection.execute(WEBHOOKS.insert().values(values))
    return hook


def registered(connection: sa.Connection, client: str) -> list[Webhook]:
    """Those of a client, oldest first."""
    query = sa.select(WEBHOOKS).where(WEBHOOKS.c.client == client).order_by(WEBHOOKS.c.created_at)
    return [Webhook(**row._mapping) for row in connection.execute(query)]


def remove(connection: sa.Connection, client: str, webhook: str) -> bool:
    """Forget a webhook and its deliveries; whether there was one."""
    theirs = (WEBHOOKS.c.id == webhook, WEBHOOKS.c.client == client)
    gone = connection.execute(WEBHOOKS.delete().where(*theirs)).rowcount == 1
    if gone:
        connection.execute(DELIVERIES.delete().where(DELIVERIES.c.webhook == webhook))
    return gone


def announce(connection: sa.Connection, client: str, change: int, kind: str, at: float) -> None:
    """A delivery for each webhook of ``client`` that wants a change of this ``kind``."""
    rows = [
        {
            "id": uuid.uuid4().hex,
            "webhook": hook.id,
            "change": change,
            "status": "pending",
            "attempts": 0,
            "next_at": at,
            "created_at": at,
        }
        for hook in registered(connection, client)
        if kind in hook.events
    ]
    if rows:
        connection.execute(DELIVERIES.insert(), rows)


def take(connection: sa.Connection) -> Due | None:
    """A delivery that is due. Whoever takes it has it for :data:`LEASE`; if it dies meanwhile, another takes it again."""
    now = time.time()
    due = sa.select(DELIVERIES).where(DELIVERIES.c.next_at <= now).order_by(DELIVERIES.c.next_at).limit(1)
    row = connection.execute(due.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    connection.execute(DELIVERIES.update().where(DELIVERIES.c.id == row.id).values(next_at=now + LEASE))
    hook = connection.execute(sa.select(WEBHOOKS).where(WEBHOOKS.c.id == row.webhook)).one()
    change = connection.execute(sa.select(CHANGES).where(CHANGES.c.number == row.change)).one()
    return Due(Delivery(**row._mapping), Webhook(**hook._mapping), dict(change._mapping))


def record(connection: sa.Connection, delivery: Delivery, answer: str, *, delivered: bool) -> str:
    """Note one try; a failed one is tried again after a pause, until there is none left. The delivery's status then."""
    tried, now = delivery.attempts + 1, time.time()
    over = delivered or tried > len(PAUSES)
    status = "delivered" if delivered else "failed" if over else "pending"
    next_at = None if over else now + PAUSES[tried - 1]
    this = DELIVERIES.update().where(DELIVERIES.c.id == delivery.id)
    connection.execute(
        this.values(status=status, attempts=tried, next_at=next_at, last_at=now, last_answer=answer[:255])
    )
    return status


def deliveries(connection: sa.Connection, client: str, webhook: str, limit: int) -> list[Delivery] | None:
    """The newest deliveries of a client's webhook; ``None`` if there is no such webhook."""
    if not any(hook.id == webhook for hook in registered(connection, client)):
        return None
    query = sa.select(DELIVERIES).where(DELIVERIES.c.webhook == webhook)
    newest = query.order_by(DELIVERIES.c.created_at.desc(), DELIVERIES.c.id).limit(limit)
    return [Delivery(**row._mapping) for row in connection.execute(newest)]


def replay(connection: sa.Connection, client: str, webhook: str, delivery: str) -> bool:
    """Have a delivery sent again; whether there is such a one."""
    if not any(hook.id == webhook for hook in registered(connection, client)):
        return False
    this = (DELIVERIES.c.id == delivery, DELIVERIES.c.webhook == webhook)
    again = {"status": "pending", "attempts": 0, "next_at": time.time()}
    return connection.execute(DELIVERIES.update().where(*this).values(again)).rowcount == 1
