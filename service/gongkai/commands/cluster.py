"""A batch that is read by the workers of a cluster: handed in as jobs of its database, waited for, fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gongkai.batch import Read
from gongkai.errors import Crashed
from gongkai.jobs import Jobs
from gongkai.settings import Settings

AT_ONCE = 16  # disclosures handed in and waited for; the cluster's own queue holds them
PATIENCE = 60.0  # seconds between two looks at who hands in


@contextmanager
def reader(database_url: str) -> Iterator[Read]:
    """Reads through the jobs in ``database_url`` (PostgreSQL); raises ``SettingsError`` if it cannot be used."""
    with Jobs(replace(Settings.from_environment(), database_url=database_url, workers=0)) as jobs:

        def read(files: list[tuple[str, bytes]]) -> bytes:
            job = jobs.submit(files)
            while job.open:
                job = jobs.wait(job, PATIENCE)
            if job.status not in ("done", "failed"):
                raise Crashed("该文件的任务已被取消或删除。")
            return jobs.report(job, all_checks=True)

        yield read
