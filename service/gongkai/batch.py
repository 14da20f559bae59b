"""Many PDFs: one Report each as JSON, one Parquet data set of all, a summary. One bad file never stops the rest.

A run may be killed at any moment: a Report appears whole or not at all, under a name made of the files' content and of all that
decides what is read in it; the next run finds it there and goes on. The data set is made anew of all Reports and then put in place.
"""

from __future__ import annotations

import fcntl
import glob
import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from gongkai import disclosures, options
from gongkai.asking import Asker
from gongkai.disclosures import Brief
from gongkai.errors import Crashed, Refusal, TooLarge
from gongkai.files import sweep, write_whole
from gongkai.llm.settings import LlmSettings
from gongkai.roster import Roster
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings

REPORTS, DATA = "reports", "data"
Files = tuple[Path, ...]
Read = Callable[
    [list[tuple[str, bytes]]], bytes
]  # files as (name, content) to the JSON of their Report, with every check


class BatchError(ValueError):
    """A batch that cannot begin."""


@dataclass(frozen=True, slots=True)
class Failure:
    """``type`` is that of a refusal, or ``unreadable``; ``detail`` says what is wrong and what to do."""

    files: Files
    type: str
    detail: str


@dataclass(slots=True)
class Outcome:
    """``briefs`` of all Reports in the order of their files; ``reused``: the keys of those that an earlier run had made."""

    briefs: list[Brief] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    reused: set[str] = field(default_factory=set)
    duplicates: int = 0


class Progress(Protocol):
    """Who is told how far a batch is."""

    def expect(self, more: int) -> None:
        """``more`` disclosures are to be read."""

    def done(self, failure: Failure | None) -> None:
        """One of them is done."""


def find(inputs: Iterable[str]) -> list[Path]:
    """The PDFs that ``inputs`` name, once each, sorted: folders (with all below), patterns, PDFs, lists of paths one a line.

    Raises :class:`BatchError` if one names nothing, ``OSError`` if one cannot be read.
    """
    found: set[Path] = set()
    for given in inputs:
        files = list(_found(given))
        if not files:
            raise BatchError(f"“{given}”中没有 PDF 文件；请给出文件夹、通配符，或每行一个路径的清单。")
        found.update(files)
    return sorted(found)


def _found(given: str) -> Iterator[Path]:
    path = Path(given)
    if path.is_dir():
        yield from (each for each in path.rglob("*") if each.suffix.lower() == ".pdf" and each.is_file())
    elif not path.exists() and any(sign in given for sign in "*?["):
        yield from (Path(each) for each in glob.glob(given, recursive=True) if Path(each).is_file())
    elif path.suffix.lower() == ".pdf":
        yield path
    else:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise BatchError(f"清单 {path.name} 应为 UTF-8 文本，每行一个 PDF 的路径。") from error
        yield from (path.parent / line.strip() for line in lines if line.strip() and not line.startswith("#"))


def made_by(replay: Path | None = None) -> str:
    """A short name for all that decides what a Report of the same bytes says."""
    decides = options.current()
    if replay is not None:
        decides["model"] = sha256(replay.read_bytes()).hexdigest()
    return sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Nobody else runs a batch into ``out``; raises :class:`BatchError` if somebody does."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BatchError(f"另一个 gongkai batch 正在写入 {out}；请等它结束，或另选 --out。") from error
        yield


