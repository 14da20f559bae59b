"""Connections to the database: none that the server has ended is used, and who only looks begins nothing and waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pgserver
import psycopg
import pytest
import sqlalchemy as sa

from gongkai import database
from gongkai.settings import Settings
from gongkai.store import Store


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if pgserver.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    with pgserver.server("fsync=off") as made:
        yield made.database()


def test_a_connection_that_the_server_ended_is_not_used(address: str) -> None:
    engine = database.connect(replace(Settings(), database_url=address))
    with engine.connect() as one, engine.connect() as another:
        numbers = [each.scalar(sa.text("select pg_backend_pid()")) for each in (one, another)]
    with psycopg.connect(address, autocommit=True) as other:
        for number in numbers:
            other.execute("select pg_terminate_backend(%s, 5000)", (number,))
    with engine.connect() as one, engine.connect() as another:
        fresh = [each.scalar(sa.text("select pg_backend_pid()")) for each in (one, another)]
    assert not set(fresh) & set(numbers)
    engine.dispose()


def test_one_that_was_closed_is_not_used(address: str) -> None:
    engine = database.connect(replace(Settings(), database_url=address))
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
    driver.close()
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select 1")) == 1
    engine.dispose()


def test_one_that_is_still_there_is_used_again(address: str) -> None:
    engine = database.connect(replace(Settings(), database_url=address))
    numbers = set()
    for _ in range(3):
        with engine.connect() as connection:
            numbers.add(connection.scalar(sa.text("select pg_backend_pid()")))
    assert len(numbers) == 1
    engine.dispose()


def test_who_looks_begins_no_transaction(address: str) -> None:
    store = Store(database.connect(replace(Settings(), database_url=address)))
    with store.look() as connection:
        connection.execute(sa.select(1))
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        assert driver.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with store.begin() as connection:  # the same connection of the pool
        connection.execute(sa.select(1))
        assert connection.connection.driver_connection is driver
        assert driver.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    store.engine.dispose()


def test_who_looks_waits_for_nobody_who_writes(tmp_path: Path) -> None:
    store = Store(database.connect(replace(Settings(), data_dir=tmp_path)))
    database.migrate(store.engine)
    assert store.at_hand
    store.engine.dispose()  # the next connections are new ones
    with store.begin() as writing:
        writing.execute(sa.text("create table t (n int)"))
        with store.look() as connection:  # else an error: database is locked
            assert connection.scalar(sa.text("select count(*) from sqlite_master where name = 't'")) == 0
            assert connection.exec_driver_sql("pragma auto_vacuum").scalar() == database.FULL
    store.engine.dispose()
