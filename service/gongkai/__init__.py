"""Gongkai (公开) reads published Chinese government budgets and final accounts from PDF into checked JSON.

>>> import gongkai
>>> report = gongkai.read("部门决算公开.pdf")           # doctest: +SKIP
>>> [finding.code for finding in report.findings]     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongkai.errors import Refusal
    from gongkai.report import Report

__all__ = ["Refusal", "Report", "__version__", "read"]

Source = bytes | str | Path


def read(
    source: Source | Sequence[Source],
    *,
    file_names: Sequence[str] | None = None,
    metadata: dict[str, Any] | None = None,
    all_checks: bool = False,
    sandbox: bool = True,
) -> Report:
    """Read one disclosure into a Report.

    ``source`` is the bytes of a PDF, a path to one, or several of these that together are one disclosure (prose in one
    file, tables in another). ``file_names`` names them in the Report, one each; without it a path gives its own base name.
    ``metadata`` (JSON values) is handed through to ``Report.entity.metadata``. ``all_checks`` lists every check with its
    verdict in ``Report.checks.results``. With ``sandbox`` the reading happens in a child process with limits on time and
    memory; without it, in this process, for trusted files only.

    No model is asked; :func:`gongkai.asking.report_of` does that.

    Raises a :class:`gongkai.Refusal` when the document cannot be processed, ``OSError`` when a path cannot be read.
    """
    sources = [source] if isinstance(source, (bytes, str, Path)) else list(source)
    if not sources:
        raise ValueError("no file was given")
    names = [_name(each) for each in sources] if file_names is None else list(file_names)
    files = [(name, _content(each)) for name, each in zip(names, sources, strict=True)]
    if sandbox:
        from gongkai.asking import report_of
        from gongkai.report import Report
        from gongkai.sandbox import shared

        return Report.from_json(report_of(shared(), files, metadata=metadata, all_checks=all_checks).report)

    from gongkai import pipeline
    from gongkai.names import base_name
    from gongkai.settings import Settings

    inputs = [pipeline.InputFile(base_name(name), data) for name, data in files]
    limits = Settings.from_environment().limits
    return pipeline.read_documents(inputs, metadata=metadata, all_checks=all_checks, limits=limits)


def _name(source: Source) -> str:
    return "" if isinstance(source, bytes) else Path(source).name


def _content(source: Source) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("gongkai")
    if name == "Report":
        from gongkai.report import Report

        return Report
    if name == "Refusal":
        from gongkai.errors import Refusal

        return Refusal
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
