"""`gongkai serve` and `gongkai worker` as processes killed from outside, in a short form; ``benchmarks/kills.py`` has the full sizes."""

from __future__ import annotations

import random
from pathlib import Path

import kills


def test_workers_die_and_every_report_is_done_once(database: str) -> None:
    assert "each done once" in kills.workers(database, 15, 2, random.Random(1))


def test_the_process_that_takes_in_dies(database: str) -> None:
    assert "each done once" in kills.api(database, 8, 1, random.Random(2))


def test_the_only_process_dies(tmp_path: Path) -> None:
    assert "each done once" in kills.alone(tmp_path, 8, 2, random.Random(3))


def test_an_upload_is_kept_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    assert "no rubbish" in kills.uploads(tmp_path, 2, random.Random(4))


def test_cancel_and_delete_are_done_or_not(database: str) -> None:
    assert "none half done" in kills.ends(database, 2, random.Random(5))
