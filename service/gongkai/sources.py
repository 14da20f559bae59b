"""Where exports take their Reports from: PDFs read now, JSON of earlier reads, a batch's folder, a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

import gongkai
from gongkai import dataset
from gongkai.export import bundle
from gongkai.export.checked import ExportError, checked
from gongkai.report import Report


class Reports:
    """The Reports that ``inputs`` name, every one with every check; read anew each time that one goes through them.

    PDFs given together are one disclosure. Raises :class:`ExportError`, the refusals of ``gongkai.errors``, ``OSError``.
    """

    def __init__(self, inputs: Sequence[Path]) -> None:
        self._pdfs = [path for path in inputs if path.suffix.lower() == ".pdf"]
        self._others = [path for path in inputs if path.suffix.lower() != ".pdf"]
        self._read: Report | None = None

    def __iter__(self) -> Iterator[Report]:
        if self._pdfs:
            self._read = self._read or gongkai.read(self._pdfs, all_checks=True)
            yield self._read
        for path in self._others:
            yield from map(checked, _reports(path))


def _reports(path: Path) -> Iterator[Report]:
    if not path.is_dir():
        yield _report(path)
    elif (path / bundle.MANIFEST).exists() or (path / bundle.REPORTS).exists():
        yield from bundle.reports_of(path)
    elif (path / dataset.INDEX).exists():
        yield from dataset.read_index(path)
    else:
        found = sorted(path.glob("*.json"))
        if not found:
            raise ExportError(f"{path} 中没有报告；请给出 PDF、报告 JSON、batch 的结果文件夹或离线包。")
        yield from map(_report, found)


def _report(path: Path) -> Report:
    try:
        return Report.from_json(path.read_bytes())
    except ValidationError as error:
        raise ExportError(f"{path.name} 不是本版本的报告 JSON（gongkai read 的输出）。") from error
