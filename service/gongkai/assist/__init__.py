"""What a model could add to what was read: questions with closed answers, and what an answer means. Pure; asks nobody.

Code has read the document; a question is put only where it found no name. An answer is applied as if the page had been plainer: it
names a form, a column, a row, a section, an amount's role, and never touches what is printed. Each task has a module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gongkai.assist import (
    arranging,
    choosing,
    forms,
    headings,
    indicators,
    naming,
    sentences,
    splitting,
)
from gongkai.assist.checking import Judge
from gongkai.assist.common import REASONS, Move, Open, moves
from gongkai.draft import Draft, Pointers, Rejection, drafted
from gongkai.llm.questions import SENTENCES, Answer, NoAnswer, Outcome, Question
from gongkai.report import Issue

TASKS = (arranging, forms, naming, indicators, splitting, headings, sentences, choosing)


def opened(draft: Draft) -> Iterator[Open]:
    """What is open in ``draft`` and has not been asked."""
    for task in TASKS:
        yield from (one for one in task.opened(draft) if one.question.id not in draft.answered)


def questions(draft: Draft) -> tuple[Question, ...]:
    """What a model might add."""
    return tuple(one.question for one in opened(draft))


def apply(draft: Draft, outcomes: Sequence[Outcome]) -> Draft:
    """``draft`` with the answers adopted, but for those that break what held before (they stand in ``rejected``).

    A question that ended without an answer leaves things as they are, and an Issue says why.
    """
    known = {one.question.id: one for one in opened(draft)}
    answers = [each for each in outcomes if isinstance(each, Answer) and each.question in known]
    pointers, rejected = _adopted(draft, known, answers)
    adopted = drafted(draft.plain, pointers) if answers else draft
    return replace(
        adopted,
        told=(*draft.told, *_unanswered(outcomes), *_rejected(rejected)),
        answered=draft.answered | {outcome.question for outcome in outcomes},
        rejected=(*draft.rejected, *rejected),
        crops=draft.crops,
    )


def _adopted(
    draft: Draft, known: Mapping[str, Open], answers: Sequence[Answer]
) -> tuple[Pointers, list[Rejection]]:
    """The pointers of what may be adopted, and the rest. All is tried together, then halves of it."""
    all_moves, rejected = _undoubted(draft, known, answers)
    if not all_moves:
        return draft.pointers, rejected
    judge = Judge(draft)

    def taken(base: Pointers, some: Sequence[Move]) -> Pointers:
        points = base
        for move in some:
            points = move.made(points)
        broken = judge.broken(drafted(draft.plain, points))
        if broken == ():
            return points
        if len(some) == 1:
            rejected.append(Rejection(some[0].open.question.id, some[0].tag, broken or ()))
            return base
        middle = len(some) // 2
        return taken(taken(base, some[:middle]), some[middle:])

    return taken(draft.pointers, all_moves), rejected


def _undoubted(
    draft: Draft, known: Mapping[str, Open], answers: Sequence[Answer]
) -> tuple[list[Move], list[Rejection]]:
    """What the answers point at, but for what contradicts itself or the page."""
    left: list[Move] = []
    rejected: list[Rejection] = []
    for answer in answers:
        one = known[answer.question]
        doubts = one.doubts(answer.values)
        rejected += [Rejection(answer.question, tag, (why,)) for tag, why in doubts.items()]
        own = (move for move in moves(one, answer.values) if move.tag not in doubts)
        left += [move for move in own if move.made(draft.pointers) != draft.pointers]
    return left, rejected


def _unanswered(outcomes: Iterable[Outcome]) -> list[Issue]:
    """One Issue for each reason why questions stayed open; none where no model is configured (they stand beside the Report)."""
    silent = Counter(outcome.why for outcome in outcomes if isinstance(outcome, NoAnswer))
    return [
        Issue(
            kind=f"model_{why}",
            message=f"{count} 个问题没有得到模型的回答，按未配置模型处理：{SENTENCES[why]}",
        )
        for why, count in sorted(silent.items())
        if why != "off"
    ]


def _rejected(rejected: Sequence[Rejection]) -> list[Issue]:
    return [
        Issue(
            kind="model_rejected",
            message=f"模型对 {each.question} {each.tag} 的回答未采用：{_why(each.codes)}。",
        )
        for each in rejected
    ]


def _why(codes: Sequence[str]) -> str:
    told = [REASONS[code] for code in codes if code in REASONS]
    failed = [code for code in codes if code not in REASONS]
    if failed:
        told.append(f"采用后原本成立的核对不再成立（{'、'.join(failed)}）")
    return "；".join(told) or "采用后会改变数值"
