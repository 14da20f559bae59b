"""What several tests need: small PDFs made on the spot, and a sandbox whose children run :mod:`child_stub`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pgserver
import pymupdf
import pytest
from receiver import Receiver

from gongkai.jobs import Jobs
from gongkai.sandbox import Sandbox
from gongkai.settings import MIB, Limits, Settings

STUB = "child_stub:read"
SMALL = Settings(
    workers=1,
    queue=100,
    child_documents=50,
    child_growth_bytes=64 * MIB,
    limits=Limits(seconds=10, seconds_per_page=1, memory_bytes=256 * MIB, max_upload_bytes=MIB, max_files=3),
)


@pytest.fixture
def stubs() -> Iterator[Callable[..., Sandbox]]:
    """Makes sandboxes of stubs with small limits; keywords replace fields of ``Settings`` or of its limits."""
    made: list[Sandbox] = []

    def make(**changes: int) -> Sandbox:
        of_limits = {name: value for name, value in changes.items() if name in Limits.__dataclass_fields__}
        own = {name: value for name, value in changes.items() if name not in of_limits}
        settings = replace(SMALL, limits=replace(SMALL.limits, **of_limits), **own)
        made.append(Sandbox(settings, target=STUB))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.close()


@pytest.fixture
def serving(stubs: Callable[..., Sandbox], tmp_path: Path) -> Iterator[Callable[..., Jobs]]:
    """Opens the jobs of a data directory of its own (or of the database that is given), read by stubs."""
    with ExitStack() as opened:

        def make(database_url: str = "", **changes: int) -> Jobs:
            sandbox = stubs(**changes)
            settings = replace(sandbox.settings, data_dir=tmp_path, database_url=database_url)
            return opened.enter_context(Jobs(settings, sandbox=sandbox))

        yield make


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who is told of changes."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[pgserver.Server]:
    """A PostgreSQL server of this run's own; without PostgreSQL, tests that need one are skipped."""
    if pgserver.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    with pgserver.server("fsync=off") as made:
        yield made


@pytest.fixture
def database(postgres_server: pgserver.Server) -> str:
    """The address of an empty PostgreSQL database."""
    return postgres_server.database()


@pytest.fixture(scope="session")
def good_pdf() -> bytes:
    """A page of prose and a page with one ruled table."""
    document = pymupdf.open()
    page = document.new_page()
    lines = ["某某市某某局2023年度部门决算", "第一部分 部门概况", "一、部门职责", "某某局负责某某工作。"]
    for index, line in enumerate(lines):
        page.insert_text((72, 90 + 30 * index), line, fontname="china-s", fontsize=14)
    _table(document.new_page())
    data: bytes = document.tobytes()
    document.close()
    return data


def _table(page: pymupdf.Page) -> None:
    page.insert_text((200, 60), "收入决算表", fontname="china-s", fontsize=16)
    page.insert_text((420, 80), "单位：万元", fontname="china-s", fontsize=10)
    rows = [
        ("功能分类科目编码", "科目名称", "本年收入合计"),
        ("", "合计", "1,208.44"),
        ("208", "社会保障", "1,208.44"),
    ]
    for row in range(len(rows) + 1):
        page.draw_line((72, 90 + 24 * row), (522, 90 + 24 * row))
    for column in range(4):
        page.draw_line((72 + 150 * column, 90), (72 + 150 * column, 90 + 24 * len(rows)))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            page.insert_text((78 + 150 * column, 106 + 24 * row), text, fontname="china-s", fontsize=10)
