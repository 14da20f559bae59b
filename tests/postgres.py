"""A private PostgreSQL cluster for tests: a folder of its own, a Unix socket alone, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "gongkai"
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL does not run as root


def binaries() -> Path | None:
    """The folder with initdb and postgres, the newest that is installed; ``None`` without them."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    return next(
        (path for path in places if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


@contextmanager
def cluster(*settings: str) -> Iterator[str]:
    """A running cluster; gives the address of its database ``postgres``. ``settings`` as ``max_connections=200``."""
    bin = binaries()
    assert bin is not None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    owner = _owner()
    data = folder / "data"
    if owner is not None:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
    as_owner: dict[str, str] = {} if owner is None else {"user": owner}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **as_owner}
    options = [
        f"-c{each}"
        for each in ("listen_addresses=", "fsync=off", f"unix_socket_directories={folder}", *settings)
    ]
    try:
        init = [
            bin / "initdb",
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(init, check=True, **quiet)  # type: ignore[call-overload]
        server = subprocess.Popen([bin / "postgres", "-D", data, *options], **quiet)  # type: ignore[call-overload]
        try:
            wait = [bin / "pg_isready", "-q", "-h", folder, "-U", USER]
            while subprocess.run(wait, check=False).returncode and server.poll() is None:
                pass
            assert server.poll() is None, "postgres did not start"
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def database(address: str, name: str) -> str:
    """A new, empty database in the cluster at ``address``; gives its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return address.replace("/postgres?", f"/{name}?")
