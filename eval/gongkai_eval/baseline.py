"""What is known to fail, by document. A new failure is a defect; one that no longer fails must leave the list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai_eval.scorer import Score


@dataclass(frozen=True, slots=True)
class Drift:
    """How a document differs from its baseline: ``worse`` fails and should not, ``better`` passes and is listed."""

    document: str
    worse: tuple[str, ...]
    better: tuple[str, ...]


def failures(score: Score) -> tuple[str, ...]:
    """The keys of all misses, sorted; ``error`` alone when the reader failed."""
    return ("error",) if score.error else tuple(sorted({miss.key for miss in score.misses}))


def load(path: Path) -> dict[str, tuple[str, ...]]:
    """The baseline, {} when there is none yet."""
    if not path.exists():
        return {}
    return {document: tuple(keys) for document, keys in json.loads(path.read_text(encoding="utf-8")).items()}


def compare(known: Mapping[str, tuple[str, ...]], scores: Iterable[Score]) -> list[Drift]:
    """One :class:`Drift` for each document that differs. A document without an entry is expected to pass."""
    drifts = []
    for score in scores:
        before, now = set(known.get(score.document, ())), set(failures(score))
        excused = "error" in before
        worse = {key for key in now - before if not excused and f"{_form(key)}|*" not in before}
        drifts.append(Drift(score.document, tuple(sorted(worse)), tuple(sorted(before - now))))
    return [drift for drift in drifts if drift.worse or drift.better]


def write(path: Path, known: Mapping[str, tuple[str, ...]], scores: Iterable[Score]) -> None:
    """The baseline with the entries of ``scores`` renewed; documents that were not run keep theirs."""
    renewed = {**known, **{score.document: failures(score) for score in scores}}
    listed = {document: list(keys) for document, keys in sorted(renewed.items()) if keys}
    path.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _form(key: str) -> str:
    return key.split("|")[0]
