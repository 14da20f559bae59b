from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongkai_eval import amounts, grid, labels

HERE = Path(__file__).parent / "reports" / "yunxi_water_2022"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("printed", "state", "value"),
    [
        ("1,196.83", "value", "1196.83"),
        ("１，１９６．８３", "value", "1196.83"),
        ("-3.20", "value", "-3.20"),
        ("（3.2）", "value", "-3.2"),
        ("85.00%", "value", "85.00"),
        ("-", "value", "0"),
        (" — ", "value", "0"),
        ("0.00", "value", "0.00"),
        ("", "blank", None),
        ("\u3000", "blank", None),
        ("────", "not_applicable", None),
        ("不公开", "not_disclosed", None),
        ("1,19.83", None, None),
        ("详见附件", None, None),
    ],
)
def test_a_printed_cell(printed: str, state: str | None, value: str | None) -> None:
    assert amounts.state(printed) == state
    assert amounts.value(printed) == value


def test_the_truth_of_a_two_sided_table(labelled: labels.Labelled) -> None:
    cells = {(c.row_key, c.col_key): c for c in labelled.tables[0].truth()}
    assert len(cells) == 15
    carried = cells["income:28", "1"]
    assert (carried.form_id, carried.printed, carried.value) == ("income_expenditure_summary#1", "-", "0")
    assert cells["expenditure:59", "2"].state == "not_applicable"
    assert cells["expenditure:32", "2"].state == "blank"
    assert (cells["income:31", "1"].value, cells["income:31", "1"].unit) == ("1222.90", "万元")
    assert ("income:4", "1") not in cells  # a filler row has no key


def test_sections_hold_their_own_text_alone(labelled: labels.Labelled) -> None:
    found = {(s.level, s.number, s.title): s for s in labelled.sections}
    overall = found[3, "一", "总体情况"]
    text = "“三公”经费财政拨款支出预算11.30万元，支出决算3.57万元，完成预算的31.6%。"
    assert (overall.kind, overall.hash) == ("sangong_overall", labels.text_hash(text))
    assert found[2, "二", "“三公”经费支出决算情况说明"].start == ""
    assert len(found) == len(labelled.sections) == 10


def test_promised_tables_are_numbered_with_their_form(labelled: labels.Labelled) -> None:
    assert [(form.id, form.state, form.expected_by) for form in labelled.promised] == [
        ("state_capital#1", "missing", "toc")
    ]


TABLE = """@1,,1|1,1|2
,项目,收入,支出
,栏次,1,2
合计,合计,3.00,4.00
208,社会保障,1.00,
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3.00,4.00", "3.00", "3 cells where the head has 4"),
        ("208,社", "合计,社", "already stands on line 4"),
        ("项目,收入,支出", "项目,收入,^", "does not complete a rectangle"),
        ("1|2", "2|2", "is not LANE|COL_KEY"),
        ("1|2", "1|2|amount", "is none of"),
        ("栏次,1,2", "栏次,1,3", "栏次 3 stands over the column 2"),
        ("208,社", ",社", "its row has no key"),
        ("3.00", "三元", "is not a figure"),
        ("@1", "@2", "must begin with @1"),
    ],
)
def test_a_mistyped_table_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "01.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert len(list(grid.load(path).addresses())) == 4
    path.write_text(TABLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(labels.LabelError, match="01.csv") as refused:
        grid.load(path)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("source.toml", 'form = "income"', 'form = "revenue"', "'revenue' is not the name of a form"),
        ("source.toml", 'id = "yunxi_water_2022"', 'id = "other"', "is not the folder's name"),
        ("source.toml", 'state = "missing"', 'state = "lost"', "must be missing or elsewhere"),
        ("tables/04.csv", "合 计,<,,", "合 计,<,1.00,", "is nil and holds a value"),
        ("report.txt", " {duties}", "", "a heading needs its {kind}"),
        ("report.txt", "!table 03", "!tables", "is not a command"),
        ("report.txt", "!table 03\n", "", "source.toml lists"),
    ],
)
def test_a_mistyped_report_is_refused(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = tmp_path / "yunxi_water_2022"
    shutil.copytree(HERE, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(labels.LabelError) as refused:
        labels.load(folder)
    assert message in str(refused.value)


def test_a_row_may_count_what_its_column_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "yunxi_water_2022"
    shutil.copytree(HERE, folder)
    source = folder / "source.toml"
    added = source.read_text(encoding="utf-8").replace(
        "notes = []", 'notes = []\nquantities = { data = "count" }'
    )
    source.write_text(added, encoding="utf-8")
    cell = labels.load(folder).tables[2].truth()[0]
    assert (cell.quantity, cell.unit, cell.value) == ("count", None, "11.30")


@pytest.mark.parametrize(
    "folder",
    sorted(p.parent for p in (ROOT / "eval" / "reports").glob("*/source.toml")),
    ids=lambda p: p.name,
)
def test_every_label_of_the_project_is_well_typed(folder: Path) -> None:
    report = labels.load(folder)
    assert report.tables or report.promised or report.sections


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("第一部分 概况", "第一部分", "概况"),
        ("第三部分：决算情况说明", "第三部分", "决算情况说明"),
        ("十二、政府采购支出说明", "十二", "政府采购支出说明"),
        ("（三）具体情况", "三", "具体情况"),
        ("一）、项目绩效目标", "一", "项目绩效目标"),
        ("附件", "", "附件"),
    ],
)
def test_a_heading_is_a_number_and_a_title(heading: str, number: str, title: str) -> None:
    assert labels.split_heading(heading) == (number, title)
