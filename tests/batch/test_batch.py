"""``gongkai batch`` as a process of its own: what it writes, what it says, and what is left when it is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from gongkai import batch
from gongkai.batch import BatchError, find
from gongkai.report import Report

from .conftest import Make

DOCS = Path(__file__).parents[2] / "docs" / "batch.md"
SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"
COMMAND = [sys.executable, "-m", "gongkai.cli", "batch"]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)


def data_set(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted((out / "data").rglob("*.parquet"))
    }


def sheet(out: Path, name: str) -> list[dict[str, Any]]:
    head, *lines = openpyxl.load_workbook(out / "summary.xlsx")[name].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.fixture
def county(tmp_path: Path, disclosed: Make) -> Path:
    """Three bodies, one of them in two files; a file that is no PDF; one file twice."""
    disclosed(tmp_path / "pdf" / "甲" / "a.pdf", "甲县民政局")
    disclosed(tmp_path / "pdf" / "b.PDF", "甲县审计局", amount="9.50")
    disclosed(tmp_path / "pdf" / "c1.pdf", "甲县教育局", table=False)
    disclosed(tmp_path / "pdf" / "c2.pdf", "甲县教育局", prose=False)
    (tmp_path / "pdf" / "坏.pdf").write_text("<html>")
    (tmp_path / "pdf" / "z.pdf").write_bytes((tmp_path / "pdf" / "甲" / "a.pdf").read_bytes())
    (tmp_path / "名录.csv").write_text(
        "单位编码,单位名称,统一社会信用代码,应公开\n1,甲县民政局,11100000000013338W,决算\n2,甲县审计局,,决算\n3,甲县教育局,,决算\n4,甲县卫生局,,决算\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_county_at_once(county: Path) -> None:
    out = county / "out"
    done = run(county / "pdf", "--out", out, "--roster", county / "名录.csv", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["files"], told["reports"], told["duplicates"], told["reused"]) == (6, 3, 1, 0)
    assert [(each["type"], Path(each["files"][0]).name) for each in told["failures"]] == [
        ("not_pdf", "坏.pdf")
    ]
    assert [each["name"] for each in told["not_published"]] == ["甲县卫生局"] and told["review"] == []
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == told
    failures = [line for line in re.split(r"[\r\n]+", done.stderr) if "not_pdf" in line]
    assert len(failures) == 1 and "坏.pdf" in failures[0] and "份/s" in done.stderr

    reports = [Report.from_json(path.read_bytes()) for path in (out / "reports").glob("*.json")]
    assert all(report.checks.results is not None for report in reports)
    found = duckdb.sql(
        f"SELECT agency_name, agency_code, usci, fiscal_year, count(*), string_agg(file_name, ',' ORDER BY file_name) "
        f"FROM '{out}/data/documents/**/*.parquet' GROUP BY ALL ORDER BY agency_code"
    ).fetchall()
    assert found == [
        ("甲县民政局", "1", "11100000000013338W", 2023, 1, "z.pdf"),
        ("甲县审计局", "2", None, 2023, 1, "b.PDF"),
        ("甲县教育局", "3", None, 2023, 2, "c1.pdf,c2.pdf"),
    ]
    lines = sheet(out, "公开情况")
    assert [(line["单位名称"], line["是否公开"], line["文件数"], line["有数的表"]) for line in lines] == [
        ("甲县民政局", "已公开", 1, 1), ("甲县审计局", "已公开", 1, 1), ("甲县教育局", "已公开", 2, 1), ("甲县卫生局", "未公开", 0, None),
    ]  # fmt: skip
    assert [line["收入决算表"] for line in sheet(out, "各表完整性")] == ["有", "有", "有"]
    assert [line["文件"] for line in sheet(out, "待人工确认")] == ["坏.pdf"]


def test_a_second_run_reads_nothing_again_and_gives_the_same(county: Path) -> None:
    out = county / "out"
    run(county / "pdf", "--out", out, "--roster", county / "名录.csv")
    before, written = data_set(out), {path: path.stat().st_mtime_ns for path in (out / "reports").iterdir()}
    done = run(county / "pdf", "--out", out, "--roster", county / "名录.csv", "--json")
    assert json.loads(done.stdout)["reused"] == 3
    assert data_set(out) == before
    assert {path: path.stat().st_mtime_ns for path in (out / "reports").iterdir()} == written


def test_a_file_that_moved_is_not_read_again_but_called_by_its_new_name(county: Path) -> None:
    out = county / "out"
    run(county / "pdf", "--out", out)
    (county / "pdf" / "b.PDF").rename(county / "pdf" / "新.pdf")
    assert json.loads(run(county / "pdf", "--out", out, "--json").stdout)["reused"] == 4
    names = duckdb.sql(f"SELECT file_name FROM '{out}/data/documents/**/*.parquet'").fetchall()
    assert ("新.pdf",) in names and ("b.PDF",) not in names


def test_a_run_killed_at_any_moment_goes_on(tmp_path: Path, disclosed: Make) -> None:
    for number in range(6):
        disclosed(tmp_path / "pdf" / f"{number}.pdf", f"甲县第{number}局", amount=f"{number}.50")
    assert run(tmp_path / "pdf", "--out", tmp_path / "whole").returncode == 0
    out = tmp_path / "out"
    (out / "reports").mkdir(parents=True)
    kills = 0
    for wanted in (1, 3, 5):  # Reports that are there when the run is killed
        process = subprocess.Popen([*COMMAND, tmp_path / "pdf", "--out", out, "--workers", "1"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        while len(list((out / "reports").glob("[!.]*.json"))) < wanted and process.poll() is None:
            time.sleep(0.005)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills, "no run was killed in the middle"
    for path in (out / "reports").glob("[!.]*.json"):
        Report.from_json(path.read_bytes())  # whole, every one
    (out / "reports" / ".x.json.1.partial").write_text("half")
    done = json.loads(run(tmp_path / "pdf", "--out", out, "--json").stdout)
    assert done["reports"] == 6 and done["reused"] >= 3 and done["failures"] == []
    assert data_set(out) == data_set(tmp_path / "whole") != {}
    assert not list((out / "reports").glob(".*"))


def test_two_batches_into_one_folder(county: Path) -> None:
    out = county / "out"
    with batch.alone(out):
        done = run(county / "pdf", "--out", out)
    assert done.returncode == 2 and "另一个 gongkai batch 正在写入" in done.stderr


def test_metadata_and_file_names_decide_nothing(tmp_path: Path, disclosed: Make) -> None:
    disclosed(tmp_path / "pdf" / "某某省财政厅2001年度部门预算.pdf", "甲县审计局")
    (tmp_path / "名录.csv").write_text("单位名称\n某某省财政厅\n甲县审计\n", encoding="utf-8")
    done = run(tmp_path / "pdf", "--out", tmp_path / "out", "--roster", tmp_path / "名录.csv", "--json")
    told = json.loads(done.stdout)
    assert [each["why"] for each in told["review"]] == ["unmatched"]
    assert [each["name"] for each in told["not_published"]] == ["某某省财政厅", "甲县审计"]


def test_a_wrong_roster_stops_before_anything_is_read(county: Path) -> None:
    (county / "名录.csv").write_text("单位名称,统一社会信用代码\n甲局,123\n", encoding="utf-8")
    done = run(county / "pdf", "--out", county / "out", "--roster", county / "名录.csv")
    assert done.returncode == 2 and "第 2 行" in done.stderr and not (county / "out").exists()


def test_a_cluster_reads_the_same(tmp_path: Path, disclosed: Make, database: str) -> None:
    for number in range(3):
        disclosed(tmp_path / "pdf" / f"{number}.pdf", f"甲县第{number}局")
    (tmp_path / "pdf" / "坏.pdf").write_text("<html>")
    run(tmp_path / "pdf", "--out", tmp_path / "here")
    worker = [sys.executable, "-m", "gongkai.cli", "worker"]
    environment = os.environ | {
        "GONGKAI_DATABASE_URL": database,
        "GONGKAI_DATA_DIR": str(tmp_path / "data"),
    }
    with subprocess.Popen(worker, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            done = run(tmp_path / "pdf", "--out", tmp_path / "out", "--database-url", database, "--json")
        finally:
            process.terminate()
    told = json.loads(done.stdout)
    assert (told["reports"], [each["type"] for each in told["failures"]]) == (3, ["not_pdf"])
    assert data_set(tmp_path / "out") == data_set(tmp_path / "here")


# what is given


def test_folders_patterns_lists_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.pdf", "x/b.PDF", "x/y/c.pdf", "x/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "清单.txt").write_text("\ufeffa.pdf\n# not this\n\nx/b.PDF\nx/gone.pdf\n", encoding="utf-8")

    def names(*given: str) -> list[str]:
        return [path.name for path in find([str(tmp_path / each) for each in given])]

    assert names("x") == ["b.PDF", "c.pdf"]
    assert names("**/*.pdf") == ["a.pdf", "c.pdf"]
    assert names("清单.txt") == ["a.pdf", "b.PDF", "gone.pdf"]
    assert names("a.pdf", "清单.txt", "x") == ["a.pdf", "b.PDF", "gone.pdf", "c.pdf"]
    for nothing in ("x/d.txt", "nowhere*.pdf"):
        with pytest.raises(BatchError, match="没有 PDF"):
            names(nothing)


def test_a_path_of_a_list_that_is_not_there_is_a_failure_and_no_end(county: Path) -> None:
    (county / "清单.txt").write_text("pdf/b.PDF\npdf/没有.pdf\n", encoding="utf-8")
    done = run(county / "清单.txt", "--out", county / "out", "--json")
    told = json.loads(done.stdout)
    assert (told["reports"], [each["type"] for each in told["failures"]]) == (1, ["unreadable"])


# the questions that the page answers


def test_the_questions_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures typed from the pages of the sample: 三公 11.30 and 3.57, 2080505 68.01, 基本 1,109.33, 项目 87.50 of 1,196.83, 人员 864.29, 公用 245.04."""
    questions = re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(questions) == 5
    assert run(SAMPLE, "--out", tmp_path / "out").returncode == 0
    monkeypatch.chdir(tmp_path / "out")
    over, item, parts, staff, rules = (duckdb.sql(question).fetchall() for question in questions)
    name = "株洲市医疗保障事务中心"
    assert over == []  # 3.57 of 11.30 were spent
    under = duckdb.sql(
        questions[0].replace("actual_yuan > budget_yuan", "actual_yuan < budget_yuan")
    ).fetchall()
    assert under == [(name, 2022, 113000, 35700)]
    assert item == [(name, 2022, "机关事业单位基本养老保险缴费支出", 680100, 9)]
    assert parts == [(name, 2022, 92.7, 7.3)]
    assert staff == [(name, 2022, 8642900, 2450400)]
    assert "X-TOC-BODY" in [code for code, *_ in rules]
