from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_eval import labels

REPORTS = Path(__file__).parent / "reports"


@pytest.fixture(scope="session")
def labelled() -> labels.Labelled:
    return labels.load(REPORTS / "yunxi_water_2022")
