"""The road across processes: children read and check, a server answers in between, and a record does as well as a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import llm_odd as odd
import pytest
from llm_scripted import Request, obedient, serving

from gongkai import asking, cli
from gongkai.llm.questions import Answer
from gongkai.llm.records import Rejected, read_record
from gongkai.llm.settings import LlmSettings
from gongkai.openapi import example
from gongkai.report import Report
from gongkai.sandbox import Sandbox
from gongkai.settings import Settings
from gongkai.steps import Result, Step

FILES = [("odd.pdf", odd.pdf())]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Settings(workers=1)) as made:
        yield made


def test_without_a_model_one_pass_and_the_questions_beside_the_report(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    plain = asking.report_of(sandbox, FILES)
    assert [question.task for question in plain.open] == ["name_form", "name_section"]
    recorded = asking.report_of(sandbox, FILES, record=tmp_path / "r.jsonl")
    assert recorded.report == plain.report
    entries = list(read_record(tmp_path / "r.jsonl"))
    assert [getattr(entry, "why", None) for entry in entries] == ["off"] * 2


def test_a_record_answers_like_the_server_that_it_is_of(
    sandbox: Sandbox, tmp_path: Path, settings: Callable[..., LlmSettings]
) -> None:
    record = tmp_path / "r.jsonl"
    with serving(obedient) as script:
        asked = asking.report_of(sandbox, FILES, model=settings(script.url), record=record)
        calls = len(script.requests)
    assert calls and asked.usage.total.calls == calls
    again = asking.report_of(sandbox, FILES, replay=record)
    assert again.report == asked.report and again.usage.total.calls == 0
    assert asked.report != asking.report_of(sandbox, FILES).report
    assert b"127.0.0.1" not in record.read_bytes()


def test_rejections_stand_in_the_record(sandbox: Sandbox, tmp_path: Path) -> None:
    step = asking.begin(sandbox, FILES, asking=True)
    assert step.result is None and step.draft
    wrong = [_first(question) for question in step.questions]
    done = asking.go_on(sandbox, Step.from_bytes(step.to_bytes()), wrong)
    assert done.result is not None
    issues = [issue.kind for issue in Report.from_json(done.result.report).issues]
    assert issues.count("model_rejected") == sum(map(len, done.rejected.values()))


def _first(question: Any) -> Answer:
    name, tags = question.parts[0].name, question.parts[0].tags
    (choices,) = question.lists.values()
    values = {name: {tag.id: choices[0].name for tag in tags}}
    return Answer(question=question.id, values=values, model="m", prompt="p", record="r")


@pytest.mark.parametrize("fault", ["down", "slow", "hostile"])
def test_with_the_endpoint_in_trouble_the_report_comes_in_time_and_says_so(
    fault: str, sandbox: Sandbox, settings: Callable[..., LlmSettings]
) -> None:
    plain = Report.from_json(asking.report_of(sandbox, FILES).report)
    with serving({"down": obedient, "slow": _slow, "hostile": _hostile}[fault]) as script:
        url = "http://127.0.0.1:9/v1" if fault == "down" else script.url
        model = settings(url, document_seconds=2.0, attempts=2, connect_seconds=1.0)
        told = Report.from_json(asking.report_of(sandbox, FILES, model=model).report)
    assert any(issue.kind.startswith("model_") for issue in told.issues)
    assert (told.forms, told.sections, told.findings) == (plain.forms, plain.sections, plain.findings)


def _slow(request: Request, handler: Any) -> None:
    import time

    time.sleep(3)
    obedient(request, handler)


def _hostile(request: Request, handler: Any) -> None:
    from llm_scripted import send

    send(handler, 200, b'{"choices": [{"message": {"content": "{\\"tables\\": {\\"X1\\": \\"999.99\\"}}"}}]}')


def test_a_step_travels_as_bytes_and_is_never_unpickled_here() -> None:
    step = Step(document="d", draft=b"\x80not a pickle\n\n", rejected={"q": ("A",)})
    assert Step.from_bytes(step.to_bytes()) == step
    done = Step(document="d", result=Result.of(example()))
    assert Step.from_bytes(done.to_bytes()) == done
    assert asking.go_on(None, done, []) == done  # type: ignore[arg-type]


def test_the_command_line_records_and_replays(
    tmp_path: Path, capfdbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_LLM_BASE_URL", raising=False)
    file, record = tmp_path / "odd.pdf", tmp_path / "r.jsonl"
    file.write_bytes(odd.pdf())
    with serving(obedient) as script:
        monkeypatch.setenv("GONGKAI_LLM_BASE_URL", script.url)
        monkeypatch.setenv("GONGKAI_LLM_MODEL", "m")
        cli.main(["read", str(file), "--record", str(record)])
        first = capfdbinary.readouterr()
    monkeypatch.setenv("GONGKAI_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    cli.main(["read", str(file), "--replay", str(record)])
    second = capfdbinary.readouterr()
    assert first.out == second.out and "次调用".encode() in first.err
    assert (
        not any(isinstance(entry, Rejected) for entry in read_record(record))
        or b"model_rejected" in first.out
    )
