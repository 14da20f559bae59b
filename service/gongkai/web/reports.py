"""``/v1/reports``: hand in a disclosure, ask for its Report, let go of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from gongkai import access, answers, logs, metadata, openapi, prefer, problems
from gongkai.errors import TooLarge
from gongkai.export import whole
from gongkai.jobs import Job, KeyReused, renamed
from gongkai.jobs.serving import Part
from gongkai.names import base_name
from gongkai.problems import Problem
from gongkai.report import Report
from gongkai.web.common import (
    ChecksWanted,
    JobId,
    KnownTag,
    Readable,
    Writable,
    Writer,
    answer,
    found,
    jobs_of,
    place,
    status,
    tagged,
    unready,
)

METADATA_BYTES = 64 * 1024
JSON = "application/json"

Files = Annotated[list[UploadFile], File(min_length=1, description="The PDF files of one disclosure")]
Metadata = Annotated[
    str | None,
    Form(
        alias="metadata",
        description="A JSON object, handed through to `entity.metadata`",
        examples=['{"region": "430200"}'],
        max_length=METADATA_BYTES,
    ),
]
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
FormatWanted = Annotated[
    Literal["xlsx", "csv", "parquet", "package", "bundle"] | None,
    Query(alias="format", description="A file for another tool; folders come as ZIP"),
]
WITH_REPORT = {200: openapi.report_response(), 202: openapi.status_response(), **openapi.problem_responses()}
WITH_TAG = WITH_REPORT | openapi.UNCHANGED
FINDINGS = answers.part("What disagrees", "Finding", *openapi.example_json()["findings"])
CHECKS = answers.part("Every check", "CheckResult", answers.CHECK)
NO_REPORT = ("unknown_report", "invalid_request", *problems.ACCESS)


def router(max_upload_bytes: int, max_files: int) -> APIRouter:
    """The addresses, with the limits of an upload."""
    routes = APIRouter(tags=["reports"])

    @routes.post(
        "/v1/reports",
        summary="Read one disclosure",
        response_class=Response,
        responses=WITH_REPORT,
        form_limits={"max_files": max_files, "max_fields": 4, "max_part_size": METADATA_BYTES},
    )
    async def create_report(
        request: Request,
        client: Writer,
        file: Files,
        about: Metadata = None,
        checks: ChecksWanted = None,
        preference: Preference = None,
        key: Key = None,
    ) -> Response:
        """Files given together are one disclosure and give one Report. Answers when it is ready, or says where it will be."""
        if sum(each.size or 0 for each in file) > max_upload_bytes:
            raise TooLarge(max_upload_bytes)
        wait, applied = prefer.seconds(preference)
        said = _object(about)
        files = [(base_name(each.filename or ""), each.file) for each in file]
        submit = partial(
            jobs_of(request).submit, files, metadata=said, client=client, urgent=wait > 0, key=key
        )
        try:
            job = await to_thread.run_sync(submit, limiter=request.app.state.taking_in)
        except KeyReused:
            raise Problem("key_reused") from None
        logs.JOB.set(job.id)
        if job.open and wait:
            await request.app.state.waiting.wait(job.id, wait)
            job = renamed(await found(request, job.id, client), [name for name, _ in files], said)
        answered = await _answer(request, job, checks, None)
        if applied:
            answered.headers["Preference-Applied"] = applied
        return answered

    @routes.get(
        "/v1/reports/{id}",
        summary="A Report, or how far it is",
        response_class=Response,
        responses=WITH_TAG
        | {200: openapi.report_response(*whole.media_types())}
        | openapi.problem_responses("not_acceptable"),
    )
    async def get_report(
        request: Request,
        job: Readable,
        checks: ChecksWanted = None,
        known: KnownTag = None,
        form: FormatWanted = None,
        accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> Response:
        """A disclosure that was refused answers with its refusal. Other formats by `format` or by `Accept`."""
        name = form or whole.accepted(accept)
        if name == "":
            raise Problem("not_acceptable")
        return await (_export(request, job, name, known) if name else _answer(request, job, checks, known))

    @routes.get(
        "/v1/reports/{id}/findings",
        summary="The findings of a Report",
        response_class=Response,
        responses=WITH_TAG | {200: FINDINGS},
    )
    async def get_findings(request: Request, job: Readable, known: KnownTag = None) -> Response:
        """What disagrees, without the rest: `{"items": [finding, …]}`."""
        return await _part(request, job, known, "findings")

    @routes.get(
        "/v1/reports/{id}/checks",
        summary="Every check with its verdict and reason",
        response_class=Response,
        responses=WITH_TAG | {200: CHECKS},
    )
    async def get_checks(request: Request, job: Readable, known: KnownTag = None) -> Response:
        """Those that could not run too: `{"items": [check, …]}`."""
        return await _part(request, job, known, "checks")

    @routes.get(
        "/v1/reports/{id}/model",
        summary="What a model was asked, or might add",
        response_class=Response,
        responses=WITH_REPORT | {200: answers.MODEL},
    )
    async def get_asked(request: Request, job: Readable) -> Response:
        """Beside the Report, not in it: `{"usage": {task: …}, "entries": [question and answer, …]}`."""
        return unready(job) or JSONResponse(await to_thread.run_sync(jobs_of(request).asked, job))

    @routes.delete(
        "/v1/reports/{id}", summary="Delete files, Report and all that was said about them", status_code=204,
        response_description="All of it is gone",
        responses=openapi.problem_responses(*NO_REPORT),
    )  # fmt: skip
    async def delete_report(request: Request, client: Writer, job_id: JobId) -> Response:
        """May be repeated."""
        job = await access.answered(request, partial(jobs_of(request).find, job_id, client))
        if job is None:
            raise Problem("unknown_report")
        await to_thread.run_sync(jobs_of(request).delete, job)
        return Response(status_code=204)

    @routes.post(
        "/v1/reports/{id}/cancel", summary="Stop reading", response_model=None,
        responses={200: openapi.status_response(), **openapi.problem_responses("deleted", *NO_REPORT)},
    )  # fmt: skip
    async def cancel_report(request: Request, job: Writable) -> dict[str, Any]:
        """May be repeated; what is finished already stays as it is."""
        job = await to_thread.run_sync(jobs_of(request).cancel, job)
        if job.status == "deleted":
            raise Problem("deleted")
        return status(job)

    return routes


async def _answer(request: Request, job: Job, checks: str | None, known: str | None) -> Response:
    """What there is to say of ``job`` now."""

    def whole_report(body: bytes) -> Response:
        return tagged(body, JSON, known, {**place(job), "Server-Timing": _timing(job)})

    return await answer(request, job, whole_report, all_checks=checks == "all")


async def _export(request: Request, job: Job, name: str, known: str | None) -> Response:
    """The Report as a file of the format ``name``."""
    attached = f'attachment; filename="{job.id}{whole.FORMATS[name].suffix}"'

    def file(body: bytes) -> Response:
        made, media_type = whole.written(Report.from_json(body), name)
        return tagged(made, media_type, known, {"Content-Disposition": attached})

    return await answer(request, job, file)


async def _part(request: Request, job: Job, known: str | None, part: Part) -> Response:
    return await answer(request, job, lambda body: tagged(body, JSON, known), part=part)


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
