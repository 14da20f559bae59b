"""What an operator watches (Prometheus). Counters are those of this process; the queue is everybody's, asked for when it is looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator

import prometheus_client as prometheus
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

import gongkai
from gongkai.llm.budget import Usage
from gongkai.store import OPEN, Store
from gongkai.told import Told

STAGE_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The numbers of one process. Safe to use from many threads."""

    def __init__(self, store: Store) -> None:
        self._registry = registry = prometheus.CollectorRegistry()
        registry.register(_Queue(store))
        prometheus.ProcessCollector(registry=registry)
        prometheus.Info("gongkai", "The program", registry=registry).info({"version": gongkai.__version__})
        self._reports = prometheus.Counter(
            "gongkai_reports", "Disclosures by what became of them: done, or the type of the problem", ["outcome"], registry=registry
        )  # fmt: skip
        self._seconds = prometheus.Histogram(
            "gongkai_stage_seconds", "Of a job: queue, read (child and model), store", ["stage"], registry=registry, buckets=STAGE_BUCKETS
        )  # fmt: skip
        self._pages = prometheus.Counter(
            "gongkai_pages", "Pages read, by where their text came from", ["text_source"], registry=registry
        )
        self._figures = prometheus.Counter("gongkai_figures", "Figures read", ["grade"], registry=registry)
        self._findings = prometheus.Counter(
            "gongkai_findings", "Findings, without what follows from another", ["class", "verdict"], registry=registry
        )  # fmt: skip
        self._calls = prometheus.Counter(
            "gongkai_model_calls", "Calls of a model", ["task"], registry=registry
        )
        self._tokens = prometheus.Counter(
            "gongkai_model_tokens", "Tokens of a model", ["task", "direction"], registry=registry
        )
        self._requests = prometheus.Histogram(
            "gongkai_http_request_seconds", "Answers, waiting included", ["method", "route", "status"],
            registry=registry, buckets=REQUEST_BUCKETS,
        )  # fmt: skip
        self._deliveries = prometheus.Counter(
            "gongkai_webhook_deliveries", "Tries to deliver", ["outcome"], registry=registry
        )

    def took(self, stage: str, since: float, until: float | None = None) -> None:
        """A stage of a job, from ``since`` to ``until`` (now), in seconds since 1970."""
        self._seconds.labels(stage).observe(max((until or time.time()) - since, 0))

    def done(self, report: Told, usage: Usage) -> None:
        """A Report was made and kept."""
        self._reports.labels("done").inc()
        for source, pages in report.sources.items():
            self._pages.labels(source).inc(pages)
        for grade, figures in report.grades.items():
            self._figures.labels(grade).inc(figures)
        for each in report.findings:
            self._findings.labels(each.class_, each.verdict).inc()
        for task, spent in usage.by_task.items():
            self._calls.labels(task).inc(spent.calls)
            self._tokens.labels(task, "input").inc(spent.input_tokens)
            self._tokens.labels(task, "output").inc(spent.output_tokens)

    def failed(self, problem: str) -> None:
        """A disclosure was refused, or we failed: ``problem`` is the type."""
        self._reports.labels(problem).inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; ``route`` is the template of its address."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def delivered(self, outcome: str) -> None:
        """A webhook was tried: delivered, again (it will be), or failed."""
        self._deliveries.labels(outcome).inc()

    def written(self, accept: str) -> tuple[bytes, str]:
        """All of it in the format that ``accept`` prefers, with its media type."""
        encoder, media_type = choose_encoder(accept)
        return encoder(self._registry), media_type

    def serve(self, host: str, port: int) -> None:
        """Answer on an address of its own, for a process that has no other."""
        prometheus.start_http_server(port, host, registry=self._registry)


class _Queue(Collector):
    """Jobs to be done, as the database has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        labels = ("status", "urgent")
        jobs = GaugeMetricFamily("gongkai_jobs", "Jobs to be done, of all processes", labels=labels)
        oldest = GaugeMetricFamily("gongkai_job_oldest_seconds", "Age of the oldest of them", labels=labels)
        up = GaugeMetricFamily("gongkai_database_up", "Whether the database answers")
        try:
            rows = {(each.status, each.urgent): each for each in self._store.queue()}
        except SQLAlchemyError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        for status in OPEN:
            for urgent in (True, False):
                row, label = rows.get((status, urgent)), (status, str(urgent).lower())
                jobs.add_metric(label, row.jobs if row else 0)
                oldest.add_metric(label, max(time.time() - row.oldest, 0) if row else 0)
        yield from (up, jobs, oldest)
