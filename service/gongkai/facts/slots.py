"""From the words of a clause to the slot of its amount."""

from __future__ import annotations

import re

from gongkai.facts.amounts import Amount
from gongkai.facts.catalogue import facts
from gongkai.facts.drafts import Draft, Fill
from gongkai.facts.finding import unit_of
from gongkai.facts.kinds import Topic
from gongkai.facts.state import State

_COMPARE = frozenset(("大于", "小于", "高于", "低于", "多于", "少于"))
_CHANGES = frozenset(("change", "rate", "budget_change", "budget_rate"))
_LEVELS = frozenset(("amount", "total", "income", "expenditure", "budget"))
_MEASURE = re.compile("口径|可比|剔除|扣除")
_OUTCOME = re.compile(
    r",?(?:相比较?)?,?(?:净?增|减|下降|上升|降低|提高|压减|基本?持平|持平|一致|相同|无变化)"
)
_YEAR = re.compile(r"\d{4}(?=年)")


def slot_for(state: State, topic: Topic, amount: Amount) -> str | None:
    """The slot of ``amount`` by the words of its clause; None if they say what ``topic`` cannot have."""
    slot = _percent(state, topic) if amount.quantity == "percent" else _level(state, topic, amount)
    if topic.any_name and slot not in facts()[topic.fact].slots:
        return topic.slot_for(unit_of(amount))
    return slot


def _percent(state: State, topic: Topic) -> str | None:
    roles = state.roles()
    if "completion" in roles:
        return "completion"
    if "gap" in roles:
        return "budget_rate"
    if "share" in roles:
        return "share"
    if "sign" in roles:
        return "budget_rate" if family(state) == "own" else "rate"
    return topic.slot_for("percent") if "percent" in topic.units else None


def _level(state: State, topic: Topic, amount: Amount) -> str | None:
    roles, usual = state.roles(), topic.slot_for(unit_of(amount))
    if "sign" in roles and amount.quantity == "count" and topic.fact == "org.staff":
        return "count"  # 在职人员186人,增加4人
    if (
        "own" in roles
        and "sign" not in roles
        and topic.has("budget")
        and _OUTCOME.match(state.plain, amount.stop)
    ):
        return "budget"
    if "sign" in roles and amount.quantity == "money" and not (topic.listed and state.frame.base is None):
        return "budget_change" if family(state) == "own" else "change"
    if "past" in roles or ("prior" in roles and _is_base(state, topic, amount)):
        return "base_amount"
    if "prior" in roles and not state.name():
        return None
    if "actual" in roles and usual == "budget":
        return "amount"
    if amount.quantity != "money":
        return usual
    if "completion" in roles:
        return "budget" if topic.has("budget") else None
    if "share" in roles:
        return None  # 占…A的B%: A is what it is a share of
    if "budget" in roles and state.setting.kind != "budget" and topic.has("budget"):
        return "budget"
    if usual == "amount" and not roles and topic.has("budget") and _of_budget(state):
        return "budget"
    begun = state.frame.drafts or state.frame.before
    return (
        None if begun and not roles and not state.name() else usual
    )  # a second bare amount may be another year's


def _of_budget(state: State) -> bool:
    """经费预算为A，其中：B: a part of what is only a budget is one too."""
    whole = state.frame.whole
    fills = {slot for draft in whole[2].values() for slot in draft.fills} if whole else set()
    return "budget" in fills and not fills & {"amount", "total", "income", "expenditure"}


def _is_base(state: State, topic: Topic, amount: Amount) -> bool:
    """What it was before (比2024年年初预算数A万元增加B万元): the amount between the base of a comparison and its outcome."""
    return (
        amount.quantity == "money"
        and topic.has("base_amount")
        and bool(_OUTCOME.match(state.plain, amount.stop))
    )


def family(state: State) -> str:
    """own or prior: whose base a change in this clause has. A budget is compared with what came before alone."""
    if state.setting.kind == "budget":
        return "prior"
    compares = any(token.kind == "sign" and token.text in _COMPARE for token in state.clause)
    for token in reversed(state.clause):
        if token.kind in ("own", "prior"):
            return token.kind
        if token.kind == "budget" and compares:
            return "own"
    return state.frame.family


def fill(state: State, slot: str, amount: Amount) -> None:
    """``amount`` into ``slot``, and beside it the words that say its base, its direction and its denominator."""
    sign = state.word("sign")
    changes = slot in _CHANGES and sign is not None
    down = changes and sign is not None and sign.direction == "down"
    start = next((token.start for token in state.clause if token.kind != "name"), amount.start)
    start = max(start, amount.start) if start < state.last else start  # words shared with an amount before
    draft = state.place(slot, Fill(start, amount.stop, amount, -1 if down else 1))
    if changes and sign is not None:
        own = slot.startswith("budget_")
        state.signed, state.frame.family = True, "own" if own else "prior"
        draft.doubtful |= (sign.direction == "open" and bool(amount.value)) or _otherwise(state, amount)
        state.place_word("budget_direction" if own else "direction", sign)
        if not own and state.frame.base is not None and state.frame.base.kind == "prior":
            state.place_word("base", state.frame.base)
    elif slot == "share":
        draft.doubtful |= _of_all(state, draft)
    elif slot in _LEVELS and state.setting.fiscal_year:
        draft.doubtful |= any(int(year) != state.setting.fiscal_year for year in _YEAR.findall(state.text()))
    _words(state, slot)


def _otherwise(state: State, amount: Amount) -> bool:
    """A change by another measure than the amounts in the tables: 按同口径, 剔除…后."""
    return bool(_MEASURE.search(state.plain, state.plain.rfind("。", 0, amount.start) + 1, amount.start))


def _of_all(state: State, draft: Draft) -> bool:
    """A share behind a list whose other items have none (其中基本支出A，项目支出B，占…的100%) may be that of the whole."""
    before = state.drafts[-2] if len(state.drafts) > 1 and state.drafts[-1] is draft else None
    return (
        state.frame.listed
        and before is not None
        and before.fact == draft.fact
        and before.subject != draft.subject
        and "share" not in before.fills
    )


def _words(state: State, slot: str) -> None:
    for token in state.clause:
        if token.kind == "past" and slot == "base_amount":
            state.place_word("base", token)
        elif token.kind == "budget" and slot == "budget":
            state.place_word("budget_kind", token)
        elif token.kind == slot and token.group is not None:
            state.place_word(f"{slot}_base", token, token.group)


def compare(state: State) -> None:
    """持平, 决算数小于预算数: a comparison without an amount."""
    signs = [token for token in state.clause if token.kind == "sign"]
    if not signs or state.frame.topic is None:
        return
    bases = [token.kind for token in state.clause if token.kind in ("own", "prior", "past", "budget")]
    against = bases[0] if bases else None
    if against is None and signs[0].direction != "flat":
        return
    own = against in ("own", "budget") and state.setting.kind != "budget"
    state.frame.family = "own" if own else "prior"
    state.signed = True
    state.place_word("budget_direction" if own else "direction", signs[0])
    if not own and state.frame.base is not None:
        state.place_word("base", state.frame.base)
