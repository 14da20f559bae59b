"""Whether a process can take work: each part is looked at, and what is wrong with it said in a sentence."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from gongkai.problems import DATABASE
from gongkai.sandbox import Sandbox
from gongkai.settings import MIB, Settings
from gongkai.store import Store

UPLOADS = 4  # of the largest size there must be room for


def database(store: Store) -> str | None:
    """Whether it answers."""
    try:
        with store.look() as connection:
            connection.execute(sa.select(1))
    except SQLAlchemyError:
        return DATABASE["database"]
    return None


def children(sandbox: Sandbox) -> str | None:
    """Whether they can be started; a process that starts none needs none."""
    return None if sandbox.ready() else "读取文件的子进程无法启动。"


def disk(settings: Settings) -> str | None:
    """Whether there is room where uploads are kept (without a database server, in the data directory) and where they pass through."""
    least = UPLOADS * settings.limits.max_upload_bytes
    folders = [Path(tempfile.gettempdir())] + ([] if settings.database_url else [settings.data_dir])
    try:
        free = min(shutil.disk_usage(folder).free for folder in folders)
    except OSError:
        return "无法得知磁盘的可用空间。"
    return f"磁盘可用空间不足 {least // MIB} MiB。" if free < least else None
