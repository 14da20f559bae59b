"""Tables that draw no grid: read like ruled ones, and nothing else taken for one."""

from __future__ import annotations

import pytest
from layout.typed import page, row, table, texts, word

from gongkai.layout import lay_out
from gongkai.pages import Page, Word

CODED = [(60.0, "l"), (130.0, "l"), (340.0, "r"), (440.0, "r"), (540.0, "r")]
CAPTIONS = [(75.0, "c"), (180.0, "c"), (310.0, "c"), (410.0, "c"), (510.0, "c")]
AMOUNTS = [
    ("", "合计", "1,208.44", "1,100.00", "108.44"),
    ("208", "社会保障和就业支出", "72.16", "69.66", "2.50"),
    ("2080505", "机关事业单位基本养老保险缴费支出", "1,136.28", "1,030.34", "105.94"),
]


def caption(title: str = "支出决算表") -> list[Word]:
    return [word(title, 300, 60, "c", 16), word("单位：万元", 540, 85, "r")]


def coded() -> list[Word]:
    head = row(110, CAPTIONS, "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")
    return [*caption(), *head, *table(135, CODED, AMOUNTS)]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [(98.0, 55.0, 545.0), (122.0, 55.0, 545.0), (190.0, 55.0, 545.0)],
        [(y, 55.0, 545.0) for y in (98.0, 122.0, 145.0, 165.0, 190.0)],
    ],
    ids=["no rule", "three lines", "a line under every row"],
)
def test_the_same_table_with_fewer_and_fewer_rulings(rules: list[tuple[float, float, float]]) -> None:
    (found,) = lay_out([page(coded(), rules)]).tables
    assert (found.rows, found.columns) == (4, 5)
    assert texts(found)[0] == ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]
    assert texts(found)[3] == [
        "2080505",
        "机关事业单位基本养老保险缴费支出",
        "1,136.28",
        "1,030.34",
        "105.94",
    ]
    assert found.caption.title == "支出决算表" and found.caption.unit == "万元"
    assert all(cell.sure for cell in found.cells)


def test_two_levels_of_captions() -> None:
    head = [
        *row(100, CAPTIONS, "", "", "", "本年支出", ""),
        *row(107.5, CAPTIONS, "科目编码", "科目名称", "", "", ""),
        *row(115, CAPTIONS, "", "", "小计", "基本支出", "项目支出"),
    ]
    (found,) = lay_out([page([*caption(), *head, *table(135, CODED, AMOUNTS)])]).tables
    top = {cell.text: (cell.column, cell.column_span, cell.row_span) for cell in found.cells if cell.row == 0}
    assert top["本年支出"] == (2, 3, 1)
    assert top["科目名称"] == (1, 1, 2)


def test_labels_wrapped_around_their_number() -> None:
    columns = [(60.0, "l"), (300.0, "r"), (400.0, "r")]
    words = [
        *caption(),
        *row(110, [(100, "c"), (280, "c"), (380, "c")], "项目", "预算数", "决算数"),
        *row(140, columns, "一、一般公共预算财政拨", "", ""),
        *row(147, columns, "", "11.00", "12.00"),
        *row(154, columns, "款收入", "", ""),
        *row(180, columns, "二、事业收入", "13.00", "14.00"),
    ]
    (found,) = lay_out([page(words)]).tables
    assert texts(found)[1:] == [
        ["一、一般公共预算财政拨款收入", "11.00", "12.00"],
        ["二、事业收入", "13.00", "14.00"],
    ]


