"""``gongkai eval``: typeset the labelled reports, read them, score them, compare with the baseline.

Only the standard library is imported at the top: the command line loads this module on every start.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_eval.synthetic import run as synthetic

if TYPE_CHECKING:
    from gongkai.report import Report
    from gongkai_eval.labels import Labelled
    from gongkai_eval.scorer import Score, Tally

HOME = Path(__file__).parents[1]
COLUMNS = (
    "numeric",
    "blank",
    "other",
    "forms",
    "titles",
    "sections",
    "section_kind",
    "section_text",
    "identity",
    "records",
    "record_cells",
    "facts",
    "slots",
    "findings",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One document to measure: a labelled report in a style, or (style "") the published PDFs of its labels.

    ``folder`` holds the labels of facts and findings; None when they do not fit, for the report is disguised.
    """

    labelled: Labelled
    style: str
    pdfs: tuple[Path, ...]
    folder: Path | None = None

    @property
    def name(self) -> str:
        return f"{self.labelled.id}/{self.style or 'published'}"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Join ``eval`` to the command line (entry point of the group ``gongkai.commands``)."""
    parser = commands.add_parser("eval", help="用已标注的报告衡量读取质量")
    parser.add_argument("--reports", type=Path, default=HOME / "reports", metavar="DIR", help="标注所在目录")
    parser.add_argument(
        "--styles", default="word,sheet,web,lined", help="排版样式，以逗号分隔；messy 为全部疑难样式"
    )
    parser.add_argument(
        "--real", type=Path, metavar="DIR", help="不得转载的公开 PDF 所在目录（按 sha256 查找）"
    )
    parser.add_argument(
        "--dataset",
        type=Path,
        metavar="DIR",
        help="衡量自有的标注（schemas/label.json）；PDF 与标注放在同一目录",
    )
    parser.add_argument("--against", type=Path, metavar="FILE", help="与此前 --out 写出的结果比较")
    parser.add_argument("--only", default="", metavar="ID", help="只衡量编号含此文字的报告")
    parser.add_argument("--disguise", type=int, metavar="SEED", help="更换单位名称、放大金额后再衡量")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    parser.add_argument("--cache", type=Path, default=_cache(), metavar="DIR", help="排版结果的缓存目录")
    parser.add_argument("--out", type=Path, metavar="FILE", help="写出 JSON 结果")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="每份报告列出前 N 处不符")
    parser.add_argument("--baseline", type=Path, default=HOME / "baseline.json", metavar="FILE")
    parser.add_argument("--write-baseline", action="store_true", help="以本次结果改写基线")
    parser.add_argument("--typeset", type=Path, metavar="DIR", help="只排版，将 PDF 写入此目录")
    parser.add_argument("--html", type=Path, metavar="FILE", help="写出可离线查看的结果页")
    synthetic.add_options(parser)
    parser.add_argument("--llm", metavar="WHO", help="衡量模型的作用：服务地址，或 oracle、random、hostile")
    parser.add_argument("--llm-model", default="", metavar="NAME", help="模型名称（--llm 为服务地址时）")
    parser.add_argument("--seconds", type=int, default=0, metavar="N", help="--llm 在 N 秒后不再开始新的报告")
    parser.add_argument(
        "--digits",
        action="store_true",
        help="核实：无论模型如何作答，文字层的数字不变（按 --styles、--real 所选的全部文件）",
    )
    parser.add_argument("--record", type=Path, metavar="FILE", help="写出模型问答")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="用问答记录代替模型，不联网")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure as the options say. 0 = as the baseline, 1 = better or worse than it, 2 = nothing to measure."""
    from gongkai_eval import against, baseline, evidence, page
    from gongkai_eval.labels import LabelError

    if options.synthetic:
        return synthetic.run(options)
    if options.llm or options.replay:
        from gongkai_eval import lift  # which needs the reader

        return lift.run(options)
    if options.digits:
        from gongkai_eval import digits

        return digits.run(options)
    if options.dataset:
        options.reports = options.real = options.dataset
    try:
        before = against.load(options.against) if options.against else {}
    except against.NotARun as error:
        _say(str(error))
        return 2
    try:
        tasks = list(tasks_of(options))
    except LabelError as error:
        _say(str(error))
        return 2
    if not tasks:
        _say(f"no labelled report under {options.reports}")
        return 2
    if options.typeset:
        return _typeset_all(tasks, options)
    try:
        seen = list(evidence.gather(tasks, options.jobs, options.cache))
    except LabelError as error:
        _say(str(error))
        return 2
    scores = [each.score for each in seen]
    changed = against.changes(before, scores)
    if options.html:
        page.write(options.html, seen, changed=changed)
    _print(scores, options.misses)
    for line in against.lines(changed):
        print(line)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        results = json.dumps([asdict(score) for score in scores], ensure_ascii=False, indent=1)
        options.out.write_text(results + "\n", encoding="utf-8")
    if options.dataset:
        return 1 if any(change.new for change in changed) else 0
    known = baseline.load(options.baseline)
    if options.write_baseline:
        baseline.write(options.baseline, known, scores)
        return 0
    drifts = baseline.compare(known, scores)
    for drift in drifts:
        _say(
            f"{drift.document}: {len(drift.worse)} new failures, {len(drift.better)} known failures now pass"
        )
        for sign, keys in (("-", drift.worse), ("+", drift.better)):
            for key in keys[:10]:
                _say(f"  {sign} {key}")
    if drifts:
        _say("repair what is worse; then rewrite the list with: gongkai eval --write-baseline")
    return 1 if drifts else 0


