from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pymupdf
import pytest

from gongkai.report import Source
from gongkai_eval import evidence, page, plots, rendering
from gongkai_eval.evidence import Crop, Evidence
from gongkai_eval.scorer import Miss, Score, Tally


def seen(
    silent: int = 0,
    trust: tuple[tuple[float, bool, bool, int], ...] = (
        (0.99, True, True, 99),
        (0.99, False, True, 1),
        (0.4, False, False, 2),
    ),
    clean: bool = False,
    crops: int = 0,
) -> Evidence:
    miss = Miss("income#1|合计|1", "<b>1,196.83</b> 万元", "1196.38 万元")
    return Evidence(
        Score("one/web", {"numeric": Tally(10, 10, 9)}, (miss,), silent),
        "web", 1.5, 100.0, 3, {"income": Tally(10, 10, 9)}, {"total.change": Tally(4, 5, 4)},
        {"T01-BAL": Tally(2, 3, 2)}, trust,
        tuple(Crop(f"one/web {number}", miss, 1, "AAAA" if number % 2 else "") for number in range(crops)), clean,
    )  # fmt: skip


def test_the_silent_errors_come_first_with_the_size_of_the_sample(tmp_path: Path) -> None:
    page.write(tmp_path / "page.html", [seen(silent=1)])
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>100 figures</b>of tables graded sure, of them 1 wrong (silent errors)" in text
    assert text.index("silent errors") < text.index("<table")
    result = json.loads((tmp_path / "page.html.json").read_text(encoding="utf-8"))
    assert next(iter(result["silent"])) == "wrong" and result["silent"]["rate"] == 0.01
    assert 0.01 < result["silent"]["upper"] < 0.06


def test_no_error_seen_is_not_no_error() -> None:
    result = page.figures([seen(trust=((0.999, True, True, 3000),))])
    assert result["silent"] == {"wrong": 0, "sure": 3000, "rate": 0.0, "upper": 0.001}
    assert page._upper(0, 0) is None


def test_the_page_needs_no_other_file_and_escapes_what_it_shows() -> None:
    text = rendering.html(page.figures([seen(crops=3)]), list(page._chosen([seen(crops=3)])))
    assert not re.search(r"https?://|<script|<link|url\(", text)
    assert all(source.startswith("data:") for source in re.findall(r'src="([^"]+)', text))
    assert "&lt;b&gt;1,196.83&lt;/b&gt;" in text and "<b>1,196.83</b>" not in text


def test_misses_with_a_picture_come_first_and_are_few() -> None:
    crops = list(page._chosen([seen(crops=60)]))
    assert len(crops) == page.MOST_CROPS
    assert [bool(crop.png) for crop in crops] == [True] * 30 + [False] * 10


def test_confidences_are_binned_with_what_was_right() -> None:
    bins = {each["from"]: each for each in page.figures([seen()])["reliability"]}
    assert (bins[0.99]["figures"], bins[0.99]["right"]) == (100, 0.99)
    assert bins[0.99]["stated"] == pytest.approx(0.99)
    assert (bins[0.0]["figures"], bins[0.0]["right"]) == (2, 0.0)
    assert bins[0.95]["stated"] is None
    assert sum(each["figures"] for each in bins.values()) == 102


def test_false_alarms_are_counted_on_clean_reports_alone() -> None:
    result = page.figures([seen(clean=True), seen(clean=False)])
    assert result["clean"] == {"reports": 1, "false_alarms": 1, "per_report": 1.0}
    assert result["forms"]["income"] == {
        "truth": 20, "reported": 20, "right": 18, "recall": 0.9, "precision": 0.9,
    }  # fmt: skip
    assert result["styles"]["web"]["numeric"]["truth"] == 20


def test_the_synthetic_half_alone_makes_a_page(tmp_path: Path) -> None:
    half = {
        "totals": {"recall": 0.5},
        "targets": {"recall >= 0.98": False},
        "kinds": [
            {
                "kind": "stale_year",
                "checked": False,
                "planted": 2,
                "found": 1,
                "false": 0,
                "codes": ["YEAR-MISMATCH"],
            }
        ],
        "codes": [{"code": "YEAR-MISMATCH", "told": 2, "true": 1}],
        "missed": [
            {
                "kind": "stale_year",
                "name": "1/web/stale_year",
                "blame": "checks",
                "planted": ["a → b"],
                "page": 3,
                "png": "AAAA",
            }
        ],
    }
    page.write(tmp_path / "page.html", [], half)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (
        "stale_year (no check in force)" in text
        and "missed" in text
        and "a → b" in text
        and "base64,AAAA" in text
    )


def test_plots_put_numbers_where_they_belong() -> None:
    plot = plots.reliability([(1.0, 1.0, 0.97, 100), (0.0, 0.5, 0.1, 1)])
    places = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', plot)]
    assert places == [(plots.EDGE + plots.SIZE, plots.EDGE), (plots.EDGE, plots.EDGE + plots.SIZE / 2)]
    assert 'width="60.0"' in plots.bar(0.5) and plots.bar(None) == ""
    assert plots.strip([], "s").count("stroke") == 0


def test_a_crop_shows_the_surroundings_of_the_place(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    with pymupdf.open() as pdf:
        pdf.new_page().insert_text((100, 100), "1,196.83")
        pdf.save(path)
    number, png = evidence.picture({"d": path}, Source("d", 1, (100, 90, 150, 104)))
    image = pymupdf.Pixmap(b64decode(png))
    assert number == 1 and 0 < image.height < 150 and min(image.samples) < 100
    assert evidence.picture({}, Source("d", 4, (0, 0, 1, 1))) == (4, "")
    found = evidence._searched(Miss("income#1|合计|1", "1,196.83 万元", ""), {"d": path})
    assert found and found.page == 1 and found.bbox[0] == pytest.approx(100, abs=1)
