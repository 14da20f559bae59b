"""``gongkai eval --synthetic N``: half clean reports, half with one planted error each, through the whole road.

Only the standard library is imported at the top: the command line loads this module on every start.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai_eval.synthetic.results import Case, Outcome

TRIES = 200  # seeds that a case may try


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the synthetic half, joined to ``gongkai eval``."""
    parser.add_argument(
        "--synthetic", type=int, metavar="N", help="改为衡量 N 份虚构报告，其中一半各埋一处错误"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="虚构报告的随机种子")


def run(options: argparse.Namespace) -> int:
    """Measure ``options.synthetic`` reports in the styles in turn. 0 = every target of issue 4 is met, 1 = not."""
    from gongkai_eval.runner import _say
    from gongkai_eval.synthetic.results import show, summary
    from gongkai_eval.typesetter import named

    chosen = cases(options.synthetic, options.seed, named(options.styles))
    outcomes = []
    for number, outcome in enumerate(_outcomes(chosen, options.jobs, options.cache), 1):
        outcomes.append(outcome)
        state = "clean" if not outcome.kind else "found" if outcome.found else f"MISSED ({outcome.blame})"
        false = sum(told.false for told in outcome.told)
        _say(
            f"[{number}/{len(chosen)}] {outcome.name}: {state}, {false} false, {outcome.seconds:.1f} s {outcome.error}"
        )
    result = summary(outcomes)
    show(result, options.misses)
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
    from gongkai_eval.synthetic.results import Case

    names = list(kinds())
    chosen = []
    for number in range(count):
        turn, at = divmod(number // 2, len(names))
        kind = names[at] if number % 2 else ""
        chosen.append(Case(seed * 1_000_000 + number * TRIES, kind, styles[(turn + at) % len(styles)]))
    return chosen


def _outcomes(chosen: Sequence[Case], jobs: int, store: Path) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from (measure(case, store) for case in chosen)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, chosen, [store] * len(chosen))


def measure(case: Case, store: Path) -> Outcome:
    """Make, typeset, read and judge one report; an outcome that is in ``store`` for the same sources is taken from there."""
    from gongkai_eval import kept
    from gongkai_eval.synthetic import judge
    from gongkai_eval.synthetic.results import loaded

    place = store / f"synthetic-{hashlib.sha256(f'{case}{kept.sources()}'.encode()).hexdigest()[:24]}.json"
    if place.exists():
        return loaded(json.loads(place.read_text(encoding="utf-8")))
    outcome = judge.judged(case, store)
    if not outcome.error:
        store.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(asdict(outcome), ensure_ascii=False), encoding="utf-8")
    return outcome
