"""``gongkai batch`` with a model: it is asked once for the run, and its record answers in its place."""

from __future__ import annotations

import json
from pathlib import Path

import llm_odd as odd
import pytest
from llm_scripted import obedient, serving

from gongkai import cli


def reports(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((out / "reports").glob("*.json"))]


def test_a_batch_asks_and_a_record_of_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "odd.pdf").write_bytes(odd.pdf())
    record, base = tmp_path / "record.jsonl", ["batch", str(tmp_path / "pdf"), "--workers", "1", "--out"]
    with serving(obedient) as script:
        monkeypatch.setenv("GONGKAI_LLM_BASE_URL", script.url)
        monkeypatch.setenv("GONGKAI_LLM_MODEL", "m")
        assert cli.main([*base, str(tmp_path / "asked"), "--record", str(record)]) == 0
        calls = len(script.requests)
        assert cli.main([*base, str(tmp_path / "replayed"), "--replay", str(record)]) == 0
        assert calls and len(script.requests) == calls
    (first,), (second,) = reports(tmp_path / "asked"), reports(tmp_path / "replayed")
    assert first == second
    assert "unknown" not in {form["form"] for form in json.loads(first)["forms"]}
    record.write_text("{}\n")
    assert cli.main([*base, str(tmp_path / "bad"), "--replay", str(record)]) == 2
