"""The tables of the service, beside those of the job engine in the same database. Times are seconds since 1970, UTC."""

from __future__ import annotations

import sqlalchemy as sa

META = sa.MetaData()

# One row a disclosure: who gave it, how far it is. ``run`` grows when it is read anew (after a cancellation, say); ``starts`` counts
# how often this run was begun, by whichever process. ``failure`` is a refusal as `Refusal.wire` gives it.
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
