"""Each way in which OpenAPI lets a request be wrong is told in Chinese, under a stable name of its kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from gongkai import invalid
from gongkai.api import create_app

from .conftest import Caller

NO_FILE = "value_error"  # what FastAPI calls it
Wrong = tuple[str, str, dict[str, Any]]  # the field, the kind, what is sent


def parts(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` without its null."""
    return next((one for one in schema.get("anyOf", ()) if one["type"] != "null"), schema)


def wrong_texts(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a parameter must not be: the kind, the text."""
    if schema["type"] == "integer":
        yield from (("int_parsing", "x"), ("int_parsing_size", "9" * 5000))
    if schema["type"] == "boolean":
        yield "bool_parsing", "maybe"
    if "enum" in schema or "const" in schema:
        yield "literal_error", "x"
    for limit, kind, text in (
        ("minimum", "greater_than_equal", lambda most: str(most - 1)),
        ("maximum", "less_than_equal", lambda most: str(most + 1)),
        ("minLength", "string_too_short", lambda most: "x" * (most - 1)),
        ("maxLength", "string_too_long", lambda most: "x" * (most + 1)),
    ):
        if limit in schema:
            yield kind, text(schema[limit])


def wrong_values(schema: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """What a value of a JSON body must not be: where in it, the kind, the value."""
    if schema["type"] == "string":
        yield from (("", "string_type", 1), ("", "string_unicode", "\ud800"))
        yield "", "string_too_long", "x" * (schema["maxLength"] + 1)
    if schema["type"] == "array":
        some = schema["items"]["enum"][0]
        yield from (("", "list_type", "x"), (".0", "literal_error", ["x"]))
        yield from (("", "too_short", []), ("", "too_long", [some] * (schema["maxItems"] + 1)))


def of_parameters(method: str, path: str, operation: dict[str, Any]) -> Iterator[Wrong]:
    for each in operation.get("parameters", ()):
        for kind, text in wrong_texts(parts(each["schema"])):
            url = path.replace("{number}", "1")
            query, headers = {}, {}
            if each["in"] == "path":
                url = path.replace(f"{{{each['name']}}}", text).replace("{number}", "1")
            elif each["in"] == "query":
                query = {each["name"]: text}
            else:
                headers = {each["name"]: text}
            sent = (
                {"files": {"file": ("a.pdf", b"x")}}
                if method == "post" and "requestBody" in operation
                else {}
            )
            url = re.sub(r"\{\w+\}", "x", url)
            yield each["name"], kind, {"url": url, "params": query, "headers": headers, **sent}


def of_json(path: str, schema: dict[str, Any], example: dict[str, Any]) -> Iterator[Wrong]:
    def sent(text: str) -> dict[str, Any]:
        return {"url": path, "content": text, "headers": {"Content-Type": "application/json"}}

    yield "body", "missing", sent("")
    yield "body", "json_invalid", sent("{")
    yield "body", "model_attributes_type", sent("[]")
    assert schema["additionalProperties"] is False
    yield "strange", "extra_forbidden", sent(json.dumps({**example, "strange": 1}))
    for name in schema["required"]:
        yield name, "missing", sent(json.dumps({key: example[key] for key in example.keys() - {name}}))
    for name, value in schema["properties"].items():
        for where, kind, bad in wrong_values(value):
            yield name + where, kind, sent(json.dumps({**example, name: bad}))


def of_form(path: str, schema: dict[str, Any]) -> Iterator[Wrong]:
    file = {"file": ("a.pdf", b"x")}
    for name in schema["required"]:
        yield name, "missing", {"url": path}
        yield f"{name}.0", NO_FILE, {"url": path, "data": {name: "text"}}
    for name in schema["properties"].keys() - set(schema["required"]):
        yield name, "string_type", {"url": path, "files": {**file, name: ("a.json", b"{}")}}
        yield name, invalid.UNUSABLE, {"url": path, "files": file, "data": {name: "["}}


def every_way() -> Iterator[tuple[str, Wrong]]:
    spec = create_app().openapi()
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            yield from ((method, one) for one in of_parameters(method, path, operation))
            for kind, body in operation.get("requestBody", {}).get("content", {}).items():
                schema = spec["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
                if kind == "application/json":
                    yield from ((method, one) for one in of_json(path, schema, schema["example"]))
                else:
                    yield from ((method, one) for one in of_form(path, schema))


WAYS = list(every_way())


@pytest.fixture(scope="module")
def http(caller: Caller) -> httpx2.Client:
    return caller("mistaken")


@pytest.fixture(scope="module")
def place(http: httpx2.Client, good_pdf: bytes) -> str:
    """The address of a report that there is: of another one nothing else is told."""
    return str(http.post("/v1/reports", files={"file": ("a.pdf", good_pdf)}).headers["location"])


@pytest.mark.parametrize(
    ("method", "wrong"), WAYS, ids=[f"{one[2]['url']}-{one[0]}-{one[1]}"[-80:] for _, one in WAYS]
)
def test_what_is_wrong_is_told_in_chinese(http: httpx2.Client, place: str, method: str, wrong: Wrong) -> None:
    field, kind, sent = wrong
    answer = http.request(method.upper(), **{**sent, "url": sent["url"].replace("/v1/reports/x", place)})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:gongkai:problem:invalid_request")
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, kind)
    assert re.match(r"[\u4e00-\u9fff]", error["message"]) and error["message"].endswith("。")
    assert "{" not in error["message"] and "pydantic" not in error["message"]
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", error["message"]), "English"


def test_every_kind_that_has_words_can_happen() -> None:
    assert {wrong[1] for _, wrong in WAYS} == {*invalid.SAID, NO_FILE, invalid.UNUSABLE}


def test_a_kind_without_words_says_what_pydantic_says() -> None:
    found = invalid.told({"type": "url_parsing", "loc": ("body", "a", 2), "msg": "Input should be {a} URL"})
    assert found == {"field": "a.2", "code": "url_parsing", "message": "不符合要求：Input should be {a} URL"}
    assert invalid.told({"type": "value_error", "loc": ("query", "a"), "msg": "Value error, odd"})[
        "message"
    ].endswith("odd")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, "Content-Type 中缺少 boundary。"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=a"}}, "multipart 数据不完整或有误。"),
        ({"content": b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--\r\n",
          "headers": {"Content-Type": "multipart/form-data; boundary=a"}}, "有一部分没有名称（Content-Disposition 的 name）。"),
        ({"files": [("file", ("a.pdf", b"x"))] * 4}, "文件过多，最多 3 个。"),
        ({"files": {"file": ("a.pdf", b"x")}, "data": dict.fromkeys("abcde", "1")}, "字段过多，最多 4 个。"),
        ({"files": {"file": ("a.pdf", b"x")}, "data": {"metadata": "x" * 70_000}}, "字段过大，最多 64KB。"),
        ({"data": {"metadata": "x" * 70_000}}, "字段过大，最多 64KB。"),
        ({"url": "/v1/webhooks", "content": b"\xff", "headers": {"Content-Type": "application/json"}},
         "不是合法的 JSON，或编码不是 UTF-8，或嵌套过深。"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_parsed(http: httpx2.Client, sent: dict[str, Any], message: str) -> None:
    answer = http.post(**{"url": "/v1/reports", **sent})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "body", "code": "unparsed", "message": message}]
    assert invalid.unparsed("Something new")["message"] == "不符合要求：Something new"
