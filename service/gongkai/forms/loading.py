"""Reads one form's TOML and refuses what cannot be meant: unknown keys, bad regexes, doubled measures, unknown parents."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar, get_args

from gongkai.report import Kind, Quantity

T = TypeVar("T")
Entry = tuple[dict[str, Any], "Where"]

_HEAD = {
    "form", "name", "kind", "years", "basis", "layout", "titles", "examples", "any_prefix", "signature", "unless", "phases",
    "column", "items", "line", "rows",
}  # fmt: skip
_KEYS = {
    "column": ({"measure", "paths"}, {"lane", "numbers", "quantity", "beside", "phased"}),
    "line": ({"line", "labels"}, {"lane", "under", "inside", "parent", "quantity", "beside"}),
    "rows": ({"list"}, {"lane", "parent"}),
    "items": ({"measure"}, set()),
    "phase": ({"prefix"}, {"when", "default", "quantity"}),
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "lane": ("income", "expenditure"),
    "layout": ("two_sided", "coded", "labelled", "single", "free"),
    "list": ("function_classes", "economic_classes", "function_codes", "economic_codes"),
    "kind": get_args(Kind),
    "quantity": get_args(Quantity),
}
_PATTERNS = {"titles", "signature", "unless", "paths", "labels", "beside", "when"}
SHARED = "shared.toml"  # patterns that forms name, `@name`, instead of repeating them
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")


class Where(NamedTuple):
    path: Path
    key: str


class DefinitionError(ValueError):
    """A form's TOML is wrong: the file, the key and what is the matter with it."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(f"{path.name}: {key}: {problem}")
        self.path, self.key = path, key


class _Named(Protocol):
    @property
    def line(self) -> str: ...
    @property
    def under(self) -> str | None: ...
    @property
    def inside(self) -> str | None: ...
    @property
    def parent(self) -> tuple[str, ...]: ...


