"""The Parquet data set, opened by DuckDB."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from gongkai.export import parquet
from gongkai.export.columns import tables
from gongkai.export.tables import rows
from gongkai.files import replace_folder
from gongkai.openapi import example
from gongkai.report import Report


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def test_duckdb_reads_it_with_the_columns_of_the_codebook(sample: Report, tmp_path: Path) -> None:
    parquet.write([sample], tmp_path / "data")
    for name, columns in tables().items():
        found = duckdb.sql(f"DESCRIBE SELECT * FROM '{tmp_path}/data/{name}/**/*.parquet'").fetchall()
        assert {column for column, *_ in found} == {column.name for column in columns}
    told = duckdb.sql(
        f"SELECT amount_yuan, typeof(amount_yuan), quantum_yuan, fiscal_year, doc_kind FROM '{tmp_path}/data/figures/**/*.parquet' "
        "WHERE form_name = 'expenditure' AND line_name = 'total' AND measure_name = 'project'"
    ).fetchall()  # fmt: skip
    assert told == [(875000, "DECIMAL(38,8)", 100, 2022, "final_account")]


def test_every_row_comes_back_exactly(sample: Report, tmp_path: Path) -> None:
    parquet.write([sample], tmp_path / "data")
    for name, wanted in rows(sample).items():
        path = next((tmp_path / "data" / name).rglob("*.parquet"))
        read = pq.read_table(path, partitioning=None).to_pylist()
        assert read == [{k: v for k, v in row.items() if k not in parquet.PARTITION} for row in wanted]
    assert pq.read_schema(path).field("verdict").metadata[b"title"].decode().startswith("通过")


def test_unknown_year_and_kind_are_null(tmp_path: Path) -> None:
    parquet.write([example(), replace(example(), fiscal_year=None, kind=None)], tmp_path / "data")
    told = duckdb.sql(f"SELECT fiscal_year, doc_kind FROM '{tmp_path}/data/figures/**/*.parquet' ORDER BY 1").fetchall()  # fmt: skip
    assert told == [(2023, "final_account"), (None, None)]


def test_every_partition_has_every_table(tmp_path: Path) -> None:
    parquet.write([example()], tmp_path / "data")
    for name in tables():
        assert (
            tmp_path / "data" / name / "fiscal_year=2023" / "doc_kind=final_account" / "part-0.parquet"
        ).is_file()
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/data/mentions/**/*.parquet'").fetchall() == [(0,)]


def test_the_same_reports_give_the_same_bytes(sample: Report, tmp_path: Path) -> None:
    for name in ("one", "two"):
        parquet.write([sample, example()], tmp_path / name)
        time.sleep(0.01)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_many_rows_go_out_in_groups(sample: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 1000)
    parquet.write([sample] * 3, tmp_path / "data")
    told = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/data/figures/**/*.parquet'").fetchall()
    assert told == [(3 * len(rows(sample)["figures"]),)]


def test_a_data_set_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    parquet.write([example()], tmp_path / "data")
    before = contents(tmp_path / "data")

    def broken() -> object:
        yield example()
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        parquet.write(broken(), tmp_path / "data")  # type: ignore[arg-type]
    assert contents(tmp_path / "data") == before


def test_a_run_killed_between_two_renames_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (tmp_path / "data.old").mkdir()
    (tmp_path / "data.old" / "a").write_text("old")
    (tmp_path / "data.partial").mkdir()
    with pytest.raises(ZeroDivisionError):
        replace_folder(folder, lambda new: 1 / 0)  # type: ignore[arg-type, return-value]
    assert (folder / "a").read_text() == "old"
    replace_folder(folder, lambda new: (new / "b").write_text("new"))  # type: ignore[arg-type, return-value]
    assert [path.name for path in folder.iterdir()] == ["b"]
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
