"""The sandboxed side of :mod:`gongkai.sandbox`: a process that reads untrusted PDFs and answers over one pipe.

It binds itself before it sees a byte: a ceiling on memory, no file may be written, no core dump, few descriptors, no new
privileges and, where the kernel allows it, no network. Every message to the parent is a tag and a body: ``P`` the page
count (JSON), ``G`` how many of them are read (a number, now and then), ``R`` the result (empty when asked for a sign of life), ``E`` a
refusal (:meth:`gongkai.errors.Refusal.wire` as JSON). Nothing that the child says is ever unpickled; a draft, which the parent
hands back as it came, is opened here and nowhere else.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import pickle
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, cast

from gongkai import logs, ocr
from gongkai.errors import Crashed, OutOfMemory, Refusal, TooManyPages
from gongkai.settings import Limits

if TYPE_CHECKING:
    from gongkai.draft import Draft

NO_NEW_PRIVS, NEW_USER, NEW_NET = 38, 0x10000000, 0x40000000  # linux/prctl.h, linux/sched.h
DESCRIPTORS = 64
NICENESS = 5  # whoever asks the parent for something goes before what is read
RARELY = (50_000, 20, 100)  # collections of cycles, of which reading makes few: a tenth of its time is saved
ENGINE_BYTES = (
    2 << 30
)  # of address space, which the recognition engine reserves beyond what it uses (0.4 GiB resident)
TELL_SECONDS = 0.25  # between two words on how far reading is
MALLOC_FAILED = re.compile(r"alloc \(.*failed")


class Announce:
    """What a child tells while it works: called with the number of pages, and of those that OCR reads, it sets the clocks."""

    def __init__(self, pipe: Connection[Any, Any], limits: Limits) -> None:
        self._pipe, self._limits = pipe, limits
        self._pages = self._read = 0
        self._told_at = 0.0

    def __call__(self, pages: int, pictures: int = 0) -> None:
        _allow_cpu(self._limits.allowance(pages, pictures))
        self._pages = pages
        self._pipe.send_bytes(b"P" + json.dumps([pages, pictures]).encode())

    def page_read(self) -> None:
        """One more page is read."""
        self._read += 1
        now = time.monotonic()
        if self._read == self._pages or now >= self._told_at + TELL_SECONDS:
            self._told_at = now
            self._pipe.send_bytes(b"G%d" % self._read)


def read(
    files: Sequence[tuple[str, bytes]],
    *,
    metadata: dict[str, Any] | None,
    all_checks: bool,
    limits: Limits,
    announce: Announce,
    asking: bool = False,
    draft: bytes | None = None,
    outcomes: bytes = b"[]",
) -> bytes:
    """The work of a child: a :class:`gongkai.steps.Step` as bytes; raises refusals.

    ``files`` are (base name, bytes). With ``asking`` a draft with questions comes back before it is checked; handed in again as ``draft``
    (then ``files`` are not needed) with the ``outcomes`` of its questions it becomes the Report, or asks what follows from the answers.
    """
    from gongkai import pipeline
    from gongkai.steps import Result, Step, unpacked

    if draft is None:
        pages, pictures = _count_pages(files, limits)
        announce(pages, pictures)
        allow_memory(limits.memory_bytes + (ENGINE_BYTES if pictures else 0))
        for_fonts = 0

        def ahead(more: int) -> None:
            nonlocal for_fonts
            for_fonts += more
            announce(pages, pictures + for_fonts)
            allow_memory(limits.memory_bytes + ENGINE_BYTES)

        given = [pipeline.InputFile(name, data) for name, data in files]
        now = pipeline.draft(given, limits, ahead, announce.page_read)
    else:
        now = _opened(draft)
        announce(sum(len(document.pages) for document in now.documents))
        now = pipeline.apply(now, unpacked(outcomes))
    step = Step(
        document=now.content_hash,
        questions=pipeline.questions(now),
        rejected=_rejected(now),
    )
    if asking and step.questions:
        return replace(step, draft=zlib.compress(pickle.dumps(now), 1)).to_bytes()
    report = pipeline.report(now, metadata=metadata, all_checks=all_checks)
    return replace(step, result=Result.of(report)).to_bytes()


def _rejected(draft: Draft) -> dict[str, tuple[str, ...]]:
    """By question: the tag, and the checks that its answer would have broken."""
    found: dict[str, tuple[str, ...]] = {}
    for each in draft.rejected:
        told = f"{each.tag} {'、'.join(each.codes)}".strip()
        found[each.question] = (*found.get(each.question, ()), told)
    return found


def _opened(draft: bytes) -> Draft:
    """A draft that a child of ours closed. Only in here, where a wrong one can do no harm."""
    found = pickle.loads(zlib.decompress(draft))  # noqa: S301
    return cast("Draft", found)


def _count_pages(files: Sequence[tuple[str, bytes]], limits: Limits) -> tuple[int, int]:
    """Pages, and those of them that OCR may have to read."""
    from gongkai.pdf import open_pdf, pages_with_pictures

    pages = pictures = 0
    for name, data in files:
        try:
            with open_pdf(data, limits.max_pages) as document:
                pages += document.page_count
                pictures += pages_with_pictures(document) if ocr.available() else 0
        except Refusal as refusal:
            refusal.file_name = name
            raise
    if pages > limits.max_pages:
        raise TooManyPages(pages, limits.max_pages)
    return pages, pictures


def main(descriptor: str, memory_bytes: str, target: str) -> None:
    """Serve requests from the socket ``descriptor`` until the parent hangs up; ``target`` is ``module:function``."""
    pipe = Connection(int(descriptor))
    bind(int(memory_bytes))
    module, _, name = target.partition(":")
    work = getattr(importlib.import_module(module), name)
    _silence()
    gc.set_threshold(*RARELY)
    while True:
        try:
            request = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_answer(work, request, pipe) if request else b"R")


def _answer(work: Callable[..., bytes], request: dict[str, Any], pipe: Connection[Any, Any]) -> bytes:
    limits: Limits = request["limits"]
    try:
        _allow_cpu(limits.allowance(0))
        return b"R" + work(announce=Announce(pipe, limits), **request)
    except Refusal as refusal:
        return _refused(OutOfMemory() if _starved(refusal.__cause__) else refusal)
    except Exception as error:
        if _starved(error):
            return _refused(OutOfMemory())
        return _refused(Crashed(), logs.trace(error))


def _refused(refusal: Refusal, trace: str = "") -> bytes:
    return b"E" + json.dumps({**refusal.wire(), "trace": trace}).encode()


def _starved(error: BaseException | None) -> bool:
    """Whether ``error`` means that no memory was left: Python's own, or MuPDF's ``malloc (n bytes) failed``."""
    return isinstance(error, MemoryError) or bool(MALLOC_FAILED.search(str(error)))


def allow_memory(memory_bytes: int) -> None:
    """The ceiling for the submission at hand, as far as :func:`bind` left room (a bound child alone: elsewhere nothing changes)."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (min(memory_bytes, most), most))


def bind(memory_bytes: int) -> None:
    """Take from this process what reading a PDF never needs. Cannot be undone."""
    most = memory_bytes + (ENGINE_BYTES if ocr.available() else 0)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, most))
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.unshare(NEW_USER | NEW_NET)  # refused in some containers: the limits above still hold
        libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (ceiling, ceiling))


def _allow_cpu(seconds: float) -> None:
    """The clock belongs to the parent; this ends a child whose parent is gone."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))


def _silence() -> None:
    """Libraries may print; nobody listens, and a file must not grow."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


if __name__ == "__main__":
    main(*sys.argv[1:])
