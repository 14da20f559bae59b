"""Plants one error of a known kind in a label. It edits what is printed, never a PDF, and knows nothing of the checks."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from random import Random

from gongkai_eval.synthetic import account as accounts
from gongkai_eval.synthetic import spoil_prose, spoil_tables
from gongkai_eval.synthetic.desk import Desk, Edit
from gongkai_eval.synthetic.draft import Draft

SPOILERS = {**spoil_tables.KINDS, **spoil_prose.KINDS}


@dataclass(frozen=True, slots=True)
class Kind:
    """``checked``: a check of it is in force. ``loud``: it has to be told as an error or a warning."""

    name: str
    title: str
    checked: bool = True
    loud: bool = True


@dataclass(frozen=True, slots=True)
class Plant:
    """What was planted. ``tells`` are alternatives: a finding that holds all tokens of one of them has found it."""

    kind: str
    edits: tuple[Edit, ...]
    tells: tuple[tuple[str, ...], ...]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of planted error, in the order of ``kinds.toml``."""
    return {name: Kind(name, **record) for name, record in accounts.read("kinds.toml").items()}


def plant(draft: Draft, kind: str, seed: int) -> tuple[Draft, Plant] | None:
    """A copy of the draft with one error of the kind; None when the report has no place for it."""
    desk = Desk(copy.deepcopy(draft), Random(f"{kind}/{seed}"), [])
    tells = SPOILERS[kind](desk)
    if not tells:
        return None
    return desk.draft, Plant(kind, tuple(desk.edits), tuple(tells))
