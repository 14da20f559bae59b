"""Requests that are meant to do harm, against a `gongkai serve` that is a process of its own: a 4xx, nothing told, nothing written elsewhere."""

from __future__ import annotations

import io
import os
import random
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest
from running import Service, distinct

from gongkai.settings import MIB

from .conftest import Caller

BOUNDARY = b"--x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
FORM = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def key(served: Service) -> str:
    return served.key("victim")


@pytest.fixture(scope="module")
def http(caller: Caller) -> httpx2.Client:
    return caller("victim")


@pytest.fixture(autouse=True)
def still_well(served: Service) -> Iterator[None]:
    """After each of them the service answers, has not failed, and has written into its own folder alone."""
    yield
    assert httpx2.get(f"{served.url}/healthz", timeout=30).status_code == 200
    assert "Traceback" not in served.log()
    assert {path.name for path in served.folder.iterdir()} == {"data", "log"}
    assert all(path.name.startswith("gongkai.") for path in served.data.iterdir())


def refused(answer: Any) -> str:
    """The name of the problem, which is the request's."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["type"]).rpartition(":")[2]


def raw(served: Service, *parts: bytes, pause: float = 0.0, end: bool = True) -> bytes:
    """What comes back for these bytes, sent one part after another; with ``end`` nothing more will come from here."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as plug:
        with suppress(OSError):  # it may have said what it had to say, and hung up
            for part in parts:
                plug.sendall(part)
                time.sleep(pause)
            if end:
                plug.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(OSError):
            while more := plug.recv(65536):
                received += more
        return received


def post(key: str, *headers: str) -> bytes:
    lines = ["POST /v1/reports HTTP/1.1", "Host: x", f"Authorization: Bearer {key}", f"Content-Type: {FORM}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "address", ["%00", "..%2f..%2fetc%2fpasswd", "x" * 4000, "%ff%fe", "0" * 31 + "%00", "é" * 32]
)
def test_ids_that_nobody_gave(http: httpx2.Client, address: str) -> None:
    for place in ("", "/findings", "/checks", "/pages/1.png", "?format=xlsx"):
        assert refused(http.get(f"/v1/reports/{address}{place}")) in ("unknown_report", "not_found")
    assert refused(http.delete(f"/v1/reports/{address}")) in (
        "unknown_report",
        "method_not_allowed",
        "not_found",
    )
    assert refused(http.get(f"/v1/batches/{address}")) in ("unknown_batch", "not_found")
    told = ("unknown_webhook", "invalid_request", "not_found", "method_not_allowed")
    assert refused(http.delete(f"/v1/webhooks/{address}")) in told
    assert refused(http.post(f"/v1/webhooks/{address}/deliveries/{address}/replay")) in told


@pytest.mark.parametrize(
    "query",
    [
        "cursor=%00", "cursor=" + "A" * 200, "cursor=WzFlOTk5LCAiIl0=", "cursor=" + "W1" * 90, "year=99999999999999999999", "limit=0",
        "limit=-1", "limit=1e3", "kind=x", "has_findings=perhaps", "entity=" + "x" * 101, "check=" + "x" * 65,
    ],
)  # fmt: skip
def test_queries_that_mean_nothing(http: httpx2.Client, query: str) -> None:
    assert refused(http.get(f"/v1/reports?{query}")) == "invalid_request"


@pytest.mark.parametrize(
    "query", ["entity=%00", "check=%00", "entity=%ed%a0%80", "entity=';DROP TABLE jobs;--", "x=1&x=2"]
)
def test_queries_that_find_nothing(http: httpx2.Client, query: str) -> None:
    answer = http.get(f"/v1/reports?{query}")
    assert answer.status_code == 200 or refused(answer) == "invalid_request"


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "9" * 30, "%00"])
def test_changes_after_nonsense(http: httpx2.Client, after: str) -> None:
    assert refused(http.get(f"/v1/changes?after={after}")) == "invalid_request"


