"""The command line: the verbs of the library in a terminal. Results go to stdout, progress and trouble to stderr."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import gongkai
from gongkai import show
from gongkai.commands import batch, export, keys, load
from gongkai.errors import Refusal
from gongkai.settings import Settings, SettingsError

if TYPE_CHECKING:
    from gongkai.asking import Read
    from gongkai.checks import Outcome
    from gongkai.report import Report

GRACE = 10  # seconds for answers that are under way when the service ends
CLEAN, TROUBLE, USAGE, INTERRUPTED = 0, 1, 2, 130
PLUGINS = "gongkai.commands"
KEEP_ALIVE = 75  # seconds: longer than gateways keep a connection open, so that they close it and not we


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (``docs/cli.md``). A wrong command line exits with 2."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        files = [path.name for path in getattr(options, "files", ())]
        _print(show.refusal(refusal, files, _paint(sys.stderr)), sys.stderr)
        return refusal.exit_code
    except (SettingsError, OSError) as error:
        if isinstance(error, BrokenPipeError):  # the reader of our output (head, less) has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return TROUBLE
        print(f"gongkai: {_reason(error)}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """The parser with the built-in commands and those of installed packages (entry points of ``gongkai.commands``)."""
    parser = argparse.ArgumentParser(
        prog="gongkai", description="读取部门预算、部门决算公开 PDF，核对勾稽关系，输出可追溯的 JSON。"
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    read = commands.add_parser("read", help="读取并输出一份 JSON 报告")
    _add_files(read)
    read.add_argument("--all-checks", action="store_true", help="列出每一项核对及其结论")
    read.add_argument("--indent", type=_indent, metavar="N", help="JSON 缩进")
    about = read.add_mutually_exclusive_group()
    about.add_argument("--record", type=Path, metavar="FILE", help="写出模型问答（未配置模型时为可问的问题）")
    about.add_argument("--replay", type=Path, metavar="FILE", help="用此前的问答记录代替模型，不联网")
    read.set_defaults(run=_read)

    check = commands.add_parser("check", help="读取并列出发现的问题（供人阅读）")
    _add_files(check)
    check.add_argument(
        "--with",
        dest="others",
        action="append",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE.pdf",
        help="另一份报告（上年的、当年预算、所属单位或主管部门），与之核对；可多次给出",
    )
    check.add_argument("--strict", action="store_true", help="也作默认不作的核对（行次、重复语句等）")
    check.add_argument(
        "--json",
        action="store_true",
        help="输出 JSON（供程序使用）：发现的问题、计数，与另一份报告核对的分列",
    )
    check.set_defaults(run=_check)

    catalogue = commands.add_parser("catalogue", help="列出全部核对规则")
    catalogue.set_defaults(run=_catalogue)

    serve = commands.add_parser("serve", help="启动 HTTP 服务")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    _add_engine(serve)
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="处理任务（与 serve 共用一个 PostgreSQL 数据库）")
    _add_engine(worker)
    worker.add_argument(
        "--metrics",
        type=_address,
        metavar="HOST:PORT",
        help="在此地址提供 Prometheus 指标（不设密钥，仅用于管理网络）",
    )
    worker.set_defaults(run=_worker)

    for command in (batch, export, load, keys):
        command.register(commands)
    for plugin in sorted(entry_points(group=PLUGINS), key=lambda each: each.name):
        plugin.load()(commands)
    return parser


class _Version(argparse.Action):
    """``--version``, looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **_: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, help="显示版本")

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"gongkai {gongkai.__version__}")
        parser.exit()


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.pdf", help="同一份公开的一个或多个 PDF")
    parser.add_argument("--metadata", type=_json_object, metavar="JSON", help="原样带入报告的 JSON 对象")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database-url", metavar="URL", help="PostgreSQL 地址（默认取 GONGKAI_DATABASE_URL）"
    )
    parser.add_argument("--workers", metavar="N", help="子进程数（默认取 GONGKAI_WORKERS）")


def _indent(text: str) -> int:
    if not text.isdecimal() or int(text) > 8:
        raise argparse.ArgumentTypeError("应为 0 到 8 的整数")
    return int(text)


def _json_object(text: str) -> dict[str, Any]:
    from gongkai import metadata

    try:
        return metadata.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _read(options: argparse.Namespace) -> int:
    report = _report(options, all_checks=options.all_checks)
    sys.stdout.buffer.write(report.to_json(indent=options.indent) + b"\n")
    return _verdict(report)


