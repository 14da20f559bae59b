"""Sentences as departments write them, and the mentions that they make. All names and figures are made up."""

from __future__ import annotations

import pytest

from facts.typed import read, section
from gongkai.facts import mentions
from gongkai.facts.catalogue import facts
from gongkai.report import Kind

ACCOUNT: list[tuple[str, str, list[str]]] = [
    (  # one number for both sides; the change is its own fact; a reason is not a number
        "total_overview",
        "2022年度收、支总计均为310.5万元。与2021年度相比，收、支总计各减少20.1万元，下降6.1%，主要原因是厉行节约。",
        [
            "total.income_expenditure 收、支总计: total=310.5万元",
            "total.change 收、支总计: base=与2021年度相比 change=-20.1万元 rate=-6.1% direction=减少 reason=厉行节约",
        ],
    ),
    (  # two sides, each with its change; the reason is a numbered list with amounts
        "total_overview",
        "2022年度收入总计88,000.00元、支出总计88,000.00元。与2021年相比，收入总计增加800.00元，增长0.92%，支出总计增加800.00元，"
        "增长0.92%。主要原因是1、项目经费增加1000元；2、公用经费减少200元。",
        [
            "total.income_expenditure 收、支总计: income=88,000.00元 expenditure=88,000.00元",
            "total.change 收入总计: base=与2021年相比 change=800.00元 rate=0.92% direction=增加",
            "total.change 支出总计: base=与2021年相比 change=800.00元 rate=0.92% direction=增加"
            " reason=1、项目经费增加1000元；2、公用经费减少200元",
            "total.change_reason_item 项目经费: change=1000元",
            "total.change_reason_item 公用经费: change=-200元",
        ],
    ),
    (  # 各 is said of both sides
        "total_overview",
        "2022年度收入总计100万元，支出总计100万元，与2021年度相比，各增加5万元，增长5.26%。",
        [
            "total.income_expenditure 收、支总计: income=100万元 expenditure=100万元",
            "total.change 收、支总计: base=与2021年度相比 change=5万元 rate=5.26% direction=增加",
        ],
    ),
    (  # 分别, with rates in turn too
        "total_overview",
        "2022年度收、支总计分别为100万元和99万元。与2021年相比，收、支总计分别增加5万元、4万元，增长5.26%、4.21%。",
        [
            "total.income_expenditure 收、支总计: income=100万元 expenditure=99万元",
            "total.change 收入总计: base=与2021年相比 change=5万元 rate=5.26% direction=增加",
            "total.change 支出总计: base=与2021年相比 change=4万元 rate=4.21% direction=增加",
        ],
    ),
    (  # a total of the year under a total with what was carried over
        "total_overview",
        "2022年度收入总计120万元，其中本年收入合计100万元、年初结转和结余20万元。",
        [
            "total.income_expenditure 收、支总计: income=120万元",
            "income.total 收入合计: amount=100万元",
            "income.by_source 年初结转和结余: amount=20万元",
        ],
    ),
    (
        "income",
        "本年收入合计200万元，同比增长5%，其中：财政拨款收入190万元，占本年收入95%；事业收入0万元，占0%；其他收入10万元，占5%。",
        [
            "income.total 收入合计: amount=200万元",
            "income.change 收入合计: base=同比 rate=5% direction=增长",
            "income.by_source 财政拨款收入: amount=190万元 share=95% share_base=本年收入",
            "income.by_source 事业收入: amount=0万元 share=0%",
            "income.by_source 其他收入: amount=10万元 share=5%",
        ],
    ),
    (
        "expenditure",
        "2022年度支出合计200万元，其中：\n基本支出150万元，占比75.00%；\n项目支出50万元，占比25.00%。",
        [
            "expenditure.total 支出合计: amount=200万元",
            "expenditure.by_kind 基本支出: amount=150万元 share=75.00%",
            "expenditure.by_kind 项目支出: amount=50万元 share=25.00%",
        ],
    ),
    (
        "fiscal_overview",
        "2022年度财政拨款收入中，一般公共预算财政拨款收入90万元，比2021年度决算数增加8万元。增加主要原因是项目增加。"
        "政府性基金预算财政拨款收入0万元。",
        [
            "fiscal.income_by_fund 一般公共预算财政拨款: amount=90万元 base=比2021年度决算数 change=8万元 direction=增加 reason=项目增加",
            "fiscal.income_by_fund 政府性基金预算财政拨款: amount=0万元",
        ],
    ),
    (
        "gpb_overall",
        "某市某局2022年财政拨款决算支出90万元，占本年支出合计的99.50%。其中，人员经费60万元，占比66.67%；日常公用经费5万元，占比5.56%。",
        [
            "gpb.total 一般公共预算财政拨款支出: amount=90万元 share=99.50% share_base=本年支出合计",
            "gpb.personnel_public_share 人员经费: amount=60万元 share=66.67%",
            "gpb.personnel_public_share 公用经费: amount=5万元 share=5.56%",
        ],
    ),
    (
        "gpb_structure",
        "主要用于以下方面：教育（类）支出30万元，占33.3%，卫生健康支出（类）60万元，占66.7%。",
        [
            "gpb.structure_item 205 教育支出: amount=30万元 share=33.3%",
            "gpb.structure_item 210 卫生健康支出: amount=60万元 share=66.7%",
        ],
    ),
    (  # the path stands on a line of its own; 决算数大于预算数 says which reason it is
        "gpb_detail",
        "年初预算数为80万元，支出决算数为90万元，完成年初预算的112.5%，其中：\n"
        "1、教育支出（类）进修及培训（款）培训支出（项）。\n"
        "年初预算为0万元，支出决算为1.65万元，决算数大于年初预算数的主要原因是：追加培训。",
        [
            "gpb.budget_actual 一般公共预算财政拨款支出: amount=90万元 budget=80万元 budget_kind=年初预算数 completion=112.5%"
            " completion_base=年初预算",
            "gpb.detail_item 教育支出/进修及培训/培训支出: amount=1.65万元 budget=0万元 budget_kind=年初预算为"
            " budget_direction=大于 budget_reason=追加培训",
        ],
    ),
    (  # what is paid from an item is not another item
        "gpb_detail",
        "1.农林水（类）支出100万元，占66.67%。主要用于基本工资支出80万元。",
        ["gpb.structure_item 213 农林水支出: amount=100万元 share=66.67%", "unclassified : amount=80万元 ?"],
    ),
    (  # a purpose names no subject
        "gpb_detail",
        "2、住房保障支出（类）住房改革支出（款）住房公积金（项）。主要用于：职工住房公积金支出。年初预算为5.00万元，支出决算为5.00万元，"
        "完成年初预算的100.00%。决算数同预算数持平。",
        [
            "gpb.detail_item 住房保障支出/住房改革支出/住房公积金: amount=5.00万元 budget=5.00万元 budget_kind=年初预算为"
            " completion=100.00% completion_base=年初预算 budget_direction=持平",
        ],
    ),
    (
        "gpb_basic",
        "财政拨款基本支出100.5万元，其中：人员经费80.5万元，占基本支出的80.1%，主要包括：基本工资30万元、其他社会保障缴费50.5万元；"
        "公用经费20万元，主要包括：办公费15万元、公务用车运行维护费5万元。",
        [
            "basic.total 基本支出: amount=100.5万元",
            "basic.personnel 人员经费: amount=80.5万元 share=80.1% share_base=基本支出",
            "basic.item 30101 基本工资: amount=30万元",
            "basic.item 30112 其他社会保障缴费: amount=50.5万元",
            "basic.public 公用经费: amount=20万元",
            "basic.item 30201 办公费: amount=15万元",
            "basic.item 30231 公务用车运行维护费: amount=5万元",
        ],
    ),
    (  # the title of a paragraph is whose; brackets come back to it
        "sangong",
        "（二）公务用车购置及运行维护费。支出决算3万元，占60%（其中：公务用车购置费0万元），与2021年度相比减少1万元，下降25%。",
        [
            "sangong.share 公务用车购置及运行维护费: amount=3万元 share=60% base=与2021年度相比 change=-1万元 rate=-25% direction=减少",
            "sangong.item 公务用车购置费: amount=0万元",
        ],
    ),
    (  # two bases in one sentence, each with its reason
        "sangong_overall",
        "公务接待费支出预算为5万元，支出决算为1万元，完成预算的20%，决算数小于预算数的主要原因是厉行节俭，与上年相比减少1万元，减少50%，"
        "减少的主要原因是接待减少。",
        [
            "sangong.item 公务接待费: amount=1万元 budget=5万元 budget_kind=预算为 completion=20% completion_base=预算"
            " budget_direction=小于 budget_reason=厉行节俭 base=与上年相比 change=-1万元 rate=-50% direction=减少 reason=接待减少",
        ],
    ),
    (
        "sangong_detail",
        "公务接待费支出决算0.4万元，占100%，因公出国（境）费支出决算0万元，占0%。其中：\n"
        "1、因公出国（境）费支出决算为0万元，全年安排因公出国（境）团组0个，累计0人次。\n"
        "2、公务接待费支出0.4万元（含外宾接待支出0.00万元），共接待来访团组3个、来宾30人次。\n"
        "3、购置（更新）公务用车0辆，截至2022年12月31日，公务用车保有量为2辆。",
        [
            "sangong.share 公务接待费: amount=0.4万元 share=100%",
            "sangong.share 因公出国（境）费: amount=0万元 share=0%",
            "sangong.item 因公出国（境）费: amount=0万元",
            "sangong.abroad_counts 因公出国（境）: groups=0个 persons=0人次",
            "sangong.item 公务接待费: amount=0.4万元",
            "sangong.item 外事接待费: amount=0.00万元",
            "sangong.reception_counts 公务接待费: groups=3个 persons=30人次",
            "sangong.vehicle_bought 购置公务用车: vehicles=0辆",
            "sangong.vehicle_owned 公务用车保有量: vehicles=2辆",
        ],
    ),
    (  # 年初预算 and 上年决算, each its own base
        "operating_cost",
        "2022年度，机关运行经费支出100万元，比年初预算数减少5万元，降低4.8%；；比上年决算数增加2万元，增长2%。主要原因是：人员增加。",
        [
            "operating_cost.total 机关运行经费: amount=100万元 budget_change=-5万元 budget_rate=-4.8% budget_direction=减少",
            "operating_cost.change 机关运行经费: base=比上年决算数 change=2万元 rate=2% direction=增加 reason=人员增加",
        ],
    ),
    (
        "general_expenditure",
        "会议费年初预算9万元，支出决算为2万元。经费支出为会议场租费1.5万元、其他费用0.5万元。\n"
        "召开全市工作会议，人数为80人，经费支出为会议场租费1.5万元、其他费用0.5万元。\n"
        "培训费年初预算4.5万元，支出决算为0万元。",
        [
            "meeting.total 会议费: amount=2万元 budget=9万元 budget_kind=年初预算",
            "meeting.component 会议场租费: amount=1.5万元",
            "meeting.component 其他费用: amount=0.5万元",
            "meeting.event 全市工作会议: persons=80人",
            "meeting.event_component 全市工作会议/会议场租费: amount=1.5万元",
            "meeting.event_component 全市工作会议/其他费用: amount=0.5万元",
            "training.total 培训费: amount=0万元 budget=4.5万元 budget_kind=年初预算",
        ],
    ),
    (
        "procurement",
        "政府采购支出总额30万元，其中：政府采购货物支出10万元、政府采购工程支出0万元、政府采购服务支出20万元。授予中小企业合同金额15万元，"
        "占政府采购支出总额的50%，其中：授予小微企业合同金额3万元，占授予中小企业合同金额的20%；货物采购授予中小企业合同金额占货物支出金额的80%。",
        [
            "procurement.total 政府采购支出总额: amount=30万元",
            "procurement.by_kind 货物: amount=10万元",
            "procurement.by_kind 工程: amount=0万元",
            "procurement.by_kind 服务: amount=20万元",
            "procurement.sme 授予中小企业合同金额: amount=15万元 share=50% share_base=政府采购支出总额",
            "procurement.micro 授予小微企业合同金额: amount=3万元 share=20% share_base=授予中小企业合同金额",
            "procurement.sme_by_kind 货物: share=80% share_base=货物支出金额",
        ],
    ),
    (  # what is planned is not what is there
        "state_assets",
        "截至2022年12月31日，共有车辆5辆，其中，机要通信用车1辆、其他用车4辆；单位价值100万元以上专用设备2台（套）。"
        "2023年，拟新增配置公务用车3辆，其中，其他用车3辆。",
        [
            "assets.vehicles 车辆: vehicles=5辆",
            "assets.vehicles_by_kind 机要通信用车: vehicles=1辆",
            "assets.vehicles_by_kind 其他用车: vehicles=4辆",
            "assets.equipment 单位价值100万元以上专用设备: count=2台（套）",
            "assets.planned 拟新增配置公务用车: count=3辆",
            "assets.planned 其他用车: count=3辆",
        ],
    ),
    (
        "performance",
        "本部门开展绩效自评，共涉及项目2个，资金58.5万元，占一般公共预算项目支出总额的100%。\n"
        "1、信息系统维护经费项目绩效自评综述：项目绩效自评得分为95分。项目全年预算数为48万元，执行数为41万元，完成预算的85.4%。"
        "项目绩效目标完成情况：参保率达到97.9%。\n"
        "2个项目自评等级为“优”，0个项目自评等级为“良”。",
        [
            "performance.coverage 项目: count=2个 amount=58.5万元 share=100% share_base=一般公共预算项目支出总额",
            "performance.project 信息系统维护经费: score=95分 amount=41万元 budget=48万元 budget_kind=全年预算数 completion=85.4%"
            " completion_base=预算",
            "work.figure 参保率: percent=97.9%",
            "performance.grade_counts 优: count=2个",
            "performance.grade_counts 良: count=0个",
        ],
    ),
    (
        "gov_fund",
        "政府性基金预算财政拨款年初结转和结余1万元，本年收入2万元，本年支出3万元，年末结转和结余0万元。",
        [
            "gov_fund.total 政府性基金预算财政拨款: carry_in=1万元 income=2万元 expenditure=3万元 carry_out=0万元"
        ],
    ),
    (
        "organisation",
        "本部门共有编制人数72人，实有人数62人。内设科室7个。",
        [
            "org.staff 编制: quota=72人",
            "org.staff 实有人数: actual=62人",
            "org.departments 内设科室: count=7个",
        ],
    ),
]

