"""Self-repair by arithmetic: figures that OCR read without certainty, around sums that fail.

The digits of a sound text layer are never altered. For each failing check the smallest changes of a doubtful figure are tried by
applying all checks again: what a second look at the picture gave, what else the engine could have read, a lost minus, a lost group of
digits, a neighbouring column. A change fits when every check through it then holds, and no other begins to fail. One that alone fits
best is adopted if the second look says the same (``method: repaired``, grade ``check``, the first reading in the Issue); else it is
proposed. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai import money
from gongkai.alike import printed_alike
from gongkai.checks import Outcome
from gongkai.ocr.evidence import Reading, in_box, is_amount, plainly
from gongkai.ocr.grading import Scans, graded
from gongkai.report import CheckResult, Figure, Form, Issue

MOST_TRIALS = 60  # changes tried in one report: each costs one run of all checks
MOST_PROPOSED = 3  # of one failing check
CONFIDENCE = 0.8
SECOND_LOOK, ALTERNATIVE, MINUS, GROUP, SHIFT = range(5)  # the smaller the change, the earlier it stands
HOLDING = ("pass", "pass_with_rounding")
FAILING = ("fail", "needs_review")
Forms = tuple[Form, ...]
Judge = Callable[[Forms], Outcome]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be printed instead: ``texts`` are (figure, text) pairs. ``seen``: a second look at the picture says so."""

    texts: tuple[tuple[Figure, str], ...]
    size: int
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """The forms after all repairs, what the checks say of them, and an Issue for each repair and each proposal."""

    forms: Forms
    outcome: Outcome
    issues: tuple[Issue, ...]


def repaired(forms: Sequence[Form], scans: Scans, judge: Judge) -> Repaired:
    """``forms`` as read, with what the sums and a second look prove misread put right.

    ``judge`` applies all checks and lists every result; it is asked once for the forms as they are, and once for each change tried.
    """
    state = Repaired(tuple(forms), judge(tuple(forms)), ())
    seen: set[str] = set()
    trials = MOST_TRIALS if scans else 0
    while trials > 0 and (failure := _next_failure(state.outcome, seen)):
        seen.add(failure.id)
        changes = list(_changes_around(failure, state.forms, scans))[:trials]
        trials -= len(changes)
        tried = [(change, judge(_changed(state.forms, change))) for change in changes]
        fits = [(change, after) for change, after in tried if _fits(change, state, after)]
        best = [fit for fit in fits if fit[0].size == fits[0][0].size]
        seen |= {r.id for change, _ in best for r in _through(change, state.outcome)}
        state = _decided(state, failure, best)
    return state


def carried(repairs: Forms, forms: Forms) -> Forms:
    """``forms`` with what was repaired in ``repairs``, place by place: the same cells under other names."""
    texts = {f.source: f.printed for form in repairs for f in form.figures if f.method == "repaired"}
    return tuple(
        replace(
            form,
            figures=tuple(
                money.reread(f, texts[f.source], method="repaired", confidence=CONFIDENCE)
                if f.source in texts
                else f
                for f in form.figures
            ),
        )
        if any(f.source in texts for f in form.figures)
        else form
        for form in forms
    )


def _next_failure(outcome: Outcome, seen: set[str]) -> CheckResult | None:
    results = outcome.checks.results or ()
    return next((r for r in results if r.verdict in FAILING and r.operands and r.id not in seen), None)


def _changes_around(failure: CheckResult, forms: Forms, scans: Scans) -> Iterator[Change]:
    """Every change of one doubtful OCR figure among the operands, each text once, the smallest first."""
    found = [
        change
        for form in (
            graded(form, scans, {}) for form in forms if {f.id for f in form.figures} & set(failure.operands)
        )
        for figure in form.figures
        if figure.id in failure.operands and figure.method == "ocr" and figure.grade != "sure"
        for change in _changes(_raw(forms, figure), form, failure.difference, scans)
    ]
    known: set[tuple[tuple[str, str], ...]] = set()
    for change in sorted(found, key=lambda change: change.size):
        key = tuple((figure.id, text) for figure, text in change.texts)
        if key not in known:
            known.add(key)
            yield change


def _raw(forms: Forms, figure: Figure) -> Figure:
    """The figure in its place as the layout gave it, where its readings are."""
    return next(each for form in forms for each in form.figures if each.id == figure.id)


