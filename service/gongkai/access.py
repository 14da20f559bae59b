"""Who a request is from. On a loopback address keys may be left out: whoever sits at the machine is the client ``local``."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import sqlalchemy as sa
from anyio import to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gongkai import keys
from gongkai.jobs import LOCAL
from gongkai.problems import Problem

T = TypeVar("T")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WANTED = {"WWW-Authenticate": "Bearer"}
BEARER = HTTPBearer(auto_error=False, description="`gongkai keys create`")


def client(scope: str) -> Callable[..., Coroutine[Any, Any, str]]:
    """A dependency: the client of a request that may do what ``scope`` allows. Raises ``Problem``."""

    async def asked(request: Request, sent: Any = Depends(BEARER)) -> str:  # noqa: B008
        def look(connection: sa.Connection) -> str:
            return holder(connection, sent, scope)

        return await answered(request, look) if sent else nobody(request)

    return asked


async def answered(request: Request, look: Callable[[sa.Connection], T]) -> T:
    """What ``look``, a question or two for single rows, finds: in a thread if there is a server to wait for; SQLite has a row at hand
    before a thread would have woken."""
    store = request.app.state.jobs.store

    def found() -> T:
        with store.look() as connection:
            return look(connection)

    return found() if store.at_hand else await to_thread.run_sync(found)


def nobody(request: Request) -> str:
    """The client of a request that sent no key: ``local`` if none is wanted. Raises ``Problem``."""
    if request.app.state.keys_required:
        raise Problem("key_wanted", WANTED)
    if (request.url.hostname or "") not in LOOPBACK:  # a page elsewhere that calls itself by our address
        raise Problem("foreign_host")
    return LOCAL


def holder(connection: sa.Connection, sent: HTTPAuthorizationCredentials, scope: str) -> str:
    """The client of a request that sent a key, which must allow ``scope``. Raises ``Problem``."""
    key = keys.known(connection, sent.credentials)
    if key is None:
        raise Problem("key_wanted", WANTED)
    if scope not in key.scopes:
        raise Problem("out_of_scope")
    return key.client
