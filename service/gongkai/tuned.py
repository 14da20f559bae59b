"""How the interpreter and the C library are set in a process that runs for months and answers many at once."""

from __future__ import annotations

import ctypes
import gc
import sys

SWITCH = 0.0001  # seconds, not 5 ms: an answer changes threads a dozen times, and each time would wait for whoever computes
ARENAS = 1  # threads that hold the interpreter's lock seldom allocate at once
M_ARENA_MAX = -8  # <malloc.h> of glibc


def tune() -> None:
    """To be called before there are threads.

    glibc gives threads arenas of their own, up to eight for each processor, and what one large Report leaves free in an arena is used
    by no other: over thousands of Reports the process grows by megabytes that nobody holds. Other C libraries have nothing to set.
    """
    sys.setswitchinterval(SWITCH)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)


def started() -> None:
    """To be called when all is there that stays: whoever looks for cycles need not look at it, which holds up every answer for a tenth of a
    second."""
    gc.collect()
    gc.freeze()
