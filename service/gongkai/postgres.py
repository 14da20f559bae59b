"""What our connections to PostgreSQL have in common: Unicode on the way, and in the database; no use of one that the server has ended."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    import psycopg

ENCODING = "UTF8"  # of what we send and get, whatever the database or the environment says


def objection(connection: psycopg.Connection) -> str:
    """Why nothing can be kept in that database, and what to do; empty if it can."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding == ENCODING:
        return ""
    return (
        f"数据库的编码是 {encoding}，存不下文件中的所有字符。"
        "请另建 UTF8 编码的数据库：CREATE DATABASE 名称 ENCODING 'UTF8' TEMPLATE template0;"
    )


def still_there(connection: psycopg.Connection, _record: Any, _taken: Any) -> None:
    """Raise ``InvalidatePoolError``, upon which the pool connects anew, if the server has ended ``connection``, which nobody uses now.

    Its end can be read from the socket then, where nothing else waits; to ask the server would take as long as the question itself.
    """
    if connection.closed or _readable(connection.fileno()):
        raise InvalidatePoolError()


def _readable(socket: int) -> bool:
    looked = select.poll()
    looked.register(socket, select.POLLIN)
    return bool(looked.poll(0))