BUDGET: list[tuple[str, str, list[str]]] = [
    (
        "total_overview",
        "某省某厅2022年度收入、支出预算总计1,000万元，与上年相比收、支预算总计各增加100万元，增长11.11%。其中：\n"
        "（1）政府性基金收入预算0万元，与上年相比增加（减少）0万元，增长（减少）0%。主要原因是本部门无此项收入。\n"
        "1．教育（类）支出600万元，主要用于学校运转。与上年相比增加60万元，增长11.11%。\n"
        "单位预留机动经费预算数为20万元。与上年一致。",
        [
            "total.income_expenditure 收、支总计: total=1,000万元",
            "total.change 收、支总计: base=与上年相比 change=100万元 rate=11.11% direction=增加",
            "income.by_source 政府性基金预算财政拨款收入: amount=0万元 base=与上年相比 change=0万元 rate=0% direction=增加（减少）"
            " reason=本部门无此项收入",
            "expenditure.by_class 205 教育支出: amount=600万元 base=与上年相比 change=60万元 rate=11.11% direction=增加",
            "expenditure.by_kind 单位预留机动经费: amount=20万元 base=与上年 direction=一致",
        ],
    ),
    (  # last year's amount beside this year's, the rate alone
        "part_narrative",
        "1. “教育支出（类）普通教育（款）小学教育（项）”25.77万元，主要用于办学。2021年当年预算执行数为60.13万元，2022年预算安排25.77万元，"
        "比2021年预算执行数减少57.14%。主要原因是：项目调整。",
        [
            "fiscal.detail_item 教育支出/普通教育/小学教育: amount=25.77万元",
            "fiscal.detail_item 教育支出/普通教育/小学教育: amount=25.77万元 base=2021年当年预算执行数 base_amount=60.13万元"
            " rate=-57.14% direction=减少 reason=项目调整",
        ],
    ),
    (
        "part_narrative",
        "2022年，某区某街道办事处收入预算900.00万元，其中：财政拨款收入900.00万元，比2021年预算减少76.75万元；事业收入0.00万元。\n"
        "支出预算900.00万元，其中：财政拨款支出预算900.00万元。财政拨款支出预算中，一般公共预算拨款支出预算900.00万元，比2021年预算持平。",
        [
            "total.income_expenditure 收、支总计: income=900.00万元",
            "income.by_source 财政拨款收入: amount=900.00万元 base=比2021年预算 change=-76.75万元 direction=减少",
            "income.by_source 事业收入: amount=0.00万元",
            "total.income_expenditure 收、支总计: expenditure=900.00万元",
            "fiscal.total 财政拨款支出: expenditure=900.00万元",
            "fiscal.expenditure_by_fund 一般公共预算财政拨款: amount=900.00万元 base=比2021年预算 direction=持平",
        ],
    ),
    (
        "sangong",
        "公务接待费预算支出156万元，本年数小于上年预算数29万元，主要是厉行节约。\n会议费预算支出168万元，本年数等于上年预算数。",
        [
            "sangong.item 公务接待费: amount=156万元 base=上年预算数 change=-29万元 direction=小于 reason=厉行节约",
            "meeting.total 会议费: amount=168万元 base=上年预算数 direction=等于",
        ],
    ),
    (  # by unit, the reason's items are not the unit's
        "change_explanation",
        "本单位年初预算数为600万元，比上年减少1万元。其中，局机关本级预算数比上年增加48万元，主要原因是新调入2人，工资增加50万元，设备减少2万元；"
        "市服务中心预算数比上年减少49万元。",
        [
            "total.income_expenditure 收、支总计: total=600万元",
            "total.change 收、支总计: base=比上年 change=-1万元 direction=减少",
            "budget.change_by_unit 局机关本级: base=比上年 change=48万元 direction=增加 reason=新调入2人，工资增加50万元，设备减少2万元",
            "budget.change_reason_item 新调入: count=2人",
            "budget.change_reason_item 工资: change=50万元",
            "budget.change_reason_item 设备: change=-2万元",
            "budget.change_by_unit 市服务中心: base=比上年 change=-49万元 direction=减少",
        ],
    ),
    (  # titles run into paragraphs
        "other_matters",
        "（一）机关运行经费：2022年安排44万元，比上年度预算减少4万元，减少的主要原因是压减支出。\n（二）政府采购预算：2022年预算数为14万元。",
        [
            "operating_cost.total 机关运行经费: amount=44万元",
            "operating_cost.change 机关运行经费: base=比上年度预算 change=-4万元 direction=减少 reason=压减支出",
            "procurement.total 政府采购支出总额: amount=14万元",
        ],
    ),
]
CASES = [("final_account", *case) for case in ACCOUNT] + [("budget", *case) for case in BUDGET]


