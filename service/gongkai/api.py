"""HTTP in, Report out; no logic. Problems are described in :mod:`gongkai.problems`, the interface in ``docs/http.md``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any, Literal

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, File, Form, Query, Response, UploadFile

import gongkai
from gongkai import metadata, openapi, problems
from gongkai.errors import TooLarge
from gongkai.report import SCHEMA_VERSION
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings

METADATA_BYTES = 64 * 1024

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


def create_app(settings: Settings | None = None, *, sandbox: Sandbox | None = None) -> FastAPI:
    """The HTTP service. ``sandbox`` is closed when the app shuts down; by default one is made from ``settings``."""
    settings = settings or Settings.from_environment()
    pool = sandbox or Sandbox(settings)
    limits = settings.limits
    threads = CapacityLimiter(
        settings.workers + settings.queue + 1
    )  # one more, to be told that the queue is full

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        pool.close()

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

    @app.post(
        "/v1/reports",
        summary="Read one disclosure",
        response_class=Response,
        responses={200: openapi.report_response(), **openapi.problem_responses()},
        form_limits={"max_files": limits.max_files, "max_fields": 4, "max_part_size": METADATA_BYTES},
    )
    async def create_report(file: Files, about: Metadata = None, checks: ChecksWanted = None) -> Response:
        """Files given together are one disclosure and give one Report. Answers when it is ready."""
        if sum(each.size or 0 for each in file) > limits.max_upload_bytes:
            raise TooLarge(limits.max_upload_bytes)
        work = partial(
            pool.run,
            [(each.filename or "", each.file) for each in file],
            metadata=_object(about),
            all_checks=checks == "all",
        )
        return Response(await to_thread.run_sync(work, limiter=threads), media_type="application/json")

    @app.get("/healthz", summary="Whether the service is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": gongkai.__version__, "schema_version": SCHEMA_VERSION}

    openapi.install(app)
    return app


def _object(text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        return metadata.parse(text)
    except ValueError as error:
        raise problems.invalid("metadata", str(error)) from error
