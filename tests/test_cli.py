"""The command line keeps its promises to scripts: one JSON on stdout, exit codes, and words for people elsewhere."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gongkai
from gongkai import asking, cli, show
from gongkai.errors import REFUSALS, Encrypted, from_wire
from gongkai.llm.budget import Usage
from gongkai.openapi import example
from gongkai.report import Finding, Form, Issue, Report
from gongkai.steps import Result

DOCS = Path(__file__).parents[1] / "docs" / "cli.md"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the reading give what the test wants, or raise it."""

    def set_answer(answer: Report | Exception) -> None:
        def read(*_: Any, **__: Any) -> asking.Read:
            if isinstance(answer, Exception):
                raise answer
            return asking.Read(Result.of(answer), Usage(), ())

        monkeypatch.setattr(cli, "_asked", read)

    return set_answer


def with_findings(*severities: str) -> Report:
    finding = example().findings[0]
    return replace(example(), findings=tuple(replace(finding, severity=s) for s in severities))  # type: ignore[arg-type]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongkai.cli", *arguments], capture_output=True, text=True, check=False
    )


# a whole run


def test_read_prints_one_report_and_nothing_else(good_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "好.pdf").write_bytes(good_pdf)
    done = run("read", str(tmp_path / "好.pdf"), "--metadata", '{"区划": "430200"}')
    report = Report.from_json(done.stdout)
    assert report.documents[0].file_name == "好.pdf"
    assert report.entity.metadata == {"区划": "430200"}
    assert report.checks.results is None
    assert "2 页" in done.stderr
    assert done.returncode == int(any(f.severity != "info" for f in report.findings))


