"""What a model is asked, and what comes back: plain frozen values that travel between processes.

A question hands out tags (``C1``, ``A2``) for pieces of the document and closed lists of names; an answer holds only these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from gongkai.report import Source

Silence = Literal[
    "off",  # no model is configured
    "invalid",  # it answered outside the question, twice
    "refused",  # the server refuses the request, or the key
    "unavailable",  # it cannot be reached, or fails
    "too_long",  # the question does not fit into the model
    "budget",  # the allowance of the document or of the run is spent
    "deadline",  # the document's time is over
    "not_recorded",  # a replay without this question
]


@dataclass(frozen=True, slots=True)
class Choice:
    """A name that may be answered; ``gloss`` tells the model what it means (our words, never the document's)."""

    name: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A piece of the document. ``text`` is data. ``only``: the names that may be answered for this tag, if not the whole list.

    ``picture``: a PNG of the place, shown where the endpoint takes images.
    """

    id: str
    text: str
    only: tuple[str, ...] = ()
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Tags of one sort. Those of a part that the task's schema names are asked about; the others are context."""

    name: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One decision (or a few of one sort) of one ``task``; ``id`` is unique in a report and survives a re-run.

    ``lists`` narrows the closed lists (``$defs``) of the task's schema.
    """

    id: str
    task: str
    parts: tuple[Part, ...]
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    source: Source | None = None

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``values`` has the shape of the task's schema: valid, closed names only. ``record`` is the key of the exchange."""

    question: str
    values: Mapping[str, Any]
    model: str
    prompt: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why a question has no answer; ``message`` is Chinese, for people, and names neither endpoint nor key."""

    question: str
    why: Silence
    message: str


Outcome = Answer | NoAnswer

QUESTIONS: TypeAdapter[tuple[Question, ...]] = TypeAdapter(
    tuple[Question, ...], config={"ser_json_bytes": "base64", "val_json_bytes": "base64"}
)

SENTENCES: dict[Silence, str] = {
    "off": "未配置模型。",
    "invalid": "模型两次作答都不合格，未采用。",
    "refused": "模型服务拒绝了请求，请检查模型名称和密钥。",
    "unavailable": "模型服务无法访问或不断出错。",
    "too_long": "问题超出模型的上下文长度。",
    "budget": "本次可用的模型调用额度已用完。",
    "deadline": "本文件可用的模型时间已用完。",
    "not_recorded": "记录中没有这个问题。",
}


def silent(question: Question, why: Silence) -> NoAnswer:
    """The :class:`NoAnswer` of ``question`` with the usual sentence."""
    return NoAnswer(question=question.id, why=why, message=SENTENCES[why])
