"""Logs say which request and which job, and nothing of any document: not its text, not its name, not whose it is."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pymupdf
import pytest
from fastapi.testclient import TestClient

from gongkai import logs
from gongkai.api import create_app
from gongkai.errors import Crashed
from gongkai.jobs import Jobs
from gongkai.sandbox import Sandbox

SECRET = "绝密某某厅"
NAME = "绝密决算"


@pytest.fixture
def planted() -> bytes:
    document = pymupdf.open()
    page = document.new_page()
    for row, text in enumerate(
        (f"{SECRET}2023年度部门决算", "第一部分 部门概况", "一、部门职责", f"{SECRET}负责。")
    ):
        page.insert_text((72, 90 + 30 * row), text, fontname="china-s", fontsize=14)
    data: bytes = document.tobytes()
    document.close()
    return data


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """The address of a real service, and what ends it and gives all that it wrote."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = str(listening.getsockname()[1])
    environ = os.environ | {"GONGKAI_LOG": "json", "GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_WORKERS": "1"}
    command = [sys.executable, "-m", "gongkai.cli", "serve", "--port", port]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def ended() -> str:
        process.send_signal(signal.SIGTERM)
        return process.communicate(timeout=30)[0].decode()

    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while True:
            try:
                httpx2.get(f"{address}/healthz")
                break
            except httpx2.TransportError:
                assert time.monotonic() < until and process.poll() is None
                time.sleep(0.1)
        yield address, ended
    finally:
        process.kill()
        process.communicate()


def test_nothing_of_a_document_is_in_the_logs(planted: bytes, served: tuple[str, Callable[[], str]]) -> None:
    address, ended = served
    reports = f"{address}/v1/reports"

    def send(pdf: bytes, **more: Any) -> httpx2.Response:
        return httpx2.post(reports, files={"file": (f"{NAME}.pdf", pdf)}, timeout=60, **more)

    done = send(
        planted, headers={"X-Request-ID": "from-the-gateway.1"}, data={"metadata": json.dumps({"a": SECRET})}
    )
    assert done.status_code == 200 and any(SECRET in each["text"] for each in done.json()["sections"])
    assert done.headers["x-request-id"] == "from-the-gateway.1"
    failed = send(b"%PDF-1.7\n" + SECRET.encode())
    refused = send(planted, data={"metadata": f"[{SECRET}"}, headers={"X-Request-ID": "two words"})
    assert (failed.status_code, refused.status_code) == (422, 422)
    assert httpx2.get(reports, params={"entity": SECRET}).status_code == 200
    assert httpx2.get(f"{address}/{SECRET}").status_code == 404
    written = ended()

    lines = [json.loads(line) for line in written.splitlines()]  # every line is one object
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    for secret in (SECRET, NAME, SECRET.encode().hex(), json.dumps(SECRET)[1:-1], "%E7%BB%9D%E5%AF%86"):
        assert secret.lower() not in written.lower()
    job = done.headers["location"].rpartition("/")[2]
    said = [line for line in lines if line.get("request") == "from-the-gateway.1"]
    assert {(line["logger"], line["job"]) for line in said} == {
        ("gongkai.access", job),
        ("gongkai.jobs.engine", job),
    }
    [access] = [line for line in said if line["logger"] == "gongkai.access"]
    assert (access["method"], access["route"], access["status"]) == ("POST", "/v1/reports", 200)
    assert refused.headers["x-request-id"] in {line.get("request") for line in lines}
    assert " " not in refused.headers["x-request-id"]
    assert any(line["message"] == "not read: damaged" and "job" in line for line in lines)


def test_what_an_exception_says_is_not_logged(
    serving: Callable[..., Jobs], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any) -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"no {SECRET}") from error

    monkeypatch.setattr(Jobs, "find", fails)
    app = create_app(serving(), keys_required=False)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        answer = client.get(f"/v1/reports/{'0' * 32}")
    assert answer.status_code == 500 and SECRET not in answer.text
    [record] = [each for each in caplog.records if each.name == "gongkai.problems"]
    for form in (logs.Json(), logs.Plain()):
        text = form.format(record)
        assert SECRET not in text and SECRET not in json.loads(json.dumps(text))
        assert "KeyError" in text and "ValueError" in text and "in fails" in text
        assert answer.headers["x-request-id"]


def test_what_a_child_says_of_its_failure_is_the_place(
    stubs: Callable[..., Sandbox], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(Crashed):
        stubs().run([("a", b"stumble")])
    assert "RuntimeError" in caplog.text and "in stumble" in caplog.text
    assert "a bug of ours\n" not in caplog.text


@pytest.mark.parametrize("sent", [None, "", "a b", "x" * 65, "é", "a\nb"])
def test_an_id_that_is_no_plain_word_is_replaced(sent: str | None) -> None:
    assert logs.SANE.fullmatch(logs.request_id(sent)) and logs.request_id(sent) != sent
    assert logs.request_id("a.B-1_") == "a.B-1_"


def test_a_full_disk_may_say_so() -> None:
    try:
        Path("/nowhere/绝密").read_bytes()
    except OSError as error:
        text = logs.trace(error)
    assert text.endswith("FileNotFoundError: No such file or directory")
