"""What a job's work is: its files read into the JSON of a Report, with a model if one is configured. The one place to change when
reading takes more steps."""

from __future__ import annotations

from collections.abc import Callable

from gongkai import options
from gongkai.asking import Asker, Read
from gongkai.errors import Crashed, OutOfMemory, TimedOut
from gongkai.llm.journal import Journal
from gongkai.llm.questions import Silence
from gongkai.llm.settings import LlmSettings
from gongkai.sandbox import Progress, Sandbox
from gongkai.store import Job, Store

ONCE_MORE = (Crashed, OutOfMemory, TimedOut)  # may be the child's fault


class Reader:
    """Reads jobs of ``store`` with the children of ``sandbox`` and the model that the environment names, which this process asks."""

    def __init__(self, store: Store, sandbox: Sandbox) -> None:
        """Raises ``SettingsError``."""
        settings = LlmSettings.from_environment()
        self._store, self._sandbox, self._asker = store, sandbox, Asker(settings)
        self._model = options.model(settings)

    def read(self, job: Job, ticket: str, wanted: Callable[[], bool], progress: Progress) -> Read:
        """The Report, files named by their number, every check listed. Raises refusals.

        When the child dies or hangs, a fresh one tries once more, if the result is still ``wanted``. What was asked is kept as it is
        answered, so that whoever begins anew, here or elsewhere, does not ask it again.
        """
        files = [(str(number), content) for number, content in enumerate(self._store.files(job.id))]
        kept = self._store.asked(job.id)
        journal = Journal.from_bytes(kept) if kept else Journal()

        def once() -> Read:
            return self._asker.read(
                self._sandbox,
                files,
                all_checks=True,
                ticket=ticket,
                journal=journal,
                keep=lambda now: self._store.keep_asked(job, now.to_bytes()),
                silence=self._silence(job),
                progress=progress,
            )

        try:
            return once()
        except ONCE_MORE:
            if not wanted():
                raise
            return once()

    def _silence(self, job: Job) -> Silence | None:
        """Why this process asks nothing about ``job``, if it does not: no model was configured, or another, where it was handed in."""
        model = job.options.get("model")
        return "off" if model is None else None if model == self._model else "unavailable"

    def stop(self, ticket: str) -> None:
        """End the work on ``ticket``: its reading raises a refusal."""
        self._sandbox.stop(ticket)
        self._asker.stop(ticket)

    def close(self) -> None:
        """End all work."""
        self._sandbox.close()
        self._asker.close()
