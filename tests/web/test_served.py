"""The promises of ``docs/http.md`` and of the client package, against a `gongkai serve` that is a process of its own."""

from __future__ import annotations

import io
import json
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest
from receiver import Receiver, until
from running import GONGKAI, Service, distinct

import gongkai
from gongkai_client import BadSignature, Gongkai, Problem, verified

from .conftest import Account, Caller

SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"


@pytest.fixture(scope="module")
def client(account: Account) -> Gongkai:
    return account("bureau")


@pytest.fixture(scope="module")
def http(caller: Caller) -> httpx2.Client:
    """The same client without the package in between."""
    return caller("bureau")


@pytest.fixture(scope="module")
def done(client: Gongkai, good_pdf: bytes) -> str:
    """The id of a Report that is there."""
    job = client.submit(("说明.pdf", good_pdf), wait=60)
    assert job.status == "done"
    return job.id


def problem(error: pytest.ExceptionInfo[Problem]) -> tuple[int, str]:
    """Status and name of what the service refused, after seeing that it says so in Chinese."""
    refused = error.value
    assert refused.title and refused.detail.endswith("。") and refused.body["status"] == refused.status
    return refused.status, refused.type.removeprefix("urn:gongkai:problem:")


# the client package


def test_a_report_is_what_the_library_reads(client: Gongkai, http: httpx2.Client, good_pdf: bytes) -> None:
    files = [("说明.pdf", good_pdf), ("附表.pdf", distinct(good_pdf, "附表"))]
    expected = gongkai.read(
        [data for _, data in files], file_names=[name for name, _ in files], metadata={"region": "430200"}
    ).to_json()
    assert client.read(*files, metadata={"region": "430200"}) == json.loads(expected)
    answer = http.post(
        "/v1/reports", files=[("file", each) for each in files], data={"metadata": '{"region": "430200"}'}
    )
    assert answer.content == expected
    assert answer.headers["server-timing"].startswith("queue;dur=")


def test_the_job_of_a_report_that_came_at_once_has_its_id(client: Gongkai, good_pdf: bytes) -> None:
    job = client.submit(("a.pdf", good_pdf), wait=60)
    assert (len(job.id), job.status) == (32, "done") and job.report is not None
    assert client.submit(("a.pdf", good_pdf)).id == job.id
    again = client.job(job.id)
    assert (again.id, again.report) == (job.id, job.report)


def test_an_upload_that_does_not_wait(client: Gongkai, good_pdf: bytes) -> None:
    job = client.submit(("later.pdf", distinct(good_pdf, "later")))
    assert (job.status in ("queued", "running"), job.report) == (True, None)
    report = until(lambda: client.report(job.id), "never read")
    assert report["documents"][0]["file_name"] == "later.pdf"
    assert report["forms"][0]["figures"][0]["source"]["page"] == 2


def test_a_path_may_be_given_and_its_folder_stays_here(
    client: Gongkai, good_pdf: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "某某局.pdf"
    path.write_bytes(good_pdf)
    assert client.read(path)["documents"][0]["file_name"] == "某某局.pdf"


def test_every_format_is_a_file_that_opens(client: Gongkai, done: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.export(done, "xlsx")))
    assert "问题清单" in book.sheetnames
    inside = {
        form: zipfile.ZipFile(io.BytesIO(client.export(done, form))).namelist()  # type: ignore[arg-type]
        for form in ("csv", "parquet", "package", "bundle")
    }
    assert any(name.endswith(".csv") for name in inside["csv"])
    assert any(name.endswith(".parquet") for name in inside["parquet"])
    assert "datapackage.json" in inside["package"]
    assert any(name.endswith(".ndjson") for name in inside["bundle"])


def test_cancel_and_delete(client: Gongkai, good_pdf: bytes) -> None:
    client.submit(("long.pdf", SAMPLE.read_bytes()))  # keeps the only child busy
    job = client.submit(("next.pdf", distinct(good_pdf, "cancelled")))
    for _ in range(2):
        client.cancel(job.id)
    assert client.job(job.id).status == "cancelled"
    for _ in range(2):
        client.delete(job.id)
    for ask in (client.job, client.report, client.cancel):
        with pytest.raises(Problem) as gone:
            ask(job.id)
        assert problem(gone) == (410, "deleted")


def test_what_cannot_be_read_is_a_problem(client: Gongkai, good_pdf: bytes) -> None:
    for name, data, expected in (
        ("a.pdf", b"no PDF", (415, "not_pdf")),
        ("a.pdf", b"", (400, "empty")),
        ("a.pdf", b"%PDF-1.7 and nothing else", (422, "damaged")),
        ("a.pdf", good_pdf + bytes(1 << 20), (413, "too_large")),
    ):
        with pytest.raises(Problem) as refused:
            client.read((name, data))
        assert problem(refused) == expected
    with pytest.raises(Problem) as unknown:
        client.job("0" * 32)
    assert problem(unknown) == (404, "unknown_report")


