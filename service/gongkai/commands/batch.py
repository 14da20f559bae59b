"""``gongkai batch``: many PDFs into one folder of Reports, a data set and a summary."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.show import safe

if TYPE_CHECKING:
    from gongkai.batch import Failure, Outcome
    from gongkai.disclosures import Answer
    from gongkai.roster import Roster

CLEAN, TROUBLE, USAGE = 0, 1, 2


def register(commands: Any) -> None:
    """Add ``batch``."""
    parser = commands.add_parser("batch", help="批量读取：每份一个 JSON，合成一个 Parquet 数据集，并汇总")
    parser.add_argument(
        "inputs", nargs="+", metavar="DIR|GLOB|LIST", help="文件夹、通配符、PDF，或每行一个路径的清单"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="结果文件夹；中断后用同一文件夹可续跑"
    )
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="单位名录（CSV 或 XLSX）：对应单位，列出未公开的"
    )
    parser.add_argument(
        "--year", type=_positive, metavar="YEAR", help="查哪一年的公开情况，默认为这批文件中最多的年度"
    )
    parser.add_argument("--workers", type=_positive, metavar="N", help="同时读取的进程数，默认为全部处理器")
    parser.add_argument(
        "--database-url", metavar="URL", help="交给此 PostgreSQL 数据库的 gongkai worker 读取"
    )
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--record", type=Path, metavar="FILE", help="写出模型问答（未配置模型时为可问的问题）")
    about.add_argument("--replay", type=Path, metavar="FILE", help="用此前的问答记录代替模型，不联网")
    parser.add_argument("--json", action="store_true", help="汇总以 JSON 输出到标准输出")
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("应为正整数")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when every file was read, 1 when one was refused, 2 when the batch could not begin."""
    from gongkai import batch, roster
    from gongkai.llm.records import RecordError

    if options.database_url and (options.record or options.replay):
        print(
            "gongkai: --record 和 --replay 用于本机读取；worker 的问答见 GET /v1/reports/{id}/model。",
            file=sys.stderr,
        )
        return USAGE
    try:
        bodies = roster.load(options.roster) if options.roster else None
        files = batch.find(options.inputs)
        with batch.alone(options.out):
            return _run(options, files, bodies)
    except RecordError as error:
        print(f"gongkai: {options.replay.name}：{error}", file=sys.stderr)
        return USAGE
    except (batch.BatchError, roster.RosterError) as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return USAGE


def _run(options: argparse.Namespace, files: list[Path], bodies: Roster | None) -> int:
    from gongkai import batch, dataset, disclosures
    from gongkai.export import summary
    from gongkai.files import write_whole

    began = time.monotonic()
    workers = options.workers or len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        elsewhere = None
        if options.database_url:
            from gongkai.commands import cluster

            elsewhere = stack.enter_context(cluster.reader(options.database_url))
            workers = options.workers or cluster.AT_ONCE
        bar = stack.enter_context(_Bar())
        about = {"record": options.record, "replay": options.replay}
        outcome = batch.Batch(options.out, workers, bar, elsewhere, **about).run(files, bodies)
    answer = disclosures.answer(outcome.briefs, bodies, options.year) if bodies else None
    known = answer.bodies if answer else {}
    dataset.write(options.out / batch.DATA, outcome.briefs, known, workers)
    dataset.write_index(options.out, outcome.briefs, known)
    summary.write(outcome.briefs, outcome.failures, answer, options.out / "summary.xlsx")
    told = _summary(files, outcome, answer, time.monotonic() - began)
    text = json.dumps(told, ensure_ascii=False, indent=2)
    write_whole(options.out / "summary.json", text.encode())
    print(text if options.json else _sentence(told, options.out))
    return TROUBLE if outcome.failures else CLEAN


class _Bar:
    """A bar on stderr, with rate and remaining time, and a line for each failure."""

    def __init__(self) -> None:
        from tqdm import tqdm

        often = 0.2 if sys.stderr.isatty() else 30.0  # a log needs no bar that moves
        self._bar = tqdm(total=0, unit="份", file=sys.stderr, mininterval=often, smoothing=0.1)

    def expect(self, more: int) -> None:
        self._bar.total += more
        self._bar.refresh()

    def done(self, failure: Failure | None) -> None:
        if failure is not None:
            names = "、".join(str(path) for path in failure.files)
            self._bar.write(safe(f"{names}  [{failure.type}] {failure.detail}"), file=sys.stderr)
        self._bar.update()

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _summary(files: list[Path], outcome: Outcome, answer: Answer | None, seconds: float) -> dict[str, Any]:
    briefs = outcome.briefs
    told: dict[str, Any] = {
        "files": len(files),
        "reports": len(briefs),
        "reused": sum(one.key in outcome.reused for one in briefs),
        "duplicates": outcome.duplicates,
        "pages": sum(one.counts["pages"] for one in briefs),
        "errors": sum(one.counts["errors"] for one in briefs),
        "warnings": sum(one.counts["warnings"] for one in briefs),
        "needs_review": sum(one.counts["needs_review"] for one in briefs),
        "seconds": round(seconds, 1),
        "failures": [
            {"files": [str(path) for path in each.files], "type": each.type, "detail": each.detail}
            for each in outcome.failures
        ],
    }  # fmt: skip
    if answer is not None:
        told["not_published"] = [
            {
                "line": one.body.line,
                "code": one.body.code,
                "name": one.body.name,
                "year": one.year,
                "kind": one.kind,
            }
            for one in answer.published
            if not one.briefs
        ]
        told["review"] = [
            {"files": [str(path) for path in one.files], "name": one.name, "why": why}
            for one, why in answer.review
        ]
    return told


def _sentence(told: dict[str, Any], out: Path) -> str:
    parts = [
        f"{told['files']} 个文件，{told['reports']} 份报告（{told['pages']} 页），其中 {told['reused']} 份此前已读",
        f"重复 {told['duplicates']} 个，未能处理 {len(told['failures'])} 个",
        f"错误 {told['errors']} 处，警告 {told['warnings']} 处，待核 {told['needs_review']} 处",
    ]
    if "review" in told:
        parts.append(f"未公开 {len(told['not_published'])} 个，需人工确认 {len(told['review'])} 份")
    return "；".join(parts) + f"。用时 {told['seconds']} 秒，结果在 {out}。"
