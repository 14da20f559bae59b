"""When to ask a server again, and when to leave it alone. tenacity is the only retrier in Gongkai."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from gongkai.llm.settings import LlmSettings
from gongkai.llm.wire import Reply, Trouble

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

MINUTE = 60.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0  # seconds: the window of the first wait, and of the longest
FOR_GOOD = frozenset({"key", "unknown_model", "incapable"})  # no later request can fare better


class Breaker:
    """Closes the door to an endpoint after ``failures`` in a row, for ``seconds``; then one request may try.

    A key or model that is refused closes it at once. ``gate`` says whether a request may go.
    """

    def __init__(self, failures: int, seconds: float, clock: Clock) -> None:
        self._limit, self._seconds, self._clock = failures, seconds, clock
        self._failures, self._until, self._trying = 0, 0.0, False
        self.refused: Trouble | None = None

    def gate(self) -> bool:
        if self._failures < self._limit and self.refused is None:
            return True
        if self._clock() < self._until or self._trying:
            return False
        self._trying = True
        return True

    def worked(self) -> None:
        self._failures, self.refused = 0, None

    def let_go(self) -> None:
        """The request that passed the gate is over, however it ended."""
        self._trying = False

    def failed(self, trouble: Trouble) -> None:
        """Counts a failure; a reply that is merely bad shows that the endpoint is alive."""
        if trouble.kind in FOR_GOOD:
            self.refused = trouble
        elif not trouble.transient:
            self._failures = 0
            return
        self._failures += 1
        self._until = self._clock() + max(self._seconds, trouble.retry_after or 0)


class Pace:
    """At most ``calls`` begin in any minute. :meth:`wait` says for how long the next one has to, and counts it as begun then."""

    def __init__(self, calls: int, clock: Clock) -> None:
        self._begun: deque[float] = deque(maxlen=calls)
        self._clock = clock

    def wait(self) -> float:
        now = self._clock()
        full = len(self._begun) == self._begun.maxlen
        start = max(now, self._begun[0] + MINUTE) if full else now
        self._begun.append(start)
        return start - now


async def persistently(
    send: Callable[[], Awaitable[Reply]],
    settings: LlmSettings,
    *,
    deadline: float,
    clock: Clock,
    sleep: Sleep = asyncio.sleep,
) -> Reply:
    """``send()`` until it replies: again after a passing failure, at most ``attempts`` times and never past ``deadline``.

    Waits as long as the server asks (unless that is too long: then not at all), else a random part of a growing window.
    Raises the last :class:`Trouble`.
    """

    def stop(state: RetryCallState) -> bool:
        asked = _asked(state)
        too_late = clock() + state.upcoming_sleep >= deadline
        return bool(stop_after_attempt(settings.attempts)(state)) or too_late or asked > settings.retry_after

    retrying = AsyncRetrying(
        retry=retry_if_exception(lambda error: isinstance(error, Trouble) and error.transient),
        stop=stop,
        wait=_wait,
        sleep=sleep,
        reraise=True,
    )

    async def once() -> Reply:  # tenacity awaits functions that are coroutines by name
        return await send()

    return await retrying(once)


def _asked(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return (error.retry_after or 0.0) if isinstance(error, Trouble) else 0.0


def _wait(state: RetryCallState) -> float:
    window = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.attempt_number - 1))
    jitter = random.uniform(0, window)  # noqa: S311 - spreads requests, guards nothing
    return max(_asked(state), 0.0) + jitter
