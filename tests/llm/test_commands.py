"""``gongkai llm probe`` and ``gongkai llm log``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
from llm_scripted import fails, json_mode, obedient, says, serving

from gongkai.llm.commands import register
from gongkai.llm.questions import Outcome, Question
from gongkai.llm.records import Record
from gongkai.llm.settings import PREFIX, LlmSettings

Heading = Callable[..., Question]


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(required=True))
    options = parser.parse_args(["llm", *arguments])
    code: int = options.run(options)
    return code


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_up(url: str) -> None:
        for name, value in {
            "BASE_URL": url,
            "MODEL": "m",
            "API_KEY": "sk-4f9c2d7e81",
            "ATTEMPTS": "1",
        }.items():
            monkeypatch.setenv(PREFIX + name, value)

    return set_up


def test_probe_tells_what_the_endpoint_can_do(
    configured: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for step, told in ((obedient, "strict"), (json_mode, "JSON（schema 写在提示词里）")):
        with serving(step) as script:
            configured(script.url)
            assert run("probe") == 0
            out = capsys.readouterr().out
            assert told in out
            assert f"{len(script.requests)} 次调用" in out
            assert script.url not in out and "sk-4f9c2d7e81" not in out


@pytest.mark.parametrize(
    ("step", "told"),
    [(fails(401, "bad key sk-4f9c2d7e81"), "key，HTTP 401"), (says("不"), "拒绝"), (fails(503), "503")],
)
def test_probe_says_what_is_wrong(
    step: Callable[..., None],
    told: str,
    configured: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(step) as script:
        configured(script.url)
        assert run("probe") == 1
        shown = capsys.readouterr()
        assert told in shown.err and shown.out == ""
        assert "sk-4f9c2d7e81" not in shown.err


def test_probe_without_a_model(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(PREFIX + "BASE_URL", raising=False)
    monkeypatch.delenv(PREFIX + "MODEL", raising=False)
    assert run("probe") == 2
    assert "GONGKAI_LLM_BASE_URL" in capsys.readouterr().err


def test_log_shows_what_was_asked_and_answered(
    settings: Callable[..., LlmSettings],
    ask: Callable[..., list[Outcome]],
    heading: Heading,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = Record(tmp_path / "record.jsonl")
    with serving(obedient, says("职责 \x1b[31m"), obedient) as script:
        ask(settings(script.url), heading("我们做什么"), record=record)
    with serving(says("什么？")) as script:
        ask(settings(script.url), heading("另一个标题"), record=record)
    assert run("log", str(record.path)) == 0
    shown = capsys.readouterr().out
    for expected in (
        "[H1] 我们做什么",
        "职责 �[31m",
        "✗ 不是一个完整的 JSON 对象",
        '= {"headings": {"H1": "duties"}}',
        "另一个标题",
    ):
        assert expected in shown
    assert run("log", str(record.path), "--failed") == 0
    shown = capsys.readouterr().out
    assert "另一个标题" in shown and "我们做什么" not in shown
    assert run("log", str(record.path), "--task", "name_form") == 0
    assert capsys.readouterr().out == ""


def test_log_of_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.jsonl").write_text("x\n", encoding="utf-8")
    assert run("log", str(tmp_path / "x.jsonl")) == 2
    assert "x.jsonl：第 1 行" in capsys.readouterr().err
