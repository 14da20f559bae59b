"""What is wrong in one place of the prose for each check that reads it, and the checks that need more than one edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.accounts import FINAL as ACCOUNT
from checks.accounts import LANED_BUDGET
from checks.proses import BUDGET, FINAL

from gongkai.report import Kind, Scope


@dataclass(frozen=True)
class State:
    """A report (and, of two reports, the other one) in the notations of these tests."""

    tables: str = ""
    prose: str = ""
    name: str = ""
    names: str = ""
    members: Sequence[str] = ()
    year: int = 2022
    scope: Scope | None = None
    kind: Kind | None = None
    other: State | None = None


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
LEVEL = "# sangong 三公\nsangong.change “三公”经费: change=10元 direction=增加 reason=接待批次增加"
NEW = """
    # total_overview 总体情况
    total.income_expenditure 收、支总计: total=486.71万元
    total.change 收、支总计: base=与上年相比 change=-86.71万元 direction=增加
    # sangong 三公
    sangong.item 公务接待费: amount=2.13万元 base=与上年 direction=持平
"""
GUESTS = "# sangong 三公\nsangong.item 公务接待费: amount=2.13万元\nsangong.reception_counts 国内公务接待: batches=31个"
PLANNED = "# gpb_detail 具体情况\n" + "\n".join(
    f"gpb.detail_item 科目{n}: budget=50.00元 amount={'49.00' if n == 5 else '50.00'}元 completion={'98.0' if n == 5 else '100.0'}%"
    for n in range(1, 6)
)
ANNEX = '# performance 绩效情况\n" 自评表详见附件1。\n# part_annex 附件\n" 自评表。'
FUNDS = """
    # fiscal_overview 财政拨款收支情况
    fiscal.change 财政拨款收、支总计: change=30万元 direction=增加
    fiscal.income_by_fund 一般公共预算财政拨款: amount=100万元 change=28万元
    fiscal.income_by_fund 政府性基金预算财政拨款: amount=2万元 change=2万元
    fiscal.income_by_fund 国有资本经营预算财政拨款: amount=0万元 change=0万元
"""
REASONS = """
    # total_overview 总体情况
    total.change 支出总计: change=-881668.46元 direction=减少
    total.change_reason_item 职工医保补助: change=-804100元
    total.change_reason_item 居民医保补助: change=-233235.54元
    total.change_reason_item 调资: change=155667.08元
"""
ADJUSTED = "# gpb_overall 总体情况\nbudget.adjustment 预算: initial=921.87万元 adjustment=274.96万元 full=1196.83万元"
PROJECTS = """
    # performance 绩效情况
    performance.coverage 项目支出: amount=87万元
    performance.project 参保登记: budget=48万元 amount=41.33万元
    performance.project 大病互助: budget=39万元 amount=31.62万元
"""
GRADES = """
    # performance 绩效情况
    performance.coverage 绩效自评: count=39个
    performance.grade_counts 优: count=38个
    performance.grade_counts 良: count=1个
"""
MEETINGS = """
general_budget_basic_expenditure 元
                 amount
302              10.00
30201            8.00
30215            2.00
"""
HUNDRED = """
    # gpb 五
    expenditure.total 支出合计: amount=25731201.68元
    gpb.total 一般公共预算财政拨款支出: amount={} share_base=本年支出合计
