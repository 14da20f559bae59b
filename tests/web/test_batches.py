"""Many files at once, archives among them, hostile ones too."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from mutated import mutated

from gongkai.api import create_app
from gongkai.errors import Refusal
from gongkai.jobs import Jobs, batches
from gongkai.settings import MIB

BATCHES = "/v1/batches"


@pytest.fixture
def client(serving: Callable[..., Jobs]) -> Iterator[TestClient]:
    with TestClient(create_app(serving(queue=50), keys_required=False), base_url="http://localhost") as made:
        yield made


def archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return buffer.getvalue()


def send(client: TestClient, **files: bytes) -> Any:
    answer = client.post(
        BATCHES, files=[("file", (name.replace("_", "."), data)) for name, data in files.items()]
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{BATCHES}/{answer.json()['id']}"
    return answer.json()


def finished(client: TestClient, batch: dict[str, Any]) -> dict[str, Any]:
    end = time.monotonic() + 20
    while {"queued", "running"} & (told := client.get(f"{BATCHES}/{batch['id']}").json())["counts"].keys():
        assert time.monotonic() < end, told
        time.sleep(0.05)
    return dict(told)


def test_each_file_is_a_report_of_its_own_and_a_bad_one_stops_no_other(client: TestClient) -> None:
    told = finished(client, send(client, a_pdf=b"echo a", b_pdf=b"refuse x", c_pdf=b"echo c"))
    assert told["counts"] == {"done": 2, "failed": 1}
    assert [each["file_name"] for each in told["files"]] == ["a.pdf", "b.pdf", "c.pdf"]
    assert [client.get(each["report"]).status_code for each in told["files"]] == [200, 422, 200]


def test_an_archive_is_the_pdfs_in_it(client: TestClient) -> None:
    inside = {"一/甲.pdf": b"echo a", "二/乙.PDF": b"echo b", "readme.txt": b"no", "__MACOSX/x": b""}
    told = finished(client, send(client, many_zip=archive(inside), c_pdf=b"echo c"))
    assert [each["file_name"] for each in told["files"]] == ["甲.pdf", "乙.PDF", "c.pdf"]
    assert told["counts"] == {"done": 3}


def test_names_as_chinese_windows_writes_them(client: TestClient) -> None:
    data = archive({"aaaa.pdf": b"echo a"}).replace(b"aaaa.pdf", "甲乙.pdf".encode("gbk"))
    assert [each["file_name"] for each in send(client, many_zip=data)["files"]] == ["甲乙.pdf"]


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_an_archive_that_is_damaged_anywhere_is_damaged_and_nothing_else(compression: int) -> None:
    chance = random.Random(compression)
    whole, outcomes = archive({"a.pdf": b"echo a" * 50, "b.pdf": b"echo b"}, compression), Counter[str]()
    for _ in range(1500):
        for _, content in batches._pdfs([("all.zip", io.BytesIO(mutated(whole, chance)))], MIB):
            outcomes[type(content).__name__] += 1
            if not isinstance(content, Refusal):
                content.close()
    assert outcomes["Damaged"] > 100 and outcomes["SpooledTemporaryFile"] > 100, outcomes
    assert outcomes.keys() <= {"BytesIO", "Damaged", "SpooledTemporaryFile", "TooLarge"}


def test_names_in_an_archive_are_never_paths(client: TestClient, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    told = send(
        client,
        many_zip=archive({"../../evil.pdf": b"echo a", "/etc/b.pdf": b"echo b", "c\\..\\d.pdf": b"echo c"}),
    )
    assert [each["file_name"] for each in told["files"]] == ["evil.pdf", "b.pdf", "d.pdf"]
    assert {path.name for path in set(tmp_path.rglob("*")) - before} == set()


def test_an_entry_larger_than_it_says_ends_the_archive(client: TestClient) -> None:
    bomb = archive({"a.pdf": b"echo a", "bomb.pdf": bytes(3 * MIB), "b.pdf": b"echo b"})
    assert len(bomb) < 10_000
    told = send(client, many_zip=bomb)
    assert [each["status"] for each in told["files"]][1:] == ["refused"]
    assert told["files"][1]["problem"]["type"].endswith("too_large")


def test_all_entries_together_have_a_limit_too(client: TestClient) -> None:
    bomb = archive({f"{number}.pdf": bytes(MIB) for number in range(40)})
    told = send(client, many_zip=bomb)
    assert told["files"][-1]["problem"]["type"].endswith("too_large")
    assert len(told["files"]) < 20


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x05\x06" + bytes(18),
        archive({"a.pdf": b"echo a"})[:-30],
        archive({"a.pdf": b"x" * 5000}).replace(b"x", b"y"),
    ],
)
def test_a_broken_archive_is_refused_by_name(client: TestClient, data: bytes) -> None:
    told = send(client, bad_zip=data, c_pdf=b"echo c")
    assert told["files"][-1]["file_name"] == "c.pdf"
    assert "problem" not in told["files"][-1]


def test_no_such_batch(client: TestClient) -> None:
    answer = client.get(f"{BATCHES}/0000")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:gongkai:problem:unknown_batch")
