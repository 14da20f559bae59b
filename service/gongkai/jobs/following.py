"""Many listeners that follow jobs page by page, and one that asks the database for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from gongkai.jobs import Jobs
from gongkai.store import Progress

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks
MOST = 32  # listeners of one client at a time
OVER = ("done", "failed", "cancelled", "deleted")


class TooManyListeners(Exception):
    """A client follows as many jobs as it may."""


class Following:
    """Follows in an event loop without holding it up."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._listeners = Counter[str]()
        self._followed = Counter[str]()
        self._now: dict[str, Progress] = {}
        self._news = asyncio.Condition()
        self._asking: asyncio.Task[None] | None = None

    @contextmanager
    def admitted(self, client: str) -> Iterator[None]:
        """Holds one of the client's places; raises :class:`TooManyListeners`."""
        if self._listeners[client] >= MOST:
            raise TooManyListeners
        self._listeners[client] += 1
        try:
            yield
        finally:
            self._listeners[client] -= 1
            if not self._listeners[client]:
                del self._listeners[client]

    async def follow(self, job_id: str) -> AsyncIterator[Progress]:
        """How far the job is, now and whenever that changes; ends after a status of :data:`OVER`."""
        self._followed[job_id] += 1
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        told: Progress | None = None
        try:
            while told is None or told.status not in OVER:
                async with self._news:
                    await self._news.wait_for(lambda: self._now.get(job_id, told) != told)  # noqa: B023
                told = self._now.get(job_id, told)
                if told is not None:
                    yield told
        finally:
            self._followed[job_id] -= 1
            if not self._followed[job_id]:
                del self._followed[job_id]
                self._now.pop(job_id, None)

    async def _ask(self) -> None:
        while self._followed:
            wanted = list(self._followed)
            try:
                found = await to_thread.run_sync(self._jobs.progress, wanted)
            except SQLAlchemyError:  # those who listen hear more when it is back
                log.warning("nobody knows how far jobs are", exc_info=True)
                found = {}
            self._now.update((job, now) for job, now in found.items() if job in self._followed)
            async with self._news:
                self._news.notify_all()
            await asyncio.sleep(LOOK)
