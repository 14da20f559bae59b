"""One endpoint, shared by all documents of a process: what it can do, whose turn it is, whether it is alive, what it costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gongkai.llm.budget import Cost, Purse, Spent, Usage, estimated_tokens, tokens_of_messages
from gongkai.llm.ladder import Capability, Memory, probe
from gongkai.llm.questions import Silence
from gongkai.llm.retry import Breaker, Clock, Pace, Sleep, persistently
from gongkai.llm.settings import LlmSettings, Price
from gongkai.llm.wire import Reply, Trouble, Wire

if TYPE_CHECKING:
    import httpx2


class Silenced(Exception):
    """A question that ends without an answer."""

    def __init__(self, why: Silence) -> None:
        super().__init__(why)
        self.why: Silence = why


@dataclass(frozen=True, slots=True)
class Leave:
    """What one document may still do: until ``deadline`` (of the endpoint's clock), out of ``purse``, counted in ``usage``."""

    deadline: float
    purse: Purse
    usage: Usage


class Endpoint:
    """Sends requests, with retries, within breaker, turn, deadline and allowance."""

    def __init__(
        self, settings: LlmSettings, transport: httpx2.AsyncBaseTransport | None, clock: Clock, sleep: Sleep
    ) -> None:
        self.settings, self.clock, self._sleep = settings, clock, sleep
        self._wire = Wire(settings, transport)
        self._purse = Purse.of_run(settings)
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_seconds, clock)
        self._pace = Pace(settings.calls_per_minute, clock)
        self._turns = asyncio.Semaphore(settings.concurrency)
        self._probing = asyncio.Lock()
        self._memory = Memory(settings.cache)
        self._can = self._memory.recall(settings)
        self._lowered: dict[str, Capability] = {}

    async def close(self) -> None:
        await self._wire.close()

    def leave(self, usage: Usage) -> Leave:
        """A new document's leave."""
        deadline = self.clock() + self.settings.document_seconds
        return Leave(deadline, self._purse.of_document(self.settings), usage)

    async def capability(self, leave: Leave, task: str = "", *, anew: bool = False) -> Capability:
        """What the endpoint can do (for ``task``); probed once, or ``anew``. Raises :class:`Silenced`, :class:`Trouble`."""
        async with self._in_turn(self._probing, leave):
            if self._can is None or anew:
                found = await probe(self.settings, lambda asked: self.send(asked, leave, "probe"))
                if found is None:
                    self._breaker.failed(Trouble("incapable"))
                    raise Silenced("refused")
                self._can = found
                self._lowered.clear()
                self._memory.keep(self.settings, found)
            return self._lowered.get(task, self._can)

    def lower(self, task: str, can: Capability) -> None:
        """Remember, while the process lives, that the server takes less of ``task`` than it promised."""
        self._lowered[task] = can

    async def send(self, asked: dict[str, Any], leave: Leave, task: str) -> Reply:
        """One request, counted under ``task``. Raises :class:`Silenced`, or the last :class:`Trouble`."""
        price = self.settings.prices.get(self.settings.model)
        most = asked.get("max_tokens") or asked.get("max_completion_tokens") or 0
        estimate = Cost.of(tokens_of_messages(asked["messages"]), most, price)
        async with self._in_turn(self._turns, leave):
            return await persistently(
                lambda: self._once(asked, leave, task, estimate),
                self.settings,
                deadline=leave.deadline,
                clock=self.clock,
                sleep=self._sleep,
            )

    async def _once(self, asked: dict[str, Any], leave: Leave, task: str, estimate: Cost) -> Reply:
        if (pause := self._pace.wait()) > 0:
            await self._sleep(min(pause, max(0.0, leave.deadline - self.clock())))
        left = leave.deadline - self.clock()
        if left <= 0:
            raise Silenced("deadline")
        if not self._breaker.gate():
            raise Silenced("refused" if self._breaker.refused else "unavailable")
        try:
            leave.purse.hold(estimate)
        except Spent:
            self._breaker.let_go()
            raise Silenced("budget") from None
        price = self.settings.prices.get(self.settings.model)
        began, actual = (
            self.clock(),
            Cost.of(estimate.input_tokens, 0, price),
        )  # what a failed call may have cost
        try:
            reply = await self._wire.send(asked, min(self.settings.call_seconds, left))
            actual = _actual(reply, estimate, price)
            self._breaker.worked()
            return reply
        except Trouble as trouble:
            self._breaker.failed(trouble)
            raise
        finally:
            self._breaker.let_go()
            leave.purse.settle(estimate, actual)
            leave.usage.count(task, actual, seconds=self.clock() - began)

    @asynccontextmanager
    async def _in_turn(self, turn: asyncio.Lock | asyncio.Semaphore, leave: Leave) -> AsyncIterator[None]:
        """Hold ``turn``, if it comes in time; raises :class:`Silenced`."""
        try:
            async with asyncio.timeout(leave.deadline - self.clock()):
                await turn.acquire()
        except TimeoutError:
            raise Silenced("deadline") from None
        try:
            yield
        finally:
            turn.release()


def _actual(reply: Reply, estimate: Cost, price: Price | None) -> Cost:
    tokens_in = estimate.input_tokens if reply.input_tokens is None else reply.input_tokens
    told = reply.output_tokens
    tokens_out = estimated_tokens(reply.text + reply.thoughts) if told is None else told
    return Cost.of(tokens_in, tokens_out, price)
