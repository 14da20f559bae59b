"""An API and a worker on one PostgreSQL database: whose numbers are whose, and one trace through both (OTLP as a collector gets it)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import Process
from prometheus_client.parser import text_string_to_metric_families
from receiver import Receiver, until
from running import Service

otlp = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

CALLER = "0af7651916cd43dd8448eb211c80319c"
KINDS = ("gongkai_reports_total", "gongkai_pages_total", "gongkai_http_request_seconds_count", "gongkai_jobs")


def numbers(address: str) -> dict[str, float]:
    """What Prometheus would scrape there: the sum of each of :data:`KINDS`."""
    answer = httpx2.get(f"{address}/metrics", timeout=30)
    assert answer.status_code == 200
    samples = [each for family in text_string_to_metric_families(answer.text) for each in family.samples]
    return {kind: sum(each.value for each in samples if each.name == kind) for kind in KINDS}


def spans(receiver: Receiver) -> dict[str, Any]:
    """What was sent so far, decoded, by name."""
    found = {}
    for headers, body in list(receiver.got):
        assert {name.lower(): value for name, value in headers.items()}[
            "content-type"
        ] == "application/x-protobuf"
        for resource in otlp.ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            assert names["service.name"] == "gongkai"
            found |= {span.name: span for scope in resource.scope_spans for span in scope.spans}
    return found


@pytest.fixture
def pair(database: str, tmp_path: Path, receiver: Receiver) -> Iterator[tuple[Service, str]]:
    """An API that reads nothing, and the address of the numbers of a worker that reads."""
    receiver.status = 200
    service = Service(tmp_path, database_url=database, workers=0)
    service.environment |= {
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "100", "GONGKAI_WORKERS": "0",
    }  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with service:
        worker = Process("worker", "--workers", "1", "--metrics", address, **service.environment)
        try:
            yield service, f"http://{address}"
        finally:
            worker.stop()


def test_numbers_are_of_the_process_that_did_the_work_and_the_trace_is_one(
    pair: tuple[Service, str], receiver: Receiver, good_pdf: bytes
) -> None:
    service, worker = pair
    answer = httpx2.post(
        f"{service.url}/v1/reports",
        files={"file": ("绝密.pdf", good_pdf)},
        headers={"Prefer": "wait=60", "traceparent": f"00-{CALLER}-b7ad6b7169203331-01"},
        timeout=90,
    )
    assert answer.status_code == 200, answer.text
    asked, read = numbers(service.url), numbers(worker)
    assert (asked["gongkai_reports_total"], read["gongkai_reports_total"]) == (0, 1)
    assert (asked["gongkai_pages_total"], read["gongkai_pages_total"]) == (0, 2)
    assert asked["gongkai_http_request_seconds_count"] >= 1 and not read["gongkai_http_request_seconds_count"]
    assert asked["gongkai_jobs"] == read["gongkai_jobs"] == 0

    wanted = ("POST /v1/reports", "job", "child")
    until(lambda: all(name in spans(receiver) for name in wanted), "no whole trace came")
    request, job, child = (spans(receiver)[name] for name in wanted)
    assert {each.trace_id.hex() for each in (request, job, child)} == {CALLER}
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert (job.parent_span_id, child.parent_span_id) == (request.span_id, job.span_id)
    assert request.start_time_unix_nano < job.start_time_unix_nano <= child.start_time_unix_nano
    assert not any("绝密".encode() in body for _, body in receiver.got)