@pytest.mark.parametrize("lines", [("机关事业单位", "养老支出"), ("机关事业", "单位养老", "支出")])
def test_a_label_wrapped_around_the_first_row_is_no_caption(lines: tuple[str, ...]) -> None:
    head = [
        *row(97, [(90, "c"), (385, "c")], "人员经费", "公用经费"),
        *row(112, CAPTIONS, "科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ]
    middle = 130 + 6 * len(lines)
    first = [
        *row(middle, CODED, "2080505", "", "72.16", "69.66", "2.50"),
        *(word(line, 130, middle + 12 * (k - (len(lines) - 1) / 2)) for k, line in enumerate(lines)),
    ]
    rest = table(middle + 40, CODED, [("208", "住房公积金", "1.00", "1.00", "0.00")] * 2, pitch=25)
    (found,) = lay_out([page([*caption(), *head, *first, *rest])]).tables
    cells = {(cell.row, cell.column): cell.text for cell in found.cells}
    body = next(r for (r, c), text in cells.items() if text == "2080505")
    assert body == 2 and cells[2, 1] == "".join(lines) and cells[1, 1] == "科目名称"


def test_a_head_that_comes_back_brings_its_columns_along() -> None:
    head = row(110, CAPTIONS, "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")
    again = row(70, CAPTIONS, "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")
    bare = [("2210201", "住房公积金", "56.20", "", ""), ("22102", "住房改革支出", "56.20", "", "")]
    first = page([*caption(), *head, *table(135, CODED, AMOUNTS)])
    (found,) = lay_out([first, page([*again, *table(95, CODED, bare)], number=2)]).tables
    assert found.pages == (1, 2) and found.columns == 5
    last = {cell.column: cell.text for cell in found.cells if cell.row == found.rows - 1}
    assert last == {0: "22102", 1: "住房改革支出", 2: "56.20", 3: "", 4: ""}


def test_the_row_of_column_numbers_makes_no_columns() -> None:
    words = [
        *caption(),
        *row(110, CAPTIONS, "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"),
        *row(130, [(120, "c"), (310, "c"), (410, "c"), (510, "c")], "栏次", "1", "2", "3"),
        *table(150, CODED, AMOUNTS),
    ]
    (found,) = lay_out([page(words)]).tables
    assert found.columns == 5
    assert texts(found)[1] == ["栏次", "1", "2", "3"]


def test_an_empty_column_is_known_by_its_caption_alone() -> None:
    rows = [("", "合计", "1,208.44", "", "108.44"), ("208", "社会保障和就业支出", "72.16", "", "2.50")]
    head = row(110, CAPTIONS, "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")
    (found,) = lay_out([page([*caption(), *head, *table(135, CODED, rows)])]).tables
    by_caption = {cell.text: cell.column for cell in found.cells if cell.row == 0}
    by_amount = {cell.text: cell.column for cell in found.cells if cell.row == 2}
    assert found.columns == 5
    assert by_amount["72.16"] == by_caption["本年支出合计"] and by_amount["2.50"] == by_caption["项目支出"]


def test_an_amount_glued_to_the_next_label() -> None:
    columns = [(60.0, "l"), (250.0, "r"), (250.0, "l"), (500.0, "r")]
    head = row(110, [(100, "c"), (230, "c"), (330, "c"), (480, "c")], "收入", "金额", "支出", "金额")
    rows = [
        ("一、财政拨款收入", "1,196.83", "", ""),
        ("二、事业收入", "", "二、外交支出", "3.00"),
        ("三、其他收入", "5.00", "", ""),
    ]
    words = [*caption(), *head, *table(135, columns, rows), word("1,196.83一、一般公共服务支出", 210, 135)]
    words = [w for w in words if w.text != "1,196.83"]
    (found,) = lay_out([page(words)]).tables
    assert texts(found)[1] == ["一、财政拨款收入", "1,196.83", "一、一般公共服务支出"]
    assert texts(found)[2] == ["二、事业收入", "二、外交支出", "3.00"]


def test_a_page_without_a_head_goes_on_in_the_columns_of_the_page_before() -> None:
    rows = [("210", "卫生健康支出", "5.00", "", ""), ("221", "住房保障支出", "6.00", "", "7.00")]
    pages = [page(coded()), page(table(60, CODED, rows), number=2)]
    (found,) = lay_out(pages).tables
    assert found.pages == (1, 2)
    (amount,) = [cell for cell in found.cells if cell.text == "7.00"]
    assert amount.column == 4


def test_a_label_of_several_rows_stands_at_their_middle() -> None:
    columns = [(60.0, "l"), (180.0, "l"), (400.0, "r"), (500.0, "r")]
    rows = [
        ("", "小计", "1.00", "2.00"),
        ("一般公共预算", "公共财政拨款", "3.00", "4.00"),
        ("", "专项收入", "5.00", "6.00"),
        ("政府性基金", "小计", "7.00", "8.00"),
    ]
    head = row(110, [(90, "c"), (210, "c"), (380, "c"), (480, "c")], "资金", "项目", "预算数", "决算数")
    (found,) = lay_out([page([*caption(), *head, *table(135, columns, rows)])]).tables
    spans = {cell.text: (cell.row, cell.row_span) for cell in found.cells if cell.column == 0 and cell.row}
    assert spans["一般公共预算"] == (1, 3) and spans["政府性基金"] == (4, 1)


def test_a_label_that_two_rows_could_claim_is_not_sure() -> None:
    columns = [(60.0, "l"), (300.0, "r"), (400.0, "r")]
    words = [
        *caption(),
        *row(110, [(100, "c"), (280, "c"), (380, "c")], "项目", "预算数", "决算数"),
        *row(140, columns, "办公用房物业管理费用支", "1.00", "2.00"),
        *row(154, columns, "其他商品服务支出和费用", "", ""),
        *row(168, columns, "办公用房取暖费用及其他", "3.00", "4.00"),
    ]
    (found,) = lay_out([page(words)]).tables
    assert not all(cell.sure for cell in found.cells)


PROSE = [
    "2022年度收入总计1,196.83万元，支出总计1,196.83万元。与上年相比，减少132.17万元，",
    "降低9.9%，主要原因是公用经费压缩。其中：基本支出1,109.33万元，占92.7%；",
    "项目支出87.50万元，占7.3%。",
]


def not_tables() -> dict[str, Page]:
    prose = [word(text, 60, 100 + 20 * k) for k, text in enumerate(PROSE)]
    spaced = [
        w
        for k in range(3)
        for w in (
            word("其中：基本支出", 60, 100 + 20 * k),
            word(f"{k}69.66", 150, 100 + 20 * k),
            word("万元，占本年支出的", 190, 100 + 20 * k),
            word("92.7%。", 290, 100 + 20 * k),
        )
    ]
    contents = [
        w
        for k in range(6)
        for w in (
            word("一、部门职责和机构设置" + "." * 40, 60, 100 + 20 * k),
            word(str(k + 3), 520, 100 + 20 * k, "r"),
        )
    ]
    plain = [
        w
        for k in range(6)
        for w in (word("一、部门职责和机构设置", 60, 100 + 20 * k), word(str(k + 3), 520, 100 + 20 * k, "r"))
    ]
    chart = [
        word("59.35%", 200, 100),
        word("基本支出", 260, 130),
        word("40.65%", 330, 170),
        word("项目支出", 150, 190),
        word("支出预算图", 250, 250),
    ]
    signature = [word("联系人：张三", 60, 700), word("联系电话：0731-2868", 300, 700)]
    numbered = [word(f"{k + 1}.办公室负责文电、会务、机要等日常运转工作", 60, 100 + 20 * k) for k in range(8)]
    cover = [
        word("2022年度部门决算", 300, 300, "c", 26),
        word("某某市医疗保障事务中心", 300, 400, "c", 20),
        word("2023年9月", 300, 600, "c", 16),
    ]
    pages = {
        "prose": prose,
        "prose with gaps": spaced,
        "contents with leaders": contents,
        "contents without leaders": plain,
        "chart": chart,
        "signature": signature,
        "list": numbered,
        "cover": cover,
    }
    return {name: page(words) for name, words in pages.items()}


@pytest.mark.parametrize("name", list(not_tables()))
def test_what_is_no_table_stays_text(name: str) -> None:
    layout = lay_out([not_tables()[name]])
    assert layout.tables == ()


def test_a_nil_form_is_a_table_of_captions() -> None:
    words = [
        *caption("政府性基金预算支出决算表"),
        *row(110, CAPTIONS, "科目编码", "科目名称", "小计", "基本支出", "项目支出"),
        word("合计", 180, 130, "c"),
    ]
    (found,) = lay_out([page(words)]).tables
    assert texts(found) == [["科目编码", "科目名称", "小计", "基本支出", "项目支出"], ["合计"]]


@pytest.mark.parametrize("below", ["", "本年支出合计"], ids=["numbers end", "numbers come back"])
def test_many_rows_without_amounts_are_rows_of_the_same_table(below: str) -> None:
    columns = [(60.0, "l"), (250.0, "r"), (280.0, "l"), (540.0, "r")]
    head = row(110, [(100, "c"), (230, "c"), (330, "c"), (510, "c")], "收入", "金额", "支出", "金额")
    classes = [("", "", f"{n}、第{n}类支出", "") for n in "二三四五六七八九十" for _ in (1, 2)]
    rows = [("一、财政拨款收入", "5.00", "一、公共服务支出", "5.00"), *classes]
    rows += [("本年收入合计", "5.00", below, "5.00")] if below else []
    (found,) = lay_out([page([*head, *table(135, columns, rows, 16)])]).tables
    assert found.rows == 1 + len(rows)
    upside = [*reversed(rows)]
    (found,) = lay_out([page([*head, *table(135, columns, upside, 16)])]).tables
    assert found.rows == 1 + len(rows)


def test_the_last_lines_of_a_label_below_the_last_amount() -> None:
    columns = [(60.0, "l"), (400.0, "r")]
    words = [
        *caption(),
        *row(110, [(150, "c"), (370, "c")], "项目", "统计数"),
        *row(140, columns, "车辆数合计（辆）", "2.00"),
        *row(164, columns, "单价一百万元（含）以上设备（不", ""),
        *row(170, columns, "", "3.00"),
        *row(176, columns, "含车辆）（台、套）", ""),
    ]
    (found,) = lay_out([page(words)]).tables
    assert texts(found)[-1] == ["单价一百万元（含）以上设备（不含车辆）（台、套）", "3.00"]


def test_a_sum_over_the_labels_leaves_the_empty_amount_beside_it_alone() -> None:
    words = [
        *caption("政府性基金预算财政拨款收入支出决算表"),
        *row(110, CAPTIONS, "科目编码", "科目名称", "年初结转", "本年收入", "本年支出"),
        *row(130, [(127, "c"), (310, "c"), (410, "c"), (510, "c")], "栏次", "1", "2", "3"),
        *row(150, [(127, "c"), (340, "r"), (440, "r"), (540, "r")], "合计", "", "2.00", "2.00"),
    ]
    (found,) = lay_out([page(words)]).tables
    last = {cell.column: cell for cell in found.cells if cell.row == found.rows - 1}
    assert [last[k].text for k in (2, 3, 4)] == ["", "2.00", "2.00"]


def test_a_label_is_not_cut_where_only_the_middle_between_two_columns_is_known() -> None:
    """A side of one of its characters lies just there."""
    rows = [("", "卫生健康支出", "5.00", "", ""), ("", "", "6.00", "", "7.00")]
    below = [*table(60, CODED, rows), word("人员经费支出合计", 63, 80)]
    (found,) = lay_out([page(coded()), page(below, number=2)]).tables
    assert "人员经费支出合计" in {cell.text for cell in found.cells}


def test_one_row_under_a_head_that_comes_back() -> None:
    columns = [(60.0, "l"), (300.0, "c"), (540.0, "r")]
    head = [(150.0, "c"), (300.0, "c"), (480.0, "c")]
    rows = [("车辆数合计", "5", "7.00"), ("其他用车", "13", "3.00")]
    first = page([*caption(), *row(110, head, "项目", "行次", "统计数"), *table(135, columns, rows)])
    second = page(
        [*row(60, head, "项目", "行次", "统计数"), *row(84, columns, "大型设备", "14", "")], number=2
    )
    (found,) = lay_out([first, second]).tables
    assert texts(found)[-1] == ["大型设备", "14"]
