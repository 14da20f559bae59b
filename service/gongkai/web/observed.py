"""Every request gets an id, is logged and counted: by the template of its address, never by what stands in it."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai import logs, tracing

log = logging.getLogger("gongkai.access")

HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS")
PROBES = ("/healthz", "/readyz", "/metrics")  # too many to be told
UNMATCHED = "unmatched"


class Observed:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = logs.request_id(Headers(scope=scope).get(HEADER))
        logs.REQUEST.set(request_id)
        logs.JOB.set(None)
        tracing.say({"url.query": ""})
        began, status = time.monotonic(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
                tracing.say({"url.path": _route(scope), "gongkai.request": request_id})
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            _note(scope, status, time.monotonic() - began)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or UNMATCHED


def _note(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = _route(scope)
    level = logging.DEBUG if route in PROBES and status < 400 else logging.INFO
    about = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds)}
    log.log(level, "%s %s %s", method, route, status, extra={"about": about})
    scope["app"].state.jobs.metrics.answered(method, route, status, seconds)
