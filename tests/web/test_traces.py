"""One trace from the request to the child that reads, whichever process reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace

from gongkai import tracing
from gongkai.api import create_app
from gongkai.jobs import Jobs
from gongkai.settings import SettingsError

sdk = pytest.importorskip("opentelemetry.sdk.trace")
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402

CALLER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """The process's provider can be set once."""
    made = InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(made))
    trace.set_tracer_provider(provider)
    return made


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[Callable[[], dict[str, Any]]]:
    exporter.clear()
    yield lambda: {each.name: each for each in exporter.get_finished_spans()}


def test_request_job_and_child_are_one_trace(
    serving: Callable[..., Jobs], spans: Callable[[], dict[str, Any]]
) -> None:
    app = create_app(serving(), keys_required=False)
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.post(
            "/v1/reports",
            params={"checks": "all"},
            files={"file": ("绝密.pdf", b"turn 3 0.01")},
            headers={"traceparent": f"00-{CALLER}-b7ad6b7169203331-01"},
        )
        client.get("/v1/reports", params={"entity": "绝密"})
    assert answer.status_code == 200
    found = spans()
    request, job, child = found["POST /v1/reports"], found["job"], found["child"]
    assert f"{request.context.trace_id:032x}" == CALLER
    assert job.parent.span_id == request.context.span_id and child.parent.span_id == job.context.span_id
    assert {each.context.trace_id for each in (request, job, child)} == {int(CALLER, 16)}
    assert job.attributes["gongkai.job"] == answer.headers["location"].rpartition("/")[2]
    assert child.attributes["gongkai.pages"] == 3
    assert child.end_time - child.start_time > 20_000_000
    said = json.dumps([each.to_json() for each in found.values()], ensure_ascii=False)
    assert "绝密" not in said and "%E7%BB%9D" not in said and "u7edd" not in said


def test_a_refusal_is_named_and_nothing_that_it_says(
    serving: Callable[..., Jobs], spans: Callable[[], dict[str, Any]]
) -> None:
    jobs = serving()
    with tracing.span("caller"):
        job = jobs.submit([("a.pdf", b"refuse")])
    assert jobs.wait(job, 20).status == "failed"
    found = spans()
    assert found["job"].context.trace_id == found["caller"].context.trace_id
    assert found["job"].attributes["gongkai.refusal"] == "encrypted"
    assert found["child"].attributes["error.type"] == "Encrypted"
    assert not found["child"].events, "no exception with its text"


def test_an_address_without_the_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(
        __import__("sys").modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None
    )
    with pytest.raises(SettingsError, match="otel"):
        tracing.configure()
