from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pymupdf
import pytest

from gongkai_eval import runner, typesetter
from gongkai_eval.amounts import normal
from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import plan, sheet, web, word

REPORTS = Path(__file__).parent / "reports"
PROGRAMS = {"word": "soffice", "sheet": "soffice", "web": "chromium", "lined": "chromium"}


def test_a_table_takes_the_room_it_needs(labelled: Labelled) -> None:
    narrow, wide = labelled.tables[0].grid, labelled.tables[2].grid
    upright = plan.plan(narrow, 156.0, 247.0, (10.5, 9.0, 8.0), 9.0)
    turned = plan.plan(wide, 100.0, 247.0, (10.5, 9.0, 8.0), 9.0)
    assert (upright.landscape, turned.landscape) == (False, True)
    assert sum(upright.widths) == pytest.approx(156.0, abs=0.1)
    assert plan.height(narrow, 3, upright) > plan.height(narrow, 6, upright)  # a label that wraps


def test_alignment(labelled: Labelled) -> None:
    grid = labelled.tables[1].grid
    sides = {normal(span.text): plan.align(grid, span) for span in grid.spans() if span.row >= grid.head}
    assert (sides["合计"], sides["208"], sides["水利"], sides["1,222.90"]) == (
        "center",
        "start",
        "start",
        "end",
    )


def test_every_style_writes_every_text(labelled: Labelled) -> None:
    entries = list(sheet._entries(labelled, tuple(b for b in labelled.blocks if b.kind == "table")))
    cells = {normal(span.text) for table in labelled.tables for span in table.grid.spans()}
    for written in (word.document(labelled, labelled.blocks), sheet.workbook(entries)):
        assert cells <= {normal("".join(node.itertext())) for node in ElementTree.fromstring(written).iter()}
    page = web.page(labelled, web.STYLE)
    assert all(f">{block.text}<" in page for block in labelled.blocks if block.kind == "heading")


def test_small_neighbours_share_a_sheet(labelled: Labelled) -> None:
    run = tuple(block for block in labelled.blocks if block.kind == "table")
    groups = [
        [entry.table.number for entry in group] for group in sheet._pairs(list(sheet._entries(labelled, run)))
    ]
    assert groups == [["01"], ["02"], ["03", "04"]]


@pytest.mark.parametrize("style", sorted(typesetter.STYLES))
def test_a_style_prints_the_whole_report(labelled: Labelled, style: str, tmp_path: Path) -> None:
    if not shutil.which(PROGRAMS[style]):
        pytest.skip(f"{PROGRAMS[style]} is not installed")
    target = tmp_path / "report.pdf"
    typesetter.STYLES[style](labelled, target)
    with pymupdf.open(target) as document:
        printed = normal("".join(page.get_text() for page in document))
        assert not any(document.metadata[name] for name in ("creationDate", "modDate", "producer"))
    for cell in labelled.truth():
        assert normal(cell.printed) in printed
    for table in labelled.tables:
        assert all(normal(piece) in printed for piece in (table.printed_number, table.year_line))


def test_the_command_scores_and_keeps_a_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise ValueError("nothing here can be read")

    monkeypatch.setattr("gongkai.read", unreadable)
    monkeypatch.setitem(typesetter.STYLES, "plain", lambda report, target: target.write_text(report.id))
    parser = argparse.ArgumentParser()
    runner.register(parser.add_subparsers())
    arguments = ["eval", "--reports", str(REPORTS), "--styles", "plain", "--cache", str(tmp_path / "cache")]
    arguments += [
        "--baseline",
        str(tmp_path / "baseline.json"),
        "--out",
        str(tmp_path / "results" / "all.json"),
    ]

    def evaluate(*more: str) -> int:
        options = parser.parse_args([*arguments, *more])
        code: int = options.run(options)
        return code

    assert evaluate() == 1
    said = capsys.readouterr()
    assert "yunxi_water_2022/plain" in said.out and "nothing here can be read" in said.err
    assert evaluate("--write-baseline") == 0
    assert evaluate() == 0
    assert len(list((tmp_path / "cache").glob("*.pdf"))) == 1
    assert "nothing here can be read" in (tmp_path / "results" / "all.json").read_text(encoding="utf-8")
    assert evaluate("--only", "no such report") == 2
