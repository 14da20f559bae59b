"""From what a server said to a JSON object, or to the reason why there is none. Nothing is repaired, nothing is guessed.

A reply is untrusted and may be long: it is taken apart in one pass, without patterns that could try again and again.
"""

from __future__ import annotations

import json
from typing import Any

from gongkai.llm.wire import Reply

_THINK, _THOUGHT = "<think>", "</think>"
_FENCE = "```"


class BadReply(Exception):
    """A reply without an answer; the text says why, in Chinese, for the model to read."""


def answer_of(reply: Reply) -> dict[str, Any]:
    """The one JSON object of a reply. Raises :class:`BadReply`.

    It is the content (without <think> blocks), or the one fenced block in it; where the content is blank it may stand in the
    reasoning field, into which some servers put it. A blank reply is a failure, never "nothing found".
    """
    text = _without_thoughts(reply.text).strip()
    if text.startswith(_THINK):
        raise BadReply("思考过长，没有回答")
    if not text:
        text = _without_thoughts(reply.thoughts).strip()
        if not text.startswith("{"):
            raise BadReply("回答过长被截断" if reply.finish == "length" else "回答为空")
    blocks = _blocks(text)
    if len(blocks) > 1:
        raise BadReply("有不止一个代码块")
    try:
        value = json.loads(blocks[0] if blocks else text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        if isinstance(error, _Twice):
            raise BadReply("同一编号回答了两次") from None
        raise BadReply("回答过长被截断" if reply.finish == "length" else "不是一个完整的 JSON 对象") from None
    if not isinstance(value, dict):
        raise BadReply("不是 JSON 对象")
    return value


def _without_thoughts(text: str) -> str:
    """``text`` without what stands between ``<think>`` and the next ``</think>``; thoughts that never end stay."""
    kept, at = [], 0
    while (start := text.find(_THINK, at)) >= 0 and (end := text.find(_THOUGHT, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(_THOUGHT)
    return "".join((*kept, text[at:]))


def _blocks(text: str) -> list[str]:
    """The contents of the fenced blocks that are JSON by name or have none."""
    heads = [piece.partition("\n") for piece in text.split(_FENCE)[1:-1:2]]
    return [inside for language, line, inside in heads if line and language.strip() in ("", "json")]


class _Twice(ValueError):
    """A JSON object that names one property twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise _Twice
    return whole
