"""Two builds that may read differently have different names."""

from __future__ import annotations

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from gongkai import assets, build, options, read


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as a wheel lays it out, in place of the one that runs."""
    package = tmp_path / "gongkai"
    shutil.copytree(build.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "_data"))
    for folder in build.GIVEN:
        shutil.copytree(assets.path(folder), package / "_data" / folder)
    monkeypatch.setattr(build, "PACKAGE", package)
    monkeypatch.setattr(assets, "_ROOTS", (package / "_data",))
    return package


def test_a_result_says_which_build_made_it_and_hangs_on_it(good_pdf: bytes) -> None:
    assert re.fullmatch(re.escape(version("gongkai")) + r"\+[0-9a-f]{8}", build.name())
    assert read(good_pdf).pipeline_version == build.name() == options.current()["pipeline"]


def test_a_wheel_is_the_same_build_as_its_checkout(copied: Path) -> None:
    assert build.name.__wrapped__() == build.name()
    (copied / "__pycache__").mkdir()
    (copied / "__pycache__" / "money.pyc").write_bytes(b"x")
    assert build.name.__wrapped__() == build.name()


@pytest.mark.parametrize(
    "changed", ["money.py", "forms/income.toml", "_data/prompts/*.md", "_data/schemas/llm/*.json"]
)
def test_another_rule_table_prompt_or_schema_is_another_build(copied: Path, changed: str) -> None:
    file = next(iter(sorted(copied.glob(changed))))
    file.write_bytes(file.read_bytes() + b"\n")
    assert build.name.__wrapped__() != build.name()