"""
ZERO = """
    # total_overview 一
    total.income_expenditure 收、支总计: income=486.71万元
    total.change 收、支总计: change={} direction=增加
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
    ("YEAR-MISMATCH", GREW, "", "2021年", "2020年"),
    ("STRUCT-TITLE-DUP", TEXT, "", "支出决算情况说明", "收入决算情况说明"),
    ("TPL-CHOICE", TEXT, "", "增加25万元", "增加（减少）25万元"),
    ("TPL-PLACEHOLDER", TEXT, "", "25万元", "XX万元"),
    ("TPL-PUNCT", TEXT, "", "万元。", "万元；；"),
    ("TPL-BOOKMARK", TEXT, "", "项目支出", "[bookmark: _GoBack]项目支出"),
    ("TPL-DUP", TEXT, "", "项目支出减少。", "项目支出减少是因为上年的大楼维修项目已经完成。项目支出减少是因为上年的大楼维修项目已经完成。"),
    ("TPL-INSTRUCTION", TEXT, "", "项目支出减少。", "项目支出减少。（如持平作持平表述）"),
    ("TPL-ZERO-ROW", FINAL, "", "社会保障和就业支出@208: amount=300.00元", "社会保障和就业支出@208: amount=0.00元"),
    ("TPL-REASON-NOCHANGE", LEVEL, "", "change=10元 direction=增加", "change=0元 direction=持平"),
    ("SEM-FLAT-VS-NEW", NEW, "", "change=-86.71万元", "change=486.71万元"),
    ("SEM-COUNT-AMOUNT", GUESTS, "", "公务接待费: amount=2.13万元", "公务接待费: amount=0万元"),
    ("SEM-BUDGET-EQUALS-ACTUAL", PLANNED, "", "completion=98.0%", "completion=100.0%"),
    ("SANITY-COMPLETION", FINAL, "", "completion=75.00%", "completion=750.00%"),
    ("STRUCT-MISSING-ANNEX", ANNEX, "", '" 自评表。', '" 无'),
    ("N-CHANGE-SUM", FUNDS, "", "change=30万元 direction=增加", "change=25.27万元 direction=增加"),
    ("N-REASON-SUM", REASONS, "", "change=-881668.46元", "change=-881686.46元"),
    ("N-BUDGET-ADJ", ADJUSTED, "", "full=1196.83万元", "full=1169.83万元"),
    ("PERF-PROJ-BUDGET-SUM", PROJECTS, "", "budget=48万元", "budget=84万元"),
    ("PERF-DETAIL-COUNT", GRADES, "", "优: count=38个", "优: count=39个"),
    ("X-ORC-T06", "# operating_cost 机关运行经费\noperating_cost.total 机关运行经费: amount=140.00元", ACCOUNT, "140.00元", "160.00元"),
    ("X-MEETING-T06", "# general_expenditure 一般性支出\nmeeting.total 会议费: amount=5.00元", MEETINGS, "5.00元", "0.50元"),
]  # fmt: skip

UNIT = ("general_budget           100.00", "general_budget           90.00")
NAMED = '# total_overview 收入支出决算总体情况说明\n" {}2022年度收、支总计1025.00元。'
CODES = """
{form} 元
         {column}
total    30.00
208      30.00
20805    30.00
2080501  10.00
2080505  20.00
"""
SWAPPED = "2080505  20.00\n2080501  10.00"
ROWS = """
income_expenditure_summary 元
                   amount
1=general_budget   10.00
{}=total_income     10.00
"""
SELF = """
performance_self_evaluation grid
{} 2023年度自评表
预算执行情况 预算数(A) 执行数(B) 执行率(B/A)
年度资金总额 48 41.33 {}
基本支出总额 590.11 项目支出总额 10638.90
部门整体支出总额 {}
"""
GOOD = SELF.format("填报日期：2023年3月", "86.1%", "11229.01")
CARRIED = "income_expenditure_summary 元\n           amount\ncarry_in   {}\ncarry_out  3.00"
LAST = State(CARRIED.format("20.00"), name="朔州市朔城区医疗保险服务中心", year=2021)
THIS = State(CARRIED.format("3.00"), name="朔城区医疗保险服务中心", other=LAST)
OWN = State(LANED_BUDGET, name="某某市商务局", scope="unit", kind="budget")
WHOLE = State(
    LANED_BUDGET,
    name="某某市商务局",
    members=("某某市商务局（本级）",),
    scope="department",
    kind="budget",
    other=OWN,
)