def test_changes_tell_everything_once_and_in_order(account: Account, good_pdf: bytes) -> None:
    follower = account("follower")
    assert list(follower.changes()) == []
    first = follower.submit(("a.pdf", distinct(good_pdf, 1)), wait=60)
    with pytest.raises(Problem):
        follower.read(("b.pdf", b"no PDF"))
    follower.delete(first.id)
    told = list(follower.changes())
    assert [each.kind for each in told] == ["created", "failed", "deleted"]
    assert [each.id for each in told[::2]] == [first.id] * 2
    assert list(follower.changes(after=told[0].cursor)) == told[1:]
    assert list(follower.changes(after=told[-1].cursor)) == []


def test_no_service_is_no_problem(good_pdf: bytes) -> None:
    with Gongkai("http://127.0.0.1:1") as nowhere, pytest.raises(httpx2.TransportError):
        nowhere.read(("a.pdf", good_pdf))


# keys


def test_a_key_is_wanted_does_what_its_scopes_say_and_ends_when_it_is_revoked(
    served: Service, account: Account, good_pdf: bytes, done: str
) -> None:
    reader, writer = account("bureau", "read"), account("bureau", "write")
    assert reader.report(done) is not None
    for deed in (lambda: reader.submit(("a.pdf", good_pdf)), lambda: writer.report(done)):
        with pytest.raises(Problem) as refused:
            deed()
        assert problem(refused) == (403, "out_of_scope")
    key = served.key("bureau")
    with Gongkai(served.url, key=key) as holder:
        assert holder.report(done) is not None
        served.run("keys", "revoke", key.split("_")[1])
        with pytest.raises(Problem) as ended:
            holder.report(done)
        assert problem(ended) == (401, "key_wanted")
    for wrong in (None, key + "x", "gk_0"):
        with Gongkai(served.url, key=wrong) as stranger, pytest.raises(Problem) as unknown:
            stranger.report(done)
        assert problem(unknown) == (401, "key_wanted")
    listed = served.run("keys", "list")
    assert key.split("_")[1] in listed and key.split("_", 2)[2] not in listed


def test_what_is_anothers_is_not_there(account: Account, client: Gongkai, good_pdf: bytes, done: str) -> None:
    other = account("other")
    for deed in (other.job, other.cancel, other.delete, lambda job: other.export(job, "xlsx")):
        with pytest.raises(Problem) as theirs:
            deed(done)
        with pytest.raises(Problem) as nobodys:
            deed("0" * 32)
        assert theirs.value.body == nobodys.value.body and theirs.value.status == 404
    assert list(other.changes()) == []
    assert other.submit(("a.pdf", good_pdf)).id != done
    assert client.report(done) is not None


# the rest of docs/http.md


def test_what_a_client_prefers(http: httpx2.Client, good_pdf: bytes) -> None:
    file = {"file": ("a.pdf", distinct(good_pdf, "async"))}
    accepted = http.post("/v1/reports", files=file, headers={"Prefer": "respond-async"})
    assert (accepted.status_code, accepted.headers["preference-applied"]) == (202, "respond-async")
    assert accepted.headers["location"] == f"/v1/reports/{accepted.json()['id']}"
    assert int(accepted.headers["retry-after"]) > 0
    waited = http.post("/v1/reports", files=file, headers={"Prefer": "wait=60"})
    assert (waited.status_code, waited.headers["location"]) == (200, accepted.headers["location"])


def test_a_key_makes_a_request_one_request(http: httpx2.Client, good_pdf: bytes) -> None:
    once = {"Idempotency-Key": "4711", "Prefer": "respond-async"}
    files = [{"file": ("a.pdf", distinct(good_pdf, f"idempotent {number}"))} for number in range(2)]
    first = http.post("/v1/reports", files=files[0], headers=once)
    assert (
        http.post("/v1/reports", files=files[0], headers=once).headers["location"]
        == first.headers["location"]
    )
    assert http.post("/v1/reports", files=files[1], headers=once).json()["type"].endswith("key_reused")
    http.delete(first.headers["location"])
    assert http.post("/v1/reports", files=files[0], headers=once).status_code == 410


def test_parts_of_a_report_and_their_tags(http: httpx2.Client, done: str) -> None:
    place = f"/v1/reports/{done}"
    whole = http.get(place, params={"checks": "all"})
    checks, findings = http.get(f"{place}/checks"), http.get(f"{place}/findings")
    assert checks.json()["items"] == whole.json()["checks"]["results"] != []
    assert findings.json()["items"] == whole.json()["findings"]
    assert http.get(place).json()["checks"]["results"] is None
    for answer in (whole, checks, findings):
        same = http.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert http.get(str(answer.url), headers={"If-None-Match": '"x"'}).status_code == 200
    picture = http.get(f"{place}/pages/2.png")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert http.get(f"{place}/pages/3.png").status_code == 404
    assert http.get(place, headers={"Accept": "text/html"}).status_code == 406


