"""``read_sentence``: what the amounts state that the grammar left open, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.assist import headings, statements
from gongkai.assist.common import Open, Values, numbered, tags, twice
from gongkai.assist.headings import PARTS, unknown
from gongkai.draft import Draft, Pointers
from gongkai.facts import Passage
from gongkai.facts.catalogue import facts
from gongkai.facts.drafts import UNCLASSIFIED
from gongkai.facts.kinds import topics
from gongkai.facts.pointing import PointedAmount
from gongkai.facts.scoping import scoped
from gongkai.llm.questions import Choice, Part, Question, Tag
from gongkai.report import Mention, Source

MOST_AMOUNTS = 12  # in one question
MOST_SUBJECTS = 12
MOST_FACTS = 40
UNITS = frozenset(("元", "千元", "万元", "亿元", "%"))
_SENTENCE = re.compile(r"[^。；;]+[。；;]?")
_OWN_YEAR = frozenset(("initial_budget", "full_year_budget"))
_COUNTED = {"人": "persons", "人次": "persons", "批次": "batches", "个": "groups", "辆": "vehicles"}


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """An unclassified amount at ``passage.text[start:stop]``."""

    mention: Mention
    start: int
    stop: int


def opened(draft: Draft) -> Iterator[Open]:
    """Paragraphs of the usual parts with money or percentages that no fact claims."""
    left: dict[Source, Mention] = {m.source: m for m in draft.mentions if _is_open(m)}
    roots = _roots(draft)
    unnamed = {heading.source for heading in unknown(draft)} if _names_are_asked(draft) else set()
    for scope in scoped(draft.texts) if left else ():
        if roots.get(scope.text.section.id, "") not in PARTS or scope.text.section.source in unnamed:
            continue
        for passage in scope.text.passages:
            amounts = _amounts(passage, left)[:MOST_AMOUNTS]
            if amounts:
                offered = _facts(scope.scope.scope if scope.scope else None)
                subjects = _subjects(draft, passage, scope.text.section.title)
                question = _question(passage, amounts, subjects, offered)
                yield Open(
                    question,
                    partial(_adopt, question.id, amounts, subjects),
                    doubts=partial(_doubts, draft, passage, amounts),
                )


def _names_are_asked(draft: Draft) -> bool:
    """Whether headings are asked about now: with a name for its section the grammar may read a sentence by itself."""
    return any(one.question.id not in draft.answered for one in headings.opened(draft))


def _is_open(mention: Mention) -> bool:
    return mention.fact == UNCLASSIFIED and mention.slots[0].unit in UNITS and mention.method != "model"


def _roots(draft: Draft) -> dict[str, str]:
    """The kind of the part in which each section stands."""
    root, found = "", {}
    for section, text in zip(draft.sections, draft.texts, strict=True):
        root = section.kind if section.level == 1 else root
        found[text.section.id] = root
    return found


def _amounts(passage: Passage, left: dict[Source, Mention]) -> list[OpenAmount]:
    found = []
    for mention in left.values():
        at = passage.text.find(mention.quote)
        while at >= 0:
            stop = at + len(mention.quote)
            if passage.place(at, stop) == mention.source:
                found.append(OpenAmount(mention, at, stop))
                break
            at = passage.text.find(mention.quote, at + 1)
    return sorted(found, key=lambda each: each.start)


def _facts(scope: str | None) -> tuple[str, ...]:
    """The facts that a section of that scope states; outside of every scope those that may be stated anywhere."""
    fitting = [
        topic
        for topic in topics()
        if (scope in topic.scopes if scope else not topic.scopes) and topic.units & {"money", "percent"}
    ]
    names = [fact for topic in fitting for fact in (topic.fact, *topic.beside, *topic.route.values())]
    return tuple(dict.fromkeys(name for name in names if name != UNCLASSIFIED))[:MOST_FACTS]


def _subjects(draft: Draft, passage: Passage, title: str) -> tuple[str, ...]:
    """Names of rows that the paragraph says, longest first, and the title above it."""
    labels = {figure.row_label.strip() for form in draft.forms for figure in form.figures}
    said = sorted(
        (label for label in labels if len(label) > 1 and label in passage.plain), key=len, reverse=True
    )
    return tuple(dict.fromkeys([*said[: MOST_SUBJECTS - 1], title]))


def _question(
    passage: Passage, amounts: Sequence[OpenAmount], subjects: Sequence[str], offered: Sequence[str]
) -> Question:
    place = amounts[0].mention.source
    start = passage.place(0, 1)  # of the paragraph: it stays when some of its amounts are known
    return Question(
        id=f"sentence:{start.document[:8]}:{start.page}:{start.bbox[0]:.0f}:{start.bbox[1]:.0f}",
        task="read_sentence",
        parts=(
            Part("sentences", tags("S", _sentences(passage, amounts))),
            Part("subjects", tags("T", subjects)),
            Part(
                "amounts",
                tuple(Tag(t, one.mention.slots[0].printed or "") for t, one in numbered("A", amounts)),
            ),
        ),
        lists={"facts": tuple(Choice(name, facts()[name].about) for name in offered)},
        source=place,
    )


def _sentences(passage: Passage, amounts: Sequence[OpenAmount]) -> list[str]:
    """The sentences that hold open amounts, with those between them; each open amount is its tag."""
    first, last = amounts[0].start, amounts[-1].stop
    text, shift = passage.text, 0
    spans = [m.span() for m in _SENTENCE.finditer(text) if m.end() > first and m.start() < last]
    marked = []
    for begin, end in spans:
        sentence, shift = text[begin:end], 0
        for tag, one in numbered("A", amounts):
            if begin <= one.start < end:
                printed = one.mention.slots[0].printed or one.mention.quote
                at = sentence.find(printed, max(0, one.start - begin + shift))
                if at >= 0:
                    sentence = f"{sentence[:at]}〔{tag}〕{sentence[at + len(printed) :]}"
                    shift += len(tag) + 2 - len(printed)
        marked.append(sentence)
    return marked


def _adopt(
    question: str, amounts: Sequence[OpenAmount], subjects: Sequence[str], values: Values, pointers: Pointers
) -> Pointers:
    names = dict(numbered("T", subjects))
    found = dict(pointers.amounts)
    for tag, one in numbered("A", amounts):
        said = values.get("amounts", {}).get(tag, {})
        slot = _slot(said, one.mention)
        if said.get("fact", "none") != "none" and slot is not None:
            subject = names.get(said["subject"], "")
            sign = -1 if said["direction"] == "decrease" and slot.endswith(("change", "rate")) else 1
            found[one.mention.source] = PointedAmount(said["fact"], subject, slot, sign, question)
    return replace(pointers, amounts=found)


def _doubts(
    draft: Draft, passage: Passage, amounts: Sequence[OpenAmount], values: Values
) -> Mapping[str, str]:
    """What :mod:`statements` has against the answer; two amounts that would be one and the same."""
    words = statements.words_before(passage, draft.identity.fiscal_year)
    given = values.get("amounts", {})
    doubted: dict[str, str] = {}
    same: dict[str, tuple[str, ...]] = {}
    for tag, one in numbered("A", amounts):
        said, amount = given.get(tag, {}), one.mention.slots[0]
        slot = _slot(said, one.mention) if said.get("fact", "none") != "none" else None
        if slot is None:
            continue
        same[tag] = (said["fact"], said["subject"], slot)
        if statements.misread(said, amount, words.get(one.start)):
            doubted[tag] = "other_words"
        elif statements.stated_otherwise(draft, said["fact"], slot, amount):
            doubted[tag] = "stated_otherwise"
    return dict.fromkeys(twice(same), "named_twice") | doubted


def _slot(said: Values, mention: Mention) -> str | None:
    """The slot of the fact that has this role; ``None`` if the fact has none."""
    fact = facts().get(said.get("fact", ""))
    if fact is None:
        return None
    own = "budget_" if said["base"] in _OWN_YEAR else ""
    role = said["role"]
    wanted = {
        "amount": ("amount", "total"),
        "base": ("budget" if own else "base_amount",),
        "change": (f"{own}change",),
        "rate": (f"{own}rate",),
        "share": ("share",),
        "completion": ("completion",),
        "count": (_COUNTED.get(mention.slots[0].unit or "", ""), "count", "amount"),
    }.get(role, ())
    return next((slot for slot in wanted if slot in fact.slots), None)
