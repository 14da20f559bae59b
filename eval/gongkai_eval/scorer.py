"""A Report against its labels: exact matches only, every miss with both sides.

A figure is right when its form id, row key, column key, state, value (as a number) and unit are the labelled
ones; what the reader itself marks (``unread``, or a grade below ``sure``) is not right either, but it is not
*silently* wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.report import Figure, Form, Report
from gongkai_eval.align import align
from gongkai_eval.amounts import normal
from gongkai_eval.grid import Truth
from gongkai_eval.labels import Labelled, Promised, SectionTruth, Table, text_hash


@dataclass(frozen=True, slots=True)
class Tally:
    """``truth`` = what the labels hold, ``reported`` = what the Report holds, ``right`` = in both and equal."""

    truth: int = 0
    reported: int = 0
    right: int = 0

    @property
    def recall(self) -> float | None:
        return self.right / self.truth if self.truth else None

    @property
    def precision(self) -> float | None:
        return self.right / self.reported if self.reported else None


@dataclass(frozen=True, slots=True)
class Miss:
    """``key`` is stable: it names the thing in the baseline. An extra (reported, not labelled) begins with ``+``."""

    key: str
    expected: str
    reported: str


@dataclass(frozen=True, slots=True)
class Score:
    """``tallies`` by what is counted; ``silent`` = figures that are wrong and graded sure; ``marked`` = numbers that
    are right and not graded sure; ``error`` = the reader failed.

    ``said`` counts the slots of mentions as (confidence, right, sure, number).
    """

    document: str
    tallies: dict[str, Tally]
    misses: tuple[Miss, ...]
    silent: int = 0
    error: str = ""
    said: tuple[tuple[float, bool, bool, int], ...] = ()
    marked: int = 0


def score(labelled: Labelled, report: Report, document: str = "") -> Score:
    """Compare one Report with its labels; ``document`` names the result (the label's id unless given)."""
    scorer = _Scorer()
    scorer.identity(labelled, report)
    scorer.forms(labelled, report)
    scorer.figures(labelled, report)
    scorer.sections(labelled.sections, report)
    tallies = {name: Tally(*counts) for name, counts in scorer.counts.items()}
    return Score(document or labelled.id, tallies, tuple(scorer.misses), scorer.silent, marked=scorer.marked)


def blank_score(labelled: Labelled, document: str, error: str) -> Score:
    """The score of a document that could not be read: all that is labelled is missed."""
    counts = Counter(_class(truth.state) for truth in labelled.truth())
    tallies = {name: Tally(truth=number) for name, number in counts.items()}
    tallies["forms"] = Tally(truth=len(labelled.tables) + len(labelled.promised))
    tallies["sections"] = Tally(truth=len(labelled.sections))
    return Score(document, tallies, (), error=error)


def total(scores: Sequence[Score]) -> Score:
    """All documents together, without the misses."""
    names = dict.fromkeys(name for score in scores for name in score.tallies)
    tallies = {name: _sum(scores, name) for name in names}
    silent, marked = sum(score.silent for score in scores), sum(score.marked for score in scores)
    return Score("total", tallies, (), silent, marked=marked)


def _sum(scores: Sequence[Score], name: str) -> Tally:
    tallies = [score.tallies.get(name, Tally()) for score in scores]
    columns = ((tally.truth, tally.reported, tally.right) for tally in tallies)
    return Tally(*map(sum, zip(*columns, strict=True)))


class _Scorer:
    """Counts (truth, reported, right) by name, and collects what was missed."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.misses: list[Miss] = []
        self.silent = 0
        self.marked = 0

    def _count(self, name: str, truth: int, reported: int, right: int) -> None:
        counts = self.counts.setdefault(name, [0, 0, 0])
        for place, number in enumerate((truth, reported, right)):
            counts[place] += number

    def _compare(self, name: str, key: str, expected: str, reported: str) -> None:
        right = normal(expected) == normal(reported)
        self._count(name, 1, 1, right)
        if not right:
            self.misses.append(Miss(key, expected, reported))

    def identity(self, labelled: Labelled, report: Report) -> None:
        self._compare("identity", "identity/entity", labelled.entity, report.entity.name or "")
        self._compare("identity", "identity/fiscal_year", str(labelled.fiscal_year), str(report.fiscal_year))
        self._compare("identity", "identity/kind", labelled.kind, str(report.kind))
        self._compare("identity", "identity/scope", labelled.scope, str(report.scope))

    def forms(self, labelled: Labelled, report: Report) -> None:
        reported = {form.id: form for form in report.forms}
        expected: tuple[Table | Promised, ...] = (*labelled.tables, *labelled.promised)
        for truth in expected:
            form = reported.pop(truth.id, None)
            right = form is not None and form.state == truth.state
            self._count("forms", 1, form is not None, right)
            if not right:
                self.misses.append(Miss(f"form:{truth.id}", f"{truth.state} {truth.title}", _form(form)))
            elif form is not None:
                self._caption(truth, form)
        for form in reported.values():
            self._count("forms", 0, 1, 0)
            self.misses.append(Miss(f"+form:{form.id}", "", _form(form)))

    def _caption(self, truth: Table | Promised, form: Form) -> None:
        self._compare("titles", f"form:{truth.id}/title", truth.title, form.title)
        if isinstance(truth, Table):
            number, unit = form.printed_number or "", form.unit or ""
            self._compare("numbers", f"form:{truth.id}/printed_number", truth.printed_number, number)
            self._compare("units", f"form:{truth.id}/unit", truth.unit, unit)

    def figures(self, labelled: Labelled, report: Report) -> None:
        """A table without any keyed column is labelled as a form alone: its figures are neither right nor wrong."""
        truths, unkeyed = (
            labelled.truth(),
            {table.id for table in labelled.tables if not any(table.grid.columns)},
        )
        keyed = (form for form in report.forms if form.id not in unkeyed)
        reported = {address: figure for form in keyed for address, figure in _addressed(form)}
        forms = {address[0] for address in reported}
        absent = Counter(truth.form_id for truth in truths if truth.form_id not in forms)
        for truth in truths:
            figure = reported.pop((truth.form_id, truth.row_key, truth.col_key), None)
            right = figure is not None and _equal(truth, figure)
            self._count(_class(truth.state), 1, 0, right)
            self.marked += figure is not None and right and truth.state == "value" and figure.grade != "sure"
            if figure is not None:
                self._count(_class(figure.state), 0, 1, 0)
            if not right and truth.form_id not in absent:
                self._wrong(f"{truth.form_id}|{truth.row_key}|{truth.col_key}", _expected(truth), figure)
        for form, cells in absent.items():
            self.misses.append(Miss(f"{form}|*", f"{cells} cells", "(no such form)"))
        for address, figure in reported.items():
            self._count(_class(figure.state), 0, 1, 0)
            self._wrong("+" + "|".join(address), "", figure)

    def _wrong(self, key: str, expected: str, figure: Figure | None) -> None:
        self.silent += figure is not None and figure.state == "value" and figure.grade == "sure"
        self.misses.append(Miss(key, expected, _reported(figure)))

    def sections(self, truths: tuple[SectionTruth, ...], report: Report) -> None:
        pairs = align(
            [(truth.level, bare_number(truth.number), normal(truth.title)) for truth in truths],
            [(each.level, bare_number(each.number or ""), normal(each.title)) for each in report.sections],
        )
        self._count("sections", len(truths), len(report.sections), len(pairs))
        for index, truth in enumerate(truths, 1):
            heading = f"{truth.level} {truth.number} {truth.title}"
            if index - 1 not in pairs:
                self.misses.append(Miss(f"section:{index}", heading, "(not found)"))
                continue
            section = report.sections[pairs[index - 1]]
            number = bare_number(section.number or "")
            self._compare("section_number", f"section:{index}/number", bare_number(truth.number), number)
            self._compare("section_title", f"section:{index}/title", truth.title, section.title)
            self._compare("section_kind", f"section:{index}/kind", truth.kind, section.kind)
            same = text_hash(section.text) == truth.hash
            self._count("section_text", 1, 1, same)
            if not same:
                self.misses.append(
                    Miss(f"section:{index}/text", f"{truth.start}…", _ends(normal(section.text)))
                )
        for index, section in enumerate(report.sections):
            if index not in pairs.values():
                self.misses.append(
                    Miss(f"+section:{section.number}{section.title}", "", f"level {section.level}")
                )


def bare_number(number: str) -> str:
    """第三部分, （三） and 三、 are all 三: how much of the number is kept is not what is measured."""
    return re.sub(r"第|部分|[、，,.．（）()]", "", normal(number))


def _addressed(form: Form) -> Iterator[tuple[tuple[str, str, str], Figure]]:
    for figure in form.figures:
        yield (form.id, figure.row_key, figure.col_key), figure


def _class(state: str) -> str:
    return {"value": "numeric", "blank": "blank", "unread": "unread"}.get(state, "other")


def _equal(truth: Truth, figure: Figure) -> bool:
    if truth.state != figure.state:
        return False
    if truth.value is None:
        return True
    counted = truth.unit is None and truth.quantity != "money"
    return Decimal(truth.value) == figure.value and (counted or truth.unit == figure.unit)


def _expected(truth: Truth) -> str:
    return f"{truth.value} {truth.unit or ''}".strip() if truth.state == "value" else truth.state


def _reported(figure: Figure | None) -> str:
    if figure is None:
        return "(no such cell)"
    place = f"page {figure.source.page}, {figure.grade}"
    what = f"{figure.value} {figure.unit or ''}".strip() if figure.state == "value" else figure.state
    return f"{what} ({place})"


def _form(form: Form | None) -> str:
    return f"{form.state} {form.title}" if form else "(no such form)"


def _ends(text: str) -> str:
    return f"{text[:24]}…{text[-12:]} ({len(text)} characters)" if len(text) > 36 else text or "(empty)"
