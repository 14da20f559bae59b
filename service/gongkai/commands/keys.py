"""``gongkai keys``: who may use the service over HTTP."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gongkai.settings import Settings
from gongkai.show import safe

if TYPE_CHECKING:
    from sqlalchemy import Connection

CLEAN, TROUBLE = 0, 1
USUAL = ("read", "write", "webhooks")
SCOPES = (*USUAL, "metrics")  # which tells of all clients together


def register(commands: Any) -> None:
    """Add ``keys create``, ``keys list``, ``keys revoke``."""
    keys = commands.add_parser("keys", help="管理 API 密钥")
    verbs = keys.add_subparsers(metavar="create|list|revoke", required=True)
    create = verbs.add_parser("create", help="建立一个密钥，只显示这一次")
    create.add_argument("--name", required=True, type=_short(255), help="用途，供人辨认")
    create.add_argument(
        "--client", default="", type=_short(64), help="属于哪个客户；同一客户的密钥看到同样的报告"
    )
    create.add_argument(
        "--scope", action="append", choices=SCOPES, help="权限，可多次给出；默认除 metrics 外的全部"
    )
    create.set_defaults(run=_create)
    verbs.add_parser("list", help="列出密钥").set_defaults(run=_list)
    revoke = verbs.add_parser("revoke", help="立即停用一个密钥")
    revoke.add_argument("id", metavar="ID")
    revoke.set_defaults(run=_revoke)
    for verb in verbs.choices.values():
        verb.add_argument(
            "--database-url", metavar="URL", help="PostgreSQL 地址（默认取 GONGKAI_DATABASE_URL）"
        )


def _short(most: int) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if len(text) > most:
            raise argparse.ArgumentTypeError(f"最多 {most} 个字符")
        return text

    return checked


def _create(options: argparse.Namespace) -> int:
    from gongkai import keys

    with _database(options) as connection:
        key, sent = keys.create(connection, options.name, options.scope or USUAL, options.client)
    print(
        f"gongkai: 密钥 {key.id}（客户 {safe(key.client)}，权限 {'、'.join(key.scopes)}）。只显示这一次：",
        file=sys.stderr,
    )
    print(sent)
    return CLEAN


def _list(options: argparse.Namespace) -> int:
    from gongkai import keys

    with _database(options) as connection:
        for key in keys.every(connection):
            state = "已停用" if key.revoked_at else "有效"
            print(key.id, state, safe(key.client), ",".join(key.scopes), safe(key.name), sep="\t")
    return CLEAN


def _revoke(options: argparse.Namespace) -> int:
    from gongkai import keys

    with _database(options) as connection:
        if keys.revoke(connection, options.id):
            return CLEAN
    print(
        f"gongkai: 没有编号为 {safe(options.id)} 的有效密钥；gongkai keys list 列出全部密钥。",
        file=sys.stderr,
    )
    return TROUBLE


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[Connection]:
    """One transaction on the database of the service, which may be at work meanwhile."""
    from gongkai import database
    from gongkai.store import Store

    given = {"GONGKAI_DATABASE_URL": options.database_url} if options.database_url else {}
    settings = Settings.from_environment(os.environ | given)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = database.connect(settings)
    database.migrate(engine)
    with Store(engine).begin() as connection:
        yield connection
