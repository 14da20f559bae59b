"""A folder of labels of one's own: its published form, a run that goes on where it stopped, and what changed since another."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pymupdf
import pytest

from gongkai import assets
from gongkai_eval import against, evidence, kept, runner, schema
from gongkai_eval.scorer import Miss, Score, Tally

REPORTS = Path(__file__).parents[2] / "eval" / "reports"
FOLDERS = sorted(path.parent for path in REPORTS.glob("*/source.toml"))


def command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    runner.register(parser.add_subparsers())
    return runner.run(parser.parse_args(["eval", *arguments]))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """One report of two sentences, labelled by a user, with its PDF beside the label."""
    home = tmp_path / "data" / "ours_2022"
    home.mkdir(parents=True)
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_text((80, 80), "某某县水务站2022年度单位决算", fontname="china-s", fontsize=20)
        page.insert_text((80, 140), "二、收入决算情况说明", fontname="china-s", fontsize=14)
        page.insert_text((108, 170), "2022年度收入合计310.5万元。", fontname="china-s", fontsize=12)
        pdf.save(home / "ours.pdf", no_new_id=True)
    digest = hashlib.sha256((home / "ours.pdf").read_bytes()).hexdigest()
    (home / "source.toml").write_text(
        f'id = "ours_2022"\ntitle = "水务站"\norigin = "ours"\nwhy = "a test"\nentity = "某某县水务站"\nfiscal_year = 2022\n'
        f'kind = "final_account"\nscope = "unit"\npdf_sha256 = ["{digest}"]\n',
        encoding="utf-8",
    )
    empty = hashlib.sha256("2022年度收入合计310.5万元。".encode()).hexdigest()
    (home / "sections.csv").write_text(
        f"level,number,title,kind,start,hash\n2,二,收入决算情况说明,income,2022年度收入合计,{empty}\n",
        encoding="utf-8",
    )
    (home / "facts.csv").write_text(
        ",".join(schema.facts.COLUMNS)
        + "\n1,二,income.total,,收入合计,amount,310.5,310.5,万元,收入合计310.5万元\n",
        encoding="utf-8",
    )
    return home.parent


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_our_own_labels_are_of_the_published_form(folder: Path) -> None:
    published = json.loads(assets.path("schemas/label.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published).validate(schema.document(folder))


def test_the_published_form_is_fresh_and_refuses_what_the_loaders_refuse(dataset: Path) -> None:
    assert assets.path("schemas/label.json").read_text(encoding="utf-8") == schema.text(), (
        "run: python -m gongkai_eval.schema > schemas/label.json"
    )
    validator = jsonschema.Draft202012Validator(schema.schema())
    document = schema.document(dataset / "ours_2022")
    validator.validate(document)
    document["facts"][0]["value"] = "many"
    document["source"]["kind"] = "novel"
    assert {tuple(error.path)[:1] for error in validator.iter_errors(document)} == {("facts",), ("source",)}


def test_a_dataset_is_measured_kept_and_compared(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, first, page = tmp_path / "cache", tmp_path / "first.json", tmp_path / "page.html"
    arguments = ["--dataset", str(dataset), "--cache", str(cache)]
    assert command(*arguments, "--out", str(first), "--html", str(page)) == 0
    (score,) = json.loads(first.read_text(encoding="utf-8"))
    assert score["tallies"]["facts"] == {"truth": 1, "reported": 1, "right": 1}
    assert "1 numbers" in page.read_text(encoding="utf-8")

    def never(*_: object) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(evidence, "measure", never)
    assert command(*arguments) == 0  # the run before is kept
    label = dataset / "ours_2022" / "facts.csv"
    label.write_text(
        label.read_text(encoding="utf-8").replace(",310.5,万元", ",310.6,万元"), encoding="utf-8"
    )
    monkeypatch.undo()
    capsys.readouterr()
    assert command(*arguments, "--against", str(first)) == 1  # another label is another measurement
    told = capsys.readouterr().out
    assert "facts 1/1 (1) → 0/1 (1)" in told and "- slot:二|income.total|amount|310.6|万元" in told


def test_a_result_cut_short_is_measured_again(dataset: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command("--dataset", str(dataset), "--cache", str(cache))
    (stored,) = cache.glob("measured-*.json")
    stored.write_bytes(stored.read_bytes()[:40])
    assert command("--dataset", str(dataset), "--cache", str(cache)) == 0
    assert json.loads(stored.read_bytes())["score"]["document"] == "ours_2022/published"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("id = ", "not a TOML file"),
        ('kind = "final_account"\n', "kind"),
        ("pdf_sha256", "neither a report.txt"),
    ],
)
def test_a_wrong_label_is_told_with_its_place(
    dataset: Path, spoil: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = dataset / "ours_2022" / "source.toml"
    text = source.read_text(encoding="utf-8")
    source.write_text(
        text.replace(spoil, "id = = " if spoil == "id = " else "" if "=" in spoil else "hash", 1),
        encoding="utf-8",
    )
    assert command("--dataset", str(dataset), "--cache", str(dataset / "cache")) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_fact_is_told_with_its_line(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = dataset / "ours_2022" / "facts.csv"
    label.write_text(
        label.read_text(encoding="utf-8").replace(",310.5,310.5,", ",310.5,many,"), encoding="utf-8"
    )
    assert command("--dataset", str(dataset), "--cache", str(dataset / "cache")) == 2
    assert "facts.csv:2: n and value must be numbers" in capsys.readouterr().err


def test_a_folder_without_its_pdf_says_so(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (dataset / "ours_2022" / "ours.pdf").unlink()
    assert command("--dataset", str(dataset)) == 2
    assert "ours_2022: skipped" in capsys.readouterr().err


def test_another_file_is_no_earlier_run(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "baseline.json"
    wrong.write_text('{"a": []}', encoding="utf-8")
    assert command("--dataset", str(dataset), "--against", str(wrong)) == 2
    assert "not the JSON of an earlier run" in capsys.readouterr().err


def test_changes_name_what_came_and_what_went() -> None:
    def score(right: int, *keys: str) -> Score:
        return Score(
            "a/web", {"slots": Tally(5, 5, right)}, tuple(Miss(key, "", "") for key in keys), right % 2
        )

    same = score(4, "x")
    assert against.changes({"a/web": same}, [same]) == []
    found = against.changes({"a/web": score(3, "x", "y"), "b/web": same}, [score(4, "x", "z")])
    assert [(each.document, each.new, each.gone) for each in found] == [
        ("total", (), ()),
        ("a/web", ("z",), ("y",)),
    ]
    lines: Sequence[str] = list(against.lines(found))
    assert lines[1:] == ["a/web: slots 3/5 (5) → 4/5 (5); silent 1 → 0", "  - z", "  + y"]


def test_the_key_of_what_is_kept_is_its_content(dataset: Path) -> None:
    from gongkai_eval import labels

    folder = dataset / "ours_2022"
    task = runner.Task(labels.load(folder), "", (folder / "ours.pdf",), folder)
    before = kept._key(task)
    shutil.copy(folder / "ours.pdf", folder / "other.pdf")
    assert kept._key(task) == before
    (folder / "ours.pdf").write_bytes(b"%PDF-1.7 other")
    assert kept._key(task) != before
