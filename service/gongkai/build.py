"""Which build this is: two that may read differently never have the same name, for a Report is found again by it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from gongkai import assets

PACKAGE = Path(__file__).parent
SOURCES = (".py", ".toml")  # rules and data
GIVEN = ("prompts", "schemas")  # which travel beside the package in a checkout, inside it in a wheel
DIGITS = 8  # so that the name fits into the column of an export


@cache
def name() -> str:
    """``0.1.0+3f2a91c0``: the version, and a hash of all that was installed with it; the same in a checkout and in its wheel."""
    return f"{version('gongkai')}+{_hash(_files())[:DIGITS]}"


def _files() -> dict[str, Path]:
    own = {path.relative_to(PACKAGE): path for path in PACKAGE.rglob("*") if path.suffix in SOURCES}
    roots = [assets.path(folder) for folder in GIVEN]
    given = {
        path.relative_to(root.parent): path for root in roots for path in root.rglob("*") if path.is_file()
    }
    return {where.as_posix(): path for where, path in {**own, **given}.items()}


def _hash(files: dict[str, Path]) -> str:
    whole = sha256()
    for where, path in sorted(files.items()):
        whole.update(f"{where}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
