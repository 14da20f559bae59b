"""What the addresses share: who asks, the job that is asked for, and what there is of it now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from anyio import to_thread
from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from gongkai import access, logs
from gongkai.jobs import Gone, Job, Jobs
from gongkai.jobs.serving import Part
from gongkai.problems import Problem
from gongkai.store import Progress

COME_BACK = "1"  # seconds after which to ask for a job again

Reader = Annotated[str, Depends(access.client("read"))]
Writer = Annotated[str, Depends(access.client("write"))]
ChecksWanted = Annotated[Literal["all"] | None, Query(description="`all`: every check with its verdict")]
JobId = Annotated[str, Path(alias="id", description="As in the `Location` of the answer to the upload")]
KnownTag = Annotated[
    str | None, Header(alias="If-None-Match", description="The `ETag` that you have: `304` if it still holds")
]


def jobs_of(request: Request) -> Jobs:
    """The jobs that the app serves."""
    jobs: Jobs = request.app.state.jobs
    return jobs


async def found(request: Request, job_id: str, client: str) -> Job:
    """The client's job; raises ``Problem`` if there is none, or if it was deleted."""
    jobs = jobs_of(request)
    return _there(await access.answered(request, partial(jobs.find, job_id, client)))


def _found(scope: str) -> Callable[..., Coroutine[Any, Any, Job]]:
    """A dependency: :func:`found` for a client that may do what ``scope`` allows, at once: it is what is asked
    most."""

    async def asked(request: Request, job_id: JobId, sent: Any = Depends(access.BEARER)) -> Job:  # noqa: B008
        local = None if sent else access.nobody(request)

        def look(connection: sa.Connection) -> Job | None:
            client = local or access.holder(connection, sent, scope)
            return jobs_of(request).find(job_id, client, connection)

        return _there(await access.answered(request, look))

    return asked


def _there(job: Job | None) -> Job:
    logs.JOB.set(job.id if job else None)
    if job is None:
        raise Problem("unknown_report")
    if job.status == "deleted":
        raise Problem("deleted")
    return job


Readable = Annotated[Job, Depends(_found("read"))]
Writable = Annotated[Job, Depends(_found("write"))]


def place(job: Job) -> dict[str, str]:
    """Where to ask again."""
    return {"Location": f"/v1/reports/{job.id}"}


def status(job: Job) -> dict[str, Any]:
    """How far it is."""
    return {"id": job.id, "status": job.status, "progress": progress(job)}


def progress(job: Job | Progress) -> dict[str, int | None]:
    """The pages of a job, as soon as they are counted, and those of them that are read."""
    return {"pages": job.pages, "pages_read": job.pages_read or 0}


def unready(job: Job) -> Response | None:
    """The answer of a job without Report: 202 while it is to be done; raises the problem of one that is gone or failed by our fault."""
    if job.status == "deleted":
        raise Problem("deleted")
    if job.status not in ("done", "failed"):
        return JSONResponse(status(job), 202, {**place(job), "Retry-After": COME_BACK})
    if job.status == "failed" and (job.failure or {}).get("type") == "internal":
        raise Problem("internal")
    return None


async def answer(
    request: Request,
    job: Job,
    made: Callable[[bytes], Response],
    *,
    all_checks: bool = True,
    part: Part | None = None,
) -> Response:
    """What ``made`` makes, in a thread, of the JSON of the Report, or of one part of it; without Report as
    :func:`unready`. Raises the refusal of a job that failed."""

    def of_report() -> Response:
        jobs = jobs_of(request)
        try:
            return made(jobs.part(job, part) if part else jobs.report(job, all_checks=all_checks))
        except Gone:  # since we looked
            raise Problem("deleted") from None

    early = unready(job)
    return await to_thread.run_sync(of_report) if early is None else early


def tagged(
    body: bytes, media_type: str, known: str | None, headers: Mapping[str, str] | None = None
) -> Response:
    """``body`` under its ETag, or 304 for who has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    held = {each.strip().removeprefix("W/") for each in (known or "").split(",")}
    headers = {"ETag": tag, **(headers or {})}
    if tag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def page_of(items: list[Any], after: str | None) -> dict[str, Any]:
    """One page of a list; ``next`` is the cursor of the following one, null at the end."""
    return {"items": items, "next": after}
