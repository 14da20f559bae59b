"""The data set of a batch: the Reports of many files in one set of Parquet files, with what the roster says of their bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from gongkai.disclosures import Brief
from gongkai.export import parquet
from gongkai.export.tables import rows
from gongkai.files import replace_folder
from gongkai.report import Report
from gongkai.roster import Body

Task = tuple[Path, tuple[str, ...], Mapping[str, str]]
FEW = 32  # Reports: below, starting other processes takes longer than the work
AHEAD = 32  # Reports that each process may be ahead of the writer


def write(folder: Path, briefs: Sequence[Brief], bodies: Mapping[str, Body], workers: int) -> None:
    """The data set of ``briefs`` in the place of ``folder``, in the order of their content: the same Reports give the same bytes.

    ``bodies`` maps a brief's key to the body whose codes its rows carry. ``workers`` processes share the work.
    """
    ordered = sorted(briefs, key=lambda one: one.key)
    tasks = [_task(one, bodies.get(one.key)) for one in ordered]

    def fill(new: Path) -> None:
        with parquet.DataSet(new) as data:
            for partition, tables in _converted(tasks, workers):
                data.add(partition, tables)

    replace_folder(folder, fill)


def _task(one: Brief, body: Body | None) -> Task:
    return one.path, tuple(path.name for path in one.files), body.metadata() if body else {}


def _converted(tasks: Sequence[Task], workers: int) -> Iterator[tuple[tuple[str, ...], parquet.Tables]]:
    if workers < 2 or len(tasks) < FEW:
        yield from map(convert, tasks)
        return
    waiting = iter(tasks)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while some := list(islice(waiting, workers * AHEAD)):
            yield from pool.map(convert, some, chunksize=4)


def convert(task: Task) -> tuple[tuple[str, ...], parquet.Tables]:
    """The partition and the rows of one Report, under the file names and with the metadata of ``task``."""
    path, names, metadata = task
    report = told(Report.from_json(path.read_bytes()), names, metadata)
    return parquet.partition(report), parquet.arrow(rows(report))


def told(report: Report, names: Sequence[str], metadata: Mapping[str, str]) -> Report:
    """``report`` with the names that its files have now, and with ``metadata`` beside what it carries."""
    documents = (replace(one, file_name=name) for one, name in zip(report.documents, names, strict=True))
    entity = replace(report.entity, metadata=report.entity.metadata | dict(metadata))
    return replace(report, documents=tuple(documents), entity=entity)
