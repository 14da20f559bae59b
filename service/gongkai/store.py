"""What is kept: jobs, the files given, the Reports made of them. Every change is one transaction, so none is ever seen half done."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import sqlalchemy as sa

from gongkai import database, feed, packing, summaries
from gongkai.errors import Busy, TooLarge
from gongkai.settings import MIB
from gongkai.steps import Result
from gongkai.tables import ASKED, JOBS, KEYS, RESULTS, UPLOADS

PART = MIB  # bytes of a file in one row
OPEN = ("queued", "running")
ANEW = ("crashed", "timed_out", "out_of_memory", "internal")  # failures that another day may not see again
KEY_SECONDS = 24 * 3600.0
# What is asked most, built once: a query that is built anew is understood anew, which takes as long as the database.
JOB = sa.select(JOBS).where(JOBS.c.id == sa.bindparam("id"))
RESULT = sa.select(RESULTS.c.data).where(RESULTS.c.job == sa.bindparam("job"))

Content = bytes | IO[bytes]
Enqueue = Any  # (connection, job) -> None


class KeyReused(Exception):
    """An ``Idempotency-Key`` came with another request than the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One disclosure and how far it is; ``status`` is queued, running, done, failed, cancelled or deleted. Times are seconds since 1970.
    ``pages`` is not known before a child has opened the files; ``request`` and ``traceparent`` are of who handed it in."""

    id: str
    client: str
    status: str
    run: int
    starts: int
    urgent: bool
    options: Mapping[str, Any]
    file_names: Sequence[str]
    metadata: Mapping[str, Any]
    failure: Mapping[str, Any] | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    pages: int | None
    pages_read: int | None
    request: str | None
    traceparent: str | None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: its status, the number of its pages if it is known, and of those that are read."""

    status: str
    pages: int | None
    pages_read: int


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a run is, as the process that works on it knows."""

    job: str
    run: int
    pages: int
    pages_read: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs of a status and urgency there are, and when the oldest of them was handed in."""

    status: str
    urgent: bool
    jobs: int
    oldest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a client hands in: ``digests`` are those of its files in their order."""

    files: Sequence[tuple[str, Content]]
    digests: Sequence[str]
    options: Mapping[str, Any]
    metadata: Mapping[str, Any]
    client: str
    urgent: bool
    key: str | None
    request: str | None = None
    traceparent: str | None = None

    @property
    def id(self) -> str:
        """The same for the same files, options and client; tells a stranger nothing about the files."""
        text = json.dumps([list(self.digests), dict(self.options)], sort_keys=True)
        return hmac.new(self.client.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """Of everything that a repeated request with the same key must repeat."""
        said = json.dumps([self.id, [name for name, _ in self.files], dict(self.metadata)], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def digests_of(files: Sequence[tuple[str, Content]], most: int) -> list[str]:
    """SHA-256 of each file; raises ``TooLarge`` when all together exceed ``most`` bytes."""
    total, found = 0, []
    for _, content in files:
        digest = hashlib.sha256()
        for part in _parts(content):
            total += len(part)
            if total > most:
                raise TooLarge(most)
            digest.update(part)
        found.append(digest.hexdigest())
    return found


def _parts(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield from (content[at : at + PART] for at in range(0, max(len(content), 1), PART))
        return
    content.seek(0)
    yield content.read(PART)
    while part := content.read(PART):
        yield part


class Store:
    """The jobs in ``engine``'s database. Safe to use from many threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._looking = database.looking(engine)
        self._writer = threading.RLock()

    @property
    def at_hand(self) -> bool:
        """Whether a question for a few rows is answered at once: nobody who writes holds up those who look, and no server is waited for."""
        return self.engine.dialect.name == "sqlite"

    def look(self) -> sa.Connection:
        """A connection for questions, to be closed; each sees what is committed when it is asked."""
        return self._looking.connect()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction that sees what it writes on; in SQLite it waits for other writers now, not when it is too late."""
        if self.engine.dialect.name == "postgresql":
            with self.engine.begin() as connection:
                yield connection
            return
        with self._writer, self.engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    # handing in

    def submit(self, given: Submission, enqueue: Enqueue, queue: int) -> Job:
        """Keep ``given`` and call ``enqueue(connection, job)`` in the same transaction, unless it is known already.

        Raises ``Busy`` when ``queue`` jobs of the same urgency wait already, :class:`KeyReused`.
        """
        with self.begin() as connection:
            return self._submit(connection, given, enqueue, queue)

    def _submit(self, connection: sa.Connection, given: Submission, enqueue: Enqueue, queue: int) -> Job:
        known = _job(connection, given.id, lock=True)
        if given.key is not None and self._repeated(connection, given):
            assert known is not None
            return known
        if known is not None and (known.open or known.status == "done" or _lasting(known)):
            names = {"file_names": [name for name, _ in given.files], "metadata": dict(given.metadata)}
            return _update(connection, known, **names)
        waiting = sa.select(sa.func.count()).where(JOBS.c.status == "queued", JOBS.c.urgent == given.urgent)
        if connection.scalar(waiting) >= queue:  # type: ignore[operator]
            raise Busy()
        job = self._write(connection, given, known)
        enqueue(connection, job)
        return job

    def _repeated(self, connection: sa.Connection, given: Submission) -> bool:
        """Whether the key was used for the same request before; else it is noted."""
        where = (KEYS.c.client == given.client, KEYS.c.key == given.key)
        before = connection.execute(sa.select(KEYS.c.fingerprint).where(*where)).scalar()
        if before is None:
            row = {
                "client": given.client,
                "key": given.key,
                "job": given.id,
                "fingerprint": given.fingerprint,
            }
            connection.execute(KEYS.insert().values(**row, created_at=time.time()))
            return False
        if before != given.fingerprint:
            raise KeyReused()
        return True

    def _write(self, connection: sa.Connection, given: Submission, known: Job | None) -> Job:
        if known is not None:
            _forget(connection, [given.id])
            connection.execute(JOBS.delete().where(JOBS.c.id == given.id))
        values = {
            "id": given.id,
            "client": given.client,
            "status": "queued",
            "run": known.run + 1 if known else 1,
            "starts": 0,
            "urgent": given.urgent,
            "options": dict(given.options),
            "file_names": [name for name, _ in given.files],
            "metadata": dict(given.metadata),
            "created_at": time.time(),
            "request": given.request,
            "traceparent": given.traceparent,
        }
        connection.execute(JOBS.insert().values(values))
        for number, (_, content) in enumerate(given.files):
            for at, part in enumerate(_parts(content)):
                connection.execute(UPLOADS.insert().values(job=given.id, file=number, part=at, data=part))
        job = _job(connection, given.id)
        assert job is not None
        return job

    # looking

    def find(self, job_id: str, client: str | None = None) -> Job | None:
        """As :func:`found`."""
        with self.look() as connection:
            return found(connection, job_id, client)

    def statuses(self, job_ids: Iterable[str]) -> dict[str, str]:
        """The status of each that is known."""
        found: dict[str, str] = {}
        wanted = list(job_ids)
        with self.look() as connection:
            for at in range(0, len(wanted), 1000):
                some = sa.select(JOBS.c.id, JOBS.c.status).where(JOBS.c.id.in_(wanted[at : at + 1000]))
                found |= {row.id: row.status for row in connection.execute(some)}
        return found

    def progress(self, job_ids: Collection[str]) -> dict[str, Progress]:
        """How far each is that is known."""
        columns = (JOBS.c.id, JOBS.c.status, JOBS.c.pages, JOBS.c.pages_read)
        with self.look() as connection:
            rows = connection.execute(sa.select(*columns).where(JOBS.c.id.in_(job_ids)))
            return {row.id: Progress(row.status, row.pages, row.pages_read or 0) for row in rows}

    def queue(self) -> list[Waiting]:
        """The jobs that are still to be done, by status and urgency."""
        columns = (JOBS.c.status, JOBS.c.urgent)
        counted = sa.select(*columns, sa.func.count(), sa.func.min(JOBS.c.created_at))
        with self.look() as connection:
            rows = connection.execute(counted.where(JOBS.c.status.in_(OPEN)).group_by(*columns))
            return [Waiting(*row) for row in rows]

    def unfinished(self, most: int) -> list[Job]:
        """The jobs that some process works on, or did when it died, and the oldest that wait: at most ``most`` of each."""
        found: list[Job] = []
        with self.look() as connection:
            for status in OPEN:
                some = sa.select(JOBS).where(JOBS.c.status == status).order_by(JOBS.c.created_at).limit(most)
                found += map(_as_job, connection.execute(some))
        return found

    def result(self, job_id: str) -> bytes | None:
        """The Report's JSON as :meth:`finish` was given it."""
        with self.look() as connection:
            data = connection.scalar(RESULT, {"job": job_id})
        return None if data is None else packing.unpack(data)

    def asked(self, job_id: str) -> bytes | None:
        """What :meth:`keep_asked` kept last."""
        with self.look() as connection:
            data = connection.scalar(sa.select(ASKED.c.data).where(ASKED.c.job == job_id))
        return None if data is None else packing.unpack(data)

    def files(self, job_id: str) -> list[bytes]:
        """The files as given."""
        found: dict[int, list[bytes]] = {}
        query = sa.select(UPLOADS.c.file, UPLOADS.c.data).where(UPLOADS.c.job == job_id)
        with self.look() as connection:
            for row in connection.execute(query.order_by(UPLOADS.c.file, UPLOADS.c.part)):
                found.setdefault(row.file, []).append(row.data)
        return [b"".join(parts) for _, parts in sorted(found.items())]

    # working

    def start(self, job_id: str, run: int) -> Job | None:
        """The job, now running and begun once more; ``None`` if this run is no longer wanted."""
        with self.begin() as connection:
            job = _job(connection, job_id, lock=True)
            if job is None or job.run != run or not job.open:
                return None
            begun: dict[str, Any] = {"starts": job.starts + 1, "started_at": time.time()}
            return _update(connection, job, status="running", pages=None, pages_read=None, **begun)

    def note(self, news: Sequence[Noted]) -> None:
        """Keep how far runs are that still go on."""
        with self.begin() as connection:
            for each in news:
                this = (JOBS.c.id == each.job, JOBS.c.run == each.run, JOBS.c.status == "running")
                pages = {"pages": each.pages, "pages_read": each.pages_read}
                connection.execute(JOBS.update().where(*this).values(pages))

    def keep_asked(self, job: Job, asked: bytes) -> None:
        """Keep what a model was asked so far, in place of what was kept before; nothing if this run is over."""
        with self.begin() as connection:
            if _at_work(connection, job) is not None:
                connection.execute(ASKED.delete().where(ASKED.c.job == job.id))
                connection.execute(ASKED.insert().values(job=job.id, data=packing.pack(asked)))

    def finish(self, job: Job, result: Result) -> bool:
        """Keep the Report (every check listed, files named by their number) and what is told of it; ``False``, and nothing is kept, if
        this run was cancelled, deleted or finished elsewhere."""
        pages = result.told.pages
        with self.begin() as connection:
            if not _end(connection, job, status="done", pages=pages, pages_read=pages):
                return False
            connection.execute(RESULTS.insert().values(job=job.id, data=result.packed))
            before = summaries.keep(connection, job.id, job.client, result.told, time.time())
            feed.note(connection, job.client, job.id, "replaced" if before else "created", before)
            return True

    def fail(self, job: Job, failure: Mapping[str, Any]) -> bool:
        """Keep why it cannot be read (as :meth:`Refusal.wire` tells it); ``False`` if this run was ended otherwise."""
        with self.begin() as connection:
            ended = _end(connection, job, status="failed", failure=dict(failure))
            if ended:
                feed.note(connection, job.client, job.id, "failed")
            return ended

    def again(self, job: Job, enqueue: Enqueue) -> None:
        """A new run of a job whose run is lost."""
        with self.begin() as connection:
            now = _job(connection, job.id, lock=True)
            if now is not None and now.run == job.run and now.open:
                enqueue(connection, _update(connection, now, status="queued", run=now.run + 1))

    # ending

    def cancel(self, job_id: str) -> Job | None:
        """The job, cancelled if it was still to be done."""
        with self.begin() as connection:
            job = _job(connection, job_id, lock=True)
            if job is None or not job.open:
                return job
            return _update(connection, job, status="cancelled", finished_at=time.time())

    def delete(self, job_id: str) -> Job | None:
        """Remove files, Report and everything said about them; what stays is that the job was deleted."""
        with self.begin() as connection:
            job = _job(connection, job_id, lock=True)
            if job is None or job.status == "deleted":
                return job
            _forget(connection, [job_id])
            feed.note(connection, job.client, job_id, "deleted")
            nothing: dict[str, Any] = {"file_names": [], "metadata": {}, "failure": None, "options": {}}
            return _update(connection, job, status="deleted", finished_at=time.time(), **nothing)

    def expire(self, days: int) -> list[str]:
        """Delete what was finished more than ``days`` ago (0 = nothing) and old keys; the ids."""
        now = time.time()
        old = sa.select(JOBS.c.id).where(JOBS.c.finished_at < now - days * 86400, JOBS.c.status != "deleted")
        with self.begin() as connection:
            connection.execute(KEYS.delete().where(KEYS.c.created_at < now - KEY_SECONDS))
            ids = list(connection.scalars(old)) if days else []
        for each in ids:
            self.delete(each)
        return ids


