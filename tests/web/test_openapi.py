"""What OpenAPI says is whole, and is what the service answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from receiver import until
from running import distinct

from gongkai.api import create_app

from .conftest import Caller

METHODS = ("get", "post", "delete", "put", "patch")
Answers = Callable[[Any, str, str], Any]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    found: dict[str, Any] = create_app().openapi()
    return found


@pytest.fixture(scope="module")
def operations(spec: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def within(spec: dict[str, Any], schema: Any) -> dict[str, Any]:
    """``schema`` with what it refers to."""
    return {**schema, "components": spec["components"]}


def test_every_answer_is_described_with_a_schema_and_an_example_that_fits(
    spec: dict[str, Any], operations: dict[tuple[str, str], dict[str, Any]]
) -> None:
    for place, operation in operations.items():
        good = {status: answer for status, answer in operation["responses"].items() if status < "300"}
        assert good and operation["summary"], place
        for status, answer in good.items():
            assert answer["description"] not in ("", "Successful Response"), (place, status)
            assert (status == "204") == (not answer.get("content")), (place, status)
            told = answer.get("content", {}).get("application/json")
            if told is not None:
                assert "example" in told, (place, status)
                jsonschema.validate(told["example"], within(spec, told["schema"]))


def test_every_problem_has_an_example_that_fits(
    spec: dict[str, Any], operations: dict[tuple[str, str], dict[str, Any]]
) -> None:
    problem = within(spec, spec["components"]["schemas"]["Problem"])
    for place, operation in operations.items():
        for status, answer in operation["responses"].items():
            if status >= "400":
                examples = answer["content"]["application/problem+json"]["examples"]
                assert examples, (place, status)
                for each in examples.values():
                    jsonschema.validate(each["value"], problem)
                    assert each["value"]["status"] == int(status)
        if "security" in operation:
            assert {"401", "403"} <= operation["responses"].keys(), place


def test_the_documentation_names_every_address_and_no_other(spec: dict[str, Any]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    known = {re.sub(r"\{\w+\}", "{}", path) for path in spec["paths"]}
    told = {
        re.sub(r"\{[^}/]+\}", "{}", path)
        for path in re.findall(r"`(?:(?:GET|POST|DELETE) )?(/(?:v1/[^`?\s]+|healthz|readyz|metrics))", page)
    }
    assert known - told == set()
    assert told - known == set()


@pytest.fixture(scope="module")
def http(caller: Caller) -> httpx2.Client:
    return caller("reader")


@pytest.fixture(scope="module")
def fits(spec: dict[str, Any]) -> Answers:
    """Sees that an answer is as OpenAPI says of this method and path; gives its JSON."""

    def look(answer: Any, method: str, path: str) -> Any:
        said = spec["paths"][path][method]["responses"][str(answer.status_code)]
        kind = answer.headers["content-type"].split(";")[0]
        told = answer.json()
        jsonschema.validate(told, within(spec, said["content"][kind]["schema"]))
        return told

    return look


def test_what_is_answered_is_what_is_described(http: httpx2.Client, fits: Answers, good_pdf: bytes) -> None:
    reports, one = "/v1/reports", "/v1/reports/{id}"
    sent = http.post(reports, files={"file": ("a.pdf", good_pdf)})
    fits(sent, "post", reports)
    place = sent.headers["location"]
    later = {"Prefer": "respond-async"}
    fits(
        http.post(reports, files={"file": ("a.pdf", distinct(good_pdf, "x"))}, headers=later), "post", reports
    )
    fits(http.post(reports, files={"file": ("a.pdf", b"no PDF")}), "post", reports)
    fits(http.post(reports), "post", reports)
    for part in ("", "/findings", "/checks"):
        fits(http.get(place + part), "get", one + part)
        fits(http.get(f"{reports}/x{part}"), "get", one + part)
    fits(http.post(f"{place}/cancel"), "post", one + "/cancel")
    assert fits(http.get(reports), "get", reports)["items"]
    assert fits(http.get("/v1/changes"), "get", "/v1/changes")["items"]
    fits(http.get("/v1/changes", params={"after": -1}), "get", "/v1/changes")
    for address in ("/healthz", "/readyz", "/v1/about"):
        fits(http.get(address), "get", address)
    batch = http.post(
        "/v1/batches", files=[("file", ("a.pdf", good_pdf)), ("file", ("b.pdf", bytes(1 << 21)))]
    )
    assert batch.status_code in (202, 413)
    batch = http.post("/v1/batches", files={"file": ("a.pdf", good_pdf)})
    fits(batch, "post", "/v1/batches")
    fits(http.get(batch.headers["location"]), "get", "/v1/batches/{id}")


def test_webhooks_are_answered_as_described(http: httpx2.Client, fits: Answers) -> None:
    hooks, log = "/v1/webhooks", "/v1/webhooks/{id}/deliveries"
    hook = fits(http.post(hooks, json={"url": "http://127.0.0.1:9/"}), "post", hooks)
    fits(http.post(hooks, json={"url": "x"}), "post", hooks)
    fits(http.post(hooks, content=b"\xff{", headers={"Content-Type": "application/json"}), "post", hooks)
    assert fits(http.get(hooks), "get", hooks)["items"]
    http.post("/v1/reports", files={"file": ("a.pdf", b"no PDF either")})
    place = log.replace("{id}", hook["id"])
    told = until(
        lambda: [each for each in fits(http.get(place), "get", log)["items"] if each["attempts"]], "not tried"
    )
    replayed = http.post(f"{place}/{told[0]['id']}/replay")
    fits(replayed, "post", log + "/{delivery}/replay")
    fits(http.post(f"{place}/x/replay"), "post", log + "/{delivery}/replay")
    assert json.loads(replayed.content)["id"] == told[0]["id"]
