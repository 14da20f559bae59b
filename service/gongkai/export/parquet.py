"""The five tables as Parquet, partitioned by year and kind: ``figures/fiscal_year=2022/doc_kind=final_account/part-0.parquet``.

The columns of the partition stand in the path alone, as in Hive; DuckDB, Arrow and Spark put them back. The same reports in the
same order give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gongkai.export.columns import PRECISION, Column, tables
from gongkai.export.tables import Row, rows
from gongkai.files import replace_folder
from gongkai.report import Report

PARTITION = ("fiscal_year", "doc_kind")
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
ROW_GROUP = 100_000
Tables = Mapping[str, pa.Table]


@cache
def schema(table: str) -> pa.Schema:
    """The Arrow schema of ``table`` without the columns of the partition; what a column holds stands in its metadata."""
    fields = [
        pa.field(
            column.name,
            _type(column),
            nullable=not column.key,
            metadata={"title": column.title, "from": column.origin},
        )
        for column in tables()[table]
        if column.name not in PARTITION
    ]
    return pa.schema(fields)


def _type(column: Column) -> pa.DataType:
    if column.type == "integer":
        return pa.int32()
    if column.type in PRECISION:
        return pa.decimal128(*PRECISION[column.type])
    return pa.string()


def arrow(report_rows: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    """The rows of one Report as Arrow tables of :func:`schema`."""
    return {
        name: pa.Table.from_pylist(table_rows, schema=schema(name))
        for name, table_rows in report_rows.items()
    }


def partition(report: Report) -> tuple[str, ...]:
    """The folders, one a column of the partition, in which the rows of ``report`` stand."""
    values = (report.fiscal_year, report.kind)
    return tuple(
        f"{name}={NO_VALUE if value is None else value}"
        for name, value in zip(PARTITION, values, strict=True)
    )


class DataSet:
    """Writes Parquet files under ``folder``; a context manager. Each partition has a file of each table, if only an empty one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[tuple[str, ...], pq.ParquetWriter] = {}
        self._waiting: dict[tuple[str, ...], list[pa.Table]] = {}
        self._stack = ExitStack()

    def add(self, partition: tuple[str, ...], report: Tables) -> None:
        """Append the rows of one Report."""
        for name, table in report.items():
            waiting = self._waiting.setdefault((name, *partition), [])
            waiting.append(table)
            if sum(each.num_rows for each in waiting) >= ROW_GROUP:
                self._write((name, *partition))

    def _write(self, place: tuple[str, ...]) -> None:
        table = pa.concat_tables(self._waiting.pop(place))
        if place not in self._writers:
            folder = self._folder.joinpath(*place)
            folder.mkdir(parents=True)
            writer = pq.ParquetWriter(folder / "part-0.parquet", table.schema, compression="zstd")
            self._writers[place] = self._stack.enter_context(writer)
        self._writers[place].write_table(table, row_group_size=ROW_GROUP)

    def __enter__(self) -> DataSet:
        return self

    def __exit__(self, *raised: object) -> None:
        with self._stack:
            if raised[0] is None:
                for place in sorted(self._waiting):
                    self._write(place)


def write(reports: Iterable[Report], folder: Path) -> None:
    """The data set of ``reports``, whole, in the place of ``folder``."""

    def fill(new: Path) -> None:
        with DataSet(new) as data:
            for report in reports:
                data.add(partition(report), arrow(rows(report)))

    replace_folder(folder, fill)
