"""What the prose states: every amount in it as a mention, or plainly as one that is not classified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongkai.facts import drafts as drafting
from gongkai.facts.drafts import UNCLASSIFIED, Draft
from gongkai.facts.grammar import Reader
from gongkai.facts.kinds import Scope
from gongkai.facts.naming import Codes
from gongkai.facts.nil import nil_statements
from gongkai.facts.passages import Passage, SectionText, passages_of
from gongkai.facts.pointing import PointedAmount, claimed
from gongkai.facts.scoping import Scoped, run_in, scoped
from gongkai.facts.state import Setting
from gongkai.report import Form, Issue, Kind, Mention, Source
from gongkai.text import normalise

_NIL_OUTSIDE = frozenset(("performance", "tasks", "organisation", "glossary", "plan"))


def mentions(
    sections: Sequence[SectionText],
    *,
    kind: Kind | None = None,
    fiscal_year: int | None = None,
    names: Sequence[str] = (),
    forms: Sequence[Form] = (),
    pointed: Mapping[Source, PointedAmount] | None = None,
) -> tuple[tuple[Mention, ...], tuple[Issue, ...]]:
    """The mentions of a report's prose, in reading order, and an issue for each amount that none of the facts claims.

    ``kind`` says whether a 预算 is this year's plan or what the account is held against; ``names`` are those of the body itself (what is
    said of another is graded ``check``); ``forms`` lend the codes of the names in them; ``pointed`` says, by its place, what an amount is
    that the grammar leaves open.
    """
    setting = Setting("", kind, fiscal_year, Codes(forms), tuple(normalise(name) for name in names))
    found = [draft for section in scoped(sections) for draft in _drafts(section, setting)]
    stated = claimed(drafting.mentions(found), pointed or {})
    return stated, tuple(_issue(mention) for mention in stated if mention.fact == UNCLASSIFIED)


def _drafts(section: Scoped, setting: Setting) -> list[Draft]:
    """The drafts of one section; titles that run into paragraphs change the scope from there on."""
    found: list[Draft] = []
    scope = section.scope
    reader = _reader(section, scope, setting)
    for passage in section.text.passages:
        own = run_in(passage, section.scope)
        if own is not None and own is not scope:
            scope = own
            reader = _reader(section, scope, setting)
        found += reader.read(passage)
        if scope is not None and scope.scope not in _NIL_OUTSIDE:
            found += nil_statements(passage, section.text.section.title)
    return found


def _reader(section: Scoped, scope: Scope | None, setting: Setting) -> Reader:
    name, opens = (scope.scope, scope.opens) if scope else ("", None)
    own = replace(setting, scope=name, opens=opens, title=section.title, within=section.within)
    return Reader(own, section.text.section.title)


def _issue(mention: Mention) -> Issue:
    return Issue(
        kind="amount_unclassified",
        message=f"正文中的数字未能判明含义：{mention.quote}",
        source=mention.source,
    )


__all__ = ["Passage", "SectionText", "mentions", "passages_of"]
