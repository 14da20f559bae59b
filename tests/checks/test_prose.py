"""Every check of the prose in three cases: it holds beside a balanced account, fails on one edited word or number, and says
nothing where nothing is said."""

from __future__ import annotations

import pytest
from checks.account_notation import all_findings, verdicts
from checks.accounts import FINAL as ACCOUNT
from checks.prose_notation import check
from checks.proses import BUDGET, FINAL

from gongkai.checks import Outcome, catalogue

NIL = "state_capital 元 nil\n\ngovernment_fund 元\n       income  total\ntotal  .  ."
STATED = "# gov_fund 政府性基金情况\nnil.statement 政府性基金预算财政拨款支出: statement=无政府性基金支出"
TEXT = '# income 收入决算情况说明\n" 与上年相比增加25万元。\n# expenditure 支出决算情况说明\n" 项目支出减少。'
PERF = """
    # performance 绩效情况
    performance.coverage 整体支出: amount=100元
    performance.coverage 基本支出: amount=60元
    performance.coverage 项目支出: amount=40元
"""
TWICE = """
    # income 收入
    income.by_source 事业收入: amount=110元 change=10元 rate=10%
    # other 其他
    income.by_source 事业收入: amount=90元 change=-10元 rate=-10%
"""
ONE_CHANGE = """
    # income 收入
    income.by_source 事业收入: amount=110元 change=10元 rate=10%
    # other 其他
    income.by_source 事业收入: amount=110元 change=10元 rate=10%
"""
KINDS = """
    # gpb_detail 具体情况
    gpb.detail_item 事业单位医疗@2101102: amount=550.00元
    expenditure.by_kind 基本支出: amount=230.00元
    expenditure.by_kind 项目支出: amount=320.00元
"""
GREW = "# income 收入\nincome.by_source 事业收入: amount=110元 base=与2021年相比 change=10元 rate=10%"

HELD: list[tuple[str, str, str, str, str]] = [
    # code, prose that holds, tables beside it, what stands there, what is wrong
    ("X-NARR-TOTAL", FINAL, ACCOUNT, "basic.total 基本支出: amount=590.00元", "basic.total 基本支出: amount=602.89元"),
    ("X-NARR-CLASS", FINAL, ACCOUNT, "社会保障和就业支出@208: amount=300.00元", "社会保障和就业支出@208: amount=301.00元"),
    ("X-NARR-T05-ITEM", FINAL, ACCOUNT, "养老保险@2080505: budget=300.00元 amount=300.00元", "养老保险@2080505: budget=300.00元 amount=310.00元"),
    ("X-NARR-T05-SET", FINAL, ACCOUNT, "行政单位医疗@2101101", "公共安全支出/司法/公共法律服务"),
    ("X-NARR-KIND", KINDS, ACCOUNT, "基本支出: amount=230.00元", "基本支出: amount=550.00元"),
    ("X-NARR-T06-LABEL", FINAL, ACCOUNT, "津贴补贴@30102: amount=100.00元", "津贴补贴@30102: amount=90.00元"),
    ("X-NARR-T07", FINAL, ACCOUNT, "公务接待费: budget=10.00元 amount=8.00元", "公务接待费: budget=10.00元 amount=8.80元"),
    ("X-PROC-T10", FINAL, ACCOUNT, "货物: amount=20.00元", "货物: amount=21.00元"),
    ("ASSET-VEH-SUM", FINAL, "", "主要领导干部用车: vehicles=1辆", "主要领导干部用车: vehicles=2辆"),
    ("N-TOTAL-BAL", FINAL, "", "income=1025.00元 expenditure=1025.00元", "income=1025.00元 expenditure=1052.00元"),
    ("N-SHARE", FINAL, "", "amount=450.00元 share=76.27%", "amount=450.00元 share=67.27%"),
    ("N-SHARE-SUM", FINAL, "", "amount=610.00元 share=67.03%", "amount=610.00元 share=76.03%"),
    ("N-SHARE-WHOLE", FINAL, "", "amount=910.00元 share=89.22%", "amount=910.00元 share=100%"),
    ("N-COMPLETION", FINAL, "", "amount=60.00元 completion=120.00%", "amount=60.00元 completion=102.00%"),
    ("PERF-EXEC", FINAL, "", "amount=40.00元 completion=80.00%", "amount=40.00元 completion=100%"),
    ("N-GROWTH", FINAL, "", "change=25.00元 rate=2.50%", "change=25.00元 rate=2.05%"),
    ("N-IMPLIED-BASE", TWICE, "", "amount=90元 change=-10元", "amount=80元 change=-10元"),
    ("N-CHANGE-REPEAT", ONE_CHANGE, "", "amount=110元 change=10元", "amount=110元 change=20元"),
    ("N-BASIC-SPLIT", FINAL, "", "公用经费: amount=140.00元", "公用经费: amount=104.00元"),
    ("N-BASIC-PROJECT", FINAL, "", "performance.coverage 基本支出: amount=600.00元", "performance.coverage 基本支出: amount=399.71元"),
    ("N-LIST-SUM", FINAL, "", "培训会议: amount=2.00元", "培训会议: amount=2.20元"),
    ("B-EXP-KIND", FINAL, "", "经营支出: amount=1.00元", "经营支出: amount=10.00元"),
    ("B-PROJ-ITEMS", BUDGET, "", "大楼维修: amount=400元", "大楼维修: amount=460元"),
    ("N-ITEM-SUM-BUDGET", FINAL, "", "budget=550.00元 amount=550.00元", "budget=505.00元 amount=550.00元"),
    ("N-ITEM-SUM-ACTUAL", FINAL, "", "budget=550.00元 amount=550.00元", "budget=550.00元 amount=505.00元"),
    ("N-CLASS-ITEM-SUM", FINAL, "", "budget=300.00元 amount=300.00元", "budget=300.00元 amount=320.00元"),
    ("N-SANGONG-SUM", FINAL, "", "公务接待费: budget=10.00元 amount=8.00元", "公务接待费: budget=10.00元 amount=0.80元"),
    ("PROC-SUM", FINAL, "", "服务: amount=40.00元", "服务: amount=44.00元"),
    ("PROC-SME", FINAL, "", "amount=60.00元 share=100%", "amount=66.00元 share=100%"),
    ("PROC-MICRO", FINAL, "", "amount=30.00元 share=50%", "amount=61.00元 share=50%"),
    ("PROC-SME-BY-KIND", FINAL, "", "货物: share=100% share_base=货物支出金额", "货物: share=33.3% share_base=货物支出金额"),
    ("ASSET-VEH-SANGONG", FINAL, "", "保有量: vehicles=3辆", "保有量: vehicles=4辆"),
    ("PERF-TOTAL", PERF, "", "项目支出: amount=40元", "项目支出: amount=50元"),
    ("X-PERF-TOTAL", FINAL, "", "整体支出: amount=1020.00元", "整体支出: amount=417.00元"),
    ("PERF-COVERAGE", FINAL, ACCOUNT, "amount=320.00元 share=100%", "amount=32.00元 share=100%"),
    ("BG-YOY", BUDGET, "", "change=100元 rate=25.00%", "change=100元 rate=20.00%"),
    ("BG-YOY-CHANGE", BUDGET, "", "change=100元 rate=25.00%", "change=110元 rate=25.00%"),
    ("SEM-REASON-DIRECTION", FINAL, "", "completion=120.00% budget_direction=大于", "completion=120.00% budget_direction=小于"),
    ("X-NIL", STATED, NIL, "", ""),
    ("YEAR-MISMATCH", GREW, "", "2021年", "2020年"),
    ("STRUCT-TITLE-DUP", TEXT, "", "支出决算情况说明", "收入决算情况说明"),
    ("TPL-CHOICE", TEXT, "", "增加25万元", "增加（减少）25万元"),
    ("TPL-PLACEHOLDER", TEXT, "", "25万元", "XX万元"),
    ("TPL-PUNCT", TEXT, "", "万元。", "万元；；"),
    ("TPL-BOOKMARK", TEXT, "", "项目支出", "[bookmark: _GoBack]项目支出"),
    ("TPL-DUP", TEXT, "", "项目支出减少。", "项目支出减少是因为上年的大楼维修项目已经完成。项目支出减少是因为上年的大楼维修项目已经完成。"),
]  # fmt: skip
OTHERWISE = {"N-SHARE-100", "N-GROWTH-ZERO", "ENTITY-NAME", "PERF-TABLE-TOTAL"}
"""Tested below by name."""

