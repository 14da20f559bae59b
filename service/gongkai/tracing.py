"""Traces (OpenTelemetry): a span for the request, the job, the child that reads, the calls of a model, wherever each of them runs.

Spans are made through the API alone, which does nothing until :func:`configure` finds an address to send them to and the extra
``gongkai[otel]`` installed. They name jobs and kinds of failures; nothing of a document is in them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, StatusCode

from gongkai.settings import SettingsError

ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PARENT = "traceparent"
TRACER = trace.get_tracer("gongkai")


def configure() -> None:
    """Send spans to the address that the environment names, if it does. Raises :class:`SettingsError` without the extra."""
    if not any(os.environ.get(name) for name in ADDRESSES):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingsError(f"环境变量 {ADDRESSES[1]} 需要安装 gongkai[otel]。") from None
    os.environ.setdefault("OTEL_SERVICE_NAME", "gongkai")
    provider = TracerProvider(resource=Resource.create())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, parent: str | None = None, **about: str | int) -> Iterator[Span]:
    """A span under the current one, or under the one that ``parent`` (a W3C traceparent) names. Of an error only its kind is kept."""
    above = propagate.extract({PARENT: parent}) if parent else None
    attributes = {f"gongkai.{key}": value for key, value in about.items()}
    with TRACER.start_as_current_span(
        name, above, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield made
        except BaseException as error:
            made.set_attribute("error.type", type(error).__qualname__)
            made.set_status(StatusCode.ERROR)
            raise


def say(about: Mapping[str, str | int]) -> None:
    """Set attributes of the current span: what the server says of a request by itself may hold names of bodies."""
    trace.get_current_span().set_attributes(about)


def current() -> str | None:
    """The traceparent of the current span, for whoever goes on elsewhere."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get(PARENT)