def found(connection: sa.Connection, job_id: str, client: str | None = None) -> Job | None:
    """The job, deleted ones too; with ``client`` only if it is theirs."""
    job = _job(connection, job_id)
    return job if job and client in (None, job.client) else None


def _job(connection: sa.Connection, job_id: str, *, lock: bool = False) -> Job | None:
    """The job; with ``lock`` nobody else changes it, nor makes it, until the transaction ends."""
    if lock and connection.dialect.name == "postgresql":
        number = int(hashlib.sha256(job_id.encode()).hexdigest()[:15], 16)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    row = connection.execute(JOB, {"id": job_id}).first()
    return None if row is None else _as_job(row)


def _as_job(row: sa.Row[Any]) -> Job:
    return Job(**row._mapping)


def _update(connection: sa.Connection, job: Job, **values: Any) -> Job:
    connection.execute(JOBS.update().where(JOBS.c.id == job.id).values(**values))
    changed = _job(connection, job.id)
    assert changed is not None
    return changed


def _end(connection: sa.Connection, job: Job, **values: Any) -> bool:
    now = _at_work(connection, job)
    if now is None:
        return False
    _update(connection, now, finished_at=time.time(), **values)
    return True


def _at_work(connection: sa.Connection, job: Job) -> Job | None:
    """The job, nobody else's to change now, if this run of it is still to be finished."""
    now = _job(connection, job.id, lock=True)
    return now if now is not None and (now.run, now.status) == (job.run, "running") else None


def _lasting(job: Job) -> bool:
    """Whether the same files would fail in the same way again."""
    return job.status == "failed" and (job.failure or {}).get("type") not in ANEW


def _forget(connection: sa.Connection, job_ids: Sequence[str]) -> None:
    for table in (ASKED, UPLOADS, RESULTS):
        connection.execute(table.delete().where(table.c.job.in_(job_ids)))
    summaries.forget(connection, job_ids)