def test_ten_thousand_fields(http: httpx2.Client) -> None:
    files = [(f"field{number}", (None, b"x")) for number in range(10_000)]
    assert refused(http.post("/v1/reports", files=files)) == "bad_request"
    files = [("file", (f"{number}.pdf", b"x")) for number in range(4)]
    assert refused(http.post("/v1/reports", files=files)) == "bad_request"


def test_names_that_are_paths(http: httpx2.Client, good_pdf: bytes) -> None:
    for name in (
        "../../../tmp/evil.pdf",
        "C:\\evil.pdf",
        "/etc/passwd",
        "..",
        "a\x00b.pdf",
        "%00",
        "x" * 5000 + ".pdf",
    ):
        answer = http.post("/v1/reports", files={"file": (name, good_pdf)})
        if answer.status_code == 400:  # no multipart header may hold that
            continue
        assert answer.status_code == 200, answer.text
        said = answer.json()["documents"][0]["file_name"]
        assert "/" not in said and "\\" not in said and said not in ("..", ".") and len(said) <= 200


def test_archives_that_climb_swell_or_lie(http: httpx2.Client, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../../../../tmp/gongkai-evil.pdf", b"no PDF")
        made.writestr("/etc/gongkai-evil.pdf", b"no PDF, but another")
        for number in range(20):
            made.writestr(f"bomb{number}.pdf", bytes(MIB))
    data = archive.getvalue()
    assert len(data) < 100_000
    told = http.post("/v1/batches", files={"file": ("a.zip", data)}).json()
    assert [each["file_name"] for each in told["files"][:2]] == ["gongkai-evil.pdf"] * 2
    assert told["files"][-1]["problem"]["type"].endswith("too_large") and len(told["files"]) < 20
    assert not Path("/etc/gongkai-evil.pdf").exists() and not Path("/tmp/gongkai-evil.pdf").exists()
    broken = bytearray(data)
    broken[len(broken) // 2] ^= 0xFF
    for each in (bytes(broken), data[:-40], b"PK\x03\x04" + os.urandom(200)):
        assert http.post("/v1/batches", files={"file": ("a.zip", each)}).status_code == 202


def test_lengths_that_are_wrong(served: Service, key: str) -> None:
    body = PART + b"x\r\n--x--\r\n"
    for headers in (
        ["Content-Length: -1"], ["Content-Length: x"], ["Content-Length: 1", "Content-Length: 2"],
        ["Content-Length: 99999999999999999999999"], ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: rot13"],
    ):  # fmt: skip
        assert status(raw(served, post(key, *headers), body)) in (400, 413), headers
    assert status(raw(served, post(key, f"Content-Length: {len(body) + 50}"), body)) in (0, 400)
    assert status(raw(served, post(key, "Content-Length: 10"), body)) in (0, 400, 422)
    assert status(raw(served, post(key, "Transfer-Encoding: chunked"), b"ZZ\r\n")) in (0, 400)


def status(received: bytes) -> int:
    """Of the first answer; 0 if the connection was closed without one."""
    return int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.1 ") else 0


def test_headers_without_measure(served: Service, key: str) -> None:
    assert status(raw(served, post(key, "X-Large: " + "x" * 200_000, "Content-Length: 0"))) in (400, 431)
    assert status(raw(served, post(key, *[f"X-{n}: x" for n in range(20_000)], "Content-Length: 0"))) in (
        400,
        422,
        431,
    )
    assert status(raw(served, b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")) in (400, 414, 431)
    assert status(raw(served, b"\x16\x03\x01\x02\x00\x01" * 50)) == 400


def test_a_slow_upload_holds_up_nobody(
    served: Service, http: httpx2.Client, key: str, good_pdf: bytes
) -> None:
    plugs = [socket.create_connection(("127.0.0.1", served.port), timeout=10) for _ in range(50)]
    try:
        for plug in plugs:
            plug.sendall(post(key, "Content-Length: 100000") + PART)
        for number in range(3):
            for plug in plugs:
                plug.sendall(b"x")
            answer = http.post("/v1/reports", files={"file": ("a.pdf", distinct(good_pdf, f"slow {number}"))})
            assert answer.status_code == 200
    finally:
        for plug in plugs:
            plug.close()


def test_a_slow_upload_that_comes_to_its_end_is_taken(served: Service, key: str, good_pdf: bytes) -> None:
    body = PART + good_pdf + b"\r\n--x--\r\n"
    at = [*range(0, len(body), len(body) // 10), len(body)]
    drops = [body[start:end] for start, end in pairwise(at)]
    head = post(key, f"Content-Length: {len(body)}", "Connection: close")
    assert status(raw(served, head, *drops, pause=0.05, end=False)) == 200


def test_called_by_another_name_a_key_is_still_wanted(served: Service) -> None:
    for host in ("localhost", "evil.example", "127.0.0.1:1", "[::1]", "x" * 3000, ""):
        answer = raw(
            served, f"GET /v1/reports HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        assert status(answer) in (400, 401), host
        assert b"items" not in answer
    for header in ("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost", "X-Original-URL: /healthz"):
        answer = raw(
            served, f"GET /v1/reports HTTP/1.1\r\nHost: x\r\n{header}\r\nConnection: close\r\n\r\n".encode()
        )
        assert status(answer) == 401


def test_nothing_of_one_client_shows_in_any_answer_to_another(
    caller: Caller, http: httpx2.Client, good_pdf: bytes
) -> None:
    mine = http.post(
        "/v1/reports",
        files={"file": ("秘密.pdf", distinct(good_pdf, "mine"))},
        data={"metadata": '{"k": "秘密"}'},
    )
    place, report = mine.headers["location"], mine.headers["location"].rpartition("/")[2]
    hook = http.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/secret"}).json()
    batch = http.post("/v1/batches", files={"file": ("秘密.pdf", distinct(good_pdf, "mine too"))}).headers[
        "location"
    ]
    other = caller("stranger")
    for method, address in (
        ("GET", place), ("GET", f"{place}/findings"), ("GET", f"{place}/checks"), ("GET", f"{place}/pages/1.png"),
        ("GET", f"{place}?format=xlsx"), ("DELETE", place), ("POST", f"{place}/cancel"), ("GET", batch),
        ("GET", f"/v1/webhooks/{hook['id']}/deliveries"), ("DELETE", f"/v1/webhooks/{hook['id']}"),
    ):  # fmt: skip
        answer = other.request(method, address)
        assert (
            answer.status_code == 404
            and report not in answer.text
            and "秘密" not in answer.text
            and "secret" not in answer.text
        )
    for address in ("/v1/reports", "/v1/changes", "/v1/webhooks"):
        assert other.get(address).json()["items"] == []
    assert http.get(place).status_code == 200


def test_bodies_of_noise(http: httpx2.Client) -> None:
    noise = random.Random(7)
    for address in ("/v1/reports", "/v1/batches", "/v1/webhooks"):
        for kind in (FORM, "application/json", "multipart/form-data"):
            for body in (b"", PART + noise.randbytes(300), b"[" * 100_000):
                refused(http.post(address, content=body, headers={"Content-Type": kind}))


def test_json_that_is_too_deep_or_no_unicode(http: httpx2.Client) -> None:
    for said in (
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a": "\\ud800"}',
        '{"a": NaN}',
        "null",
        '{"a": 1' + "0" * 5000 + "}",
    ):
        answer = http.post("/v1/reports", files={"file": ("a.pdf", b"no PDF")}, data={"metadata": said})
        assert refused(answer) in ("invalid_request", "not_pdf")
    for body in (
        "[" * 5000,
        '{"url": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"url": "http://a/\\u0000"}',
        '{"url": "http://[::1"}',
    ):
        refused(
            http.post("/v1/webhooks", content=body.encode(), headers={"Content-Type": "application/json"})
        )
