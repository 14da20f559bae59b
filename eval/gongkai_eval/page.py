"""The result of an evaluation as one HTML file that needs no other, and the same as JSON beside it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from gongkai_eval import plots
from gongkai_eval.evidence import Crop, Evidence
from gongkai_eval.scorer import Tally, total

MOST_CROPS = 40
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)
STYLE = """
body { font: 15px/1.55 system-ui, 'Noto Sans CJK SC', sans-serif; max-width: 1080px; margin: 2em auto; padding: 0 1em; color: #1c2733 }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 1px solid #cfd8e0 }
table { border-collapse: collapse; margin: .6em 0 } td, th { padding: .15em .7em; text-align: right; border-bottom: 1px solid #e6ebef }
td:first-child, th:first-child { text-align: left } .lead { font-size: 2.2em; margin: .2em 0 } .note { color: #5b6b7a }
.empty { fill: #e8edf1 } .good { fill: #3c8d5a } .fair { fill: #d9a43b } .bad { fill: #c2503f }
.frame, .ideal, .stroke { fill: none; stroke: #7d8b99 } .ideal { stroke-dasharray: 4 4 } .stroke { stroke: #2f6fab; opacity: .5 }
.dot { fill: #2f6fab; opacity: .65 } svg text { font-size: 11px; fill: #5b6b7a }
.miss { margin: 1em 0; padding: .5em .8em; border-left: 3px solid #c2503f; background: #f7f9fa }
.miss img { max-width: 100%; border: 1px solid #cfd8e0 }
code { overflow-wrap: anywhere }
"""


def write(target: Path, seen: Sequence[Evidence], synthetic: Mapping[str, Any] | None = None) -> None:
    """Write ``target`` (HTML) and beside it ``target``.json; ``synthetic`` is the summary of that half."""
    result = figures(seen)
    if synthetic:
        result["synthetic"] = dict(synthetic)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html(result, list(_chosen(seen))), encoding="utf-8")
    text = json.dumps(result, ensure_ascii=False, indent=1)
    target.with_name(f"{target.name}.json").write_text(text + "\n", encoding="utf-8")


def figures(seen: Sequence[Evidence]) -> dict[str, Any]:
    """All numbers of the page. ``silent``: wrong figures graded sure, of all figures graded sure; ``upper`` bounds its rate at 95 %."""
    if not seen:
        return {}
    trust = sum((Counter(each.trust) for each in seen), Counter[tuple[float, bool, bool]]())
    sure = sum(number for (_, _, graded), number in trust.items() if graded)
    silent = sum(each.score.silent for each in seen)
    clean = [each for each in seen if each.clean]
    alarms = sum(tally.reported - tally.right for each in clean for tally in each.checks.values())
    return {
        "documents": len(seen),
        "silent": {"wrong": silent, "sure": sure, "rate": silent / sure if sure else None, "upper": _upper(silent, sure)},
        "columns": {name: _tally(tally) for name, tally in total([each.score for each in seen]).tallies.items()},
        "styles": {style: _style(seen, style) for style in dict.fromkeys(each.style for each in seen)},
        "forms": _merged(each.forms for each in seen),
        "facts": _merged(each.facts for each in seen),
        "checks": _merged(each.checks for each in seen),
        "reliability": [_bin(trust, low, high) for low, high in zip(BINS, (*BINS[1:], 1.1), strict=True)],
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
        for name in ("numeric", "forms", "sections", "slots", "findings")
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
    share = (
        {"stated": stated / number, "right": right / number} if number else {"stated": None, "right": None}
    )
    return {"from": low, "figures": number, **share}


def _chosen(seen: Sequence[Evidence]) -> Iterator[Crop]:
    """The first misses of each document in turn, those with a picture first, at most :data:`MOST_CROPS`."""
    crops = sorted((crop for each in seen for crop in each.crops), key=lambda crop: not crop.png)
    yield from crops[:MOST_CROPS]


def html(result: Mapping[str, Any], crops: Sequence[Crop]) -> str:
    """The page, complete."""
    body = [
        f"<h1>Gongkai: what was measured</h1>{_lead(result)}" if "silent" in result else "<h1>Gongkai</h1>"
    ]
    body += [_synthetic(result["synthetic"])] if "synthetic" in result else []
    if "silent" in result:
        body += [_shares("All together", result["columns"]), *_styles(result["styles"])]
        body += [_shares(f"By {name}", result[name + "s"]) for name in ("form", "fact", "check")]
        body += [_trust(result), _runs(result), _misses(crops)]
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gongkai</title><style>{STYLE}</style>{"".join(body)}</html>'


def _lead(result: Mapping[str, Any]) -> str:
    silent, clean = result["silent"], result["clean"]
    return (
        f'<p class="lead">silent errors: {silent["wrong"]} of {silent["sure"]} figures graded sure</p>'
        f'<p class="note">rate {_percent(silent["rate"], 4)}, below {_percent(silent["upper"], 4)} with 95 % confidence; '
        f"{result['documents']} documents; false alarms on {clean['reports']} clean documents: {clean['false_alarms']}; "
        f"model calls {result['model']['calls']}, tokens {result['model']['tokens']}</p>"
    )


def _shares(title: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    lines = (
        [escape(name), row["truth"], row["reported"], row["right"], _percent(row["recall"]), plots.bar(row["recall"]),
         _percent(row["precision"]), plots.bar(row["precision"])]
        for name, row in rows.items()
    )  # fmt: skip
    heads = ["", "labelled", "reported", "right", "recall", "", "precision", ""]
    return f"<h2>{escape(title)}</h2>{_table(heads, lines)}" if rows else ""


def _styles(styles: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for style, rows in styles.items():
        yield _shares(f"Style {style}", rows)


def _table(heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _trust(result: Mapping[str, Any]) -> str:
    bins = [each for each in result["reliability"] if each["figures"]]
    plot = plots.reliability([(each["stated"], each["right"], each["figures"]) for each in bins])
    lines = ([f"{b['stated']:.3f}", f"{b['right']:.4f}", b["figures"]] for b in bins)
    return f"<h2>Confidence</h2>{plot}{_table(['stated', 'right', 'figures'], lines)}"


def _runs(result: Mapping[str, Any]) -> str:
    runs = result["runs"]
    lines: list[Sequence[Any]] = [
        [escape(run["document"]), run["pages"], f"{run['seconds']:.2f}", run["memory_mib"], run["misses"], run["silent"],
         escape(run["error"])]
        for run in runs
    ]  # fmt: skip
    heads = ["document", "pages", "seconds", "MiB", "misses", "silent", ""]
    return (
        f"<h2>Time and memory</h2>{plots.strip([run['seconds'] for run in runs], 's')}"
        f"{plots.strip([float(run['memory_mib']) for run in runs], 'MiB')}{_table(heads, lines)}"
    )


def _misses(crops: Sequence[Crop]) -> str:
    return "<h2>Misses</h2>" + "".join(map(_miss, crops)) if crops else ""


def _miss(crop: Crop) -> str:
    image = _image(crop.page, crop.png)
    place = f"page {crop.page}" if crop.page else ""
    return (
        f'<div class="miss"><b>{escape(crop.document)}</b> {place}<br><code>{escape(crop.miss.key)}</code><br>'
        f"expected {escape(crop.miss.expected or '(nothing)')}<br>reported {escape(crop.miss.reported)}<br>{image}</div>"
    )


def _image(page: int, png: str) -> str:
    return f'<img alt="page {page}" src="data:image/png;base64,{png}">' if png else ""


def _synthetic(result: Mapping[str, Any]) -> str:
    totals = result["totals"]
    kept = _table(
        ["target", ""],
        ([escape(name), "met" if met else "missed"] for name, met in result["targets"].items()),
    )
    numbers = _table(["", ""], ([name, value] for name, value in totals.items()))
    kinds = _table(
        ["planted error", "planted", "found", "", "false", "told by"],
        (
            [escape(row["kind"] + ("" if row["checked"] else " (no check in force)")), row["planted"], row["found"],
             plots.bar(row["found"] / row["planted"]), row["false"], escape("、".join(row["codes"]))]
            for row in result["kinds"]
        ),
    )  # fmt: skip
    codes = _table(
        ["check", "told", "true", ""],
        (
            [escape(row["code"]), row["told"], row["true"], plots.bar(row["true"] / row["told"])]
            for row in result["codes"]
        ),
    )
    missed = "".join(
        f'<div class="miss"><b>{escape(each["kind"])}</b> {escape(each["name"])}, {escape(each["blame"])}<br>'
        + "<br>".join(f"<code>{escape(edit)}</code>" for edit in each["planted"]) + f"<br>{_image(each['page'], each['png'])}</div>"
        for each in result["missed"][:MOST_CROPS]
    )  # fmt: skip
    return f"<h2>Planted errors</h2>{kept}{numbers}{kinds}<h2>By check</h2>{codes}<h2>Not found</h2>{missed}"


def _percent(share: float | None, digits: int = 2) -> str:
    return "" if share is None else f"{100 * share:.{digits}f} %"
