"""How the checks of the prose decline to speak, excuse honest digits, fold what has one cause, and hand doubts to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from checks.account_notation import all_findings, verdicts
from checks.accounts import FINAL as ACCOUNT
from checks.prose_notation import check
from checks.proses import FINAL

from gongkai.checks import run
from gongkai.report import Form, Grid, GridCell, Section, Source

HEAD = "# basic 基本支出\n"


def codes(text: str, tables: str = "", **more: object) -> list[tuple[str, str, str]]:
    """Code, verdict and severity of the findings."""
    return [(f.code, f.verdict, f.severity) for f in check(text, tables, **more).findings]  # type: ignore[arg-type]


def test_a_mention_read_with_doubt_is_never_an_error() -> None:
    wrong = FINAL.replace("基本支出: amount=590.00元", "基本支出: amount=602.89元!")
    found = check(wrong, ACCOUNT).findings
    assert found and {(each.verdict, each.severity) for each in found} == {("needs_review", "warning")}
    assert all(each.reason and "对照" in each.reason for each in found)


def test_two_statements_that_are_off_by_the_same_amount_are_one_finding() -> None:
    wrong = FINAL.replace("基本支出: amount=590.00元", "基本支出: amount=602.89元")
    wrong = wrong.replace("人员经费: amount=450.00元", "人员经费: amount=462.89元")
    errors = [each for each in check(wrong, ACCOUNT).findings if each.severity == "error"]
    assert [each.code for each in errors] == ["X-NARR-TOTAL"]
    head = errors[0]
    assert (
        "602.89" in head.message
        and "590.00" in head.message
        and "一般公共预算财政拨款支出决算表" in head.message
    )
    assert {
        each.difference
        for each in head.children
        if each.difference is not None and each.code == "X-NARR-TOTAL"
    } != set()


def test_an_operand_of_the_prose_is_mention_and_slot_with_its_words() -> None:
    wrong = FINAL.replace("退休费@30302: amount=50.00元", "退休费@30302: amount=48.73元")
    operand = check(wrong, ACCOUNT).findings[0].operands[0]
    assert (operand.id, operand.printed) == ("mention:basic.item:30302/amount", "48.73元")
    assert operand.label.startswith("正文“退休费”") and operand.source.page == 6


def test_a_class_that_no_table_lists_is_told_as_such() -> None:
    wrong = FINAL.replace("社会保障和就业支出@208: amount=300.00元", "一般公共服务支出@201: amount=300.00元")
    found = next(each for each in all_findings(check(wrong, ACCOUNT)) if each.code == "X-NARR-CLASS")
    assert "没有这一类" in found.message and found.verdict == "fail"


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [("23.97%", "pass"), ("24%", "pass"), ("23.96%", "pass_with_rounding"), ("23.9%", "pass_with_rounding"), ("23.79%", "fail")],
)  # fmt: skip
def test_a_percentage_is_right_if_the_printed_digits_allow_it_and_a_cut_one_is_a_tail(
    percent: str, verdict: str
) -> None:
    text = f"# sangong 三公\nsangong.total “三公”经费: budget=6550.00元 amount=1570.00元 completion={percent}"
    assert verdicts(check(text), "N-COMPLETION") == {verdict}


def test_small_bases_make_wide_intervals() -> None:
    text = "# gpb 五\ngpb.detail_item 其他@2101199: budget=0.77万元 amount=57.64万元 completion={}"
    assert verdicts(check(text.format("7485.7%")), "N-COMPLETION") == {"pass"}
    assert verdicts(check(text.format("7385.7%")), "N-COMPLETION") == {"fail"}


def test_trailing_zeros_that_the_text_drops_excuse_but_do_not_accuse() -> None:
    text = """
        # basic 基本支出
        basic.total 基本支出: amount=341万元
        basic.personnel 人员经费: amount=195.63万元
        basic.public 公用经费: amount=145.36万元
    """
    assert verdicts(check(text), "N-BASIC-SPLIT") == {"pass_with_rounding"}


def test_the_same_amount_in_yuan_and_in_ten_thousands_is_no_tail() -> None:
    tables = "general_budget_expenditure 元\n       total\ntotal  5364753.19"
    assert verdicts(check("# gpb 五\ngpb.total 支出: amount=536.48万元", tables), "X-NARR-TOTAL") == {"pass"}
    assert verdicts(check("# gpb 五\ngpb.total 支出: amount=536.84万元", tables), "X-NARR-TOTAL") == {"fail"}


def test_growth_from_nothing_is_undefined_and_told_once() -> None:
    text = """
        # total 一
        total.income_expenditure 收、支总计: income=486.71万元 expenditure=486.71万元
        total.change 收、支总计: change=486.71万元 rate=100% direction=增加
        # operating_cost 十
        operating_cost.total 机关运行经费: amount=166.87万元
        operating_cost.change 机关运行经费: change=166.87万元 rate=100% direction=增加
    """
    found = check(text).findings
    assert [(f.code, f.verdict, f.class_) for f in found] == [("N-GROWTH-ZERO", "undefined_base", "semantic")]
    assert len(found[0].children) == 1 and check(text).checks.undefined_base == 2
    held = (
        text.replace("rate=100%", "rate=0%")
        .replace("change=486.71万元", "change=0万元")
        .replace("change=166.87", "change=0")
    )
    assert verdicts(check(held), "N-GROWTH-ZERO") == {"not_applicable"}


def test_completion_of_a_budget_of_nothing_is_information_only() -> None:
    text = "# sangong 三公\nsangong.item 公务接待费: budget=0.00元 amount=0.00元 completion=0.00%"
    assert codes(text) == [("N-COMPLETION", "undefined_base", "info")]


def test_a_second_change_on_another_basis_is_not_recomputed() -> None:
    text = """
        # operating_cost 机关运行经费
        operating_cost.total 机关运行经费: amount=9193.40万元
        operating_cost.change 机关运行经费: change=5503.07万元 rate=149.12% direction=增加
        operating_cost.change 机关运行经费: change=-161.96万元 rate=-4.39% direction=减少
    """
    assert codes(text) == []


def test_a_direction_that_the_template_leaves_open_is_not_recomputed() -> None:
    text = (
        "# sangong 三公\nsangong.item 公务接待费: amount=39元 change=-15元 rate=27.78% direction=下降（增长）"
    )
    assert codes(text) == []


def test_a_share_of_something_unnamed_or_of_something_else_is_not_recomputed() -> None:
    for words in ("", " share_base=本年公用经费"):
        text = f"{HEAD}basic.total 基本支出: amount=100元\nbasic.personnel 人员经费: amount=30元 share=60%{words}"
        assert codes(text) == []
    named = f"{HEAD}basic.total 基本支出: amount=100元\nbasic.personnel 人员经费: amount=30元 share=60% share_base=基本支出"
    assert codes(named) == [("N-SHARE", "fail", "error")]


def test_a_list_of_the_main_items_may_be_less_than_its_total_but_not_more() -> None:
    text = f"{HEAD}basic.personnel 人员经费: amount=100元\nbasic.item 基本工资@30101: amount=60元\nbasic.public 公用经费: amount=50元"
    assert codes(text + "\nbasic.item 办公费@30201: amount=50元") == []
    assert codes(text.replace("=60元", "=600元")) == [("N-LIST-SUM", "fail", "error")]


def test_shares_of_a_list_that_is_not_complete_need_not_add_up() -> None:
    text = (
        "# income 收入\nincome.total 收入合计: amount=100元\nincome.by_source 事业收入: amount=10元 share=10%"
    )
    assert verdicts(check(text + "\nincome.by_source 经营收入: amount=20元 share=20%"), "N-SHARE-SUM") == {
        "not_applicable"
    }


def test_honest_rounding_to_a_hundred_is_said_only_when_asked() -> None:
    text = """
        # gpb 五
        expenditure.total 支出合计: amount=25731201.68元
        gpb.total 支出: amount=25730935.53元 share=100.00% share_base=本年支出合计
    """
    assert codes(text) == []
    assert verdicts(check(text, strict=True), "N-SHARE-100") == {"pass_with_rounding"}


def test_basic_and_project_expenditure_that_differ_between_sections_are_one_finding() -> None:
    text = """
        # expenditure 三
        expenditure.by_kind 基本支出: amount=486.71万元
        expenditure.by_kind 项目支出: amount=0.00万元
        # performance 十四
        performance.coverage 基本支出: amount=399.71万元
        performance.coverage 项目支出: amount=87万元
    """
    found = check(text).findings
    assert [(f.code, f.verdict, len(f.children)) for f in found] == [("N-BASIC-PROJECT", "fail", 1)]


def test_the_projects_under_evaluation_need_not_be_all_projects() -> None:
    text = """
        # expenditure 三
        expenditure.by_kind 项目支出: amount=4381.74万元
        # performance 十四
        performance.coverage 项目支出: amount=87万元
    """
    assert codes(text) == []


def test_a_reason_that_points_the_other_way() -> None:
    text = "# fiscal 三\nfiscal.detail_item 宣传@2013302: amount=90元 base_amount=100元 rate=-10% direction=减少 reason={}"
    assert codes(text.format("业务经费增加"), kind="budget") == [("SEM-REASON-DIRECTION", "fail", "warning")]
    for silent in ("业务经费减少", "人员减少而业务经费增加", "上年业务经费增加", "新增一人"):
        assert codes(text.format(silent), kind="budget") == []


def test_short_and_party_names_are_one_name() -> None:
    for other in ("江苏省委办公厅", "中共江苏省委办公厅", "委办公厅"):
        assert codes("", name="江苏省委办公厅", names=f"江苏省委办公厅 {other}") == []
    other = "上海市普陀区规划与自然资源局"
    assert codes("", name="上海市普陀区规划和自然资源局", names=f"上海市普陀区规划和自然资源局 {other}") == [
        ("ENTITY-NAME", "fail", "warning")
    ]


def grid(*rows: str) -> Form:
    source = Source("0" * 64, 1, (0.0, 0.0, 1.0, 1.0))
    cells = tuple(
        GridCell(row=r, column=c, row_span=1, column_span=1, text=text, source=source)
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split())
    )
    table = Grid(rows=len(rows), columns=6, cells=cells)
    return Form(
        id="performance_self_evaluation#1",
        form="performance_self_evaluation",
        title="自评表",
        grid=table,
        pages=(1,),
    )


def test_the_self_evaluation_table_adds_up() -> None:
    form = grid("基本支出总额 590.11 项目支出总额 10638.90", "部门整体支出总额 11757.05 11757.05 100%")
    for good, verdict in (("11229.01", "pass"), ("11757.05", "fail")):
        text = replace(
            form.grid, cells=tuple(replace(c, text=c.text.replace("11757.05", good)) for c in form.grid.cells)
        )  # type: ignore[union-attr,type-var]
        outcome = run([replace(form, grid=text)], kind="final_account", fiscal_year=2023, all_checks=True)
        assert verdicts(outcome, "PERF-TABLE-TOTAL") == {verdict}
    assert verdicts(run([], kind="final_account", fiscal_year=2023, all_checks=True), "PERF-TABLE-TOTAL") == {
        "not_applicable"
    }


def test_shares_without_a_total_are_of_their_sum_and_all_wrong_ones_are_one_finding() -> None:
    text = """
        # sangong 三公
        sangong.share 因公出国（境）费: amount=222.5万元 share=8.75% share_base=三公经费
        sangong.share 公务用车购置及运行维护费: amount=183.6万元 share=7.22% share_base=三公经费
        sangong.share 公务接待费: amount=427.5万元 share=16.81% share_base=三公经费
    """
    found = check(text, kind="budget").findings
    assert [(f.code, f.verdict, len(f.children)) for f in found] == [("N-SHARE", "fail", 2)]
    right = text.replace("8.75%", "26.69%").replace("7.22%", "22.03%").replace("16.81%", "51.28%")
    assert codes(right, kind="budget") == []


def test_a_wrong_amount_and_the_percentage_that_follows_from_it_are_one_finding() -> None:
    tables = "budget_fiscal_expenditure 元\n         total\n2210201  3503500"
    text = "# plan 三\nfiscal.detail_item 住房公积金@2210201: amount=352.67万元 base_amount=348.52万元 rate=0.53% direction=增加"
    found = check(text, tables, kind="budget").findings
    assert [(f.code, [child.code for child in f.children]) for f in found] == [
        ("X-NARR-T05-ITEM", ["BG-YOY"])
    ]


def test_a_last_digit_moved_to_make_a_hundred_is_a_warning() -> None:
    text = "# expenditure 三\nexpenditure.total 支出合计: amount=28849.38万元\nexpenditure.by_kind 其他: amount=182.92万元 share={}"
    assert codes(text.format("0.64%")) == [("N-SHARE", "fail", "warning")]
    assert codes(text.format("0.65%")) == [("N-SHARE", "fail", "error")]


def test_a_table_whose_number_stands_in_a_column_not_recognised_is_not_held_against_the_prose() -> None:
    text = "# state_assets 国有资产\nassets.vehicles 车辆: vehicles=1辆"
    known = "disclosure_statistics 辆\n          amount  ?other\nvehicles  {}"
    assert verdicts(check(text, known.format(".       1")), "X-PROC-T10") == {"not_applicable"}
    assert verdicts(check(text, known.format("2       .")), "X-PROC-T10") == {"fail"}


def test_what_an_annex_says_may_count_otherwise_than_the_account() -> None:
    for section, verdict in (("annex_perf_report", "not_applicable"), ("gpb_basic", "fail")):
        text = f"# {section} 基本支出\nbasic.total 基本支出: amount=600.00元"
        assert verdicts(check(text, ACCOUNT), "X-NARR-TOTAL") == {verdict}


def test_an_initial_budget_is_not_the_adjusted_one_of_the_table() -> None:
    text = "# sangong 三公\nsangong.total “三公”经费: budget=50.00元 amount=30.00元{}"
    assert verdicts(check(text.format(" budget_kind=年初预算"), ACCOUNT), "X-NARR-T07") == {"pass"}
    assert "fail" in verdicts(check(text.format(""), ACCOUNT), "X-NARR-T07")


def test_about_the_same_is_not_held_to_the_last_digit() -> None:
    text = "# gpb 五\ngpb.detail_item 养老@2080505: budget=300.00元 amount={}元 budget_direction=持平"
    assert verdicts(check(text.format("301.00")), "SEM-REASON-DIRECTION") == {"pass"}
    assert verdicts(check(text.format("330.00")), "SEM-REASON-DIRECTION") == {"fail"}


def test_a_decrease_is_told_in_the_words_of_the_page() -> None:
    text = "# sangong 三公\nsangong.item 公务接待费: amount=1115.85万元 change=-2233.13万元 rate=-65.68% direction=下降"
    message = check(text.replace("rate=-", "rate=-"), kind="budget").findings[0].message
    assert "减少" in message and "-66.68" in message


def test_the_name_of_another_body_is_no_slip() -> None:
    assert codes("", name="株洲市医疗保障局", names="株洲市医疗保障局 株洲市医疗保障事务中心") == []
    slip = "株洲市医疗保障服务中心"
    assert codes("", name="株洲市医疗保障事务中心", names=f"株洲市医疗保障事务中心 {slip}") == [
        ("ENTITY-NAME", "fail", "warning")
    ]


def test_what_a_template_left_is_shown_where_it_stands_not_at_its_heading() -> None:
    heading, line = Source("d", 3, (0.0, 0.0, 9.0, 9.0)), Source("d", 4, (70.0, 60.0, 90.0, 70.0))
    section = Section(
        id="s",
        kind="income",
        number="二",
        title="收入决算",
        level=2,
        text="收入减少；；其中如下。",
        source=heading,
    )
    asked = []

    def place(own: Section, start: int, stop: int) -> Source:
        asked.append(own.text[start:stop])
        return line

    (found,) = run((), (), (section,), kind="final_account", fiscal_year=2022, place_of=place).findings
    assert asked == ["；；"] and [each.source for each in found.operands] == [line]
    assert "第4页" in found.message


def test_last_years_number_at_the_head_of_a_sentence() -> None:
    for text in ("2021年度收、支总计1025.00元。", "本单位2021年度政府采购支出总额60.00元。"):
        assert codes(f'# procurement 政府采购\n" {text}') == [("YEAR-MISMATCH", "fail", "warning")]
        assert codes(f'# procurement 政府采购\n" {text.replace("2021", "2022")}') == []
    for silent in (
        "2021年度收、支总计900.00元，2022年度1025.00元。",
        "与2021年度相比，收、支总计增加25.00元。",
    ):
        assert codes(f'# procurement 政府采购\n" {silent}') == []
    assert codes('# state_assets 国有资产\n" 截至2021年12月31日，共有车辆3辆。') == [
        ("YEAR-MISMATCH", "fail", "warning")
    ]


def test_a_name_that_is_no_name_of_ours_where_ours_should_stand() -> None:
    text = '# state_assets 国有资产\n" 截至2022年12月31日，{}共有车辆3辆。'
    assert codes(text.format("青汀县自然资源局"), name="青汀县交通运输局") == [
        ("OTHER-BODY", "fail", "warning")
    ]
    assert codes(text.format("青汀县交通运输局"), name="青汀县交通运输局") == []
    assert codes(text.format("本单位"), name="青汀县交通运输局") == []


def test_a_text_that_lists_some_of_the_items_alone_is_no_wrong_sum() -> None:
    some = "\n".join(line for line in FINAL.splitlines() if "@2101102" not in line)
    sums = {"N-ITEM-SUM-BUDGET", "N-ITEM-SUM-ACTUAL", "N-CLASS-ITEM-SUM"}
    assert not sums & {code for code, _, _ in codes(some, ACCOUNT)}
    assert sums & {code for code, _, _ in codes(some)}
    wrong = FINAL.replace("budget=550.00元 amount=550.00元", "budget=550.00元 amount=505.00元")
    assert sums & {each.code for each in all_findings(check(wrong, ACCOUNT))}


FUND = """
government_fund 元
         total   basic  project
