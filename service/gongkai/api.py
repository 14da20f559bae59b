"""HTTP in, Report out; no logic. Problems are described in :mod:`gongkai.problems`, the interface in ``docs/http.md``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import FastAPI, File, Form, Header, Path, Query, Response, UploadFile
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

import gongkai
from gongkai import metadata, openapi, prefer, problems
from gongkai.errors import TooLarge
from gongkai.jobs import Job, Jobs, KeyReused, renamed
from gongkai.jobs.waiting import Waiting
from gongkai.names import base_name
from gongkai.problems import Problem
from gongkai.report import SCHEMA_VERSION
from gongkai.settings import Settings

METADATA_BYTES = 64 * 1024
COME_BACK = "1"  # seconds after which to ask for a job again

Files = Annotated[list[UploadFile], File(description="The PDF files of one disclosure")]
Metadata = Annotated[
    str | None,
    Form(
        alias="metadata",
        description="A JSON object, handed through to `entity.metadata`",
        examples=['{"region": "430200"}'],
        max_length=METADATA_BYTES,
    ),
]
ChecksWanted = Annotated[Literal["all"] | None, Query(description="`all`: every check with its verdict")]
Preference = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description="`wait=N`: wait N seconds (30 by default); `respond-async`: answer at once",
    ),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same value with the same request again is the same request",
        min_length=1,
        max_length=255,
    ),
]
JobId = Annotated[str, Path(alias="id", description="As in the `Location` of the answer to the upload")]


def create_app(jobs: Jobs | None = None) -> FastAPI:
    """The HTTP service on ``jobs``; by default on those of the environment's settings, closed when the app shuts down."""
    limits = (jobs.settings if jobs else Settings.from_environment()).limits

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = None if jobs else await to_thread.run_sync(Jobs)
        app.state.jobs = jobs or own
        app.state.waiting = Waiting(app.state.jobs)
        yield
        if own:
            await to_thread.run_sync(own.close)

    app = FastAPI(
        title="Gongkai",
        summary="Published budgets and final accounts as checked, traceable JSON",
        version=gongkai.__version__,
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.add_middleware(problems.BodyLimit, most=limits.max_upload_bytes)
    problems.install(app)

    async def found(job_id: str) -> Job:
        job: Job | None = await to_thread.run_sync(app.state.jobs.find, job_id)
        if job is None:
            raise Problem("unknown_report")
        return job

    async def answer(job: Job, checks: str | None, headers: dict[str, str] | None = None) -> Response:
        """What there is to say of ``job`` now."""
        if job.status == "deleted":
            raise Problem("deleted")
        place = {"Location": f"/v1/reports/{job.id}", **(headers or {})}
        if job.status not in ("done", "failed"):
            return JSONResponse(_status(job), 202, {**place, "Retry-After": COME_BACK})
        if job.status == "failed" and (job.failure or {}).get("type") == "internal":
            raise Problem("internal")
        work = partial(app.state.jobs.report, job, all_checks=checks == "all")
        timing = {"Server-Timing": _timing(job)}
        return Response(
            await to_thread.run_sync(work), media_type="application/json", headers={**place, **timing}
        )

    @app.post(
        "/v1/reports",
        summary="Read one disclosure",
        response_class=Response,
        responses={
            200: openapi.report_response(),
            202: openapi.status_response(),
            **openapi.problem_responses(),
        },
        form_limits={"max_files": limits.max_files, "max_fields": 4, "max_part_size": METADATA_BYTES},
    )
    async def create_report(
        file: Files,
        about: Metadata = None,
        checks: ChecksWanted = None,
        preference: Preference = None,
        key: Key = None,
    ) -> Response:
        """Files given together are one disclosure and give one Report. Answers when it is ready, or says where it will be."""
        if sum(each.size or 0 for each in file) > limits.max_upload_bytes:
            raise TooLarge(limits.max_upload_bytes)
        wait, applied = prefer.seconds(preference)
        said = _object(about)
        files = [(base_name(each.filename or ""), each.file) for each in file]
        submit = partial(app.state.jobs.submit, files, metadata=said, urgent=wait > 0, key=key)
        try:
            job = await to_thread.run_sync(submit)
        except KeyReused:
            raise Problem("key_reused") from None
        if job.open and wait:
            await app.state.waiting.wait(job.id, wait)
            job = renamed(await found(job.id), [name for name, _ in files], said)
        return await answer(job, checks, {"Preference-Applied": applied} if applied else None)

    @app.get(
        "/v1/reports/{id}",
        summary="A Report, or how far it is",
        response_class=Response,
        responses={
            200: openapi.report_response(),
            202: openapi.status_response(),
            **openapi.problem_responses(),
        },
    )
    async def get_report(job_id: JobId, checks: ChecksWanted = None) -> Response:
        """A disclosure that was refused answers with its refusal."""
        return await answer(await found(job_id), checks)

    @app.delete(
        "/v1/reports/{id}", summary="Delete files, Report and all that was said about them", status_code=204,
        responses=openapi.problem_responses("unknown_report", "invalid_request"),
    )  # fmt: skip
    async def delete_report(job_id: JobId) -> Response:
        """May be repeated."""
        await to_thread.run_sync(app.state.jobs.delete, await found(job_id))
        return Response(status_code=204)

    @app.post(
        "/v1/reports/{id}/cancel", summary="Stop reading",
        responses={200: openapi.status_response(), **openapi.problem_responses("unknown_report", "deleted", "invalid_request")},
    )  # fmt: skip
    async def cancel_report(job_id: JobId) -> dict[str, str]:
        """May be repeated; what is finished already stays as it is."""
        job = await to_thread.run_sync(app.state.jobs.cancel, await found(job_id))
        if job.status == "deleted":
            raise Problem("deleted")
        return _status(job)

    @app.get("/healthz", summary="Whether the process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": gongkai.__version__, "schema_version": SCHEMA_VERSION}

    @app.get(
        "/readyz", summary="Whether it can take work", responses=openapi.problem_responses("unavailable")
    )
    async def readyz() -> dict[str, Any]:
        try:
            return {"status": "ok", **await to_thread.run_sync(app.state.jobs.ready)}
        except SQLAlchemyError:
            raise Problem("unavailable") from None

    openapi.install(app)
    return app


def _status(job: Job) -> dict[str, str]:
    return {"id": job.id, "status": job.status}


def _timing(job: Job) -> str:
    """What it took, in milliseconds (Server-Timing)."""
    started, finished = job.started_at or job.created_at, job.finished_at or job.created_at
    queued = max(started - job.created_at, 0)
    return f"queue;dur={1000 * queued:.0f}, read;dur={1000 * max(finished - started, 0):.0f}"


def _object(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return metadata.parse(text)
    except ValueError as error:
        raise problems.invalid("metadata", str(error)) from error
