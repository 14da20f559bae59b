"""Titles, header paths and labels as provinces print them, each resolved to the form's own names."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.forms.definitions import Catalogue, Definition, DefinitionError, load, load_from
from gongkai.report import Kind

CATALOGUE = load()

CONTRACT = {
    "income_expenditure_summary", "income", "expenditure", "fiscal_appropriation_summary", "general_budget_expenditure",
    "general_budget_basic_expenditure", "three_public", "government_fund", "state_capital", "disclosure_statistics",
    "performance_self_evaluation", "budget_summary", "budget_income", "budget_expenditure", "budget_fiscal_summary",
    "budget_general_expenditure", "budget_general_basic", "budget_fiscal_expenditure", "budget_fiscal_basic",
    "budget_three_public", "budget_government_fund", "budget_state_capital", "budget_operating_cost", "budget_procurement",
    "budget_project", "budget_economic", "budget_function_economic", "budget_transfers", "performance_target", "itemised_expenditure",
    "project_income_expenditure",
}  # fmt: skip


def form(name: str) -> Definition:
    return CATALOGUE.forms[name]


def named(title: str, kind: Kind | None = None) -> str | None:
    """The form that the recogniser takes the title for: the longest match, unless the words before it say otherwise."""
    matches = CATALOGUE.by_title(title, kind)
    return matches[0].definition.form if matches and matches[0].leftover_is_plain else None


def measures(
    name: str, paths: list[str], lane: str | None = None, year: int | None = None
) -> list[str | None]:
    columns = form(name).measures_of(paths, lane, year)  # type: ignore[arg-type]
    return [column.measure if column else None for column in columns]


def test_every_form_of_the_contract_is_defined() -> None:
    assert set(CATALOGUE.forms) == CONTRACT


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_titles_of_a_form_name_it_and_no_other(name: str) -> None:
    definition = form(name)
    assert len(definition.examples) >= 2
    assert {title: named(title, definition.kind) for title in definition.examples} == dict.fromkeys(
        definition.examples, name
    )


def test_titles_name_their_form_also_when_the_kind_is_not_known() -> None:
    spoken = [
        (title, definition.form)
        for definition in CATALOGUE.forms.values()
        for title in definition.examples
        if "决算" in title or "预算" in title
    ]
    assert {title: named(title) for title, _ in spoken} == dict(spoken)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "一、",
        "2022年度",
        "XX市政府采购中心",
        "XX县社会保险基金管理局",
        "(三)XX省财政厅2024年部门",
        "附表3",
    ],
)
def test_a_bodys_name_before_the_title_changes_nothing(before: str) -> None:
    assert named(f"{before}收入支出决算总表") == "income_expenditure_summary"
    assert named(f"{before}一般公共预算财政拨款支出决算表") == "general_budget_expenditure"


@pytest.mark.parametrize("quotes", ["“{}”", '"{}"', "‘{}’", "「{}」", "{}", "＂{}＂", "“{}“"])
def test_three_public_with_any_quotation_marks(quotes: str) -> None:
    assert named(f"一般公共预算财政拨款{quotes.format('三公')}经费支出决算表") == "three_public"
    assert named(f"{quotes.format('三 公')}经费支出预算表") == "budget_three_public"


@pytest.mark.parametrize(
    "title",
    [
        "项目支出决算表",
        "政府性基金预算财政拨款基本支出决算表",
        "上级补助收入决算表",
        "部门支出总表(分类)",
        "支出总表(政府预算)",
        "专项支出预算表",
        "基本支出预算表",
        "政府购买服务预算表",
        "经费拨款预算表",
        "非税收入预算表",
        "部门综合预算一般公共预算支出明细表（按经济分类科目分）",
        "2022年度部门决算表",
        "收入支出决算总体情况说明",
        "机构设置情况表",
        "",
    ],
)
def test_titles_that_name_no_form(title: str) -> None:
    assert named(title) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("支出决算表", "expenditure"),
        ("收入支出决算表", "income_expenditure_summary"),
        ("财政拨款收入支出决算表", "fiscal_appropriation_summary"),
        ("一般公共预算财政拨款收入支出决算表", "general_budget_expenditure"),
        ("政府性基金预算财政拨款收入支出决算表", "government_fund"),
        ("国有资本经营预算财政拨款收入支出决算表", "state_capital"),
        ("收支预算总表", "budget_summary"),
        ("财政拨款收支预算总表", "budget_fiscal_summary"),
        ("财政拨款支出预算表", "budget_fiscal_expenditure"),
        ("财政拨款基本支出预算表", "budget_fiscal_basic"),
        ("一般公共预算财政拨款支出预算表", "budget_general_expenditure"),
        ("一般公共预算财政拨款基本支出预算表", "budget_general_basic"),
        ("国有资本经营预算收支总表", "budget_state_capital"),
    ],
)
def test_the_more_specific_title_wins(title: str, name: str) -> None:
    assert named(title) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2.15单位收支总表", "budget_summary"),
        ("部门财务收支预算总表", "budget_summary"),
        ("部门综合预算收支总表", "budget_summary"),
        ("部门综合预算财政拨款收支总表", "budget_fiscal_summary"),
        ("财政拨款收支预算总体情况表", "budget_fiscal_summary"),
        ("一般公共预算支出情况表（按功能分类科目）", "budget_general_expenditure"),
        ("一般公共预算支出表（功能分类）", "budget_general_expenditure"),
        ("一般公共预算支出预算表（按功能科目分类）", "budget_general_expenditure"),
        ("一般公共预算基本支出情况表（按支出经济分类科目）", "budget_general_basic"),
        ("一般公共预算基本支出表（经济分类）", "budget_general_basic"),
        ("一般公共预算基本支出明细表（按支出功能分类科目）", None),
        ("财政拨款支出预算表（部门经济分类科目）", None),
        ("一般公共预算项目支出预算表", None),
        ("一般公共预算安排的行政经费及“三公”经费预算表", "budget_three_public"),
        ("部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表", "budget_three_public"),
        ("政府性基金预算“三公”经费支出预算表", None),
        ("九、《国有资本经营预算财政拨款收入支出决算表》", "state_capital"),
        ("机构运行信息决算表", "disclosure_statistics"),
        ("项目支出绩效目标表（本级下达）", "performance_target"),
        ("政府采购预算表", "budget_procurement"),
        ("部门政府采购预算表（续）", "budget_procurement"),
        ("单位收支总体情况表（预算公开01表）", "budget_summary"),
        ("国有资本经营预算支出情况表（本单位无此数据）", "budget_state_capital"),
        ("2019年甲区人民检察院收支预算批复总表", "budget_summary"),
        ("2019年甲区人民检察院一般公共预算支出批复表", "budget_general_expenditure"),
        ("政府预算支出经济分类批复总表", "budget_economic"),
        ("一般公共预算基本支出情况表（经济分类款级科目）", "budget_general_basic"),
        ("一般公共预算基本支出表（部门经济分类）", "budget_general_basic"),
        ("支出决算表（分科目）", "expenditure"),
        ("政府基金预算财政拨款收入支出决算表", "government_fund"),
        ("国有资本经营预算表", "budget_state_capital"),
        ("支出预算项目明细表", "budget_project"),
        ("项目支出绩效信息表", "performance_target"),
        ("部门支出总表（按政府预算经济分类）", "budget_function_economic"),
        ("基本支出预算明细表-工资福利支出（按部门预算经济分类）", "budget_function_economic"),
        ("一般公共预算支出表（政府）", "budget_function_economic"),
        ("部门支出总表（分类）", None),
        ("上年结转结余预算支出表", None),
    ],
)
def test_titles_of_other_provinces(title: str, name: str | None) -> None:
    assert named(title) == name


def test_the_leftover_is_given() -> None:
    match = CATALOGUE.by_title("一、2017年度XX法院部门收支预算总表")[0]
    assert (match.leftover, match.matched_text) == ("一、2017年度XX法院", "部门收支预算总表")


SUMMARY_INCOME = {
    "一、一般公共预算财政拨款收入": "general_budget",
    "二、政府性基金预算财政拨款收入": "government_fund",
    "三、国有资本经营预算财政拨款收入": "state_capital",
    "四、上级补助收入": "superior_subsidy",
    "五、事业收入": "service",
    "六、经营收入": "business",
    "七、附属单位上缴收入": "affiliates",
    "八、其他收入": "other",
    "": None,
    "本年收入合计": "total_income",
    "使用非财政拨款结余和专用结余": "use_of_surplus",
    "年初结转和结余": "carry_in",
    "总 计": "income_grand_total",
}


def test_lines_of_the_income_and_expenditure_summary() -> None:
    assert form("income_expenditure_summary").lines_of(list(SUMMARY_INCOME), "income") == list(
        SUMMARY_INCOME.values()
    )
    expenditure = {
        "一、一般公共服务支出": "201",
        "七、文化旅游体育与传媒支出": "207",
        "十四、资源勘探工业信息等支出": "215",
        "二十一、国有资本经营预算支出": "223",
        "二十三、其他支出": "229",
        "二十六、抗疫特别国债安排的支出": "234",
        "本年支出合计": "total_expenditure",
        "结余分配": "surplus_distribution",
        "年末结转和结余": "carry_out",
        "总　计": "expenditure_grand_total",
    }
    found = form("income_expenditure_summary").lines_of(list(expenditure), "expenditure")
    assert found == list(expenditure.values())


def test_lines_of_a_summary_before_2019() -> None:
    income = [
        "一、财政拨款收入",
        "其中：政府性基金预算财政拨款",
        "用事业基金弥补收支差额",
        "年初结转和结余",
        "其中：项目支出结转和结余",
    ]
    assert form("income_expenditure_summary").lines_of(income, "income") == [
        "fiscal", "government_fund", "use_of_surplus", "carry_in", "carry_in.project",
    ]  # fmt: skip
    labels = ["九、医疗卫生与计划生育支出", "十八、国土海洋气象等支出"]
    assert form("income_expenditure_summary").lines_of(labels, "expenditure") == ["210", "220"]


@pytest.mark.parametrize("numbering", ["", "一、"])
def test_labels_that_repeat_belong_to_the_line_above(numbering: str) -> None:
    summary = form("fiscal_appropriation_summary")
    printed = [
        "一、一般公共预算财政拨款",
        "三、国有资本经营财政拨款",
        "本年收入合计",
        "年初财政拨款结转和结余",
    ]
    printed += [f"{numbering}一般公共预算财政拨款", f"{numbering}国有资本经营预算财政拨款", "收入总计"]
    expected = [
        "general_budget", "state_capital", "total_income", "carry_in", "carry_in.general_budget", "carry_in.state_capital",
        "income_grand_total",
    ]  # fmt: skip
    assert summary.lines_of(printed, "income") == expected
    assert (
        summary.line_of("一般公共预算财政拨款", "income", parents=("carry_in",)) == "carry_in.general_budget"
    )
    assert summary.line_of("一般公共预算财政拨款", "income") == "general_budget"


def test_columns_of_the_final_account_forms() -> None:
    income = [
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ]
    sources = ["total", "fiscal", "superior_subsidy", "service", "business", "affiliates", "other"]
    assert measures("income", income) == sources
    spent = ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
    kinds = ["total", "basic", "project", "remitted_up", "business_expenditure", "affiliate_subsidy"]
    assert measures("expenditure", spent) == kinds
    paths = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    funds = ["total", "general_budget", "government_fund", "state_capital"]
    assert measures("fiscal_appropriation_summary", paths, "expenditure") == funds
    assert (
        measures("fiscal_appropriation_summary", [f"支出/{path}" for path in paths], "expenditure") == funds
    )
    for word in ("金额", "决算数", "收入/决算数", "金额（万元）"):
        assert measures("fiscal_appropriation_summary", [word], "income") == ["amount"]
        assert measures("income_expenditure_summary", [word], "income") == ["amount"]
    fund = [
        "年初结转和结余",
        "本年收入",
        "本年支出/小计",
        "本年支出/基本支出",
        "本年支出/项目支出",
        "年末结转和结余",
    ]
    assert measures("government_fund", fund) == [
        "carry_in",
        "income",
        "total",
        "basic",
        "project",
        "carry_out",
    ]
    assert measures("state_capital", ["本年支出/合计", "本年支出/基本支出", "本年支出/项目支出"]) == [
        "total",
        "basic",
        "project",
    ]
    assert measures("general_budget_expenditure", ["合计", "基本支出", "项目支出"]) == [
        "total",
        "basic",
        "project",
    ]


def test_columns_of_a_general_budget_form_that_shows_the_whole_movement() -> None:
    paths = {
        "年初结转和结余/合计": "carry_in",
        "年初结转和结余/项目支出结转和结余": "carry_in.project",
        "本年收入/合计": "income",
        "本年收入/基本支出": "income.basic",
        "本年支出/合计": "total",
        "本年支出/基本支出/合计": "basic",
        "本年支出/基本支出/人员经费": "basic.personnel",
        "本年支出/项目支出": "project",
        "年末结转和结余/合计": "carry_out",
        "年末结转和结余/项目支出结转和结余/项目支出结余": "carry_out.project.left",
    }
    assert measures("general_budget_expenditure", list(paths)) == list(paths.values())


def test_basic_expenditure_by_economic_code() -> None:
    basic = form("general_budget_basic_expenditure")
    labels = ["301", "30102", "39909", "人员经费合计", "公用经费合计", "合计", "工资福利支出"]
    assert basic.lines_of(labels) == [
        "301",
        "30102",
        "39909",
        "personnel_total",
        "public_total",
        "total",
        None,
    ]
    assert measures(basic.form, ["人员经费/决算数", "公用经费/决算数"]) == ["amount", "amount"]
    assert measures(basic.form, ["人员经费/金额", "人员经费/其中：基本支出"]) == ["amount", "basic"]
    assert basic.signature_holds("人员经费 公用经费 科目编码 科目名称 决算数")
    assert not basic.signature_holds(
        "科目编码 科目名称 合计 工资福利支出 小计 基本工资 津贴补贴"
    )  # codes by function × items


ITEMS = ["total", "abroad", "vehicles", "vehicle_purchase", "vehicle_operation", "reception"]
HEADS = [
    "合计", "因公出国（境）费", "公务用车购置及运行维护费/小计", "公务用车购置及运行维护费/公务用车购置费",
    "公务用车购置及运行维护费/公务用车运行维护费", "公务接待费",
]  # fmt: skip


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (  # twelve columns
            [f"{side}/{head}" for side in ("预算数", "决算数") for head in HEADS],
            [f"{side}.{item}" for side in ("budget", "actual") for item in ITEMS],
        ),
        (  # in pairs under one head
            [f"财政拨款“三公”经费/{head}/{side}" for head in HEADS for side in ("预算数", "决算数")],
            [f"{side}.{item}" for item in ITEMS for side in ("budget", "actual")],
        ),
        (  # items as rows, the row label after the header path
            [
                "预算数/1. 因公出国（境）费",
                "决算数/（2）公务用车运行维护费",
                "上年决算数/合计",
                "年初预算数/三、公务接待费",
                "决算统计数/合计",
            ],
            [
                "budget.abroad",
                "actual.vehicle_operation",
                "prior.total",
                "initial_budget.reception",
                "actual.total",
            ],
        ),
        (  # one year only, with no word for it
            HEADS,
            [f"actual.{item}" for item in ITEMS],
        ),
        (
            ["一般公共预算财政拨款安排的“三公”经费/小计/决算数", "会议费/决算数", "合计/决算数"],
            ["actual.total", "actual.meeting", "actual.all"],
        ),
        (
            [
                "预算数/公务用车购置及运行费/小计",
                "预算数/公务用车购置及运行费/公务用车购置 费",
                "增减额/公务接待费",
                "增减率(%)/合计",
            ],
            ["budget.vehicles", "budget.vehicle_purchase", "change.reception", "change_rate.total"],
        ),
        (
            [
                "决算统计数/1．因公出国（境）团组数（个）",
                "决算统计数/5.国内公务接待批次（个）",
                "决算统计数/4.公务用车保有量（辆）",
            ],
            ["count.abroad_groups", "count.reception_batches", "count.vehicles_owned"],
        ),
    ],
)
def test_three_public_of_a_final_account(paths: list[str], expected: list[str]) -> None:
    assert measures("three_public", paths) == expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            [
                "合计", "“三公”经费/小计", "“三公”经费/因公出国（境）费", "“三公”经费/公务用车购置及运行维护费/小计",
                "“三公”经费/公务用车购置及运行维护费/公务用车购置费", "“三公”经费/公务用车购置及运行维护费/公务用车运行维护费",
                "“三公”经费/公务接待费", "会议费", "培训费",
            ],
            [f"budget.{item}" for item in ["all", *ITEMS, "meeting", "training"]],
        ),
        (
            [
                "2024年“三公”经费预算数/合计", "2024年“三公”经费预算数/因公出国(境)费", "2024年“三公”经费预算数/公务接待费",
                "2024年“三公”经费预算数/公务用车购置及运行费/小计", "2024年“三公”经费预算数/公务用车购置及运行费/购置费",
                "2024年“三公”经费预算数/公务用车购置及运行费/运行费", "2024年机关运行经费预算数",
            ],
            [
                "budget.total", "budget.abroad", "budget.reception", "budget.vehicles", "budget.vehicle_purchase",
                "budget.vehicle_operation", "budget.operating_cost",
            ],
        ),
        (["上年预算数/合计", "本年预算数/合计", "上年预算数/公务接待费"], ["prior.total", "budget.total", "prior.reception"]),
        (["2023年预算数/合计", "2024年预算数/合计"], ["prior.total", "budget.total"]),
        (HEADS, [f"budget.{item}" for item in ITEMS]),
    ],
)  # fmt: skip
def test_three_public_of_a_budget(paths: list[str], expected: list[str]) -> None:
    assert measures("budget_three_public", paths, year=2024) == expected


def test_counts_and_rates_are_not_money() -> None:
    columns = form("three_public").measures_of(
        ["决算数/因公出国（境）团组数", "增减率（%）/合计", "决算数/合计"]
    )
    assert [column.quantity if column else None for column in columns] == ["count", "percent", "money"]
    statistics = form("disclosure_statistics")
    amount = statistics.measure_of("统计数")
    assert statistics.quantity_of("vehicles", amount) == "count"
    assert statistics.quantity_of("procurement.total", amount) == "money"


def test_by_number_when_the_caption_cannot_be_read() -> None:
    found = [form("three_public").by_number(number) for number in range(1, 13)]
    assert [column.measure if column else None for column in found] == [
        f"{side}.{item}" for side in ("budget", "actual") for item in ITEMS
    ]
    assert form("three_public").by_number(13) is None


def test_lines_of_the_disclosure_statistics() -> None:
    labels = {
        "合计": "procurement.total",
        "货物": "procurement.goods",
        "服务": "procurement.services",
        "（一）行政单位": "operating_cost.administrative",
        "（二）参照公务员法管理事业单位": "operating_cost.civil_service_managed",
        "（一）车辆数合计（辆）": "vehicles",
        "1.副部（省）级及以上领导用车": "vehicles.ministerial",
        "6.特种专业技术用车": "vehicles.special",
        "8.其他用车": "vehicles.other",
        "（二）单价100万元（含）以上设备（不含车辆）": "equipment.over_1m",
    }
    assert form("disclosure_statistics").lines_of(list(labels)) == list(labels.values())


def test_the_budget_summary_with_two_lanes_and_with_three() -> None:
    summary = form("budget_summary")
    income = {
        "一、财政拨款": "fiscal",
        "1. 一般公共预算": "general_budget",
        "2. 政府性基金预算": "government_fund",
        "二、财政专户管理资金": "special_account",
        "三、其他资金": "other_funds",
        "当年收入小计": "total_income",
        "上年结转资金": "carry_in",
        "收入合计": "income_grand_total",
    }
    assert summary.lines_of(list(income), "income") == list(income.values())
    expenditure = [
        "一、一般公共服务支出",
        "九、医疗卫生与计划生育支出",
        "当年支出小计",
        "结转下年资金",
        "支出合计",
    ]
    assert summary.lines_of(expenditure, "expenditure") == [
        "201", "210", "total_expenditure", "carry_out", "expenditure_grand_total",
    ]  # fmt: skip
    use = ["一、基本支出", "二、项目支出", "三、单位预留机动经费", "当年支出小计"]
    assert summary.lines_of(use, "expenditure") == ["basic", "project", "reserve", "total_expenditure"]
    shanghai = [
        "一、财政拨款收入",
        "1. 一般公共预算资金",
        "3. 国有资本经营预算",
        "三、事业单位经营收入",
        "四、其他收入",
        "收入总计",
    ]
    assert summary.lines_of(shanghai, "income") == [
        "fiscal", "general_budget", "state_capital", "business", "other", "income_grand_total",
    ]  # fmt: skip
    assert summary.lines_of(["一、财政拨款收入", "收入合计", "上年结转", "收入总计"], "income") == [
        "fiscal", "total_income", "carry_in", "income_grand_total",
    ]  # fmt: skip
    assert summary.lines_of(["一、工资福利支出", "二、商品和服务支出"], "expenditure") == ["301", "302"]
    paths = [
        "本年支出/预算数/合计",
        "本年支出/预算数/基本支出/人员经费",
        "本年支出/预算数/项目支出",
        "支出/功能分类/金额",
    ]
    assert measures("budget_summary", paths, "expenditure") == [
        "amount",
        "basic.personnel",
        "project",
        "amount",
    ]


def test_a_budget_income_table_that_has_its_sources_as_rows() -> None:
    labels = {
        "收入总计": "total",
        "一般公共预算资金/小计": "general_budget",
        "一般公共预算资金/公共财政拨款（补助）资金": "general_budget.appropriation",
        "一般公共预算资金/专项收入": "general_budget.special",
        "政府性基金/小计": "government_fund",
        "财政专户管理资金/小计": "special_account",
        "财政专户管理资金/专户管理教育收费": "special_account.education_fees",
        "财政专户管理资金/其他非税收入": "special_account.other",
        "其他资金/小计": "other_funds",
        "其他资金/事业收入": "service",
        "其他资金/债务资金（银行贷款）": "debt",
        "上年结转和结余资金/小计": "carry_in",
        "上年结转和结余资金/其中：动用上年结转和结余资金": "carry_in.used",
    }
    assert form("budget_income").lines_of(list(labels)) == list(labels.values())
    assert measures("budget_income", ["金额"]) == ["total"]


def test_a_budget_income_table_by_function_code() -> None:
    assert form("budget_income").lines_of(["201", "20113", "2011301", "合计", "304001"]) == [
        "201",
        "20113",
        "2011301",
        "total",
        None,
    ]
    paths = [
        "收入预算/合计",
        "收入预算/财政拨款收入",
        "收入预算/事业收入",
        "收入预算/事业单位经营收入",
        "收入预算/其他收入",
    ]
    assert measures("budget_income", paths) == ["total", "fiscal", "service", "business", "other"]


@pytest.mark.parametrize(
    ("name", "paths", "expected"),
    [
        ("budget_expenditure", ["支出预算/合计", "支出预算/基本支出", "支出预算/项目支出"], ["total", "basic", "project"]),
        (
            "budget_expenditure",
            ["合计", "基本支出", "项目支出", "单位预留机动经费", "结转下年资金"],
            ["total", "basic", "project", "reserve", "carry_out"],
        ),
        (
            "budget_general_expenditure",
            ["一般公共预算支出/合计", "一般公共预算支出/基本支出", "一般公共预算支出/项目支出"],
            ["total", "basic", "project"],
        ),
        (
            "budget_general_expenditure",
            ["2023年执行数", "2024年预算数/小计", "2024年预算数/基本支出", "增减额", "增减%"],
            ["prior.total", "total", "basic", "change.total", "change_rate.total"],
        ),
        ("budget_general_expenditure", ["金额"], ["total"]),
        ("budget_fiscal_expenditure", ["金额"], ["total"]),
        ("budget_fiscal_basic", ["金额"], ["total"]),
        (
            "budget_general_basic",
            ["一般公共预算基本支出/合计", "一般公共预算基本支出/人员经费", "一般公共预算基本支出/公用经费"],
            ["total", "personnel", "public"],
        ),
        ("budget_government_fund", ["政府性基金预算支出/合计", "政府性基金预算支出/基本支出"], ["total", "basic"]),
        ("budget_state_capital", ["国有资本经营预算支出/合计", "国有资本经营预算支出/项目支出"], ["total", "project"]),
        ("budget_operating_cost", ["机关运行经费支出"], ["total"]),
        ("budget_procurement", ["总计"], ["total"]),
        (
            "performance_self_evaluation",
            ["全年预算数（A）", "全年执行数（B）", "执行率（B/A）", "分值", "得分"],
            ["full_year_budget", "executed", "rate", "points", "score"],
        ),
    ],
)  # fmt: skip
def test_columns_of_budget_and_performance_forms(name: str, paths: list[str], expected: list[str]) -> None:
    assert measures(name, paths, year=2024) == expected


def test_the_two_lanes_of_the_fiscal_budget_summary() -> None:
    paths = [
        "财政拨款支出/合计",
        "财政拨款支出/一般公共预算",
        "财政拨款支出/政府性基金预算",
        "财政拨款支出/国有资本经营预算",
    ]
    funds = ["total", "general_budget", "government_fund", "state_capital"]
    assert measures("budget_fiscal_summary", paths, "expenditure") == funds
    assert measures("budget_fiscal_summary", ["财政拨款收入/预算数"], "income") == ["amount"]
    assert measures("budget_fiscal_summary", ["支出/支出用途/金额"], "expenditure") == ["total"]
    lines = form("budget_fiscal_summary").lines_of(
        ["一、一般公共预算资金", "二、政府性基金", "收入总计"], "income"
    )
    assert lines == ["general_budget", "government_fund", "income_grand_total"]


def test_procurement_rows_below_a_kind_are_not_the_kind() -> None:
    labels = ["合计", "一、货物A", "一、货物A/设备购置费/办公设备购置", "二、工程B", "三、服务C"]
    assert form("budget_procurement").lines_of(labels) == ["total", "goods", "item", "works", "services"]


def test_parents_are_the_nearest_printed_lines() -> None:
    expenditure = form("expenditure")
    assert expenditure.parent_of("2080505", {"208", "20805", "total"}) == "20805"
    assert expenditure.parent_of("2080505", {"208", "total"}) == "208"
    assert expenditure.parent_of("208", {"208", "total"}) == "total"
    summary = form("budget_summary")
    assert summary.parent_of("general_budget", {"fiscal", "total_income"}) == "fiscal"
    assert summary.parent_of("general_budget", {"total_income"}) == "total_income"


def test_names_that_checks_may_use() -> None:
    three_public = form("three_public")
    assert three_public.has_line("data")
    assert three_public.has_measure("budget.total")
    assert three_public.has_measure("actual.vehicle_operation")
    assert not three_public.has_measure("total")
    assert form("income").has_line("2080505")
    assert not form("income_expenditure_summary").has_line("2080505")


GOOD = """
form = "sample"
name = "样表"
kind = "budget"
layout = "coded"
titles = ["样表"]