@pytest.mark.parametrize(("report", "kind", "text", "expected"), CASES)
def test_sentence(report: Kind, kind: str, text: str, expected: list[str]) -> None:
    assert read(kind, text, report=report) == expected


# ---------------------------------------------------------------- better unclassified than wrong


def test_a_name_that_is_not_fully_understood_means_nothing() -> None:
    assert read("income", "本年收入合计10万元，其中食堂收入3万元。") == [
        "income.total 收入合计: amount=10万元",
        "unclassified : amount=3万元 ?",
    ]


def test_nothing_is_paired_across_sentences() -> None:
    found = read("expenditure", "本年支出合计10万元。某专项5万元，占50%。")
    assert found[0] == "expenditure.total 支出合计: amount=10万元"
    assert all(line.startswith("unclassified") for line in found[1:]) and len(found) == 3


def test_a_second_bare_amount_is_not_taken_for_the_first() -> None:
    found = read("sangong", "2022年安排公务接待费5万元，2021年安排3万元。")
    assert found[0] == "sangong.item 公务接待费: amount=5万元"
    assert found[1].startswith("unclassified")


def test_another_body_in_a_list_is_not_the_report() -> None:
    assert read("income", "本年收入合计9万元，其中：某学校收入合计3万元。")[1].startswith("unclassified")


