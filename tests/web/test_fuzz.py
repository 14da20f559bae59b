"""A short form of `benchmarks/fuzz.py`: requests that nobody would send, against a service of their own."""

from __future__ import annotations

from pathlib import Path

import fuzz
import pytest
from running import Service

MOST_SECONDS = 120  # on a machine that does much else


def test_no_request_is_answered_with_a_fault(good_pdf: bytes, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    with Service(tmp_path, require_keys=1, webhook_private=1, workers=1) as service:
        target = fuzz.Target(service, good_pdf)
        failures, line = fuzz.by_schema(target, MOST_SECONDS, seed=1, brief=True)
        assert not failures, "\n".join(failures)
        assert "22 of 22 operations" in line
        answers = fuzz.by_bytes(target, 100, seed=1)
        assert answers.total() == 100 and answers[400] and answers[200]
        fuzz.gone(target, 5)
        assert target.faults() == []
