"""The door: questions in, outcomes out, in the same order. It never raises for a model's sake; what fails is a :class:`NoAnswer`.

``async with Door(settings) as door: outcomes = await door.session(document).ask(questions)``
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING

from gongkai import tracing
from gongkai.llm.budget import Usage
from gongkai.llm.journal import Journal
from gongkai.llm.questions import Outcome, Question, Silence, silent
from gongkai.llm.records import OFF, Cache, Ending, Exchange, Ready, Record, Rejected, Replay, prepare
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import TooMany

if TYPE_CHECKING:
    import httpx2

    from gongkai.llm.endpoint import Endpoint, Leave
    from gongkai.llm.ladder import Capability

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Session:
    """The questions of one document, in one or more rounds; ``document`` is its content hash. ``silence``: why nobody is asked."""

    document: str
    journal: Journal
    leave: Leave | None
    silence: Silence | None
    _door: Door
    _ended: dict[str, Exchange]
    _keys: dict[str, str] = field(default_factory=dict)

    @property
    def usage(self) -> Usage:
        return self.journal.usage

    async def ask(self, questions: Sequence[Question]) -> list[Outcome]:
        """One outcome for each question. Equal questions are asked once. Raises ``ValueError`` for a malformed one."""
        ready = [each for question in questions if (each := self._ready(question))]
        fresh = {each.key: each for each in ready if each.key not in self._ended}
        exchanges = await asyncio.gather(*(self._door.end(each, self) for each in fresh.values()))
        for exchange in exchanges:
            self._ended[exchange.key] = exchange
            self.journal.add(exchange)
        for each in ready:
            answered, repeated = self._ended[each.key].values is not None, fresh.get(each.key) is not each
            self.usage.count(each.task.id, questions=1, answered=answered, cache_hits=repeated)
            self._keys[each.question.id] = each.key
        return [self._outcome(question) for question in questions]

    def _ready(self, question: Question) -> Ready | None:
        try:
            return prepare(question, self._door.model)
        except TooMany:
            log.warning("a question of %s is too large", question.task)
            return None

    def _outcome(self, question: Question) -> Outcome:
        key = self._keys.get(question.id)
        return self._ended[key].outcome(question) if key else silent(question, "too_long")

    def reject(self, rejected: Mapping[str, Sequence[str]]) -> None:
        """Record the answers that were not adopted: question by question, the checks that would have failed."""
        for question, codes in rejected.items():
            if question in self._keys:
                entry = Rejected(self.document, self._keys[question], question, tuple(codes))
                self.journal.add(entry)
                self._door.note(entry)


class Door:
    """One endpoint, shared by all documents of a process; without ``settings`` every question ends ``off``.

    ``replay`` answers from a record and opens no connection; ``record`` is added to. ``transport``, ``clock`` and ``sleep``
    replace network and time in tests. The client is imported when there is an endpoint to talk to.
    """

    def __init__(
        self,
        settings: LlmSettings | None,
        *,
        replay: Replay | None = None,
        record: Record | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._replay, self._record = replay, record
        self.usage = Usage()
        self.model = replay.model if replay else settings.model if settings else OFF
        self._cache = Cache(settings.cache if settings else None)
        self._endpoint: Endpoint | None = None
        if settings is not None and replay is None:
            from gongkai.llm.endpoint import Endpoint

            self._endpoint = Endpoint(settings, transport, clock, sleep)

    @property
    def answers(self) -> bool:
        """Whether an answer can come: from an endpoint or from a record."""
        return self._endpoint is not None or (self._replay is not None and self.model != OFF)

    def note(self, rejected: Rejected) -> None:
        """Write a rejection into the record, if one is kept."""
        if self._record is not None:
            self._record.add(rejected)

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._endpoint is not None:
            await self._endpoint.close()

    def session(
        self, document: str, journal: Journal | None = None, silence: Silence | None = None
    ) -> Session:
        """A document's own deadline, allowance and usage (which the door's counts too). What ``journal`` holds an answer to is not asked
        again; with ``silence`` nothing is asked, and every question ends so."""
        journal = journal or Journal()
        journal.usage.parent = self.usage
        leave = self._endpoint.leave(journal.usage) if self._endpoint else None
        return Session(document, journal, leave, silence, self, journal.answered(document))

    async def capability(self, session: Session) -> Capability:
        """What the endpoint can do, found out anew. Raises ``Silenced`` or ``Trouble``; needs settings."""
        if self._endpoint is None or session.leave is None:
            raise ValueError("there is no endpoint")
        return await self._endpoint.capability(session.leave, anew=True)

    async def end(self, ready: Ready, session: Session) -> Exchange:
        """How a question ends: by replay, cache, or the model; recorded."""
        exchange = await self._end(ready, session)
        if self._record is not None:
            self._record.add(exchange)
        if exchange.why not in (None, "off"):
            log.info("a question of %s: %s", ready.task.id, exchange.why)  # its id may name what was read
        return exchange

    async def _end(self, ready: Ready, session: Session) -> Exchange:
        if session.silence:
            return ready.exchange(session.document, self.model, Ending(why=session.silence))
        if self._replay is not None:
            found = self._replay.find(session.document, ready.key)
            return found or ready.exchange(session.document, self.model, Ending(why="not_recorded"))
        if self._endpoint is None or session.leave is None:
            return ready.exchange(session.document, self.model, Ending(why="off"))
        held = self._cache.find(ready.key, ready.schema)
        if held is not None:
            session.usage.count(ready.task.id, cache_hits=1)
            return replace(held, document=session.document, question=ready.question.id)
        from gongkai.llm.conversation import Conversation

        with tracing.span("model", task=ready.task.id):
            ending = await Conversation(self._endpoint, ready, session.leave).hold()
        exchange = ready.exchange(session.document, self.model, ending)
        self._cache.keep(exchange)
        return exchange