class _Parented(Protocol):
    @property
    def parent(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Parts:
    """A form's TOML, checked: ``head`` holds the Definition's own fields, the rest its tables with their places."""

    head: dict[str, Any]
    columns: list[Entry]
    items: list[Entry]
    lines: list[Entry]
    rows: list[Entry]
    phases: str


def read(path: Path) -> Parts:
    """The TOML at ``path``; raises :class:`DefinitionError`."""
    raw = _toml(path)
    if unknown := sorted(set(raw) - _HEAD):
        raise DefinitionError(path, unknown[0], "unknown key")
    for key in ("form", "name", "kind", "layout", "titles"):
        if key not in raw:
            raise DefinitionError(path, key, "missing")
    layouts = [raw["layout"]] if isinstance(raw["layout"], str) else raw["layout"]
    for layout in layouts:
        _choice(path, "layout", "layout", layout)
    _choice(path, "kind", "kind", raw["kind"])
    years = raw.get("years", {})
    head = {
        "form": _name(path, "form", raw["form"]),
        "name": raw["name"],
        "kind": raw["kind"],
        "years": (years.get("from"), years.get("to")),
        "basis": tuple(raw.get("basis", ())),
        "layouts": tuple(layouts),
        "titles": _patterns(path, "titles", raw["titles"], end=True),
        "examples": tuple(raw.get("examples", ())),
        "any_prefix": raw.get("any_prefix", False),
        "signature": _patterns(path, "signature", raw.get("signature", [])),
        "unless": _patterns(path, "unless", raw.get("unless", [])),
    }
    tables = {kind: _entries(path, kind, raw.get(kind, [])) for kind in ("column", "items", "line", "rows")}
    _no_doubles(path, "measure", tables["column"])
    _no_doubles(path, "line", tables["line"])
    return Parts(
        head, tables["column"], tables["items"], tables["line"], tables["rows"], raw.get("phases", "plain")
    )


def phases(path: Path) -> dict[str, list[Entry]]:
    """The named lists of phases in ``path``; each must have one default."""
    lists = {name: _entries(path, "phase", entries) for name, entries in _toml(path).items()}
    for name, entries in lists.items():
        if sum(bool(entry.get("default")) for entry, _ in entries) != 1:
            raise DefinitionError(path, name, "needs one phase with default = true")
    return lists


def choose(lists: Mapping[str, T], name: str, path: Path) -> T:
    """The list of phases called ``name``."""
    if name not in lists:
        raise DefinitionError(path, "phases", f"no list of phases is called {name}")
    return lists[name]


def build(kind: type[T], entry: dict[str, Any], where: Where) -> T:
    """``entry`` as a ``kind`` (Column, Line, Rows, Phase), regexes compiled."""
    values = dict(entry)
    for key in _PATTERNS & set(values):
        values[key] = _patterns(where.path, f"{where.key}.{key}", values[key])
    if isinstance(parent := values.get("parent"), str):
        values["parent"] = (parent,)
    elif parent is not None:
        values["parent"] = tuple(parent)
    if "numbers" in values:
        values["numbers"] = tuple(values["numbers"].items())
    if where.key.startswith("phase"):
        values = {"when": (), "default": False, "quantity": None} | values
    return kind(**values)


def check_tree(path: Path, lines: Sequence[_Named], rows: Sequence[_Parented]) -> None:
    """Every ``parent``, ``under`` and ``inside`` names a line of the form."""
    known = {one.line for one in lines}
    for one in lines:
        for name in (*one.parent, *(above for above in (one.under, one.inside) if above)):
            if name not in known:
                raise DefinitionError(path, f"line {one.line}", f"no line is called {name}")
    for group in rows:
        for name in group.parent:
            if name not in known:
                raise DefinitionError(path, "rows", f"no line is called {name}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(path, "-", str(error)) from error


def _entries(path: Path, kind: str, entries: Sequence[dict[str, Any]]) -> list[Entry]:
    required, optional = _KEYS[kind]
    checked: list[Entry] = []
    for position, entry in enumerate(entries, start=1):
        where = Where(path, f"{kind} {entry.get('measure') or entry.get('line') or position}")
        if unknown := sorted(set(entry) - required - optional):
            raise DefinitionError(path, where.key, f"unknown key {unknown[0]}")
        if missing := sorted(required - set(entry)):
            raise DefinitionError(path, where.key, f"{missing[0]} is missing")
        for key in set(entry) & set(_CHOICES):
            _choice(path, where.key, key, entry[key])
        for key in set(entry) & {"measure", "line"}:
            _name(path, where.key, entry[key])
        checked.append((entry, where))
    return checked


def _no_doubles(path: Path, key: str, entries: Sequence[Entry]) -> None:
    """A measure or line may stand again only under another condition; a line belongs to one lane, for it alone names the row."""
    seen: set[tuple[str, ...]] = set()
    lanes: dict[str, str] = {}
    for entry, where in entries:
        name, lane = entry[key], entry.get("lane", "")
        condition = (name, lane, entry.get("under", ""), entry.get("inside", ""), *entry.get("beside", ()))
        if condition in seen or (key == "line" and lanes.setdefault(name, lane) != lane):
            raise DefinitionError(path, where.key, f"{key} {name} stands twice")
        seen.add(condition)


def _patterns(
    path: Path, key: str, sources: Sequence[str], *, end: bool = False
) -> tuple[re.Pattern[str], ...]:
    if isinstance(sources, str):
        raise DefinitionError(path, key, "must be a list")
    compiled = []
    for source in sources:
        if source.startswith("@"):
            source = _shared(path, key, source[1:])
        try:
            compiled.append(re.compile(f"(?:{source})$" if end else source))
        except re.error as error:
            raise DefinitionError(path, key, f"{source!r} is no regular expression: {error}") from error
    return tuple(compiled)


_shared_patterns = cache(_toml)  # asked for by many forms, read once


def _shared(path: Path, key: str, name: str) -> str:
    """What the forms beside ``path`` share under ``name``."""
    shared = _shared_patterns(path.with_name(SHARED))
    if name not in shared:
        raise DefinitionError(path, key, f"{SHARED} has no {name}")
    return str(shared[name])


def _choice(path: Path, where: str, key: str, value: Any) -> None:
    if value not in _CHOICES[key]:
        raise DefinitionError(path, where, f"{key} cannot be {value!r}")


def _name(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise DefinitionError(path, key, f"{value!r} is no canonical name")
    return value