each_case = pytest.mark.parametrize(
    ("code", "text", "tables", "right", "wrong"), HELD, ids=[case[0] for case in HELD]
)


def kind(text: str) -> str:
    return "budget" if text is BUDGET else "final_account"


@each_case
def test_holds(code: str, text: str, tables: str, right: str, wrong: str) -> None:
    expected = (
        "not_applicable" if code == "N-SHARE-WHOLE" else "pass"
    )  # where no share is printed as 100 % but is less
    assert verdicts(check(text, tables, kind=kind(text), strict=True), code) == {expected}


@each_case
def test_fails_and_the_finding_shows_the_place(
    code: str, text: str, tables: str, right: str, wrong: str
) -> None:
    if code == "X-NIL":
        outcome = check(text, tables.replace("total  .  .", "total  .  30.00"))
    else:
        assert right in text and right != wrong
        outcome = check(text.replace(right, wrong, 1), tables, kind=kind(text), strict=True)
    shown = [each for each in all_findings(outcome) if each.code == code and each.verdict == "fail"]
    assert shown
    for each in shown:
        assert each.message and each.basis and each.operands and all(o.source.page for o in each.operands)


@each_case
def test_not_applicable_where_nothing_is_said(
    code: str, text: str, tables: str, right: str, wrong: str
) -> None:
    outcome = check("", "", kind=kind(text), strict=True)
    assert verdicts(outcome, code) == {"not_applicable"}
    assert all(each.reason for each in outcome.checks.results or () if each.code == code)


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, each.verdict) for each in outcome.findings]


def test_balanced_prose_beside_its_account_has_no_finding_and_every_statement_is_held_against_a_table() -> (
    None
):
    outcome = check(FINAL, ACCOUNT)
    assert findings(outcome) == []
    assert outcome.checks.applied == outcome.checks.passed > 300


def test_the_prose_of_a_budget_has_no_finding() -> None:
    assert findings(check(BUDGET, kind="budget")) == []


def test_every_code_of_the_prose_has_its_cases() -> None:
    known = {each.code for each in catalogue() if each.ratios or any(case.of_prose for case in each.cases)}
    assert known <= {case[0] for case in HELD} | OTHERWISE
