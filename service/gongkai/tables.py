"""The tables of the service, beside those of the job engine in the same database. Times are seconds since 1970, UTC."""

from __future__ import annotations

import sqlalchemy as sa

META = sa.MetaData()

# One row a disclosure: who gave it, how far it is. ``run`` grows when it is read anew (after a cancellation, say); ``starts`` counts
# how often this run was begun, by whichever process. ``failure`` is a refusal as `Refusal.wire` gives it; ``pages`` is known when a child
# has opened the files. ``request`` and ``traceparent`` (W3C) are those of the request that handed it in, for logs and traces.
JOBS = sa.Table(
    "jobs",
    META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("starts", sa.Integer, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("file_names", sa.JSON, nullable=False),
    sa.Column("metadata", sa.JSON, nullable=False),
    sa.Column("failure", sa.JSON(none_as_null=True)),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("started_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("pages", sa.Integer),
    sa.Column("pages_read", sa.Integer),
    sa.Column("request", sa.String(64)),
    sa.Column("traceparent", sa.String(64)),
    sa.Index("jobs_by_status", "status", "urgent"),
)

# The bytes as given, in parts, so that a large file never stands in memory as one value.
UPLOADS = sa.Table(
    "uploads",
    META,
    sa.Column("job", sa.String(64), primary_key=True),
    sa.Column("file", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# The Report's JSON with every check, compressed; names of files and metadata are added when it is served.
RESULTS = sa.Table(
    "results",
    META,
    sa.Column("job", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# What a model was asked about the disclosure, or might have been, and what that took: a `Journal`'s JSON, compressed.
ASKED = sa.Table(
    "asked",
    META,
    sa.Column("job", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# `Idempotency-Key`s and what was asked with them.
KEYS = sa.Table(
    "keys",
    META,
    sa.Column("client", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("job", sa.String(64), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)

# Processes that take part, with the number of children of each and their last sign of life.
EXECUTORS = sa.Table(
    "executors",
    META,
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("host", sa.String(128), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("slots", sa.Integer, nullable=False),
    sa.Column("beat_at", sa.Double, nullable=False),
)

# Who may ask: only a hash of each key's secret is kept. All keys of one client see the same reports.
API_KEYS = sa.Table(
    "api_keys",
    META,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("revoked_at", sa.Double),
)

# What lists and filters need of a finished Report; ``content`` is its `content_hash`.
SUMMARIES = sa.Table(
    "summaries",
    META,
    sa.Column("job", sa.String(64), primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("entity", sa.String(255)),
    sa.Column("fiscal_year", sa.Integer),
    sa.Column("kind", sa.String(16)),
    sa.Column("scope", sa.String(16)),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("errors", sa.Integer, nullable=False),
    sa.Column("warnings", sa.Integer, nullable=False),
    sa.Column("needs_review", sa.Integer, nullable=False),
    sa.Column("finished_at", sa.Double, nullable=False),
    sa.Index("summaries_by_client", "client", "finished_at", "job"),
    sa.Index("summaries_by_content", "client", "content"),
)

# The codes of the findings of a Report that weigh something.
SUMMARY_CODES = sa.Table(
    "summary_codes",
    META,
    sa.Column("job", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(64), primary_key=True),
)

# Every Report that came, went or failed, in the order in which it could be seen. Rows stay: a deletion is a row of its own.
CHANGES = sa.Table(
    "changes",
    META,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("job", sa.String(64), nullable=False),
    sa.Column("change", sa.String(16), nullable=False),
    sa.Column("replaces", sa.String(64)),
    sa.Column("at", sa.Double, nullable=False),
    sa.Index("changes_by_client", "client", "number"),
    sqlite_autoincrement=True,  # a number is never given twice
)

WEBHOOKS = sa.Table(
    "webhooks",
    META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("url", sa.String(2048), nullable=False),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Index("webhooks_by_client", "client"),
)

# One row for each change and each address that wants it; ``next_at`` is when it is to be tried (again), null when it is over.
DELIVERIES = sa.Table(
    "deliveries",
    META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("webhook", sa.String(32), nullable=False),
    sa.Column("change", sa.Integer, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", sa.Double),
    sa.Column("last_at", sa.Double),
    sa.Column("last_answer", sa.String(255)),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Index("deliveries_due", "next_at"),
    sa.Index("deliveries_by_webhook", "webhook", "created_at"),
)

BATCHES = sa.Table(
    "batches",
    META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("client", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)

# The files of a batch, each a report of its own; ``problem`` is why one was not taken in at all.
BATCH_FILES = sa.Table(
    "batch_files",
    META,
    sa.Column("batch", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("file_name", sa.String(255), nullable=False),
    sa.Column("job", sa.String(64)),
    sa.Column("problem", sa.JSON(none_as_null=True)),
)
