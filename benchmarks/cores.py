"""Core-seconds of processes, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

USER, CHILDREN_SYSTEM = 11, 14  # fields of /proc/PID/stat after the command: utime, stime, cutime, cstime


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started and that still run."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in tasks for child in path.read_text(encoding="ascii").split()]


def used(pids: Iterable[int]) -> float:
    """What the processes ``pids``, their descendants, and those of them that ended have used so far."""
    offspring: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        ticks[int(path.parent.name)] = sum(map(int, fields[USER : CHILDREN_SYSTEM + 1]))
        offspring.setdefault(int(fields[1]), []).append(int(path.parent.name))
    total, todo = 0, list(pids)
    while todo:
        pid = todo.pop()
        total += ticks.get(pid, 0)
        todo += offspring.get(pid, [])
    return total / os.sysconf("SC_CLK_TCK")
