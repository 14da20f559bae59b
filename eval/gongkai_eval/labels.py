"""Labelled reports (format in ``eval/README.md``): loading, hard validation, the truth that they state."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from gongkai_eval import amounts
from gongkai_eval.grid import Grid, LabelError, Truth
from gongkai_eval.grid import load as load_grid

__all__ = ["Block", "LabelError", "Labelled", "Promised", "SectionTruth", "Table", "load", "load_all"]

FORMS = frozenset(
    {
        "income_expenditure_summary",
        "income",
        "expenditure",
        "fiscal_appropriation_summary",
        "general_budget_expenditure",
        "general_budget_basic_expenditure",
        "three_public",
        "government_fund",
        "state_capital",
        "disclosure_statistics",
        "performance_self_evaluation",
        "budget_summary",
        "budget_income",
        "budget_expenditure",
        "budget_fiscal_summary",
        "budget_general_expenditure",
        "budget_general_basic",
        "budget_fiscal_expenditure",
        "budget_fiscal_basic",
        "budget_three_public",
        "budget_government_fund",
        "budget_state_capital",
        "budget_operating_cost",
        "budget_procurement",
        "budget_project",
        "budget_economic",
        "budget_function_economic",
        "budget_transfers",
        "itemised_expenditure",
        "project_income_expenditure",
        "performance_target",
        "unknown",
    }
)
Part = Literal["cover", "contents", "body", "annex"]
BlockKind = Literal["heading", "paragraph", "table", "page"]
_HEADING = re.compile(r"(#{1,3}) (.+?)(?: \{([a-z0-9_]+)\})?")
_DIGITS = "[一二三四五六七八九十百]+"
_NUMBER = re.compile(rf"第(?:{_DIGITS}|\d+)部分|^{_DIGITS}(?=[、）)])|(?<=^[（(]){_DIGITS}(?=[)）])")


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table. ``id`` is ``form#n``, n counting the form's tables in page order."""

    id: str
    number: str
    form: str
    title: str
    printed_number: str
    unit: str
    state: str
    entity_line: str
    year_line: str
    notes: tuple[str, ...]
    quantities: dict[str, str]
    grid: Grid

    def truth(self) -> tuple[Truth, ...]:
        """Every figure of the table, blanks too."""
        return tuple(self._truth(row, position, key) for row, position, key, _ in self.grid.addresses())

    def _truth(self, row: int, position: int, key: str) -> Truth:
        column, text = self.grid.columns[position], self.grid.rows[row][position]
        state = amounts.state(text)
        assert column is not None and state is not None
        quantity = self.quantities.get(key, column.quantity)
        unit = {"money": self.unit or None, "percent": "%"}.get(quantity)
        value = amounts.value(text)
        return Truth(self.id, key, column.key, text, state, value, column.unit or unit, quantity)


@dataclass(frozen=True, slots=True)
class Promised:
    """A table that the report announces and does not contain."""

    id: str
    form: str
    title: str
    state: str
    expected_by: str


@dataclass(frozen=True, slots=True)
class SectionTruth:
    """``hash`` is the sha256 of the normalised own text; ``start`` its first twelve characters."""

    level: int
    number: str
    title: str
    kind: str
    start: str
    hash: str


@dataclass(frozen=True, slots=True)
class Block:
    """One line of ``report.txt``. ``level`` is 0 unless a heading; ``table`` is the number of the placed table."""

    part: Part
    kind: BlockKind
    text: str = ""
    level: int = 0
    section: str = ""
    table: str = ""


@dataclass(frozen=True)
class Labelled:
    """A labelled report. ``blocks`` is empty when it may not be redistributed (``pdf_sha256`` says which PDFs)."""

    id: str
    title: str
    origin: str
    why: str
    entity: str
    fiscal_year: int
    kind: str
    scope: str
    pdf_sha256: tuple[str, ...]
    file_names: tuple[str, ...]
    names: tuple[str, ...]
    tables: tuple[Table, ...]
    promised: tuple[Promised, ...]
    blocks: tuple[Block, ...]
    sections: tuple[SectionTruth, ...]

    @cached_property
    def table_by_number(self) -> dict[str, Table]:
        return {table.number: table for table in self.tables}

    def truth(self) -> tuple[Truth, ...]:
        """Every figure of every table, in page order."""
        return tuple(cell for table in self.tables for cell in table.truth())


def load_all(root: Path) -> tuple[Labelled, ...]:
    """Every report under ``root`` (folders with a ``source.toml``), by name."""
    return tuple(load(path.parent) for path in sorted(root.glob("*/source.toml")))


def load(folder: Path) -> Labelled:
    """One labelled report; raises :class:`LabelError` with the place of the first thing that is wrong."""
    place = folder / "source.toml"
    try:
        source = tomllib.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LabelError(f"{place}: not a TOML file in UTF-8: {error}") from None
    if source.get("id") != folder.name:
        raise LabelError(f"{place}: id {source.get('id')!r} is not the folder's name")
    counts: Counter[str] = Counter()
    tables = tuple(_table(record, folder, counts) for record in source.get("table", ()))
    promised = tuple(_promised(record, place, counts) for record in source.get("promised", ()))
    text = folder / "report.txt"
    blocks = parse_text(text.read_text(encoding="utf-8"), str(text)) if text.exists() else ()
    hashes = tuple(source.get("pdf_sha256", ()))
    if not blocks and not hashes:
        raise LabelError(f"{place}: neither a report.txt nor a pdf_sha256")
    if blocks:
        _check_placed(blocks, tables, str(text))
    sections = sections_of(blocks) if blocks else _read_sections(folder / "sections.csv")
    try:
        plain = {name: source[name] for name in ("id", "title", "origin", "why", "entity", "kind", "scope")}
        year = int(source["fiscal_year"])
    except KeyError as error:
        raise LabelError(f"{place}: {error} is missing") from None
    files, names = tuple(source.get("file_names", ())), tuple(source.get("names", ()))
    return Labelled(
        **plain, fiscal_year=year, pdf_sha256=hashes, file_names=files, names=names, tables=tables,
        promised=promised, blocks=blocks, sections=sections,
    )  # fmt: skip


