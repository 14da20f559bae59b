"""The statutory forms as data: one TOML a form (format in ``docs/architecture.md``), loaded once, checked, asked row by row.

Text that is compared is normalised first (NFKC, no white space, no quotation marks); numbering is taken off labels and header
parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from gongkai import codes
from gongkai.forms import loading
from gongkai.forms.loading import DefinitionError
from gongkai.report import Kind, Quantity
from gongkai.text import normalise, strip_numbering, strip_quotes

__all__ = ["Catalogue", "Column", "Definition", "DefinitionError", "Line", "Match", "Phase", "Rows", "load"]

Lane = Literal["income", "expenditure"]
Layout = Literal["two_sided", "coded", "labelled", "single", "free"]
CodeList = Literal["function_classes", "economic_classes", "function_codes", "economic_codes"]
Patterns = tuple[re.Pattern[str], ...]
ITEM = "item"
"""The line of a row of a list (of projects), which may stand many times; any label may be one."""
NOT_FORMS = ("phases.toml", "records.toml", loading.SHARED)

_UNIT = re.compile(
    r"\((?:金额)?(?:单位:?)?(?:[万亿千]?元|%|辆|个|批|批次|次|人|人次|台|台\(?套\)?|台、套|套|平方米|㎡|m2|分)\)"
)
_TAG = re.compile(r"\((?:[A-Z]|[A-Z]?[/÷*×=%+\-0-9][A-Z0-9/÷*×=%+\-]*|[A-Z][/÷*×=%+\-0-9]+[A-Z0-9%]*)\)")
_BY_FUNCTION = re.compile(r"\((?:按)?(?:支出)?功能(?:分类)?(?:科目)?(?:分类|分)?(?:列示)?\)$|\(分科目\)$")
_ASIDE = re.compile(
    r"\((?:续表?[一二三四五六七八九十\d]*|(?:部门|单位)?(?:预算|决算)?(?:公开)?\d{1,2}表|[^()]{0,12}无此?(?:项)?数据|空表?|公开表?|本级|汇总|细化[到至][^()]*|[分按]单位分?|\d{4}年?度?|[一二三四五六七八九十\d]+)\)$|[:;。,]$"
)
_BODY = re.compile(
    r".*(?:中心|委员会|委(?!托)|局|厅|院|办公室|办事处|办|处|所|站|馆|校|园|队|团|(?<!社)会(?!议|计)"
    r"|政府(?!性|采购|购买|预算|债|投资|基金)|公司|街道|镇|乡)"
)
_TABLE = re.compile(r"(总|总体|情况|汇总|明细)*表(\([^()]*\))?$")
_OF_BUDGET = re.compile("(部门|单位|年|年度|综合|支出|收入|收支)预算|预算(数|总|情况|汇总|明细)*表")
_QUALIFIER = re.compile(
    "财政|公共预算|一般|政府|基金|国有|社会保险|基本|项目|专项|明细|分类|上级|经费|专户|采购|购买|绩效|资产|债|转移|经营|人员|公用|工资|结转|结余"
    "|^非$|商品|个人|非税|上缴|附属|收入|支出|收支|(?:其[他它]|单位|自有)资金|三公|会议费|培训费"
)


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """Which year's or stage's number a column holds: ``prefix`` goes before the measure; the default is meant by silence."""

    prefix: str
    when: Patterns
    default: bool
    quantity: Quantity | None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a form. ``beside``: only in tables that also have a column whose path matches one of these.

    ``numbers`` are its 栏次 in the national layout, as (phase prefix, number).
    """

    measure: str
    paths: Patterns
    lane: Lane | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    quantity: Quantity = "money"
    beside: Patterns = ()
    phased: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A row of a form. ``parent``: the first of these lines that the table prints is what this one is a part of; ``inside``: only
    where the numbering of the labels puts it into that line."""

    line: str
    labels: Patterns
    lane: Lane | None = None
    under: str | None = None
    parent: tuple[str, ...] = ()
    quantity: Quantity | None = None
    beside: Patterns = ()
    inside: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lines that come from a classification; a class has ``parent`` as parent, a deeper code the code above it."""

    list: CodeList
    lane: Lane | None = None
    parent: tuple[str, ...] = ()

    def code_of(self, label: str) -> str | None:
        """The code that ``label`` (normalised, no numbering) is or, in lists by name, names; else ``None``."""
        if self.list == "function_classes":
            return codes.function_class(label)
        if self.list == "economic_classes":
            return codes.economic_class(label)
        test = codes.is_function_code if self.list == "function_codes" else codes.is_economic_code
        return label if test(label) else None

    def holds(self, line: str) -> bool:
        if self.list.startswith("function"):
            return codes.is_function_code(line) and (len(line) == 3 or self.list == "function_codes")
        return codes.is_economic_code(line) and (len(line) == 3 or self.list == "economic_codes")


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One statutory form. ``layouts``: how it is printed, the usual way first; the table at hand decides among them."""

    form: str
    name: str
    kind: Kind
    years: tuple[int | None, int | None]
    basis: tuple[str, ...]
    layouts: tuple[Layout, ...]
    titles: Patterns
    examples: tuple[str, ...]
    any_prefix: bool
    signature: Patterns
    unless: Patterns
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rows: tuple[Rows, ...]
    phases: tuple[Phase, ...]

    def line_of(
        self,
        label: str,
        lane: Lane | None = None,
        parents: Sequence[str] = (),
        beside: Sequence[str] = (),
        inside: str | None = None,
    ) -> str | None:
        """The canonical line of a printed label, or of a classification code; ``None`` if unknown.

        ``label`` may be a path (``一般公共预算资金/小计``); ``parents`` are the lines met above it in its lane, top first;
        ``beside`` all labels of the lane; ``inside`` the line into which its numbering puts it. Prefer :meth:`lines_of`, which knows
        them.
        """
        others = tuple(clean_path(one) for one in beside)
        return _line_of(self, clean_path(label), lane, tuple(parents), others, inside)

    def lines_of(
        self, labels: Sequence[str], lane: Lane | None = None, levels: Sequence[int] = ()
    ) -> list[str | None]:
        """The lines of all rows of a lane, top to bottom, in the order of ``labels``; ``levels`` are those of their numbering (0: none)."""
        cleaned = tuple(clean_path(label) for label in labels)
        found: list[str | None] = []
        for row, label in enumerate(cleaned):
            above = tuple(dict.fromkeys(x for x in found if x))
            inside = next(
                (found[i] for i in reversed(range(row)) if levels and 0 < levels[i] < levels[row]), None
            )
            found.append(_line_of(self, label, lane, above, cleaned, inside))
        return found

    def measure_of(
        self, path: str, lane: Lane | None = None, beside: Sequence[str] = (), year: int | None = None
    ) -> Column | None:
        """The column of a header path (parts joined by ``/``), its ``measure`` with the phase before it; ``None`` if unknown.

        ``beside`` are the table's header paths; ``year`` is the account's, so that ``2025年预算数`` is known as this year's or
        last year's. Prefer :meth:`measures_of`.
        """
        others = tuple(_phase_of(self, _dated(one, year))[1] for one in beside)
        return _measure_of(self, _dated(path, year), lane, others)

    def measures_of(
        self, paths: Sequence[str], lane: Lane | None = None, year: int | None = None
    ) -> list[Column | None]:
        """The columns of a whole header (of one lane), in the order of ``paths``."""
        dated = [_dated(path, year) for path in paths]
        others = tuple(_phase_of(self, path)[1] for path in dated)
        return [_measure_of(self, path, lane, others) for path in dated]

    def named(
        self, measure: str, path: str, lane: Lane | None = None, year: int | None = None
    ) -> Column | None:
        """The column called ``measure``, with the phase that the words of ``path`` say before it."""
        phase, _ = _phase_of(self, _dated(path, year))
        for column in self.columns:
            if column.measure == measure and _in_lane(column.lane, lane):
                return _phased(column, phase)
        return None

    def by_number(self, number: int, lane: Lane | None = None) -> Column | None:
        """The column with that 栏次 in the national layout: a fallback when the caption cannot be read."""
        for column in self.columns:
            for prefix, printed in column.numbers:
                if printed == number and lane in (None, column.lane):
                    return replace(column, measure=prefix + column.measure)
        return None

    def signature_holds(self, header_text: str) -> bool:
        """Whether the joined header text has everything this form's header must have, and nothing it cannot have."""
        text = strip_quotes(normalise(header_text))
        return all(p.search(text) for p in self.signature) and not any(p.search(text) for p in self.unless)

    def line(self, name: str) -> Line | None:
        """The line of that canonical name; a classification row has none."""
        return next((one for one in self.lines if one.line == name), None)

    def has_line(self, name: str) -> bool:
        """Whether a row can carry that line (the classification's codes and, if it has a single row, ``data`` included)."""
        return (
            self.line(name) is not None
            or (name == "data" and "single" in self.layouts)
            or any(rows.holds(name) for rows in self.rows)
        )

    def quantity_of(self, line: str | None, column: Column | None) -> Quantity:
        """What a cell measures: the line says it in tables that mix money with counts, else the column."""
        known = self.line(line) if line else None
        return (known.quantity if known else None) or (column.quantity if column else "money")

    def has_measure(self, name: str) -> bool:
        """Whether a column can carry that measure."""
        return name in _measures(self)

    def parent_of(self, line: str, present: Iterable[str]) -> str | None:
        """What ``line`` is a part of, among the lines ``present`` in the table; a code's nearest printed prefix first."""
        there = set(present)
        known = self.line(line)
        above = list(known.parent) if known else []
        for rows in () if known else self.rows:
            if rows.holds(line):
                above = [line[:size] for size in (5, 3) if size < len(line)] + list(rows.parent)
                break
        return next((one for one in above if one in there), None)


