"""The rows of performance forms: loading of ``records.csv``, scoring of a Report's records against it.

A label is one row of a form: its kind, its printed label, and what each of its columns prints. A long text may be typed as its
beginning, ended by ``…``. A cell that is merged over several rows is typed in each of them.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from gongkai.report import Figure, Form, RecordKind, Report
from gongkai_eval.amounts import normal
from gongkai_eval.grid import LabelError
from gongkai_eval.labels import Labelled
from gongkai_eval.scorer import Miss, Score, Tally

FIXED = ["table", "kind", "label"]
NUMBERS = ("amount", "initial_budget", "full_year_budget", "executed", "rate", "points", "score")
WORDS = ("value", "level1", "level2", "level3", "target", "actual", "reason", "remark")
GOALS = ("goal", "goal_actual", "goal_long", "goal_year")
FIELDS = frozenset((*NUMBERS, *WORDS, *GOALS))


@dataclass(frozen=True, slots=True)
class RecordTruth:
    """``table`` is the number of the table's CSV; ``cells`` what each field or measure prints, empty ones left out."""

    table: str
    kind: str
    label: str
    cells: Mapping[str, str]


def load(folder: Path) -> tuple[RecordTruth, ...]:
    """The rows labelled in ``folder``, () without a ``records.csv``; raises :class:`LabelError` with FILE:LINE."""
    path = folder / "records.csv"
    return tuple(_rows(path)) if path.exists() else ()


def _rows(path: Path) -> Iterator[RecordTruth]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or ())
        if names[:3] != FIXED or not set(names[3:]) <= FIELDS:
            raise LabelError(
                f"{path}:1: the columns must be {','.join(FIXED)} and of {', '.join(sorted(FIELDS))}"
            )
        for row in reader:
            if None in row or None in row.values():
                raise LabelError(f"{path}:{reader.line_num}: {len(names)} columns are needed")
            if row["kind"] not in get_args(RecordKind):
                raise LabelError(f"{path}:{reader.line_num}: no kind of record is called {row['kind']}")
            cells = {name: row[name] for name in names[3:] if row[name]}
            yield RecordTruth(row["table"], row["kind"], row["label"], cells)


def judge(result: Score, truths: Sequence[RecordTruth], labelled: Labelled, report: Report | None) -> Score:
    """``result`` with the tallies ``records`` (rows with all their cells right) and ``record_cells``, and their misses.

    A wrong number that is graded sure is silent.
    """
    if not truths:
        return result
    judge = _Judge(truths, labelled, report)
    tallies = {name: Tally(*counts) for name, counts in judge.counts.items()}
    return dataclasses.replace(
        result,
        tallies=result.tallies | tallies,
        misses=(*result.misses, *judge.misses),
        silent=result.silent + judge.silent,
    )


@dataclass(slots=True)
class _Row:
    """A reported record: what its cells print, and its figures by measure."""

    cells: dict[str, str]
    figures: dict[str, Figure]


class _Judge:
    def __init__(self, truths: Sequence[RecordTruth], labelled: Labelled, report: Report | None) -> None:
        names = {table.number: table.id for table in labelled.tables}
        forms = {form.id: form for form in report.forms} if report else {}
        wanted = dict.fromkeys(names.get(truth.table, "") for truth in truths)
        self.left = {id: _by_label(forms[id]) for id in wanted if id in forms}
        reported = [row for rows in self.left.values() for found in rows.values() for row in found]
        self.misses: list[Miss] = []
        self.silent = 0
        self.counts = {
            "records": [len(truths), len(reported), 0],
            "record_cells": [sum(len(t.cells) for t in truths), sum(len(row.cells) for row in reported), 0],
        }
        for truth in truths:
            self._judge(names.get(truth.table, truth.table), truth)
        for id, rows in self.left.items():
            self.misses.extend(
                Miss(f"+record:{id}|{kind}|{label}", "", _shown(row.cells))
                for (kind, label), found in rows.items()
                for row in found
            )

    def _judge(self, form: str, truth: RecordTruth) -> None:
        found = self.left.get(form, {}).get((truth.kind, normal(truth.label)), [])
        key = f"record:{form}|{truth.kind}|{normal(truth.label)}"
        if not found:
            self.misses.append(Miss(key, _shown(truth.cells) or "(blank)", "(no such row)"))
            return
        row = found.pop(0)
        wrong = False
        for name in dict.fromkeys((*truth.cells, *row.cells)):
            right = _same(truth.cells.get(name, ""), row.cells.get(name, ""))
            self.counts["record_cells"][2] += right
            if not right:
                wrong = True
                figure = row.figures.get(name)
                self.silent += figure is not None and figure.state == "value" and figure.grade == "sure"
                self.misses.append(Miss(f"{key}|{name}", truth.cells.get(name, ""), row.cells.get(name, "")))
        self.counts["records"][2] += not wrong


def _by_label(form: Form) -> dict[tuple[str, str], list[_Row]]:
    figures = {figure.id: figure for figure in form.figures}
    rows: dict[tuple[str, str], list[_Row]] = {}
    for record in form.records:
        numbers = {measure: figures[id] for measure, id in record.figures.items()}
        cells = {words.field: words.text for words in record.words if words.text}
        cells |= {measure: figure.printed for measure, figure in numbers.items() if figure.printed}
        rows.setdefault((record.kind, normal(record.label)), []).append(_Row(cells, numbers))
    return rows


def _same(expected: str, reported: str) -> bool:
    if expected.endswith("…"):
        return normal(reported).startswith(normal(expected[:-1]))
    return normal(expected) == normal(reported)


def _shown(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={text[:16]}" for name, text in cells.items())
