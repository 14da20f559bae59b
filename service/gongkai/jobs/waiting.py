"""Many requests that wait for their jobs, and one that asks the database for all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from gongkai.jobs import POLL, Jobs


class Waiting:
    """Waits in an event loop without holding it up."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._waited = Counter[str]()
        self._over: dict[str, asyncio.Event] = {}
        self._asking: asyncio.Task[None] | None = None

    async def wait(self, job_id: str, seconds: float) -> None:
        """Return when the job is finished, or after ``seconds``."""
        over = self._over.setdefault(job_id, asyncio.Event())
        self._waited[job_id] += 1
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        try:
            async with asyncio.timeout(seconds):
                await over.wait()
        except TimeoutError:
            pass
        finally:
            self._waited[job_id] -= 1
            if not self._waited[job_id]:
                del self._waited[job_id], self._over[job_id]

    async def _ask(self) -> None:
        while self._over:
            with suppress(SQLAlchemyError):  # who waits hears of it when the database is back
                for job_id in await to_thread.run_sync(self._jobs.finished, list(self._over)):
                    if job_id in self._over:
                        self._over[job_id].set()
            await asyncio.sleep(POLL)
