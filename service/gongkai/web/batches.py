"""``/v1/batches``: many disclosures at once, each file a report of its own."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, File, Path, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from gongkai import answers, openapi, problems
from gongkai.jobs import batches
from gongkai.names import base_name
from gongkai.problems import Problem
from gongkai.web.common import Reader, Writer, jobs_of

Files = Annotated[
    list[UploadFile],
    File(min_length=1, description="PDF files, or ZIP archives of them; each PDF is one report"),
]
BatchId = Annotated[str, Path(alias="id", description="As in the `Location` of the answer to the upload")]
REFUSED = openapi.problem_responses("too_large", "busy", "bad_request", "invalid_request", *problems.ACCESS)
UNKNOWN = openapi.problem_responses("unknown_batch", "invalid_request", *problems.ACCESS)


def router(max_files: int) -> APIRouter:
    """The addresses, with the number of files that an upload may have."""
    routes = APIRouter(tags=["batches"])

    @routes.post(
        "/v1/batches", summary="Read many disclosures", status_code=202, response_class=Response,
        responses={202: answers.BATCH, **REFUSED},
        form_limits={"max_files": max_files, "max_fields": 4},
    )  # fmt: skip
    async def create_batch(request: Request, client: Writer, file: Files) -> Response:
        """Those that wait for an answer overtake these. A file that cannot be taken in is told of, and stops no other."""
        files = [(base_name(each.filename or ""), each.file) for each in file]
        batch = uuid.uuid4().hex
        take_in = partial(batches.take_in, jobs_of(request), batch, client, files)
        await to_thread.run_sync(take_in, limiter=request.app.state.taking_in)
        return JSONResponse(await _told(request, client, batch), 202, {"Location": f"/v1/batches/{batch}"})

    @routes.get(
        "/v1/batches/{id}",
        summary="How far a batch is",
        response_model=None,
        responses={200: answers.BATCH, **UNKNOWN},
    )
    async def get_batch(request: Request, client: Reader, batch: BatchId) -> dict[str, Any]:
        """Counts by status, and each file with its report or with what is wrong with it."""
        return await _told(request, client, batch)

    return routes


async def _told(request: Request, client: str, batch: str) -> dict[str, Any]:
    found = await to_thread.run_sync(batches.told, jobs_of(request), client, batch)
    if found is None:
        raise Problem("unknown_batch")
    return found
