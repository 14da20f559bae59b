"""What a measured document shows beyond its score: tallies by form, fact and check, confidences, places of the misses."""

from __future__ import annotations

import re
import resource
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from gongkai.report import Figure, Report, Source
from gongkai_eval import facts, findings, kept, runner
from gongkai_eval.runner import Task
from gongkai_eval.scorer import Miss, Score, Tally

CROPS_OF_ONE = 6
DPI = 90
MARGIN = (160.0, 26.0)
_WRONG = ("blank", "not_applicable", "not_disclosed", "unread")


@dataclass(frozen=True, slots=True)
class Crop:
    """A miss and the place on the page where it happened, as a PNG in base64; "" when no place is known."""

    document: str
    miss: Miss
    page: int = 0
    png: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measured document.

    ``forms``, ``facts`` and ``checks`` are tallies by name; ``trust`` counts figures with a value as
    (confidence, right, sure, number); ``seconds`` and ``memory`` (MiB, the peak of the process so far) are of the reading.
    """

    score: Score
    style: str
    seconds: float
    memory: float
    pages: int
    forms: dict[str, Tally]
    facts: dict[str, Tally]
    checks: dict[str, Tally]
    trust: tuple[tuple[float, bool, bool, int], ...]
    crops: tuple[Crop, ...]
    clean: bool


def gather(tasks: Sequence[Task], jobs: int, cache: Path) -> Iterator[Evidence]:
    """Measure every task, in order, in ``jobs`` processes, with progress on stderr; what an earlier run measured is not measured again."""
    if jobs <= 1:
        yield from _told(tasks, (_kept(task, cache) for task in tasks))
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from _told(tasks, pool.map(_kept, tasks, [cache] * len(tasks)))


def _kept(task: Task, cache: Path) -> Evidence:
    return kept.measured(task, cache, measure)


def _told(tasks: Sequence[Task], found: Iterator[Evidence]) -> Iterator[Evidence]:
    for number, evidence in enumerate(found, 1):
        score = evidence.score
        print(
            f"[{number}/{len(tasks)}] {score.document}: {len(score.misses)} misses, {evidence.seconds:.1f} s {score.error}",
            file=sys.stderr,
            flush=True,
        )
        yield evidence


def measure(task: Task, cache: Path) -> Evidence:
    """Typeset if need be, read, score and look at one document."""
    score, seconds, report = runner.observe(task, cache)
    pdfs = task.pdfs or (runner.typeset(task, cache),)
    keys = {miss.key for miss in score.misses}
    verdicts = findings.load(task.folder) if task.folder else None
    return Evidence(
        score,
        task.style or "published",
        seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        sum(len(document.pages) for document in report.documents) if report else 0,
        _forms(task, report, keys),
        _facts(task, score),
        _checks(report, score, verdicts is not None),
        _trust(task, report, keys),
        tuple(_crops(score, report, pdfs)),
        verdicts is not None and not any(fault.severity in findings.LOUD for fault in verdicts.faults),
    )


def _forms(task: Task, report: Report | None, keys: set[str]) -> dict[str, Tally]:
    """Cells of each kind of form: right = labelled and in no miss."""
    counts: dict[str, list[int]] = {}
    for truth in task.labelled.truth():
        row = counts.setdefault(truth.form_id.split("#")[0], [0, 0, 0])
        row[0] += 1
        address = f"{truth.form_id}|{truth.row_key}|{truth.col_key}"
        row[2] += report is not None and address not in keys and f"{truth.form_id}|*" not in keys
    for form in report.forms if report else ():
        if form.form in counts:
            counts[form.form][1] += len(form.figures)
    return {name: Tally(*row) for name, row in counts.items()}


def _facts(task: Task, score: Score) -> dict[str, Tally]:
    """Slots of each fact: what is labelled, and what of it was missed or reported beyond."""
    claims = facts.load(task.folder) if task.folder else ()
    labelled = Counter(claim.fact.split("|")[0] for claim in claims if claim.value is not None)
    missed = Counter(_part(miss.key, 1) for miss in score.misses if miss.key.startswith("slot:"))
    beyond = Counter(_part(miss.key, 1) for miss in score.misses if miss.key.startswith("+slot:"))
    right = {fact: max(0, number - missed[fact]) for fact, number in labelled.items()}
    names = [*labelled, *(fact for fact in beyond if fact not in labelled)]
    return {
        name: Tally(labelled[name], right.get(name, 0) + beyond[name], right.get(name, 0)) for name in names
    }


def _part(key: str, index: int) -> str:
    parts = key.split(":", 1)[1].split("|")
    return parts[index] if len(parts) > index else ""


def _checks(report: Report | None, score: Score, labelled: bool) -> dict[str, Tally]:
    """Loud findings by the code of their check: told and true; a labelled one that was missed counts under its own code."""
    if not labelled:
        return {}
    told = Counter(
        each.code for each in (report.findings if report else ()) if each.severity in findings.LOUD
    )
    false = Counter(_part(miss.key, 0) for miss in score.misses if miss.key.startswith("+finding:"))
    lost = Counter(_part(miss.key, 0) for miss in score.misses if miss.key.startswith("finding:"))
    return {
        code: Tally(told[code] - false[code] + lost[code], told[code], told[code] - false[code])
        for code in sorted({*told, *lost})
    }


def _trust(task: Task, report: Report | None, keys: set[str]) -> tuple[tuple[float, bool, bool, int], ...]:
    keyed = {table.id for table in task.labelled.tables if any(table.grid.columns)}
    counts: Counter[tuple[float, bool, bool]] = Counter()
    for form in report.forms if report else ():
        for figure in form.figures if form.id in keyed else ():
            if figure.state not in _WRONG:
                address = f"{form.id}|{figure.row_key}|{figure.col_key}"
                right = address not in keys and f"+{address}" not in keys
                counts[round(figure.confidence, 4), right, figure.grade == "sure"] += 1
    return tuple((*key, number) for key, number in sorted(counts.items()))


def _crops(score: Score, report: Report | None, pdfs: Sequence[Path]) -> Iterator[Crop]:
    if report is None:
        return
    files = {document.id: path for document, path in zip(report.documents, pdfs, strict=False)}
    figures = {f"{form.id}|{f.row_key}|{f.col_key}": f for form in report.forms for f in form.figures}
    for miss in score.misses[:CROPS_OF_ONE]:
        source = _source(miss, report, figures) or _searched(miss, files)
        yield Crop(score.document, miss, *(picture(files, source) if source else (0, "")))


def _source(miss: Miss, report: Report, figures: dict[str, Figure]) -> Source | None:
    """Where the Report saw it: the figure, the finding's first operand, the heading of the section."""
    key = miss.key.lstrip("+")
    if key in figures:
        return figures[key].source
    if miss.key.startswith("+finding:"):
        code = _part(key, 0)
        told = [each for each in report.findings if each.code == code and each.message == miss.reported]
        return told[0].operands[0].source if told and told[0].operands else None
    titles = (section for section in report.sections if section.title and section.title in miss.reported)
    return next((section.source for section in titles), None)