def _check(options: argparse.Namespace) -> int:
    from gongkai.checks import compare, with_noise
    from gongkai.report import found_in

    report = _report(options)
    report = with_noise(report) if options.strict else report
    others = [gongkai.read(files) for files in options.others]
    between = compare(report, others) if others else None
    if options.json:
        apart = found_in(between.findings, between.checks) if between is not None else None
        print(json.dumps({**found_in(report.findings, report.checks), "between": apart}, ensure_ascii=False))
    else:
        paint = _paint(sys.stdout)
        _print(show.report(report, paint), sys.stdout)
        if between is not None:
            _print(show.between(between, report, others, paint), sys.stdout)
    return max(_verdict(report), _verdict(between) if between is not None else 0)


def _report(options: argparse.Namespace, *, all_checks: bool = False) -> Report:
    from gongkai.report import Report

    began = time.monotonic()
    read = _asked(options, all_checks)
    report = Report.from_json(read.report)
    pages = sum(len(document.pages) for document in report.documents)
    print(f"gongkai: {pages} 页，{time.monotonic() - began:.1f} 秒", file=sys.stderr)
    for line in show.asking(read.usage, read.open):
        print(f"gongkai: {line}", file=sys.stderr)
    return report


def _asked(options: argparse.Namespace, all_checks: bool) -> Read:
    """Read by a child, with the model that the settings name, if any."""
    from gongkai.asking import report_of
    from gongkai.llm.records import RecordError
    from gongkai.llm.settings import LlmSettings
    from gongkai.sandbox import shared

    record, replay = getattr(options, "record", None), getattr(options, "replay", None)
    if record is not None:
        record.unlink(missing_ok=True)  # of this run alone
    try:
        return report_of(
            shared(),
            [(path.name, path.read_bytes()) for path in options.files],
            metadata=options.metadata,
            all_checks=all_checks,
            model=None if replay else LlmSettings.from_environment(),
            record=record,
            replay=replay,
        )
    except RecordError as error:
        raise SettingsError(f"{options.replay.name}：{error}") from error


def _verdict(report: Report | Outcome) -> int:
    return TROUBLE if any(f.severity in ("error", "warning") for f in report.findings) else CLEAN


def _catalogue(options: argparse.Namespace) -> int:
    from gongkai.checks import catalogue

    paint = _paint(sys.stdout)
    for check in catalogue():
        _print(show.check(check, paint), sys.stdout)
    return CLEAN


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from gongkai import access, logs, tracing, tuned
    from gongkai.api import create_app
    from gongkai.jobs import Jobs

    tuned.tune()
    settings = _settings(options)
    logs.configure(settings.log)
    tracing.configure()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(CLEAN))  # uvicorn raises it again when it has closed
    with Jobs(settings) as jobs:  # the database is looked at before the port is taken
        keys_required = options.host not in access.LOOPBACK or bool(jobs.settings.require_keys)
        app = create_app(jobs, keys_required=keys_required)
        tuned.started()
        uvicorn.run(
            app,
            host=options.host,
            port=options.port,
            server_header=False,
            log_config=None,
            access_log=False,  # ours names addresses by their template
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=KEEP_ALIVE,
        )
    return CLEAN


def _worker(options: argparse.Namespace) -> int:
    from gongkai import logs, tracing, tuned
    from gongkai.jobs import Jobs

    tuned.tune()
    settings = _settings(options)
    if not settings.database_url or not settings.workers:
        raise SettingsError(
            "gongkai worker 需要 PostgreSQL 数据库（--database-url 或 GONGKAI_DATABASE_URL）和至少 1 个子进程。"
        )
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    logs.configure(settings.log)
    tracing.configure()
    with Jobs(settings) as jobs:
        if options.metrics:
            jobs.metrics.serve(*options.metrics)
        tuned.started()
        logs.LOG.info("reads with %s children", settings.workers)
        ended.wait()
    return CLEAN


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError("应为 主机:端口，如 127.0.0.1:9100")
    return host, int(port)


def _settings(options: argparse.Namespace) -> Settings:
    """Those of the environment, with what the command line says instead."""
    given = {"GONGKAI_DATABASE_URL": options.database_url, "GONGKAI_WORKERS": options.workers}
    return Settings.from_environment(os.environ | {name: value for name, value in given.items() if value})


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"无法读取 {error.filename}：{error.strerror}"
    return str(error)


def _paint(stream: TextIO) -> show.Paint:
    return show.coloured if stream.isatty() and not os.environ.get("NO_COLOR") else show.plain


def _print(lines: Iterable[str], stream: TextIO) -> None:
    for line in lines:
        print(line, file=stream)


if __name__ == "__main__":
    sys.exit(main())
