"""分别 (or 各, before several amounts): one clause names several things, and the amounts that follow are theirs in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.facts.amounts import Amount
from gongkai.facts.finding import find, unit_of
from gongkai.facts.kinds import Topic
from gongkai.facts.state import State
from gongkai.facts.words import Token
from gongkai.report import Subject

_IN_TURN = re.compile("分别|各")
_SIDES = re.compile(r"(.*?)收入?[、和与]支出?(总计|合计|总额)?")
_AND = re.compile(r"[、和与及]")


@dataclass
class Shared:
    """``targets`` in the order of the names; ``words`` are the clause that says what the amounts are of each; ``at`` is whose turn it is."""

    targets: tuple[tuple[Topic, Subject], ...]
    words: Sequence[Token]
    at: int = 0


def begin(state: State, name: str, amount: Amount) -> Shared | None:
    """The names of a clause that gives several amounts in turn, each with its topic, the first entered; None unless all are known."""
    if not _IN_TURN.search(state.text()):
        return None
    unit = "money" if amount.quantity == "percent" else unit_of(amount)
    found = [find(state, part, unit, amount) for part in _parts(name)]
    known = tuple(target for target in found if target is not None)
    if not 1 < len(found) == len(known):
        return None
    state.enter(*known[0])
    return Shared(known, tuple(state.clause))


def turn(state: State, shared: Shared, name: str) -> bool:
    """Whose turn is the next amount? A clause with words of its own (增长5%、6%) begins again with the first; one with a name ends it.

    The target is entered, with the words of the clause that began; False if there is none left.
    """
    if name:
        return False
    if state.roles():
        shared.words, shared.at = tuple(state.clause), 0
    else:
        shared.at += 1
    if shared.at >= len(shared.targets):
        return False
    state.enter(*shared.targets[shared.at])
    state.clause = list(shared.words)
    return True


def _parts(name: str) -> list[str]:
    sides = _SIDES.fullmatch(name)
    if sides:
        return [f"{sides[1]}{side}{sides[2] or ''}" for side in ("收入", "支出")]
    return [part for part in _AND.split(name) if part]
