"""Writes the codebook: the part of docs/exports.md below its heading ``## Columns`` (``python -m gongkai.export.docs docs/exports.md``)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.export.columns import PRECISION, Column, tables

HEADING = "## Columns\n"


def codebook() -> Iterator[str]:
    """The lines of the codebook, Markdown."""
    yield HEADING
    yield "Made of `service/gongkai/export/tables.toml`; the first columns are the same in every table. Key columns are marked \\*.\n"
    common = _common()
    yield from _table("Every table", common)
    for name, columns in tables().items():
        yield from _table(f"`{name}`", columns[len(common) :])


def _common() -> tuple[Column, ...]:
    """The columns that all tables begin with."""
    first, *others = tables().values()
    return tuple(column for column in first if all(column in other for other in others))


def _table(title: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield f"### {title}\n"
    yield "| column | type | 含义 | from the Report's |\n|---|---|---|---|"
    for column in columns:
        star = "\\*" if column.key else ""
        yield f"| `{column.name}`{star} | {type_name(column)} | {column.title} | `{column.origin}` |"
    yield ""


def type_name(column: Column) -> str:
    """A column's type for people: ``text(120)``, ``integer``, ``decimal(38, 8)``."""
    if column.type in PRECISION:
        return "decimal({}, {})".format(*PRECISION[column.type])
    if column.type == "integer":
        return "integer"
    return f"text({column.size})" if column.size else "text"


def renewed(page: str) -> str:
    """``page`` with the codebook that is true now."""
    return page.split(HEADING)[0] + "\n".join(codebook())


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
