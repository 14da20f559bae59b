"""``gongkai eval --synthetic N``: half clean reports, half with one planted error each, through the whole road.

Only the standard library is imported at the top: the command line loads this module on every start.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongkai.report import Finding, Report
    from gongkai_eval.labels import Labelled
    from gongkai_eval.synthetic.planter import Plant

TRIES = 200
LOUD = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Case:
    """One report to measure: ``kind`` is what is planted in it, "" in a clean one."""

    seed: int
    kind: str
    style: str

    @property
    def name(self) -> str:
        return f"{self.seed}/{self.style}/{self.kind or 'clean'}"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as the evaluation sees it; ``true`` = it tells what was planted."""

    code: str
    severity: str
    message: str
    true: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """``lines``: what a person is asked to read (errors, warnings, doubtful and unread things); ``printed``: all findings.

    ``blame`` of a plant that was not found: ``layout`` (what is printed there was misread), ``facts`` (no mention holds it),
    ``checks`` (it was read, and nothing objected).
    """

    name: str
    kind: str
    style: str
    why: str
    found: bool = False
    codes: tuple[str, ...] = ()
    blame: str = ""
    told: tuple[Told, ...] = ()
    lines: int = 0
    printed: int = 0
    silent: int = 0
    misses: int = 0
    seconds: float = 0.0
    planted: tuple[str, ...] = ()
    error: str = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the synthetic half, joined to ``gongkai eval``."""
    parser.add_argument(
        "--synthetic", type=int, metavar="N", help="改为衡量 N 份虚构报告，其中一半各埋一处错误"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="虚构报告的随机种子")


def run(options: argparse.Namespace) -> int:
    """Measure ``options.synthetic`` reports in the styles in turn. 0 = every target of issue 4 is met, 1 = not."""
    from gongkai_eval.runner import _say
    from gongkai_eval.typesetter import named

    chosen = cases(options.synthetic, options.seed, named(options.styles))
    outcomes = []
    for number, outcome in enumerate(_outcomes(chosen, options.jobs, options.cache), 1):
        outcomes.append(outcome)
        state = "clean" if not outcome.kind else "found" if outcome.found else f"MISSED ({outcome.blame})"
        false = sum(not told.true for told in outcome.told)
        _say(
            f"[{number}/{len(chosen)}] {outcome.name}: {state}, {false} false, {outcome.seconds:.1f} s {outcome.error}"
        )
    result = summary(outcomes)
    show(result, outcomes, options.misses)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        full = {"summary": result, "outcomes": [asdict(outcome) for outcome in outcomes]}
        options.out.write_text(json.dumps(full, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.html:
        from gongkai_eval import page

        page.write(options.html, [], result)
    return 0 if all(result["targets"].values()) else 1


def cases(count: int, seed: int, styles: Sequence[str]) -> list[Case]:
    """``count`` cases, clean and planted in turn, the kinds and the styles each in turn."""
    from gongkai_eval.synthetic.planter import kinds

    names = list(kinds())
    chosen = []
    for number in range(count):
        kind = names[number // 2 % len(names)] if number % 2 else ""
        chosen.append(Case(seed * 1_000_000 + number * TRIES, kind, styles[number // 2 % len(styles)]))
    return chosen


def _outcomes(chosen: Sequence[Case], jobs: int, store: Path) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from (measure(case, store) for case in chosen)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, chosen, [store] * len(chosen))


def measure(case: Case, store: Path) -> Outcome:
    """Make, typeset, read and judge one report; an outcome that is in ``store`` for the same sources is taken from there."""
    kept = store / f"synthetic-{hashlib.sha256(f'{case}{_sources()}'.encode()).hexdigest()[:24]}.json"
    if kept.exists():
        return _loaded(json.loads(kept.read_text(encoding="utf-8")))
    outcome = _measured(case, store)
    if not outcome.error:
        store.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(asdict(outcome), ensure_ascii=False), encoding="utf-8")
    return outcome


def _loaded(record: dict[str, Any]) -> Outcome:
    told = tuple(Told(**each) for each in record.pop("told"))
    return Outcome(
        **{**record, "told": told, "codes": tuple(record["codes"]), "planted": tuple(record["planted"])}
    )


def made(case: Case, folder: Path) -> tuple[Labelled, Plant | None]:
    """The label of a case, written below ``folder``; the first seed from the case's on whose report has a place for it."""
    from gongkai_eval.synthetic import generator, planter

    for seed in range(case.seed, case.seed + TRIES):
        draft = generator.generate(seed)
        if not case.kind:
            return draft.save(folder), None
        spoilt = planter.plant(draft, case.kind, seed)
        if spoilt:
            return spoilt[0].save(folder), spoilt[1]
    raise ValueError(f"no report of {TRIES} has a place for {case.kind}")


