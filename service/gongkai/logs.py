"""Lines on stderr that say of which request and which job they are, and nothing of any document.

What an exception says may be a text that was read, so of exceptions only the kind and the place in the program are logged.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

LOG = logging.getLogger("gongkai")
REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
JOB: ContextVar[str | None] = ContextVar("job", default=None)
SANE = re.compile("[A-Za-z0-9._-]{1,64}")
SAYS_NOTHING_OF_DATA = (
    "psycopg.OperationalError",
    "sqlite3.OperationalError",
)  # a server that is away, a full disk


def configure(form: str) -> None:
    """Have every log of this process written in ``form`` (plain, json), those of the server and of the job engine too."""
    handler = {"class": "logging.StreamHandler", "formatter": form, "stream": "ext://sys.stderr"}
    loud = {"level": "INFO"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": {"()": Plain}, "json": {"()": Json}},
            "handlers": {"stderr": handler},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                "gongkai": loud,
                "uvicorn": loud,
                "dbos": {
                    "handlers": ["stderr"],
                    "level": "WARNING",
                    "propagate": False,
                },  # else it adds its own
            },
        }
    )
    logging.captureWarnings(True)


def request_id(sent: str | None) -> str:
    """The id of a request: what its client calls it, if that is a plain word, else a new one."""
    return sent if sent and SANE.fullmatch(sent) else uuid.uuid4().hex


def trace(error: BaseException | None) -> str:
    """Where ``error`` and what it came from were raised, and their kinds, without what they say."""
    parts: list[str] = []
    while error is not None:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + _kind(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nfrom which came:\n".join(reversed(parts))


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"  # not the name of the file
    return f"{name}: {error}" if name in SAYS_NOTHING_OF_DATA else name


def _of(record: logging.LogRecord) -> dict[str, Any]:
    """What there is to say of ``record`` beside its text."""
    about = {"request": REQUEST.get(), "job": JOB.get(), **getattr(record, "about", {})}
    return {name: value for name, value in about.items() if value is not None}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_of(record),
        }
        if record.exc_info:
            line["trace"] = trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class Plain(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        about = "".join(f" {name}={value}" for name, value in _of(record).items())
        line = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}{about}"
        return f"{line}\n{trace(record.exc_info[1])}" if record.exc_info else line
