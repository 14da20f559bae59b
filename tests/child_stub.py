"""What the children of the sandbox tests run in place of the pipeline: each file's first word says what to do."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from gongkai.errors import Encrypted, Refusal
from gongkai.packing import pack
from gongkai.settings import Limits
from gongkai.steps import Result, Step
from gongkai.told import Told, ToldFinding

HELD: list[bytes] = []


def read(
    files: Sequence[tuple[str, bytes]],
    *,
    metadata: dict[str, Any] | None,
    all_checks: bool,
    limits: Limits,
    announce: Callable[[int], None],
    asking: bool | None = None,
) -> bytes:
    name, data = files[0]
    word, _, argument = data.decode().partition(" ")
    try:
        result = DEEDS[word](argument, announce)
    except Refusal as refusal:
        refusal.file_name = name
        raise
    told = {"pid": os.getpid(), "name": name, "metadata": metadata}
    report = {
        "documents": [{"file_name": name, "pages": [{"text_source": "native"}]} for name, _ in files],
        "content_hash": hashlib.sha256(b"".join(data for _, data in files)).hexdigest(),
        "entity": {"name": argument or None, "metadata": {}},
        "fiscal_year": 2023,
        "kind": "budget",
        "scope": None,
        "forms": [],
        "findings": [],
        "checks": {"results": []},
        "issues": [],
    }
    said = {**told, **report, **(result if word in ("say", "turn") else {"result": result})}
    done = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return done if asking is None else Step(document="d", result=Result(pack(done), _told(said))).to_bytes()


def _told(said: dict[str, Any]) -> Told:
    findings = ({**each, "class_": each["class"]} for each in said["findings"])
    return Told(
        sources=Counter(page["text_source"] for each in said["documents"] for page in each["pages"]),
        grades=Counter(figure["grade"] for form in said["forms"] for figure in form["figures"]),
        findings=tuple(map(ToldFinding.model_validate, findings)),
        entity=said["entity"]["name"],
        **{name: said[name] for name in ("content_hash", "fiscal_year", "kind", "scope")},
    )


def echo(argument: str, announce: Callable[[int], None]) -> str:
    announce(1)
    return argument


def say(argument: str, announce: Callable[[int], None]) -> Any:
    """``say JSON``: a Report that says just this."""
    announce(1)
    return json.loads(argument)


def sleep(argument: str, announce: Callable[[int], None]) -> None:
    """``sleep PAGES SECONDS``."""
    pages, seconds = argument.split()
    announce(int(pages))
    time.sleep(float(seconds))


def turn(argument: str, announce: Any) -> dict[str, Any]:
    """``turn PAGES SECONDS``: each page takes so long; a Report of so many pages."""
    pages, seconds = argument.split()
    announce(int(pages))
    for _ in range(int(pages)):
        time.sleep(float(seconds))
        announce.page_read()
    return {"documents": [{"file_name": "0", "pages": [{"text_source": "native"}] * int(pages)}]}


def spin(argument: str, announce: Callable[[int], None]) -> None:
    announce(1)
    while True:
        pass


def hold(argument: str, announce: Callable[[int], None]) -> None:
    HELD.append(b"x" * int(argument))


def eat(argument: str, announce: Callable[[int], None]) -> None:
    while True:
        HELD.append(b"x" * 10_000_000)


def eat_and_die(argument: str, announce: Callable[[int], None]) -> None:
    try:
        eat(argument, announce)
    except MemoryError:
        os.abort()


def die(argument: str, announce: Callable[[int], None]) -> None:
    os.kill(os.getpid(), getattr(signal, argument))


def segfault(argument: str, announce: Callable[[int], None]) -> None:
    ctypes.string_at(0)


def leave(argument: str, announce: Callable[[int], None]) -> None:
    os._exit(0)


def refuse(argument: str, announce: Callable[[int], None]) -> None:
    raise Encrypted()


def stumble(argument: str, announce: Callable[[int], None]) -> None:
    raise RuntimeError("a bug of ours")


def write(argument: str, announce: Callable[[int], None]) -> str:
    try:
        with open(argument, "w") as file:
            file.write("x")
    except OSError as error:
        return type(error).__name__
    return "written"


def call(argument: str, announce: Callable[[int], None]) -> str:
    """``call PORT``: try to reach this machine's own network."""
    try:
        socket.create_connection(("127.0.0.1", int(argument)), timeout=2).close()
    except OSError:
        return "no network"
    return "connected"


def look(argument: str, announce: Callable[[int], None]) -> dict[str, Any]:
    return {"environ": sorted(os.environ), "pymupdf": "pymupdf" in sys.modules}


DEEDS: dict[str, Callable[[str, Callable[[int], None]], Any]] = {
    deed.__name__: deed
    for deed in (
        echo, say, sleep, turn, spin, hold, eat, eat_and_die, die, segfault, leave, refuse, stumble, write, call, look,
    )
}  # fmt: skip
