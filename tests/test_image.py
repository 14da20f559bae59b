"""What the Dockerfile takes from the source tree is there, and `.dockerignore` lets it through."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_what_the_image_copies_is_sent_to_the_engine() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = [source.removeprefix("./") for line in copied for source in line.split()]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*" and len(sources) > 5
    assert {source for source in sources if f"!{source}" not in ignored} == set()
    assert {source for source in sources if not (ROOT / source).exists()} == set()