class _Here:
    """Children of this process, and the model that it asks for them."""

    def __init__(
        self, settings: Settings, model: LlmSettings | None, record: Path | None, replay: Path | None
    ) -> None:
        self._asker = Asker(model, record=record, replay=replay)
        self._sandbox = Sandbox(settings)

    def read(self, files: list[tuple[str, bytes]]) -> bytes:
        return self._asker.read(self._sandbox, files, all_checks=True, ticket=uuid4().hex).report

    def close(self) -> None:
        self._sandbox.close()
        self._asker.close()

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Batch:
    """A run into ``out`` (held by :func:`alone`) with ``workers`` children."""

    def __init__(
        self,
        out: Path,
        workers: int,
        progress: Progress,
        elsewhere: Read | None = None,
        *,
        record: Path | None = None,
        replay: Path | None = None,
    ) -> None:
        """``elsewhere`` reads in place of children of this process, ``workers`` disclosures at once. The model of the environment is asked
        (``record`` keeps what it was asked), or ``replay`` answers. Raises ``SettingsError``, ``RecordError``, ``OSError``."""
        base = Settings.from_environment()
        self._settings = replace(base, workers=workers, queue=max(base.queue, workers))
        self._workers = workers
        self._reports = out / REPORTS
        self._made_by = made_by(replay)
        self._model = None if replay or elsewhere else LlmSettings.from_environment()
        self._record, self._replay = record, replay
        self._progress = progress
        self._elsewhere = elsewhere
        self._claimed: dict[str, Files] = {}
        self._stopped = False
        self._lock = threading.Lock()
        self._reports.mkdir(parents=True, exist_ok=True)
        sweep(self._reports)

    def run(self, files: Sequence[Path], roster: Roster | None = None) -> Outcome:
        """Read ``files``, those together that the roster says are one disclosure."""
        told = disclosures.told_together(files, roster) if roster else []
        grouped = {path for group in told for path in group}
        outcome = Outcome()
        with _Here(self._settings, self._model, self._record, self._replay) as here:
            self._read(here, [*told, *((path,) for path in files if path not in grouped)], outcome)
            if roster:
                self._join(here, disclosures.belonging_together(outcome.briefs, roster), outcome)
        outcome.briefs.sort(key=lambda one: one.files)
        outcome.failures.sort(key=lambda failure: failure.files)
        return outcome

    def _join(self, here: _Here, groups: Iterable[tuple[Brief, ...]], outcome: Outcome) -> None:
        """Read each of ``groups`` again as one disclosure; where that is refused, its parts stay."""
        parts = {tuple(sorted(path for one in group for path in one.files)): group for group in groups}
        whole = Outcome()
        self._read(here, parts, whole)
        replaced = {part.key for one in whole.briefs for part in parts[one.files]}
        outcome.briefs = [one for one in outcome.briefs if one.key not in replaced] + whole.briefs
        outcome.failures += whole.failures
        outcome.reused |= whole.reused

    def _read(self, here: _Here, disclosed: Collection[Files], outcome: Outcome) -> None:
        self._progress.expect(len(disclosed))
        with ThreadPoolExecutor(self._workers, "batch") as threads:
            waiting = [threads.submit(self._one, here, files) for files in disclosed]
            try:
                for done in as_completed(waiting):
                    self._take(done.result(), outcome)
            except BaseException:
                self._stopped = True
                threads.shutdown(wait=False, cancel_futures=True)
                here.close()
                raise
        outcome.briefs = [replace(one, files=self._claimed[one.key]) for one in outcome.briefs]

    def _take(self, done: tuple[Brief, bool] | Failure | None, outcome: Outcome) -> None:
        if isinstance(done, Failure):
            outcome.failures.append(done)
        elif done is None:
            outcome.duplicates += 1
        else:
            one, reused = done
            outcome.briefs.append(one)
            if reused:
                outcome.reused.add(one.key)
        self._progress.done(done if isinstance(done, Failure) else None)

    def _one(self, here: _Here, files: Files) -> tuple[Brief, bool] | Failure | None:
        """The Report on ``files`` and whether it was there already; ``None`` if another file of this run has the same content."""
        try:
            data = self._load(files)
            digests = [sha256(each).hexdigest() for each in data]
            key = sha256("".join(digests).encode()).hexdigest()
            with self._lock:
                known = key in self._claimed
                self._claimed[key] = min(files, self._claimed.get(key, files))
            if known:
                return None
            path = self._reports / f"{key}.{self._made_by}.json"
            if reused := path.exists():
                report = path.read_bytes()
            else:
                named = [(file.name, each) for file, each in zip(files, data, strict=True)]
                report = self._report_on(here, named)
                write_whole(path, report)
            return disclosures.brief(report, path, key, files), reused
        except Refusal as refusal:
            return Failure(files, refusal.type, refusal.detail)
        except OSError as error:
            return Failure(files, "unreadable", f"无法读取：{error.strerror or error}。")

    def _load(self, files: Files) -> list[bytes]:
        most = self._settings.limits.max_upload_bytes
        if sum(file.stat().st_size for file in files) > most:
            raise TooLarge(most)
        return [file.read_bytes() for file in files]

    def _report_on(self, here: _Here, files: list[tuple[str, bytes]]) -> bytes:
        """By the cluster if there is one; else by a child, and once more by a fresh one, for the first may have died of something else."""
        if self._elsewhere:
            return self._elsewhere(files)
        try:
            return here.read(files)
        except Crashed:
            if self._stopped:
                raise
            return here.read(files)