def _changes(figure: Figure, form: Form, gap: Decimal | None, scans: Scans) -> Iterator[Change]:
    readings = _readings(figure, scans)
    if figure.state not in ("value", "unread") or not readings:
        return
    alone = readings if len(readings) == 1 else ()
    looks = set(printed_alike(figure, form, (plainly(r.again) for r in alone if r.again)))
    for text in looks:
        yield from _change(figure, text, SECOND_LOOK, looks)
    for text in printed_alike(figure, form, (plainly(text) for r in alone for text, _ in r.numbers)):
        yield from _change(figure, text, ALTERNATIVE, looks)
    if figure.value is None:
        return
    yield from _change(figure, f"-{figure.printed}", MINUS, looks)
    for text in _longer(figure, gap):
        yield from _change(figure, text, GROUP, looks)
    for other in _neighbours(figure, form):
        yield Change(((figure, ""), (other, figure.printed)), SHIFT)


def _readings(figure: Figure, scans: Scans) -> list[Reading]:
    scan = scans.get((figure.source.document, figure.source.page))
    return in_box(scan.readings, scan.upright(figure.source.bbox)) if scan else []


def _change(figure: Figure, text: str, size: int, looks: set[str]) -> Iterator[Change]:
    amount = money.parse(text, figure.unit, figure.quantity)
    if is_amount(text) and amount.state == "value" and amount.value != figure.value:
        yield Change(((figure, text),), size, text in looks)


def _longer(figure: Figure, gap: Decimal | None) -> Iterator[str]:
    """What the sum asks for, where the figure as read is the end or the beginning of it."""
    if gap is None or figure.value is None or figure.yuan is None or figure.unit not in money.SCALE:
        return
    read = plainly(figure.printed)
    places = max(0, -int(figure.value.as_tuple().exponent))
    for way in (gap, -gap):
        wanted = figure.value + way.scaleb(-money.SCALE[figure.unit])
        text = f"{wanted:,.{places}f}" if "," in read or abs(figure.value) < 1000 else f"{wanted:.{places}f}"
        if len(text) > len(read) and (text.endswith(read) or text.startswith(read)):
            yield text


def _neighbours(figure: Figure, form: Form) -> list[Figure]:
    """Blank cells of the same row beside the figure."""
    row = [each for each in form.figures if each.row_key == figure.row_key]
    at = next(i for i, each in enumerate(row) if each.id == figure.id)
    return [each for each in row[max(at - 1, 0) : at + 2] if each.state == "blank"]


def _changed(forms: Forms, change: Change) -> Forms:
    texts = {figure.id: text for figure, text in change.texts}
    return tuple(
        replace(
            form,
            figures=tuple(
                money.reread(f, texts[f.id], method="repaired", confidence=CONFIDENCE) if f.id in texts else f
                for f in form.figures
            ),
        )
        if any(f.id in texts for f in form.figures)
        else form
        for form in forms
    )


def _through(change: Change, outcome: Outcome) -> list[CheckResult]:
    """The checks that the changed figures take part in."""
    ids = {figure.id for figure, _ in change.texts}
    return [
        r for r in outcome.checks.results or () if ids & set(r.operands) and r.verdict != "not_applicable"
    ]


def _fits(change: Change, state: Repaired, after: Outcome) -> bool:
    """Do all checks through the changed figures hold, some for the first time, and does no other begin to fail?"""
    failed = {r.id for r in state.outcome.checks.results or () if r.verdict in FAILING}
    around = _through(change, after)
    begun = any(r.verdict in FAILING and r.id not in failed for r in after.checks.results or ())
    settled = any(r.id in failed for r in around)
    return not begun and settled and all(r.verdict in HOLDING for r in around)


def _decided(state: Repaired, failure: CheckResult, best: Sequence[tuple[Change, Outcome]]) -> Repaired:
    """The single best change made if a second look supports it, else the best ones proposed."""
    if len(best) == 1 and best[0][0].seen:
        change, after = best[0]
        issue = _issue("figure_repaired", change, failure, state, after)
        return Repaired(_changed(state.forms, change), after, (*state.issues, issue))
    proposals = (_issue("repair_proposed", one, failure, state, then) for one, then in best[:MOST_PROPOSED])
    return replace(state, issues=(*state.issues, *proposals))


def _issue(kind: str, change: Change, failure: CheckResult, state: Repaired, after: Outcome) -> Issue:
    figure = change.texts[0][0]
    title = next(form.title for form in state.forms for each in form.figures if each.id == figure.id)
    place = f"《{title}》“{figure.row_label}”行“{figure.col_label}”栏识别为“{figure.printed}”"
    now = "、".join(
        f"“{other.col_label}”栏“{text}”" if other.id != figure.id else f"“{text}”"
        for other, text in change.texts
        if text
    )
    holding = len(_through(change, after))
    if kind == "figure_repaired":
        message = f"{place}；再次识别为{now}，且与之有关的{holding}项核对（如“{failure.title}”）随之成立，已改按{now}，请对照原件。"
    else:
        message = f"{place}；如为{now}，与之有关的{holding}项核对（如“{failure.title}”）均成立。未作改动，请对照原件。"
    return Issue(kind=kind, message=message, source=figure.source)
