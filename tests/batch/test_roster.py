"""The list of bodies: read from what officers have, refused with the line, matched by exact name alone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gongkai.roster import Roster, RosterError, is_usci, load

HEAD = "单位编码,单位名称,别名,统一社会信用代码,财政区划,主管部门,应公开,文件\n"
LINES = (
    "101,株洲市财政局,市财政局；财政局,11100000000013338W,430200,,决算;预算,\n"
    "0102,株洲市医疗保障事务中心,,,430200,101,决算,*事务中心*.pdf\n"
)


def listed(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = tmp_path / "名录.csv"
    path.write_bytes(text.encode(encoding))
    return load(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_any_encoding_that_offices_use(tmp_path: Path, encoding: str) -> None:
    first, second = listed(tmp_path, HEAD + LINES, encoding).bodies
    assert first.names == {"株洲市财政局", "市财政局", "财政局"} and first.kinds == (
        "final_account",
        "budget",
    )
    assert first.metadata() == {
        "agency_name": "株洲市财政局", "agency_code": "101", "usci": "11100000000013338W", "mof_div_code": "430200",
    }  # fmt: skip
    assert (second.code, second.parent, second.files, second.line) == ("0102", "101", ("*事务中心*.pdf",), 3)


def test_an_xlsx_whose_codes_became_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Code", "单位 名称", "Kinds"])
    book.active.append([101.0, " 株洲市财政局 ", "final_account"])
    book.active.append([None, None, None])
    book.active.append([430200, "株洲市审计局", "决算、预算"])
    book.save(tmp_path / "名录.xlsx")
    first, second = load(tmp_path / "名录.xlsx").bodies
    assert (first.code, first.name, first.kinds) == ("101", "株洲市财政局", ("final_account",))
    assert (second.code, second.kinds, second.line) == ("430200", ("final_account", "budget"), 4)


# A company's and an office's as registered; then the same with one character wrong.
@pytest.mark.parametrize("code", ["91350100M000100Y43", "11100000000013338W"])
def test_a_right_check_digit(code: str) -> None:
    assert is_usci(code)
    for place in range(18):
        other = "1" if code[place] != "1" else "2"
        assert not is_usci(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y430", "91350100M000100YI3", "９1350100M000100Y43"]
)
def test_what_is_no_credit_code(code: str) -> None:
    assert not is_usci(code)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "是空的"),
        ("编码,地址\n1,甲\n", "没有“单位名称”一列"),
        (HEAD, "没有任何单位"),
        (HEAD + "1,,,,,,,\n", "第 2 行没有单位名称"),
        (HEAD + "1,甲局,,11100000000013338X,,,,\n", "第 2 行的统一社会信用代码“11100000000013338X”不对"),
        (HEAD + "1,甲局,,,,,结算,\n", "第 2 行的应公开类别“结算”不明"),
        (HEAD + "1,甲局,,,430200,,,\n1,乙局,,,430200,,,\n", "第 3 行的单位编码“1”与第 2 行相同"),
        (HEAD + "".join(f"{n},,,,,,,\n" for n in range(30)), "另有 10 处"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_refused_with_its_lines(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RosterError, match=told):
        listed(tmp_path, text)


def test_the_same_code_in_two_divisions_is_no_mistake(tmp_path: Path) -> None:
    assert len(listed(tmp_path, HEAD + "1,甲局,,,430200,,,\n1,乙局,,,430300,,,\n").bodies) == 2


def test_what_is_no_table_at_all(tmp_path: Path) -> None:
    for name in ("名录.xlsx", "名录.csv"):
        (tmp_path / name).write_bytes(b"\xff\xfe\xff\x00PK")
        with pytest.raises(RosterError, match="不是|既不是"):
            load(tmp_path / name)


# matching


@pytest.fixture
def bodies(tmp_path: Path) -> Roster:
    return listed(tmp_path, HEAD + LINES + "3,甲县人民法院,法院,,430201,,,\n4,乙县人民法院,法院,,430202,,,\n")


@pytest.mark.parametrize(
    ("name", "printed", "matched"),
    [
        ("株洲市财政局", (), "株洲市财政局"),
        ("株洲 市财政局 ", (), "株洲市财政局"),
        ("“株洲市财政局”", (), "株洲市财政局"),
        ("财政局", (), "株洲市财政局"),
        ("湖南省株洲市财政局", ("株洲市财政局",), "株洲市财政局"),
        ("株洲市财政局", ("株洲市医疗保障事务中心",), "株洲市财政局"),
    ],
)  # fmt: skip
def test_an_exact_name_or_alias(bodies: Roster, name: str, printed: tuple[str, ...], matched: str) -> None:
    found = bodies.match(name, printed)
    assert found.body is not None and found.body.name == matched


@pytest.mark.parametrize(
    ("name", "printed", "why"),
    [
        ("株洲市财政局直属分局", (), "unmatched"),
        ("株州市财政局", (), "unmatched"),
        ("株洲市医疗保障局", (), "unmatched"),
        ("法院", (), "ambiguous"),
        ("别的局", ("株洲市财政局", "甲县人民法院"), "ambiguous"),
        (None, ("株洲市财政局",), "nameless"),
    ],
)  # fmt: skip
def test_never_the_nearest(bodies: Roster, name: str | None, printed: tuple[str, ...], why: str) -> None:
    assert bodies.match(name, printed).body is None
    assert bodies.match(name, printed).why == why
