"""A list of the bodies that have to publish, from CSV or XLSX, and whose a report is: by exact name alone, never by the nearest.

The columns are told by their heads, Chinese or English (:data:`HEADS`); only a name is required. Everything wrong with a list is
told at once, line by line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gongkai.report import Kind
from gongkai.text import normalise, strip_quotes

HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "agency_code", "编码", "单位编码", "预算单位编码", "部门编码"),
    "name": ("name", "agency_name", "名称", "单位名称", "部门名称", "单位", "部门"),
    "aliases": ("aliases", "别名", "简称", "曾用名", "其他名称"),
    "usci": ("usci", "统一社会信用代码", "信用代码"),
    "division": ("division", "mof_div_code", "区划", "区划代码", "财政区划", "财政区划代码", "行政区划代码"),
    "parent": ("parent", "sup_dep_code", "主管部门", "主管部门编码", "上级部门"),
    "kinds": ("kinds", "应公开", "应公开类别", "类别"),
    "files": ("files", "文件", "文件名"),
}
KINDS: Mapping[str, Kind] = {
    "决算": "final_account",
    "预算": "budget",
    "final_account": "final_account",
    "budget": "budget",
}
MOST_BYTES, MOST_ROWS = 32 << 20, 100_000
MOST_TOLD = 20
_BETWEEN = re.compile(r"[;；、|\n]+")
T = TypeVar("T")
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 4: neither I, O, S, V nor Z


class RosterError(ValueError):
    """A list that cannot be used: every trouble with its line, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``names``: the name and its aliases, normalised. ``kinds``: what it has to publish (empty: not said). ``files``: names of files."""

    line: int
    name: str
    names: frozenset[str]
    code: str | None = None
    usci: str | None = None
    division: str | None = None
    parent: str | None = None
    kinds: tuple[Kind, ...] = ()
    files: tuple[str, ...] = ()

    def metadata(self) -> dict[str, str]:
        """What the list says of it, under the keys that exports look for in ``entity.metadata``."""
        told = {
            "agency_name": self.name,
            "agency_code": self.code,
            "usci": self.usci,
            "mof_div_code": self.division,
            "sup_dep_code": self.parent,
        }
        return {key: value for key, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Match:
    """The one body of a report, or why there is none (``unmatched``, ``ambiguous``, ``nameless``)."""

    body: Body | None
    why: str | None = None


class Roster:
    """Bodies in the order of the list."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = tuple(bodies)
        self._by_name: dict[str, list[Body]] = {}
        for body in self.bodies:
            for name in body.names:
                self._by_name.setdefault(name, []).append(body)

    def match(self, name: str | None, printed: Iterable[str] = ()) -> Match:
        """The body called ``name``; if there is none, the only one that is called by another ``printed`` form of the name."""
        if name is None:
            return Match(None, "nameless")
        called = self._by_name.get(plain(name), [])
        if not called:
            found = {body.line: body for each in printed for body in self._by_name.get(plain(each), [])}
            called = list(found.values())
        if len(called) == 1:
            return Match(called[0])
        return Match(None, "ambiguous" if called else "unmatched")


def plain(name: str) -> str:
    """A body's name as it is compared: NFKC, no white space, no quotation marks."""
    return strip_quotes(normalise(name))


