"""What the synthetic half shows: outcomes, and their summary by kind of error and by check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai_eval.synthetic.planter import kinds

LOUD = ("error", "warning")
MOST_PICTURES = 40


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
    """A finding as the evaluation sees it; ``true`` = it tells what was planted, ``doubtful`` = it accuses nobody, it asks."""

    code: str
    severity: str
    message: str
    true: bool
    doubtful: bool = False

    @property
    def accuses(self) -> bool:
        return self.severity in LOUD and not self.doubtful

    @property
    def false(self) -> bool:
        """An accusation, and not of what was planted."""
        return self.accuses and not self.true


@dataclass(frozen=True, slots=True)
class Outcome:
    """``lines``: what a person is asked to read (errors, warnings, doubtful and unread things); ``printed``: all findings.

    ``blame`` of a plant that was not found: ``layout`` (what is printed there was misread), ``facts`` (no mention holds it),
    ``checks`` (it was read, and nothing objected); ``png`` shows the place on its page, in base64.
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
    page: int = 0
    png: str = ""
    error: str = ""


def loaded(record: dict[str, Any]) -> Outcome:
    """An outcome that was kept as JSON."""
    told = tuple(Told(**each) for each in record.pop("told"))
    return Outcome(
        **{**record, "told": told, "codes": tuple(record["codes"]), "planted": tuple(record["planted"])}
    )


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All that is reported: totals, a row for each kind and each code, and which targets of issue 4 are met."""
    clean = [outcome for outcome in outcomes if not outcome.kind]
    due = [outcome for outcome in outcomes if outcome.kind and kinds()[outcome.kind].checked]
    apart = [outcome for outcome in outcomes if outcome.kind and not kinds()[outcome.kind].checked]
    told = [each for outcome in outcomes for each in outcome.told if each.accuses]
    false = sum(each.false for outcome in clean for each in outcome.told)
    doubts = sum(each.doubtful for outcome in clean for each in outcome.told)
    totals: dict[str, Any] = {
        "reports": len(outcomes), "clean": len(clean), "planted": len(due), "found": sum(o.found for o in due),
        "planted_unchecked": len(apart), "found_unchecked": sum(o.found for o in apart),
        "found_as_doubt": sum(o.found and all(t.doubtful for t in o.told if t.true) for o in due),
        "recall": _ratio(sum(o.found for o in due), len(due)),
        "precision": _ratio(sum(each.true for each in told), len(told)),
        "accusations": len(told), "false_on_clean": false, "false_per_clean": _ratio(false, len(clean)),
        "doubts_per_clean": _ratio(doubts, len(clean)),
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
        "missed": [_miss(outcome) for outcome in (*due, *apart) if not outcome.found][:MOST_PICTURES],
        "false": [
            {"name": o.name, "code": each.code, "message": each.message}
            for o in outcomes for each in o.told if each.false
        ],
    }  # fmt: skip


def _ratio(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _kind_row(name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    those = [outcome for outcome in outcomes if outcome.kind == name]
    codes = dict.fromkeys(code for outcome in those for code in outcome.codes)
    return {
        "kind": name, "title": kinds()[name].title, "checked": kinds()[name].checked, "planted": len(those),
        "found": sum(outcome.found for outcome in those), "codes": list(codes),
        "false": sum(each.false for outcome in those for each in outcome.told),
    }  # fmt: skip


def _code_rows(told: Sequence[Told]) -> list[dict[str, Any]]:
    true = Counter(each.code for each in told if each.true)
    return [
        {"code": code, "told": number, "true": true[code]}
        for code, number in sorted(Counter(each.code for each in told).items())
    ]


def _miss(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.name, "kind": outcome.kind, "blame": outcome.blame, "planted": outcome.planted,
        "why": outcome.why, "page": outcome.page, "png": outcome.png,
    }  # fmt: skip


def show(result: dict[str, Any], misses: int) -> None:
    """Print the summary, and the first ``misses`` plants that were not found and findings that are false."""
    for row in result["kinds"]:
        apart = "" if row["checked"] else "  (no check in force)"
        print(f"{row['kind']:22} {row['found']:>3}/{row['planted']:<3}  {'、'.join(row['codes'])}{apart}")
    for name, value in result["totals"].items():
        print(f"{name:22} {value}")
    for target, met in result["targets"].items():
        print(f"{'met ' if met else 'MISSED'}  {target}")
    for miss in result["missed"][:misses]:
        print(f"\nmissed {miss['name']} ({miss['blame']}; {miss['why']})\n  " + "\n  ".join(miss["planted"]))
    for false in result["false"][:misses]:
        print(f"\nfalse {false['code']} in {false['name']}\n  {false['message']}")
