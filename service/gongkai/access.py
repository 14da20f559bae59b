"""Who a request is from. On a loopback address keys may be left out: whoever sits at the machine is the client ``local``."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from gongkai import keys
from gongkai.jobs import LOCAL
from gongkai.problems import Problem

LOOPBACK = ("localhost", "127.0.0.1", "::1")
BEARER = HTTPBearer(auto_error=False, description="`gongkai keys create`")


def client(scope: str) -> Callable[..., Coroutine[Any, Any, str]]:
    """A dependency: the client of a request that may do what ``scope`` allows. Raises ``Problem``."""

    async def asked(request: Request, sent: Any = Depends(BEARER)) -> str:  # noqa: B008
        if not request.app.state.keys_required and sent is None:
            if (
                request.url.hostname or ""
            ) not in LOOPBACK:  # a page elsewhere that calls itself by our address
                raise Problem("foreign_host")
            return LOCAL
        key = await to_thread.run_sync(_known, request, sent.credentials) if sent is not None else None
        if key is None:
            raise Problem("key_wanted", {"WWW-Authenticate": "Bearer"})
        if scope not in key.scopes:
            raise Problem("out_of_scope")
        return key.client

    return asked


def _known(request: Request, sent: str) -> keys.ApiKey | None:
    with request.app.state.jobs.store.engine.connect() as connection:
        return keys.known(connection, sent)
