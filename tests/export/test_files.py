"""CSV, data package and bundle, each opened by what its user has."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest

from gongkai import cli
from gongkai.export import bundle, csv_files, package
from gongkai.export.checked import ExportError
from gongkai.export.columns import tables
from gongkai.export.tables import rows
from gongkai.openapi import example
from gongkai.report import Report

from .test_tables import figure

WHOLE = replace(example(), checks=replace(example().checks, results=()))


def read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


# CSV


def test_csv_says_what_the_tables_say(sample: Report, tmp_path: Path) -> None:
    csv_files.write([sample], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(csv_files.names())
    for name, wanted in rows(sample).items():
        assert (tmp_path / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbfreport_id,agency_name,")
        found = read(tmp_path / f"{name}.csv")
        assert len(found) == len(wanted)
        for row, told in zip(found, wanted, strict=True):
            for column in tables()[name]:
                value = told[column.name]
                if isinstance(value, Decimal):
                    assert Decimal(row[column.name]) == value and "E" not in row[column.name]
                elif not (row[column.name].startswith("'")):
                    assert row[column.name] == ("" if value is None else str(value))
    total = next(row for row in read(tmp_path / "figures.csv") if row["figure_id"] == "expenditure#1:合计:1")
    assert (total["amount"], total["amount_yuan"], total["amount_printed"]) == (
        "1196.83",
        "11968300",
        "1,196.83",
    )


def test_formulas_are_text_for_spreadsheets_and_untouched_for_programs(tmp_path: Path) -> None:
    labels = ["=HYPERLINK(1)", "@a", "+b", "-", "-1.20", "\t=c"]
    figures = tuple(figure("-1.20", str(n), row_label=label) for n, label in enumerate(labels))
    report = replace(example(), forms=(replace(example().forms[0], figures=figures),))
    for name, write in (("a", csv_files.write), ("b", csv_files.write_plain)):
        (tmp_path / name).mkdir()
        write([report], tmp_path / name)
    found = read(tmp_path / "a" / "figures.csv")
    assert [row["row_label"] for row in found] == ["'=HYPERLINK(1)", "'@a", "'+b", "-", "-1.20", "'\t=c"]
    assert {(row["amount"], row["amount_printed"]) for row in found} == {("-1.20", "-1.20")}
    assert [row["row_label"] for row in read(tmp_path / "b" / "figures.csv", "utf-8")] == labels


# data package


def test_the_package_is_valid_and_holds_the_tables(sample: Report, tmp_path: Path) -> None:
    package.write([sample, example()], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "a")
    report = frictionless.validate(tmp_path / "a" / "datapackage.json")
    assert report.valid, report.flatten(["fieldName", "message"])[:5]
    assert {task.name: task.stats["rows"] for task in report.tasks}["figures"] == len(
        rows(sample)["figures"]
    ) + 1
    with frictionless.Package(tmp_path / "a" / "datapackage.json").get_resource("figures").open() as resource:
        amounts = [row["amount_yuan"] for row in resource.row_stream]
    assert amounts[-1] == Decimal(12084400)
    assert "`exp_func_code`" in (tmp_path / "a" / "README.md").read_text(encoding="utf-8")


def test_the_fiscal_annotations_name_columns_that_there_are(tmp_path: Path) -> None:
    package.write([example()], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        told = json.loads(archive.read("datapackage.json"))
    columns = {column.name for column in tables()["figures"]}
    model = told["model"]
    sources = [measure["source"] for measure in model["measures"].values()]
    sources += [
        each["source"]
        for dimension in model["dimensions"].values()
        for each in dimension["attributes"].values()
    ]
    assert set(sources) <= columns and {
        "amount_yuan",
        "exp_func_code",
        "agency_name",
        "phase",
        "fund",
        "kind",
    } <= set(sources)


def test_a_damaged_package_is_not_valid(tmp_path: Path) -> None:
    package.write([example()], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "a")
    path = tmp_path / "a" / "figures.csv"
    path.write_bytes(path.read_bytes().replace(b"12084400", b"12084401"))
    assert not frictionless.validate(tmp_path / "a" / "datapackage.json").valid


def test_the_same_report_gives_the_same_package(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        package.write([example()], tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


# bundle


@pytest.fixture
def whole(sample: Report, tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    bundle.write([sample, WHOLE], tmp_path / "b")
    return tmp_path / "b"


def test_a_whole_bundle_is_checked_with_coreutils_alone(whole: Path, sample: Report) -> None:
    subprocess.run(["sha256sum", "--strict", "-c", bundle.SUMS], cwd=whole, check=True, capture_output=True)
    sums = hashlib.sha256((whole / bundle.SUMS).read_bytes()).hexdigest()
    assert (whole / bundle.END).read_text(encoding="ascii") == sums + "\n"
    assert sorted(path.name for path in whole.iterdir()) == sorted(bundle.names())
    counts = {each["name"]: each["rows"] for each in bundle.verify(whole)["files"]}
    lines = (whole / "figures.ndjson").read_bytes().splitlines()
    assert counts["figures.ndjson"] == len(lines) == len(rows(sample)["figures"]) + 1
    assert json.loads(lines[-1])["amount_yuan"] == "12084400"
    assert list(bundle.reports_of(whole)) == [sample, WHOLE]


@pytest.mark.parametrize("name", bundle.names())
def test_a_cut_transfer_is_noticed_wherever_it_was_cut(whole: Path, name: str) -> None:
    data = (whole / name).read_bytes()
    for cut in (
        None,
        b"",
        data[: len(data) // 2],
        data[:-2],
        data.replace(b"a", b"b", 1) if b"a" in data else b"x" + data,
    ):
        if cut is None:
            (whole / name).unlink()
        else:
            (whole / name).write_bytes(cut)
        if cut == data:
            continue
        with pytest.raises(ExportError, match="重新传输"):
            bundle.verify(whole)
        (whole / name).write_bytes(data)
    bundle.verify(whole)


# the command


@pytest.fixture
def given(sample: Report, tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(sample.to_json())
    (tmp_path / "in" / "b.json").write_bytes(WHOLE.to_json())
    return tmp_path / "in"


@pytest.mark.parametrize(
    ("format", "wanted"),
    [
        ("csv", ["checks.csv", "documents.csv", "figures.csv", "findings.csv", "mentions.csv"]),
        ("parquet", ["checks", "documents", "figures", "findings", "mentions"]),
        ("bundle", sorted(bundle.names())),
        ("xlsx", ["某某市某某局2023决算-5f70bf18.xlsx", "株洲市医疗保障事务中心2022决算-f7f416e3.xlsx"]),
    ],
)  # fmt: skip
def test_every_format_by_the_command_and_again(
    given: Path, tmp_path: Path, format: str, wanted: list[str]
) -> None:
    for _ in range(2):
        assert cli.main(["export", str(given), "--format", format, "--out", str(tmp_path / "out")]) == 0
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == wanted


def test_one_report_is_one_workbook_and_a_package_is_one_file(given: Path, tmp_path: Path) -> None:
    for format, name in (("xlsx", "a.xlsx"), ("package", "a.zip")):
        assert (
            cli.main(["export", str(given / "a.json"), "--format", format, "--out", str(tmp_path / name)])
            == 0
        )
        assert zipfile.is_zipfile(tmp_path / name)


def test_a_bundle_is_exported_again_and_a_pdf_is_read(whole: Path, tmp_path: Path, good_pdf: bytes) -> None:
    (tmp_path / "x.pdf").write_bytes(good_pdf)
    for given in (whole, tmp_path / "x.pdf"):
        out = tmp_path / f"{given.name}.csv"
        assert cli.main(["export", str(given), "--format", "csv", "--out", str(out)]) == 0
        assert read(out / "figures.csv")


@pytest.mark.parametrize("format", ["parquet", "bundle", "csv"])
def test_a_folder_of_somebody_else_is_never_replaced(
    given: Path, tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert cli.main(["export", str(given), "--format", format, "--out", str(tmp_path / "out")]) == 2
    assert "不会覆盖" in capsys.readouterr().err and (tmp_path / "out" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export"], "请给出要导出的报告"),
        (["export", "{}/a.json", "--format", "csv"], "请给出要导出的报告"),
        (["export", "{}/empty", "--format", "csv", "--out", "{}/x"], "没有报告"),
        (["export", "{}/bad.json", "--format", "csv", "--out", "{}/x"], "不是本版本的报告"),
        (["export", "{}/gone.json", "--format", "csv", "--out", "{}/x"], "无法读取"),
        (["load", "{}/a.json"], "--dsn"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported(
    given: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (given / "empty").mkdir()
    (given / "bad.json").write_text("{}")
    assert cli.main([each.format(given) for each in arguments]) == 2
    assert told in capsys.readouterr().err


def test_the_sql_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--ddl", "portable"]) == 0
    assert capsys.readouterr().out.count("CREATE TABLE gongkai_") == 5


@pytest.mark.parametrize("format", ["bundle", "csv", "package", "parquet"])
def test_an_export_killed_in_the_middle_leaves_the_old_one(
    sample: Report, tmp_path: Path, format: str
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(10):
        report = replace(sample, content_hash=f"{number:064d}")
        (tmp_path / "in" / f"{number:02}.json").write_bytes(report.to_json())
    out = tmp_path / "out"
    assert cli.main(["export", str(tmp_path / "in" / "00.json"), "--format", format, "--out", str(out)]) == 0

    def held() -> dict[str, bytes]:
        files = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    before = held()
    command = [
        sys.executable,
        "-m",
        "gongkai.cli",
        "export",
        str(tmp_path / "in"),
        "--format",
        format,
        "--out",
        str(out),
    ]
    process = subprocess.Popen(command)
    while process.poll() is None and not [
        path for path in tmp_path.iterdir() if path.name.endswith(".partial")
    ]:
        time.sleep(0.002)
    time.sleep(0.1)
    assert process.poll() is None, "it was too quick to be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert held() == before
    assert cli.main(["export", str(tmp_path / "in"), "--format", format, "--out", str(out)]) == 0
    assert held() != before
