"""Runs the pipeline in child processes, so that no PDF can harm this one.

The parent never imports PyMuPDF. A child that overruns its clock, its memory or its mind costs that submission a clear
refusal (``timed_out``, ``out_of_memory``, ``crashed``) and nothing else: it is killed and the next submission gets a new one.
POSIX only.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing import Pipe
from pathlib import Path
from queue import Empty, LifoQueue
from typing import IO, Any

from gongkai import tracing
from gongkai.errors import Crashed, OutOfMemory, Refusal, TimedOut, TooLarge, from_wire
from gongkai.names import base_name
from gongkai.settings import Limits, Settings

log = logging.getLogger(__name__)

TARGET = "gongkai.child:read"
NEARLY_ALL = 0.6  # of the memory limit: a child that dies holding this much died of it
LIVELY = 10.0  # seconds that an idle or new child may take to give a sign of life
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")  # of the environment: no keys, no addresses

Progress = Callable[[int, int], None]  # is told of the pages of a disclosure, and how many of them are read


class Sandbox:
    """A pool of ``settings.workers`` children, safe to use from many threads; children start when first needed.

    ``target`` (``module:function``) is what the children run; it has the signature of :func:`gongkai.child.read`.
    """

    def __init__(self, settings: Settings | None = None, *, target: str = TARGET) -> None:
        self.settings = settings or Settings.from_environment()
        self._target = target
        self._slots: LifoQueue[_Child | None] = LifoQueue()
        self._alive: set[_Child] = set()
        self._at_work: dict[str, _Child] = {}
        for _ in range(self.settings.workers):
            self._slots.put(None)

    def run(
        self,
        files: Sequence[tuple[str, bytes | IO[bytes]]],
        *,
        metadata: dict[str, Any] | None = None,
        all_checks: bool = False,
        ticket: str = "",
        progress: Progress | None = None,
        **more: Any,
    ) -> bytes:
        """What a child makes of ``files`` (name, content), which together are one disclosure: :func:`gongkai.child.read`, whose further
        arguments are ``more``. Blocks until a child is free and done.

        Open files are read only when a child is free. ``ticket`` names this call for :meth:`stop`; ``progress`` is called a few
        times a second at most, and the child does not wait for it. Raises a :class:`~gongkai.errors.Refusal`.
        """
        with self._slot() as child:
            loaded = _load(files, self.settings.limits.max_upload_bytes)
            said = {"metadata": metadata, "all_checks": all_checks, "limits": self.settings.limits}
            self._at_work[ticket] = child
            try:
                with tracing.span("child"):
                    return child.run({"files": loaded, **said, **more}, progress)
            finally:
                self._at_work.pop(ticket, None)

    def ready(self) -> bool:
        """Whether a child is at work, or an idle or new one gives a sign of life."""
        try:
            with self._slot(block=False) as child:
                return child.lives()
        except Empty:
            return True
        except OSError:
            return False

    def stop(self, ticket: str) -> None:
        """End the child that works on ``ticket``, if one does; its call raises ``OutOfMemory`` or ``Crashed``."""
        if child := self._at_work.get(ticket):
            child.kill()

    @contextmanager
    def _slot(self, *, block: bool = True) -> Iterator[_Child]:
        child = self._fit(self._slots.get(block))  # it may have died idle
        try:
            if child is None:
                child = _Child(self.settings.limits, self._target)
                self._alive.add(child)
            yield child
        finally:
            self._slots.put(self._fit(child))

    def _fit(self, child: _Child | None) -> _Child | None:
        """``child`` if it may serve once more; else it is ended, with all that it holds."""
        if child is None or child.fit(self.settings):
            return child
        self._retire(child)
        return None

    def _retire(self, child: _Child) -> None:
        self._alive.discard(child)
        child.close()

    def close(self) -> None:
        """End every child, also those at work (their submissions are refused as ``crashed``)."""
        for child in tuple(self._alive):
            self._retire(child)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Child:
    """One process of :mod:`gongkai.child`. It serves one submission at a time."""

    def __init__(self, limits: Limits, target: str) -> None:
        self._spent = False
        self._served = 0
        self._first_size = 0
        self._late = False
        self._inherited = _peak(resource.getrusage(resource.RUSAGE_SELF))  # Linux counts ours as the child's
        self._pipe, theirs = Pipe()
        with theirs:
            command = [sys.executable, "-P", "-m", "gongkai.child"]
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                [*command, str(theirs.fileno()), str(limits.memory_bytes), target],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the parent, which then ends its children
            )

    def fit(self, settings: Settings) -> bool:
        """Whether this child may serve once more: alive and sane, not too old, not grown too much."""
        if self._spent or self._late or self._process.poll() is not None:
            return False
        if self._served >= settings.child_documents:
            return False
        return self._size() - self._first_size <= settings.child_growth_bytes

    def lives(self) -> bool:
        """Whether it answers."""
        try:
            self._pipe.send(None)
            if self._pipe.poll(LIVELY) and self._pipe.recv_bytes() == b"R":
                return True
        except (EOFError, OSError):
            pass
        self._spent = True
        return False

    def run(self, request: dict[str, Any], progress: Progress | None = None) -> bytes:
        """Hand ``request`` over and wait for the result; raises the refusal that the child tells or dies of."""
        self._served += 1
        pages = read = 0
        limits: Limits = request["limits"]
        began = time.monotonic()
        watch = self._watch(limits.allowance(0))
        try:
            self._pipe.send(request)
            while True:
                message = self._pipe.recv_bytes()
                if message[:1] == b"R":
                    self._first_size = self._first_size or self._size()
                    return message[1:]
                if message[:1] == b"E":
                    raise self._refusal(json.loads(message[1:]))
                if message[:1] == b"G":
                    read = int(message[1:])
                else:
                    pages, pictures = json.loads(message[1:])
                    tracing.say({"gongkai.pages": pages, "gongkai.pages.pictures": pictures})
                    watch.cancel()
                    watch = self._watch(limits.allowance(pages, pictures) - (time.monotonic() - began))
                if progress:
                    progress(pages, read)
        except (EOFError, OSError) as error:
            raise self._post_mortem(limits) from error
        finally:
            watch.cancel()

    def _watch(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(max(seconds, 0), self._overrun)
        timer.daemon = True
        timer.start()
        return timer

    def _overrun(self) -> None:
        self._late = True
        self._process.kill()

    def _refusal(self, wire: dict[str, Any]) -> Refusal:
        refusal = from_wire(wire)
        self._spent = isinstance(refusal, (Crashed, OutOfMemory))
        if wire.get("trace"):
            log.error("a child failed:\n%s", wire["trace"])
        return refusal

    def _post_mortem(self, limits: Limits) -> Refusal:
        """Why the child is gone: by a clock, for want of memory (ours or the system's), or by accident."""
        self._spent = True
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        except ChildProcessError:  # the pool was closed meanwhile
            return Crashed()
        self._process.returncode = code = os.waitstatus_to_exitcode(status)
        if self._late or code == -signal.SIGXCPU:
            return TimedOut()
        much = max(NEARLY_ALL * limits.memory_bytes, self._inherited)
        if code == -signal.SIGKILL or _peak(usage) > much:
            return OutOfMemory()
        log.error("a child ended with code %s", code)
        return Crashed()

    def _size(self) -> int:
        """Resident memory in bytes, 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.wait()


def _peak(usage: resource.struct_rusage) -> int:
    """Peak resident memory in bytes."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _load(files: Sequence[tuple[str, bytes | IO[bytes]]], most: int) -> list[tuple[str, bytes]]:
    loaded = [(base_name(name), data if isinstance(data, bytes) else data.read()) for name, data in files]
    if sum(len(data) for _, data in loaded) > most:
        raise TooLarge(most)
    return loaded


@cache
def shared() -> Sandbox:
    """The pool of this process, ended with it; for library calls."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


def _environment() -> dict[str, str]:
    """What a child needs to find the same modules, and nothing that it could give away."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
