"""Page numbers and running lines go; titles and captions stay."""

from __future__ import annotations

from collections.abc import Sequence

from tests.narrative.pages import line

from gongkai.layout.furniture import without_furniture
from gongkai.layout.lines import Line
from gongkai.pages import Page


def page(
    number: int, width: float = 595.0, height: float = 842.0, document: str = "d", hidden: Sequence[Line] = ()
) -> Page:
    unseen = tuple(word for one in hidden for word in one.words)
    return Page(document, number, width, height, 0, (), (), (), "native", (), unseen)


def kept(pages: list[Page], lines: list[list[Line]]) -> list[list[str]]:
    return [[one.text for one in page_lines] for page_lines in without_furniture(pages, lines)]


def test_page_numbers_in_all_dresses() -> None:
    dresses = ["12", "- 12 -", "—12—", "第 12 页 共 30 页", "12 / 30", "iv", "第12页"]
    for text in dresses:
        lines = [[line("本页正文。", y=300), line(text, x=290, y=790)]]
        assert kept([page(12)], lines) == [["本页正文。"]], text


def test_bare_numbers_count_the_pages_from_any_start() -> None:
    pages = [page(n) for n in (3, 4, 5)]
    lines = [[line("正文。", y=300), line(str(n - 2), x=290, y=790)] for n in (3, 4, 5)]
    assert kept(pages, lines) == [["正文。"]] * 3


def test_a_lone_number_that_counts_nothing_stays() -> None:
    assert kept([page(3)], [[line("合计", y=300), line("1196", x=290, y=790)]]) == [["合计", "1196"]]


def test_running_heads_that_differ_in_digits_go_from_pages_of_every_shape() -> None:
    pages = [page(1), page(2, 842, 595), page(3, 1191, 842), page(4), page(5)]
    lines = [[line(f"甲市乙局2022年度部门决算 {n}", y=40), line(f"第{n}段。", y=300)] for n in range(1, 6)]
    assert kept(pages, lines) == [[f"第{n}段。"] for n in range(1, 6)]


def test_captions_and_different_titles_at_the_head_of_each_page_stay() -> None:
    titles = ["收入决算表", "支出决算表", "财政拨款决算说明", "绩效说明", "情况说明"]
    lines = [
        [line(f"公开0{n}表", y=30), line(title, x=200, y=50), line("单位：万元", x=400, y=52)]
        for n, title in enumerate(titles, 1)
    ]
    assert kept([page(n) for n in range(1, 6)], lines) == [
        [one.text for one in page_lines] for page_lines in lines
    ]


def test_a_title_repeated_on_two_pages_of_many_stays() -> None:
    pages = [page(n) for n in range(1, 9)]
    lines = [[line("名词解释" if n in (3, 6) else "甲乙丙丁戊己庚辛"[n - 1 :], y=40)] for n in range(1, 9)]
    assert kept(pages, lines) == [[one.text for one in page_lines] for page_lines in lines]


def test_of_a_heading_that_runs_on_as_a_head_the_first_is_left() -> None:
    pages = [page(n) for n in range(1, 6)]
    lines = [[line("第二部分 部门决算情况", y=40), line(f"第{n}段。", y=300)] for n in range(1, 6)]
    assert kept(pages, lines)[0] == ["第二部分 部门决算情况", "第1段。"]
    assert kept(pages, lines)[1:] == [[f"第{n}段。"] for n in range(2, 6)]


def test_documents_are_judged_apart() -> None:
    pages = [page(1, document="a"), page(1, document="b"), page(1, document="c")]
    lines = [[line("甲市乙局文件", y=40)] for _ in pages]
    assert kept(pages, lines) == [["甲市乙局文件"]] * 3


def test_a_frame_drawn_on_two_pages_is_read_once() -> None:
    texts = [f"第{n}项任务是完成上级交办的各项工作。" for n in range(1, 17)]
    first = [line(text, y=560 + 20 * n) for n, text in enumerate(texts)]
    second = [line(text, y=560 + 20 * n - 660) for n, text in enumerate(texts)]
    off = [one for one in second if one.box[1] < 0]
    assert len(off) >= 4
    pages = [page(1), page(2, hidden=off)]
    shown = kept(pages, [[one for one in first if one.box[1] < 842], second[len(off) :]])
    assert [text for page_texts in shown for text in page_texts] == texts


def test_the_same_list_in_two_sections_stays_twice() -> None:
    texts = [f"第{n}项任务是完成上级交办的各项工作。" for n in range(1, 9)]
    lines = [
        [line(text, y=500 + 28 * n) for n, text in enumerate(texts)],
        [line(text, y=100 + 28 * n) for n, text in enumerate(texts)],
    ]
    assert kept([page(1), page(2)], lines) == [texts, texts]