def _searched(miss: Miss, files: dict[str, Path]) -> Source | None:
    return searched(re.findall(r"\d[\d,]*\.\d+|\d{3,}", f"{miss.expected} {miss.key}"), files)


def searched(numbers: Sequence[str], files: dict[str, Path]) -> Source | None:
    """The first place that prints one of the first three numbers; ``files`` are the PDFs by the id of their document."""
    for document, path in files.items():
        with pymupdf.open(path) as pdf:
            for page in pdf:
                for number in numbers[:3]:
                    boxes = page.search_for(number)
                    if boxes:
                        return Source(document, page.number + 1, tuple(boxes[0] * page.rotation_matrix))
    return None


def picture(files: dict[str, Path], source: Source) -> tuple[int, str]:
    """(page, PNG in base64) of the surroundings of a place."""
    path = files.get(source.document)
    if path is None:
        return source.page, ""
    with pymupdf.open(path) as pdf:
        page = pdf[source.page - 1]
        left, top, right, bottom = source.bbox
        wide = pymupdf.Rect(left - MARGIN[0], top - MARGIN[1], right + MARGIN[0], bottom + MARGIN[1])
        clip = wide & page.rect
        if clip.is_empty:
            return source.page, ""
        return source.page, b64encode(page.get_pixmap(clip=clip, dpi=DPI).tobytes("png")).decode()
