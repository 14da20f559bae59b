"""What a section, or a paragraph that begins with its own title, is about: the scope in which its names are understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.facts import kinds, naming
from gongkai.facts.kinds import Scope
from gongkai.facts.passages import Passage, SectionText
from gongkai.narrative.kinds import kind_of
from gongkai.narrative.numbering import numbered
from gongkai.text import normalise, strip_quotes

_MARK = re.compile("[:：。]")
_COUNTED = re.compile(r"\s*\d{1,2}[.、．](?!\d)\s*(.+)")
_SAYS = re.compile(r"[\d,，]|为|是")  # a sentence, not a title
LONGEST = 40  # characters of a title that runs into its paragraph
_OPEN = frozenset(("narrative", "total"))  # sections whose paragraphs may bring titles of their own
_OWN = frozenset(
    [
        "change",
        "operating_cost",
        "procurement",
        "assets",
        "performance",
        "sangong",
        "general",
        "gov_fund",
        "state_capital",
    ]
)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A section in its scope. ``title`` is that of the outermost section around it, ``within`` the function class it is about."""

    text: SectionText
    scope: Scope | None
    title: str
    within: str | None


def scoped(sections: Sequence[SectionText]) -> list[Scoped]:
    """Each section with its scope; without one of its own it has that of the section above it."""
    found: list[Scoped] = []
    above: list[tuple[int, Scoped]] = []
    for text in sections:
        above = [pair for pair in above if pair[0] < text.section.level]
        parent = above[-1][1] if above else None
        title = strip_quotes(normalise(text.section.title))
        own = _scope(text.section.kind, title)
        within = naming.function_class(title) if naming.is_class(title) else parent.within if parent else None
        scope = own or (parent.scope if parent else None)
        found.append(Scoped(text, scope, above[0][1].title if above else title, within))
        above.append((text.section.level, found[-1]))
    return found


def run_in(passage: Passage, scope: Scope | None) -> Scope | None:
    """The scope of the title that a numbered paragraph begins with, or is, where sections bring such titles."""
    if scope is None or scope.scope not in _OPEN:
        return None
    title = _title(passage.text)
    if title is None:
        return None
    own = _scope(kind_of(title, 3), strip_quotes(normalise(title)))
    return own if own is not None and own.scope in _OWN else None


def _title(text: str) -> str | None:
    """The title, without its number, that a paragraph begins with: up to a colon, or a short sentence that says nothing (1.机关运行经费。)."""
    mark = _MARK.search(text)
    head = text[: mark.start()] if mark else text
    if len(head) > LONGEST:
        return None
    found = numbered(head)
    counted = None if found else _COUNTED.match(head)
    title = found.title if found and found.level > 1 else counted[1] if counted else None
    ends = mark is not None and mark[0] in ":："
    return title if title and (ends or not _SAYS.search(title)) else None


def _scope(kind: str, title: str) -> Scope | None:
    for scope in kinds.scopes():
        if kind in scope.kinds:
            return scope
    if kind != "other":
        return None
    return next(
        (scope for scope in kinds.scopes() if any(each.fullmatch(title) for each in scope.titles)), None
    )
