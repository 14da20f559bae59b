"""Batches that come over HTTP: many files, or archives of them, each PDF a job of its own.

An archive is never unpacked to disk and the names in it are names only. What it says of its own sizes is not believed: every entry is
read up to a limit.
"""

from __future__ import annotations

import lzma
import struct
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from os import SEEK_END
from typing import IO, Any

import sqlalchemy as sa

from gongkai.errors import Damaged, Refusal, TooLarge
from gongkai.jobs import Jobs
from gongkai.names import base_name
from gongkai.settings import MIB
from gongkai.tables import BATCH_FILES, BATCHES

MOST_ENTRIES = 10_000  # of an archive
MOST_TIMES = 16  # an archive may unpack to so many times the limit of one upload
NAMES = "gb18030"  # of entries that do not say that theirs are UTF-8, as Chinese Windows writes them
IN_MEMORY = 4 * MIB  # of an entry; what is larger waits in a temporary file
BROKEN = (  # all that `zipfile` was seen to raise, and what else its decompressors may
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError, ValueError),
)

Given = tuple[str, IO[bytes]]


def take_in(jobs: Jobs, batch: str, client: str, files: Sequence[Given]) -> None:
    """Hand in each PDF of ``files``; one that is refused is noted with its reason. Raises ``Busy`` if the first finds no room."""
    with jobs.store.begin() as connection:
        connection.execute(BATCHES.insert().values(id=batch, client=client, created_at=time.time()))
    for number, (name, content) in enumerate(_pdfs(files, jobs.settings.limits.max_upload_bytes)):
        row: dict[str, Any] = {"batch": batch, "number": number, "file_name": name[:255]}
        try:
            if isinstance(content, Refusal):
                raise content
            with content:
                row["job"] = jobs.submit([(name, content)], client=client).id
        except Refusal as refusal:
            refusal.file_name = name
            row["problem"] = refusal.problem()
        with jobs.store.begin() as connection:
            connection.execute(BATCH_FILES.insert().values(row))


def told(jobs: Jobs, client: str, batch: str) -> dict[str, Any] | None:
    """Counts by status and each file; ``None`` if the client has no such batch."""
    with jobs.store.look() as connection:
        theirs = (BATCHES.c.id == batch, BATCHES.c.client == client)
        if connection.execute(sa.select(BATCHES.c.id).where(*theirs)).first() is None:
            return None
        query = sa.select(BATCH_FILES).where(BATCH_FILES.c.batch == batch).order_by(BATCH_FILES.c.number)
        rows = connection.execute(query).all()
    statuses = jobs.store.statuses({row.job for row in rows if row.job})
    files = [_file(row, statuses) for row in rows]
    return {"id": batch, "counts": dict(Counter(each["status"] for each in files)), "files": files}


def _file(row: sa.Row[Any], statuses: dict[str, str]) -> dict[str, Any]:
    if row.problem:
        return {"file_name": row.file_name, "status": "refused", "problem": row.problem}
    return {
        "file_name": row.file_name,
        "status": statuses.get(row.job, "deleted"),
        "report": f"/v1/reports/{row.job}",
    }


def _pdfs(files: Sequence[Given], most: int) -> Iterator[tuple[str, IO[bytes] | Refusal]]:
    for name, content in files:
        if _is_archive(content):
            yield from _entries(name, content, most)
        else:
            content.seek(0)
            yield name, content


def _entries(archive_name: str, content: IO[bytes], most: int) -> Iterator[tuple[str, IO[bytes] | Refusal]]:
    """The PDFs of an archive, by their names without folders; other files in it are passed over."""
    left = MOST_TIMES * most
    try:
        with _opened(content) as archive:
            wanted = [info for info in archive.infolist() if info.filename.lower().endswith(".pdf")]
            if len(wanted) > MOST_ENTRIES:
                raise TooLarge(most)
            for info in wanted:
                entry = _read(archive, info, min(most, left))
                left -= 0 if isinstance(entry, Refusal) else entry.seek(0, SEEK_END)
                yield base_name(info.filename), entry
                if isinstance(entry, TooLarge):
                    return
    except TooLarge as refusal:
        yield archive_name, refusal
    except BROKEN:
        yield archive_name, Damaged()


def _is_archive(content: IO[bytes]) -> bool:
    try:
        return zipfile.is_zipfile(content)
    except BROKEN:
        return False


def _opened(content: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(content, metadata_encoding=NAMES)
    except UnicodeDecodeError:
        return zipfile.ZipFile(content)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> IO[bytes] | Refusal:
    """One entry; a refusal if it is longer than ``most`` bytes, encrypted or broken."""
    whole = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by who takes it in)
    try:
        with archive.open(info) as entry:
            while part := entry.read(MIB):
                whole.write(part)
                if whole.tell() > most:
                    raise TooLarge(most)
    except TooLarge as refusal:
        whole.close()
        return refusal
    except BROKEN:
        whole.close()
        return Damaged()
    return whole
