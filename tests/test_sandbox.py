"""A child's death costs its own submission a clear refusal, and nothing else."""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.errors import Crashed, Encrypted, OutOfMemory, Refusal, TimedOut, TooLarge
from gongkai.sandbox import Sandbox
from gongkai.settings import MIB

Stubs = Callable[..., Sandbox]


def order(sandbox: Sandbox, words: str, name: str = "a.pdf", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(sandbox.run([(name, words.encode())], **more))
    return answer


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        ("die SIGSEGV", Crashed),
        ("die SIGABRT", Crashed),
        ("segfault", Crashed),
        ("leave", Crashed),
        ("stumble", Crashed),
        ("die SIGKILL", OutOfMemory),  # not by us: the system's own killer
        ("die SIGXCPU", TimedOut),
        ("eat", OutOfMemory),
        ("eat_and_die", OutOfMemory),
        ("refuse", Encrypted),
    ],
)
def test_each_accident_is_its_own_refusal_and_the_next_is_served(
    stubs: Stubs, deed: str, refusal: type[Refusal], caplog: pytest.LogCaptureFixture
) -> None:
    # Linux hands a parent's peak of memory down to its child
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sandbox = stubs(memory_bytes=max(512 * MIB, 2 * own))
    order(sandbox, "echo before")
    with caplog.at_level(logging.CRITICAL), pytest.raises(refusal):
        order(sandbox, deed)
    assert order(sandbox, "echo after")["result"] == "after"


@pytest.mark.parametrize("deed", ["sleep 0 30", "spin", "sleep 1 30"])
def test_a_child_that_overruns_its_clock_is_killed(stubs: Stubs, deed: str) -> None:
    sandbox = stubs(seconds=2)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        order(sandbox, deed)
    assert time.monotonic() - began < 20
    assert order(sandbox, "echo after")["result"] == "after"


def test_the_clock_grows_with_the_pages_that_the_child_reports(stubs: Stubs) -> None:
    sandbox = stubs(seconds=2)
    assert order(sandbox, "sleep 20 2.5")["result"] is None


def test_a_caller_that_is_large_itself_is_not_taken_for_its_child(stubs: Stubs) -> None:
    ballast = b"x" * (200 * MIB)
    with pytest.raises(Crashed):
        order(stubs(memory_bytes=160 * MIB), "die SIGSEGV")
    del ballast


def test_a_child_has_no_network_no_files_no_secrets(
    stubs: Stubs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SECRET", "x")
    sandbox = stubs()
    assert order(sandbox, f"write {tmp_path / 'written'}")["result"] == "OSError"
    assert "SOME_SECRET" not in order(sandbox, "look")["result"]["environ"]
    if not _network_can_be_taken_away():
        pytest.skip("this kernel does not let a process give up its network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert order(sandbox, f"call {server.getsockname()[1]}")["result"] == "no network"


def _network_can_be_taken_away() -> bool:
    probe = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    return subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_children_are_kept_then_replaced_after_so_many_documents(stubs: Stubs) -> None:
    sandbox = stubs(child_documents=3)
    children = [order(sandbox, "echo x")["pid"] for _ in range(7)]
    assert [len(set(children[at : at + 3])) for at in (0, 3, 6)] == [1, 1, 1]
    assert len(set(children)) == 3


def test_a_child_that_grew_is_replaced(stubs: Stubs) -> None:
    sandbox = stubs(child_growth_bytes=20 * MIB)
    first = order(sandbox, "echo x")["pid"]
    assert order(sandbox, "echo y")["pid"] == first
    assert order(sandbox, f"hold {60 * MIB}")["pid"] == first
    assert order(sandbox, "echo z")["pid"] != first


def test_a_child_that_starved_does_not_keep_what_it_took(stubs: Stubs) -> None:
    sandbox = stubs(memory_bytes=160 * MIB)
    child = order(sandbox, "echo x")["pid"]
    with pytest.raises(OutOfMemory):
        order(sandbox, "eat")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_child_that_died_idle_costs_nothing(stubs: Stubs) -> None:
    sandbox = stubs()
    child = order(sandbox, "echo x")["pid"]
    os.kill(child, 9)
    time.sleep(0.2)
    assert order(sandbox, "echo y")["result"] == "y"


def test_the_waiting_are_served_in_turn(stubs: Stubs) -> None:
    sandbox = stubs(workers=1)
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(order(sandbox, "sleep 9 1"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert not answers
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert order(sandbox, "echo x")["result"] == "x"


def test_a_call_can_be_stopped(stubs: Stubs) -> None:
    sandbox = stubs(workers=1)
    threading.Timer(0.5, sandbox.stop, ["this one"]).start()
    sandbox.stop("no such one")
    with pytest.raises((Crashed, OutOfMemory)):
        order(sandbox, "sleep 9 5", ticket="this one")
    assert order(sandbox, "echo x")["result"] == "x"


def test_workers_work_at_the_same_time(stubs: Stubs) -> None:
    sandbox = stubs(workers=2)
    pids: list[int] = []
    threads = [
        threading.Thread(target=lambda: pids.append(order(sandbox, "sleep 9 0.7")["pid"])) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 2


@pytest.mark.parametrize(
    ("given", "echoed"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\报表\\决算.pdf", "决算.pdf"),
        ("a\x00b\x1b[31m.pdf", "ab[31m.pdf"),
        ("..", "未命名.pdf"),
        ("", "未命名.pdf"),
        ("长" * 900 + ".pdf", "长" * 200),
        ("\u202efdp.exe", "fdp.exe"),
    ],
)
def test_a_name_is_only_ever_a_base_name(stubs: Stubs, given: str, echoed: str) -> None:
    assert order(stubs(), "echo x", name=given)["name"] == echoed


def test_open_files_and_metadata_are_handed_over(stubs: Stubs) -> None:
    answer = json.loads(stubs().run([("a.pdf", io.BytesIO(b"echo hello"))], metadata={"区划": ["430200"]}))
    assert (answer["result"], answer["metadata"]) == ("hello", {"区划": ["430200"]})


def test_all_files_together_are_limited(stubs: Stubs) -> None:
    sandbox = stubs(max_upload_bytes=100)
    assert order(sandbox, "echo " + "x" * 95)
    with pytest.raises(TooLarge):
        sandbox.run([("a.pdf", b"echo " + b"x" * 60), ("b.pdf", b"x" * 60)])


def test_closing_ends_the_children_and_a_later_submission_starts_anew(stubs: Stubs) -> None:
    sandbox = stubs()
    child = order(sandbox, "echo x")["pid"]
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert order(sandbox, "echo y")["pid"] != child


def test_a_script_without_main_guard_may_read(good_pdf: bytes, tmp_path: Path) -> None:
    """Children start without importing the caller's program again."""
    (tmp_path / "good.pdf").write_bytes(good_pdf)
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, gongkai\n"
        "print('once')\n"
        "report = gongkai.read('good.pdf')\n"
        "print(len(report.documents[0].pages), 'pymupdf' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["once", "2", "False"]