SPECIAL: list[tuple[str, Kind, State, State, State, str, str]] = [
    # code, kind, where it holds, fails, says nothing, what is printed where it holds, and where it fails
    ("X-NIL", "final_account", State(NIL, STATED), State(NIL.replace("total  .  .", "total  .  30.00"), STATED), State(),
     "空白", "30.00"),
    ("N-SHARE-100", "final_account", State("", HUNDRED.format("25730935.53元 share=99.99%")),
     State("", HUNDRED.format("25730935.53元 share=100.00%")), State(), "99.99%", "100.00%"),
    ("N-GROWTH-ZERO", "final_account", State("", ZERO.format("86.71万元 rate=21.68%")),
     State("", ZERO.format("486.71万元 rate=100%")), State(), "增加86.71万元，增长21.68%", "增加486.71万元，增长100%"),
    ("ENTITY-NAME", "final_account", State(name="株洲市医疗保障事务中心", names="株洲市医疗保障事务中心"),
     State(name="株洲市医疗保障事务中心", names="株洲市医疗保障事务中心 株洲市医疗保障服务中心"), State(),
     "株洲市医疗保障事务中心", "株洲市医疗保障服务中心"),
    ("OTHER-BODY", "final_account", State("", NAMED.format("岚峤市民政局"), "岚峤市民政局"),
     State("", NAMED.format("岚峤市交通运输局"), "岚峤市民政局"), State(), "岚峤市民政局", "岚峤市交通运输局"),
    ("X-TOC-BODY", "final_account", State("state_capital elsewhere", FINAL), State("state_capital missing"), State(), "国有资本经营预算财政拨款支出决算表", "没有这张表"),
    ("STRUCT-ROWNO", "final_account", State(ROWS.format(2)), State(ROWS.format(4)), State(CODES.format(form="income", column="total")),
     "2", "4"),
    ("BG-UNIT", "final_account", State(ACCOUNT), State(ACCOUNT.replace("income 元", "income 万元", 1)), State(), "单位：元", "单位：万元"),
    *(
        (code, "final_account", State(CODES.format(form=form, column="total")),
         State(CODES.format(form=form, column="total").replace("2080501  10.00\n2080505  20.00", SWAPPED)), State(),
         "2080501、2080505", "2080505、2080501")
        for code, form in (
            ("T02-CODE", "income"), ("T03-CODE", "expenditure"), ("T05-CODE", "general_budget_expenditure"),
            ("T08-CODE", "government_fund"), ("T09-CODE", "state_capital"),
        )
    ),
    ("TPL-NIL-NOTE", "budget", State("budget_three_public 元 nil\n       budget.total\ndata   .\nnote 本部门无此项预算，故本表为空表。"),
     State("budget_three_public 元\n       budget.total\ndata   47.91\nnote 本部门无此项预算，故本表为空表。"), State(), "空白", "47.91"),
    ("DATE-SANITY", "final_account", State(GOOD), State(GOOD.replace("2023年3月", "2022年6月")), State(), "2023年3月", "2022年6月"),
    ("T20-EXEC", "final_account", State(GOOD), State(GOOD.replace("86.1%", "68.1%")), State(), "86.1%", "68.1%"),
    ("PERF-TABLE-TOTAL", "final_account", State(GOOD), State(GOOD.replace("11229.01", "11757.05")), State(), "11229.01", "11757.05"),
    ("X-YEAR-CHAIN", "final_account", THIS,
     replace(THIS, tables=CARRIED.format("20.00")), replace(THIS, other=replace(LAST, name="某某市交通运输局")), "3.00", "20.00"),
    ("X-CONSOLIDATION", "budget", WHOLE,
     replace(WHOLE, other=replace(OWN, tables=LANED_BUDGET.replace(*UNIT))), replace(WHOLE, other=replace(OWN, year=2019)), "100.00", "90.00"),
]  # fmt: skip