def test_another_body_before_its_year_is_to_be_checked() -> None:
    text = "2022年本年收入合计9万元。某学校2022年收入合计3万元。"
    assert read("income", text, names=("某市教育局",))[1] == "income.total 收入合计: amount=3万元 ?"


def test_a_year_other_than_the_reports_is_to_be_checked() -> None:
    assert read("income", "2023年收入合计3万元。")[0].endswith("?")


def test_a_share_behind_a_list_may_be_of_the_whole() -> None:
    found = read("performance", "其中基本支出30万元，项目支出8万元，占一般公共预算支出总额的100%。")
    assert found[1].endswith("?")


def test_a_choice_left_in_the_form_has_no_sure_sign() -> None:
    (found,) = read("gpb_overall", "与上年相比，财政拨款支出减少（增加）2万元。")
    assert found.endswith("direction=减少（增加） ?")


def test_a_change_by_another_measure_is_to_be_checked() -> None:
    found = read("operating_cost", "机关运行经费90万元，比上年增加5万元。按同口径相比，比上年减少1万元。")
    assert [line[-1] for line in found] == ["元", "加", "?"]


def test_numbers_in_a_reason_are_never_the_subjects() -> None:
    found = read(
        "total_overview", "收、支总计30万元，比上年增加3万元，主要原因是收入总计增加1万元，人员增加2人。"
    )
    assert [line.split(":")[0] for line in found] == [
        "total.income_expenditure 收、支总计",
        "total.change 收、支总计",
        "total.change_reason_item 收入总计",
        "total.change_reason_item 人员",
    ]


