"""The result of an evaluation as one HTML file that needs no other, and the same as JSON beside it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gongkai_eval.against import Change
from gongkai_eval.evidence import Crop, Evidence
from gongkai_eval.rendering import html
from gongkai_eval.scorer import Tally, total

Trust = Iterable[tuple[float, bool, bool, int]]

MOST_CROPS = 40
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)


def write(
    target: Path,
    seen: Sequence[Evidence],
    synthetic: Mapping[str, Any] | None = None,
    changed: Sequence[Change] = (),
) -> None:
    """Write ``target`` (HTML) and beside it ``target``.json; ``synthetic`` is the summary of that half, ``changed`` what
    differs from an earlier run."""
    result = figures(seen)
    if synthetic:
        result["synthetic"] = dict(synthetic)
    if changed:
        result["changed"] = [asdict(change) for change in changed]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html(result, list(_chosen(seen))), encoding="utf-8")
    text = json.dumps(result, ensure_ascii=False, indent=1)
    target.with_name(f"{target.name}.json").write_text(text + "\n", encoding="utf-8")


def figures(seen: Sequence[Evidence]) -> dict[str, Any]:
    """All numbers of the page. ``silent``: wrong figures graded sure, of all figures graded sure; ``upper`` bounds its rate at 95 %."""
    if not seen:
        return {}
    trust, said = _together(each.trust for each in seen), _together(each.score.said for each in seen)
    sure = sum(number for (_, _, graded), number in trust.items() if graded)
    silent = sum(each.score.silent for each in seen)
    clean = [each for each in seen if each.clean]
    alarms = sum(tally.reported - tally.right for each in clean for tally in each.checks.values())
    return {
        "documents": len(seen),
        "silent": {"wrong": silent, "sure": sure, "rate": silent / sure if sure else None, "upper": _upper(silent, sure)},
        "silent_prose": _silent_prose(said),
        "columns": {name: _tally(tally) for name, tally in total([each.score for each in seen]).tallies.items()},
        "styles": {style: _style(seen, style) for style in dict.fromkeys(each.style for each in seen)},
        "forms": _merged(each.forms for each in seen),
        "facts": _merged(each.facts for each in seen),
        "checks": _merged(each.checks for each in seen),
        "reliability": [_bin(trust, low, high) for low, high in zip(BINS, (*BINS[1:], 1.1), strict=True)],
        "reliability_prose": [_bin(said, low, high) for low, high in zip(BINS, (*BINS[1:], 1.1), strict=True)],
        "clean": {"reports": len(clean), "false_alarms": alarms, "per_report": alarms / len(clean) if clean else None},
        "model": {"calls": 0, "tokens": 0},
        "runs": [
            {
                "document": each.score.document, "pages": each.pages, "seconds": round(each.seconds, 2),
                "memory_mib": round(each.memory), "misses": len(each.score.misses), "silent": each.score.silent,
                "error": each.score.error,
            }
            for each in seen
        ],
    }  # fmt: skip


def _together(many: Iterable[Trust]) -> Counter[tuple[float, bool, bool]]:
    counts: Counter[tuple[float, bool, bool]] = Counter()
    for trust in many:
        for confidence, right, sure, number in trust:
            counts[confidence, right, sure] += number
    return counts


def _silent_prose(said: Counter[tuple[float, bool, bool]]) -> dict[str, Any]:
    sure = sum(number for (_, _, graded), number in said.items() if graded)
    wrong = sum(number for (_, right, graded), number in said.items() if graded and not right)
    return {
        "wrong": wrong,
        "sure": sure,
        "rate": wrong / sure if sure else None,
        "upper": _upper(wrong, sure),
    }


def _upper(wrong: int, of: int) -> float | None:
    """The 95 % bound of a rate by Wilson's formula; 3/n where nothing was wrong."""
    if not of:
        return None
    if not wrong:
        return min(1.0, 3 / of)
    share, z = wrong / of, 1.645
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (share + z * z / (2 * of) + spread) / (1 + z * z / of)


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "truth": tally.truth, "reported": tally.reported, "right": tally.right,
        "recall": tally.recall, "precision": tally.precision,
    }  # fmt: skip


def _style(seen: Sequence[Evidence], style: str) -> dict[str, Any]:
    scores = [each.score for each in seen if each.style == style]
    tallies = total(scores).tallies
    return {
        name: _tally(tallies[name])
        for name in (
            "numeric",
            "blank",
            "forms",
            "sections",
            "section_text",
            "record_cells",
            "slots",
            "findings",
        )
        if name in tallies
    }


def _merged(many: Iterable[Mapping[str, Tally]]) -> dict[str, dict[str, Any]]:
    rows: dict[str, list[int]] = {}
    for tallies in many:
        for name, tally in tallies.items():
            row = rows.setdefault(name, [0, 0, 0])
            for at, number in enumerate((tally.truth, tally.reported, tally.right)):
                row[at] += number
    return {name: _tally(Tally(*row)) for name, row in sorted(rows.items())}


def _bin(trust: Counter[tuple[float, bool, bool]], low: float, high: float) -> dict[str, Any]:
    inside = {key: number for key, number in trust.items() if low <= key[0] < high}
    number = sum(inside.values())
    right = sum(count for (_, fine, _), count in inside.items() if fine)
    stated = sum(confidence * count for (confidence, _, _), count in inside.items())
    share: dict[str, float | None] = (
        {"stated": stated / number, "right": right / number} if number else {"stated": None, "right": None}
    )
    wrong = number - right
    share["low"] = 1 - bound if (bound := _upper(wrong, number)) is not None else None
    return {"from": low, "figures": number, **share}


def _chosen(seen: Sequence[Evidence]) -> Iterator[Crop]:
    """The first misses of each document in turn, those with a picture first, at most :data:`MOST_CROPS`."""
    crops = sorted((crop for each in seen for crop in each.crops), key=lambda crop: not crop.png)
    yield from crops[:MOST_CROPS]
