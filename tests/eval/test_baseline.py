"""The committed baseline holds, both ways, for what any machine can typeset: what fails is listed, what is listed fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongkai_eval import baseline, labels, runner

HOME = Path(__file__).parents[2] / "eval"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["huaihua_yibao_center_2021", "shuozhou_yibao_center_2022"])
def test_a_seed_is_as_the_baseline_says(name: str, tmp_path: Path) -> None:
    folder = HOME / "reports" / name
    score, _, report = runner.observe(runner.Task(labels.load(folder), "word", (), folder), tmp_path)
    assert report is not None, score.error
    known = baseline.load(HOME / "baseline.json")
    assert baseline.compare(known, [score]) == [], (
        "repair what is worse; if all of it is better: gongkai eval --write-baseline"
    )
