"""A Report in other shapes: its pages as pictures, and as the files that other tools open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic_core import from_json

from gongkai import openapi, problems
from gongkai.errors import REFUSALS
from gongkai.problems import Problem
from gongkai.web.common import KnownTag, Readable, answer, jobs_of, tagged

PNG = "image/png"
PageNumber = Annotated[int, Path(alias="number", ge=1, le=100_000)]

routes = APIRouter(tags=["reports"])


@routes.get(
    "/v1/reports/{id}/pages/{number}.png", summary="A page as a picture", response_class=Response,
    responses={200: {"content": {PNG: {}}, "description": "The page, places framed in red"}, 202: openapi.status_response(), **openapi.UNCHANGED,
               **openapi.problem_responses(*REFUSALS, "unknown_report", "unknown_page", "deleted", "invalid_request", *problems.ACCESS)},
)  # fmt: skip
async def get_page(
    request: Request,
    job: Readable,
    number: PageNumber,
    document: Annotated[int, Query(ge=1, description="Which file, in the order of the upload")] = 1,
    figure: Annotated[
        str | None, Query(max_length=500, description="Id of a figure or mention to frame")
    ] = None,
    finding: Annotated[
        str | None, Query(max_length=500, description="Id of a finding whose places to frame")
    ] = None,
    known: KnownTag = None,
) -> Response:
    """Places on other pages or in other files are not drawn: ask for those pages."""
    wanted = [each for each in (figure, finding) if each is not None]

    def picture(body: bytes) -> Response:
        boxes = _boxes(from_json(body), document, number, wanted)
        return tagged(jobs_of(request).picture(job, document, number, boxes), PNG, known)

    return await answer(request, job, picture, all_checks=False)


def _boxes(report: dict[str, Any], document: int, number: int, wanted: list[str]) -> list[list[float]]:
    """Of what is ``wanted``, the boxes on that page; raises ``Problem`` if there is no such page, or nothing of that name."""
    if document > len(report["documents"]) or number > len(report["documents"][document - 1]["pages"]):
        raise Problem("unknown_page")
    places = [source for each in wanted for source in _places(report, each)]
    if wanted and not places:
        raise Problem("unknown_page")
    here = report["documents"][document - 1]["id"], number
    return [place["bbox"] for place in places if (place["document"], place["page"]) == here]


def _places(report: dict[str, Any], wanted: str) -> Iterator[dict[str, Any]]:
    """The sources of a figure, a mention or a finding (all its operands, those of what follows from it too)."""
    for form in report["forms"]:
        yield from (each["source"] for each in form["figures"] if each["id"] == wanted)
    yield from (each["source"] for each in report["mentions"] if each["id"] == wanted)
    for each in report["findings"]:
        if each["id"] == wanted:
            yield from _operands(each)


def _operands(finding: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (each["source"] for each in finding["operands"])
    for child in finding["children"]:
        yield from _operands(child)
