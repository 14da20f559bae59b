"""One question and its answer, or the second try at it; then silence, with the reason."""

from __future__ import annotations

from typing import Any

from gongkai.llm import prompting
from gongkai.llm.endpoint import Endpoint, Leave, Silenced
from gongkai.llm.ladder import Capability, body
from gongkai.llm.questions import Silence
from gongkai.llm.records import Attempt, Ending, Ready, scrubbed
from gongkai.llm.replies import BadReply, answer_of
from gongkai.llm.sheet import longest, problems
from gongkai.llm.wire import Kind, Reply, Trouble

TRIES = 2  # an answer outside the question is asked for once more
KEPT = 4000  # characters of a reply that a record holds
MOST_ERRORS = 20  # of one reply: a server may name any number of tags that nobody asked about
_WHY: dict[Kind, Silence] = {
    "connection": "unavailable",
    "timeout": "unavailable",
    "busy": "unavailable",
    "server": "unavailable",
    "key": "refused",
    "unknown_model": "refused",
    "incapable": "refused",
    "rejected": "refused",
    "parameter": "refused",
    "schema": "refused",
    "too_long": "too_long",
    "reply": "invalid",
}


class Conversation:
    """Of one question with one endpoint."""

    def __init__(self, endpoint: Endpoint, ready: Ready, leave: Leave) -> None:
        self._endpoint, self._ready, self._leave = endpoint, ready, leave
        self._attempts: list[Attempt] = []
        self._can: Capability | None = None

    async def hold(self) -> Ending:
        """How it ends: valid values, or why there are none. Never raises for the endpoint's sake."""
        try:
            return self._ended(await self._values(), None)
        except Silenced as silenced:
            return self._ended(None, silenced.why)
        except Trouble as trouble:
            late = trouble.transient and self._leave.deadline <= self._endpoint.clock()
            return self._ended(None, "deadline" if late else _WHY[trouble.kind])

    def _ended(self, values: dict[str, Any] | None, why: Silence | None) -> Ending:
        return Ending(values, why, self._can.rung if self._can else None, tuple(self._attempts))

    async def _values(self) -> dict[str, Any]:
        if len(self._ready.content) > self._endpoint.settings.prompt_characters:
            raise Silenced("too_long")
        self._can = await self._endpoint.capability(self._leave, self._ready.task.id)
        errors: list[str] = []
        for number in range(TRIES):
            began = self._endpoint.clock()
            reply = await self._reply(self._can, errors, again=number > 0)
            values, errors = self._judged(reply)
            self._note(reply, errors, self._endpoint.clock() - began)
            if values is not None:
                return values
        raise Silenced("invalid")

    async def _reply(self, can: Capability, errors: list[str], *, again: bool) -> Reply | None:
        """The reply (``None``: no reply of such a server); one rung lower, or without a parameter, where it is not taken."""
        while True:
            try:
                return await self._endpoint.send(
                    self._body(can, errors, again), self._leave, self._ready.task.id
                )
            except Trouble as trouble:
                if trouble.kind == "reply":
                    return None
                less = can.without(trouble.parameter) if trouble.parameter else None
                less = can.below() if trouble.kind == "schema" else less
                if less is None:
                    raise
                self._can = can = less
                self._endpoint.lower(self._ready.task.id, can)

    def _body(self, can: Capability, errors: list[str], again: bool) -> dict[str, Any]:
        ready = self._ready
        messages = prompting.messages(
            ready.task,
            ready.question,
            ready.schema,
            show_schema=not can.enforces,
            fenced=can.rung == "fenced",
            images=can.images,
        )
        if errors:
            messages.append(prompting.correction(errors))
        tokens = (64 + longest(ready.schema)) * (2 if again else 1)
        settings = self._endpoint.settings
        return body(settings, can, messages, ready.schema, name=ready.task.id, tokens=tokens, again=again)

    def _judged(self, reply: Reply | None) -> tuple[dict[str, Any] | None, list[str]]:
        """The answer if it is valid, else what is wrong with it."""
        if reply is None:
            return None, ["回答无法读取"]
        try:
            values = answer_of(reply)
        except BadReply as bad:
            return None, [str(bad)]
        errors = problems(values, self._ready.schema)[:MOST_ERRORS]
        return (None if errors else values), errors

    def _note(self, reply: Reply | None, errors: list[str], seconds: float) -> None:
        settings, reply = self._endpoint.settings, reply or Reply("", "", "", None, None)
        self._attempts.append(
            Attempt(
                reply=scrubbed(reply.text or reply.thoughts, settings)[:KEPT],
                finish=reply.finish,
                errors=tuple(scrubbed(error, settings) for error in errors),
                input_tokens=reply.input_tokens or 0,
                output_tokens=reply.output_tokens or 0,
                seconds=round(seconds, 3),
            )
        )
