import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text import ideographs, normalise, strip_numbering, strip_quotes


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (" 合　计\n", "合计"),
        ("因公出国 （境） 费", "因公出国(境)费"),
        ("１，２３４．５６", "1,234.56"),
        ("⽀出", "支出"),  # Kangxi radicals, as some PDF fonts hand them out
        ("⻋辆", "车辆"),  # CJK radicals, which NFKC leaves alone
        ("单位：万\u200b元", "单位:万元"),
        ("────", "────"),
        ("“三公”经费", "“三公”经费"),
    ],
)
def test_normalise(printed: str, read: str) -> None:
    assert normalise(printed) == read


@given(st.text())
def test_normalise_twice_is_normalise_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("printed", ["“三公”", '"三公"', "‘三公’", "「三公」", "三公", "＂三公＂"])
def test_any_quotation_marks_or_none(printed: str) -> None:
    assert strip_quotes(normalise(printed)) == "三公"


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("一、一般公共预算财政拨款收入", "一般公共预算财政拨款收入"),
        ("二十六、抗疫特别国债安排的支出", "抗疫特别国债安排的支出"),
        ("（一）支出合计", "支出合计"),
        ("1.一般公共预算", "一般公共预算"),
        ("1．一般公共预算", "一般公共预算"),
        ("3. 国有资本经营预算", "国有资本经营预算"),
        ("2、外交支出", "外交支出"),
        ("（1）国内接待费", "国内接待费"),
        ("其中：基本支出", "基本支出"),
        ("其中：1.外事接待费", "外事接待费"),
        ("减：结余分配", "结余分配"),
        ("1196.83", "1196.83"),
        ("2080505", "2080505"),
        ("一般公共服务支出", "一般公共服务支出"),
        ("十一、", "十一、"),
        ("2017年度", "2017年度"),
    ],
)
def test_strip_numbering(printed: str, label: str) -> None:
    assert strip_numbering(printed) == label


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("⼀般公共预算", "一般公共预算"),
        ("部⻔", "部门"),
        ("专⼾", "专户"),
        ("１２．５０（元）", "１２．５０（元）"),
    ],
)
def test_ideographs_are_those_the_page_shows_and_nothing_else_changes(given: str, shown: str) -> None:
    assert ideographs(given) == shown
