"""What the prose of the accounts in :mod:`checks.accounts` says, small enough to recompute by eye."""

FINAL = """
    # total_overview 收入支出决算总体情况说明
    total.income_expenditure 收、支总计: income=1025.00元 expenditure=1025.00元
    total.change 收、支总计: base=与2021年相比 change=25.00元 rate=2.50% direction=增加 reason=人员增加
    # income 收入决算情况说明
    income.total 收入合计: amount=1000.00元
    income.by_source 财政拨款收入: amount=960.00元 share=96.00%
    income.by_source 上级补助收入: amount=4.00元 share=0.40%
    income.by_source 事业收入: amount=3.00元 share=0.30%
    income.by_source 经营收入: amount=2.00元 share=0.20%
    income.by_source 附属单位上缴收入: amount=1.00元 share=0.10%
    income.by_source 其他收入: amount=30.00元 share=3.00%
    # expenditure 支出决算情况说明
    expenditure.total 支出合计: amount=1020.00元
    expenditure.by_kind 基本支出: amount=600.00元 share=58.82%
    expenditure.by_kind 项目支出: amount=417.00元 share=40.88%
    expenditure.by_kind 上缴上级支出: amount=1.00元 share=0.10%
    expenditure.by_kind 经营支出: amount=1.00元 share=0.10%
    expenditure.by_kind 对附属单位补助支出: amount=1.00元 share=0.10%
    # fiscal_overview 财政拨款收入支出决算总体情况说明
    fiscal.total 财政拨款收、支总计: total=975.00元
    # gpb_expenditure 一般公共预算财政拨款支出决算情况说明
    gpb.total 一般公共预算财政拨款支出: amount=910.00元 share=89.22% share_base=本年支出合计
    gpb.change 一般公共预算财政拨款支出: change=10.00元 rate=1.11% direction=增加
    gpb.structure_item 社会保障和就业支出@208: amount=300.00元 share=32.97%
    gpb.structure_item 卫生健康支出@210: amount=610.00元 share=67.03%
    gpb.budget_actual 一般公共预算财政拨款支出: budget=900.00元 amount=910.00元 completion=101.11% completion_base=年初预算
    gpb.detail_item 养老保险@2080505: budget=300.00元 amount=300.00元 completion=100.00% budget_direction=持平
    gpb.detail_item 行政单位医疗@2101101: budget=50.00元 amount=60.00元 completion=120.00% budget_direction=大于
    gpb.detail_item 事业单位医疗@2101102: budget=550.00元 amount=550.00元 completion=100.00%
    # gpb_basic 一般公共预算财政拨款基本支出决算情况说明
    basic.total 基本支出: amount=590.00元
    basic.personnel 人员经费: amount=450.00元 share=76.27% share_base=基本支出
    basic.item 基本工资@30101: amount=300.00元
    basic.item 津贴补贴@30102: amount=100.00元
    basic.item 退休费@30302: amount=50.00元
    basic.public 公用经费: amount=140.00元 share=23.73% share_base=基本支出
    basic.item 办公费@30201: amount=100.00元
    # sangong “三公”经费支出决算情况说明
    sangong.total “三公”经费: budget=40.00元 amount=30.00元 completion=75.00%
    sangong.item 因公出国（境）费: budget=6.00元 amount=4.00元
    sangong.item 公务用车购置及运行维护费: budget=24.00元 amount=18.00元
    sangong.item 公务用车购置费: budget=9.00元 amount=6.00元
    sangong.item 公务用车运行维护费: budget=15.00元 amount=12.00元
    sangong.item 公务接待费: budget=10.00元 amount=8.00元
    sangong.vehicle_owned 公务用车保有量: vehicles=3辆
    # gov_fund 政府性基金预算财政拨款收入支出决算情况说明
    gov_fund.total 政府性基金预算财政拨款: carry_in=5.00元 income=50.00元 expenditure=30.00元 carry_out=25.00元
    # general_expenditure 一般性支出情况说明
    meeting.total 会议费: amount=5.00元
    meeting.event 工作会议: amount=3.00元
    meeting.event 培训会议: amount=2.00元
    # procurement 政府采购支出情况说明
    procurement.total 政府采购支出总额: amount=60.00元
    procurement.by_kind 货物: amount=20.00元
    procurement.by_kind 工程: amount=0.00元
    procurement.by_kind 服务: amount=40.00元
    procurement.sme 授予中小企业合同金额: amount=60.00元 share=100% share_base=政府采购支出总额
    procurement.micro 授予小微企业合同金额: amount=30.00元 share=50% share_base=授予中小企业合同金额
    procurement.sme_by_kind 货物: share=100% share_base=货物支出金额
    procurement.sme_by_kind 服务: share=100% share_base=服务支出金额
    # state_assets 国有资产占用情况说明
    assets.vehicles 车辆: vehicles=3辆
    assets.vehicles_by_kind 主要领导干部用车: vehicles=1辆
    assets.vehicles_by_kind 其他用车: vehicles=2辆
    # performance 绩效情况说明
    performance.coverage 基本支出: amount=600.00元
    performance.coverage 项目支出: amount=417.00元
    performance.coverage 项目: amount=320.00元 share=100% share_base=一般公共预算项目支出总额
    performance.project 监管经费: budget=50.00元 amount=40.00元 completion=80.00%
    # perf_overall_result 整体支出绩效自评结果
    performance.coverage 整体支出: amount=1020.00元
    # other 其他
    gpb.change 一般公共预算财政拨款支出: change=10.00元 rate=1.11% direction=增加
"""
BUDGET = """
    # total_overview 收支预算总体情况
    total.income_expenditure 收、支总计: total=1,000元
    total.change 收、支总计: change=-2元
    budget.change_by_unit 本级: change=3元
    budget.change_by_unit 服务中心: change=-5元
    expenditure.total 支出合计: amount=1,000元
    expenditure.by_kind 基本支出: amount=550元
    expenditure.by_kind 项目支出: amount=450元
    budget.project 大楼维修: amount=400元
    # fiscal_overview 财政拨款支出预算情况
    fiscal.detail_item 行政运行@2011301: amount=500元 base=2021年预算数 base_amount=400元 change=100元 rate=25.00% direction=增加
"""
