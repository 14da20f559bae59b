"""Durable jobs: what was acknowledged is read once, whatever dies meanwhile.

The row in :mod:`gongkai.store` is the truth about a job; the engine (DBOS) sees to it that somebody works on it. A submission
writes both in one transaction. ``docs/jobs.md`` says what happens when.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gongkai import database, logs, options, pictures, tracing
from gongkai.database import OnlyProcess
from gongkai.errors import Refusal, from_wire
from gongkai.jobs import readiness, serving
from gongkai.jobs.delivering import Deliverer
from gongkai.jobs.engine import Engine
from gongkai.llm.journal import Journal
from gongkai.metrics import Metrics
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings, SettingsError
from gongkai.store import OPEN, Content, Job, KeyReused, Progress, Store, Submission, digests_of, found

__all__ = ["Gone", "Job", "Jobs", "KeyReused"]

ID = re.compile("[0-9a-f]{32}")
LOCAL = "local"
PAINTERS = 1  # children that draw pages
POLL = 0.05  # seconds between two looks at jobs that are waited for


class Gone(LookupError):
    """There is no result, or no file: the job is not over, or was deleted a moment ago."""


class Jobs:
    """The jobs of one database, and this process's part in them. A context manager; safe to use from many threads.

    A process has one of these at a time, for the engine is one of a kind.
    """

    def __init__(self, settings: Settings | None = None, *, sandbox: Sandbox | None = None) -> None:
        """Open the database of ``settings`` and take part with ``settings.workers`` children (0: only hand in and look).

        ``sandbox`` reads in place of one made from ``settings``. Raises :class:`SettingsError` when the database cannot be used.
        """
        self.settings = settings = settings or Settings.from_environment()
        if not settings.workers and not settings.database_url:
            raise SettingsError(
                "GONGKAI_WORKERS=0 需要 GONGKAI_DATABASE_URL：SQLite 数据库只有本进程自己处理文件。"
            )
        self._only = None if settings.database_url else OnlyProcess(settings.data_dir)
        try:
            self.store = Store(database.connect(settings))
            database.migrate(self.store.engine)
            self.metrics = Metrics(self.store)
            self._sandbox = sandbox or Sandbox(settings)
            self._engine = Engine(self.store, self._sandbox, settings, self.metrics)
            self._pictures = Sandbox(replace(settings, workers=PAINTERS), target=pictures.TARGET)
            allowed = bool(settings.webhook_private)
            self._deliverer = Deliverer(self.store, self.metrics, allow_private=allowed)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hand back what is unfinished and stop."""
        if hasattr(self, "_deliverer"):
            self._deliverer.close()
        if hasattr(self, "_pictures"):
            self._pictures.close()
        if hasattr(self, "_engine"):
            self._engine.close()
        if hasattr(self, "store"):
            self.store.engine.dispose()
        if self._only:
            self._only.release()

    def __enter__(self) -> Jobs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        files: Sequence[tuple[str, Content]],
        *,
        metadata: Mapping[str, Any] | None = None,
        client: str = LOCAL,
        urgent: bool = False,
        key: str | None = None,
    ) -> Job:
        """Hand in ``files`` (base name, content), which together are one disclosure. When this returns the job is kept.

        The same files again are the same job, with the names and metadata given last; one that was cancelled, deleted, or failed in a
        way that need not last is read anew, unless ``key`` says that this is the same request once more. ``urgent`` jobs overtake.

        Raises ``TooLarge``, ``Busy`` (the queue is full), :class:`KeyReused`.
        """
        given = Submission(
            files=files,
            digests=digests_of(files, self.settings.limits.max_upload_bytes),
            options=options.current(),
            metadata=metadata or {},
            client=client,
            urgent=urgent,
            key=key,
            request=logs.REQUEST.get(),
            traceparent=tracing.current(),
        )
        if not (urgent and self._engine.idle):
            return self.store.submit(given, self._engine.enqueue, self.settings.queue)
        new: list[Job] = []
        job = self.store.submit(given, lambda _, made: new.append(made), self.settings.queue)
        for each in new:
            self._engine.begin(each)
        return job

    def find(self, job_id: str, client: str = LOCAL, connection: sa.Connection | None = None) -> Job | None:
        """The job of ``client`` with this id, whatever became of it; looked for with ``connection`` if there is one."""
        if not ID.fullmatch(job_id):
            return None
        return found(connection, job_id, client) if connection else self.store.find(job_id, client)

    def finished(self, job_ids: Collection[str]) -> dict[str, str]:
        """Those of ``job_ids`` that are no longer queued or running, with their status."""
        return {job: status for job, status in self.store.statuses(job_ids).items() if status not in OPEN}

    def progress(self, job_ids: Collection[str]) -> dict[str, Progress]:
        """How far each of ``job_ids`` is."""
        return self.store.progress(job_ids)

    def wait(self, job: Job, seconds: float) -> Job:
        """The job as it stands when it is finished, or after ``seconds``. Blocks."""
        until = time.monotonic() + seconds
        while not self.finished([job.id]) and time.monotonic() < until:
            time.sleep(POLL)
        now = self.store.find(job.id)
        assert now is not None
        return now

    def report(self, job: Job, *, all_checks: bool = False) -> bytes:
        """The JSON of the Report of a job that is done, under the names and with the metadata that ``job`` holds.

        Raises the refusal of a job that failed, :class:`Gone` if there is no result.
        """
        return serving.served(self._result(job), job.file_names, job.metadata, all_checks=all_checks)

    def part(self, job: Job, wanted: serving.Part) -> bytes:
        """``{"items": […]}``: one part of the Report of a job that is done; raises as :meth:`report`."""
        return serving.part(self._result(job), wanted)

    def _result(self, job: Job) -> bytes:
        if job.status == "failed":
            raise self.refusal(job)
        result = self.store.result(job.id)
        if result is None:
            raise Gone(job.id)
        return result

    def asked(self, job: Job) -> dict[str, Any]:
        """What a model was asked about ``job``, or might have been, and what that took (:meth:`Journal.told`)."""
        kept = self.store.asked(job.id)
        return (Journal.from_bytes(kept) if kept else Journal()).told()

    def picture(self, job: Job, document: int, page: int, boxes: Sequence[Sequence[float]]) -> bytes:
        """The PNG of a page of the ``document``-th file, with ``boxes`` framed; raises refusals, and :class:`Gone`."""
        files = self.store.files(job.id)
        if not files:
            raise Gone(job.id)
        return self._pictures.run(
            [(job.file_names[document - 1], files[document - 1])], page=page, boxes=boxes
        )

    def refusal(self, job: Job) -> Refusal:
        """Why ``job`` failed."""
        failure = dict(job.failure or {})
        number = failure.get("file_name")
        if number is not None:
            failure["file_name"] = job.file_names[int(number)]
        return from_wire(failure)

    def cancel(self, job: Job) -> Job:
        """Stop it if it is not finished; the job as it stands then."""
        now = self.store.cancel(job.id)
        self._engine.drop(job)
        return now or job

    def delete(self, job: Job) -> None:
        """Remove its files, its Report and all that was said about them."""
        self.store.delete(job.id)
        self._engine.drop(job)

    def troubles(self) -> dict[str, str | None]:
        """What keeps this process from taking work, by the part that is looked at; ``None`` for one that is well."""
        return {
            "database": readiness.database(self.store),
            "children": readiness.children(self._sandbox),
            "disk": readiness.disk(self.settings),
        }


def renamed(job: Job, file_names: Sequence[str], metadata: Mapping[str, Any]) -> Job:
    """``job`` under the names of another request for the same content."""
    return replace(job, file_names=list(file_names), metadata=dict(metadata))
