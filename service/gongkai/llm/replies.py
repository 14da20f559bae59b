"""From what a server said to a JSON object, or to the reason why there is none. Nothing is repaired, nothing is guessed."""

from __future__ import annotations

import json
import re
from typing import Any

from gongkai.llm.wire import Reply

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)


class BadReply(Exception):
    """A reply without an answer; the text says why, in Chinese, for the model to read."""


def answer_of(reply: Reply) -> dict[str, Any]:
    """The one JSON object of a reply. Raises :class:`BadReply`.

    It is the content (without <think> blocks), or the one fenced block in it; where the content is blank it may stand in the
    reasoning field, into which some servers put it. A blank reply is a failure, never "nothing found".
    """
    text = _THOUGHTS.sub("", reply.text).strip()
    if text.startswith("<think>"):
        raise BadReply("思考过长，没有回答")
    if not text:
        text = _THOUGHTS.sub("", reply.thoughts).strip()
        if not text.startswith("{"):
            raise BadReply("回答过长被截断" if reply.finish == "length" else "回答为空")
    blocks = _FENCED.findall(text)
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


class _Twice(ValueError):
    """A JSON object that names one property twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise _Twice
    return whole
