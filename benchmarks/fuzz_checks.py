"""What `fuzz.py` has schemathesis see to in every answer, beside its own checks; loaded by the name in ``SCHEMATHESIS_HOOKS``."""

from __future__ import annotations

import os

import schemathesis

SECRET = "绝密局"  # in names, metadata and addresses of another client
INSIDE = ("Traceback", 'File "', "sqlalchemy", os.environ.get("GONGKAI_FUZZED_FOLDER", "Traceback"))


@schemathesis.check
def tells_nothing(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Nothing of another client, and nothing of how the service is made inside."""
    text = response.content.decode("utf-8", "replace")
    assert SECRET not in text and ascii(SECRET)[1:-1] not in text, "told of another client"
    for each in INSIDE:
        assert each not in text, f"told {each!r} of its inside"


@schemathesis.check
def is_a_problem_in_chinese(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """What is no success says so as ``docs/http.md`` promises, under the headers that every answer has."""
    assert response.headers["x-content-type-options"] == ["nosniff"] and response.headers["x-request-id"]
    if response.status_code >= 400 and case.method != "HEAD":
        assert response.headers["content-type"] == ["application/problem+json"]
        said = response.json()
        assert said["type"].startswith("urn:gongkai:problem:") and said["status"] == response.status_code
        assert said["title"] and said["detail"].endswith("。")
