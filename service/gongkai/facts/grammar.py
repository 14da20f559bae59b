"""The grammar: a passage read from left to right, clause by clause; every amount gets a topic (whose) and a slot (which of its numbers).

A clause is what stands between two marks. Its name says the topic; without a name the topic of the clause before goes on. Its words say
the slot: 年初预算 the budget, 完成…的 the completion, 占…的 the share, 增加 and 减少 the change or its rate. A name that no topic knows
ends the topic before it: its amount stays unclassified rather than go to a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.facts import kinds, naming
from gongkai.facts.amounts import Amount, amounts_in
from gongkai.facts.drafts import UNCLASSIFIED, Draft, Fill, merged
from gongkai.facts.kinds import Topic
from gongkai.facts.naming import FunctionCodes, cleaned
from gongkai.facts.passages import Passage
from gongkai.facts.words import Token, tokens
from gongkai.report import Kind, Subject

_GENERIC = frozenset(("支出", "收入", "资金", "金额", "费用", "经费", "数", "总额", "支出数", "收入数", "相", "项目", "本年数"))
_LISTS = re.compile(r"其中|包括|包含|如下|以下|分别")
_ITEM = re.compile(r"^(?:\d{1,2}[、.．)]|\(\d{1,2}\)|\(?[一二三四五六七八九十]{1,3}[)、])")
_PLANNED = re.compile(r"拟新增|预算安排购置|新增配[备置]|拟购置")
_ENUMERATED = re.compile(r"(?:\d{1,2}[、.．)]|\(\d{1,2}\)|[二三四五六七八九]是)")
_TOWARDS = re.compile(r"新?增加?|增长|提高|上调|减少|压减|下降|压缩|调减|降低|核减")
_UP = frozenset("新增提上")
_FUNDS = {"一般公共预算": "一般公共预算财政拨款", "政府性基金": "政府性基金预算财政拨款", "国有资": "国有资本经营预算财政拨款"}
_LABEL = re.compile(r"[^。;]{0,24}")


@dataclass(frozen=True)
class Setting:
    """What is known of the report before its prose is read; ``title`` is of the section, ``within`` the class it is about."""

    scope: str
    kind: Kind | None
    fiscal_year: int | None
    codes: FunctionCodes
    title: str = ""
    within: str | None = None
    opens: str | None = None


@dataclass
class _Frame:
    """Where the reading stands: whose numbers come, and against which base."""

    topic: Topic | None = None
    subject: Subject = field(default_factory=lambda: Subject(code=None, name=""))
    draft: Draft | None = None
    base: Token | None = None
    family: str = "prior"
    listed: bool = False


class Reader:
    """Reads the passages of one section in order; a passage that only names an item lends its topic to the next."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.frame = _Frame()
        self.project = self.event = self.before = ""
        self.carried: tuple[Topic, Subject] | None = None

    def read(self, passage: Passage) -> list[Draft]:
        """The drafts of ``passage``: each of its amounts stands in exactly one slot of exactly one draft."""
        self.passage, self.plain = passage, passage.plain
        amounts = amounts_in(passage)
        self.drafts: list[Draft] = []
        self.frame = _Frame(listed=bool(_ITEM.match(self.plain)))
        if self.carried is not None:
            self.frame.topic, self.frame.subject = self.carried
        self.carried = None
        self.items, self.planned, self.signed = self.frame.listed, False, False
        self.last_item, self.clauses = "", [""]
        self.clause: list[Token] = []
        self.stack: list[_Frame] = []
        self.reason: int | None = None
        self.tokens = list(tokens(self.plain, amounts, self.setting.fiscal_year))
        if self._is_label(amounts):
            return [self._label(amount) for amount in amounts]
        skip = 0
        for index, token in enumerate(self.tokens):
            if index >= skip:
                skip = self._aside(index) if token.kind == "open" else 0
                if not skip:
                    self._take(index, token)
        self.before = self.frame.topic.fact if self.frame.topic else self.before
        self._end_clause(len(self.plain))
        self._end_reason(len(self.plain))
        if not amounts and self.frame.topic is not None and naming.is_path(cleaned(self.plain.rstrip("。.:"))):
            self.carried = self.frame.topic, self.frame.subject
        return merged(self.drafts)

    # ---------------------------------------------------------------- tokens

    def _take(self, index: int, token: Token) -> None:
        if token.kind == "amount":
            self._amount(token)
            self.clause = []
        elif token.kind in ("pause", "stop", "open", "close"):
            self._mark(index, token)
        elif token.kind == "reason" and self.reason is None:
            self._begin_reason(token)
        elif token.kind == "purpose" and self.reason is None:
            self.clause, self.frame.listed = [], True
        else:
            self.clause.append(token)

    def _aside(self, index: int) -> int:
        """Where reading goes on after a bracket that states nothing; 0 if it does."""
        for stop in range(index + 1, len(self.tokens)):
            if self.tokens[stop].kind in ("amount", "sign", "stop", "open"):
                return 0
            if self.tokens[stop].kind == "close":
                return stop + 1
        return 0

    def _mark(self, index: int, token: Token) -> None:
        if self.reason is not None:
            if token.kind == "stop" and not _ENUMERATED.match(self.plain, token.stop):
                self._end_reason(token.start)
            elif token.kind == "pause" and self._compares(index + 1):
                self._end_reason(token.start)
            self._next_clause(token.start)
            if self.reason is not None or token.kind == "pause":
                return
        else:
            self._end_clause(token.start, token.text == ":" or token.kind == "stop")
        if token.kind == "open":
            self.stack.append(_Frame(**vars(self.frame)))
        elif token.kind == "close" and self.stack:
            self.frame = self.stack.pop()
        elif token.kind == "stop":
            self.frame.listed = self.items
            self.frame.draft = None

    def _compares(self, index: int) -> bool:
        """Does a clause begin here that compares anew (,与上年相比减少 …)?"""
        following = self.tokens[index : index + 3]
        if not following or following[0].kind not in ("prior", "own"):
            return False
        return any(token.kind == "sign" for token in following)

    def _next_clause(self, stop: int) -> None:
        start = self.clause[0].start if self.clause else stop
        self.clauses.append(self.plain[start:stop])
        self.clause = []

    # ---------------------------------------------------------------- clauses without an amount

    def _end_clause(self, stop: int, closes: bool = False) -> None:
        if self.clause:
            self._bases()
            name = self._name()
            if _PLANNED.search(name):
                self.planned = True
            if name and (naming.is_path(name) or closes or self._signs() or self.setting.scope == "performance"):
                self._enter_named(name, closes)
            self._directions()
            if _LISTS.search("".join(token.text for token in self.clause)):
                self.frame.listed = True
        self._next_clause(stop)

    def _enter_named(self, name: str, closes: bool) -> None:
        found = self._find(name, "none") or ((closes or self._signs()) and self._find(name, "money"))
        if found:
            self._enter(*found)
        elif self._signs():
            self.frame.topic = None

    def _signs(self) -> list[Token]:
        return [token for token in self.clause if token.kind == "sign"]

    def _bases(self) -> None:
        """Remember against what is compared from here on."""
        for token in self.clause:
            if token.kind in ("prior", "own"):
                self.frame.base, self.frame.family = token, token.kind

    def _directions(self) -> None:
        """持平, 决算数小于预算数: a comparison without an amount."""
        signs = self._signs()
        if not signs or self.frame.topic is None:
            return
        against = next((token.kind for token in self.clause if token.kind in ("own", "prior", "past", "budget")), None)
        if against is None and signs[0].direction != "flat":
            return
        self.frame.family = "own" if against in ("own", "budget") and self.setting.kind != "budget" else "prior"
        self.signed = True
        self._word("budget_direction" if self.frame.family == "own" else "direction", signs[0])
        if self.frame.family == "prior" and self.frame.base is not None:
            self._word("base", self.frame.base)

    # ---------------------------------------------------------------- reasons

    def _begin_reason(self, token: Token) -> None:
        self._bases()
        name = self._name()
        if name and (found := self._find(name, "money")):
            self._enter(*found)
        self._directions()
        if "原因" in token.text or self.signed:
            self.reason = token.stop
        else:
            self.frame.listed = True
        self.clause = []

    def _end_reason(self, stop: int) -> None:
        if self.reason is None:
            return
        start = self.reason
        self.reason = None
        while stop > start and self.plain[stop - 1] in ",:;。":
            stop -= 1
        if stop > start and self.frame.topic is not None:
            slot = "budget_reason" if self.frame.family == "own" else "reason"
            self._place(slot, Fill(start, stop))

    def _reason_amount(self, amount: Amount) -> None:
        name = self._name() or cleaned(self.clauses[-1])
        signs = self._signs()
        towards = _TOWARDS.findall(name)
        slot = {"percent": "percent", "money": "amount"}.get(amount.quantity, "count")
        sign = 1
        if (signs or towards) and amount.quantity in ("percent", "money"):
            slot = "rate" if amount.quantity == "percent" and signs else "percent" if amount.quantity == "percent" else "change"
            down = signs[-1].direction == "down" if signs else towards[-1][0] not in _UP
            sign = -1 if down and slot != "percent" else 1
        fact = kinds.reason_item(self.frame.topic.fact if self.frame.topic else "")
        start = self.clause[0].start if self.clause else amount.start
        draft = Draft(self.passage, None, fact, Subject(code=None, name=name))
        draft.fills[slot] = Fill(start, amount.stop, amount, sign)
        self.drafts.append(draft)

    # ---------------------------------------------------------------- amounts

    def _amount(self, token: Token) -> None:
        amount = token.amount
        assert amount is not None
        if self.reason is not None:
            self._reason_amount(amount)
            return
        self._bases()
        name = self._name()
        text = "".join(part.text for part in self.clause)
        if _PLANNED.search(text):
            self.planned = True
        if _LISTS.search(text):
            self.frame.listed = True
        topic = self._topic_for(name, amount)
        slot = self._slot_for(topic, name, amount) if topic else None
        if topic is None or slot is None:
            self._unclassified(amount)
            return
        self._fill(slot, amount)

    def _topic_for(self, name: str, amount: Amount) -> Topic | None:
        """The topic of an amount beside ``name``: a new one, the one that goes on, or None."""
        unit = _unit(amount)
        frame = self.frame
        if amount.quantity == "percent":
            if not self._roles():
                unit = "percent"
            elif (not name or name in _GENERIC) and frame.topic is not None:
                return frame.topic
            else:
                unit = "money"
        elif not name and frame.topic is not None and unit in frame.topic.units and not frame.topic.any_name:
            return frame.topic
        found = self._find(name, unit, amount)
        if found is None and (not name or name in _GENERIC):
            if frame.topic is not None and unit == "money" and "money" in frame.topic.units:
                return frame.topic
            if frame.topic is None and unit == "money" and self.setting.opens and self._roles():
                found = self._find(self.setting.opens, unit, amount)
        if found is None:
            frame.topic = None if unit == "money" else frame.topic
            return None
        self._enter(*found)
        return found[0]

    def _roles(self) -> frozenset[str]:
        return frozenset(token.kind for token in self.clause if token.kind != "name")

    def _find(self, name: str, unit: str, amount: Amount | None = None) -> tuple[Topic, Subject] | None:
        """The first topic of this scope that ``name`` means, and its subject."""
        for candidate in (name, *(naming.shorter(name) if not self.frame.listed else ())):
            for topic in kinds.candidates(self.setting.scope, unit):
                if not self._holds(topic):
                    continue
                found = topic.named(candidate)
                followed = topic.follow.match(self.plain, amount.stop) if topic.follow and amount else None
                if not found or (topic.follow and not followed):
                    continue
                if candidate != name and topic.any_name:
                    continue
                return topic, self._subject(topic, candidate, followed or found)
        return None

    def _holds(self, topic: Topic) -> bool:
        if topic.planned != self.planned and topic.planned:
            return False
        if topic.listed and not self.frame.listed:
            return False
        if topic.roles and not topic.roles & self._roles():
            return False
        if topic.after:
            now = self.frame.topic.fact if self.frame.topic else self.before
            return any(now == fact or now.startswith(fact + ".") for fact in topic.after)
        return True

    def _subject(self, topic: Topic, name: str, found: re.Match[str] | bool) -> Subject:
        given = topic.subject
        groups = found.groupdict() if not isinstance(found, bool) else {}
        if groups.get("subject"):
            label = str(groups["subject"])
        elif given is None:
            label = "/".join(naming.levels(name)) if topic.code == "function" else name
        elif given == "@last":
            label = self.last_item or "公务接待费"
        elif given == "@same":
            return self.frame.subject
        elif given in ("@clause", "@clauses"):
            label = cleaned(",".join(self.clauses[-1:] if given == "@clause" else self.clauses[-2:]))
        elif given == "@project":
            label = self.project or "项目"
        elif given == "@title":
            label = self.setting.title
        elif given == "@fund":
            label = next((full for start, full in _FUNDS.items() if start in name), name)
        elif given == "@goods":
            label = next((kind for kind in ("货物", "工程", "服务") if kind in name), name)
        else:
            label = given
        if topic.fact == "performance.project":
            self.project = label
        if topic.fact.endswith(".event"):
            self.event = label = label.rpartition("召开")[2]
        if topic.fact.endswith(".event_component"):
            label = f"{self.event}/{label}"
        if topic.fact in ("sangong.item", "sangong.share"):
            self.last_item = label
        return Subject(code=self._code(topic, name), name=label)

    def _code(self, topic: Topic, name: str) -> str | None:
        if topic.code == "economic":
            return naming.economic(name)
        if topic.code == "class":
            return naming.function_class(name)
        if topic.code == "function":
            return self.setting.codes.find(naming.levels(name), self.setting.within)
        return None

    def _enter(self, topic: Topic, subject: Subject) -> None:
        frame = self.frame
        if frame.topic is not topic or frame.subject != subject:
            frame.topic, frame.subject, frame.draft, self.signed = topic, subject, None, False

    # ---------------------------------------------------------------- slots

    def _slot_for(self, topic: Topic, name: str, amount: Amount) -> str | None:
        slot = self._role(topic, name, amount)
        if topic.any_name and slot not in kinds.facts()[topic.fact].slots:
            return topic.slot_for(_unit(amount))
        return slot

    def _role(self, topic: Topic, name: str, amount: Amount) -> str | None:
        roles = {token.kind: token for token in self.clause}
        if amount.quantity == "percent":
            if "completion" in roles:
                return "completion"
            if "share" in roles:
                return "share"
            if "sign" in roles:
                return "budget_rate" if self._family() == "own" else "rate"
            return topic.slot_for("percent") if "percent" in topic.units else None
        if "sign" in roles and amount.quantity == "money":
            return "budget_change" if self._family() == "own" else "change"
        if "past" in roles:
            return "base_amount"
        if "prior" in roles and not name:
            return None
        if "budget" in roles and self.setting.kind != "budget" and amount.quantity == "money":
            owners = (topic.fact, *topic.beside, *topic.route.values())
            if any("budget" in kinds.facts()[fact].slots for fact in owners):
                return "budget"
        return topic.slot_for(_unit(amount))

    def _family(self) -> str:
        """own or prior: whose base the change in this clause has."""
        for token in reversed(self.clause):
            if token.kind in ("own", "prior"):
                return "own" if token.kind == "own" and self.setting.kind != "budget" else "prior"
            if token.kind == "budget" and any(sign.text in "大于小于高于低于多于少于" for sign in self._signs()):
                return "own" if self.setting.kind != "budget" else "prior"
        return self.frame.family if self.setting.kind != "budget" else "prior"

    def _fill(self, slot: str, amount: Amount) -> None:
        start = self._start(amount)
        sign = next((token for token in reversed(self.clause) if token.kind == "sign"), None)
        changes = slot in ("change", "rate", "budget_change", "budget_rate")
        down = sign is not None and sign.direction == "down" and changes
        self._place(slot, Fill(start, amount.stop, amount, -1 if down else 1))
        draft = self.frame.draft
        assert draft is not None
        if changes and sign is not None:
            self.signed = True
            own = slot.startswith("budget_")
            self.frame.family = "own" if own else "prior"
            if sign.direction == "open" and amount.value:
                draft.doubtful = True
            self._word("budget_direction" if own else "direction", sign)
        if changes and self.frame.base is not None and self.frame.base.kind == "prior":
            self._word("base", self.frame.base)
        for token in self.clause:
            if token.kind == "past" and slot == "base_amount":
                self._word("base", token)
            elif token.kind == "budget" and slot == "budget":
                self._word("budget_kind", token)
            elif token.kind == slot and token.group is not None:
                self._word(f"{slot}_base", token, token.group)

    def _start(self, amount: Amount) -> int:
        """The words of an amount begin with the first of its clause that says its role."""
        roles = [token.start for token in self.clause if token.kind != "name"]
        return roles[0] if roles else amount.start

    def _word(self, slot: str, token: Token, span: tuple[int, int] | None = None) -> None:
        """A word fills a slot once; it never opens a draft beside one that has it."""
        if self.frame.draft is None or slot not in self.frame.draft.fills:
            self._place(slot, Fill(*(span or (token.start, token.stop))))

    def _place(self, slot: str, fill: Fill) -> None:
        frame = self.frame
        topic = frame.topic
        assert topic is not None
        if frame.draft is None or slot in frame.draft.fills:
            frame.draft = Draft(self.passage, topic, topic.fact, frame.subject, doubtful=topic.check)
            self.drafts.append(frame.draft)
        frame.draft.fills[slot] = fill

    def _unclassified(self, amount: Amount) -> None:
        draft = Draft(self.passage, None, UNCLASSIFIED, Subject(code=None, name=""))
        start = self.clause[0].start if self.clause else amount.start
        draft.fills["amount"] = Fill(start, amount.stop, amount)
        self.drafts.append(draft)

    # ---------------------------------------------------------------- labels of charts

    def _is_label(self, amounts: Sequence[Amount]) -> bool:
        percents = bool(amounts) and all(amount.quantity == "percent" for amount in amounts)
        return percents and bool(_LABEL.fullmatch(self.plain)) and not any(token.kind in ("share", "completion", "sign") for token in self.tokens)

    def _label(self, amount: Amount) -> Draft:
        draft = Draft(self.passage, None, "chart.label", Subject(code=None, name=cleaned(self.plain[: amount.start])))
        draft.fills["percent"] = Fill(amount.start, amount.stop, amount)
        return draft

    def _name(self) -> str:
        return cleaned("".join(token.text for token in self.clause if token.kind == "name"))


def _unit(amount: Amount) -> str:
    """The key of an amount's unit in ``topics.toml``."""
    if amount.quantity == "count":
        return amount.unit or ("次" if amount.word == "次" else "家" if amount.word == "家" else "个")
    return amount.quantity