def _form_id(record: dict[str, Any], place: Path, counts: Counter[str]) -> str:
    form = record.get("form")
    if form not in FORMS:
        raise LabelError(f"{place}: {form!r} is not the name of a form")
    counts[form] += 1
    return f"{form}#{counts[form]}"


def _table(record: dict[str, Any], folder: Path, counts: Counter[str]) -> Table:
    place = folder / "source.toml"
    identity = _form_id(record, place, counts)
    if record.get("state", "present") not in ("present", "nil"):
        raise LabelError(f"{place}: {identity}: state {record['state']!r} is neither present nor nil")
    if "file" not in record or "title" not in record:
        raise LabelError(f"{place}: {identity}: file and title are needed")
    table = Table(
        id=identity,
        number=Path(record["file"]).stem,
        form=record["form"],
        title=record["title"],
        printed_number=record.get("printed_number", ""),
        unit=record.get("unit", ""),
        state=record.get("state", "present"),
        entity_line=record.get("entity_line", ""),
        year_line=record.get("year_line", ""),
        notes=tuple(record.get("notes", ())),
        quantities=dict(record.get("quantities", {})),
        grid=load_grid(folder / "tables" / Path(record["file"]).name),
    )
    if table.state == "nil" and any(cell.state == "value" for cell in table.truth()):
        raise LabelError(f"{place}: {identity} is nil and holds a value")
    return table


def _promised(record: dict[str, Any], place: Path, counts: Counter[str]) -> Promised:
    identity = _form_id(record, place, counts)
    if record.get("state") not in ("missing", "elsewhere"):
        raise LabelError(f"{place}: {identity}: state must be missing or elsewhere")
    expected_by = record.get("expected_by", "none")
    return Promised(identity, record["form"], record["title"], record["state"], expected_by)


def parse_text(text: str, place: str) -> tuple[Block, ...]:
    """The blocks of a ``report.txt``; raises :class:`LabelError` for a heading without kind or an unknown command."""
    part: Part = "body"
    blocks: list[Block] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped in ("!cover", "!contents", "!body", "!annex"):
            part = stripped[1:]  # type: ignore[assignment]
        elif stripped == "!page":
            blocks.append(Block(part, "page"))
        elif stripped.startswith("!table "):
            blocks.append(Block(part, "table", table=stripped.split()[1]))
        elif stripped.startswith("!"):
            raise LabelError(f"{place}:{number}: {stripped!r} is not a command")
        elif heading := _HEADING.fullmatch(stripped):
            if not heading[3]:
                raise LabelError(f"{place}:{number}: a heading needs its {{kind}}")
            blocks.append(Block(part, "heading", heading[2], len(heading[1]), heading[3]))
        elif stripped:
            blocks.append(Block(part, "paragraph", line.rstrip()))
    return tuple(blocks)


def split_heading(text: str) -> tuple[str, str]:
    """``一、职责`` → (``一``, ``职责``), ``第一部分 概况`` → (``第一部分``, ``概况``); ("", text) without a number."""
    text = text.strip()
    number = _NUMBER.search(text)
    if not number or number.start() > 1:
        return "", text
    return number[0], text[number.end() :].lstrip("、）)：: \u3000").strip()


def sections_of(blocks: tuple[Block, ...]) -> tuple[SectionTruth, ...]:
    """The sections of a typed report: each heading with the paragraphs up to the next, of whatever level."""
    sections: list[SectionTruth] = []
    heading: Block | None = None
    own: list[str] = []
    for block in (*blocks, Block("body", "heading")):
        if block.kind == "paragraph" and block.part in ("body", "annex"):
            own.append(block.text)
        elif block.kind == "heading":
            if heading:
                sections.append(_section(heading, amounts.normal("".join(own))))
            heading, own = block, []
    return tuple(sections)


def _section(heading: Block, own: str) -> SectionTruth:
    number, title = split_heading(heading.text)
    return SectionTruth(heading.level, number, title, heading.section, own[:12], text_hash(own))


def text_hash(text: str) -> str:
    """The sha256 (hex) of a section's normalised own text."""
    return hashlib.sha256(amounts.normal(text).encode()).hexdigest()


def _read_sections(path: Path) -> tuple[SectionTruth, ...]:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for line, row in enumerate(rows, 2):
        if row.get("level") not in ("1", "2", "3") or len(row.get("hash") or "") != 64:
            raise LabelError(f"{path}:{line}: level must be 1, 2 or 3 and hash a sha256")
    texts = ("number", "title", "kind", "start", "hash")
    return tuple(SectionTruth(int(row["level"]), *(row[name] for name in texts)) for row in rows)


def _check_placed(blocks: tuple[Block, ...], tables: tuple[Table, ...], place: str) -> None:
    placed = [block.table for block in blocks if block.kind == "table"]
    typed = [table.number for table in tables]
    if placed != typed:
        raise LabelError(f"{place}: places the tables {placed}, but source.toml lists {typed}")