def _measured(case: Case, store: Path) -> Outcome:
    import gongkai
    from gongkai_eval.runner import Task, typeset
    from gongkai_eval.scorer import score

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
    loud = [each for each in told if each.severity in LOUD]
    return Outcome(
        case.name, case.kind, case.style, labelled.why,
        found=bool(codes),
        codes=codes,
        blame="" if codes or not plant else _blame(plant, labelled, report, {miss.key for miss in result.misses}),
        told=tuple(loud),
        lines=len(loud) + len(report.issues) + sum(each.verdict == "needs_review" for each in report.findings),
        printed=len(report.findings),
        silent=result.silent,
        misses=len(result.misses),
        seconds=seconds,
        planted=edits,
    )  # fmt: skip


def _asks(finding: Finding, plant: Plant | None) -> bool:
    """Loud, or of any severity where what was planted is a matter of style."""
    from gongkai_eval.synthetic.planter import kinds

    return finding.severity in LOUD or (
        plant is not None and not kinds()[plant.kind].loud and _tells(finding, plant)
    )


def _told(finding: Finding, plant: Plant | None) -> Told:
    return Told(finding.code, finding.severity, finding.message, plant is not None and _tells(finding, plant))


def _tells(finding: Finding, plant: Plant) -> bool:
    """One of the plant's alternatives stands, all of it, in the finding or in one that follows from it."""
    from gongkai_eval.amounts import normal, number
    from gongkai_eval.findings import Tokens

    for tokens in plant.tells:
        amounts = {token: number(token) for token in tokens}
        figures = frozenset(abs(amount).normalize() for amount in amounts.values() if amount is not None)
        held = Tokens(figures, tuple(normal(token) for token in tokens if amounts[token] is None))
        if held.held_by(finding) or any(_tells(child, plant) for child in finding.children):
            return True
    return False


def _blame(plant: Plant, labelled: Labelled, report: Report, misses: set[str]) -> str:
    from gongkai_eval.findings import numbers_in

    places = {edit.place.split("|")[0] for edit in plant.edits}
    sections = {number for number, section in enumerate(labelled.sections, 1) if section.kind in places}
    if any(miss.startswith(f"section:{number}/") for miss in misses for number in sections):
        return "layout"
    forms = {table.id for table in labelled.tables if table.form in places}
    if any(form in miss for miss in misses for form in forms):
        return "layout"
    slots = (slot.printed or "" for mention in report.mentions for slot in mention.slots)
    said = {number for printed in slots for number in numbers_in(printed)}
    numbers = {number for tokens in plant.tells for token in tokens for number in numbers_in(token)}
    return "facts" if sections and numbers and not numbers & said else "checks"


