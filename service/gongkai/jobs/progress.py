"""How far the jobs at work in this process are, as their children tell it. No child waits until it is written down."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai import sandbox
from gongkai.store import Job, Noted

LARGEST = 2**31 - 1  # of a column; a child may say anything


class Progress:
    """Safe to use from many threads."""

    def __init__(self) -> None:
        self._news: dict[tuple[str, int], tuple[int, int]] = {}

    def of(self, job: Job) -> sandbox.Progress:
        """What the children of ``job`` are to call; pages once read stay read when another child begins anew."""
        most = 0

        def told(pages: int, read: int) -> None:
            nonlocal most
            most = max(most, min(read, pages, LARGEST))
            self._news[job.id, job.run] = (min(pages, LARGEST), most)

        return told

    def news(self) -> Iterator[Noted]:
        """What was not fetched yet."""
        while self._news:
            (job_id, run), (pages, pages_read) = self._news.popitem()
            yield Noted(job_id, run, pages, pages_read)
