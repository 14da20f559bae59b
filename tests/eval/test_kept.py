"""What was read is kept for as long as nothing changes that reads pages, and no longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import gongkai
from gongkai_eval import kept

SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"


@pytest.fixture
def fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The fingerprint of the page reader with another text in one file of the package."""
    home = tmp_path / "gongkai"
    shutil.copytree(Path(gongkai.__file__).parent, home)
    monkeypatch.setattr(gongkai, "__file__", str(home / "__init__.py"))

    def changed(name: str) -> str:
        (home / name).write_text((home / name).read_text() + "\n# another text\n")
        kept.page_reader.cache_clear()
        return kept.page_reader()

    yield changed
    kept.page_reader.cache_clear()


def test_what_reads_pages_is_known_and_nothing_else(fingerprint) -> None:  # type: ignore[no-untyped-def]
    kept.page_reader.cache_clear()
    before = kept.page_reader()
    for name in ("assist/choosing.py", "repair.py", "llm/door.py", "checks/equations.py", "jobs/__init__.py"):
        assert fingerprint(name) == before, name
    for name in ("ocr/cells.py", "layout/grid.py", "pages.py", "fonts.toml", "narrative/kinds.toml"):
        after = fingerprint(name)
        assert after != before, name
        before = after


def test_a_page_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.drafted([SAMPLE], tmp_path)
    monkeypatch.setattr("gongkai.reading.read_through", lambda *_: pytest.fail("read again"))
    assert kept.drafted([SAMPLE], tmp_path) == first
