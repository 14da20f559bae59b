"""The published report that the exports are tried on, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

import gongkai
from gongkai.report import Report

SAMPLE = Path(__file__).parents[2] / "eval" / "samples" / "zhuzhou_2022.pdf"


@pytest.fixture(scope="session")
def sample() -> Report:
    """株洲市医疗保障事务中心 2022, with every check."""
    return gongkai.read(SAMPLE, all_checks=True)