def is_usci(code: str) -> bool:
    """Is ``code`` a unified social credit identifier whose check digit is right (GB 32100-2015)?"""
    if len(code) != 18 or any(character not in _DIGITS for character in code):
        return False
    total = sum(_DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _DIGITS[-total % 31] == code[17]


def load(path: Path) -> Roster:
    """The list in ``path`` (``.xlsx``, else CSV in UTF-8 or GB18030). Raises :class:`RosterError`, ``OSError``."""
    if path.stat().st_size > MOST_BYTES:
        raise RosterError(f"名录 {path.name} 超过 {MOST_BYTES >> 20} MiB，请只保留名录本身的一张表。")
    table = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    lines = [(number, cells) for number, cells in enumerate(table, 1) if any(cells)]
    if not lines:
        raise RosterError(f"名录 {path.name} 是空的；第一行应为列名，至少有“单位名称”一列。")
    columns = _columns(lines[0][1], path.name)
    troubles: list[str] = []
    told = [(number, _fields(cells, columns)) for number, cells in lines[1:]]
    bodies = [body for number, fields in told if (body := _body(number, fields, troubles))]
    troubles += _repeated(bodies)
    if not bodies and not troubles:
        troubles.append("没有任何单位")
    if troubles:
        more = f"\n  …… 另有 {len(troubles) - MOST_TOLD} 处" if len(troubles) > MOST_TOLD else ""
        raise RosterError(
            f"名录 {path.name} 有 {len(troubles)} 处需要改正：\n  " + "\n  ".join(troubles[:MOST_TOLD]) + more
        )
    return Roster(bodies)


def _columns(head: Sequence[str], file: str) -> dict[str, int]:
    known = {plain(name).lower(): field for field, names in HEADS.items() for name in names}
    found: dict[str, int] = {}
    for at, cell in enumerate(head):
        if field := known.get(plain(cell).lower()):
            found.setdefault(field, at)
    if "name" not in found:
        raise RosterError(f"名录 {file} 的第一行没有“单位名称”一列；可用的列名见 docs/batch.md。")
    return found


def _fields(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {field: cells[at] if at < len(cells) else "" for field, at in columns.items()}


def _body(line: int, cells: Mapping[str, str], troubles: list[str]) -> Body | None:
    said = {field: normalise(text) for field, text in cells.items()}
    name, usci = cells["name"].strip(), said.get("usci", "").upper()
    before = len(troubles)
    if not name:
        troubles.append(f"第 {line} 行没有单位名称")
    if usci and not is_usci(usci):
        troubles.append(
            f"第 {line} 行的统一社会信用代码“{usci}”不对（应为 18 位，末位为校验码；Excel 中请设为文本格式）"
        )
    kinds, unknown = _kinds(cells.get("kinds", ""))
    if unknown:
        troubles.append(f"第 {line} 行的应公开类别“{unknown}”不明（应为决算、预算，或两者，用；分开）")
    if len(troubles) > before:
        return None
    return Body(
        line=line,
        name=name,
        names=frozenset(plain(each) for each in (name, *_parts(cells.get("aliases", "")))),
        code=said.get("code") or None,
        usci=usci or None,
        division=said.get("division") or None,
        parent=cells.get("parent", "").strip() or None,
        kinds=kinds,
        files=tuple(_parts(cells.get("files", ""))),
    )


def _kinds(text: str) -> tuple[tuple[Kind, ...], str | None]:
    kinds: list[Kind] = []
    for part in re.split(r"[;；、|,，\s和]+", text):
        if part and part not in KINDS:
            return (), part
        if part and KINDS[part] not in kinds:
            kinds.append(KINDS[part])
    return tuple(kinds), None


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in _BETWEEN.split(text) if part.strip())


def _repeated(bodies: Sequence[Body]) -> Iterator[str]:
    """Codes that two bodies of one division share, and credit codes that any two share."""
    seen: dict[tuple[str | None, ...], int] = {}
    for body in bodies:
        for what, key in (
            ("单位编码", (body.division, body.code) if body.code else None),
            ("统一社会信用代码", ("usci", body.usci) if body.usci else None),
        ):
            if key is not None and seen.setdefault((what, *key), body.line) != body.line:
                yield f"第 {body.line} 行的{what}“{key[1]}”与第 {seen[(what, *key)]} 行相同"


def _csv(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RosterError(f"名录 {path.name} 既不是 UTF-8 也不是 GB18030 编码；请另存为 CSV（UTF-8）。")
    try:
        for cells in _few(csv.reader(io.StringIO(text, newline="")), path.name):
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise RosterError(f"名录 {path.name} 不是可读的 CSV：{error}") from error


def _xlsx(path: Path) -> Iterator[list[str]]:
    from zipfile import BadZipFile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise RosterError(f"名录 {path.name} 不是可读的 XLSX；请用 Excel 或 WPS 另存后再试。") from error
    try:
        yield from (
            [_text(cell) for cell in cells]
            for cells in _few(book.worksheets[0].iter_rows(values_only=True), path.name)
        )
    finally:
        book.close()


def _few(lines: Iterable[T], file: str) -> Iterator[T]:
    for number, line in enumerate(lines):
        if number > MOST_ROWS:
            raise RosterError(f"名录 {file} 超过 {MOST_ROWS} 行；请按地区拆分。")
        yield line


def _text(value: object) -> str:
    """A cell's value as text; a code that a spreadsheet keeps as a number without ``.0``."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
