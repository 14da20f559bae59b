"""``/v1/webhooks``: addresses that are told of changes, and the log of what they were told."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, get_args

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gongkai import access, answers, feed, openapi, problems
from gongkai.problems import Problem
from gongkai.web.common import jobs_of, page_of
from gongkai.webhooks import door, ledger

Keeper = Annotated[str, Depends(access.client("webhooks"))]
HookId = Annotated[str, Path(alias="id", max_length=64)]
UNKNOWN = openapi.problem_responses("unknown_webhook", "invalid_request", *problems.ACCESS)

routes = APIRouter(tags=["webhooks"])


class NewWebhook(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"url": "https://data.example.gov.cn/hook"}}
    )

    url: str = Field(
        max_length=2048, description="Called with POST; to private networks only if the operator allows it"
    )
    events: list[feed.Kind] = Field(default=list(get_args(feed.Kind)), min_length=1, max_length=4)


@routes.post(
    "/v1/webhooks",
    summary="Be told of changes",
    status_code=201,
    response_model=None,
    responses={
        201: answers.NEW_HOOK,
        **openapi.problem_responses("bad_request", "too_many_webhooks", "invalid_request", *problems.ACCESS),
    },
)
async def create_webhook(request: Request, client: Keeper, wanted: NewWebhook) -> dict[str, Any]:
    """The answer holds the secret, this one time. Deliveries are signed as Standard Webhooks says."""
    try:
        door.checked(wanted.url)
    except door.Forbidden as error:
        raise problems.invalid("url", str(error)) from None

    def register() -> ledger.Webhook:
        with jobs_of(request).store.begin() as connection:
            return ledger.register(connection, client, wanted.url, sorted(set(wanted.events)))

    try:
        hook = await to_thread.run_sync(register)
    except ledger.TooManyWebhooks:
        raise Problem("too_many_webhooks") from None
    return {**_shown(hook), "secret": hook.secret}


@routes.get(
    "/v1/webhooks",
    summary="Those that there are",
    response_model=None,
    responses={200: answers.HOOKS, **openapi.problem_responses(*problems.ACCESS)},
)
async def list_webhooks(request: Request, client: Keeper) -> dict[str, Any]:
    """Without their secrets."""

    def look() -> list[ledger.Webhook]:
        with jobs_of(request).store.look() as connection:
            return ledger.registered(connection, client)

    return page_of([_shown(hook) for hook in await to_thread.run_sync(look)], None)


@routes.delete(
    "/v1/webhooks/{id}",
    summary="Be told no more",
    status_code=204,
    response_description="It is forgotten",
    responses=UNKNOWN,
)
async def delete_webhook(request: Request, client: Keeper, hook_id: HookId) -> Response:
    """Its log goes with it."""

    def remove() -> bool:
        with jobs_of(request).store.begin() as connection:
            return ledger.remove(connection, client, hook_id)

    if not await to_thread.run_sync(remove):
        raise Problem("unknown_webhook")
    return Response(status_code=204)


@routes.get(
    "/v1/webhooks/{id}/deliveries",
    summary="What it was told, newest first",
    response_model=None,
    responses={200: answers.DELIVERIES, **UNKNOWN},
)
async def list_deliveries(
    request: Request, client: Keeper, hook_id: HookId, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """`last_answer` is the HTTP status, or what went wrong."""

    def look() -> list[ledger.Delivery] | None:
        with jobs_of(request).store.look() as connection:
            return ledger.deliveries(connection, client, hook_id, limit)

    found = await to_thread.run_sync(look)
    if found is None:
        raise Problem("unknown_webhook")
    return page_of([asdict(each) for each in found], None)


@routes.post(
    "/v1/webhooks/{id}/deliveries/{delivery}/replay",
    summary="Tell it once more",
    status_code=202,
    response_model=None,
    responses={202: answers.REPLAYED, **UNKNOWN},
)
async def replay_delivery(
    request: Request, client: Keeper, hook_id: HookId, delivery: Annotated[str, Path(max_length=64)]
) -> dict[str, str]:
    """With the same id, so that a receiver that had it can tell."""

    def again() -> bool:
        with jobs_of(request).store.begin() as connection:
            return ledger.replay(connection, client, hook_id, delivery)

    if not await to_thread.run_sync(again):
        raise Problem("unknown_webhook")
    return {"id": delivery, "status": "pending"}


def _shown(hook: ledger.Webhook) -> dict[str, Any]:
    return {"id": hook.id, "url": hook.url, "events": list(hook.events), "created_at": hook.created_at}
