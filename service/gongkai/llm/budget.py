"""What a model may cost: allowances of a document and of a run, spent before a call and settled after it; usage by task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from gongkai.llm.settings import LlmSettings, Price

MILLION = Decimal(1_000_000)
PICTURE = 300  # tokens of a small picture: servers count 85 to some 300 for one


class Spent(Exception):
    """The next call does not fit into the allowance."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one call: tokens in and out, and money by the price table (0 if the model has no price)."""

    calls: int
    input_tokens: int
    output_tokens: int
    money: Decimal

    @staticmethod
    def of(input_tokens: int, output_tokens: int, price: Price | None, calls: int = 1) -> Cost:
        money = (input_tokens * price.input + output_tokens * price.output) / MILLION if price else Decimal(0)
        return Cost(calls, input_tokens, output_tokens, money)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


@dataclass(slots=True)
class Purse:
    """An allowance. A document's purse draws on the run's as well."""

    calls: int
    tokens: int
    money: Decimal | None
    parent: Purse | None = None

    @staticmethod
    def of_run(settings: LlmSettings) -> Purse:
        return Purse(settings.run_calls, settings.run_tokens, settings.run_money)

    def of_document(self, settings: LlmSettings) -> Purse:
        return Purse(settings.document_calls, settings.document_tokens, settings.document_money, self)

    def hold(self, cost: Cost) -> None:
        """Set ``cost`` aside, here and above. Raises :class:`Spent` and sets nothing aside if it does not fit."""
        if not all(purse._fits(cost) for purse in self._chain()):
            raise Spent
        for purse in self._chain():
            purse._take(cost, 1)

    def settle(self, held: Cost, actual: Cost) -> None:
        """Give ``held`` back and take what the call really cost."""
        for purse in self._chain():
            purse._take(held, -1)
            purse._take(actual, 1)

    def _chain(self) -> list[Purse]:
        return [self, *(self.parent._chain() if self.parent else [])]

    def _fits(self, cost: Cost) -> bool:
        within = cost.calls <= self.calls and cost.tokens <= self.tokens
        return within and (self.money is None or cost.money <= self.money)

    def _take(self, cost: Cost, sign: int) -> None:
        self.calls -= sign * cost.calls
        self.tokens -= sign * cost.tokens
        if self.money is not None:
            self.money -= sign * cost.money


@dataclass(slots=True)
class TaskUsage:
    """Of one task: questions asked and answered, questions that needed no call, and what the calls cost."""

    questions: int = 0
    answered: int = 0
    cache_hits: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    money: Decimal = Decimal(0)
    seconds: float = 0.0


@dataclass(slots=True)
class Usage:
    """What the door was used for, by task (``probe`` stands beside the tasks); a document's is counted in the door's too."""

    parent: Usage | None = None
    by_task: dict[str, TaskUsage] = field(default_factory=dict)

    def count(self, task: str, cost: Cost | None = None, **more: float) -> None:
        """Add a call's ``cost`` and ``more`` (fields of :class:`TaskUsage`) to ``task``, here and above."""
        added = asdict(cost) if cost else {}
        own = self.by_task.setdefault(task, TaskUsage())
        for name, amount in {**added, **more}.items():
            setattr(own, name, getattr(own, name) + amount)
        if self.parent is not None:
            self.parent.count(task, cost, **more)

    def told(self) -> dict[str, dict[str, Any]]:
        """By task, as JSON values (money is a decimal string)."""
        tasks = sorted(self.by_task.items())
        return {
            task: {**asdict(each), "money": str(each.money), "seconds": round(each.seconds, 3)}
            for task, each in tasks
        }

    @staticmethod
    def of(told: dict[str, dict[str, Any]]) -> Usage:
        """The inverse of :meth:`told`."""
        return Usage(
            None, {task: TaskUsage(**each | {"money": Decimal(each["money"])}) for task, each in told.items()}
        )

    @property
    def total(self) -> TaskUsage:
        whole = Usage()
        for each in self.by_task.values():
            whole.count("all", **asdict(each))
        return whole.by_task.get("all", TaskUsage())


def tokens_of_messages(messages: Sequence[Mapping[str, Any]]) -> int:
    """Tokens of chat messages, estimated: their words, and the same for every picture, whose bytes are no words."""
    contents = [message["content"] for message in messages]
    pieces = [piece for content in contents if not isinstance(content, str) for piece in content]
    words = [content for content in contents if isinstance(content, str)]
    words += [piece.get("text", "") for piece in pieces]
    pictures = [piece for piece in pieces if piece["type"] == "image_url"]
    return estimated_tokens("".join(words)) + PICTURE * len(pictures)


def estimated_tokens(text: str) -> int:
    """Tokens of ``text``, rather too many: one for each Chinese character, one for three others."""
    wide = sum(char > "\u2e7f" for char in text)
    return wide + (len(text) - wide) // 3 + 1
