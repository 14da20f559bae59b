"""The road across processes: children read and check, this process asks a model, if there is one, in between.

``begin`` → (``ask`` → ``go_on``) at most :data:`ROUNDS` times → a Step with the Report. ``begin`` and ``go_on`` are functions of what they
are given; an :class:`Asker` does all three for many documents, :func:`report_of` for one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gongkai.errors import Crashed
from gongkai.llm.budget import Usage
from gongkai.llm.door import Door
from gongkai.llm.journal import Journal
from gongkai.llm.questions import Outcome, Question, Silence
from gongkai.llm.records import Record, Replay
from gongkai.steps import Result, Step, packed

if TYPE_CHECKING:
    from gongkai.llm.door import Session
    from gongkai.llm.settings import LlmSettings
    from gongkai.sandbox import Progress, Sandbox

ROUNDS = 2  # a form that was named may have columns to name; nothing is asked twice

Files = Sequence[tuple[str, bytes | IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Read:
    """``result`` is the same for the same answers. Beside it: what asking took, and the questions that stayed open."""

    result: Result
    usage: Usage
    open: tuple[Question, ...]

    @property
    def report(self) -> bytes:
        """Its JSON."""
        return self.result.report


class Asker:
    """One door for all documents of a process, so that turns, allowances and breaker hold for all together. A context manager; safe to
    use from many threads. Without ``model`` and ``replay`` nobody is asked."""

    def __init__(
        self, model: LlmSettings | None = None, *, record: Path | None = None, replay: Path | None = None
    ) -> None:
        """``record`` is the file to which what was asked and answered is written (without a model: what might have been); ``replay`` one
        that answers in place of a model, with no network. Raises ``RecordError``, ``OSError``."""
        known = Replay(replay) if replay else None
        self._door = Door(model, replay=known, record=Record(record) if record else None)
        self._at_work: dict[str, Future[list[Outcome]]] = {}
        self._closed, self._lock = False, threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="asking", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop asking; a reading that waits for an answer raises ``Crashed``. May be repeated."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def stop(self, ticket: str) -> None:
        """Ask no more for ``ticket``, if it is asked for; its reading raises ``Crashed``."""
        if asked := self._at_work.get(ticket):
            asked.cancel()

    def read(
        self,
        sandbox: Sandbox,
        files: Files,
        *,
        metadata: dict[str, Any] | None = None,
        all_checks: bool = False,
        ticket: str = "",
        journal: Journal | None = None,
        keep: Callable[[Journal], object] = lambda journal: None,
        silence: Silence | None = None,
        progress: Progress | None = None,
    ) -> Read:
        """The Report of ``files``; the model is asked where code found no name. Blocks. Raises the refusals of ``gongkai.errors``.

        What was asked goes into ``journal``, which ``keep`` is given after each round; what it has answers to is not asked again.
        ``silence``: why this document is not asked about (``off``: it is no trouble). ``ticket`` names it for :meth:`stop`;
        ``progress`` is told of the pages.
        """
        wanted: dict[str, Any] = {"metadata": metadata, "all_checks": all_checks, "ticket": ticket}
        asking = self._door.answers if silence is None else silence != "off"
        step = begin(sandbox, files, asking=asking, progress=progress, **wanted)
        session = self._door.session(step.document, journal, silence)
        left = ROUNDS
        while step.questions and left:
            outcomes = self._ask(session, step.questions, ticket)
            keep(session.journal)
            if step.result is not None:  # nobody answers: recorded as what a model might have added
                break
            left -= 1
            step = go_on(sandbox, step, outcomes, asking=left > 0, **wanted)
        if step.rejected:
            session.reject(step.rejected)
            keep(session.journal)
        assert step.result is not None
        return Read(step.result, session.usage, step.questions)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._door.close()

    def _ask(self, session: Session, questions: Sequence[Question], ticket: str) -> list[Outcome]:
        with self._lock:
            if self._closed:
                raise Crashed
            asked = asyncio.run_coroutine_threadsafe(session.ask(questions), self._loop)
            self._at_work[ticket] = asked
        try:
            return asked.result()
        except CancelledError:
            raise Crashed from None
        finally:
            self._at_work.pop(ticket, None)


def report_of(
    sandbox: Sandbox,
    files: Files,
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    model: LlmSettings | None = None,
    record: Path | None = None,
    replay: Path | None = None,
) -> Read:
    """:meth:`Asker.read` for one document."""
    with Asker(model, record=record, replay=replay) as asker:
        return asker.read(sandbox, files, metadata=metadata, all_checks=all_checks)


def begin(
    sandbox: Sandbox,
    files: Files,
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    asking: bool = False,
    ticket: str = "",
    progress: Progress | None = None,
) -> Step:
    """Read ``files``. With ``asking``, and if there is something to ask, the step has a draft and no Report yet."""
    wanted: dict[str, Any] = {"metadata": metadata, "all_checks": all_checks, "asking": asking}
    return Step.from_bytes(sandbox.run(files, ticket=ticket, progress=progress, **wanted))


def go_on(
    sandbox: Sandbox,
    step: Step,
    outcomes: Sequence[Outcome],
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    asking: bool = False,
    ticket: str = "",
) -> Step:
    """The step after ``step``: its draft with the answers adopted, checked; with ``asking``, or what is to be asked next."""
    if step.draft is None:
        return step
    result = sandbox.run(
        (),
        metadata=metadata,
        all_checks=all_checks,
        asking=asking,
        ticket=ticket,
        draft=step.draft,
        outcomes=packed(outcomes),
    )
    return Step.from_bytes(result)
