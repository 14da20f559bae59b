"""Damaged PDFs through the child-process reader: each must give a Report or a refusal, within the limits, and the next be served.

    python benchmarks/mutated.py [DIR_OR_PDF…] [--count 2000] [--seed 1] [--pages 3]

Sources are the sample and what is given, a few pages of each, so that the damage and not the length is measured. Every file
gets one to three mutations: bytes flipped, a piece cut out, two blocks swapped, a piece doubled, numbers or names of objects edited,
the content of a compressed stream edited. Counts what came of them, with the slowest, the largest, and whatever the parent raised
that is no refusal. Fails on that, on a file over its time, and on a child over its memory.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf

from gongkai.errors import Refusal
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings

SAMPLES = Path(__file__).parents[1] / "eval" / "samples"
SHORTEST = 8  # bytes that can still be damaged
GRACE = 5.0  # seconds beyond a file's allowance, for starting and ending a child
NUMBER = re.compile(rb"\d+(?:\.\d+)?")
NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]*")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"99999999999", b"1e38", b"-0.0001", b"nan")


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 5, 50, 500))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end, or a piece within, is missing."""
    start = chance.randrange(len(data))
    end = len(data) if chance.random() < 0.4 else start + chance.randrange(1, 1 + len(data) // 8)
    return data[:start] + data[end:] or b"%PDF-"


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two blocks have changed places."""
    size = chance.randrange(1, 1 + min(4096, len(data) // 4))
    a, b = sorted(chance.randrange(len(data) - size) for _ in range(2))
    if b < a + size:
        return data
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A piece stands there twice."""
    start = chance.randrange(len(data))
    return data[: start + chance.randrange(1, 4096)] + data[start:]


def numbered(data: bytes, chance: random.Random) -> bytes:
    """Numbers of objects are others: lengths, references, sizes, places."""
    return _edited(data, NUMBER, lambda _: chance.choice(NUMBERS), chance)


def renamed(data: bytes, chance: random.Random) -> bytes:
    """Names of objects stand where others stood."""
    names = NAME.findall(data) or [b"/Type"]
    return _edited(data, NAME, lambda _: chance.choice(names), chance)


def inside(data: bytes, chance: random.Random) -> bytes:
    """Numbers within a compressed stream are others: contents, fonts' maps, tables of objects."""
    found = list(STREAM.finditer(data))
    chance.shuffle(found)
    for place in found[:20]:
        try:
            plain = zlib.decompress(place[1])
        except zlib.error:
            continue
        return data[: place.start(1)] + zlib.compress(numbered(plain, chance)) + data[place.end(1) :]
    return data


def _edited(
    data: bytes, pattern: re.Pattern[bytes], other: Callable[[bytes], bytes], chance: random.Random
) -> bytes:
    places = list(pattern.finditer(data))
    made = data
    chosen = chance.sample(places, min(chance.choice((1, 3, 20)), len(places)))
    for place in sorted(chosen, key=lambda found: -found.start()):
        made = made[: place.start()] + other(place[0]) + made[place.end() :]
    return made


MUTATIONS = (flipped, cut, swapped, doubled, numbered, renamed, inside)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to three mutations, one after the other."""
    for _ in range(chance.randint(1, 3)):
        if len(data) >= SHORTEST:
            data = chance.choice(MUTATIONS)(data, chance)
    return data


@dataclass
class Tally:
    """What came of the files."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)  # of children: refusals too, but each worth a look
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")

    def add(self, name: str, outcome: str, seconds: float, size: int) -> None:
        self.outcomes[outcome] += 1
        self.slowest = max(self.slowest, (seconds, name))
        self.largest = max(self.largest, (size, name))


def tried(sandbox: Sandbox, name: str, data: bytes, tally: Tally, most: float) -> None:
    """One file through the sandbox."""
    began = time.monotonic()
    outcome = "report"
    size = 0
    try:
        size = len(sandbox.run([(name, data)]))
    except Refusal as refusal:
        outcome = type(refusal).__name__
        if outcome == "Crashed":
            tally.crashes.append(name)
    except Exception as error:  # the parent must never see anything else
        outcome = "parent error"
        tally.faults.append(f"{name}: {error!r}")
    seconds = time.monotonic() - began
    tally.add(name, outcome, seconds, size)
    if seconds > most + GRACE:
        tally.faults.append(f"{name}: {seconds:.0f} s")


def sources(paths: Sequence[Path], pages: int) -> dict[str, bytes]:
    """So many pages of each PDF, evenly spread."""
    found = [p for path in paths for p in ([path] if path.is_file() else sorted(path.glob("*.pdf")))]
    made = {}
    for path in found:
        with pymupdf.open(path) as document:
            if document.page_count > pages:
                document.select([k * document.page_count // pages for k in range(pages)])
            made[path.stem] = document.tobytes(garbage=3)
    return made


def _until_interrupted(count: int) -> Iterator[int]:
    """Numbers up to ``count``; an interrupt ends them, and what was measured until then is told."""
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    for number in range(count):
        if stopped:
            return
        yield number


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=3)
    options = parser.parse_args()
    originals = sources([SAMPLES, *options.paths], options.pages)
    settings = Settings(workers=1)
    most = settings.limits.allowance(options.pages, options.pages)
    tally = Tally()
    with Sandbox(settings) as sandbox:
        for number in _until_interrupted(options.count):
            chance = random.Random(f"{options.seed}/{number}")
            stem = sorted(originals)[number % len(originals)]
            tried(sandbox, f"{stem}/{number}", mutated(originals[stem], chance), tally, most)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    limit = settings.limits.memory_bytes / 2**20
    print(
        f"{tally.outcomes.total()} files made of {len(originals)} PDFs of up to {options.pages} pages, seed {options.seed}"
    )
    for outcome, times in tally.outcomes.most_common():
        print(f"{times:6}  {outcome}")
    print(f"slowest {tally.slowest[0]:.1f} s ({tally.slowest[1]}; allowed {most:.0f} s)")
    print(f"largest Report, packed, {tally.largest[0] / 2**20:.2f} MiB ({tally.largest[1]})")
    print(
        f"most memory of a child {peak:.0f} MiB resident (limit of address space {limit:.0f} MiB, with OCR 2048 more)"
    )
    if tally.crashes:
        print("children that crashed: " + ", ".join(tally.crashes))
    for fault in tally.faults:
        print(f"FAULT {fault}")
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
