"""The shapes that a Report can be had in, against the real pipeline on a small typeset account."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pymupdf
import pytest
from fastapi.testclient import TestClient

from gongkai.api import create_app
from gongkai.export.whole import FORMATS
from gongkai.jobs import Jobs
from gongkai.settings import Settings

SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"
RED = (214, 0, 0)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(workers=1, data_dir=tmp_path_factory.mktemp("data"))
    with (
        Jobs(settings) as jobs,
        TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as made,
    ):
        yield made


@pytest.fixture(scope="module")
def report(client: TestClient) -> tuple[str, dict[str, Any]]:
    """Its address, and what it says."""
    answer = client.post("/v1/reports", files={"file": ("决算.pdf", SAMPLE.read_bytes())})
    assert answer.status_code == 200
    return str(answer.headers["location"]), answer.json()


def drawn(answer: Any) -> pymupdf.Pixmap:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), answer.text
    return pymupdf.Pixmap(answer.content)


def red_box(picture: pymupdf.Pixmap) -> tuple[int, int, int, int] | None:
    """The pixels that frames cover."""
    size, wide = picture.n, picture.width
    samples, red = picture.samples, bytes(RED)
    spots, at = [], samples.find(red)
    while at >= 0:
        if at % size == 0:
            spots.append((at // size % wide, at // size // wide))
        at = samples.find(red, at + 1)
    if not spots:
        return None
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return min(across), min(down), max(across) + 1, max(down) + 1


def test_a_page_is_drawn_as_displayed(client: TestClient, report: tuple[str, dict[str, Any]]) -> None:
    place, said = report
    page = said["documents"][0]["pages"][0]
    picture = drawn(client.get(f"{place}/pages/1.png"))
    assert (picture.width, picture.height) == (round(2 * page["width"]), round(2 * page["height"]))
    assert red_box(picture) is None


def test_a_figure_is_framed_where_it_stands(client: TestClient, report: tuple[str, dict[str, Any]]) -> None:
    place, said = report
    figure = next(each for form in said["forms"] for each in form["figures"] if each["value"])
    source = figure["source"]
    picture = drawn(client.get(f"{place}/pages/{source['page']}.png", params={"figure": figure["id"]}))
    frame = red_box(picture)
    assert frame is not None
    assert all(abs(edge / 2 - where) < 4 for edge, where in zip(frame, source["bbox"], strict=True))


def test_every_finding_is_framed_on_each_of_its_pages(
    client: TestClient, report: tuple[str, dict[str, Any]]
) -> None:
    place, said = report
    placed = [
        (each["id"], operand["source"]["page"]) for each in said["findings"] for operand in each["operands"]
    ]
    assert placed
    for finding, page in placed[:6]:
        assert (
            red_box(drawn(client.get(f"{place}/pages/{page}.png", params={"finding": finding}))) is not None
        )


@pytest.mark.parametrize(
    "path", ["pages/999.png", "pages/1.png?document=2", "pages/1.png?figure=nope", "pages/1.png?finding=nope"]
)
def test_what_is_not_there_is_not_drawn(
    client: TestClient, report: tuple[str, dict[str, Any]], path: str
) -> None:
    answer = client.get(f"{report[0]}/{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:gongkai:problem:unknown_page")


@pytest.mark.parametrize("path", ["pages/0.png", "pages/x.png", "pages/1.png?document=0", "pages/1e9.png"])
def test_a_page_that_is_no_number_is_the_requests_fault(
    client: TestClient, report: tuple[str, dict[str, Any]], path: str
) -> None:
    assert client.get(f"{report[0]}/{path}").status_code == 422


def test_a_workbook_by_name_and_by_accept(client: TestClient, report: tuple[str, dict[str, Any]]) -> None:
    by_name = client.get(report[0], params={"format": "xlsx"})
    by_accept = client.get(report[0], headers={"Accept": FORMATS["xlsx"].media_type})
    for answer in (by_name, by_accept):
        assert answer.status_code == 200
        assert ".xlsx" in answer.headers["content-disposition"]
        assert "问题清单" in openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


@pytest.mark.parametrize(
    ("form", "holds"),
    [
        ("csv", "figures.csv"),
        ("parquet", ".parquet"),
        ("package", "datapackage.json"),
        ("bundle", "manifest.json"),
    ],
)
def test_folders_come_as_archives(
    client: TestClient, report: tuple[str, dict[str, Any]], form: str, holds: str
) -> None:
    answer = client.get(report[0], params={"format": form})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith(holds) for name in archive.namelist()), archive.namelist()


def test_what_cannot_be_had_is_said(client: TestClient, report: tuple[str, dict[str, Any]]) -> None:
    answer = client.get(report[0], headers={"Accept": "application/msword"})
    assert (answer.status_code, answer.json()["type"]) == (406, "urn:gongkai:problem:not_acceptable")
    assert (
        client.get(report[0], headers={"Accept": "text/html, */*;q=0.1"}).headers["content-type"]
        == "application/json"
    )
    assert client.get(report[0], params={"format": "doc"}).status_code == 422


@pytest.mark.parametrize("gone", ["result", "files"])
def test_what_is_deleted_while_it_is_asked_for(
    client: TestClient, report: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    monkeypatch.setattr(client.app.state.jobs.store, gone, lambda job: None)  # type: ignore[attr-defined]
    paths = {"result": ["", "/findings", "/checks", "?format=csv", "/pages/1.png"], "files": ["/pages/1.png"]}
    for path in paths[gone]:
        answer = client.get(report[0] + path)
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:gongkai:problem:deleted"), path
