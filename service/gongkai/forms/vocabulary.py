"""What captions and labels of performance forms mean: ``records.toml``, loaded once and checked."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from gongkai.forms.definitions import clean_path
from gongkai.forms.loading import DefinitionError

FILE = Path(__file__).parent / "records.toml"
GOALS = frozenset(("goal", "goal_actual", "goal_long", "goal_year"))
LEVELS = ("level1", "level2", "level3")


def field_of(caption: str) -> str | None:
    """The field of a column of words under that printed caption (``三级指标`` is ``level3``); ``None`` if unknown."""
    return _named("field", caption)


def item_of(label: str) -> str | None:
    """The canonical name of a label whose value stands beside it (``项目名称`` is ``project``); ``None`` if unknown."""
    return _named("item", label)


def wide_of(caption: str) -> str | None:
    """What a column holds in a table that gives each unit a row: ``kind`` of indicator, or ``money``; ``None`` if unknown."""
    return _named("wide", caption)


def _named(kind: Literal["field", "item", "wide"], text: str) -> str | None:
    plain = clean_path(text)
    return next((name for name, patterns in _load()[kind] if any(p.fullmatch(plain) for p in patterns)), None)


@cache
def _load() -> dict[str, tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]]:
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = {}
    for kind in ("field", "item", "wide"):
        entries = raw.pop(kind, [])
        for entry in entries:
            if set(entry) != {kind, "labels"}:
                raise DefinitionError(FILE, kind, f"needs {kind} and labels, has {sorted(entry)}")
        found[kind] = tuple((e[kind], tuple(re.compile(one) for one in e["labels"])) for e in entries)
    if raw:
        raise DefinitionError(FILE, next(iter(raw)), "unknown key")
    return found
