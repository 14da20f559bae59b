"""The numbers of an evaluation drawn as one HTML page: no script, no file but itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from gongkai_eval import plots

if TYPE_CHECKING:
    from gongkai_eval.evidence import Crop

MOST_CHANGES = 12  # misses shown of a document that changed, each way
MOST_PLANTED = 40  # planted errors shown that were not found
COLUMNS = {
    "numeric": "figures", "blank": "blank cells", "forms": "forms", "sections": "sections", "section_text": "their text",
    "record_cells": "records", "slots": "facts", "findings": "findings",
}  # fmt: skip
STYLE = """
body { font: 15px/1.55 system-ui, 'Noto Sans CJK SC', sans-serif; max-width: 1080px; margin: 2em auto; padding: 0 1em; color: #1c2733 }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 1px solid #cfd8e0 }
table { border-collapse: collapse; margin: .6em 0 } td, th { padding: .15em .7em; text-align: right; border-bottom: 1px solid #e6ebef }
td:first-child, th:first-child { text-align: left } .lead { font-size: 2.2em; margin: .2em 0 } .note { color: #5b6b7a }
.empty { fill: #e8edf1 } .good { fill: #3c8d5a } .fair { fill: #d9a43b } .bad { fill: #c2503f }
.frame, .ideal, .stroke { fill: none; stroke: #7d8b99 } .ideal { stroke-dasharray: 4 4 } .stroke { stroke: #2f6fab; opacity: .5 }
.dot { fill: #2f6fab; opacity: .65 } svg text { font-size: 11px; fill: #5b6b7a }
.miss { margin: 1em 0; padding: .5em .8em; border-left: 3px solid #c2503f; background: #f7f9fa }
.tiles { display: flex; gap: 1em; flex-wrap: wrap; margin: 1em 0 } .tile { flex: 1; min-width: 200px; background: #f4f7f9; padding: .6em 1em }
.tile b { display: block; font-size: 1.7em; line-height: 1.2 } .pair { display: flex; gap: 2em; flex-wrap: wrap }
.cell-good { background: #dcefe3 } .cell-fair { background: #f7ead0 } .cell-bad { background: #f3d5d0 }
.came { color: #c2503f } .went { color: #3c8d5a }
.whisker { stroke: #2f6fab; stroke-width: 1.5 }
.miss img { max-width: 100%; border: 1px solid #cfd8e0 }
code { overflow-wrap: anywhere }
"""


def html(result: Mapping[str, Any], crops: Sequence[Crop]) -> str:
    """The page, complete."""
    body = [
        f"<h1>Gongkai: what was measured</h1>{_lead(result)}" if "silent" in result else "<h1>Gongkai</h1>"
    ]
    body += [_synthetic(result["synthetic"])] if "synthetic" in result else []
    if "silent" in result:
        body += [
            _changed(result.get("changed", ())),
            _trust(result),
            _shares("All together", result["columns"]),
        ]
        body += [_styles(result["styles"])]
        body += [_shares(f"By {name}", result[name + "s"]) for name in ("form", "fact", "check")]
        body += [_runs(result), _misses(crops)]
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gongkai</title><style>{STYLE}</style>{"".join(body)}</html>'


def _lead(result: Mapping[str, Any]) -> str:
    clean, model = result["clean"], result["model"]
    tiles = [
        _tile(result["silent"], "figures of tables graded sure"),
        _tile(result["silent_prose"], "numbers of the prose graded sure"),
        f'<div class="tile"><b>{clean["reports"]} clean documents</b>{clean["false_alarms"]} false alarms on them</div>',
        f'<div class="tile"><b>{result["documents"]} documents</b>model calls {model["calls"]}, tokens {model["tokens"]}</div>',
    ]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(silent: Mapping[str, Any], what: str) -> str:
    """The size of the sample first, then what was wrong in it."""
    rate = f"rate {_percent(silent['rate'], 3)}, below {_percent(silent['upper'], 3)} with 95 % confidence"
    return (
        f'<div class="tile"><b>{silent["sure"]} {what.split()[0]}</b>{" ".join(what.split()[1:])}, of them '
        f"{silent['wrong']} wrong (silent errors); {rate}</div>"
    )


def _changed(found: Sequence[Mapping[str, Any]]) -> str:
    if not found:
        return ""
    parts = []
    for change in found:
        tallies = "; ".join(
            f"{escape(name)} {was['right']}/{was['truth']} → {now['right']}/{now['truth']}"
            for name, was, now in change["tallies"]
        )
        lists = "".join(
            f'<br><span class="{kind}">{sign} <code>{escape(key)}</code></span>'
            for kind, sign, keys in (("came", "−", change["new"]), ("went", "+", change["gone"]))
            for key in keys[:MOST_CHANGES]
        )
        parts.append(f"<p><b>{escape(change['document'])}</b> {tallies}{lists}</p>")
    return "<h2>What changed</h2>" + "".join(parts)


def _shares(title: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    lines = (
        [escape(name), row["truth"], row["reported"], row["right"], _percent(row["recall"]), plots.bar(row["recall"]),
         _percent(row["precision"]), plots.bar(row["precision"])]
        for name, row in rows.items()
    )  # fmt: skip
    heads = ["", "labelled", "reported", "right", "recall", "", "precision", ""]
    return f"<h2>{escape(title)}</h2>{_table(heads, lines)}" if rows else ""


def _styles(styles: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a style; recall over precision in each cell."""
    names = [name for name in COLUMNS if any(name in rows for rows in styles.values())]
    head = "".join(f"<th>{COLUMNS[name]}</th>" for name in names)
    rows = "".join(
        f"<tr><td>{escape(style)}</td>{''.join(_cell(rows.get(name)) for name in names)}</tr>"
        for style, rows in styles.items()
    )
    note = '<p class="note">recall / precision, and how many are labelled</p>'
    return f"<h2>By style</h2>{note}<table><tr><th></th>{head}</tr>{rows}</table>"


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None or not row["truth"]:
        return "<td></td>"
    worst = min(share for share in (row["recall"], row["precision"]) if share is not None)
    shares = f"{_percent(row['recall'], 1)} / {_percent(row['precision'], 1) or '–'}"
    return f'<td class="cell-{plots.state(worst)}">{shares}<br><span class="note">{row["truth"]}</span></td>'


def _table(heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _trust(result: Mapping[str, Any]) -> str:
    """Stated confidence against the share that was right, for the figures of tables and for the numbers of the prose."""
    sides = (("Figures of tables", "reliability"), ("Numbers of the prose", "reliability_prose"))
    return f'<h2>Confidence</h2><div class="pair">{"".join(_reliability(name, result[key]) for name, key in sides)}</div>'


def _reliability(name: str, bins: Sequence[Mapping[str, Any]]) -> str:
    filled = [each for each in bins if each["figures"]]
    plot = plots.reliability([(b["stated"], b["right"], b["low"], b["figures"]) for b in filled])
    lines = ([f"{b['stated']:.3f}", f"{b['right']:.4f}", f"{b['low']:.4f}", b["figures"]] for b in filled)
    heads = ["stated", "right", "at least (95 %)", "sample"]
    return f"<div><h3>{name}</h3>{plot}{_table(heads, lines)}</div>"


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
        for each in result["missed"][:MOST_PLANTED]
    )  # fmt: skip
    return f"<h2>Planted errors</h2>{kept}{numbers}{kinds}<h2>By check</h2>{codes}<h2>Not found</h2>{missed}"


def _percent(share: float | None, digits: int = 2) -> str:
    return "" if share is None else f"{100 * share:.{digits}f} %"
