"""What was measured is kept beside the typeset PDFs, so that a run that was cut short goes on where it stopped.

A result is that of its labels, its PDFs and the sources that made it: a change of any of them measures anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.draft import Draft
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
    """The draft of the files, kept for as long as no source of the reader changes: OCR takes minutes."""
    from gongkai import pipeline
    from gongkai.draft import Draft
    from gongkai.settings import Limits

    files = [pipeline.InputFile(path.name, path.read_bytes()) for path in pdfs]
    parts = [reader(), *(hashlib.sha256(file.data).hexdigest() for file in files)]
    path = store / f"draft-{hashlib.sha256(''.join(parts).encode()).hexdigest()[:24]}.pickle"
    if path.exists():
        found = pickle.loads(path.read_bytes())
        assert isinstance(found, Draft)
        return found
    draft = pipeline.draft(files, Limits())
    store.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(pickle.dumps(draft))
    fresh.replace(path)
    return draft


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


def _sources(home: Path) -> str:
    files = sorted(path for path in home.rglob("*") if path.suffix in (".py", ".toml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
