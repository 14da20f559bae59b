"""What a section is about, by its title: ``kinds.toml`` read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from gongkai.bodies import ENDING
from gongkai.text import normalise, strip_quotes

_YEAR = re.compile(
    rf"^(?:关于)?(?:\S{{2,36}}?{ENDING})??\d{{4}}年(?:度|初)?"
)  # the body before the year, as in 关于某某局2025年收入预算情况说明
_PAREN = re.compile(r"\([^()]*\)")
_AFFIX = "(?:关于)?(?:本|我)?(?:部门/单位|部门|单位)?(?:\\((?:部门|单位)\\))?的?"
_TAIL = "(?:(?:总体)?安排)?(?:情况)?(?:表(?=的说明))?的?(?:说明|介绍)?"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind: ``levels`` and the kinds ``under`` which (its parent) or ``outside`` of which (any ancestor) it may stand.

    ``means`` is said once of each kind, in the words of its usual title.
    ``usual``: every disclosure of its sort has a section of this kind. ``place``: sections stand by it in the ministry's order; 0 = anywhere.
    """

    kind: str
    pattern: re.Pattern[str]
    levels: tuple[int, ...]
    under: frozenset[str]
    outside: frozenset[str]
    usual: bool = False
    place: int = 0
    means: str = ""

    def fits(self, level: int, ancestors: tuple[str, ...]) -> bool:
        """May a section of this kind stand there?"""
        if level not in self.levels or (self.under and (not ancestors or ancestors[-1] not in self.under)):
            return False
        return self.outside.isdisjoint(ancestors)

    def holds(self, plain: str, level: int, ancestors: tuple[str, ...]) -> bool:
        return self.fits(level, ancestors) and bool(self.pattern.fullmatch(plain))


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules in the order of the file; the first that holds wins. Raises ``re.error`` or ``KeyError`` for a broken file."""
    text = resources.files("gongkai.narrative").joinpath("kinds.toml").read_text(encoding="utf-8")
    return tuple(_rule(record) for record in tomllib.loads(text)["kind"])


def _rule(record: dict[str, object]) -> Rule:
    titles = record["titles"]
    assert isinstance(titles, list)
    whole = "|".join(f"(?:{title})" for title in titles)
    pattern = whole if record.get("exact") else f"{_AFFIX}(?:{whole}){_TAIL}"
    levels, under, outside = (
        record.get(name, default) for name, default in (("levels", [2, 3]), ("under", []), ("outside", []))
    )
    assert isinstance(levels, list) and isinstance(under, list) and isinstance(outside, list)
    return Rule(
        str(record["kind"]),
        re.compile(pattern),
        tuple(levels),
        frozenset(under),
        frozenset(outside),
        bool(record.get("usual")),
        int(str(record.get("place", 0))),
        str(record.get("means", "")),
    )


@lru_cache(maxsize=4096)
def kind_of(title: str, level: int, ancestors: tuple[str, ...] = ()) -> str:
    """The kind of a section by its title; ``other`` if no rule holds. ``ancestors`` are the kinds above it, outermost first."""
    plain = strip_quotes(normalise(title)).rstrip("。.:;,、")
    bare = _PAREN.sub("", plain)
    for candidate in dict.fromkeys((plain, _YEAR.sub("", plain), bare, _YEAR.sub("", bare))):
        for rule in rules():
            if rule.holds(candidate, level, ancestors):
                return rule.kind
    return "other"
