"""The road across processes: children read and check, this process asks a model, if there is one, in between.

``begin`` → (``ask`` → ``go_on``) at most :data:`ROUNDS` times → a Step with the Report. Each is a function of what it is given, so that each
can be one durable step; :func:`report_of` is all of them together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from gongkai.llm.budget import Usage
from gongkai.llm.questions import Outcome, Question
from gongkai.steps import Step, packed

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.llm.door import Door, Session
    from gongkai.llm.settings import LlmSettings
    from gongkai.sandbox import Progress, Sandbox

ROUNDS = 2  # a form that was named may have columns to name; nothing is asked twice

Files = Sequence[tuple[str, bytes | IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Read:
    """``report`` is JSON, the same for the same answers. Beside it: what asking took, and the questions that stayed open."""

    report: bytes
    usage: Usage
    open: tuple[Question, ...]


def report_of(
    sandbox: Sandbox,
    files: Files,
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    ticket: str = "",
    progress: Progress | None = None,
    model: LlmSettings | None = None,
    record: Path | None = None,
    replay: Path | None = None,
) -> Read:
    """The Report of ``files``; ``model`` is asked where code found no name. Without one, one pass, and the questions come back as they are.

    ``record`` is the file to which what was asked and answered is written (without a model: what might have been); ``replay`` one that
    answers in place of a model, with no network. Raises the refusals of ``gongkai.errors``, ``RecordError``, ``OSError``.
    """
    if model is None and record is None and replay is None:
        step = begin(
            sandbox, files, metadata=metadata, all_checks=all_checks, ticket=ticket, progress=progress
        )
        return _finished(step, Usage())
    from gongkai.llm.door import Door
    from gongkai.llm.records import Record, Replay

    async def talk() -> Read:
        known = Replay(replay) if replay else None
        async with Door(model, replay=known, record=Record(record) if record else None) as door:
            wanted: dict[str, Any] = {"metadata": metadata, "all_checks": all_checks, "ticket": ticket}
            return await conversation(sandbox, files, door, progress=progress, **wanted)

    return asyncio.run(talk())


async def conversation(
    sandbox: Sandbox,
    files: Files,
    door: Door,
    *,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    ticket: str = "",
    progress: Progress | None = None,
) -> Read:
    """:func:`report_of` through a door that stays open for other documents; ``ticket`` names it for ``sandbox.stop``."""
    wanted: dict[str, Any] = {"metadata": metadata, "all_checks": all_checks, "ticket": ticket}
    step = await asyncio.to_thread(begin, sandbox, files, asking=door.answers, progress=progress, **wanted)
    session = door.session(step.document)
    if (
        step.report is not None
    ):  # nothing to ask, or nobody: then they are recorded as what a model might have added
        await ask(session, step.questions)
    for round_ in range(ROUNDS):
        if step.report is None:
            outcomes = await ask(session, step.questions)
            more = round_ + 1 < ROUNDS
            step = await asyncio.to_thread(go_on, sandbox, step, outcomes, asking=more, **wanted)
    session.reject(step.rejected)
    return _finished(step, session.usage)


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


async def ask(session: Session, questions: Sequence[Question]) -> list[Outcome]:
    """One outcome for each question; never raises for a model's sake."""
    return await session.ask(questions)


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


def _finished(step: Step, usage: Usage) -> Read:
    assert step.report is not None
    return Read(step.report, usage, step.questions)