def test_a_final_accounts_budget_is_no_actual() -> None:
    text = "“三公”经费预算为5万元。"
    assert read("sangong", text) == ["sangong.total “三公”经费: budget=5万元 budget_kind=预算为"]
    assert read("sangong", text, report="budget") == ["sangong.total “三公”经费: amount=5万元"]


def test_a_label_of_a_chart_says_so() -> None:
    assert read("expenditure", "项目支出，40.01%") == ["chart.label 项目支出: percent=40.01%"]


def test_a_counted_reason_goes_on_in_the_paragraphs_of_its_items() -> None:
    text = "收入总计30万元，比上年减少3万元，主要原因是1、项目经费减少4万元；\n2、公用经费减少1万元；\n3、补助增加2万元。\n4、会议费1万元。"
    found = read("total_overview", text)
    assert [line for line in found if "reason_item" in line] == [
        "total.change_reason_item 项目经费: change=-4万元",
        "total.change_reason_item 公用经费: change=-1万元",
        "total.change_reason_item 补助: change=2万元",
    ]


def test_the_next_item_of_a_list_is_no_part_of_the_reason_before_it() -> None:
    text = "1、事业运行年初预算为5万元，支出决算为6万元，决算数大于预算数的主要原因是调整；\n2、住房公积金年初预算为3万元，支出决算为3万元。"
    assert [line.split(":")[0].split()[0] for line in read("gpb_detail", text)] == ["gpb.detail_item"] * 2


