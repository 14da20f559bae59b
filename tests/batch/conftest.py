"""Small disclosures made on the spot, each with a name of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def disclosed() -> Make:
    """Writes a PDF of a body: a cover, one section of prose and one ruled table (or either alone)."""

    def make(
        path: Path,
        name: str,
        *,
        year: int = 2023,
        amount: str = "1,208.44",
        prose: bool = True,
        table: bool = True,
    ) -> Path:
        document = pymupdf.open()
        page = document.new_page()
        lines = [f"{name}{year}年度部门决算"]
        lines += ["第一部分 部门概况", "一、部门职责", f"{name}负责有关工作。"] if prose else []
        for index, line in enumerate(lines):
            page.insert_text((72, 90 + 30 * index), line, fontname="china-s", fontsize=14)
        if table:
            _table(document.new_page(), amount)
        document.set_metadata({"title": "某某省财政厅2001年度部门预算", "author": "某某省财政厅"})
        path.parent.mkdir(parents=True, exist_ok=True)
        document.save(path)
        document.close()
        return path

    return make


def _table(page: pymupdf.Page, amount: str) -> None:
    page.insert_text((200, 60), "收入决算表", fontname="china-s", fontsize=16)
    page.insert_text((420, 80), "单位：万元", fontname="china-s", fontsize=10)
    rows = [
        ("功能分类科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "其他收入"),
        ("", "合计", amount, amount, "0.00", "0.00"),
        ("208", "社会保障和就业支出", amount, amount, "0.00", "0.00"),
    ]
    for row in range(len(rows) + 1):
        page.draw_line((72, 90 + 24 * row), (552, 90 + 24 * row))
    for column in range(7):
        page.draw_line((72 + 80 * column, 90), (72 + 80 * column, 90 + 24 * len(rows)))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            page.insert_text((75 + 80 * column, 106 + 24 * row), text, fontname="china-s", fontsize=8)