[[column]]
measure = "total"
paths = ["合计"]

[[line]]
line = "total"
labels = ["合计"]
"""
PHASES = '[[plain]]\nprefix = ""\ndefault = true\n'


def catalogue_of(folder: Path, text: str, phases: str = PHASES) -> Catalogue:
    (folder / "sample.toml").write_text(text, encoding="utf-8")
    (folder / "phases.toml").write_text(phases, encoding="utf-8")
    (folder / "shared.toml").write_text('everything = "合计|总计"\n', encoding="utf-8")
    return load_from(folder)


def test_a_sound_definition_loads(tmp_path: Path) -> None:
    assert set(catalogue_of(tmp_path, GOOD).forms) == {"sample"}


def test_a_pattern_that_forms_share_stands_once(tmp_path: Path) -> None:
    form = catalogue_of(tmp_path, GOOD.replace('labels = ["合计"]', 'labels = ["@everything"]', 1)).forms[
        "sample"
    ]
    assert [label.pattern for line in form.lines for label in line.labels] == ["合计|总计"]


@pytest.mark.parametrize(
    ("change", "to", "names"),
    [
        ('measure = "total"', 'measure = "total"\ncolour = "red"', "column total: unknown key colour"),
        ('kind = "budget"', 'kind = "plan"', "kind"),
        ('name = "样表"', 'nmae = "样表"', "nmae: unknown key"),
        ('labels = ["合计"]', 'labels = ["合计"]\nparent = "nowhere"', "no line is called nowhere"),
        (
            'labels = ["合计"]',
            'labels = ["合计"]\n[[line]]\nline = "total"\nlabels = ["总计"]',
            "total stands twice",
        ),
        ('paths = ["合计"]', 'paths = ["合计("]', "no regular expression"),
        ('paths = ["合计"]', 'paths = "合计"', "must be a list"),
        ('paths = ["合计"]', 'paths = ["@nothing"]', "column total.paths: shared.toml has no nothing"),
        ('layout = "coded"', 'layout = "coded"\nphases = "lunar"', "lunar"),
        ('line = "total"', 'line = "合计"', "no canonical name"),
        ('titles = ["样表"]', "", "titles: missing"),
    ],
)
def test_a_wrong_definition_is_refused_by_file_and_key(
    tmp_path: Path, change: str, to: str, names: str
) -> None:
    with pytest.raises(DefinitionError, match=r"sample\.toml") as refused:
        catalogue_of(tmp_path, GOOD.replace(change, to, 1))
    assert names in str(refused.value)


def test_phases_without_a_default_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"phases\.toml: plain"):
        catalogue_of(tmp_path, GOOD, '[[plain]]\nprefix = ""\n')


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2023年度部门决算收支总表", "income_expenditure_summary"),
        ("2023年度部门决算收入总表", "income"),
        ("2023年度部门决算支出总表", "expenditure"),
        ("2023年度部门决算财政拨款收支总表", "fiscal_appropriation_summary"),
        ("2023年度部门决算一般公共预算财政拨款支出表（按功能分类科目）", "general_budget_expenditure"),
        ("一般公共预算财政拨款基本支出表（按经济分类科目）", "general_budget_basic_expenditure"),
        ("政府性基金预算财政拨款收入支出表", "government_fund"),
        ("国有资本经营预算财政拨款支出表", "state_capital"),
        ("2023年部门预算收入总表", None),
        ("部门收支预算总表", None),
        ("项目支出表", None),
    ],
)
def test_an_account_may_name_its_tables_as_a_budget_does(title: str, expected: str | None) -> None:
    assert named(title, "final_account") == expected


def test_what_was_carried_over_from_a_fund_is_not_this_years_income_of_it() -> None:
    paths = ["本年收入/一般公共预算", "上年结转结余/小计", "上年结转结余/一般公共预算", "上年结转/单位资金"]
    assert measures("budget_income", paths) == [
        "general_budget",
        "carry_in",
        "carry_in.general_budget",
        "carry_in.other_funds",
    ]


def test_the_appropriation_is_a_part_where_the_general_budget_stands_above_it() -> None:
    labels = ["一般公共预算拨款收入", "经费拨款", "纳入一般公共预算管理的非税收入拨款"]
    parts = ["general_budget", "general_budget.appropriation", "general_budget.non_tax"]
    for name in ("budget_summary", "budget_fiscal_summary"):
        assert form(name).lines_of(labels, "income") == parts
        assert form(name).lines_of(["经费拨款"], "income") == ["general_budget"]
    heads = ["一般公共预算拨款收入合计", "经费拨款", "非税收入拨款"]
    assert measures("budget_income", heads) == parts


def test_a_table_by_bodies_or_by_items_is_the_same_form() -> None:
    assert [named(f"收入决算表（{way}）") for way in ("分单位", "分科目")] == ["income", "income"]
    assert form("expenditure").lines_of(["合计", "市图书馆", "市文化局机关"]) == ["total", "body", "body"]


def test_functional_rows_with_economic_columns() -> None:
    title = "一般公共预算基本支出表--人员经费(工资福利支出)(按部门预算经济分类)"
    assert named(title, "budget") == "budget_function_economic"
    assert named("政府性基金预算支出分类汇总表（按政府预算经济分类）", "budget") is None
    heads = ["总计", "工资津补贴/小计", "工资津补贴/基本工资", "社会保障缴费/小计", "住房公积金"]
    found = ["total", "wages.pay", "item.e30101", "wages.contributions", "item.e30113"]
    assert measures("budget_function_economic", heads) == found
    heads = ["总计", "政府预算支出经济分类/机关工资福利支出", "政府预算支出经济分类/对个人和家庭的补助"]
    assert measures("budget_function_economic", heads) == ["total", "government.wages", "government.family"]


def test_titles_of_the_public_record() -> None:
    assert named("非财政拨款收入支出决算总表", "final_account") is None
    assert named("其他资金支出表", "budget") is None
    assert named("单位资金支出预算表", "budget") is None
    assert named("部门一般公共预算本级财力安排支出情况表", "budget") == "budget_general_expenditure"
    assert named("财政拨款安排的基本支出预算表", "budget") == "budget_fiscal_basic"
    assert named("2025年国有资本经营预算预算支出表", "budget") == "budget_state_capital"
    assert named("一般公共预算基本支出情况表—商品和服务支出", "budget") == "budget_function_economic"
    assert named("一般公共预算支出情况表—工资福利支出(政府预算)", "budget") == "budget_function_economic"
