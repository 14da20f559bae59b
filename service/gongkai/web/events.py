"""``/v1/reports/{id}/events``: how far the reading is, page by page, as it goes on (Server-Sent Events)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gongkai import openapi, problems
from gongkai.jobs import Job
from gongkai.jobs.following import OVER, Following, TooManyListeners
from gongkai.problems import Problem
from gongkai.web.common import Readable, place, progress

UNKNOWN = openapi.problem_responses(
    "unknown_report", "deleted", "too_many_listeners", "invalid_request", *problems.ACCESS
)

routes = APIRouter(tags=["reports"])


async def _followed(request: Request, job: Readable) -> AsyncIterator[Job]:
    """The client's job, and a place among those who listen while the answer lasts."""
    try:
        with _following(request).admitted(job.client):
            yield job
    except TooManyListeners:
        raise Problem("too_many_listeners") from None


@routes.get(
    "/v1/reports/{id}/events",
    summary="How far it is, page by page",
    response_class=EventSourceResponse,
    response_description="Events until it is over",
    responses=UNKNOWN,
)
async def get_events(
    request: Request, job: Annotated[Job, Depends(_followed)]
) -> AsyncIterator[ServerSentEvent]:
    """Events `progress`, then one of `done`, `failed`, `cancelled`, `deleted`, with which the answer ends."""
    async for now in _following(request).follow(job.id):
        said = {
            "id": job.id,
            "status": now.status,
            "progress": progress(now),
            "report": place(job)["Location"],
        }
        yield ServerSentEvent(event=now.status if now.status in OVER else "progress", data=said)


def _following(request: Request) -> Following:
    following: Following = request.app.state.following
    return following
