"""The project's own house: the pages for users lead somewhere, and the set-up fetches what was pinned and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongkai
from gongkai import show

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "eval" / "README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    headings = {
        re.sub(r"[^\w-]", "", h.lower().replace(" ", "-"))
        for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_the_first_two_commands_are_the_whole_set_up() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [
        line.split("#")[0].split() for line in readme.split("```sh\n")[1].splitlines() if line.strip()
    ]
    assert commands[:2] == [["make", "run"], ["make", "test"]]


def test_the_sample_in_the_readme_is_what_comes_out() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]
    report = gongkai.read(ROOT / "eval" / "samples" / "zhuzhou_2022.pdf")
    printed = "\n".join(show.report(report))
    for line in filter(None, shown.splitlines()):
        for part in filter(None, line.split("…")):
            pattern = re.sub(r"\d+", r"\\d+", re.escape(part)) if part.startswith("核对") else re.escape(part)
            assert re.search(pattern, printed), part


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_by_hash_and_no_host_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = text.replace("\\\n", " ").splitlines()
    assert len(pins) > 10
    assert all(re.match(r"[a-z0-9-]+==\S+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+$", pin) for pin in pins)
    assert not re.search(r"://|--index|--find-links|@ ", text)


def test_both_sets_of_pins_agree() -> None:
    own, dev = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert own.items() <= dev.items()


def test_the_licence_is_the_whole_agpl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text
