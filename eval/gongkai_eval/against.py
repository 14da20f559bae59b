"""Two runs side by side: what a change of the reader, or of the labels, did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai_eval.scorer import Score, Tally, total

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One document in two runs: the tallies that differ (name, before, now), the misses that came and those that went."""

    document: str
    tallies: tuple[tuple[str, Tally, Tally], ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


class NotARun(ValueError):
    """The file is not what ``gongkai eval --out`` wrote."""


def load(path: Path) -> dict[str, Score]:
    """The scores that ``--out`` wrote, by document; raises :class:`NotARun`."""
    try:
        return {record["document"]: _score(record) for record in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NotARun(f"{path}: not the JSON of an earlier run (gongkai eval --out FILE): {error}") from error


def _score(record: Mapping[str, Any]) -> Score:
    from gongkai_eval.scorer import Miss

    return Score(
        record["document"],
        {name: Tally(**counts) for name, counts in record["tallies"].items()},
        tuple(Miss(**miss) for miss in record["misses"]),
        record["silent"],
        record.get("error", ""),
    )


def changes(before: Mapping[str, Score], now: Sequence[Score]) -> list[Change]:
    """What differs in the documents that both runs measured, and first of all of them together."""
    both = [score for score in now if score.document in before]
    pairs = [(total([before[score.document] for score in both]), total(both))] if both else []
    pairs += [(before[score.document], score) for score in both]
    found = [Change(new.document, tuple(_tallies(old, new)), *_misses(old, new)) for old, new in pairs]
    return [change for change in found if change.tallies or change.new or change.gone]


def _tallies(old: Score, new: Score) -> Iterator[tuple[str, Tally, Tally]]:
    for name in dict.fromkeys((*old.tallies, *new.tallies)):
        was, now = old.tallies.get(name, Tally()), new.tallies.get(name, Tally())
        if was != now:
            yield name, was, now
    if old.silent != new.silent:
        yield "silent", Tally(right=old.silent), Tally(right=new.silent)


def _misses(old: Score, new: Score) -> tuple[tuple[str, ...], tuple[str, ...]]:
    was, now = ({miss.key for miss in score.misses} for score in (old, new))
    return tuple(sorted(now - was)), tuple(sorted(was - now))


def lines(found: Sequence[Change]) -> Iterator[str]:
    """For people: one document a paragraph, at most ten misses each way."""
    for change in found:
        yield f"{change.document}: " + "; ".join(
            f"{name} {_told(was)} → {_told(now)}" for name, was, now in change.tallies
        )
        for sign, keys in (("-", change.new), ("+", change.gone)):
            yield from (f"  {sign} {key}" for key in keys[:SHOWN])
            if len(keys) > SHOWN:
                yield f"  {sign} … and {len(keys) - SHOWN} more"


def _told(tally: Tally) -> str:
    return (
        f"{tally.right}/{tally.truth} ({tally.reported})"
        if tally.truth + tally.reported
        else str(tally.right)
    )
