"""The grammar: a passage read from left to right, clause by clause; every amount gets a topic (whose) and a slot (which of its numbers).

A clause is what stands between two marks. Its name says the topic; without a name the topic of the clause before goes on. Its words say
the slot: 年初预算 the budget, 完成…的 the completion, 占…的 the share, 增加 and 减少 the change or its rate. A name that no topic knows
ends the topic before it: its amount stays unclassified rather than go to a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.facts import kinds, naming, slots
from gongkai.facts.amounts import Amount, amounts_in
from gongkai.facts.catalogue import reason_item
from gongkai.facts.drafts import UNCLASSIFIED, Draft, Fill, merged
from gongkai.facts.finding import GENERIC, find, topic_for
from gongkai.facts.kinds import Topic
from gongkai.facts.naming import cleaned
from gongkai.facts.passages import Passage
from gongkai.facts.shared import Shared, begin, turn
from gongkai.facts.state import Memory, Setting, State
from gongkai.facts.words import Token, tokens
from gongkai.report import Subject
from gongkai.text import normalise, strip_quotes

_ENDS = re.compile("(?:决算|预算)?(?:情况)?(?:的)?(?:说明)?[。.:]?$")
_LISTS = re.compile(r"其中|包括|包含|如下|以下|分别")
_ITEM = re.compile(r"^(?:\d{1,2}[、.．)]|\(\d{1,2}\)|\(?[一二三四五六七八九十]{1,3}[)、])")
_PLANNED = re.compile(r"拟新增|预算安排购置|新增配[备置]|拟购置")
_PRESENT = re.compile(r"共有|现有|保有")
_ENUMERATED = re.compile(r"\d{1,2}[、.．)]|\(\d{1,2}\)|[二三四五六七八九]是")
_FIRST = re.compile(r"[:,]?(?:1[、.．)]|\(1\))")
_TOWARDS = re.compile(r"新增|追加|调增|增拨|增加|增长|提高|上调|减少|压减|下降|压缩|调减|降低|核减")
_UP = frozenset(("新增", "追加", "调增", "增拨", "增加", "增长", "提高", "上调"))
_OF_IT = re.compile(r"的\d[\d,.]*%")
_AND_MORE = re.compile("[、,和与]¤")
_TELLING = re.compile(r"持平|一致|相[同等]|\([类款项]\)|综述")  # without an amount only these tell of any
_LABEL = re.compile(r"[^。;]{0,24}")
_SIDES = ("收入", "支出")  # 收入预算：… announces a side, in a sentence the words say nothing
_SAID = frozenset(("share", "completion", "sign"))


class Reader:
    """Reads the passages of one section in order."""

    def __init__(self, setting: Setting, heading: str = "") -> None:
        self.setting = setting
        self.memory = Memory(announced=self._headed(heading))

    def read(self, passage: Passage) -> list[Draft]:
        """The drafts of ``passage``: each of its amounts stands in exactly one slot of exactly one draft."""
        amounts = amounts_in(passage)
        announced, self.memory.announced = self.memory.announced, None
        if not amounts and not _TELLING.search(passage.plain):
            self.memory.announced = self._headed(passage.plain)
            return []
        words = list(tokens(passage.plain, amounts, self.setting.fiscal_year))
        if _is_label(passage, amounts, words):
            return [_label(passage, amount) for amount in amounts]
        numbered = bool(_ITEM.match(passage.plain))
        state = State(self.setting, self.memory, passage, numbered)
        if announced is not None:
            state.frame.topic, state.frame.subject = announced
            state.frame.item = announced[1].name if announced[0].fact == "sangong.item" else ""
        walk = _Walk(state, words)
        if numbered and self.memory.reason is not None:  # 原因是：1、…；¶ 2、…
            walk.go_on(*self.memory.reason)
        walk.through()
        self.memory.reason = walk.unfinished()
        frame = state.frame
        self.memory.fact = frame.topic.fact if frame.topic else self.memory.fact
        if not amounts:
            self._announce(cleaned(passage.plain.rstrip("。.:")), state)
        return merged(state.drafts)

    def _headed(self, heading: str) -> tuple[Topic, Subject] | None:
        """The item whose name is all that a heading says."""
        name = cleaned(_ENDS.sub("", strip_quotes(normalise(heading))))
        topic = kinds.headed(self.setting.scope, name)
        return (topic, Subject(code=None, name=topic.subject or name)) if topic else None

    def _announce(self, name: str, state: State) -> None:
        """A line that is nothing but the name of a class, or of an item, is about the lines after it."""
        if naming.is_path(name) and state.frame.topic is not None:
            self.memory.announced = state.frame.topic, state.frame.subject
        elif "(类)" in name and naming.is_class(name):
            self.memory.within = naming.function_class(name)


class _Walk:
    """One pass over the tokens of a passage. ``reason`` is where the reason began that is being read."""

    def __init__(self, state: State, words: Sequence[Token]) -> None:
        self.state, self.words = state, words
        self.reason: int | None = None
        self.shared: Shared | None = None
        self.resumed = False
        self._open: tuple[Topic, Subject] | None = None

    def go_on(self, topic: Topic, subject: Subject) -> None:
        """Begin inside the reason that the passage before left open: its next item."""
        self.state.frame.topic, self.state.frame.subject = topic, subject
        self.reason, self.resumed = len(self.state.plain), True

    def unfinished(self) -> tuple[Topic, Subject] | None:
        """Whose reason goes on in the next passage; None unless this one ends inside it."""
        return self._open

    def through(self) -> None:
        skip = 0
        for index, token in enumerate(self.words):
            if index >= skip:
                skip = self._aside(index) if token.kind == "open" else 0
                if not skip:
                    self._take(index, token)
        stop = len(self.state.plain)
        if self.reason is None:
            self._end_clause(stop, closes=False)
        self._end_reason(stop)

    def _take(self, index: int, token: Token) -> None:
        state = self.state
        if token.amount is not None:
            self._amount(index, token.amount)
            state.clause, state.last = self._carried(token.amount), token.stop
        elif token.kind in ("pause", "stop", "open", "close"):
            self._mark(index, token)
        elif token.kind == "reason" and self.reason is None:
            self._begin_reason(token)
        elif token.kind == "purpose" and self.reason is None:
            state.clause, state.frame.listed, state.frame.purpose = [], True, True
        else:
            state.clause.append(token)

    def _aside(self, index: int) -> int:
        """Where reading goes on after a bracket that states nothing; 0 if it does."""
        for stop in range(index + 1, len(self.words)):
            if self.words[stop].kind in ("amount", "sign", "stop", "open"):
                return 0
            if self.words[stop].kind == "close":
                return stop + 1
        return 0

    def _mark(self, index: int, token: Token) -> None:
        state = self.state
        if self.reason is not None:
            if self._ends_reason(index, token):
                if token.text == ";" and token.stop == len(state.plain) and self._is_list(token.start):
                    self._open = (state.frame.topic, state.frame.subject) if state.frame.topic else None
                self._end_reason(token.start)
            state.next_clause(token.start)
            if self.reason is not None or token.kind == "pause":
                return
        else:
            titled = state.numbered and token.kind == "stop" and len(state.clauses) == 1
            self._end_clause(token.start, closes=token.text == ":" or titled)
        if token.kind == "open":
            state.stack.append(state.frame.copy())
        elif token.kind == "close" and state.stack:
            state.frame = state.stack.pop()
        elif token.kind == "stop":
            goes_on = token.text == ";" and state.frame.listed
            if not goes_on:
                state.frame.end_list(state.plain, token.start)
            state.frame.new_sentence(state.numbered or goes_on)
            self.shared = None

    # ---------------------------------------------------------------- clauses

    def _amount(self, index: int, amount: Amount) -> None:
        state = self.state
        if self.reason is not None and self._stands_alone():
            self._end_reason(state.clause[0].start)
        if self.reason is not None:
            self._reason_amount(amount)
            return
        self._signals()
        name = state.name()
        topic = self._shared_topic(index, name, amount) or topic_for(state, name, amount)
        slot = slots.slot_for(state, topic, amount) if topic else None
        if slot is None:
            state.loose(UNCLASSIFIED, "amount", amount)
        else:
            slots.fill(state, slot, amount)
        state.frame.back = None

    def _carried(self, amount: Amount) -> list[Token]:
        """完成预算A的B%: the word before the base is also that of the percentage."""
        if amount.quantity == "percent" or not _OF_IT.match(self.state.plain, amount.stop):
            return []
        return [token for token in self.state.clause if token.kind in ("completion", "share")]

    def _shared_topic(self, index: int, name: str, amount: Amount) -> Topic | None:
        """The topic of an amount in the turn of a 分别; None if there is none."""
        if self.shared is None:
            following = "".join(
                "¤" if token.amount else token.text for token in self.words[index + 1 : index + 3]
            )
            self.shared = begin(self.state, name, amount) if _AND_MORE.fullmatch(following) else None
        elif not turn(self.state, self.shared, name):
            self.shared = None
        self.state.in_turn = self.shared is not None
        return self.state.frame.topic if self.shared else None

    def _end_clause(self, stop: int, closes: bool) -> None:
        """A clause without an amount: it may name what the next ones are about, or say 持平. ``closes``: it ends with a
        colon, or is the title that a numbered paragraph begins with."""
        state = self.state
        if state.clause:
            self._signals()
            name = state.name()
            signs = state.word("sign") is not None
            telling = closes or signs or naming.is_path(name) or state.setting.scope == "performance"
            generic = name in GENERIC and not (closes and name in _SIDES)
            if name and telling and not generic and not state.frame.purpose:
                found = find(state, name, "none")
                if found is None and (closes or signs or naming.is_path(name)):
                    found = find(state, name, "money")
                if found:
                    state.enter(*found)
                elif signs:
                    state.frame.topic = None
            slots.compare(state)
        state.next_clause(stop)

    def _signals(self) -> None:
        """Base of comparison, lists and plans: words that hold beyond their clause."""
        state = self.state
        if state.word("prior", "own"):
            state.return_to_whole()
        for token in state.clause:
            if token.kind in ("prior", "own"):
                state.frame.base, state.frame.family, state.frame.fresh = token, token.kind, True
        text = state.text()
        if _PLANNED.search(text):
            state.planned = True
        elif _PRESENT.search(text):
            state.planned = False
        if _LISTS.search(text):
            state.frame.listed = True
        if "其中" in text:
            state.divide()

    # ---------------------------------------------------------------- reasons

    def _begin_reason(self, token: Token) -> None:
        state = self.state
        self._signals()
        name = state.name()
        if name and (found := find(state, name, "money")):
            state.enter(*found)
        slots.compare(state)
        if state.frame.base is None and any(
            "completion" in draft.fills for draft in state.frame.drafts.values()
        ):
            state.frame.family = "own"
        if "原因" in token.text or state.signed:
            self.reason = token.stop
        else:
            state.frame.listed = True
        state.clause = []

    def _ends_reason(self, index: int, token: Token) -> bool:
        plain = self.state.plain
        if token.kind == "stop":
            item = _ENUMERATED.match(plain, token.stop)
            return item is None or (item[0][-1] != "是" and not self._is_list(token.start))
        return token.kind == "pause" and (self._compares(index + 1) or self._itemises(index + 1))

    def _itemises(self, index: int) -> bool:
        """Does 其中：… begin here that lists further things of the kind that the topic is, not of its reason?"""
        topic, words = self.state.frame.topic, self.words[index : index + 3]
        if topic is None or [token.text for token in words[:2]] != ["其中", ":"] or words[2:] == []:
            return False
        known = kinds.candidates(self.state.setting.scope, "money")
        return any(
            other.fact == topic.fact and not other.any_name and other.named(cleaned(words[2].text))
            for other in known
        )

    def _is_list(self, stop: int) -> bool:
        """Does the reason count its items: 原因是1、…;2、…?"""
        assert self.reason is not None
        return self.resumed or bool(_FIRST.match(self.state.plain, self.reason, stop))

    def _compares(self, index: int) -> bool:
        """Does a clause begin here that compares anew (,与上年相比减少 …), with a base against which nothing was said so far?"""
        following, frame = self.words[index : index + 3], self.state.frame
        if not following or following[0].kind not in ("prior", "own") or frame.topic is None:
            return False
        before = "budget_" if following[0].kind == "own" else ""
        said = (f"{before}direction", f"{before}change")
        fact = frame.topic.owner(said[0])
        drafts = [draft for draft in (frame.drafts.get(fact), frame.before.get(fact)) if draft is not None]
        return any(token.kind == "sign" for token in following) and not any(
            slot in draft.fills for draft in drafts for slot in said
        )

    def _end_reason(self, stop: int) -> None:
        if self.reason is None:
            return
        start, self.reason = self.reason, None
        while stop > start and self.state.plain[stop - 1] in ",:;。":
            stop -= 1
        if stop > start and self.state.frame.topic is not None:
            slot = "budget_reason" if self.state.frame.family == "own" else "reason"
            self.state.place(slot, Fill(start, stop))

    def _stands_alone(self) -> bool:
        """原因是厉行节约，三、公务接待费预算5万元: the budget or outcome of an item that a heading could name is no reason."""
        state = self.state
        if not state.clause or state.word("sign") or not state.word("budget", "actual"):
            return False
        return kinds.headed(state.setting.scope, state.name()) is not None

    def _reason_amount(self, amount: Amount) -> None:
        """A number inside a reason: an item of the change, never a number of the topic itself."""
        state = self.state
        words = [token.text for token in state.clause if token.kind in ("name", "reason", "budget", "actual")]
        name = cleaned("".join(words)) or cleaned(state.clauses[-1])
        said, towards = state.word("sign"), _TOWARDS.findall(name)
        down = said.direction == "down" if said else bool(towards) and towards[-1] not in _UP
        slot = "count"
        if amount.quantity == "money":
            slot = "change" if said or towards else "amount"
        elif amount.quantity == "percent":
            slot = "rate" if said else "percent"
        fact = reason_item(state.frame.topic.fact if state.frame.topic else "")
        state.loose(fact, slot, amount, name, -1 if down and slot in ("change", "rate") else 1)


def _is_label(passage: Passage, amounts: Sequence[Amount], words: Sequence[Token]) -> bool:
    """A label of a chart: a name and percentages, and no word that says of what."""
    percents = bool(amounts) and all(amount.quantity == "percent" for amount in amounts)
    said = any(token.kind in _SAID for token in words)
    return percents and not said and bool(_LABEL.fullmatch(passage.plain))


def _label(passage: Passage, amount: Amount) -> Draft:
    name = cleaned(passage.plain[: amount.start])
    fill = Fill(amount.start, amount.stop, amount)
    return Draft(passage, None, "chart.label", Subject(code=None, name=name), {"percent": fill})
