"""What was asked and answered: a record for people, a cache between runs, a replay without network.

An exchange is known by the hash of model, sampling, prompt version, schema and content; never by endpoint or key, which stand
nowhere in it. A record has one JSON object a line, failures too, so that a replay ends as the run did; the cache keeps answers alone.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gongkai.llm.files import write_json
from gongkai.llm.prompting import content
from gongkai.llm.questions import SENTENCES, Answer, NoAnswer, Outcome, Question, Silence
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import Schema, problems, sheet
from gongkai.llm.tasks import Task, load

SAMPLING = {"temperature": 0, "seed": 1}
OFF = "off"  # the model of questions that no model was asked


class RecordError(ValueError):
    """A file that is no record; the text says which line, in Chinese."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: the reply as it came, or the trouble; tokens as the server counted them."""

    reply: str
    finish: str
    errors: tuple[str, ...]
    input_tokens: int
    output_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ended: ``values``, or ``why`` there are none; ``rung`` of the capability ladder that it was asked on."""

    values: Mapping[str, Any] | None = None
    why: Silence | None = None
    rung: str | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question of one ``document`` and its :class:`Ending`, flat."""

    document: str
    key: str
    question: str
    task: str
    prompt: str
    model: str
    asked: str
    rung: str | None
    attempts: tuple[Attempt, ...]
    values: Mapping[str, Any] | None
    why: Silence | None

    def outcome(self, question: Question) -> Outcome:
        """The same end for ``question`` (one of the same key)."""
        if self.values is not None:
            return Answer(
                question=question.id,
                values=self.values,
                model=self.model,
                prompt=self.prompt,
                record=self.key,
            )
        why: Silence = self.why or "not_recorded"
        return NoAnswer(question=question.id, why=why, message=SENTENCES[why])


@dataclass(frozen=True, slots=True)
class Rejected:
    """The answer of an exchange that was not adopted: the checks that held before and would have failed, none if a value had changed."""

    document: str
    key: str
    question: str
    rejected_by: tuple[str, ...]


Entry = Exchange | Rejected


@dataclass(frozen=True, slots=True)
class Ready:
    """A question made ready: its task, the schema of its answer, its words, and ``key``, the name of the exchange."""

    question: Question
    task: Task
    schema: Schema
    content: str
    key: str

    def exchange(self, document: str, model: str, ending: Ending) -> Exchange:
        return Exchange(
            document=document,
            key=self.key,
            question=self.question.id,
            task=self.task.id,
            prompt=self.task.stamp,
            model=model,
            asked=self.content,
            rung=ending.rung,
            attempts=ending.attempts,
            values=ending.values,
            why=ending.why,
        )


def prepare(question: Question, model: str) -> Ready:
    """``question`` for ``model``. Raises ``ValueError`` where it does not fit its task."""
    task = load(question.task)
    schema, words = sheet(task, question), content(task, question)
    pictures = [
        sha256(tag.picture).hexdigest() for part in question.parts for tag in part.tags if tag.picture
    ]
    whole = [model, SAMPLING, task.stamp, schema, words, pictures]
    key = sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]
    return Ready(question, task, schema, words, key)


@dataclass(slots=True)
class Record:
    """A file to which every exchange is added as it ends, and every rejection of an answer."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.path.touch()  # a record of no question is one, too

    def add(self, entry: Entry) -> None:
        line = json.dumps(asdict(entry), ensure_ascii=False)
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def read_record(path: Path) -> Iterator[Entry]:
    """What stands in a record, in its order. Raises :class:`RecordError`, ``OSError``."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield entry_of(json.loads(line))
            except (ValueError, TypeError, KeyError):
                raise RecordError(f"第 {number} 行不是模型问答记录。") from None


def entry_of(values: dict[str, Any]) -> Entry:
    """One entry from the JSON values of its line. Raises ``ValueError``, ``TypeError``, ``KeyError``."""
    if "rejected_by" in values:
        return Rejected(**{**values, "rejected_by": tuple(values["rejected_by"])})
    return _exchange(values)


def _exchange(values: dict[str, Any]) -> Exchange:
    attempts = tuple(Attempt(**{**each, "errors": tuple(each["errors"])}) for each in values["attempts"])
    if values["why"] not in (None, *SENTENCES) or not (
        values["values"] is None or isinstance(values["values"], dict)
    ):
        raise ValueError
    return Exchange(**{**values, "attempts": attempts})


@dataclass(slots=True)
class Replay:
    """A record in place of a model: the same answers and the same silences, with no network."""

    path: Path
    model: str = OFF
    _ends: dict[tuple[str, str], Exchange] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for exchange in read_record(self.path):
            if isinstance(exchange, Rejected):
                continue
            self._ends.setdefault((exchange.document, exchange.key), exchange)
            self.model = self.model if exchange.model == OFF else exchange.model

    def find(self, document: str, key: str) -> Exchange | None:
        return self._ends.get((document, key))


@dataclass(slots=True)
class Cache:
    """Answers by key, one file each; ``None`` as folder keeps them while the process lives."""

    folder: Path | None
    _held: dict[str, Exchange] = field(default_factory=dict)

    def find(self, key: str, schema: Schema) -> Exchange | None:
        """The exchange of ``key`` if its answer is (still) valid."""
        found = self._held.get(key) or self._read(key)
        return (
            found
            if found is not None and found.values is not None and not problems(found.values, schema)
            else None
        )

    def keep(self, exchange: Exchange) -> None:
        if exchange.values is None:
            return
        self._held[exchange.key] = exchange
        if self.folder is not None:
            write_json(self._file(exchange.key), asdict(exchange))

    def _read(self, key: str) -> Exchange | None:
        if self.folder is None:
            return None
        try:
            return _exchange(json.loads(self._file(key).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / "answers" / key[:2] / f"{key}.json"


def scrubbed(text: str, settings: LlmSettings) -> str:
    """``text`` of a server without the key, address and host that it may have echoed."""
    parts = urlsplit(settings.base_url)
    for secret in sorted(
        {settings.api_key, settings.base_url, parts.netloc, parts.hostname or ""}, key=len, reverse=True
    ):
        if len(secret) > 3:
            text = text.replace(secret, "***")
    return text
