"""A folder of files for one-way transfer into a closed network, made so that a transfer that was cut short is noticed.

NDJSON of the five tables and of the whole Reports; ``manifest.json`` with rows, bytes and sha256 of each; ``SHA256SUMS``, which the
receiver checks with ``sha256sum -c`` alone; and last of all ``END``, the sha256 of ``SHA256SUMS``. Without a right END nothing counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from gongkai.export.checked import ExportError
from gongkai.export.columns import Value, tables
from gongkai.export.tables import rows
from gongkai.report import SCHEMA_VERSION, Report

REPORTS, MANIFEST, SUMS, END = "reports.ndjson", "manifest.json", "SHA256SUMS", "END"
FORMAT = "gongkai-bundle/1"


def write(reports: Iterable[Report], folder: Path) -> None:
    """Fill the new ``folder``; END appears in it when all else stands there durably."""
    counts = _data(reports, folder)
    files = [
        {
            "name": name,
            "rows": number,
            "bytes": (folder / name).stat().st_size,
            "sha256": _digest(folder / name),
        }
        for name, number in counts.items()
    ]
    manifest = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "files": files}
    (folder / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    sums = [f"{_digest(folder / name)}  {name}\n" for name in (*counts, MANIFEST)]
    (folder / SUMS).write_text("".join(sums), encoding="ascii")
    (folder / END).write_text(_digest(folder / SUMS) + "\n", encoding="ascii")


def names() -> list[str]:
    """The files of a bundle."""
    return [REPORTS, *(f"{name}.ndjson" for name in tables()), MANIFEST, SUMS, END]


def _data(reports: Iterable[Report], folder: Path) -> dict[str, int]:
    """Writes the NDJSON files; gives the number of lines of each."""
    counts = {name: 0 for name in names() if name.endswith(".ndjson")}
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {
            name: stack.enter_context((folder / name).open("wb")) for name in counts
        }
        for report in reports:
            files[REPORTS].write(report.to_json() + b"\n")
            counts[REPORTS] += 1
            for name, table in rows(report).items():
                for row in table:
                    files[f"{name}.ndjson"].write(_line(row))
                counts[f"{name}.ndjson"] += len(table)
    return counts


def _line(row: dict[str, Value]) -> bytes:
    """Amounts as decimal strings; what is null is left out."""
    held = {
        name: format(value, "f") if isinstance(value, Decimal) else value
        for name, value in row.items()
        if value is not None
    }
    return json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def verify(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle that came whole; raises :class:`ExportError` that says what is cut, changed or missing."""
    for name in (END, SUMS, MANIFEST):
        if not (folder / name).is_file():
            raise ExportError(f"{folder.name} 中没有 {name}：传输没有完成，请重新传输。")
    if (folder / END).read_text(encoding="ascii", errors="replace").strip() != _digest(folder / SUMS):
        raise ExportError(f"{folder.name} 的结束标记与 {SUMS} 不符：传输没有完成或内容有改动，请重新传输。")
    for line in (folder / SUMS).read_text(encoding="ascii", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise ExportError(f"{folder.name} 中的 {name} 缺失、不完整或有改动，请重新传输。")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return manifest


def reports_of(folder: Path) -> Iterator[Report]:
    """The Reports of a bundle that came whole."""
    verify(folder)
    with (folder / REPORTS).open("rb") as file:
        yield from map(Report.from_json, file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
