"""Who works: each process has an id that outlives it, and says every second that it is alive."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from gongkai.store import Store
from gongkai.tables import EXECUTORS

BEAT = 1.0  # seconds
DEAD = 10.0  # seconds without a beat
CLAIM_LOCK, SWEEP_LOCK = 0x676F6E68, 0x676F6E69


def claim(store: Store, slots: int) -> str:
    """An executor id for this process: that of a dead predecessor on this machine if there is one (its work is then taken up at
    once), else a new one."""
    if store.engine.dialect.name == "sqlite":
        with store.begin() as connection:  # there is no other process
            connection.execute(EXECUTORS.delete())
            _write(connection, "local-1", slots)
            return "local-1"
    host = socket.gethostname()
    with store.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIM_LOCK)))
        rows = {row.id: row for row in connection.execute(sa.select(EXECUTORS))}
        names = (f"{host}-{number}" for number in count(1))
        mine = next(name for name in names if name not in rows or _gone(connection, rows[name]))
        _write(connection, mine, slots)
        return mine


def beat(store: Store, executor: str, slots: int) -> None:
    """Say that this process is alive."""
    with store.begin() as connection:
        _write(connection, executor, slots)


def retire(store: Store, executor: str) -> None:
    """Say that this process ends."""
    with store.begin() as connection:
        connection.execute(EXECUTORS.delete().where(EXECUTORS.c.id == executor))


def alive(connection: sa.Connection) -> dict[str, int]:
    """Slots of each process that gave a sign of life lately."""
    recent = EXECUTORS.c.beat_at > _now(connection) - DEAD
    rows = connection.execute(sa.select(EXECUTORS.c.id, EXECUTORS.c.slots).where(recent))
    return {row.id: row.slots for row in rows}


@contextmanager
def sweeping(store: Store) -> Iterator[dict[str, int] | None]:
    """Those alive, for the one process that may sweep now; ``None`` for the others. Long dead ones are struck off."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            mine = connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(SWEEP_LOCK)))
            if not mine:
                yield None
                return
        yield alive(connection)


def _write(connection: sa.Connection, executor: str, slots: int) -> None:
    values = {"host": _place(), "pid": os.getpid(), "slots": slots, "beat_at": _now(connection)}
    if not connection.execute(EXECUTORS.update().where(EXECUTORS.c.id == executor).values(values)).rowcount:
        connection.execute(EXECUTORS.insert().values(id=executor, **values))


def _gone(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> bool:
    """Whether that process is certainly dead: we would see it, or it has been silent for long."""
    if row.host == _place():
        return row.pid == os.getpid() or not Path(f"/proc/{row.pid}").exists()
    return bool(row.beat_at < _now(connection) - DEAD)


def _place() -> str:
    """Where process numbers mean the same: this boot of this machine, this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return f"{socket.gethostname()} {os.getpid()}"


def _now(connection: sa.Connection) -> float:
    """The database's clock, so that machines need not agree on the time."""
    if connection.dialect.name == "sqlite":
        query = sa.select((sa.func.julianday("now") - 2440587.5) * 86400.0)
    else:
        query = sa.select(sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double))
    return float(connection.scalar(query))  # type: ignore[arg-type]
