"""What a job's work is: its files read into the JSON of a Report. The one place to change when reading takes more steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gongkai.asking import report_of
from gongkai.errors import Crashed, OutOfMemory, TimedOut
from gongkai.sandbox import Progress, Sandbox

ONCE_MORE = (Crashed, OutOfMemory, TimedOut)  # may be the child's fault


def read(
    sandbox: Sandbox, files: Sequence[bytes], ticket: str, wanted: Callable[[], bool], progress: Progress
) -> bytes:
    """The JSON of the Report, files named by their number, every check listed. Raises refusals.

    When the child dies or hangs, a fresh one tries once more, if the result is still ``wanted``.
    """
    named = [(str(number), content) for number, content in enumerate(files)]
    try:
        return report_of(sandbox, named, all_checks=True, ticket=ticket, progress=progress).report
    except ONCE_MORE:
        if not wanted():
            raise
        return report_of(sandbox, named, all_checks=True, ticket=ticket, progress=progress).report
