"""Whether an answer may be adopted: no figure has another value, and no identity that held before fails."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.draft import Draft
from gongkai.proof import checked
from gongkai.report import CheckResult, Source

Place = tuple[str, Source]  # the code of a check and the place of one of its operands
Held = dict[Place, set[str]]


class Judge:
    """Holds drafts against the one that was read without a model. ``before`` is checked once."""

    def __init__(self, before: Draft) -> None:
        self._values = dict(_values(before))
        self._held, self._failed, _ = _verdicts(before)

    def broken(self, after: Draft) -> tuple[str, ...] | None:
        """The codes of the checks that held before and fail in ``after``; ``None`` if a figure has another value.

        Through a chosen reading some check must hold, and none may fail: there was no number at that place before.
        """
        chosen = after.pointers.readings
        for place, value in _values(after):
            if place not in chosen and self._values.get(place, value) != value:
                return None
        _, failed, proved = _verdicts(after)
        unproved = {
            figure.id
            for form in after.forms
            for figure in form.figures
            if figure.source in chosen and figure.id not in proved
        }
        fresh = {
            code for code, place in failed - self._failed if (code, place) in self._held or place in chosen
        }
        return tuple(sorted(fresh | ({"unproved"} if unproved else set())))

    def allows(self, after: Draft) -> bool:
        return self.broken(after) == ()


def _values(draft: Draft) -> Iterator[tuple[Source, tuple[str, object]]]:
    for form in draft.forms:
        for figure in form.figures:
            yield figure.source, (figure.printed, figure.value)


def _verdicts(draft: Draft) -> tuple[set[Place], set[Place], dict[str, tuple[str, ...]]]:
    """Where each check holds and where it fails (by code and place of its operands), and what is proved."""
    outcome = checked(draft, all_checks=True)
    places = {figure.id: figure.source for form in draft.forms for figure in form.figures}
    places |= {mention.id: mention.source for mention in draft.mentions}
    held: set[Place] = set()
    failed: set[Place] = set()
    for result in outcome.checks.results or ():
        into = _side(result, held, failed)
        if into is not None:
            into.update((result.code, places[one]) for one in result.operands if one in places)
    return held - failed, failed, outcome.proved


def _side(result: CheckResult, held: set[Place], failed: set[Place]) -> set[Place] | None:
    if result.verdict in ("pass", "pass_with_rounding"):
        return held
    return failed if result.verdict in ("fail", "needs_review") else None
