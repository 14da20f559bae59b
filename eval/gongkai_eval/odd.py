"""A labelled report in odd words: titles, headings, captions, labels and sentences that no rule knows, and what each of them is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gongkai_eval import amounts
from gongkai_eval.labels import Block, Labelled, Table, sections_of

FILE = Path(__file__).with_name("odd.toml")
What = Literal["names", "words", "said"]
_NUMBER = re.compile(
    r"^(?:第.{1,3}部分[:：\s]*|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]\s*)"
)
_AMOUNT = re.compile(r"^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^-?\d+(?:\.\d+)?$")


@dataclass(slots=True)
class Key:
    """What the odd words are: forms by title, kinds by heading, (form, measure) by caption, (form, line) by label, and what the amounts
    of a sentence state, by the sentence without its amounts. ``levels`` are those of all headings, ``printed`` all numbers of a form."""

    forms: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    measures: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: dict[tuple[str, str], str] = field(default_factory=dict)
    sentences: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)


@cache
def wordings() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def oddly(report: Labelled, seed: int, what: What) -> tuple[Labelled, Key]:
    """``report`` with the wordings of ``seed``: ``names`` are titles and headings, ``words`` captions and labels, ``said`` sentences."""
    key = Key(
        levels={
            amounts.normal(block.text): block.level for block in report.blocks if block.kind == "heading"
        },
        printed={amounts.normal(text) for table in report.tables for row in table.grid.rows for text in row},
    )
    if what == "names":
        tables = tuple(_retitled(table, seed, key) for table in report.tables)
        blocks = _reheaded(report, seed, key)
    elif what == "words":
        tables, blocks = tuple(_reworded(table, seed, key) for table in report.tables), report.blocks
    else:
        tables, blocks = report.tables, _retold(report, seed, key)
    changed = replace(
        report,
        id=f"{report.id}+{what}{seed}",
        tables=tables,
        blocks=blocks,
        sections=sections_of(blocks),
        pdf_sha256=(),
    )
    return changed, key


def _retitled(table: Table, seed: int, key: Key) -> Table:
    known = wordings()["titles"].get(table.form)
    if known is None or table.state == "nil":
        return table
    title = known[seed % len(known)]
    key.forms[amounts.normal(title)] = table.form
    return replace(table, title=title)


def _reheaded(report: Labelled, seed: int, key: Key) -> tuple[Block, ...]:
    """Headings of the usual kinds (not those that only repeat a title), in the contents too; and the new titles in the contents."""
    new: dict[str, str] = {}
    used: set[str] = set()
    for block in report.blocks:
        known = wordings()["headings"].get(block.section)
        if block.kind == "heading" and block.level == 2 and known and block.section not in used:
            used.add(block.section)
            number = _NUMBER.match(block.text)
            odd = known[seed % len(known)]
            new[amounts.normal(block.text)] = (number[0] if number else "") + odd
            key.kinds[odd] = block.section
    for table in report.tables:
        known = wordings()["titles"].get(table.form)
        if known and table.state != "nil":
            new[amounts.normal(table.title)] = known[seed % len(known)]
    return tuple(_renamed(block, new) for block in report.blocks)


def _renamed(block: Block, new: Mapping[str, str]) -> Block:
    plain = amounts.normal(block.text)
    if plain in new:
        return replace(block, text=new[plain])
    number = _NUMBER.match(block.text)
    rest = amounts.normal(block.text[number.end() :]) if number else ""
    if block.kind == "heading" or block.part == "contents":
        return replace(block, text=number[0] + new[rest]) if number and rest in new else block
    return block


def _reworded(table: Table, seed: int, key: Key) -> Table:
    cells = {}
    for entry in wordings()["column"]:
        if entry["form"] == table.form:
            odd = entry["odd"][seed % 2]
            cells[entry["caption"]] = odd
            key.measures[table.form, odd] = entry["measure"]
    for entry in wordings()["row"]:
        if entry["form"] == table.form:
            odd = entry["odd"][seed % 2]
            cells[entry["label"]] = odd
            key.lines[table.form, odd] = entry["line"]
    rows = tuple(tuple(cells.get(amounts.normal(text), text) for text in row) for row in table.grid.rows)
    return replace(table, grid=replace(table.grid, rows=rows))


def _retold(report: Labelled, seed: int, key: Key) -> tuple[Block, ...]:
    """A sentence more at the end of the sections for which there is one."""
    told: list[Block] = []
    pending: list[Block] = []
    for block in report.blocks:
        if block.kind == "heading":
            told += pending
            pending = [
                Block(part=block.part, kind="paragraph", text=text)
                for entry in wordings()["sentence"]
                if entry["section"] == block.section and (text := _sentence(report, entry, seed, key))
            ]
        told.append(block)
    return (*told, *pending)


def _sentence(report: Labelled, entry: Mapping[str, Any], seed: int, key: Key) -> str:
    amount = _beside(report, entry["form"], entry["label"])
    if not amount:
        return ""
    text: str = entry["odd"][seed % 2]
    key.sentences[text.partition("{")[0]] = entry["amounts"]
    return text.format(amount)


def _beside(report: Labelled, form: str, label: str) -> str:
    """The first amount right of a label, as printed in the tables of a form, with their unit."""
    for table in report.tables:
        for row in table.grid.rows if table.form == form else ():
            plain = [amounts.normal(text) for text in row]
            if label in plain:
                values = zip(plain, table.grid.columns, strict=True)
                after = list(values)[plain.index(label) + 1 :]
                return next(
                    (text + table.unit for text, column in after if column and _AMOUNT.match(text)), ""
                )
    return ""
