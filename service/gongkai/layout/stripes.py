"""Striped tables: every other row is filled and the rows between have no ruling at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from gongkai.pages import Rule, Word

Rulings = tuple[list[Rule], list[Rule]]  # horizontal, vertical: rulings that touch one another
TALL = 1.7  # of the rows beside it: a gap higher than this is more than a row


def without_gaps(groups: Sequence[Rulings], words: Sequence[Word]) -> list[Rulings]:
    """Groups of rulings that stand under one another with the same column edges and one row of words between, made one."""
    done: list[Rulings] = []
    for group in sorted(groups, key=lambda one: min(rule.at for rule in one[0])):
        if done and (bridge := _bridge(done[-1], group, words)):
            upper = done.pop()
            done.append((upper[0] + group[0], upper[1] + bridge + group[1]))
        else:
            done.append(group)
    return done


def _bridge(upper: Rulings, lower: Rulings, words: Sequence[Word]) -> list[Rule]:
    """The column edges through the gap between two groups; none if they are tables of their own."""
    edges = sorted({rule.at for rule in upper[1]})
    if len(edges) < 3 or edges != sorted({rule.at for rule in lower[1]}):
        return []
    above, below = sorted({rule.at for rule in upper[0]}), sorted({rule.at for rule in lower[0]})
    top, bottom = above[-1], below[0]
    rows = [b - a for ats in (above[-2:], below[:2]) for a, b in pairwise(ats)]
    if not rows or not 0 < bottom - top <= TALL * max(rows):
        return []
    columns = {
        bisect_right(edges, (word.x0 + word.x1) / 2)
        for word in words
        if top < (word.y0 + word.y1) / 2 < bottom and edges[0] < (word.x0 + word.x1) / 2 < edges[-1]
    }
    return [Rule(at, top, bottom) for at in edges] if len(columns) > 1 else []