total    480.00  0.00   480.00
"""
COVERED = "# performance 绩效\nperformance.coverage 项目: amount=480.00元 share=100% share_base=政府性基金预算项目支出总额"


def test_a_share_of_a_funds_own_projects_is_held_against_that_fund() -> None:
    alone = ACCOUNT[: ACCOUNT.index("government_fund 元")] + FUND.strip("\n")
    assert verdicts(check(COVERED, alone), "PERF-COVERAGE") == {"pass"}
    assert ("PERF-COVERAGE", "fail", "error") in codes(COVERED.replace("480.00元", "320.00元"), alone)


def test_a_class_of_all_appropriations_may_stand_in_their_summary_alone() -> None:
    tables = """
budget_fiscal_summary 元
       amount  total  general_budget  government_fund
212    x       15.00  x               15.00

budget_general_expenditure 元
       total  basic  project
total  90.00  50.00  40.00
208    90.00  50.00  40.00
"""
    text = "# fiscal_overview 财政拨款\nfiscal.detail_item 城乡社区支出@212: amount=15.00元"
    assert verdicts(check(text, tables, kind="budget"), "X-NARR-T05-ITEM") == {"pass"}
    assert "fail" in verdicts(check(text.replace("15.00", "51.00"), tables, kind="budget"), "X-NARR-T05-ITEM")
