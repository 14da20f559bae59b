"""A `gongkai serve` of one's own: a process with a data directory, an address and settings of its own; for measurements and for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import httpx2

GONGKAI = [sys.executable, "-m", "gongkai.cli"]
PATIENCE = 60.0  # seconds for a process to answer or to end


class Service:
    """``Service(folder, workers=1)``; settings as in ``docs/settings.md``, in lower case. A context manager.

    What the process says stands in ``folder/log``.
    """

    def __init__(self, folder: Path, **settings: int | str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")},
            "GONGKAI_DATA_DIR": str(self.data),
            **{f"GONGKAI_{name.upper()}": str(value) for name, value in settings.items()},
        }
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return when it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*GONGKAI, "serve", "--port", str(self.port)], env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, self.log()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=PATIENCE).is_success
        except httpx2.TransportError:
            return False

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it as the system would for want of memory."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def run(self, *arguments: str) -> str:
        """What another `gongkai` process with the same settings prints."""
        done = subprocess.run(
            [*GONGKAI, *arguments], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def key(self, client: str, *scopes: str) -> str:
        """A new key of ``client``; all scopes unless said otherwise."""
        wanted = [each for scope in scopes for each in ("--scope", scope)]
        return self.run("keys", "create", "--name", "key", "--client", client, *wanted)

    def log(self) -> str:
        """What the process has said so far."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()


def distinct(pdf: bytes, mark: object) -> bytes:
    """``pdf`` with other bytes and the same pages: a comment after its end."""
    return pdf + f"\n% {mark}\n".encode()
