"""Headings of the labels paired with headings of the Report, in order."""

from __future__ import annotations

from collections.abc import Sequence

Heading = tuple[int, str, str]


def align(truth: Sequence[Heading], reported: Sequence[Heading]) -> dict[int, int]:
    """The best pairing in order of headings (level, number, title) as {index in truth: index in reported}.

    Only headings of the same level pair, and only when their title or their number is the same; a title
    weighs more.
    """
    best = [[0] * (len(reported) + 1) for _ in range(len(truth) + 1)]
    for i in reversed(range(len(truth))):
        for j in reversed(range(len(reported))):
            pair = _likeness(truth[i], reported[j])
            taken = pair + best[i + 1][j + 1] if pair else 0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(truth) and j < len(reported):
        pair = _likeness(truth[i], reported[j])
        if pair and best[i][j] == pair + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(truth: Heading, reported: Heading) -> int:
    if truth[0] != reported[0]:
        return 0
    return 2 * (truth[2] == reported[2]) + (truth[1] == reported[1] != "")
