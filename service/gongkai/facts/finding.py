"""From a name to its topic and subject."""

from __future__ import annotations

import re

from gongkai.facts import kinds, naming
from gongkai.facts.amounts import Amount
from gongkai.facts.drafts import UNCLASSIFIED
from gongkai.facts.kinds import Topic
from gongkai.facts.naming import cleaned
from gongkai.facts.state import State
from gongkai.report import Subject

GENERIC = frozenset(
    (
        "支出",
        "收入",
        "资金",
        "金额",
        "费用",
        "费用支出",
        "经费",
        "数",
        "总额",
        "支出数",
        "收入数",
        "相",
        "项目",
    )
)
_FUNDS = {
    "一般公共预算": "一般公共预算财政拨款",
    "政府性基金": "政府性基金预算财政拨款",
    "国有资": "国有资本经营预算财政拨款",
}
_GUESTS = {
    "外宾": "外事接待费",
    "外事": "外事接待费",
    "国(境)外": "国（境）外接待费",
    "国内": "国内公务接待费",
}
_GOODS = ("货物", "工程", "服务")
_OTHER_UNITS = ("家", "次")  # counts that the contract has no unit for, and topics ask for by word


def unit_of(amount: Amount) -> str:
    """The key of an amount's unit in the topics: its quantity, or for counts the word (个 for what no topic asks for)."""
    if amount.quantity != "count":
        return amount.quantity
    return amount.unit or (amount.word if amount.word in _OTHER_UNITS else "个")


def topic_for(state: State, name: str, amount: Amount) -> Topic | None:
    """The topic of ``amount`` beside ``name``: that which the name means, or the one that goes on without a name; it is entered.

    None, and the topic before it ends, if ``name`` means none.
    """
    frame, unit = state.frame, unit_of(amount)
    nameless = not name or name in GENERIC
    if amount.quantity == "percent":
        if not state.roles():
            unit = "percent"
        elif nameless and frame.topic is not None:
            side = find(state, name, "money", amount) if name else None
            if side is None or side[0].begins is None:
                return frame.topic
            unit = "money"
        else:
            unit = "money"
    elif not name and frame.topic is not None and unit in frame.topic.units and not frame.topic.any_name:
        return frame.topic
    found = None if not name and _of_the_unknown(state, amount) else find(state, name, unit, amount)
    if found is None and nameless and unit == "money":
        if frame.topic is not None and "money" in frame.topic.units:
            return frame.topic
        first = not state.last and not state.numbered  # behind another amount no name is no section's
        if first and frame.topic is None and state.setting.opens and state.roles():
            found = find(state, state.setting.opens, unit, amount)
    if found is not None:
        state.enter(*found)
        return found[0]
    if unit == "money":
        frame.topic = None
    return None


def _of_the_unknown(state: State, amount: Amount) -> bool:
    """甲A万元,比上年增加B万元: what follows an amount that nobody knows, in its sentence and without a name, is said of that amount."""
    return (
        state.frame.topic is None
        and bool(state.drafts)
        and state.drafts[-1].fact == UNCLASSIFIED
        and not re.search("[。;]", state.plain[state.last : amount.start])
    )


def find(state: State, name: str, unit: str, amount: Amount | None = None) -> tuple[Topic, Subject] | None:
    """The first topic of the scope that ``name`` means, and its subject. A body's name before it is looked past, except in lists: there
    it says that the number is another's."""
    for candidate in (name, *(naming.shorter(name) if not state.frame.listed else ())):
        for topic in kinds.candidates(state.setting.scope, unit):
            if (candidate != name and topic.any_name) or not _holds(state, topic):
                continue
            found = topic.named(candidate)
            if found and topic.follow:
                found = amount is not None and (topic.follow.match(state.plain, amount.stop) or False)
            if found:
                state.frame.doubtful = topic.code is None and _of_another(state)
                return topic, _subject(state, topic, candidate, found)
    return None


def _of_another(state: State) -> bool:
    """Does the clause name a body that is not the report's?"""
    names = state.setting.names
    body = naming.body(state.text()) if names else None
    return body is not None and not any(naming.shortened(body, name) for name in names)


def _holds(state: State, topic: Topic) -> bool:
    if (
        (topic.planned and not state.planned)
        or (topic.listed and not state.frame.listed)
        or (topic.first and state.last)
        or (topic.whole and state.frame.within)
    ):
        return False
    if topic.begins and not topic.begins.match(state.plain):
        return False
    if topic.clause and not topic.clause.search(state.text()):
        return False
    if topic.roles and not topic.roles & state.roles():
        return False
    now = state.frame.topic.fact if state.frame.topic else state.memory.fact
    return not topic.after or any(now == fact or now.startswith(fact + ".") for fact in topic.after)


def _subject(state: State, topic: Topic, name: str, found: re.Match[str] | bool) -> Subject:
    if topic.subject == "@same":
        return state.frame.subject
    given = found.groupdict().get("subject") if not isinstance(found, bool) else None
    label = topic.canonical(given or _label(state, topic, name))
    if not label and topic.any_name:
        label = cleaned(state.text())
    if topic.fact == "performance.project":
        state.memory.project = label
    elif topic.fact.endswith(".event"):
        label = label.rpartition("召开")[2]
        state.memory.event = label
    elif topic.fact.endswith(".event_component"):
        label = f"{state.memory.event}/{label}"
    elif topic.fact == "sangong.item":
        state.frame.item = label
    printed = found.groupdict().get("code") if not isinstance(found, bool) else None
    return Subject(code=printed or _code(state, topic, name), name=label)


def _label(state: State, topic: Topic, name: str) -> str:
    """The subject's name: as the topic gives it, or by the rule that its ``@`` word stands for."""
    match topic.subject:
        case None:
            return (
                "/".join(naming.levels(name))
                if topic.code == "function"
                else naming.coded(name)[0].replace("(类)", "").removesuffix("类")
            )
        case "@last":
            said = next((item for word, item in _GUESTS.items() if word in name), None)
            going = (
                state.frame.subject.name
                if state.frame.topic and state.frame.topic.fact == topic.fact
                else state.frame.item
            )
            return said or (going if "接待" in going else "公务接待费")
        case "@item":
            return state.frame.item
        case "@clause":
            return cleaned(state.clauses[-1])
        case "@clauses":
            return cleaned(",".join(state.clauses[-2:]))
        case "@project":
            return state.memory.project or "项目"
        case "@title":
            return state.setting.title
        case "@fund":
            return next((full for start, full in _FUNDS.items() if start in name), name)
        case "@goods":
            return next((kind for kind in _GOODS if kind in name), name)
        case given:
            return given


def _code(state: State, topic: Topic, name: str) -> str | None:
    printed = naming.coded(name)[1]
    if topic.code is not None and printed is not None:
        return printed
    if topic.code == "economic":
        return state.setting.codes.economic(name)
    if topic.code == "class":
        return naming.function_class(name)
    if topic.code == "function":
        return state.setting.codes.function(naming.levels(name), state.memory.within or state.setting.within)
    return None
