"""Damaged files cost themselves alone: forty of those that ``benchmarks/mutated.py`` makes by the thousand."""

from __future__ import annotations

import random
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pymupdf
import pytest
from lying import ROMAN, typeset

from gongkai.pdf import File
from gongkai.report import Report
from gongkai.sandbox import Sandbox
from gongkai.scans import read_through
from gongkai.settings import Limits, Settings
from gongkai.steps import Step

COUNT = 40


@pytest.fixture(scope="module")
def mutated() -> ModuleType:
    spec = spec_from_file_location("mutated", Path(__file__).parents[1] / "benchmarks" / "mutated.py")
    assert spec and spec.loader
    module = sys.modules["mutated"] = module_from_spec(spec)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_forty_damaged_files_are_read_or_refused_and_the_next_is_served(
    mutated: ModuleType, good_pdf: bytes
) -> None:
    tally = mutated.Tally()
    originals = (good_pdf, typeset({}))
    with Sandbox(Settings(workers=1, limits=Limits(seconds=30))) as sandbox:
        for number in range(COUNT):
            data = mutated.mutated(originals[number % 2], random.Random(number))
            mutated.tried(sandbox, f"{number}", data, tally, 60.0)
        served = Step.from_bytes(sandbox.run([("good.pdf", good_pdf)])).result
        assert served is not None
        last = Report.from_json(served.report)
    assert not tally.faults
    assert tally.outcomes.total() == COUNT and tally.outcomes["report"] > 0
    assert len(last.documents[0].pages) == 2


def test_every_mutation_changes_the_file_and_the_same_seed_does_it_alike(
    mutated: ModuleType, good_pdf: bytes
) -> None:
    for mutation in mutated.MUTATIONS:
        made = {mutation(good_pdf, random.Random(seed)) for seed in range(8)}
        assert made - {good_pdf}, mutation.__name__
        assert mutation(good_pdf, random.Random(3)) == mutation(good_pdf, random.Random(3))


def test_a_damaged_file_is_looked_at_without_display_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> object:
        raise AssertionError("a display list may end the process")

    whole = typeset({ROMAN: dict(zip("0123456789", "7301925846", strict=True))})
    damaged = whole[: whole.rindex(b"startxref")]
    monkeypatch.setattr(pymupdf.Page, "get_displaylist", burst)
    with File(damaged, "d", 9) as file:
        read = read_through(file)
        assert file.render(1, 1.0).width == 595
    assert "1,208.44" in [word.text for word in read.pages[0].words]
    assert read.pages[0].health == ("repaired", "digits_swapped")
