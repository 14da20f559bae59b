"""Reports into PostgreSQL (and what speaks its protocol): the five tables, one transaction a Report, as often as one likes.

A Report's rows are copied into staging tables of the session and merged from there: what is new is inserted, what changed is
updated, what is the same is left untouched, what is gone is deleted. A killed load leaves whole Reports alone; load again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import psycopg
from psycopg import sql as q

from gongkai import postgres
from gongkai.export import sql
from gongkai.export.columns import Column, tables
from gongkai.export.tables import Row, rows
from gongkai.report import Report


class LoadError(ValueError):
    """A database that cannot be loaded; says what to do."""


def load(reports: Iterable[Report], dsn: str, told: Callable[[Report], None] = lambda _: None) -> int:
    """Merge ``reports`` into the database of ``dsn`` (a ``postgresql://`` address); gives their number. ``told`` hears of each when
    it is durable. Raises :class:`LoadError`."""
    if not dsn.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise LoadError(
            "--dsn 应为 postgresql://用户@主机/数据库；其他数据库请用 gongkai export --ddl portable 建表，再导入 CSV。"
        )
    number = 0
    try:
        with psycopg.connect(
            dsn.replace("postgresql+psycopg://", "postgresql://", 1),
            autocommit=True,
            client_encoding=postgres.ENCODING,
        ) as connection:
            if objection := postgres.objection(connection):
                raise LoadError(objection)
            prepare(connection)
            for report in reports:
                with connection.transaction():
                    merge(connection, report)
                told(report)
                number += 1
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise LoadError(f"数据库出错：{said[0]}。已完成的报告不受影响，改正后重新运行即可。") from error
    return number


def prepare(connection: psycopg.Connection) -> None:
    """Make the tables, or the columns that an older version did not have, where any is missing; staging tables for this session."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('gongkai_ddl'))")
        for table, columns in tables().items():
            named = _columns(connection, table)
            if lacking := [column for column in columns if column.name not in named]:
                _complete(connection, table, lacking)
    for table in tables():
        connection.execute(
            _of(table, "CREATE TEMP TABLE {stage} (LIKE {table} INCLUDING ALL) ON COMMIT DELETE ROWS")
        )


def _columns(connection: psycopg.Connection, table: str) -> set[str]:
    """The columns that ``table`` has; none if there is no such table."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
    return {name for (name,) in connection.execute(query, [sql.table_name(table)])}


def _complete(connection: psycopg.Connection, table: str, lacking: Sequence[Column]) -> None:
    connection.execute(sql.creation(table, "postgres").encode())
    for column in lacking:
        kind = sql.type_of(column, "postgres")
        alter = f"ALTER TABLE {sql.table_name(table)} ADD COLUMN IF NOT EXISTS {column.name} {kind}"
        connection.execute(alter.encode())
    connection.execute(sql.comments(table).encode())


def merge(connection: psycopg.Connection, report: Report) -> None:
    """Make the rows of ``report`` those of the database, within the transaction that is open."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [report.content_hash])
    for table, staged in rows(report).items():
        columns = tables()[table]
        _copy(connection, table, columns, staged)
        for statement in (MERGE, DELETE):
            connection.execute(_of(table, statement), {"report": report.content_hash})


MERGE = """
INSERT INTO {table} AS old ({columns}) SELECT {columns} FROM {stage}
ON CONFLICT ({keys}) DO UPDATE SET ({columns}) = ROW ({new})
WHERE ({old}) IS DISTINCT FROM ({new})
"""
DELETE = "DELETE FROM {table} AS old WHERE old.report_id = %(report)s AND NOT EXISTS (SELECT FROM {stage} AS new WHERE {same})"


def _of(table: str, statement: str) -> q.Composed:
    columns = tables()[table]
    names, keys = [column.name for column in columns], [column.name for column in columns if column.key]
    return q.SQL(statement).format(
        table=q.Identifier(sql.table_name(table)),
        stage=q.Identifier(f"stage_{table}"),
        columns=_listed(names),
        keys=_listed(keys),
        new=_listed(names, "excluded"),
        old=_listed(names, "old"),
        same=q.SQL(" AND ").join(
            q.SQL("{} = {}").format(q.Identifier("new", key), q.Identifier("old", key)) for key in keys
        ),
    )


def _listed(names: Sequence[str], of: str | None = None) -> q.Composed:
    return q.SQL(", ").join(q.Identifier(*([of] if of else []), name) for name in names)


def _copy(
    connection: psycopg.Connection, table: str, columns: Sequence[Column], staged: Sequence[Row]
) -> None:
    statement = _of(table, "COPY {stage} ({columns}) FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in staged:
            copy.write_row([row[column.name] for column in columns])
