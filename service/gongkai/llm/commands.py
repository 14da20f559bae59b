"""``gongkai llm probe`` and ``gongkai llm log``, joined to the command line by an entry point. Imports nothing of the door on top."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gongkai.llm.ladder import Capability
    from gongkai.llm.records import Exchange, Rejected
    from gongkai.llm.settings import LlmSettings

RUNGS = {
    "strict_schema": "严格遵守 JSON Schema（strict）",
    "schema": "遵守 JSON Schema",
    "json_object": "只保证是 JSON（schema 写在提示词里）",
    "fenced": "只能写出代码块（schema 写在提示词里）",
}


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``llm`` (entry point of the group ``gongkai.commands``)."""
    parser = commands.add_parser("llm", help="模型：探测所配置的服务，查看问答记录")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    probe = verbs.add_parser("probe", help="所配置的模型服务能做什么")
    probe.set_defaults(run=_probe)
    log = verbs.add_parser("log", help="列出一份记录中的问答")
    log.add_argument("record", type=Path, metavar="RECORD", help="read --record 写下的文件")
    log.add_argument("--task", help="只列这一类任务")
    log.add_argument("--failed", action="store_true", help="只列没有答案的")
    log.set_defaults(run=_log)


def _probe(options: argparse.Namespace) -> int:
    import asyncio

    from gongkai.llm.settings import LlmSettings

    settings = LlmSettings.from_environment()
    if settings is None:
        print("gongkai: 未配置模型；请设置 GONGKAI_LLM_BASE_URL 和 GONGKAI_LLM_MODEL。", file=sys.stderr)
        return 2
    return asyncio.run(_probed(settings))


async def _probed(settings: LlmSettings) -> int:
    from gongkai.llm.door import Door
    from gongkai.llm.endpoint import Silenced
    from gongkai.llm.questions import SENTENCES
    from gongkai.llm.wire import Trouble

    async with Door(settings) as door:
        session = door.session("probe")
        try:
            can = await door.capability(session)
        except Silenced as silenced:
            print(f"gongkai: {SENTENCES[silenced.why]}", file=sys.stderr)
            return 1
        except Trouble as trouble:
            status = f"，HTTP {trouble.status}" if trouble.status else ""
            print(f"gongkai: 无法探测模型服务（{trouble.kind}{status}）。", file=sys.stderr)
            return 1
        total = session.usage.total
    for name, value in _table(settings, can, total.calls, total.seconds):
        print(f"{name}\t{value}")
    return 0


def _table(settings: LlmSettings, can: Capability, calls: int, seconds: float) -> Iterator[tuple[str, str]]:
    yield "模型", settings.model
    yield "结构化输出", RUNGS[can.rung]
    yield "不接受的参数", "、".join(can.refused) or "无"
    yield "先思考再回答", "是" if can.thinks else "否"
    yield (
        "读图",
        ("能" if can.images else "不能") if settings.images else "未探测（GONGKAI_LLM_IMAGES=1 时探测）",
    )
    yield "价格", "已设" if settings.model in settings.prices else "未设"
    yield "探测", f"{calls} 次调用，平均 {seconds / max(calls, 1):.1f} 秒"


def _log(options: argparse.Namespace) -> int:
    from gongkai.llm.records import RecordError, Rejected, read_record

    try:
        for exchange in read_record(options.record):
            if isinstance(exchange, Rejected):
                _show_rejection(exchange)
                continue
            wanted = options.task in (None, exchange.task) and not (
                options.failed and exchange.values is not None
            )
            if wanted:
                _show(exchange)
    except RecordError as error:
        print(f"gongkai: {options.record.name}：{error}", file=sys.stderr)
        return 2
    return 0


def _show_rejection(rejected: Rejected) -> None:
    from gongkai.show import safe

    codes = "、".join(rejected.rejected_by) or "数值会改变"
    print(safe(f"✗ {rejected.question} · {rejected.key} · 回答未采用：{codes}") + "\n")


def _show(exchange: Exchange) -> None:
    import json

    from gongkai.llm.questions import SENTENCES
    from gongkai.show import safe

    rung = f" · {exchange.rung}" if exchange.rung else ""
    print(safe(f"{exchange.question} · {exchange.prompt} · {exchange.model}{rung} · {exchange.key}"))
    for line in exchange.asked.split("\n"):
        print("  " + safe(line))
    for attempt in exchange.attempts:
        counts = f"{attempt.input_tokens}+{attempt.output_tokens} 词元，{attempt.seconds:.1f} 秒"
        print(f"  ← {safe(attempt.reply)[:400]}（{counts}）")
        for error in attempt.errors:
            print(f"    ✗ {safe(error)}")
    ending = SENTENCES[exchange.why] if exchange.why else json.dumps(exchange.values, ensure_ascii=False)
    print(f"  = {safe(ending)}\n")
