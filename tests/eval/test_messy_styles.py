from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from gongkai_eval import typesetter
from gongkai_eval.amounts import normal
from gongkai_eval.labels import Labelled
from gongkai_eval.typesetter import messy, office
from gongkai_eval.typesetter.plan import plan

Typeset = Callable[[str], pymupdf.Document]
#: their text layer says each cell in one piece, as the label does
PLAIN = (
    "borderless",
    "borderless_sheet",
    "threeline",
    "fills",
    "fills_web",
    "rotated",
    "continued_right",
    "hidden",
)


@pytest.fixture
def typeset(labelled: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typeset:
    """Renders a style (scans coarser than they are, to be quick); skips where its program or library is not installed."""

    def made(style: str) -> pymupdf.Document:
        try:
            for press in (messy.load("scan").Scan, messy.load("scan").Poor) if "scan" in style else ():
                monkeypatch.setattr(press, "copier", replace(press.copier, dpi=72))
            messy.render(style, labelled, tmp_path / f"{style}.pdf")
        except office.TypesettingError as error:
            pytest.skip(str(error))
        return pymupdf.open(tmp_path / f"{style}.pdf")

    return made


def text(document: pymupdf.Document) -> str:
    return normal("".join(page.get_text() for page in document))


def pixels(document: pymupdf.Document) -> list[bytes]:
    return [page.get_pixmap(dpi=120).samples for page in document]


def drawn(document: pymupdf.Document) -> str:
    """Every glyph that is drawn, also where MuPDF's own text extraction takes a copy for fake bold."""
    traces = [trace for page in document for trace in page.get_texttrace()]
    return "".join(chr(glyph[0]) for trace in traces for glyph in trace["chars"])


def test_messy_stands_for_all_of_them_and_is_never_the_default() -> None:
    assert typesetter.named("word,messy") == ["word", *messy.STYLES]
    assert not set(typesetter.STYLES) & set(messy.STYLES)
    with pytest.raises(ValueError, match="no style 'tidy'"):
        typesetter.named("word,tidy")


@pytest.mark.parametrize("style", messy.STYLES)
def test_the_same_report_gives_the_same_bytes(
    labelled: Labelled, style: str, typeset: Typeset, tmp_path: Path
) -> None:
    first = typeset(style)
    assert len(first) > 2 and not any(
        first.metadata[name] for name in ("creationDate", "modDate", "producer")
    )
    messy.render(style, labelled, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / f"{style}.pdf").read_bytes()


@pytest.mark.parametrize("style", PLAIN)
def test_every_figure_is_printed(labelled: Labelled, style: str, typeset: Typeset) -> None:
    printed = text(typeset(style))
    assert all(normal(cell.printed) in printed for cell in labelled.truth())


@pytest.mark.parametrize(("style", "said"), [("fakebold", "合合计计"), ("fakebold_runs", "合计合计")])
def test_fake_bold_says_it_again(style: str, said: str, typeset: Typeset) -> None:
    assert said in drawn(typeset(style)).replace(" ", "")


def test_turned_pages(typeset: Typeset, monkeypatch: pytest.MonkeyPatch) -> None:
    press = messy.load("rotated").Rotated
    usual = press.plan
    monkeypatch.setattr(press, "plan", lambda self, table: replace(usual(self, table), landscape=True))
    rotated, sideways = typeset("rotated"), typeset("sideways")
    assert {page.rotation for page in rotated} >= {0, 90}
    assert directions(rotated) == {(1, 0)}
    assert directions(sideways) & {(0, 1), (0, -1)}


def directions(document: pymupdf.Document) -> set[tuple[int, int]]:
    """How the lines run on the pages as they are displayed."""
    found = set()
    for page in document:
        turn = page.rotation_matrix
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                x, y = line["dir"]
                found.add((round(x * turn.a + y * turn.c), round(x * turn.b + y * turn.d)))
    return found


def test_nothing_hidden_is_seen(typeset: Typeset, monkeypatch: pytest.MonkeyPatch) -> None:
    chops = pytest.importorskip("PIL.ImageChops")
    usual = typeset("hidden")
    hidden = messy.load("hidden")
    monkeypatch.setattr(hidden, "SHARE", 1.0)
    spoiled = typeset("hidden")
    assert len(text(spoiled)) > len(text(usual))
    monkeypatch.setattr(hidden.Hidden, "_hide", lambda *_: None)
    without = typeset("hidden")
    for page, clean in zip(spoiled, without, strict=True):
        difference = chops.difference(picture(page), picture(clean))
        assert max(high for _, high in difference.getextrema()) < 40  # less than a hair of grey


def picture(page: pymupdf.Page) -> Any:
    pixmap = page.get_pixmap(dpi=150)
    return pytest.importorskip("PIL.Image").frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def test_garbled_pages_look_right(typeset: Typeset, labelled: Labelled) -> None:
    garbled, digits = typeset("garbled"), typeset("garbled_digits")
    printed = [normal(cell.printed) for cell in labelled.truth() if cell.state == "value"]
    assert not all(figure in text(garbled) for figure in printed)
    assert not all(figure in text(digits) for figure in printed)
    assert pixels(garbled) == pixels(digits)


def test_scans_have_no_text_but_what_a_bad_ocr_left(typeset: Typeset, labelled: Labelled) -> None:
    figure = max((normal(cell.printed) for cell in labelled.truth()), key=len)
    assert text(typeset("scan")) == text(typeset("scan_poor")) == ""
    tables = text(typeset("scan_tables"))
    assert figure not in tables and normal(labelled.tables[0].title) in tables
    layered = typeset("scan_ocr")
    assert len(text(layered)) > 500
    assert all(len(page.get_images()) == 1 for page in layered)


def test_what_a_cut_divides_is_set_whole(labelled: Labelled) -> None:
    strip = pytest.importorskip("gongkai_eval.typesetter.messy.strip")
    grid = labelled.tables[0].grid
    layout = plan(grid, 90.0, 90.0, (10.0,), 4.0)
    try:
        laid = strip.lay(grid, layout, "song")
    except office.TypesettingError as error:
        pytest.skip(str(error))
    rows = [y for y in laid.ys if y > laid.head_height]
    cuts = laid.cut(rows[0] + 1.5 * laid.leading, 200.0, inside=True)
    assert cuts[-1] == laid.height and any(cut not in laid.ys for cut in cuts)
    for cell in laid.cells:
        placed = list(laid.baselines(cell, cuts))
        assert [line for _, line in placed] == list(cell.lines)
        assert [y for y, _ in placed] == sorted(y for y, _ in placed)


def test_wrapping() -> None:
    strip = pytest.importorskip("gongkai_eval.typesetter.messy.strip")
    try:
        lines = strip.wrap("一般公共预算，财政（11,229.01）拨款", 62.0, "song", 10.0)
    except office.TypesettingError as error:
        pytest.skip(str(error))
    assert "".join(lines) == "一般公共预算，财政（11,229.01）拨款"
    assert not any(line[0] in strip.NOT_FIRST or line[-1] in strip.NOT_LAST for line in lines)
    assert any("11,229.01" in line for line in lines)
    assert strip.wrap("11,229.01", 30.0, "song", 10.0, breaks=True)[0] != "11,229.01"
