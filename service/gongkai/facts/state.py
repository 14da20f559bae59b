"""Where the reading of a passage stands: whose numbers come now, and the drafts made so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gongkai.facts.amounts import Amount
from gongkai.facts.drafts import UNCLASSIFIED, Draft, Fill
from gongkai.facts.kinds import Topic
from gongkai.facts.naming import Codes, cleaned
from gongkai.facts.passages import Passage
from gongkai.facts.words import Kind as Word
from gongkai.facts.words import Token
from gongkai.report import Kind, Subject

NOBODY = Subject(code=None, name="")
_OF_ALL = re.compile(r"预算|决算|年|合计|总")
_NUMBERED = re.compile(r"[:;。,](?:\d{1,2}[、.．)](?!\d)|\(\d{1,2}\)|\(?[一二三四五六七][)、是])")


@dataclass(frozen=True)
class Setting:
    """What is known before a section is read: the report's ``kind``, year and ``names``; the section's ``scope`` and ``opens`` (the name
    that amounts stand for which no name precedes), its ``title``, and ``within``: the function class that it is about."""

    scope: str
    kind: Kind | None
    fiscal_year: int | None
    codes: Codes
    names: tuple[str, ...] = ()
    title: str = ""
    within: str | None = None
    opens: str | None = None


@dataclass
class Memory:
    """What one passage of a section leaves to the next: the fact last spoken of, the project, the event, the function class that a line of
    its own named (``within``), and a topic that one announced."""

    fact: str = ""
    project: str = ""
    event: str = ""
    within: str | None = None
    announced: tuple[Topic, Subject] | None = None
    reason: tuple[Topic, Subject] | None = None


@dataclass
class Frame:
    """Topic and base of comparison at one depth of brackets. ``family``: prior (last year) or own (this year's budget); ``fresh``: the
    base was named in this sentence; ``named``: the topic was. ``whole`` is what 其中 (at ``since``) divides, and ``parts`` counts the things it
    names; in the sentence after them ``back`` is that whole. ``within``: it divides a mere item, or what nobody knows."""

    topic: Topic | None = None
    subject: Subject = NOBODY
    drafts: dict[str, Draft] = field(default_factory=dict)
    before: dict[str, Draft] = field(default_factory=dict)
    base: Token | None = None
    family: str = "prior"
    fresh: bool = False
    named: bool = False
    sides: int = 0  # how many of the two sides of an account this sentence has named
    listed: bool = False
    purpose: bool = False
    item: str = ""
    doubtful: bool = False
    whole: tuple[Topic, Subject, dict[str, Draft]] | None = None
    parts: int = 0
    within: bool = False
    since: int = 0
    back: tuple[Topic, Subject, dict[str, Draft]] | None = None

    def copy(self) -> Frame:
        return replace(self, drafts=dict(self.drafts))

    def divide(self, at: int) -> None:
        """其中: what is named from here on are parts of the topic."""
        if self.topic is not None and self.whole is None:
            self.whole, self.parts, self.since = (self.topic, self.subject, self.before | self.drafts), 0, at

    def end_list(self, plain: str, stop: int) -> None:
        """The sentence with 其中 ends: a comparison that begins the next one without a name is of the whole, if several parts were named and
        none of them has a number, under which it could stand."""
        alone = self.parts < 2 or _NUMBERED.search(plain, self.since, stop)
        self.back, self.whole, self.within = None if alone else self.whole, None, False

    def new_sentence(self, listed: bool) -> None:
        self.before = self.before | self.drafts
        self.drafts = {}
        self.named = self.purpose = self.fresh = False
        self.sides = 0
        self.listed = listed


class State:
    """One passage while it is read; ``clause`` holds the tokens since the last mark or amount, ``clauses`` the texts before it."""

    def __init__(self, setting: Setting, memory: Memory, passage: Passage, numbered: bool) -> None:
        self.setting, self.memory, self.passage = setting, memory, passage
        self.plain = passage.plain
        self.numbered = numbered
        self.frame = Frame(listed=numbered)
        self.stack: list[Frame] = []
        self.clause: list[Token] = []
        self.clauses: list[str] = [""]
        self.drafts: list[Draft] = []
        self.planned = self.signed = self.in_turn = False
        self.last = 0  # where the last amount ended

    def name(self) -> str:
        """The name that the clause gives; empty if its words say only what comes, not of whom."""
        return cleaned("".join(token.text for token in self.clause if token.kind == "name"))

    def text(self) -> str:
        return "".join(token.text for token in self.clause)

    def word(self, *kinds: Word) -> Token | None:
        """The last word of one of ``kinds`` in the clause."""
        return next((token for token in reversed(self.clause) if token.kind in kinds), None)

    def roles(self) -> frozenset[str]:
        return frozenset(token.kind for token in self.clause if token.kind != "name")

    def next_clause(self, stop: int) -> None:
        start = self.clause[0].start if self.clause else stop
        self.clauses.append(self.plain[start:stop])
        self.clause = []

    def enter(self, topic: Topic, subject: Subject) -> None:
        """From here on the numbers are those of ``subject``; a base named in an earlier sentence as this year's budget no longer holds."""
        frame = self.frame
        if frame.topic is not topic or frame.subject != subject:
            frame.topic, frame.subject = topic, subject
            frame.drafts, frame.before = {}, {}
            self.signed = False
            frame.parts += 1
            frame.sides += topic.beside_subject is not None
            if frame.family == "own" and not frame.fresh:
                frame.base, frame.family = None, "prior"
        frame.named = True

    def divide(self) -> None:
        """其中 begins here: of the topic, or of an amount that has none."""
        topic, before = self.frame.topic, self.drafts[-1] if self.drafts else None
        unknown = topic is None and before is not None and before.fact == UNCLASSIFIED
        said = before.words("amount") if unknown and before is not None else ""
        self.frame.within = bool(said and not _OF_ALL.search(said)) or (
            topic is not None and topic.fact.endswith(("detail_item", "structure_item"))
        )
        self.frame.divide(self.clause[0].start)

    def return_to_whole(self) -> None:
        """A comparison that names nothing: after a list with 其中 it is of the whole."""
        if self.frame.back is not None and not self.name():
            topic, subject, drafts = self.frame.back
            self.enter(topic, subject)
            self.frame.before = drafts
        self.frame.back = None

    def place(self, slot: str, fill: Fill) -> Draft:
        """``fill`` in the draft of this sentence that has the slot free, else in a new one; a word without a number also in that of the
        sentence before."""
        frame, topic = self.frame, self.frame.topic
        assert topic is not None
        fact = topic.owner(slot)
        draft = frame.drafts.get(fact) or (frame.before.get(fact) if fill.amount is None else None)
        if draft is None or slot in draft.fills:
            # 收入A，支出B，各增加C is said of both
            one = frame.named and (frame.sides < 2 or self.in_turn or bool(self.name()))
            other = topic.beside_subject if fact in topic.beside and one else None
            subject = Subject(code=frame.subject.code, name=other) if other else frame.subject
            draft = self.add(
                Draft(self.passage, topic, fact, subject, doubtful=topic.check or frame.doubtful)
            )
            frame.drafts[fact] = draft
        draft.fills[slot] = fill
        return draft

    def place_word(self, slot: str, token: Token, span: tuple[int, int] | None = None) -> None:
        """A word fills a slot once; it never opens a draft beside one that has it."""
        assert self.frame.topic is not None
        draft = self.frame.drafts.get(self.frame.topic.owner(slot))
        if draft is None or slot not in draft.fills:
            self.place(slot, Fill(*(span or (token.start, token.stop))))

    def loose(self, fact: str, slot: str, amount: Amount, name: str = "", sign: int = 1) -> None:
        """A draft of one amount that belongs to no topic."""
        start = self.clause[0].start if self.clause else amount.start
        fill = Fill(start, amount.stop, amount, sign)
        self.add(Draft(self.passage, None, fact, Subject(code=None, name=name), {slot: fill}))

    def add(self, draft: Draft) -> Draft:
        self.drafts.append(draft)
        return draft
