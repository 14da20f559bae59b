"""A PostgreSQL server of one's own, for tests and measurements: made in an empty folder, on a free port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

USER = "postgres"
INIT = ("--auth=trust", "--no-sync", "--username", USER, "--encoding=UTF8", "--locale=C")


def binaries() -> Path | None:
    """Where `initdb` is, the newest one; ``None`` if PostgreSQL is not installed (Debian: `apt-get install postgresql`)."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    usable = [place.parent for place in places]
    return usable[-1] if usable and (os.getuid() != 0 or shutil.which("runuser")) else None


class Server:
    """A running server; ``database()`` makes an empty database and gives its address."""

    def __init__(self, folder: Path, port: int, options: tuple[str, ...]) -> None:
        self.folder, self.port, self._options = folder, port, options
        self._numbers = count(1)

    def start(self) -> None:
        """Return when it answers."""
        given = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", *self._options)
        started = " ".join([f"-p {self.port}", *(f"-c {option}" for option in given)])
        self._control("start", "-w", "-o", started, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """End it as a failing machine would; does nothing if it does not run."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", *arguments, "-D", str(self.folder / "data"))

    def database(self, encoding: str = "UTF8") -> str:
        name = f"test{next(self._numbers)}"
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", USER)
        self.run("createdb", *where, "-E", encoding, "-T", "template0", name)
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; as its own user if we are root, for it refuses to serve root."""
        home = binaries()
        assert home is not None
        user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        command = [*user, str(home / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, timeout=60)


@contextmanager
def server(*options: str) -> Iterator[Server]:
    """A server with ``options`` (``name=value``) in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Server(folder, port, options)
    try:
        if os.getuid() == 0:
            shutil.chown(folder, USER)
        made.run("initdb", *INIT, "-D", str(folder / "data"))
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