@dataclass(frozen=True, slots=True)
class Match:
    """A form that a title may name; ``leftover`` is the (plain) text of the title before the matched part."""

    definition: Definition
    matched_text: str
    leftover: str

    @property
    def leftover_is_plain(self) -> bool:
        """Whether what stands before is only year, department or numbering: no word that makes it another table.

        ``政府性基金…``, ``项目…``, ``明细`` before ``支出决算表`` name another form; the same words inside a body's name do not.
        """
        return self.definition.any_prefix or not _QUALIFIER.search(_BODY.sub("", self.leftover))


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All forms by name."""

    forms: dict[str, Definition] = field(default_factory=dict)

    def by_title(self, title: str, kind: Kind | None = None) -> list[Match]:
        """The forms whose title ends ``title``, the longest match first; of equals the one whose kind the title speaks of."""
        return list(_by_title(self, strip_quotes(normalise(title)), kind))


@cache
def load() -> Catalogue:
    """All definitions beside this file. Raises :class:`DefinitionError` naming file and key if one is wrong."""
    return load_from(Path(__file__).parent)


def load_from(folder: Path) -> Catalogue:
    """The definitions (``*.toml`` but for ``NOT_FORMS``) of a folder; raises :class:`DefinitionError`."""
    phases = {
        name: tuple(loading.build(Phase, one, where) for one, where in entries)
        for name, entries in loading.phases(folder / "phases.toml").items()
    }
    forms: dict[str, Definition] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in NOT_FORMS:
            continue
        parts = loading.read(path)
        definition = Definition(
            **parts.head,
            columns=(
                *(loading.build(Column, one, where) for one, where in parts.columns),
                *(column for one, _ in parts.items for column in _items(one["measure"])),
            ),
            lines=tuple(loading.build(Line, one, where) for one, where in parts.lines),
            rows=tuple(loading.build(Rows, one, where) for one, where in parts.rows),
            phases=loading.choose(phases, parts.phases, path),
        )
        if definition.form in forms:
            raise DefinitionError(path, "form", f"{definition.form} is defined twice")
        loading.check_tree(path, definition.lines, definition.rows)
        forms[definition.form] = definition
    return Catalogue(forms)


def _items(measure: str) -> Iterable[Column]:
    """A column for each item of the economic classification, by its names: ``measure`` and the code."""
    for code, names in codes.economic_items().items():
        names_of = "|".join(re.escape(clean_path(name)) for name in names)
        yield Column(f"{measure}{code}", (re.compile(f"(.*/)?({names_of})"),))


@lru_cache(maxsize=16384)
def clean_path(path: str) -> str:
    """A label or header path as it is compared: parts normalised, without quotes, numbering, units and (A)-like tags."""
    whole = _TAG.sub("", _UNIT.sub("", strip_quotes(normalise(path))))
    return "/".join(strip_numbering(part).rstrip(":") for part in whole.split("/") if part)


@lru_cache(maxsize=4096)
def plain_title(title: str) -> str:
    """A title as it is matched: normalised, without quotes and 批复, and without （续表） or punctuation at its end."""
    text = strip_quotes(normalise(title)).replace("批复", "")
    while (shorter := _ASIDE.sub("", text)) != text:
        text = shorter
    return text


@lru_cache(maxsize=4096)
def _by_title(catalogue: Catalogue, title: str, kind: Kind | None) -> tuple[Match, ...]:
    spoken: Kind | None = "final_account" if "决算" in title else "budget" if "预算" in title else None
    found: list[Match] = []
    for definition in catalogue.forms.values():
        if kind not in (None, definition.kind):
            continue
        # （按功能分类科目） after a title says nothing new of a form by function, and of any other that it is another table.
        by_function = any(rows.list == "function_codes" for rows in definition.rows)
        for text in dict.fromkeys((title, plain_title(title))):  # （二） may be a part of the title
            text = _BY_FUNCTION.sub("", text) if by_function else text
            starts = _starts(definition, text)
            if not starts and kind == "final_account":
                text = _as_of_account(text)
                starts = _starts(definition, text)
            if starts:
                found.append(Match(definition, text[min(starts) :], text[: min(starts)]))
                break
    found.sort(key=lambda m: (len(m.leftover), m.definition.kind != spoken, -len(m.matched_text)))
    return tuple(found)


def _starts(definition: Definition, title: str) -> list[int]:
    return [hit.start() for pattern in definition.titles if (hit := pattern.search(title))]


def _as_of_account(title: str) -> str:
    """A title of an account that names its table as a budget does (部门决算收入总表, 财政拨款收支总表): 收入决算总表 …

    One that speaks of a budget's table itself stays as it is.
    """
    return title if _OF_BUDGET.search(title) else _TABLE.sub(r"决算\g<0>", title.replace("决算", ""))


@lru_cache(maxsize=65536)
def _line_of(
    form: Definition,
    label: str,
    lane: Lane | None,
    parents: tuple[str, ...],
    beside: tuple[str, ...],
    inside: str | None = None,
) -> str | None:
    for text in dict.fromkeys((label, label.rpartition("/")[2])):
        fitting = [
            one
            for one in form.lines
            if _in_lane(one.lane, lane)
            if one.under is None or one.under in parents
            if one.inside is None or one.inside == inside
            if any(p.fullmatch(text) for p in one.labels)
            if not one.beside or any(p.fullmatch(other) for p in one.beside for other in beside)
        ]
        if fitting:
            return max(
                fitting, key=lambda one: (bool(one.inside), parents.index(one.under) if one.under else -1)
            ).line
        for rows in form.rows:
            if _in_lane(rows.lane, lane) and (code := rows.code_of(text)):
                return code
    return None


def _in_lane(own: Lane | None, asked: Lane | None) -> bool:
    return own is None or asked is None or own == asked


def _dated(path: str, year: int | None) -> str:
    """``path``, cleaned, in which the account's ``year`` is 本年 and the one before it 上年."""
    path = clean_path(path)
    if year is None:
        return path
    return re.sub(rf"{year - 1}年度?", "上年", re.sub(rf"{year}年度?", "本年", path))


