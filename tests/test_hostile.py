"""More than forty hostile files, one service: each gets a Report or its own clear refusal, and the next is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hostile import CASES, REPORT, Hostile

from gongkai.api import create_app
from gongkai.errors import REFUSALS
from gongkai.jobs import Jobs
from gongkai.names import NAMELESS
from gongkai.report import Report
from gongkai.settings import Limits, Settings


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(workers=1, limits=Limits(seconds=8), data_dir=tmp_path_factory.mktemp("data"))
    with (
        Jobs(settings) as jobs,
        TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as client,
    ):
        yield client


def test_there_are_more_than_forty() -> None:
    assert len(CASES) > 40
    assert {name for case in CASES.values() for name in case.outcome} <= {REPORT, *REFUSALS}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_costs_itself_alone(case: Hostile, service: TestClient, good_pdf: bytes) -> None:
    answer = service.post("/v1/reports", files=[("file", (case.file_name, case.make()))])
    if answer.status_code == 200:
        assert REPORT in case.outcome
        report = Report.from_json(answer.content)
        assert report.documents[0].file_name.isprintable()
        assert "/" not in report.documents[0].file_name
    else:
        problem = answer.json()
        name = problem["type"].removeprefix("urn:gongkai:problem:")
        assert name in case.outcome
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status_code == problem["status"] == REFUSALS[name].status
        assert problem["title"] == REFUSALS[name].title
        assert REFUSALS[name].way_out in problem["detail"]

    after = service.post("/v1/reports", files=[("file", ("good.pdf", good_pdf))])
    assert after.status_code == 200
    assert len(Report.from_json(after.content).documents[0].pages) == 2


def test_one_bad_file_among_good_ones_is_named(service: TestClient, good_pdf: bytes) -> None:
    files = [("file", ("说明.pdf", good_pdf)), ("file", ("附表.pdf", CASES["locked_with_aes"].make()))]
    problem = service.post("/v1/reports", files=files).json()
    assert problem["type"].endswith(":encrypted")
    assert problem["file_name"] == "附表.pdf"


def test_a_file_without_a_name_gets_one(service: TestClient, good_pdf: bytes) -> None:
    answer = service.post("/v1/reports", files=[("file", ("/", good_pdf))])
    assert answer.json()["documents"][0]["file_name"] == NAMELESS
