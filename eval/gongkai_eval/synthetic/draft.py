"""A label while it is being written: what ``eval/README.md`` describes, in memory, to be filled, edited and saved."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai_eval import labels


@dataclass(slots=True)
class Draft:
    """``source`` is the top of ``source.toml``, ``tables`` its ``[[table]]`` records by number, ``grids`` the CSV files, ``text``
    the lines of ``report.txt``."""

    source: dict[str, Any]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    grids: dict[str, list[list[str]]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def add(self, record: dict[str, Any], grid: list[list[str]]) -> str:
        """A further table; returns its number, ``01`` and so on."""
        number = f"{len(self.tables) + 1:02d}"
        self.tables[number] = {"file": f"{number}.csv", **record}
        self.grids[number] = grid
        return number

    def number_of(self, form: str) -> str | None:
        """The number of the first table of a form."""
        return next((number for number, record in self.tables.items() if record["form"] == form), None)

    def save(self, folder: Path) -> labels.Labelled:
        """Write the label to ``folder`` / its id and load it from there, which checks it."""
        home = folder / str(self.source["id"])
        (home / "tables").mkdir(parents=True, exist_ok=True)
        for number, grid in self.grids.items():
            with (home / "tables" / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(grid)
        records = ["\n[[table]]\n" + _toml(record) for record in self.tables.values()]
        (home / "source.toml").write_text(_toml(self.source) + "".join(records), encoding="utf-8")
        (home / "report.txt").write_text("\n".join(self.text) + "\n", encoding="utf-8")
        return labels.load(home)


def _toml(record: dict[str, Any]) -> str:
    """Strings, numbers and lists of strings are written alike in JSON and in TOML."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in record.items())