def test_lists_are_filtered_and_turned_page_by_page(caller: Caller, good_pdf: bytes) -> None:
    """Two small reports that say little of themselves, and the sample: 2022, a final account, a warning."""
    http = caller("lists")
    places = []
    for data in (SAMPLE.read_bytes(), distinct(good_pdf, "list 1"), distinct(good_pdf, "list 2")):
        answer = http.post("/v1/reports", files={"file": ("a.pdf", data)}, headers={"Prefer": "wait=60"})
        places.append(answer.headers["location"])

    def listed(**query: Any) -> tuple[list[str], str | None]:
        page = http.get("/v1/reports", params=query).json()
        return [f"/v1/reports/{each['id']}" for each in page["items"]], page["next"]

    two, cursor = listed(limit=2)
    assert (two, listed(limit=2, cursor=cursor)) == (places[:0:-1], (places[:1], None))
    for query in (
        {"entity": "医疗保障"}, {"year": 2022}, {"kind": "final_account", "year": 2022}, {"check": "X-TOC-BODY"},
    ):  # fmt: skip
        assert listed(**query)[0] == places[:1], query
    for query in ({"entity": "%"}, {"year": 1999}, {"kind": "budget"}, {"check": "X-NONE"}):
        assert listed(**query)[0] == [], query
    assert sorted(listed(has_findings=True)[0] + listed(has_findings=False)[0]) == sorted(places)


def test_a_batch_is_many_reports_and_a_bad_file_stops_no_other(http: httpx2.Client, good_pdf: bytes) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("甲/一.pdf", distinct(good_pdf, "batch 1"))
        made.writestr("../../二.pdf", b"no PDF")
        made.writestr("read.me", b"passed over")
    files = [("file", ("all.zip", archive.getvalue())), ("file", ("三.pdf", distinct(good_pdf, "batch 3")))]
    taken = http.post("/v1/batches", files=files)
    assert taken.status_code == 202

    def over() -> Any:
        told = http.get(taken.headers["location"]).json()
        return None if {"queued", "running"} & told["counts"].keys() else told

    told = until(over, "never read")
    assert told["counts"] == {"done": 2, "failed": 1}
    assert [each["file_name"] for each in told["files"]] == ["一.pdf", "二.pdf", "三.pdf"]
    assert [http.get(each["report"]).status_code for each in told["files"]] == [200, 415, 200]


def test_a_webhook_is_verified_by_the_client_and_in_the_shell(
    http: httpx2.Client, client: Gongkai, good_pdf: bytes, receiver: Receiver
) -> None:
    hook = http.post("/v1/webhooks", json={"url": receiver.url, "events": ["created"]}).json()
    job = client.submit(("a.pdf", distinct(good_pdf, "webhook")), wait=60)
    headers, body = until(lambda: receiver.got, "nothing came")[0]
    event = verified(hook["secret"], headers, body)
    assert (event["type"], event["data"]["id"]) == ("report.created", job.id)
    with pytest.raises(BadSignature):
        verified(hook["secret"], headers, body.replace(b"created", b"deleted"))
    assert in_the_shell(hook["secret"], headers, body) == headers["webhook-signature"].removeprefix("v1,")
    log = f"/v1/webhooks/{hook['id']}/deliveries"
    delivery = until(
        lambda: [each for each in http.get(log).json()["items"] if each["status"] == "delivered"], "no log"
    )[0]
    assert delivery["id"] == headers["webhook-id"]
    assert http.post(f"{log}/{delivery['id']}/replay").status_code == 202
    until(lambda: len(receiver.got) == 2, "not sent again")
    assert receiver.got[1][0]["webhook-id"] == headers["webhook-id"]
    assert http.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert http.get("/v1/webhooks").json()["items"] == []


def in_the_shell(secret: str, headers: dict[str, str], body: bytes) -> str:
    """What the commands of ``docs/http.md`` print."""
    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    commands = next(block for block in page.split("```sh\n") if "openssl" in block.split("```")[0])
    given = {
        "secret": secret,
        "id": headers["webhook-id"],
        "timestamp": headers["webhook-timestamp"],
        "body": body.decode(),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.split("```")[0]],
        env={"PATH": "/usr/bin:/bin", **given}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_what_the_service_says_of_itself(served: Service) -> None:
    with httpx2.Client(base_url=served.url) as anyone:
        alive, about = anyone.get("/healthz").json(), anyone.get("/v1/about").json()
        assert alive["version"] == about["version"] == gongkai.__version__
        assert about["licence"] == "AGPL-3.0-or-later"
        assert anyone.get("/readyz").json()["status"] == "ok"
        assert anyone.get("/docs").status_code == 200


def test_a_second_process_on_the_same_folder_is_told_why_not(served: Service) -> None:
    told = subprocess.run(
        [*GONGKAI, "serve", "--port", "1"],
        env=served.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2 and "GONGKAI_DATABASE_URL" in told.stderr


def test_no_text_of_a_document_is_in_the_log(served: Service, done: str) -> None:
    time.sleep(0.1)
    assert "某某" not in served.log() and "gk_" not in served.log()
