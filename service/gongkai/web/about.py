"""Whether the service lives, can take work, and what it is."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

import gongkai
from gongkai import access, answers, openapi, options, problems
from gongkai.problems import Problem
from gongkai.report import SCHEMA_VERSION
from gongkai.web.common import jobs_of

SOURCE = "the complete source of this version: the source distribution and wheel that it was installed from"

routes = APIRouter(tags=["service"])


@routes.get(
    "/healthz", summary="Whether the process is alive", response_model=None, responses={200: answers.ALIVE}
)
async def healthz() -> dict[str, str]:
    """Reads neither disk nor database."""
    return {"status": "ok", "version": gongkai.__version__, "schema_version": SCHEMA_VERSION}


@routes.get(
    "/readyz",
    summary="Whether it can take work",
    response_model=None,
    responses={200: answers.READY, **openapi.problem_responses("unavailable")},
)
async def readyz(request: Request) -> dict[str, str]:
    """Database, children and disk; `errors` of the problem says which it is."""
    found = await to_thread.run_sync(jobs_of(request).troubles)
    troubles = {part: trouble for part, trouble in found.items() if trouble}
    if troubles:
        raise Problem("unavailable", {"Retry-After": problems.RETRY_AFTER}, troubles)
    return {"status": "ok", **dict.fromkeys(found, "ok")}


@routes.get(
    "/metrics",
    summary="What an operator watches (Prometheus)",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Of this process, and the queue of all"},
               **openapi.problem_responses("invalid_request", *problems.ACCESS)},
)  # fmt: skip
async def metrics(request: Request, _: Annotated[str, Depends(access.client("metrics"))]) -> Response:
    """Numbers only: nothing of a report, nor whose it is."""
    accept = request.headers.get("accept", "")
    body, media_type = await to_thread.run_sync(jobs_of(request).metrics.written, accept)
    return Response(body, headers={"Content-Type": media_type})


@routes.get(
    "/v1/about", summary="Versions, licence, source", response_model=None, responses={200: answers.ABOUT}
)
async def about() -> dict[str, Any]:
    """What a result depends on, and the offer of section 13 of the licence."""
    return {
        "name": "Gongkai",
        "version": gongkai.__version__,
        "versions": options.current(),
        "licence": "AGPL-3.0-or-later",
        "source": SOURCE,
    }
