"""What our connections to PostgreSQL have in common: Unicode on the way, and in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
