"""``gongkai eval --digits``: whatever a model answers, what is printed stays, over whole sets of documents.

Each document is read once and applied the answers of four who answer in place of a model. A figure of a text layer has the same text and
value as with nobody asked; a cell that OCR left unread may have become one of the engine's own readings, and no other cell another value.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_eval import answerers, kept, lift
from gongkai_eval.odd import Key
from gongkai_eval.runner import tasks_of, typeset
from gongkai_eval.withheld import withheld

if TYPE_CHECKING:
    from gongkai.draft import Draft
    from gongkai.report import Figure, Report, Source

SEEDS = (1, 2)  # of those who point at random


@dataclass(slots=True)
class Kept:
    """What became of the figures of one document: ``counts`` of ``text`` and ``ocr`` cells compared, cells ``chosen`` among the engine's
    readings, answers ``adopted`` and ``rejected``; ``broken`` are the cells that changed."""

    document: str
    questions: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def run(options: argparse.Namespace) -> int:
    """Print a line a document; 0, 1 if a digit changed, 2 if there is nothing to read."""
    found = []
    for name, pdfs, key in _documents(options):
        read = kept.drafted(pdfs, options.cache)
        one = compared(name, withheld(read, key) if key.withheld else read, key)
        found.append(one)
        print(
            f"{one.document}: {one.questions} questions, {dict(one.counts)}, {len(one.broken)} changed",
            flush=True,
        )
        for line in one.broken[:5]:
            print(f"  {line}")
    for line in told(found):
        print(line)
    return (1 if any(one.broken for one in found) else 0) if found else 2


def told(found: Sequence[Kept]) -> Iterator[str]:
    """The sums over all documents."""
    counts: Counter[str] = sum((one.counts for one in found), Counter())
    asked = sum(one.questions > 0 for one in found)
    yield f"documents {len(found)}, of which {asked} leave questions ({sum(one.questions for one in found)})"
    yield f"cells compared: text layer {counts['text']}, OCR {counts['ocr']}; read anew from the engine's own readings {counts['chosen']}"
    yield f"answers adopted {counts['adopted']}, rejected {counts['rejected']}; cells changed {sum(len(one.broken) for one in found)}"


def compared(name: str, before: Draft, key: Key) -> Kept:
    """``before`` against itself with the answers of each who answers."""
    from gongkai import pipeline

    who: dict[str, answerers.Answerer] = {"oracle": answerers.oracle(key), "hostile": answerers.hostile}
    who |= {f"random {seed}": answerers.at_random(seed) for seed in SEEDS}
    found = Kept(name, len(pipeline.questions(before)))
    first = _cells(pipeline.report(before))
    for role, answerer in who.items() if found.questions else ():
        now = before
        for _ in range(lift.ROUNDS):
            questions = pipeline.questions(now)
            now = pipeline.apply(now, answerer(now, questions))
        found.counts["rejected"] += len(now.rejected)
        found.counts["adopted"] += _adopted(now)
        found.broken += [
            f"{role}: {line}" for line in _broken(first, pipeline.report(now), now, found.counts)
        ]
    return found


def _cells(report: Report) -> dict[Source, Figure]:
    return {figure.source: figure for form in report.forms for figure in form.figures}


def _adopted(draft: Draft) -> int:
    points = draft.pointers
    tables = sum(
        (each.form is not None) + len(each.measures) + len(each.lines) for each in points.tables.values()
    )
    headings = sum(len(each.kinds) + len(each.levels) for each in points.headings.values())
    return (
        tables
        + headings
        + len(points.amounts)
        + len(points.arranged)
        + len(points.records)
        + len(points.readings)
    )


def _broken(
    first: Mapping[Source, Figure], report: Report, draft: Draft, counts: Counter[str]
) -> Iterator[str]:
    """The cells of ``first`` that the report says otherwise; each is counted."""
    from gongkai.assist.choosing import readings_of

    scans = draft.scans
    # places of the draft are those of the layout, places of the report those of the page as displayed
    own = {figure.id: (form, figure) for form in draft.forms for figure in form.figures}
    for place, after in _cells(report).items():
        before = first.get(place)
        if before is None:
            continue
        counts["ocr" if (place.document, place.page) in scans else "text"] += 1
        if (before.printed, before.value, before.state) == (after.printed, after.value, after.state):
            continue
        if before.state == "unread" and after.printed in readings_of(draft, *own[after.id]):
            counts["chosen"] += 1
            continue
        yield f"{after.id}: {before.state} {before.printed} → {after.state} {after.printed}"


def _documents(options: argparse.Namespace) -> Iterator[tuple[str, tuple[Path, ...], Key]]:
    """The reports in odd words, then all documents of the evaluation as the options say."""
    for report, key, style in lift.cases(options.reports, options.only):
        task = lift.task_of(report, style)
        yield f"{report.id}/{style}", (typeset(task, options.cache),), key
    for task in tasks_of(options):
        pdfs = task.pdfs or (typeset(task, options.cache),)
        yield task.name, pdfs, lift.plain_key(task.labelled)
        if task.style in lift.SCANS:
            yield f"{task.name}+withheld", pdfs, replace(lift.plain_key(task.labelled), withheld=True)
