"""What is known of a report besides its tables, as the rules take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.said import Prose
from gongkai.checks.sheet import Sheet
from gongkai.report import Entity, Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """The prose, and whose report of which year and kind it is (``None``: not known)."""

    prose: Prose
    entity: Entity | None
    kind: Kind | None
    fiscal_year: int | None


Sheets = Mapping[str, Sequence[Sheet]]
Rule = Callable[[Check, Reading, Sheets], Iterator[Applied]]
