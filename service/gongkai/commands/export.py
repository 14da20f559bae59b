"""``gongkai export``: Reports as workbooks, CSV, Parquet, a data package, a bundle, or the tables' SQL."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongkai.report import Report

FORMATS = ("xlsx", "csv", "parquet", "package", "bundle")
DIALECTS = ("postgres", "portable")


def register(commands: Any) -> None:
    """Add ``export``."""
    parser = commands.add_parser("export", help="把报告导出为工作簿、CSV、Parquet、数据包或离线包")
    add_inputs(parser, "*")
    parser.add_argument("--format", choices=FORMATS, help="导出格式")
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="文件（xlsx、package）或文件夹（csv、parquet、bundle）"
    )
    parser.add_argument("--ddl", choices=DIALECTS, help="只输出建表语句")
    parser.set_defaults(run=run)


def add_inputs(parser: argparse.ArgumentParser, number: str) -> None:
    """What :class:`gongkai.sources.Reports` takes."""
    parser.add_argument(
        "inputs", nargs=number, type=Path, metavar="REPORT.json|PDF|DIR",
        help="报告 JSON、PDF（一起给出的是同一份公开）、batch 的结果文件夹或离线包",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 if there is nothing that can be exported so."""
    from gongkai.export.checked import ExportError

    try:
        if options.ddl:
            from gongkai.export import sql

            print(sql.ddl(options.ddl), end="")
            return 0
        if not (options.inputs and options.format and options.out):
            raise ExportError("请给出要导出的报告、--format 和 --out（或只用 --ddl）。")
        return _export(options.format, options.inputs, options.out)
    except ExportError as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 2


def _export(format: str, inputs: list[Path], out: Path) -> int:
    from gongkai.export import bundle, csv_files, package, parquet
    from gongkai.export.columns import tables
    from gongkai.files import replace_folder
    from gongkai.sources import Reports

    reports = Reports(inputs)
    if format == "xlsx":
        _workbooks(reports, out)
    elif format == "package":
        package.write(reports, out)
    elif format == "parquet":
        _only_ours(out, tables())
        parquet.write(reports, out)
    else:
        several = {"csv": csv_files, "bundle": bundle}[format]
        _only_ours(out, several.names())
        replace_folder(out, lambda new: several.write(reports, new))
    return 0


def _only_ours(out: Path, names: Iterable[str]) -> None:
    from gongkai.export.checked import ExportError
    from gongkai.files import may_be_replaced

    if not may_be_replaced(out, list(names)):
        raise ExportError(f"{out} 中已有别的内容，不会覆盖；请另选一个文件夹。")


def _workbooks(reports: Iterable[Report], out: Path) -> None:
    """One Report is a file ``out``; several are files in the folder ``out``, named by body, year and kind."""
    from itertools import chain, islice

    from gongkai.export import workbook

    waiting = iter(reports)
    first = list(islice(waiting, 2))
    if len(first) == 1:
        workbook.write(first[0], out / _file_name(first[0]) if out.is_dir() else out)
        return
    for report in chain(first, waiting):
        workbook.write(report, out / _file_name(report))


def _file_name(report: Report) -> str:
    kind = {"final_account": "决算", "budget": "预算", None: ""}[report.kind]
    name = "".join(c for c in report.entity.name or "单位未知" if c.isalnum())[:60]
    return f"{name}{report.fiscal_year or ''}{kind}-{report.content_hash[:8]}.xlsx"
