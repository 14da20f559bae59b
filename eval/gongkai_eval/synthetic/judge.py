"""One invented report through the whole road, and whether what was planted in it is told."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import gongkai
from gongkai.report import Finding, Report
from gongkai_eval.amounts import normal, number
from gongkai_eval.evidence import picture, searched
from gongkai_eval.findings import Tokens, numbers_in
from gongkai_eval.labels import Labelled
from gongkai_eval.runner import Task, typeset
from gongkai_eval.scorer import score
from gongkai_eval.synthetic import generator, planter
from gongkai_eval.synthetic.planter import Plant, kinds
from gongkai_eval.synthetic.results import LOUD, Case, Outcome, Told
from gongkai_eval.synthetic.run import TRIES


def made(case: Case, folder: Path) -> tuple[Labelled, Plant | None]:
    """The label of a case, written below ``folder``; the first seed from the case's on whose report has a place for it."""
    for seed in range(case.seed, case.seed + TRIES):
        draft = generator.generate(seed)
        if not case.kind:
            return draft.save(folder), None
        spoilt = planter.plant(draft, case.kind, seed)
        if spoilt:
            return spoilt[0].save(folder), spoilt[1]
    raise ValueError(f"no report of {TRIES} has a place for {case.kind}")


def judged(case: Case, store: Path) -> Outcome:
    """Make, typeset, read and judge one report; the PDF is kept in ``store``."""
    with tempfile.TemporaryDirectory(prefix="gongkai-synthetic-") as folder:
        labelled, plant = made(case, Path(folder))
    pdf = typeset(Task(labelled, case.style, ()), store)
    edits = tuple(f"{edit.place}: {edit.before} → {edit.after}" for edit in plant.edits) if plant else ()
    begin = time.monotonic()
    try:
        report = gongkai.read(pdf, sandbox=False)
    except Exception as error:  # whatever the reader raises is a result: this document was not read
        failed = f"{type(error).__name__}: {error}"
        return Outcome(
            case.name, case.kind, case.style, labelled.why, blame="layout", planted=edits, error=failed
        )
    seconds = time.monotonic() - begin
    result = score(labelled, report)
    told = tuple(_told(finding, plant) for finding in report.findings if _asks(finding, plant))
    codes = tuple(dict.fromkeys(each.code for each in told if each.true))
    page, png = _picture(plant, report, pdf) if plant and not codes else (0, "")
    return Outcome(
        case.name, case.kind, case.style, labelled.why,
        found=bool(codes),
        codes=codes,
        blame="" if codes or not plant else _blame(plant, labelled, report, {miss.key for miss in result.misses}),
        told=told,
        lines=len(report.issues) + sum(map(_to_read, report.findings)),
        printed=len(report.findings),
        silent=result.silent,
        misses=len(result.misses),
        seconds=seconds,
        planted=edits,
        page=page,
        png=png,
    )  # fmt: skip


def _picture(plant: Plant, report: Report, pdf: Path) -> tuple[int, str]:
    """The page and the picture of the first place that prints a number of what was planted."""
    files = {report.documents[0].id: pdf}
    source = searched([token for tokens in plant.tells for token in tokens if token[0].isdigit()], files)
    return picture(files, source) if source else (0, "")


def _to_read(finding: Finding) -> bool:
    return finding.severity in LOUD or finding.verdict == "needs_review"


def _asks(finding: Finding, plant: Plant | None) -> bool:
    """Loud, or of any severity where what was planted is a matter of style."""
    return finding.severity in LOUD or (
        plant is not None and not kinds()[plant.kind].loud and _tells(finding, plant)
    )


def _told(finding: Finding, plant: Plant | None) -> Told:
    true = plant is not None and _tells(finding, plant)
    return Told(finding.code, finding.severity, finding.message, true, finding.verdict == "needs_review")


def _tells(finding: Finding, plant: Plant) -> bool:
    """One of the plant's alternatives stands, all of it, in the finding or in one that follows from it."""
    for tokens in plant.tells:
        amounts = {token: number(token) for token in tokens}
        figures = frozenset(abs(amount).normalize() for amount in amounts.values() if amount is not None)
        held = Tokens(figures, tuple(normal(token) for token in tokens if amounts[token] is None))
        if held.held_by(finding) or any(_tells(child, plant) for child in finding.children):
            return True
    return False


def _blame(plant: Plant, labelled: Labelled, report: Report, misses: set[str]) -> str:
    places = {edit.place.split("|")[0] for edit in plant.edits}
    sections = {number for number, section in enumerate(labelled.sections, 1) if section.kind in places}
    if any(miss.startswith(f"section:{number}/") for miss in misses for number in sections):
        return "layout"
    forms = {table.id for table in labelled.tables if table.form in places}
    if any(form in miss for miss in misses for form in forms):
        return "layout"
    slots = (slot.printed or "" for mention in report.mentions for slot in mention.slots)
    said = {each for printed in slots for each in numbers_in(printed)}
    told = {token for tokens in plant.tells for token in tokens if number(token) is not None}
    numbers = {each for token in told for each in numbers_in(token)}
    return "facts" if sections and numbers and not numbers & said else "checks"