def tasks_of(options: argparse.Namespace) -> Iterator[Task]:
    """The documents that the options name. Raises ``LabelError``."""
    from gongkai_eval import labels, transform
    from gongkai_eval.typesetter import named

    styles = named(options.styles)
    published = _by_hash(options.real) if options.real else {}
    for labelled in labels.load_all(options.reports):
        if options.only not in labelled.id:
            continue
        folder = options.reports / labelled.id
        if labelled.blocks and options.disguise is not None:
            report = transform.disguise(labelled, options.disguise)
            yield from (Task(report, style, ()) for style in styles)
        elif labelled.blocks:
            yield from (Task(labelled, style, (), folder) for style in styles)
        elif all(name in published for name in labelled.pdf_sha256):
            yield Task(labelled, "", tuple(published[name] for name in labelled.pdf_sha256), folder)
        else:
            _say(f"{labelled.id}: skipped, its PDF is not in --real DIR")


def _by_hash(folder: Path) -> dict[str, Path]:
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.rglob("*.pdf"))}


def _typeset_all(tasks: list[Task], options: argparse.Namespace) -> int:
    options.typeset.mkdir(parents=True, exist_ok=True)
    for task in tasks:
        if task.style:
            target = options.typeset / f"{task.labelled.id}.{task.style}.pdf"
            target.write_bytes(typeset(task, options.cache).read_bytes())
            print(target)
    return 0


def typeset(task: Task, cache: Path) -> Path:
    """The PDF of a typed report in its style, made once for each state of the labels and of the typesetter."""
    from gongkai_eval.typesetter import renderer, version

    label = hashlib.sha256(f"{version()}{task.style}{task.labelled!r}".encode()).hexdigest()
    target = cache / f"{label[:24]}.pdf"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}.new")
        renderer(task.style)(task.labelled, fresh)
        fresh.replace(target)
    return target


def observe(task: Task, cache: Path) -> tuple[Score, float, Report | None]:
    """Typeset if need be, read and score one document: with the seconds that the reading took, and its Report (None when it failed)."""
    import gongkai
    from gongkai_eval.scorer import blank_score, score

    pdfs = task.pdfs or (typeset(task, cache),)
    begin = time.monotonic()
    try:
        report = gongkai.read(list(pdfs), sandbox=False)
    except Exception as error:  # whatever the reader raises is a result: this document was not read
        result = blank_score(task.labelled, task.name, f"{type(error).__name__}: {error}")
        return _judged(task, result, None), time.monotonic() - begin, None
    seconds = time.monotonic() - begin
    return _judged(task, score(task.labelled, report, task.name), report), seconds, report


def _judged(task: Task, result: Score, report: Report | None) -> Score:
    """``result`` with what the prose states and what the report contradicts itself in, where both are labelled."""
    from gongkai_eval import facts, findings, records

    if task.folder is None:
        return result
    result = records.judge(result, records.load(task.folder), task.labelled, report)
    result = facts.judge(result, facts.load(task.folder), task.labelled, report)
    return findings.judge(result, findings.load(task.folder), report)


def _print(scores: list[Score], misses: int) -> None:
    from gongkai_eval.scorer import total

    width = max(len(score.document) for score in scores)
    print(
        f"{'document':{width}}  {'silent':>6}  {'marked':>6}  " + "  ".join(f"{name:>15}" for name in COLUMNS)
    )
    for score in [*scores, total(scores)]:
        cells = "  ".join(f"{_share(score.tallies.get(name)):>15}" for name in COLUMNS)
        print(f"{score.document:{width}}  {score.silent:>6}  {score.marked:>6}  {cells}")
    print("each column: right/labelled (right/reported in %); silent: wrong figures that are graded sure;")
    print("marked: numbers that are right and not graded sure")
    for score in scores if misses else ():
        print(f"\n{score.document}  {score.error}")
        for miss in score.misses[:misses]:
            print(f"  {miss.key}: expected {miss.expected or '(nothing)'}, reported {miss.reported}")


def _share(tally: Tally | None) -> str:
    if tally is None or not tally.truth + tally.reported:
        return "-"
    precision = tally.precision
    return f"{tally.right}/{tally.truth} {'-' if precision is None else f'{100 * precision:.1f}%'}"


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gongkai-eval"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
