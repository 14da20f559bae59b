"""What is wrong with the parts of a request, in Chinese: a word for each kind of error that the addresses can give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UNUSABLE = "unusable"  # the kind of what :func:`gongkai.problems.invalid` says, in words of its own
SAID = {
    "missing": "缺少此项。",
    "string_type": "应为文本。",
    "string_unicode": "应为合法的 Unicode 文本。",
    "string_too_short": "至少 {min_length} 个字符。",
    "string_too_long": "最多 {max_length} 个字符。",
    "int_parsing": "应为整数。",
    "int_parsing_size": "整数过大。",
    "greater_than_equal": "不得小于 {ge}。",
    "less_than_equal": "不得大于 {le}。",
    "bool_parsing": "应为 true 或 false。",
    "literal_error": "应为以下之一：{choices}。",
    "list_type": "应为数组。",
    "too_short": "至少 {min_length} 项。",
    "too_long": "最多 {max_length} 项。",
    "model_attributes_type": "应为 JSON 对象，并以 Content-Type: application/json 提交。",
    "extra_forbidden": "没有此项，请去掉或核对名称。",
    "json_invalid": "不是合法的 JSON。",
}
NO_FILE = "Expected UploadFile"  # FastAPI's words, under a kind that it shares with others
SAID_OF_FILE = "应为文件：请以 multipart/form-data 的文件部分提交，并给出 filename。"
OTHER = "不符合要求：{msg}"
PARSING = (  # what Starlette's parser of forms says, and FastAPI of a body
    (r"Missing boundary.*", "Content-Type 中缺少 boundary。"),
    (r"Invalid multipart data.*", "multipart 数据不完整或有误。"),
    (r"The Content-Disposition header field .name.*", "有一部分没有名称（Content-Disposition 的 name）。"),
    (r"Too many files\D*(\d+)\.", r"文件过多，最多 \1 个。"),
    (r"Too many fields\D*(\d+)\.", r"字段过多，最多 \1 个。"),
    (r"(?:Part|Field) exceeded\D*(\d+KB)\.", r"字段过大，最多 \1。"),
    (r"There was an error parsing the body", "不是合法的 JSON，或编码不是 UTF-8，或嵌套过深。"),
)
CHOICE = re.compile(r"'([^']*)'")


def told(error: Mapping[str, Any]) -> dict[str, str]:
    """One of pydantic's errors as ``{"field", "code", "message"}``. The field is the name in the request, a place in a list after a dot;
    the code is pydantic's name of the kind; the message is Chinese, with pydantic's own words where there are none for its kind."""
    kind, place = error["type"], [str(each) for each in error["loc"]]
    field = place[0] if kind == "json_invalid" else ".".join(place[1:] or place)
    return {"field": field, "code": kind, "message": _message(kind, error["msg"], error.get("ctx", {}))}


def unparsed(message: str) -> dict[str, str]:
    """Why a body is no form and no JSON, likewise."""
    for pattern, words in PARSING:
        if found := re.fullmatch(pattern, message):
            return {"field": "body", "code": "unparsed", "message": found.expand(words)}
    return {"field": "body", "code": "unparsed", "message": OTHER.format(msg=message)}


def _message(kind: str, english: str, details: Mapping[str, Any]) -> str:
    if kind == UNUSABLE:
        return english
    if NO_FILE in english:
        return SAID_OF_FILE
    choices = "、".join(CHOICE.findall(str(details.get("expected", ""))))
    return SAID.get(kind, OTHER).format(**{**details, "choices": choices, "msg": english})
