"""HTTP: every failure is a problem that says what to do, and one request never holds up another."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from gongkai import prefer
from gongkai.api import create_app
from gongkai.errors import REFUSALS
from gongkai.jobs import Jobs
from gongkai.report import Report, json_schema
from gongkai.sandbox import Sandbox
from gongkai.settings import MIB, Settings

REPORTS = "/v1/reports"
Serving = Callable[..., Jobs]


@pytest.fixture
def client(serving: Serving) -> Iterator[TestClient]:
    with TestClient(
        create_app(serving(), keys_required=False), base_url="http://localhost", raise_server_exceptions=False
    ) as made:
        yield made


def send(client: TestClient, words: str, **more: Any) -> Any:
    return client.post(REPORTS, files=[("file", ("a.pdf", words.encode()))], **more)


def assert_done(client: TestClient, accepted: Any) -> Any:
    """The Report of an accepted upload, asked for until it is there."""
    until = time.monotonic() + 20
    while (answer := client.get(accepted.headers["location"])).status_code == 202:
        assert time.monotonic() < until, answer.json()
        time.sleep(0.05)
    assert answer.status_code == 200
    return answer


def problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    """The problem in ``answer``, after seeing that it is one."""
    found: dict[str, Any] = answer.json()
    assert answer.status_code == status == found["status"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert found["type"] == f"urn:gongkai:problem:{name}"
    assert found["title"] and found["detail"].endswith("。")
    return found


def test_a_report_comes_back(client: TestClient) -> None:
    answer = send(client, "echo hi", data={"metadata": '{"a": [1, "二"]}'})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json()
    assert (told["result"], told["documents"]) == (
        "hi",
        [{"file_name": "a.pdf", "pages": [{"text_source": "native"}]}],
    )
    assert told["entity"]["metadata"] == {"a": [1, "二"]}


def test_a_real_report_comes_back(good_pdf: bytes, tmp_path: Path) -> None:
    with (
        Jobs(Settings(workers=1, data_dir=tmp_path)) as jobs,
        TestClient(create_app(jobs, keys_required=False), base_url="http://localhost") as client,
    ):
        files = [("file", ("../说明.pdf", good_pdf)), ("file", ("附表.pdf", good_pdf))]
        plain = client.post(REPORTS, files=files)
        full = client.post(REPORTS, params={"checks": "all"}, files=files)
    report = Report.from_json(plain.content)
    assert [document.file_name for document in report.documents] == ["说明.pdf", "附表.pdf"]
    assert report.checks.results is None
    assert Report.from_json(full.content).checks.results is not None


@pytest.mark.parametrize(
    ("deed", "name"), [("refuse", "encrypted"), ("segfault", "crashed"), ("eat", "out_of_memory")]
)
def test_refusals_are_problems(client: TestClient, deed: str, name: str) -> None:
    problem(send(client, deed), REFUSALS[name].status, name)
    assert send(client, "echo after").status_code == 200


@pytest.mark.parametrize(
    "text",
    ["[1]", "{", '"a"', "1", "{'a': 1}", '{"a":' * 300 + "1" + "}" * 300, '{"a": "\\ud800"}', "x" * 70_000],
)
def test_metadata_must_be_an_object(client: TestClient, text: str) -> None:
    answer = send(client, "echo x", data={"metadata": text})
    assert answer.status_code in (400, 422)
    found = problem(
        answer, answer.status_code, {400: "bad_request", 422: "invalid_request"}[answer.status_code]
    )
    assert found["errors"]


def test_a_wrong_request_is_told_part_by_part(client: TestClient) -> None:
    assert problem(client.post(REPORTS), 422, "invalid_request")["errors"][0]["field"] == "file"
    assert problem(client.post(REPORTS, json={"file": "a"}), 422, "invalid_request")
    assert problem(client.post(REPORTS, data={"file": "text"}), 422, "invalid_request")
    assert problem(send(client, "echo x", params={"checks": "some"}), 422, "invalid_request")
    no_boundary = {"content-type": "multipart/form-data"}
    assert problem(client.post(REPORTS, content=b"x", headers=no_boundary), 400, "bad_request")
    many = [("file", ("a.pdf", b"echo x"))] * 4
    assert problem(client.post(REPORTS, files=many), 400, "bad_request")["errors"]


def test_no_such_address_no_such_method(client: TestClient) -> None:
    problem(client.get("/v2/reports"), 404, "not_found")
    answer = client.delete(REPORTS)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, POST"
    assert client.put(f"{REPORTS}/0").headers["allow"] == "DELETE, GET"


def test_our_own_fault_is_a_problem_without_a_trace(
    client: TestClient, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "run", lambda *_, **__: 1 / 0)
    answer = send(client, "echo x")
    problem(answer, 500, "internal")
    assert "ZeroDivision" not in answer.text
    monkeypatch.undo()
    assert send(client, "echo x").status_code == 200


def test_even_a_fault_of_ours_is_answered_with_the_headers_of_every_answer(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jobs, "find", lambda *_: 1 / 0)
    answer = client.get(f"{REPORTS}/x", headers={"X-Request-ID": "mine"})
    problem(answer, 500, "internal")
    usual = client.get("/healthz").headers
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Cache-Control"):
        assert answer.headers[name] == usual[name]
    assert answer.headers["x-request-id"] == "mine" and "ZeroDivision" not in answer.text


# jobs


def test_an_upload_can_be_asked_for_later(client: TestClient) -> None:
    accepted = send(client, "sleep 9 0.5", headers={"Prefer": "respond-async"}, data={"metadata": '{"a": 1}'})
    place = accepted.headers["location"]
    assert (accepted.status_code, accepted.headers["preference-applied"]) == (202, "respond-async")
    assert int(accepted.headers["retry-after"]) > 0
    told = {"status": accepted.json()["status"], "progress": {"pages": None, "pages_read": 0}}
    assert accepted.json() == {"id": place.rpartition("/")[2], **told}
    answer = assert_done(client, accepted)
    assert answer.json()["entity"]["metadata"] == {"a": 1}
    assert answer.headers["server-timing"].startswith("queue;dur=") and answer.headers["location"] == place
    assert answer.json()["checks"]["results"] is None
    assert client.get(place, params={"checks": "all"}).json()["checks"]["results"] == []
    assert send(client, "sleep 9 0.5").headers["location"] == place


def test_a_wait_ends_when_it_was_to_end(client: TestClient) -> None:
    began = time.monotonic()
    answer = send(client, "sleep 9 2", headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "wait=1")
    assert 1 <= time.monotonic() - began < 1.9
    assert_done(client, answer)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (30, "")), ("", (30, "")), ("wait=5", (5, "wait=5")), ("Wait = 5", (5, "wait=5")),
        ("respond-async", (0, "respond-async")), ("respond-async, wait=5", (5, "respond-async, wait=5")),
        ("wait=99999999999", (600, "wait=600")), ("wait=-1", (30, "")), ("wait=x, handling=lenient", (30, "")),
        ("wait=0", (0, "wait=0")), ("wait=٣", (30, "")),
    ],
)  # fmt: skip
def test_what_a_client_prefers(header: str | None, expected: tuple[float, str]) -> None:
    assert prefer.seconds(header) == expected


def test_a_refusal_is_told_again_when_asked(client: TestClient) -> None:
    accepted = client.post(
        REPORTS, files=[("file", ("../密.pdf", b"refuse"))], headers={"Prefer": "respond-async"}
    )
    time.sleep(0.2)
    while (answer := client.get(accepted.headers["location"])).status_code == 202:
        time.sleep(0.05)
    assert problem(answer, 422, "encrypted")["file_name"] == "密.pdf"


def test_cancel_and_delete(client: TestClient) -> None:
    place = send(client, "sleep 9 9", headers={"Prefer": "respond-async"}).headers["location"]
    for _ in range(2):
        assert client.post(f"{place}/cancel").json()["status"] == "cancelled"
    assert (client.get(place).status_code, client.get(place).json()["status"]) == (202, "cancelled")
    for _ in range(2):
        assert client.delete(place).status_code == 204
    problem(client.get(place), 410, "deleted")
    problem(client.post(f"{place}/cancel"), 410, "deleted")
    for method, address in (
        ("GET", "x"),
        ("DELETE", "x"),
        ("POST", "x/cancel"),
        ("GET", "%00"),
        ("GET", "x" * 5000),
    ):
        problem(client.request(method, f"{REPORTS}/{address}"), 404, "unknown_report")


def test_a_key_makes_a_request_one_request(client: TestClient) -> None:
    key = {"Idempotency-Key": "4711"}
    first = send(client, "echo one", headers=key)
    assert send(client, "echo one", headers=key).headers["location"] == first.headers["location"]
    problem(send(client, "echo two", headers=key), 422, "key_reused")
    client.delete(first.headers["location"])
    problem(send(client, "echo one", headers=key), 410, "deleted")
    assert send(client, "echo one").status_code == 200
    problem(send(client, "echo one", headers={"Idempotency-Key": "x" * 256}), 422, "invalid_request")


def wrong_parts(client: TestClient) -> list[str]:
    found = problem(client.get("/readyz"), 503, "unavailable")
    assert client.get("/healthz").status_code == 200
    return [each["field"] for each in found["errors"]]


def test_readiness_asks_the_database(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "children": "ok", "disk": "ok"}

    def gone(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(client.app.state.jobs.store.engine, "connect", gone)  # type: ignore[attr-defined]
        assert wrong_parts(client) == ["database"]
    assert client.get("/readyz").status_code == 200


def test_readiness_starts_a_child(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("gongkai.sandbox.sys.executable", "/bin/false")  # ends before it says a word
        assert wrong_parts(client) == ["children"]
        broken.setattr("gongkai.sandbox.sys.executable", "/nowhere")
        assert wrong_parts(client) == ["children"]
    assert client.get("/readyz").status_code == 200
    assert send(client, "echo one").status_code == 200


def test_readiness_does_not_wait_for_a_child_at_work(client: TestClient) -> None:
    accepted = send(client, "sleep 1 5", headers={"Prefer": "respond-async"})
    while client.get(accepted.headers["location"]).json()["status"] != "running":
        time.sleep(0.02)
    began = time.monotonic()
    assert client.get("/readyz").status_code == 200
    assert time.monotonic() - began < 2
    client.post(accepted.headers["location"] + "/cancel")


def test_readiness_looks_at_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=3 * MIB))
    assert wrong_parts(client) == ["disk"]
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=5 * MIB))
    assert client.get("/readyz").status_code == 200


def test_a_body_that_declares_too_much_and_one_that_does_not_tell(client: TestClient) -> None:
    problem(send(client, "echo " + "x" * 2 * MIB), 413, "too_large")
    problem(send(client, "echo " + "x" * MIB), 413, "too_large")  # within the body's limit, above the files'

    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while sent < 100 * MIB:
            sent += MIB // 4
            yield b"x" * (MIB // 4)

    headers = {"content-type": "multipart/form-data; boundary=a"}
    problem(client.post(REPORTS, content=endless(), headers=headers), 413, "too_large")


def test_a_full_queue_is_429_with_a_time_to_come_back(serving: Serving) -> None:
    later = {"Prefer": "respond-async"}
    with TestClient(create_app(serving(queue=2), keys_required=False), base_url="http://localhost") as client:
        accepted = [send(client, f"sleep 9 0.7{number}", headers=later) for number in range(2)]
        while {client.get(each.headers["location"]).json()["status"] for each in accepted} != {"running"}:
            time.sleep(0.02)  # both are to be out of the queue: one is read, one is at hand
        accepted += [send(client, f"echo {number}", headers=later) for number in range(2)]
        assert [each.status_code for each in accepted] == [202] * 4
        answer = send(client, "echo x", headers=later)
        problem(answer, 429, "busy")
        assert int(answer.headers["retry-after"]) > 0
        assert send(client, "echo x").status_code == 200  # who waits has a queue of their own
        for each in accepted:
            assert_done(client, each)


def test_reading_does_not_hold_up_the_loop(client: TestClient) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(send, client, "sleep 9 2.5")
        time.sleep(0.5)
        for _ in range(5):
            assert client.get("/healthz").json()["status"] == "ok"
        assert not running.done()
        assert running.result().status_code == 200


# over a real socket


@pytest.fixture
def port(serving: Serving) -> Iterator[int]:
    config = uvicorn.Config(create_app(serving(), keys_required=False), log_level="critical")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def test_an_upload_above_the_limit_is_cut_off_while_it_streams(port: int) -> None:
    """The answer stands before the upload has ended, and the server takes the next request."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plug:
        plug.sendall(
            b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=a\r\n\r\n"
        )
        part = b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        plug.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        for _ in range(6):
            plug.sendall(b"%x\r\n%b\r\n" % (MIB // 4, b"x" * (MIB // 4)))
        answer = plug.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "application/problem+json" in answer
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_client_that_leaves_in_the_middle_costs_nothing(port: int) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plug:
            plug.sendall(
                b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                b"Content-Type: multipart/form-data; boundary=a\r\n\r\n--a\r\n"
            )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


# what OpenAPI says


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    app = create_app(keys_required=False)
    app.openapi()
    found: dict[str, Any] = app.openapi()
    return found


def test_openapi_describes_the_report_and_every_refusal(spec: dict[str, Any]) -> None:
    answers = spec["paths"][REPORTS]["post"]["responses"]
    told = {
        name: (int(status), example["value"])
        for status, answer in answers.items()
        for name, example in answer["content"].get("application/problem+json", {}).get("examples", {}).items()
    }
    assert {name: told[name][0] for name in REFUSALS} == {name: cls.status for name, cls in REFUSALS.items()}
    assert all(value["status"] == status for status, value in told.values())
    assert "Retry-After" in answers["429"]["headers"]
    assert Report.from_json(json.dumps(answers["200"]["content"]["application/json"]["example"])).findings


def test_openapi_holds_the_report_schema_and_no_dangling_reference(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    text = json.dumps(spec)
    assert {ref.split('"')[0] for ref in text.split("#/components/schemas/")[1:]} <= set(schemas)
    assert "HTTPValidationError" not in text
    own = json_schema()
    for name, part in own["$defs"].items():
        assert json.dumps(part, sort_keys=True).replace("#/$defs/", "#/components/schemas/") == json.dumps(
            schemas[name], sort_keys=True
        )
