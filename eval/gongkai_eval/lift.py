"""``gongkai eval --llm``: what a model adds on reports in odd words, decision by decision, and what it costs.

Each labelled report is set three times for each seed of ``odd.toml``: with odd titles and headings, odd captions and labels, odd sentences.
A decision is one tag of a question to which the labels have an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_eval import answerers, kept, labels, records
from gongkai_eval.odd import Key, oddly
from gongkai_eval.withheld import withheld

if TYPE_CHECKING:
    from gongkai.draft import Draft
    from gongkai.llm.door import Door
    from gongkai.llm.questions import Outcome, Question
    from gongkai.report import Report
    from gongkai_eval.answerers import Answerer
    from gongkai_eval.labels import Labelled
    from gongkai_eval.runner import Task

ROUNDS = 2
STYLE = "fills"  # set by reportlab: quick, and with rules that are thin rectangles
SEEDS = (0, 1)
VARIANTS: tuple[Any, ...] = ("names", "words", "said", "gaps", "shapes")
HARD = "borderless"  # a style in which a report in its own words leaves grids in doubt
SCANS = (
    "scan",
    "scan_tables",
    "scan_ocr",
    "scan_poor",
)  # where OCR leaves cells unread; on request, for reading takes minutes
WITHHELD = "+withheld"
NOTHING = frozenset(("none", "other", "text", "as read"))


@dataclass(frozen=True, slots=True)
class Decision:
    """One tag: what it is (``right``), what was ``given``, whether the answer was ``rejected``, and what the Report says of it then.
    ``seen``: a finding that was not there before rests on it."""

    document: str
    task: str
    text: str
    right: str
    given: str
    rejected: bool
    before: str
    after: str
    seen: bool = False

    @property
    def wrong(self) -> bool:
        return self.given not in NOTHING and self.given != self.right

    @property
    def caught(self) -> bool:
        """Rejected, without effect, or a finding rests on it."""
        return self.rejected or self.before == self.after or self.seen


@dataclass(slots=True)
class Result:
    """One report: decisions, tokens by task (estimated for the words of question and answer), and figures right of those labelled."""

    document: str
    style: str = STYLE
    decisions: list[Decision] = field(default_factory=list)
    tokens: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    silent: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    changed_values: int = 0
    right_before: int = 0
    right_after: int = 0
    labelled: int = 0


def run(options: argparse.Namespace) -> int:
    """Measure and print; 0, 1 if a value changed, 2 if there is nothing to measure."""
    results = asyncio.run(_results(options))
    if not results:
        print("nothing to measure")
        return 2
    for line in told(results, options.misses or 0):
        print(line)
    return 1 if any(result.changed_values for result in results) else 0


async def _results(options: argparse.Namespace) -> list[Result]:
    made = {"random": answerers.at_random(1), "hostile": answerers.hostile}
    found = []
    scans = [style for style in SCANS if style in options.styles.split(",")]
    every = list(cases(options.reports, options.only, scans))
    end = time.monotonic() + (options.seconds or float("inf"))
    real = options.replay or options.llm not in (*made, "oracle")
    async with _door(options) if real else nullcontext() as door:
        for number, (report, key, style) in enumerate(every):
            if time.monotonic() > end:
                print(f"stopped after {options.seconds} s: {number} of {len(every)} reports")
                break
            who = door or made.get(options.llm) or answerers.oracle(key)
            found.append(await _measured(report, style, key, who, options.cache))
    return found


def _door(options: argparse.Namespace) -> Door:
    from gongkai.llm.door import Door
    from gongkai.llm.records import Record, Replay
    from gongkai.llm.settings import LlmSettings

    if options.replay:
        return Door(None, replay=Replay(options.replay))
    own = {"GONGKAI_LLM_BASE_URL": options.llm, "GONGKAI_LLM_MODEL": options.llm_model or "default"}
    environ = {**os.environ, **own}  # the key and the allowances are those of the settings
    return Door(
        LlmSettings.from_environment(environ), record=Record(options.record) if options.record else None
    )


def cases(reports: Path, only: str = "", scans: Sequence[str] = ()) -> Iterator[tuple[Labelled, Key, str]]:
    """The reports in odd words with what these mean, and in their own words in a hard style and in those of ``scans``, in which some
    cells are withheld once more; each with its style."""
    for report in labels.load_all(reports):
        if report.blocks and only in report.id:
            rows = records.load(reports / report.id)
            for seed in SEEDS:
                for what in VARIANTS:
                    odd, key = oddly(report, seed, what, rows)
                    if key.asks(what):
                        yield odd, key, STYLE
            for style in (HARD, *scans):
                yield *oddly(report, 0, "plain"), style
            for style in scans if report.tables else ():
                yield *oddly(report, 0, "withheld"), style


def plain_key(report: Labelled) -> Key:
    """What the labels of a report in its own words say."""
    return oddly(report, 0, "plain")[1]


def task_of(report: Labelled, style: str) -> Task:
    """The document of a case."""
    from gongkai_eval.runner import Task

    return Task(report, style, ())


def _typeset(report: Labelled, style: str, cache: Path) -> Path:
    from gongkai_eval.runner import typeset

    return typeset(task_of(report, style), cache)


async def _measured(report: Labelled, style: str, key: Key, who: Answerer | Door, cache: Path) -> Result:
    from gongkai import pipeline
    from gongkai_eval.scorer import score

    before = kept.drafted([_typeset(report, style, cache)], cache)
    if key.withheld:
        before = withheld(before, key)
        style += WITHHELD
    now, asked, result = before, [], Result(f"{report.id}/{style}", style)
    session = None if callable(who) else who.session(before.content_hash)
    for _ in range(ROUNDS):
        questions = pipeline.questions(now)
        if not questions:
            break
        outcomes = who(now, questions) if callable(who) else await session.ask(questions)  # type: ignore[union-attr]
        truth = answerers.oracle(key)(now, questions)
        places = [answerers.places_of(now, q, key) for q in questions]
        asked += list(zip(questions, outcomes, truth, places, strict=True))
        now = pipeline.apply(now, outcomes)
    first, last = pipeline.report(before, all_checks=True), pipeline.report(now, all_checks=True)
    _count(result, asked, before, now)
    old = {finding.id for finding in first.findings}
    suspects = {o.source for f in last.findings if f.id not in old for o in f.operands}
    for each in asked:
        if key.knows(each[0].task):
            result.decisions += _decisions(result.document, *each, (before, now), (first, last), suspects)
    for name, report_ in (("right_before", first), ("right_after", last)):
        tally = score(report, report_, report.id).tallies.get("numeric")  # a report without tables has none
        if tally is not None:
            setattr(result, name, tally.right)
            result.labelled = tally.truth
    return result


def _count(result: Result, asked: Sequence[tuple[Any, Any, Any, Any]], before: Draft, now: Draft) -> None:
    from gongkai.llm.budget import estimated_tokens
    from gongkai.llm.prompting import messages
    from gongkai.llm.questions import Answer
    from gongkai.llm.sheet import sheet
    from gongkai.llm.tasks import load

    for question, outcome, *_ in asked:
        if not isinstance(outcome, Answer):
            result.silent[outcome.why] += 1
        task = load(question.task)
        schema = sheet(task, question)
        words = messages(task, question, schema, show_schema=False, fenced=False, images=False)
        given = json.dumps(outcome.values) if isinstance(outcome, Answer) else ""
        asked_for = "".join(str(message["content"]) for message in words)
        result.tokens[question.task] += estimated_tokens(asked_for) + estimated_tokens(given)
    result.questions, result.rejected = len(asked), len(now.rejected)
    values = {f.source: (f.printed, f.value) for form in before.forms for f in form.figures}
    chosen = now.pointers.readings
    result.changed_values = sum(
        f.source not in chosen and values.get(f.source, (f.printed, f.value)) != (f.printed, f.value)
        for form in now.forms
        for f in form.figures
    )


def _decisions(
    document: str,
    question: Question,
    outcome: Outcome,
    truth: Outcome,
    places: Mapping[str, Any],
    drafts: tuple[Draft, Draft],
    reports: tuple[Report, Report],
    suspects: set[Any],
) -> Iterator[Decision]:
    """The decisions of a question, one a tag that is labelled; ``drafts`` and ``reports`` are those before and after all answers."""
    from gongkai.llm.questions import Answer

    assert isinstance(truth, Answer)
    before, now = drafts
    is_cell = question.task == "choose_reading"
    # of a cell the Report says more than the draft: what was repaired, and its place on the page as displayed
    views: tuple[Draft, Draft] | tuple[Report, Report] = reports if is_cell else drafts
    given = answerers.tagged(outcome.values) if isinstance(outcome, Answer) else {}
    rejected = {each.tag for each in now.rejected if each.question == question.id}
    texts = {tag.id: tag.text for part in question.parts for tag in part.tags}
    if question.task == "arrange_table":
        yield _arranged(document, question, outcome, truth, before, now, suspects)
        return
    for tag, name in answerers.tagged(truth.values).items():
        right, said = _name(name), _name(given.get(tag, "none"))
        if is_cell:
            right, said = (answerers.reading(texts[tag], each) for each in (right, said))
        if (right in NOTHING and said in NOTHING) or (is_cell and tag not in places):
            continue
        first, sources = _seen(views[0], question, tag, places.get(tag))
        last, sources = _seen(views[1], question, tag, places.get(tag))
        yield Decision(
            document,
            question.task,
            texts.get(tag, tag),
            right,
            said,
            bool({tag, ""} & rejected),
            first,
            last,
            bool(sources & suspects),
        )


def _arranged(
    document: str,
    question: Question,
    outcome: Outcome,
    truth: Outcome,
    before: Draft,
    now: Draft,
    suspects: set[Any],
) -> Decision:
    """A grid is one decision, for its answer is adopted as a whole: the cells that are moved, named by their tags."""
    from gongkai.llm.questions import Answer

    index = int(question.id.split(":")[1]) - 1
    cells = [cell for cell in before.plain_tables[index].cells if cell.text]
    here = {f"W{n}": f"c{cell.column + 1}" for n, cell in enumerate(cells, 1)}

    def moved(given: Outcome) -> str:
        said = given.values["words"] if isinstance(given, Answer) else here
        return (
            "、".join(f"{tag}→{name}" for tag, name in said.items() if name not in ("none", here[tag]))
            or "as read"
        )

    changed = before.tables[index] != now.tables[index]
    sources = {figure.source for figure in now.forms[index].figures}
    return Decision(
        document,
        question.task,
        before.tables[index].caption.title,
        moved(truth)[:60],
        moved(outcome)[:60],
        any(each.question == question.id for each in now.rejected),
        "as read",
        "moved" if changed else "as read",
        bool(sources & suspects),
    )


def _name(given: Any) -> str:
    return (
        f"{given['fact']}[{given['role']}]"
        if isinstance(given, Mapping) and given["fact"] != "none"
        else ("none" if isinstance(given, Mapping) else str(given))
    )


def _seen(draft: Draft | Report, question: Question, tag: str, place: Any) -> tuple[str, set[Any]]:
    """What the draft says of the thing that the tag stands for, and the places of what rests on it."""
    from gongkai.text import normalise

    text = next(t.text for part in question.parts for t in part.tags if t.id == tag)
    if question.task == "name_form":
        form = draft.forms[place]
        if tag.startswith("X"):
            return form.form, {figure.source for figure in form.figures}
        own = [f for f in form.figures if text in (f.col_label if tag.startswith("C") else f.row_label)]
        names = {f.measure if tag.startswith("C") else f.line for f in own}
        return "、".join(sorted(str(name) for name in names)), {f.source for f in own}
    if question.task in ("name_section", "split_sections"):
        found = [s.kind for s in draft.sections if normalise(s.title) in normalise(text)]
        return "、".join(found) or "text", set()
    if question.task == "read_sentence":
        stated = [m for m in draft.mentions if place in (m.source, *(slot.source for slot in m.slots))]
        return "、".join(sorted({m.fact for m in stated})), {place} | {m.source for m in stated}
    if question.task == "read_indicators":
        form = draft.forms[int(question.id.split(":")[1]) - 1]
        said = text.partition(": ")[2]
        own_words = [w for r in form.records for w in r.words if normalise(w.text).startswith(said)]
        return "、".join(sorted({w.field for w in own_words})), {w.source for w in own_words}
    if question.task == "choose_reading":
        cells = [f for form in draft.forms for f in form.figures if f.id == place]
        return "、".join(f"{f.state} {f.printed}" for f in cells), {f.source for f in cells}
    return "", set()


def told(results: Sequence[Result], listed: int = 0) -> Iterator[str]:
    """The figures, and ``listed`` decisions before and after."""
    every = [decision for result in results for decision in result.decisions]
    labelled = [each for each in every if each.right not in NOTHING]
    wrong = [each for each in every if each.wrong]
    changed = [each for each in labelled if each.before != each.after]
    caught = [each for each in wrong if each.caught]
    styles, questions = ", ".join(dict.fromkeys(r.style for r in results)), sum(r.questions for r in results)
    yield f"reports {len(results)} in styles {styles}, questions {questions}, labelled decisions {len(labelled)}"
    yield f"answered right {sum(d.given == d.right for d in labelled)}, changed the Report {_share(len(changed), len(labelled))}"
    yield f"wrong answers {len(wrong)}, caught (rejected, without effect, or a finding rests on them) {_share(len(caught), len(wrong))}"
    if silent := sum((r.silent for r in results), Counter()):
        yield "without an answer: " + ", ".join(f"{why} {count}" for why, count in sorted(silent.items()))
    yield f"answers rejected {sum(r.rejected for r in results)}, values changed {sum(r.changed_values for r in results)}"
    totals = [sum(getattr(r, name) for r in results) for name in ("right_before", "right_after", "labelled")]
    yield f"figures right: without {_share(totals[0], totals[2])}, with {_share(totals[1], totals[2])}"
    per_task: dict[str, list[int]] = defaultdict(list)
    for result in results:
        for task, tokens in result.tokens.items():
            per_task[task].append(tokens)
    as_they_are = [result for result in results if not result.style.endswith(WITHHELD)] or results
    whole = statistics.median(sum(result.tokens.values()) for result in as_they_are)
    tasks = ", ".join(f"{task} {statistics.median(tokens):.0f}" for task, tokens in sorted(per_task.items()))
    yield f"tokens of a report (estimated; nothing withheld), median: {whole:.0f}; by task: {tasks}"
    counts = Counter((d.task, d.before != d.after) for d in labelled)
    for task in sorted({d.task for d in labelled}):
        of_task = [each for each in wrong if each.task == task]
        yield (
            f"  {task}: {counts[task, True]} of {counts[task, True] + counts[task, False]} decisions changed the Report;"
            f" wrong answers {len(of_task)}, caught {sum(each.caught for each in of_task)}"
        )
    for each in labelled[:listed]:
        mark = "rejected" if each.rejected else "right" if each.given == each.right else each.given
        yield f"{each.document}\t{each.task}\t{each.text[:50]}\t{each.right}\t{mark}\t{each.before} → {each.after}"


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({Decimal(100 * part) / whole:.1f}%)" if whole else "0/0"
