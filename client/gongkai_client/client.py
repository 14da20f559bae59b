"""The service's verbs as methods of two clients: one that blocks, one for asyncio. What a verb does stands in :mod:`gongkai_client.plans`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar, cast, overload

import httpx2

from gongkai_client import plans
from gongkai_client.answers import Progress
from gongkai_client.plans import Ask, Page, Plan

P = ParamSpec("P")
T = TypeVar("T")


class _Verb(Generic[P, T]):
    """A plan as a method of either client."""

    def __init__(self, plan: Callable[P, Plan[T]]) -> None:
        self._plan = plan

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Plan[T]]: ...
    @overload
    def __get__(self, client: Gongkai, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncGongkai, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Gongkai | AsyncGongkai | None, owner: type) -> Any:
        return self._plan if client is None else _bound(client._run, self._plan)


class _ListVerb(Generic[P, T]):
    """A plan of a list as a method of either client, that gives one thing after the other."""

    def __init__(self, plan: Callable[P, Plan[Page[T]]]) -> None:
        self._plan = plan

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Plan[Page[T]]]: ...
    @overload
    def __get__(self, client: Gongkai, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: AsyncGongkai, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Gongkai | AsyncGongkai | None, owner: type) -> Any:
        return self._plan if client is None else _bound(client._each, self._plan)


def _bound(run: Callable[[Any], Any], plan: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plan)
    def method(*given: Any, **named: Any) -> Any:
        return run(plan(*given, **named))

    return method


class _Verbs:
    """What both clients can do, and how they are set up."""

    read = _Verb(plans.read)
    submit = _Verb(plans.submit)
    job = _Verb(plans.job)
    report = _Verb(plans.report)
    findings = _Verb(plans.findings)
    checks = _Verb(plans.checks)
    export = _Verb(plans.export)
    page = _Verb(plans.page)
    cancel = _Verb(plans.cancel)
    delete = _Verb(plans.delete)

    reports = _ListVerb(plans.reports)
    changes = _ListVerb(plans.changes)

    create_batch = _Verb(plans.create_batch)
    batch = _Verb(plans.batch)
    wait_for_batch = _Verb(plans.wait_for_batch)
    failures = _Verb(plans.failures)

    create_webhook = _Verb(plans.create_webhook)
    webhooks = _Verb(plans.webhooks)
    delete_webhook = _Verb(plans.delete_webhook)
    deliveries = _Verb(plans.deliveries)
    replay = _Verb(plans.replay)

    def __init__(
        self, base_url: str = "http://127.0.0.1:8000", *, key: str | None = None, timeout: float = 60.0
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = timeout
        self._connect(base_url=base_url, headers=headers, timeout=timeout)

    def _connect(self, **given: Any) -> None:
        raise NotImplementedError

    def _sent(self, ask: Ask) -> dict[str, Any]:
        usual = {"method": ask.method, "url": ask.address, "timeout": self._timeout + ask.patience}
        return {**usual, **ask.sent}


class Gongkai(_Verbs):
    """``Gongkai("http://127.0.0.1:8000", key="gk_…")``; usable as a context manager. One instance keeps one pool of connections and
    may be shared by threads.

    Every method raises :class:`Problem` when the service refuses, ``httpx2.TransportError`` when it cannot be reached. A disclosure
    that was refused raises its refusal wherever it is asked for.
    """

    def _connect(self, **given: Any) -> None:
        self._http = httpx2.Client(**given)

    def __enter__(self) -> Gongkai:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def events(self, identifier: str) -> Iterator[Progress]:
        """How far the reading is, whenever there is something new; the last one is over (``done``, ``failed``, …)."""
        with self._http.stream(**self._sent(plans.events(identifier))) as answer:
            if not answer.is_success:
                answer.read()
            for line in plans.checked(answer).iter_lines():
                yield from plans.progress(line)

    def _send(self, ask: Ask) -> httpx2.Response:
        time.sleep(ask.pause)
        return self._http.request(**self._sent(ask))

    def _run(self, plan: Plan[T]) -> T:
        try:
            ask = next(plan)
            while True:
                ask = plan.send(self._send(ask))
        except StopIteration as end:
            return cast(T, end.value)

    def _each(self, plan: Plan[Page[T]] | None) -> Iterator[T]:
        while plan is not None:
            page = self._run(plan)
            yield from page.items
            plan = page.following


class AsyncGongkai(_Verbs):
    """The same for asyncio: ``async with AsyncGongkai(…) as service``; await what returns one thing, ``async for`` over what returns many."""

    def _connect(self, **given: Any) -> None:
        self._http = httpx2.AsyncClient(**given)

    async def __aenter__(self) -> AsyncGongkai:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def events(self, identifier: str) -> AsyncIterator[Progress]:
        """As of :class:`Gongkai`."""
        async with self._http.stream(**self._sent(plans.events(identifier))) as answer:
            if not answer.is_success:
                await answer.aread()
            async for line in plans.checked(answer).aiter_lines():
                for each in plans.progress(line):
                    yield each

    async def _send(self, ask: Ask) -> httpx2.Response:
        await asyncio.sleep(ask.pause)
        return await self._http.request(**self._sent(ask))

    async def _run(self, plan: Plan[T]) -> T:
        try:
            ask = next(plan)
            while True:
                ask = plan.send(await self._send(ask))
        except StopIteration as end:
            return cast(T, end.value)

    async def _each(self, plan: Plan[Page[T]] | None) -> AsyncIterator[T]:
        while plan is not None:
            page = await self._run(plan)
            for each in page.items:
                yield each
            plan = page.following
