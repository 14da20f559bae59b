"""Topics and scopes: ``topics/*.toml`` and ``scopes.toml`` read once and held against the facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from gongkai.facts import naming
from gongkai.facts.catalogue import facts

TOPICS = (  # the files in topics/, in the order in which they are tried
    "accounts", "budget", "sangong", "functions", "funds", "matters", "performance", "body", "projects", "work",
)  # fmt: skip
_PREDICATES = {
    "@economic": lambda name: bool(naming.economic(name)),
    "@class": naming.is_class,
    "@path": naming.is_path,
    "@unit": naming.is_unit,
}


@dataclass(frozen=True)
class Topic:
    """What a name means; the fields are those of ``topics/*.toml``."""

    fact: str
    names: tuple[re.Pattern[str] | str, ...]
    scopes: frozenset[str]
    units: frozenset[str]
    slot: str | Mapping[str, str]
    subject: str | None
    beside: tuple[str, ...]
    beside_subject: str | None
    route: Mapping[str, str]
    code: str | None
    roles: frozenset[str]
    after: tuple[str, ...]
    follow: re.Pattern[str] | None
    begins: re.Pattern[str] | None
    clause: re.Pattern[str] | None
    listed: bool
    first: bool
    planned: bool
    whole: bool
    check: bool
    canon: tuple[tuple[re.Pattern[str], str], ...]

    @property
    def any_name(self) -> bool:
        """Whether every name is welcome: then position or unit alone speak for it, and it never goes on by itself."""
        patterns = [name.pattern for name in self.names if isinstance(name, re.Pattern)]
        return self.follow is not None or ".*" in patterns

    def canonical(self, name: str) -> str:
        """The name under which checks know the subject that the prose calls ``name``."""
        return next((canonical for names, canonical in self.canon if names.fullmatch(name)), name)

    def owner(self, slot: str) -> str:
        """The fact that ``slot`` belongs to: the topic's own, or the first beside it that has it."""
        return next((fact for fact in (self.fact, *self.beside) if slot in facts()[fact].slots), self.fact)

    def has(self, slot: str) -> bool:
        """Whether any fact of this topic has ``slot``."""
        return any(slot in facts()[fact].slots for fact in (self.fact, *self.beside, *self.route.values()))

    def slot_for(self, unit: str) -> str | None:
        """The slot of an amount that no word gives a role."""
        if isinstance(self.slot, str):
            return self.slot
        return self.slot.get(unit) or self.slot.get("")

    def named(self, name: str) -> re.Match[str] | bool:
        """Whether ``name`` means this; the match if a pattern says so."""
        for pattern in self.names:
            if isinstance(pattern, str):
                if _PREDICATES[pattern](name):
                    return True
            elif found := pattern.fullmatch(name):
                return found
        return False


@dataclass(frozen=True, slots=True)
class Scope:
    """``opens``: the name that amounts stand for which no name precedes; ``heads``: facts whose subjects a heading may be."""

    scope: str
    kinds: frozenset[str]
    titles: tuple[re.Pattern[str], ...]
    opens: str | None
    heads: frozenset[str]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.facts").joinpath(name).read_text(encoding="utf-8"))


@cache
def topics() -> tuple[Topic, ...]:
    """The topics in the order in which they are tried. Raises ``ValueError`` for a topic that names no fact, slot or scope."""
    found = tuple(_topic(record) for name in TOPICS for record in _load(f"topics/{name}.toml")["topic"])
    known, names = facts(), {scope.scope for scope in scopes()}
    for topic in found:
        own = (topic.fact, *topic.beside, *topic.route.values())
        slots = {slot for fact in own for slot in known[fact].slots}
        wanted = {topic.slot} if isinstance(topic.slot, str) else set(topic.slot.values())
        if not wanted | set(topic.route) <= slots or not topic.scopes <= names:
            raise ValueError(f"topics: {topic.fact}: unknown slot or scope")
    return found


def _topic(record: Mapping[str, Any]) -> Topic:
    return Topic(
        fact=record["fact"],
        names=tuple(name if name in _PREDICATES else re.compile(name) for name in record["names"]),
        scopes=frozenset(record.get("in", ())),
        units=frozenset(record.get("units", ["money"])),
        slot=record.get("slot", "amount"),
        subject=record.get("subject"),
        beside=tuple(record.get("beside", ())),
        beside_subject=record.get("beside_subject"),
        route=record.get("route", {}),
        code=record.get("code"),
        roles=frozenset(record.get("roles", ())),
        after=tuple(record.get("after", ())),
        follow=re.compile(record["follow"]) if "follow" in record else None,
        begins=re.compile(record["begins"]) if "begins" in record else None,
        clause=re.compile(record["clause"]) if "clause" in record else None,
        listed=record.get("listed", False),
        first=record.get("first", False),
        planned=record.get("planned", False),
        whole=record.get("whole", False),
        check=record.get("check", False),
        canon=tuple((re.compile(names), canonical) for names, canonical in record.get("canon", ())),
    )


@cache
def scopes() -> tuple[Scope, ...]:
    """The scopes in the order of the file."""
    return tuple(
        Scope(
            record["scope"],
            frozenset(record.get("kinds", ())),
            tuple(re.compile(title) for title in record.get("titles", ())),
            record.get("opens"),
            frozenset(record.get("heads", ())),
        )
        for record in _load("scopes.toml")["scope"]
    )


@lru_cache(maxsize=1024)
def headed(scope: str, name: str) -> Topic | None:
    """What the amounts below a heading are, or below a line of its own, that is nothing but ``name``."""
    heads = next((each.heads for each in scopes() if each.scope == scope), frozenset())
    named = (topic for topic in candidates(scope, "money") if topic.fact in heads and topic.named(name))
    return next(named, None) if name else None


@lru_cache(maxsize=1024)
def candidates(scope: str, unit: str) -> tuple[Topic, ...]:
    """The topics that can hold in ``scope`` for an amount of ``unit``."""
    return tuple(
        topic for topic in topics() if (not topic.scopes or scope in topic.scopes) and unit in topic.units
    )