@lru_cache(maxsize=16384)
def _phase_of(form: Definition, path: str) -> tuple[Phase, str]:
    """The phase a cleaned header path speaks of, and the path without the words that say so (``金额`` if nothing is left)."""
    for phase in form.phases:
        for pattern in phase.when:
            if pattern.search(path):
                rest = "/".join(part for part in pattern.sub("", path).split("/") if part)
                return phase, rest or "金额"
    return next(phase for phase in form.phases if phase.default), path


@lru_cache(maxsize=16384)
def _measure_of(form: Definition, path: str, lane: Lane | None, beside: tuple[str, ...]) -> Column | None:
    phase, rest = _phase_of(form, path)
    for column in form.columns:
        if not _in_lane(column.lane, lane):
            continue
        if column.beside and not any(p.fullmatch(other) for p in column.beside for other in beside):
            continue
        if any(p.fullmatch(rest) for p in column.paths):
            return _phased(column, phase)
    return None


def _phased(column: Column, phase: Phase) -> Column:
    if not column.phased:
        return column
    return replace(column, measure=phase.prefix + column.measure, quantity=phase.quantity or column.quantity)


@cache
def _measures(form: Definition) -> frozenset[str]:
    return frozenset(
        prefix + column.measure
        for column in form.columns
        for prefix in ([phase.prefix for phase in form.phases] if column.phased else [""])
    )
