"""The data set of a batch: the Reports of many files in one set of Parquet files, with what the roster says of their bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from gongkai.disclosures import Brief
from gongkai.export import parquet
from gongkai.export.tables import rows
from gongkai.files import replace_folder, write_whole
from gongkai.report import Report
from gongkai.roster import Body

INDEX = "index.ndjson"
Task = tuple[Path, Sequence[str], Mapping[str, str]]
FEW = 32  # Reports: below, starting other processes takes longer than the work
AHEAD = 32  # Reports that each process may be ahead of the writer


def write(folder: Path, briefs: Sequence[Brief], bodies: Mapping[str, Body], workers: int) -> None:
    """The data set of ``briefs`` in the place of ``folder``, in the order of their content: the same Reports give the same bytes.

    ``bodies`` maps a brief's key to the body whose codes its rows carry. ``workers`` processes share the work.
    """
    tasks = _tasks(briefs, bodies)

    def fill(new: Path) -> None:
        with parquet.DataSet(new) as data:
            for partition, tables in _converted(tasks, workers):
                data.add(partition, tables)

    replace_folder(folder, fill)


def _tasks(briefs: Sequence[Brief], bodies: Mapping[str, Body]) -> list[Task]:
    told = {key: body.metadata() for key, body in bodies.items()}
    ordered = sorted(briefs, key=lambda one: one.key)
    return [(one.path, tuple(path.name for path in one.files), told.get(one.key, {})) for one in ordered]


def write_index(out: Path, briefs: Sequence[Brief], bodies: Mapping[str, Body]) -> None:
    """``OUT/index.ndjson``: which of the Reports under ``out`` are the batch's, with the names of their files and what the roster says."""
    lines = [
        json.dumps(
            {"report": str(path.relative_to(out)), "files": names, "metadata": dict(metadata)},
            ensure_ascii=False,
        )
        for path, names, metadata in _tasks(briefs, bodies)
    ]
    write_whole(out / INDEX, "".join(f"{line}\n" for line in lines).encode())


def read_index(out: Path) -> Iterator[Report]:
    """The Reports of a batch, as its data set has them."""
    for line in (out / INDEX).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield _told((out / entry["report"], entry["files"], entry["metadata"]))


def _converted(tasks: Sequence[Task], workers: int) -> Iterator[tuple[tuple[str, ...], parquet.Tables]]:
    if workers < 2 or len(tasks) < FEW:
        yield from map(convert, tasks)
        return
    waiting = iter(tasks)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while some := list(islice(waiting, workers * AHEAD)):
            yield from pool.map(convert, some, chunksize=4)


def convert(task: Task) -> tuple[tuple[str, ...], parquet.Tables]:
    """The partition and the rows of one Report."""
    report = _told(task)
    return parquet.partition(report), parquet.arrow(rows(report))


def _told(task: Task) -> Report:
    """A Report with the names that its files have now, and with what the roster says beside what it carries."""
    path, names, metadata = task
    report = Report.from_json(path.read_bytes())
    documents = (replace(one, file_name=name) for one, name in zip(report.documents, names, strict=True))
    entity = replace(report.entity, metadata=report.entity.metadata | dict(metadata))
    return replace(report, documents=tuple(documents), entity=entity)
