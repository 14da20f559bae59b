"""The one database: SQLite in the data directory for one process, PostgreSQL for any number of processes on any number of machines."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from gongkai import postgres
from gongkai.settings import Settings, SettingsError

NAME = "gongkai.db"
LOCK = "gongkai.lock"
MIGRATION_LOCK = 0x676F6E67  # any number that nobody else uses
POOL = 20  # connections of one process, at most
CACHE = 256  # KiB of pages that a connection to SQLite keeps: the system's cache holds the rest, once for all of them
FULL = 1  # SQLite's word for giving back at once the space of what is deleted
CONNECT = 5  # seconds for a server to answer


class OnlyProcess:
    """Holds a data directory for this process; the system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Raises :class:`SettingsError` if another process holds it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[str] = (folder / LOCK).open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise SettingsError(
                f"数据目录 {folder} 正由另一个 gongkai 进程使用；SQLite 只能由一个进程使用。"
                "要同时运行多个进程，请用 GONGKAI_DATABASE_URL 指定 PostgreSQL 数据库。"
            ) from None

    def release(self) -> None:
        self._file.close()


def connect(settings: Settings) -> sa.Engine:
    """The engine on the database of ``settings``; makes no table. SQLite needs :class:`OnlyProcess` first."""
    if settings.database_url:
        url = sa.make_url(settings.database_url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(
            url,
            pool_size=POOL,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT, "client_encoding": postgres.ENCODING},
        )
        sa.event.listen(engine, "checkout", postgres.still_there)
        return engine
    path = settings.data_dir / NAME
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=POOL, max_overflow=0, hide_parameters=True)
    sa.event.listen(engine, "connect", _as_needed)
    return engine


def looking(engine: sa.Engine) -> sa.Engine:
    """The same connections for whoever only looks: no transaction is begun and ended around a question. (SQLite begins one when something
    is written.)"""
    return (
        engine.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql"
        else engine
    )


def _as_needed(connection: Any, _: Any) -> None:
    """What is committed survives a power cut (synchronous), what is deleted is overwritten and its space given back."""
    connection.isolation_level = "IMMEDIATE"  # as the job engine wants it
    (vacuum,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    if vacuum != FULL:  # it stays so; to say it again waits for whoever writes
        connection.execute(f"PRAGMA auto_vacuum = {FULL}")
    for pragma in (
        "busy_timeout = 30000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
        f"cache_size = -{CACHE}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def migrate(engine: sa.Engine) -> None:
    """Bring our own tables to this version; processes that start at once wait for one another. Raises :class:`SettingsError`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                driver: Any = connection.connection.driver_connection
                if objection := postgres.objection(driver):
                    raise SettingsError(objection)
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError("数据库由更新版本的 gongkai 建立，请升级本程序。") from error
    except sa.exc.OperationalError as error:
        raise SettingsError(f"无法连接数据库，请核对 GONGKAI_DATABASE_URL：{error.orig}") from error
