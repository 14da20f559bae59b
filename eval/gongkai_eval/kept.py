"""What was measured is kept beside the typeset PDFs, so that a run that was cut short goes on where it stopped.

A result is that of its labels, its PDFs and the sources that made it: a change of any of them measures anew.
"""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.draft import Draft
    from gongkai.reading import InputFile, Reading
    from gongkai.settings import Limits
    from gongkai_eval.evidence import Evidence
    from gongkai_eval.runner import Task


def measured(task: Task, store: Path, measure: Callable[[Task, Path], Evidence]) -> Evidence:
    """The evidence of ``task``: kept in ``store``, or measured and put there. A reader that failed is asked again."""
    from pydantic import TypeAdapter, ValidationError

    from gongkai_eval.evidence import Evidence

    adapter = TypeAdapter(Evidence)
    kept = store / f"measured-{_key(task)[:24]}.json"
    if kept.exists():
        try:
            return adapter.validate_json(kept.read_bytes())
        except ValidationError:  # cut short while it was written, or of another shape
            kept.unlink()
    found = measure(task, store)
    if not found.score.error:
        store.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new")
        fresh.write_bytes(adapter.dump_json(found))
        fresh.replace(kept)
    return found


def drafted(pdfs: Sequence[Path], store: Path) -> Draft:
    """The draft of the files. Their pages are kept for as long as nothing changes that reads pages: OCR takes minutes."""
    from gongkai.assist.crops import pictured
    from gongkai.draft import drafted as joined
    from gongkai.reading import InputFile
    from gongkai.settings import Limits

    files, limits = [InputFile(path.name, path.read_bytes()) for path in pdfs], Limits()
    return pictured(joined([_read(file, limits, store) for file in files]), files, limits.max_pages)


def _read(file: InputFile, limits: Limits, store: Path) -> Reading:
    from gongkai.reading import Reading, read_file

    parts = (page_reader(), file.name, hashlib.sha256(file.data).hexdigest())
    path = store / f"read-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:24]}.pickle"
    if path.exists():
        found = pickle.loads(path.read_bytes())
        assert isinstance(found, Reading)
        return found
    reading = read_file(file, limits)
    store.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(pickle.dumps(reading))
    fresh.replace(path)
    return reading


def _key(task: Task) -> str:
    parts = [sources(), task.style, repr(task.labelled)]
    if task.folder is not None:
        parts += [_hash(path) for path in sorted(task.folder.glob("*.csv"))]
    parts += [_hash(path) for path in task.pdfs]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _hash(path: Path) -> str:
    return f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}"


@cache
def sources() -> str:
    """A fingerprint of the reader, of the evaluation and of the typesetter."""
    from gongkai_eval.typesetter import version

    return reader() + _sources(Path(__file__).parent) + version()


@cache
def reader() -> str:
    """A fingerprint of the reader alone."""
    import gongkai

    return _sources(Path(gongkai.__file__).parent)


@cache
def page_reader() -> str:
    """A fingerprint of what makes a :class:`~gongkai.reading.Reading`: its module, what that imports at any depth, and their data."""
    import gongkai

    home = Path(gongkai.__file__).parent
    modules = _imported("gongkai.reading", home.parent)
    data = {file for module in modules for file in module.parent.glob("*.toml")}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(modules | data))).hexdigest()


def _imported(module: str, root: Path) -> set[Path]:
    """The files of ``module`` and of all modules of its package that it imports, at any depth, as far as they stand under ``root``."""
    found: set[Path] = set()
    names = [module]
    while names:
        path = root / names.pop().replace(".", "/")
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names += [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        names = [
            name for name in names if "." in name
        ]  # the package itself is a face, and imports what stands above
    return found


def _sources(home: Path) -> str:
    files = sorted(path for path in home.rglob("*") if path.suffix in (".py", ".toml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
