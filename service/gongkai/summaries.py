"""What lists say of finished Reports, kept beside them so that no Report is opened to find one."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from gongkai.tables import SUMMARIES, SUMMARY_CODES
from gongkai.told import Told

LONGEST = 255  # characters of a name that are kept


class BadCursor(ValueError):
    """A cursor that no list gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which Reports a list shows: ``entity`` is a part of the name, ``check`` the code of a finding that weighs something."""

    entity: str | None = None
    fiscal_year: int | None = None
    kind: str | None = None
    has_findings: bool | None = None
    check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One Report in a list; ``errors`` and ``warnings`` count findings, ``needs_review`` those of them that a person must judge."""

    id: str
    entity: str | None
    fiscal_year: int | None
    kind: str | None
    scope: str | None
    pages: int
    errors: int
    warnings: int
    needs_review: int
    finished_at: float


def keep(connection: sa.Connection, job: str, client: str, report: Told, at: float) -> str | None:
    """Write the summary of a Report; the id of the client's newest other Report on the same files, if there is one."""
    findings = report.findings
    row = {
        "job": job,
        "client": client,
        "content": report.content_hash,
        "entity": (report.entity or "")[:LONGEST] or None,
        "fiscal_year": report.fiscal_year,
        "kind": report.kind,
        "scope": report.scope,
        "pages": report.pages,
        "errors": sum(each.severity == "error" for each in findings),
        "warnings": sum(each.severity == "warning" for each in findings),
        "needs_review": sum(each.verdict == "needs_review" for each in findings),
        "finished_at": at,
    }
    same = (SUMMARIES.c.client == client, SUMMARIES.c.content == row["content"], SUMMARIES.c.job != job)
    newest = sa.select(SUMMARIES.c.job).where(*same).order_by(SUMMARIES.c.finished_at.desc()).limit(1)
    before: str | None = connection.scalar(newest)
    connection.execute(SUMMARIES.insert().values(row))
    codes = sorted({each.code for each in findings if each.severity != "info"})
    if codes:
        connection.execute(SUMMARY_CODES.insert(), [{"job": job, "code": code} for code in codes])
    return before


def forget(connection: sa.Connection, jobs: Sequence[str]) -> None:
    """Remove the summaries of ``jobs``."""
    for table in (SUMMARIES, SUMMARY_CODES):
        connection.execute(table.delete().where(table.c.job.in_(jobs)))


def page(
    connection: sa.Connection, client: str, wanted: Wanted, cursor: str | None, limit: int
) -> tuple[list[Summary], str | None]:
    """``limit`` of the client's Reports, newest first, after ``cursor``; and the next cursor, ``None`` at the end.

    Raises :class:`BadCursor`.
    """
    order = (SUMMARIES.c.finished_at.desc(), SUMMARIES.c.job)
    query = sa.select(SUMMARIES).where(SUMMARIES.c.client == client, *_conditions(wanted)).order_by(*order)
    if cursor:
        at, job = _place(cursor)
        later = sa.and_(SUMMARIES.c.finished_at == at, SUMMARIES.c.job > job)
        query = query.where(sa.or_(SUMMARIES.c.finished_at < at, later))
    rows = connection.execute(query.limit(limit + 1)).all()
    found = [_summary(row) for row in rows[:limit]]
    more = len(rows) > limit
    return found, _cursor(found[-1]) if more else None


def as_json(summary: Summary) -> dict[str, Any]:
    """As it stands in an answer."""
    return asdict(summary)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.entity is not None:
        found.append(SUMMARIES.c.entity.contains(wanted.entity, autoescape=True))
    if wanted.fiscal_year is not None:
        found.append(SUMMARIES.c.fiscal_year == wanted.fiscal_year)
    if wanted.kind is not None:
        found.append(SUMMARIES.c.kind == wanted.kind)
    if wanted.has_findings is not None:
        some = SUMMARIES.c.errors + SUMMARIES.c.warnings > 0
        found.append(some if wanted.has_findings else ~some)
    if wanted.check is not None:
        found.append(
            SUMMARIES.c.job.in_(sa.select(SUMMARY_CODES.c.job).where(SUMMARY_CODES.c.code == wanted.check))
        )
    return found


def _summary(row: sa.Row[Any]) -> Summary:
    values = dict(row._mapping)
    return Summary(
        id=values.pop("job"),
        **{key: value for key, value in values.items() if key not in ("client", "content")},
    )


def _cursor(last: Summary) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.finished_at, last.id]).encode()).decode()


def _place(cursor: str) -> tuple[float, str]:
    try:
        at, job = json.loads(base64.urlsafe_b64decode(cursor))
        if not isinstance(at, float) or not math.isfinite(at) or not isinstance(job, str):
            raise BadCursor(cursor)
        return at, job
    except ValueError as error:
        raise BadCursor(cursor) from error