@cache
def _sources() -> str:
    """A fingerprint of the reader, of these modules and of the typesetter."""
    import gongkai
    from gongkai_eval.typesetter import version

    homes = (Path(gongkai.__file__).parent, Path(__file__).parent)
    files = sorted(path for home in homes for path in home.rglob("*") if path.suffix in (".py", ".toml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest() + version()


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All that is reported: totals, a row for each kind and each code, and which targets of issue 4 are met."""
    from gongkai_eval.synthetic.planter import kinds

    clean = [outcome for outcome in outcomes if not outcome.kind]
    due = [outcome for outcome in outcomes if outcome.kind and kinds()[outcome.kind].checked]
    apart = [outcome for outcome in outcomes if outcome.kind and not kinds()[outcome.kind].checked]
    told = [each for outcome in outcomes for each in outcome.told if each.severity in LOUD]
    false = sum(len(outcome.told) for outcome in clean)
    totals: dict[str, Any] = {
        "reports": len(outcomes), "clean": len(clean), "planted": len(due), "found": sum(o.found for o in due),
        "planted_unchecked": len(apart), "found_unchecked": sum(o.found for o in apart),
        "recall": _ratio(sum(o.found for o in due), len(due)),
        "precision": _ratio(sum(each.true for each in told), len(told)),
        "loud_findings": len(told), "false_on_clean": false, "false_per_clean": _ratio(false, len(clean)),
        "lines_mean": _ratio(sum(o.lines for o in clean), len(clean)), "lines_most": max((o.lines for o in clean), default=0),
        "printed_mean": _ratio(sum(o.printed for o in clean), len(clean)),
        "silent": sum(o.silent for o in outcomes), "misread": sum(o.misses > 0 for o in outcomes),
        "failed": sum(bool(o.error) for o in outcomes),
        "seconds_mean": _ratio(sum(o.seconds for o in outcomes), len(outcomes)),
    }  # fmt: skip
    return {
        "totals": totals,
        "targets": {
            "recall >= 0.98": (totals["recall"] or 0) >= 0.98,
            "precision >= 0.98": totals["precision"] is None or totals["precision"] >= 0.98,
            "false errors on clean reports <= 1 in 20": (totals["false_per_clean"] or 0) <= 0.05,
            "a clean report asks for at most 5 lines": totals["lines_most"] <= 5,
            "every report is read": not totals["failed"],
        },
        "kinds": [_kind_row(name, outcomes) for name in kinds() if any(o.kind == name for o in outcomes)],
        "codes": _code_rows(told),
        "missed": [_miss(outcome) for outcome in (*due, *apart) if not outcome.found],
        "false": [
            {"name": o.name, "code": each.code, "message": each.message}
            for o in outcomes for each in o.told if not each.true and each.severity in LOUD
        ],
    }  # fmt: skip


def _ratio(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _kind_row(name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    from gongkai_eval.synthetic.planter import kinds

    those = [outcome for outcome in outcomes if outcome.kind == name]
    codes = dict.fromkeys(code for outcome in those for code in outcome.codes)
    return {
        "kind": name, "title": kinds()[name].title, "checked": kinds()[name].checked, "planted": len(those),
        "found": sum(outcome.found for outcome in those), "codes": list(codes),
        "false": sum(not each.true for outcome in those for each in outcome.told),
    }  # fmt: skip


def _code_rows(told: Sequence[Told]) -> list[dict[str, Any]]:
    true = Counter(each.code for each in told if each.true)
    return [
        {"code": code, "told": number, "true": true[code]}
        for code, number in sorted(Counter(each.code for each in told).items())
    ]


def _miss(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "kind": outcome.kind,
        "blame": outcome.blame,
        "planted": outcome.planted,
        "why": outcome.why,
    }


def show(result: dict[str, Any], outcomes: Sequence[Outcome], misses: int) -> None:
    """Print the summary, and the first ``misses`` plants that were not found and findings that are false."""
    for row in result["kinds"]:
        apart = "" if row["checked"] else "  (no check was written)"
        print(f"{row['kind']:22} {row['found']:>3}/{row['planted']:<3}  {'、'.join(row['codes'])}{apart}")
    for name, value in result["totals"].items():
        print(f"{name:22} {value}")
    for target, met in result["targets"].items():
        print(f"{'met ' if met else 'MISSED'}  {target}")
    for miss in result["missed"][:misses]:
        print(f"\nmissed {miss['name']} ({miss['blame']}; {miss['why']})\n  " + "\n  ".join(miss["planted"]))
    for false in result["false"][:misses]:
        print(f"\nfalse {false['code']} in {false['name']}\n  {false['message']}")
