"""The engine under the jobs: DBOS runs the workflow ``read`` for each, here or on another machine, until it has come to its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, SetWorkflowID
from dbos import error as errors_of_engine

from gongkai import logs, tracing
from gongkai.errors import Crashed, Refusal
from gongkai.jobs import executors
from gongkai.jobs.progress import Progress
from gongkai.jobs.reading import Reader
from gongkai.jobs.sweeping import QUEUE, sweep, tidy, workflow_id
from gongkai.metrics import Metrics
from gongkai.problems import LOST
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings
from gongkai.store import Job, Store

log = logging.getLogger(__name__)

APPLICATION = "gongkai"
VERSION = "jobs-1"  # of the steps of the workflow, not of the program: an upgrade takes up what its predecessor left
WORKFLOW = "read"
POLL = 0.1  # seconds between two looks for work
URGENT, ORDINARY = 1, 2
MOST_STARTS = 10  # a job that was begun so often and never came to its end kills those who try
TICKS = 2  # of a beat: so often it is written down how far reading is
SWEEP_BEATS, TIDY_BEATS = 3, 60
PATIENCE = 2.0  # seconds for the last children to end


class Stopping(BaseException):
    """This process ends: the engine is to hold the job for unfinished (it would note any other exception as the job's end)."""


class Engine:
    """Runs jobs in this process, ``settings.workers`` at once, and sees to those whose process died."""

    def __init__(self, store: Store, sandbox: Sandbox, settings: Settings, metrics: Metrics) -> None:
        self._store, self._settings, self._metrics = store, settings, metrics
        self._reader = Reader(store, sandbox)
        self._at_work: dict[str, Job] = {}
        self._progress = Progress()
        self._stop = threading.Event()
        self._executor = executors.claim(store, settings.workers)
        self._launch()
        self._client = DBOSClient(system_database_engine=store.engine, application_name=APPLICATION)
        self._pulse = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._pulse.start()

    def _launch(self) -> None:
        logging.getLogger("dbos").addFilter(_is_trouble)
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._store.engine.url.render_as_string(hide_password=False),
                "system_database_engine": self._store.engine,
                "application_version": VERSION,
                "executor_id": self._executor,
                "use_listen_notify": False,
                "log_level": "WARNING",
            }
        )
        self._workflow = DBOS.workflow(name=WORKFLOW)(lambda job_id, run: self._run(job_id, run))
        DBOS.listen_queues([QUEUE] if self._settings.workers else [])
        DBOS.launch()
        if self._settings.workers:
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=self._concurrency(),
                polling_interval_sec=POLL,
                on_conflict="always_update",
            )

    def _concurrency(self) -> int:
        """Jobs that a process takes at once: one for each child, and some at hand when one is done. All processes share this number."""
        with self._store.look() as connection:
            slots = max(executors.alive(connection).values(), default=self._settings.workers)
        return slots + (slots + 1) // 2

    # handing in

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        """Have ``job`` read once the transaction of ``connection`` is committed."""
        options: Any = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": workflow_id(job),
            "app_version": VERSION,
            "priority": URGENT if job.urgent else ORDINARY,
        }
        self._client.enqueue_in_transaction(connection, options, job.id, job.run)

    @property
    def idle(self) -> bool:
        """Whether a child of this process has nothing to do."""
        return len(self._at_work) < self._settings.workers

    def begin(self, job: Job) -> None:
        """Have ``job``, which is kept and in no queue, read here and now; if that fails, the next sweep queues it."""
        try:
            with SetWorkflowID(workflow_id(job)):
                DBOS.start_workflow(self._workflow, job.id, job.run)
        except Exception:
            log.warning("a job waits for the next sweep", exc_info=True)

    def drop(self, job: Job) -> None:
        """Take ``job`` out of the queue; a process that works on it notices by itself."""
        self._stop_unwanted()
        try:
            self._client.cancel_workflow(workflow_id(job))
        except Exception:
            log.warning("a job that nobody wants stays in the queue", exc_info=True)

    # working

    def _run(self, job_id: str, run: int) -> None:
        """The workflow: one step that may be begun anew at any time, for only the first result is kept."""
        if self._stop.is_set():
            raise Stopping
        job = self._store.start(job_id, run)
        if job is None:
            return
        with self._working(job) as ticket:
            if job.starts > MOST_STARTS:
                self._fail(job, Crashed().wire())
                return
            try:
                self._read(job, ticket)
            except LOST:  # no fault of the job's: a sweep gives it a new run
                raise
            except Exception as error:
                if self._stop.is_set():  # a child that is ended at work dies in many ways
                    raise Stopping from error
                if not isinstance(error, Refusal):
                    log.exception("a job failed for a reason of ours")
                self._fail(job, error.wire() if isinstance(error, Refusal) else {"type": "internal"})

    def _read(self, job: Job, ticket: str) -> None:
        began = time.time()
        self._metrics.took("queue", job.created_at, began)
        made = self._reader.read(job, ticket, lambda: self._wanted(job), self._progress.of(job))
        self._metrics.took("read", began)
        done = time.time()
        if self._store.finish(job, made.result):
            self._metrics.took("store", done)
            self._metrics.done(made.result.told, made.usage)
            log.info("read", extra={"about": {"seconds": round(done - began, 2)}})

    def _fail(self, job: Job, failure: dict[str, Any]) -> None:
        if self._store.fail(job, failure):
            self._metrics.failed(failure["type"])
            tracing.say({"gongkai.refusal": failure["type"]})
            log.info("not read: %s", failure["type"])

    @contextmanager
    def _working(self, job: Job) -> Iterator[str]:
        ticket = workflow_id(job)
        self._at_work[ticket] = job
        logs.JOB.set(job.id)
        logs.REQUEST.set(job.request)
        try:
            with tracing.span("job", job.traceparent, job=job.id, start=job.starts):
                yield ticket
        finally:
            logs.JOB.set(None)
            logs.REQUEST.set(None)
            self._at_work.pop(ticket, None)

    def _wanted(self, job: Job) -> bool:
        if self._stop.is_set():
            return False
        now = self._store.find(job.id)
        return now is not None and now.run == job.run and now.status == "running"

    def _stop_unwanted(self) -> None:
        for ticket, job in tuple(self._at_work.items()):
            if not self._wanted(job):
                self._reader.stop(ticket)

    # staying alive

    def _beat(self) -> None:
        ticks = 0
        while not self._stop.wait(executors.BEAT / TICKS):
            ticks += 1
            try:
                if news := list(self._progress.news()):
                    self._store.note(news)
                if ticks % TICKS:
                    continue
                executors.beat(self._store, self._executor, self._settings.workers)
                self._stop_unwanted()
                if ticks % (TICKS * SWEEP_BEATS) == 0:
                    sweep(self._store, self._client, self.enqueue)
                if ticks % (TICKS * TIDY_BEATS) == TICKS:
                    tidy(self._store, self._client, self._settings.retention_days)
            except Exception:
                log.warning("no sign of life could be given", exc_info=True)

    def close(self) -> None:
        """Stop. What is unfinished is taken up by another process, or when this one starts again."""
        self._stop.set()
        self._pulse.join()
        self._reader.close()
        until = time.monotonic() + PATIENCE
        while self._at_work and time.monotonic() < until:
            time.sleep(0.02)
        DBOS.destroy(destroy_registry=True)
        executors.retire(self._store, self._executor)
        self._client.destroy()


def _is_trouble(record: logging.LogRecord) -> bool:
    """A job that its client cancelled ends as it should; the engine would tell of it as of a failure."""
    cancelled = record.exc_info and isinstance(
        record.exc_info[1], errors_of_engine.DBOSAwaitedWorkflowCancelledError
    )
    return not cancelled
