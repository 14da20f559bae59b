"""One Report in one file of any format, for answers over HTTP; formats that are folders come as a ZIP archive."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from gongkai.report import Report

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is told from others; ``folder`` says that it is several files."""

    media_type: str
    suffix: str
    folder: bool = False


FORMATS = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "csv": Format("text/csv", ".csv.zip", folder=True),
    "parquet": Format("application/vnd.apache.parquet", ".parquet.zip", folder=True),
    "package": Format("application/vnd.datapackage+zip", ".zip"),
    "bundle": Format("application/x-ndjson", ".bundle.zip", folder=True),
}


def media_types() -> list[str]:
    """Of what :func:`written` gives."""
    return sorted({ZIP if each.folder else each.media_type for each in FORMATS.values()})


def accepted(accept: str | None) -> str | None:
    """The format whose media type an ``Accept`` header names first; ``None`` if JSON (or anything) will do, ``""`` if nothing here does."""
    ranges = [part.split(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    by_type = {each.media_type: name for name, each in FORMATS.items()}
    for each in ranges:
        if each in ("*/*", "application/*", "application/json"):
            return None
        if each in by_type:
            return by_type[each]
    return ""


def written(report: Report, name: str) -> tuple[bytes, str]:
    """The file of ``report`` in the format ``name``, and its media type."""
    form = FORMATS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report{'' if form.folder else form.suffix}"
        if form.folder:
            path.mkdir()
        _write(report, name, path)
        if not form.folder:
            return path.read_bytes(), form.media_type
        return _zipped(path), ZIP


def _write(report: Report, name: str, path: Path) -> None:
    """Each imported when it is first asked for: the libraries of workbooks and of Parquet take long to load, and much memory."""
    match name:
        case "xlsx":
            from gongkai.export import workbook

            workbook.write(report, path)
        case "csv":
            from gongkai.export import csv_files

            csv_files.write([report], path)
        case "parquet":
            from gongkai.export import parquet

            parquet.write([report], path)
        case "package":
            from gongkai.export import package

            package.write([report], path)
        case "bundle":
            from gongkai.export import bundle

            bundle.write([report], path)


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.writestr(
                    zipfile.ZipInfo(str(path.relative_to(folder))), path.read_bytes(), zipfile.ZIP_DEFLATED
                )
    return buffer.getvalue()
