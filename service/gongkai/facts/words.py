"""The words that say what the amount beside them is: ``words.toml``, and a passage cut into tokens by it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from gongkai.facts.amounts import Amount

MARK = "¤"
_FILL = "\x00"
Kind = Literal[
    "name", "amount", "stop", "pause", "open", "close",
    "reason", "purpose", "own", "prior", "past", "sign", "gap", "share", "completion", "budget", "actual",
]  # fmt: skip
Direction = Literal["up", "down", "flat", "open"]


@dataclass(frozen=True, slots=True)
class Token:
    """``plain[start:stop]``; ``group`` is what the word holds (the denominator of a share), as a span."""

    kind: Kind
    start: int
    stop: int
    text: str
    amount: Amount | None = None
    direction: Direction | None = None
    group: tuple[int, int] | None = None


@cache
def data() -> Mapping[str, Any]:
    """``words.toml`` as it stands. Raises ``tomllib.TOMLDecodeError`` for a broken file."""
    text = resources.files("gongkai.facts").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def tokens(plain: str, amounts: Sequence[Amount], fiscal_year: int | None) -> Iterator[Token]:
    """``plain`` from left to right, nothing left out: amounts, punctuation, words of the lexicon, and names between them."""
    pattern, words = _lexicon(fiscal_year)
    masked = _masked(plain, amounts)
    by_start = {amount.start: amount for amount in amounts}
    cursor = 0
    for found in pattern.finditer(masked):
        if found.start() > cursor:
            yield Token("name", cursor, found.start(), plain[cursor : found.start()])
        cursor = found.end()
        yield _token(found, plain, words, by_start)
    if cursor < len(plain):
        yield Token("name", cursor, len(plain), plain[cursor:])


def _token(
    found: re.Match[str],
    plain: str,
    words: Mapping[str, tuple[Kind, Direction | None]],
    by_start: Mapping[int, Amount],
) -> Token:
    name = str(found.lastgroup)
    start, stop = found.span()
    if name == "amount":
        return Token("amount", start, stop, plain[start:stop], amount=by_start[start])
    kind, direction = words[name]
    group = _inner(found) if kind in ("share", "completion") else None
    return Token(kind, start, stop, plain[start:stop], direction=direction, group=group)


def _inner(found: re.Match[str]) -> tuple[int, int] | None:
    """The span of what the word names inside it (占…的), if it names anything."""
    spans = (found.span(index) for index in range(1, found.re.groups + 1) if found.start(index) >= 0)
    return next((span for span in spans if span != found.span() and span[0] < span[1]), None)


def _masked(plain: str, amounts: Sequence[Amount]) -> str:
    plain = plain.replace(MARK, "□").replace(_FILL, "□")  # garbage may hold the very signs
    parts, cursor = [], 0
    for amount in amounts:
        parts += [plain[cursor : amount.start], MARK, _FILL * (amount.stop - amount.start - 1)]
        cursor = amount.stop
    return "".join([*parts, plain[cursor:]])


_PUNCTUATION: tuple[tuple[str, Kind, str], ...] = (
    ("stop", "stop", "[。;!?]"),
    ("pause", "pause", f"[,:]|(?<=[{MARK}{_FILL}])、|(?<=\\))、"),
    ("open", "open", r"\("),
    ("close", "close", r"\)"),
)


@lru_cache(maxsize=64)
def _lexicon(
    fiscal_year: int | None,
) -> tuple[re.Pattern[str], Mapping[str, tuple[Kind, Direction | None]]]:
    own = str(fiscal_year) if fiscal_year else "(?!)"
    past = "|".join(str(fiscal_year - back) for back in range(1, 6)) if fiscal_year else r"\d{4}"
    places = {
        "{own}": own,
        "{past}": f"(?:{past})",
        "{year}": data()["patterns"]["year"],
        "{tail}": data()["patterns"]["tail"],
    }
    alternatives = [f"(?P<amount>{MARK}{_FILL}*)"]
    words: dict[str, tuple[Kind, Direction | None]] = {}
    for index, word in enumerate(data()["word"]):
        text = "|".join(f"(?:{each})" for each in word["texts"])
        for place, filled in places.items():
            text = text.replace(place, filled)
        name = f"word{index}"
        words[name] = ("name" if word["kind"] == "keep" else word["kind"], word.get("direction"))
        alternatives.append(f"(?P<{name}>{text})")
    for name, kind, text in _PUNCTUATION:
        words[name] = (kind, None)
        alternatives.append(f"(?P<{name}>{text})")
    return re.compile("|".join(alternatives)), words
