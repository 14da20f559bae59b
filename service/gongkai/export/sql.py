"""The five tables as SQL: ``CREATE TABLE`` for PostgreSQL, and in a form that any database takes.

Portable means: names that are reserved nowhere, lengths in bytes (a character of GB18030 or UTF-8 may take four), DECIMAL of 38
digits, CLOB for what has no bound, comments that are comments. 达梦, Oracle, openGauss and DB2 take it as it is; where CLOB has
another name (MySQL: LONGTEXT, SQL Server: NVARCHAR(MAX)), replace that one word.
"""

from __future__ import annotations

from typing import Literal

from gongkai.export.columns import PRECISION, Column, tables

Dialect = Literal["postgres", "portable"]
PREFIX = "gongkai_"


def table_name(table: str) -> str:
    """The name in the database: other systems have tables called ``documents`` and ``checks`` too."""
    return PREFIX + table


def ddl(dialect: Dialect) -> str:
    """Statements that make the tables; for PostgreSQL they may be run again."""
    parts = [creation(table, dialect) for table in tables()]
    parts += [comments(table) for table in tables() if dialect == "postgres"]
    return "\n".join(parts)


def creation(table: str, dialect: Dialect) -> str:
    """``CREATE TABLE`` of one table."""
    columns = tables()[table]
    postgres = dialect == "postgres"
    lines = [f"CREATE TABLE {'IF NOT EXISTS ' if postgres else ''}{table_name(table)} ("]
    for column in columns:
        about = "" if postgres else f"  -- {column.title}"
        lines.append(f"  {column.name} {type_of(column, dialect)}{' NOT NULL' if column.key else ''},{about}")
    keys = ", ".join(column.name for column in columns if column.key)
    lines.append(f"  CONSTRAINT {table_name(table)}_pk PRIMARY KEY ({keys})\n);\n")
    return "\n".join(lines)


def comments(table: str) -> str:
    """``COMMENT ON`` for every column of one table."""
    told = ((column.name, column.title.replace("'", "''")) for column in tables()[table])
    return "".join(f"COMMENT ON COLUMN {table_name(table)}.{name} IS '{title}';\n" for name, title in told)


def type_of(column: Column, dialect: Dialect) -> str:
    """The SQL type of ``column``."""
    postgres = dialect == "postgres"
    if column.type == "integer":
        return "integer" if postgres else "INTEGER"
    if column.type in PRECISION:
        digits, scale = PRECISION[column.type]
        return f"{'numeric' if postgres else 'DECIMAL'}({digits}, {scale})"
    if not column.size:
        return "text" if postgres else "CLOB"
    return f"varchar({column.size})" if postgres else f"VARCHAR({column.bytes})"