def test_the_reason_of_an_item_is_not_that_of_the_whole() -> None:
    text = "1、卫生健康支出（类）医疗保障管理事务（款）事业运行（项）5万元，比上年增加2万元，主要原因是人员经费增加2万元。"
    assert read("gpb_detail", text)[-1] == "detail.change_reason_item 人员经费: change=2万元"


def test_a_report_on_performance_accounts_for_its_project() -> None:
    text = (
        "1、年中追加项目“人才队伍建设补助资金”，金额50万元，实际支出48万元，结余2万元。"
        "\n全年实际拨入资金50万元。\n全年实际支出资金48万元。"
    )
    assert [line.rstrip(" ?") for line in read("annex_perf_report", text)] == [
        "performance.project 人才队伍建设补助资金: amount=48万元 budget=50万元 carry_out=2万元",
        "performance.project 人才队伍建设补助资金: received=50万元",
        "performance.project 人才队伍建设补助资金: amount=48万元",
    ]


def test_income_and_expenditure_announced_by_a_colon() -> None:
    text = "（一）收入预算：2021年年初预算数90万元。\n（二）支出预算：2021年年初预算数90万元。"
    assert read("total_overview", text, report="budget", year=2021) == [
        "total.income_expenditure 收、支总计: income=90万元",
        "total.income_expenditure 收、支总计: expenditure=90万元",
    ]


