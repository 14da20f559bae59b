"""Files that appear whole or not at all, whenever the process that writes them ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL = ".partial"
OLD = ".old"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Gives a path beside ``path`` to write to; at the end, if nothing was raised, what stands there becomes ``path``.

    Durable when it returns; a failure leaves ``path`` as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        part.touch()
        yield part
        _sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """``data`` at ``path``, whole or not at all."""
    with whole(path) as part:
        part.write_bytes(data)


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """``write`` fills a new folder, which durably takes the place of ``folder``. A killed run is tidied up by the next."""
    folder = folder.resolve()  # a link stays one
    new, old = folder.with_name(folder.name + PARTIAL), folder.with_name(folder.name + OLD)
    if old.exists() and not folder.exists():  # killed between the two renames below
        old.rename(folder)
    for rubbish in (new, old):
        shutil.rmtree(rubbish, ignore_errors=True)
    new.mkdir(parents=True)
    write(new)
    for path in (*new.rglob("*"), new):
        _sync(path)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    """See that what stands there is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def may_be_replaced(folder: Path, ours: Collection[str]) -> bool:
    """Whether nothing stands in ``folder`` but what we wrote ourselves (names in ``ours``)."""
    return not folder.exists() or (folder.is_dir() and {path.name for path in folder.iterdir()} <= set(ours))


def sweep(folder: Path) -> None:
    """Remove what killed processes left half written in ``folder``; no other process may be writing there."""
    for rubbish in folder.glob(f".*{PARTIAL}"):
        rubbish.unlink(missing_ok=True)
