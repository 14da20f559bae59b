"""What a client has: lists with filters, and the feed of changes for those who follow."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request

from gongkai import answers, feed, openapi, problems, summaries
from gongkai.web.common import Reader, jobs_of, page_of

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]

REFUSED = openapi.problem_responses("invalid_request", *problems.ACCESS)

routes = APIRouter(tags=["lists"])


@routes.get(
    "/v1/reports",
    summary="Finished Reports, newest first",
    response_model=None,
    responses={200: answers.REPORTS, **REFUSED},
)
async def list_reports(
    request: Request,
    client: Reader,
    entity: Annotated[str | None, Query(max_length=100, description="A part of the body's name")] = None,
    year: Annotated[int | None, Query(ge=1949, le=2100)] = None,
    kind: Literal["final_account", "budget"] | None = None,
    has_findings: Annotated[bool | None, Query(description="Errors or warnings")] = None,
    check: Annotated[str | None, Query(max_length=64, description="The code of a finding")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Filters narrow each other."""
    wanted = summaries.Wanted(
        entity=entity, fiscal_year=year, kind=kind, has_findings=has_findings, check=check
    )

    def look() -> dict[str, Any]:
        with jobs_of(request).store.look() as connection:
            found, after = summaries.page(connection, client, wanted, cursor, limit)
        return page_of([summaries.as_json(each) for each in found], after)

    try:
        return await to_thread.run_sync(look)
    except summaries.BadCursor:
        raise problems.invalid("cursor", "请使用上一页返回的 next。", part="query") from None


@routes.get(
    "/v1/changes",
    summary="What came, was replaced, failed or was deleted",
    response_model=None,
    responses={200: answers.FEED, **REFUSED},
)
async def list_changes(
    request: Request,
    client: Reader,
    after: Annotated[
        int, Query(ge=0, le=2**53, description="`next` of the page before; 0 = from the beginning")
    ] = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Oldest first. Nothing is ever left out or told twice: ask again with `next`, now or tomorrow."""

    def look() -> dict[str, Any]:
        with jobs_of(request).store.look() as connection:
            found = feed.after(connection, client, after, limit)
        items = [{"cursor": str(each.number), **feed.event(each)} for each in found]
        return page_of(items, str(found[-1].number if found else after))

    return await to_thread.run_sync(look)
