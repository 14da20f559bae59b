"""What a child hands back and is handed again: where the reading of one disclosure stands, as bytes that any process may keep.

A message is one line of JSON and a body. The body is the packed JSON of the Report, or a draft that only a sandboxed child ever opens: for
everybody else it is opaque.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from gongkai import packing
from gongkai.llm.questions import QUESTIONS, Outcome, Question
from gongkai.report import Report
from gongkai.told import Told

OUTCOMES: TypeAdapter[tuple[Outcome, ...]] = TypeAdapter(tuple[Outcome, ...])


@dataclass(frozen=True, slots=True)
class Result:
    """A finished Report: its JSON, packed, and what is told of it."""

    packed: bytes
    told: Told

    @staticmethod
    def of(report: Report) -> Result:
        return Result(packing.pack(report.to_json()), Told.of(report))

    @property
    def report(self) -> bytes:
        """The JSON; raises ``ValueError``."""
        return packing.unpack(self.packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``result`` if reading is over, else None and ``draft`` is to be handed back with the outcomes of ``questions``.

    Beside a Report ``questions`` are what a model might have added. ``document`` is the content hash of the files; ``rejected`` the
    answers that were not adopted: the id of the question and the codes of the checks that would have failed.
    """

    document: str
    questions: tuple[Question, ...] = ()
    result: Result | None = None
    draft: bytes | None = None
    rejected: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        head = {
            "document": self.document,
            "questions": QUESTIONS.dump_python(self.questions, mode="json"),
            "told": self.result and self.result.told.model_dump(mode="json"),
            "rejected": self.rejected,
        }
        body = self.result.packed if self.result else self.draft
        return json.dumps(head, ensure_ascii=False).encode() + b"\n" + (body or b"")

    @staticmethod
    def from_bytes(message: bytes) -> Step:
        """The inverse of :meth:`to_bytes`; nothing is unpickled. Raises ``ValueError``."""
        line, _, body = message.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        told = head["told"]
        return Step(
            document=str(head["document"]),
            questions=QUESTIONS.validate_python(head["questions"]),
            result=Result(body, Told.model_validate(told)) if told else None,
            draft=None if told else body,
            rejected={str(key): tuple(map(str, codes)) for key, codes in head["rejected"].items()},
        )


def packed(outcomes: Sequence[Outcome]) -> bytes:
    """Outcomes as JSON, for a journal or a child."""
    return OUTCOMES.dump_json(tuple(outcomes))


def unpacked(data: bytes) -> tuple[Outcome, ...]:
    """The inverse of :func:`packed`; raises ``pydantic.ValidationError``."""
    return OUTCOMES.validate_json(data)
