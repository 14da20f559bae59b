"""A labelled report in odd words: titles, headings, captions, labels and sentences that no rule knows, and what each of them is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gongkai_eval import amounts
from gongkai_eval.labels import Block, Labelled, Table, sections_of
from gongkai_eval.records import RecordTruth

FILE = Path(__file__).with_name("odd.toml")
What = Literal["names", "words", "said", "gaps", "shapes", "plain", "withheld"]
PLAIN = ("plain", "withheld")
_NUMBER = re.compile(
    r"^(?:第.{1,3}部分[:：\s]*|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]\s*)"
)
ROLES = {
    "level1": "level_1",
    "level2": "level_2",
    "level3": "indicator",
    "target": "target",
    "actual": "actual",
    "points": "points",
    "score": "score",
}  # of a labelled record, as the task calls them
_AMOUNT = re.compile(r"^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^-?\d+(?:\.\d+)?$")


@dataclass(slots=True)
class Key:
    """What the odd words are: forms by title, kinds by heading, (form, measure) by caption, (form, line) by label, and what the amounts
    of a sentence state, by the sentence without its amounts. ``levels`` are those of all headings, ``cells`` what
    is printed by the id of its figure, ``roles`` what the cells of performance forms are, ``grids`` the columns in which a text is
    printed, by the title of its table."""

    forms: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    measures: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: dict[tuple[str, str], str] = field(default_factory=dict)
    sentences: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    withheld: bool = False
    roles: dict[str, set[str]] = field(default_factory=dict)
    grids: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def asks(self, what: What) -> bool:
        """Whether the variant ``what`` says anything in odd words."""
        said = {
            "gaps": self.levels,
            "shapes": self.roles,
            "words": (self.measures, self.lines)[not self.measures],
        }
        return bool(said.get(what, self.forms or self.kinds or self.sentences))

    def knows(self, task: str) -> bool:
        """Whether it has anything to say of a question of ``task``: else right and wrong cannot be told apart."""
        said: dict[str, object] = {
            "name_form": self.forms or self.measures or self.lines,
            "name_section": self.kinds,
            "read_sentence": self.sentences,
            "read_indicators": self.roles,
            "arrange_table": self.grids,
            "split_sections": self.levels,
            "choose_reading": self.cells,
        }
        return bool(said[task])


@cache
def wordings() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def oddly(
    report: Labelled, seed: int, what: What, records: Sequence[RecordTruth] = ()
) -> tuple[Labelled, Key]:
    """``report`` with the wordings of ``seed``: ``names`` are titles and headings, ``words`` captions and labels, ``said`` sentences, ``shapes``
    the captions of performance forms; ``gaps`` leaves out the numbers of some headings, ``plain`` changes nothing, nor does ``withheld``,
    where some cells are to be unread."""
    key = Key(
        levels={
            amounts.normal(block.text): block.level for block in report.blocks if block.kind == "heading"
        },
        withheld=what == "withheld",
        cells={f"{cell.form_id}:{cell.row_key}:{cell.col_key}": cell.printed for cell in report.truth()},
    )
    if what == "names":
        tables = tuple(_retitled(table, seed, key) for table in report.tables)
        blocks = _reheaded(report, seed, key)
    elif what == "words":
        tables, blocks = tuple(_reworded(table, seed, key) for table in report.tables), report.blocks
        key.forms |= {amounts.normal(table.title): table.form for table in tables if table.state != "nil"}
    elif what == "said":
        tables, blocks = report.tables, _retold(report, seed, key)
    elif what == "gaps":
        tables, blocks = report.tables, _unnumbered(report, seed, key)
    elif what == "shapes":
        tables, blocks = tuple(_recaptioned(table, seed) for table in report.tables), report.blocks
        key.roles = _roles(records)
    else:
        tables, blocks = report.tables, report.blocks
        key.grids = {amounts.normal(table.title): _grid(table) for table in tables}
    changed = replace(
        report,
        id=report.id if what in PLAIN else f"{report.id}+{what}{seed}",
        tables=tables,
        blocks=blocks,
        sections=sections_of(blocks),
        pdf_sha256=(),
    )
    return changed, key


def _unnumbered(report: Labelled, seed: int, key: Key) -> tuple[Block, ...]:
    """Every third heading of level 2, never the first of a part, without its number."""
    blocks, count = [], 0
    key.levels.clear()
    for block in report.blocks:
        number = _NUMBER.match(block.text)
        if block.kind == "heading" and block.level == 1:
            count = seed
        elif block.kind == "heading" and block.level == 2 and block.part == "body":
            count += 1
            if count % 3 == 2 and number and block.section != "table_title":
                block = replace(block, text=block.text[number.end() :])
                key.levels[amounts.normal(block.text)] = 2
        blocks.append(block)
    return tuple(blocks)


def _recaptioned(table: Table, seed: int) -> Table:
    """A performance form with the captions of its indicators in odd words."""
    if not table.form.startswith("performance"):
        return table
    new = {caption: odd[seed % len(odd)] for caption, odd in wordings()["captions"].items()}
    rows = tuple(tuple(new.get(amounts.normal(text), text) for text in row) for row in table.grid.rows)
    return replace(table, grid=replace(table.grid, rows=rows))


def _roles(records: Sequence[RecordTruth]) -> dict[str, set[str]]:
    """What the texts of indicators are, where ``records`` label them."""
    found: dict[str, set[str]] = {}
    for record in records if any(one.kind == "indicator" for one in records) else ():
        for name, text in record.cells.items() if record.kind == "indicator" else ():
            found.setdefault(amounts.normal(text).rstrip("…"), set()).add(ROLES.get(name, "none"))
    return found


def _grid(table: Table) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in table.grid.rows:
        for column, text in enumerate(row):
            found.setdefault(amounts.normal(text), set()).add(column)
    return found


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