def test_none_of_it_is_said_of_the_amount_before() -> None:
    found = read(
        "total_overview", "（2）政府性基金收入预算0万元，与上年数一致，本部门无此项收入。", report="budget"
    )
    assert found[-1] == "nil.statement 政府性基金收入预算: statement=无此项收入"


# ---------------------------------------------------------------- nil


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        (
            "本单位没有政府性基金收入，也没有使用政府性基金安排的支出。",
            ["政府性基金收入", "使用政府性基金安排的支出"],
        ),
        ("本年度无此项支出。", ["说明"]),
        ("无", ["说明"]),
        (
            "未安排政府性基金支出预算、未安排专户管理的收入预算。",
            ["政府性基金支出预算", "专户管理的收入预算"],
        ),
        ("支出决算0万元，主要原因是本年无公务接待支出。", []),
        ("支出具体情况如下：", []),
    ],
)
def test_nil(text: str, subjects: list[str]) -> None:
    found = [line for line in read("gov_fund", text) if line.startswith("nil.statement")]
    assert [line.removeprefix("nil.statement ").split(":")[0] for line in found] == subjects


def test_an_absent_slot_stands_with_null_value_quote_and_source() -> None:
    text = "2022年度收、支总计均为310.5万元。与2021年度相比，收、支总计各减少20.1万元。"
    found, _ = mentions((section("total_overview", text),), kind="final_account", fiscal_year=2022, names=())
    for mention in found:
        assert [slot.slot for slot in mention.slots] == list(facts()[mention.fact].slots)
        for slot in mention.slots:
            nothing = (
                slot.printed,
                slot.value,
                slot.unit,
                slot.yuan,
                slot.quantum_yuan,
                slot.quote,
                slot.source,
            )
            said = slot.quote is not None and slot.source is not None and slot.quote in text
            assert said or nothing == (None,) * 7
    (change,) = (mention for mention in found if mention.fact == "total.change")
    absent = {slot.slot for slot in change.slots if slot.quote is None}
    assert {"rate", "reason"} <= absent and "change" not in absent
