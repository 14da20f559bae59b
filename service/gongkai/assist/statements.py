"""What speaks against what was said of an amount before any check runs: its unit, the word before it, the same fact stated elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gongkai.draft import Draft
from gongkai.facts import Passage
from gongkai.facts.amounts import amounts_in
from gongkai.facts.words import Token, tokens
from gongkai.report import Mention, Slot

SHARES = frozenset(("rate", "share", "completion"))  # roles of a percentage
WORDS = {
    "sign": frozenset(("change", "rate")),
    "share": frozenset(("share",)),
    "completion": frozenset(("completion",)),
}
DIRECTIONS = {"up": "decrease", "down": "increase"}  # what the word before an amount rules out
ONCE = (
    ".total",
    ".change",
    ".basic_total",
)  # facts that a report states once; of others there is one for each subject


def misread(said: Mapping[str, str], amount: Slot, word: Token | None) -> bool:
    """Whether the unit of ``amount`` or the ``word`` right before it says that its role is another."""
    role = said["role"]
    if (role in SHARES) != (amount.unit == "%"):
        return True
    if word is None or word.kind not in WORDS:
        return False
    opposite = DIRECTIONS.get(word.direction or "") == said["direction"]
    return role not in WORDS[word.kind] or (role in WORDS["sign"] and opposite)


def words_before(passage: Passage, fiscal_year: int | None) -> dict[int, Token]:
    """By the place in ``passage.text`` where an amount begins: the word of the lexicon that stands right before it."""
    found = {}
    last: Token | None = None
    for token in tokens(passage.plain, amounts_in(passage), fiscal_year):
        if token.amount is not None and last is not None:
            found[passage.span(token.start, token.stop)[0]] = last
        last = token
    return found


def stated_otherwise(draft: Draft, fact: str, slot: str, amount: Slot) -> bool:
    """Whether code has read the same slot of a fact that is stated once, and it was always another amount."""
    if not fact.endswith(ONCE):
        return False
    others = list(_filled(draft.mentions, fact, slot))
    return bool(others) and not any(_same(amount, other) for other in others)


def _filled(mentions: Sequence[Mention], fact: str, slot: str) -> Iterator[Slot]:
    for mention in mentions:
        if mention.fact == fact and mention.method != "model":
            yield from (one for one in mention.slots if one.slot == slot and one.value is not None)


def _same(one: Slot, other: Slot) -> bool:
    if one.yuan is None or other.yuan is None:
        return one.value is not None and other.value is not None and abs(one.value) == abs(other.value)
    return abs(abs(one.yuan) - abs(other.yuan)) <= max(one.quantum_yuan or 0, other.quantum_yuan or 0)
