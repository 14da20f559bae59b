"""``gongkai load`` and the tables' SQL, on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pgserver
import psycopg
import pytest

from gongkai.export import sql
from gongkai.export.columns import tables
from gongkai.export.tables import rows
from gongkai.load import LoadError, load, merge, prepare
from gongkai.openapi import example
from gongkai.report import Report

Found = list[dict[str, object]]


def stored(dsn: str, table: str) -> Found:
    keys = ", ".join(column.name for column in tables()[table] if column.key)
    with psycopg.connect(dsn, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(f"SELECT * FROM gongkai_{table} ORDER BY {keys}".encode()).fetchall()


def versions(dsn: str) -> list[object]:
    """Which transaction wrote each figure."""
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT xmin::text, figure_no FROM gongkai_figures ORDER BY 2").fetchall()


def test_every_row_comes_back_exactly(sample: Report, database: str) -> None:
    assert load([sample], database) == 1
    for table, wanted in rows(sample).items():
        assert stored(database, table) == sorted(
            wanted, key=lambda row: [row[c.name] for c in tables()[table] if c.key]
        )


def test_loading_again_touches_nothing(sample: Report, database: str) -> None:
    load([sample], database)
    before = versions(database)
    load([sample], database)
    assert versions(database) == before


def test_what_changed_is_changed_and_what_is_gone_is_gone(sample: Report, database: str) -> None:
    load([sample, example()], database)
    before = versions(database)
    changed = replace(
        sample,
        forms=sample.forms[:2],
        findings=(),
        entity=replace(sample.entity, metadata={"agency_code": "7"}),
    )
    load([changed], database)
    mine = [row for row in stored(database, "figures") if row["report_id"] == sample.content_hash]
    assert mine == rows(changed)["figures"] and {row["agency_code"] for row in mine} == {"7"}
    assert len(versions(database)) < len(before)
    assert [row["report_id"] for row in stored(database, "findings")] == [example().content_hash]


def test_a_report_that_fails_leaves_the_others_and_its_own_old_rows(database: str) -> None:
    load([example()], database)
    with psycopg.connect(database, autocommit=True) as connection:
        prepare(connection)
        connection.execute(
            "ALTER TABLE gongkai_findings ADD CONSTRAINT no_fail CHECK (verdict <> 'fail') NOT VALID"
        )
    other = replace(example(), content_hash="b" * 64)
    with pytest.raises(LoadError, match="已完成的报告不受影响"):
        load([replace(other, findings=()), replace(example(), fiscal_year=2024)], database)
    assert [(row["report_id"], row["fiscal_year"]) for row in stored(database, "figures")] == [
        (example().content_hash, 2023),
        ("b" * 64, 2023),
    ]


def test_two_loads_of_one_report_at_once(sample: Report, database: str) -> None:
    with (
        psycopg.connect(database, autocommit=True) as first,
        psycopg.connect(database, autocommit=True) as second,
    ):
        prepare(first)
        prepare(second)
        second.execute("SET lock_timeout = '200ms'")
        with first.transaction():
            merge(first, sample)
            with pytest.raises(psycopg.errors.LockNotAvailable), second.transaction():
                merge(second, sample)
        with second.transaction():
            merge(second, sample)
    assert len(stored(database, "figures")) == len(rows(sample)["figures"])


def test_an_older_table_gets_the_columns_that_it_lacks(database: str) -> None:
    load([example()], database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE gongkai_figures DROP COLUMN fund")
    load([example()], database)
    assert stored(database, "figures")[0]["fund"] == "all"


def test_a_load_killed_in_the_middle_leaves_whole_reports(
    sample: Report, database: str, tmp_path: Path
) -> None:
    for number in range(12):
        report = replace(sample, content_hash=f"{number:064d}")
        (tmp_path / f"{number:02}.json").write_bytes(report.to_json())
    command = [sys.executable, "-m", "gongkai.cli", "load", str(tmp_path), "--dsn", database]
    process = subprocess.Popen(command)
    with psycopg.connect(database, autocommit=True) as connection:
        prepare(connection)
        while (
            connection.execute("SELECT count(DISTINCT report_id) FROM gongkai_checks").fetchone() < (2,)
            and process.poll() is None
        ):  # type: ignore[operator]
            time.sleep(0.002)
        assert process.poll() is None, "it was too quick to be killed"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wanted = {table: len(of_table) for table, of_table in rows(sample).items()}
        for table, number in wanted.items():
            query = f"SELECT count(*) FROM gongkai_{table} GROUP BY report_id".encode()
            assert {count for (count,) in connection.execute(query)} <= {number}
        again = subprocess.run(command, capture_output=True, text=True, check=True)
        assert again.stdout == "已装入 12 份报告。\n"
        for table, number in wanted.items():
            query = f"SELECT report_id, count(*) FROM gongkai_{table} GROUP BY 1 ORDER BY 1".encode()
            assert connection.execute(query).fetchall() == [(f"{n:064d}", number) for n in range(12)]


@pytest.mark.parametrize("dialect", ["postgres", "portable"])
def test_the_sql_makes_the_tables(dialect: sql.Dialect, database: str) -> None:
    """Portable SQL too, with the one word that PostgreSQL calls otherwise."""
    text = sql.ddl(dialect)
    if dialect == "portable":
        assert not re.search(r"\btext\b|IF NOT EXISTS|COMMENT ON", text)
        text = text.replace("CLOB", "TEXT")
    with psycopg.connect(database) as connection:
        connection.execute(text.encode())
        for table, columns in tables().items():
            described = connection.execute(f"SELECT * FROM gongkai_{table}".encode()).description
            assert described is not None and [each.name for each in described] == [
                column.name for column in columns
            ]


def test_portable_lengths_are_bytes() -> None:
    text = sql.ddl("portable")
    assert "agency_name VARCHAR(480)" in text and "usci VARCHAR(18)" in text
    assert max(int(size) for size in re.findall(r"VARCHAR\((\d+)\)", text)) <= 2000


@pytest.mark.parametrize("dsn", ["mysql://a@b/c", "x"])
def test_another_database_is_refused_with_the_way_out(dsn: str) -> None:
    with pytest.raises(LoadError, match="--ddl portable"):
        load([], dsn)


def test_a_database_that_is_not_there() -> None:
    with pytest.raises(LoadError, match="数据库出错"):
        load([], "postgresql://nobody@/none?host=/nowhere")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN"])
def test_a_database_that_cannot_hold_every_character(postgres_server: pgserver.Server, encoding: str) -> None:
    with pytest.raises(LoadError, match=f"编码是 {encoding}.*ENCODING 'UTF8'"):
        load([example()], postgres_server.database(encoding))


def test_unicode_goes_in_whatever_the_client_is_set_to(
    sample: Report, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    assert load([sample], database) == 1