def test_the_same_file_gives_the_same_bytes(good_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(good_pdf)
    first, second = (run("read", str(tmp_path / "a.pdf")).stdout for _ in range(2))
    assert first == second


def test_two_files_are_one_report_and_all_checks_are_listed(good_pdf: bytes, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(good_pdf)
    done = run("read", "--all-checks", "--indent", "2", str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf"))
    report = Report.from_json(done.stdout)
    assert [document.file_name for document in report.documents] == ["a.pdf", "b.pdf"]
    assert report.checks.results is not None
    assert done.stdout.startswith('{\n  "schema_version"')


def test_a_refused_file_says_so_on_stderr_alone(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_text("<html>")
    done = run("check", str(tmp_path / "page.pdf"))
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr.startswith("page.pdf  [拒绝] not_pdf 不是 PDF 文件\n  ")


def test_the_catalogue_lists_every_check_with_its_formula(capsys: pytest.CaptureFixture[str]) -> None:
    from gongkai.checks import catalogue

    assert cli.main(["catalogue"]) == 0
    listed = capsys.readouterr().out
    for check in catalogue():
        assert check.code in listed and check.title in listed
        assert all(equation.text in listed for case in check.cases for equation in case.equations)


# exit codes


@pytest.mark.parametrize(
    ("severities", "code"),
    [((), 0), (("info",), 0), (("info", "warning"), 1), (("error",), 1)],
)
@pytest.mark.parametrize("command", ["read", "check"])
def test_exit_code_of_a_report(reads: Any, command: str, severities: tuple[str, ...], code: int) -> None:
    reads(with_findings(*severities))
    assert cli.main([command, "a.pdf"]) == code


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_exit_code_of_a_refusal(reads: Any, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    reads(from_wire({"type": name}))
    assert cli.main(["read", "dir/a.pdf", "b.pdf"]) == REFUSALS[name].exit_code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "a.pdf、b.pdf  [拒绝]" in printed.err


def test_a_file_that_is_not_there_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "nowhere.pdf"]) == 2
    assert "nowhere.pdf" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["read"], ["nonsense"], ["read", "a.pdf", "--indent", "99"], ["read", "a.pdf", "--metadata", "[1]"]],
)
def test_a_wrong_command_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert capsys.readouterr().out == ""


def test_a_wrong_setting_is_a_wrong_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGKAI_WORKERS", "many")
    assert cli.main(["serve"]) == 2
    assert "GONGKAI_WORKERS" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_trouble(good_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(good_pdf)
    command = f"{sys.executable} -m gongkai.cli read --indent 8 --all-checks a.pdf | head -c 1"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


# what people see


def test_check_in_json_keeps_what_two_reports_say_apart(
    reads: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = with_findings("info", "warning")
    reads(report)
    assert cli.main(["check", "--json", "a.pdf"]) == 1
    alone = json.loads(capsys.readouterr().out)
    assert [each["severity"] for each in alone["findings"]] == ["info", "warning"] and alone[
        "between"
    ] is None
    assert "class" in alone["findings"][0]
    monkeypatch.setattr(gongkai, "read", lambda files: report)
    cli.main(["check", "--json", "a.pdf", "--with", "b.pdf"])
    both = json.loads(capsys.readouterr().out)
    assert both["findings"] == alone["findings"] and both["checks"] == alone["checks"]
    assert both["between"]["findings"] == [] and both["between"]["checks"]["not_applicable"] > 0


def test_check_prints_place_excerpt_explanation(reads: Any, capsys: pytest.CaptureFixture[str]) -> None:
    reads(example())
    cli.main(["check", "a.pdf"])
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("某某局2023年度部门决算.pdf:12  [错误] X-T01-T02-INC 收入总表与收入表的本年收入合计一致")
    assert lines[at + 1] == "    收入支出决算总表 本年收入合计  “1,208.44”"
    assert lines[at + 2] == "    收入决算表 合计  “1,208.76”  （某某局2023年度部门决算.pdf:13）"
    assert lines[at + 3].startswith("  两表的合计相差 3,200.00 元。")
    assert lines[at + 4].startswith("  建议：")
    assert lines[at + 5].startswith("  依据：")
    assert lines[-1] == (
        "核对 1 项，通过 0，尾差 0，不符 1，待核 0，无从比较 0，不适用 0，未读出 0 处，缺表 0 张。"
    )


def test_errors_come_before_hints() -> None:
    shown = "\n".join(show.report(with_findings("info", "error", "warning")))
    assert [m[1] for m in re.finditer(r"\[(错误|警告|提示)\]", shown)] == ["错误", "警告", "提示"]


def test_what_was_not_read_and_what_is_not_there_is_told() -> None:
    missing = Form(
        id="government_fund#1",
        form="government_fund",
        title="政府性基金表",
        state="missing",
        expected_by="toc",
    )
    elsewhere = replace(missing, id="income#1", title="收入决算表", state="elsewhere", expected_by="text")
    source = example().findings[0].operands[0].source
    report = replace(
        example(), forms=(missing, elsewhere), issues=(Issue(kind="page_unreadable", message="本页没有文字。", source=source),)
    )  # fmt: skip
    shown = "\n".join(show.report(report))
    assert "某某局2023年度部门决算.pdf:12  [未读出] page_unreadable\n  本页没有文字。" in shown
    assert "[缺表] 政府性基金表\n  目录列有此表" in shown
    assert "[另附] 收入决算表\n  正文提到此表" in shown
    assert shown.endswith("未读出 1 处，缺表 1 张。")


def test_a_finding_that_needs_review_is_not_called_an_error() -> None:
    finding: Finding = replace(
        example().findings[0], verdict="needs_review", severity="warning", reason="读数存疑"
    )
    shown = "\n".join(show.finding(finding, {}))
    assert "[警告·待核]" in shown and "[错误]" not in shown and "读数存疑" in shown


def test_colour_only_for_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert cli._paint(Terminal()) is show.coloured  # type: ignore[arg-type]
    assert cli._paint(sys.stdout) is show.plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli._paint(Terminal()) is show.plain  # type: ignore[arg-type]
    assert show.coloured("x", "error") == "\x1b[31mx\x1b[0m"


def test_a_document_cannot_steer_the_terminal() -> None:
    finding = example().findings[0]
    evil = replace(finding.operands[0], label="\x1b[2J\x9b31m\u202e", printed="\r\n0.00")
    shown = "\n".join(show.report(replace(example(), findings=(replace(finding, operands=(evil,)),))))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


# the page for users


def test_every_command_and_option_is_documented() -> None:
    page = DOCS.read_text(encoding="utf-8")
    commands = next(a for a in cli.build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    own = {
        name: parser
        for name, parser in commands.choices.items()
        if getattr(parser.get_default("run"), "__module__", "").startswith((cli.__name__, "gongkai.commands"))
    }
    assert set(own) == {"read", "check", "batch", "export", "load", "catalogue", "serve", "worker"}
    for name, parser in own.items():
        assert f"`gongkai {name}" in page
        options = [
            o for action in parser._actions for o in action.option_strings if o not in ("-h", "--help")
        ]
        assert all(re.search(rf"[`\[]{option}\b", page) for option in options)


# staying light


def test_import_and_help_load_neither_pymupdf_nor_pydantic() -> None:
    program = (
        "import json, sys, gongkai, gongkai.cli; gongkai.cli.build_parser(); "
        "heavy = ('pymupdf', 'pydantic', 'fastapi', 'openai', 'numpy', 'sqlalchemy', 'dbos', 'pyarrow', 'openpyxl'); "
        "print(json.dumps([m for m in heavy if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_public_face() -> None:
    assert gongkai.__version__ and gongkai.Report is Report and issubclass(Encrypted, gongkai.Refusal)
    with pytest.raises(AttributeError, match="nothing"):
        gongkai.nothing  # noqa: B018


@pytest.mark.parametrize("sandbox", [True, False])
def test_read_takes_bytes_paths_and_several(good_pdf: bytes, tmp_path: Path, sandbox: bool) -> None:
    path = tmp_path / "b.pdf"
    path.write_bytes(good_pdf)
    one = gongkai.read(good_pdf, file_names=["../甲.pdf"], sandbox=sandbox)
    two = gongkai.read([path, str(path)], sandbox=sandbox, metadata={"a": 1})
    assert [d.file_name for d in one.documents] == ["甲.pdf"]
    assert [d.file_name for d in two.documents] == ["b.pdf", "b.pdf"]
    assert two.entity.metadata == {"a": 1}
    with pytest.raises(gongkai.Refusal, match="不是 PDF"):
        gongkai.read(b"no", sandbox=sandbox)
    with pytest.raises(ValueError, match="no file"):
        gongkai.read([], sandbox=sandbox)
    with pytest.raises(ValueError, match="zip"):
        gongkai.read(good_pdf, file_names=["a", "b"], sandbox=sandbox)
