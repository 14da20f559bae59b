"""Rulings as they are drawn (in pieces, twice, a hair apart) made into the rulings that a reader sees."""

from __future__ import annotations

from gongkai.pages import Rule

SNAP = 3.5  # points: parallel strokes this close are one ruling (doubled borders, hairlines beside fills)
SHORTEST = 4.0  # points: what is shorter, its dashes joined, is decoration
JOIN = 4.5  # points: pieces of one ruling with a gap this small are continuous

Segment = tuple[float, float, float]  # at, lo, hi


def merge_rules(segments: list[Segment]) -> tuple[Rule, ...]:
    """Collinear, touching segments become one ``Rule``; parallel ones within ``SNAP`` points are drawn together."""
    segments.sort()
    rules: list[Rule] = []
    group: list[Segment] = []
    for segment in segments:
        if group and segment[0] - group[-1][0] > SNAP:
            rules.extend(_join(group))
            group = []
        group.append(segment)
    if group:
        rules.extend(_join(group))
    return tuple(rule for rule in rules if rule.hi - rule.lo >= SHORTEST)


def _join(group: list[Segment]) -> list[Rule]:
    """Pieces of one line (a group close in ``at``): joined where they touch, standing where most of their length stands."""
    total = sum(hi - lo for _, lo, hi in group)
    at = sum(a * (hi - lo) for a, lo, hi in group) / total
    pieces = sorted((lo, hi) for _, lo, hi in group)
    joined: list[Rule] = []
    start, end = pieces[0]
    for lo, hi in pieces[1:]:
        if lo - end > JOIN:
            joined.append(Rule(at, start, end))
            start, end = lo, hi
        elif hi > end:
            end = hi
    joined.append(Rule(at, start, end))
    return joined
