"""``gongkai load``: Reports into a PostgreSQL database."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from gongkai.commands.export import add_inputs


def register(commands: Any) -> None:
    """Add ``load``."""
    parser = commands.add_parser("load", help="把报告装入 PostgreSQL 数据库（可反复运行）")
    add_inputs(parser, "+")
    parser.add_argument(
        "--dsn", default=os.environ.get("GONGKAI_LOAD_DSN"), help="postgresql://…，默认取 GONGKAI_LOAD_DSN"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 if the Reports or the database cannot be used."""
    from gongkai.export.checked import ExportError
    from gongkai.load import LoadError, load
    from gongkai.sources import Reports

    try:
        if not options.dsn:
            raise LoadError("请用 --dsn 或环境变量 GONGKAI_LOAD_DSN 给出数据库地址。")
        number = load(Reports(options.inputs), options.dsn)
    except (ExportError, LoadError) as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 2
    print(f"已装入 {number} 份报告。")
    return 0
