"""What must be true of any account: a balanced one is silent, an honestly rounded one has tails at most, a wrong digit is found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from checks.account_notation import all_findings, forms
from checks.prose_notation import check as check_prose
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gongkai.checks import run
from gongkai.report import Form

Leaves = dict[str, tuple[int, int, int]]
"""code of seven digits -> basic and project expenditure from the general budget, and project expenditure from other money, in 分."""

CLASSES = ("201", "205", "208", "210", "221")
some = st.one_of(st.integers(1, 9_999), st.integers(10_000, 99_999_999_999))
fen = st.one_of(st.just(0), some)


@st.composite
def leaves(draw: st.DrawFn) -> Leaves:
    codes = draw(
        st.lists(
            st.tuples(st.sampled_from(CLASSES), st.integers(1, 3), st.integers(1, 4)),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    return {f"{c}{k:02}{x:02}": draw(st.tuples(some, fen, fen)) for c, k, x in sorted(codes)}


def account(of: Leaves, unit: str) -> list[Form]:
    """The forms of an account without carry-over, printed in ``unit`` from exact 分."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for code, amounts in of.items():
        for line in ("total", code[:3], code[:5], code):
            for index, amount in enumerate(amounts):
                sums[line][index] += amount

    def show(amount: int) -> str:
        scaled = Decimal(amount) / (100 if unit == "元" else 1_000_000)
        return str(scaled.quantize(Decimal("0.01"), ROUND_HALF_UP)) if amount else "."

    lines = sorted(sums, key=lambda line: (line != "total", line))
    classes = [line for line in lines if len(line) == 3]
    basic, project, other = sums["total"]
    fiscal = basic + project
    income = {line: (sum(sums[line]), sum(sums[line][:2]), sums[line][2]) for line in lines}
    spending = {line: (sum(sums[line]), sums[line][0], sums[line][1] + sums[line][2]) for line in lines}
    budget = {line: (sums[line][0] + sums[line][1], sums[line][0], sums[line][1]) for line in lines}

    def table(name: str, measures: str, rows: dict[str, tuple[int, ...]]) -> str:
        body = [f"{line} {' '.join(show(amount) for amount in amounts)}" for line, amounts in rows.items()]
        return "\n".join([f"{name} {unit}", measures, *body])

    total = fiscal + other
    wages, goods = basic // 3, basic - basic // 3
    return forms(
        "\n\n".join(
            [
                table(
                    "income_expenditure_summary",
                    "amount",
                    {
                        "general_budget": (fiscal,),
                        "other": (other,),
                        "total_income": (total,),
                        "carry_in": (0,),
                        "income_grand_total": (total,),
                        **{line: spending[line][:1] for line in classes},
                        "total_expenditure": (total,),
                        "carry_out": (0,),
                        "expenditure_grand_total": (total,),
                    },
                ),
                table("income", "total fiscal other", income),
                table("expenditure", "total basic project", spending),
                table(
                    "fiscal_appropriation_summary",
                    "total general_budget",
                    {
                        **{line: (budget[line][0],) * 2 for line in classes},
                        "total_expenditure": (fiscal, fiscal),
                        "carry_out": (0, 0),
                        "expenditure_grand_total": (fiscal, fiscal),
                    },
                ),
                table("general_budget_expenditure", "total basic project", budget),
                table(
                    "general_budget_basic_expenditure",
                    "amount",
                    {
                        "301": (wages,),
                        "30101": (wages,),
                        "302": (goods,),
                        "30201": (goods // 2,),
                        "30211": (goods - goods // 2,),
                        "personnel_total": (wages,),
                        "public_total": (goods,),
                    },
                ),
            ]
        )
    )


@settings(max_examples=25, deadline=None)
@given(leaves())
def test_a_balanced_account_in_yuan_is_silent(of: Leaves) -> None:
    outcome = run(account(of, "元"), kind="final_account", fiscal_year=2022)
    assert outcome.findings == ()
    assert outcome.checks.applied == outcome.checks.passed > 20


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(leaves())
def test_an_honestly_rounded_account_has_rounding_tails_at_most(of: Leaves) -> None:
    outcome = run(account(of, "万元"), kind="final_account", fiscal_year=2022)
    assert outcome.checks.failed == outcome.checks.needs_review == 0
    assert {each.verdict for each in all_findings(outcome)} <= {"pass_with_rounding"}
    assert {each.severity for each in outcome.findings} <= {"info"}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(leaves(), st.sampled_from(["元", "万元"]), st.data())
def test_a_wrong_digit_is_found(of: Leaves, unit: str, data: st.DataObject) -> None:
    """支出决算表 is fully covered: every cell stands in its row's sum. Beyond twice the row's allowance nothing can hide."""
    made = account(of, unit)
    table = next(form for form in made if form.form == "expenditure")
    valued = [each for each in table.figures if each.value]
    assume(valued)
    figure = data.draw(st.sampled_from(valued))
    place = data.draw(st.sampled_from([i for i, digit in enumerate(figure.printed) if digit.isdigit()]))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != figure.printed[place]]))
    wrong = figure.printed[:place] + digit + figure.printed[place + 1 :]
    assert figure.value is not None and figure.yuan is not None
    scale = 1 if unit == "元" else 10_000
    change = (Decimal(wrong) - figure.value) * scale
    assume(unit == "元" or abs(change) > 600)
    spoiled = replace(figure, printed=wrong, value=Decimal(wrong), yuan=figure.yuan + change)
    figures = tuple(spoiled if each.id == figure.id else each for each in table.figures)
    outcome = run(
        [replace(form, figures=figures) if form is table else form for form in made],
        kind="final_account",
        fiscal_year=2022,
    )
    errors = [each for each in all_findings(outcome) if each.verdict == "fail"]
    assert any(operand.id == figure.id for each in errors for operand in each.operands)
    assert len([each for each in outcome.findings if each.severity == "error"]) == 1


cents = st.integers(min_value=1, max_value=10**9)
grown = st.integers(10**6 + 1, 10**9).flatmap(
    lambda base: st.tuples(
        st.just(base), st.one_of(st.integers(max(-(10**8), 1 - base), -1), st.integers(1, 10**8))
    )
)
"""last year's amount and how much it changed"""


@settings(max_examples=60, deadline=None)
@given(cents, cents, st.sampled_from(["0.01", "0.1"]), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
def test_no_honest_percentage_of_any_two_amounts_is_an_error(
    part: int, whole: int, digit: str, way: str
) -> None:
    part, whole = sorted((part, whole))
    share = (Decimal(100 * part) / whole).quantize(Decimal(digit), way)
    text = (
        f"# expenditure 支出\nexpenditure.total 支出合计: amount={Decimal(whole) / 100:.2f}元\n"
        f"expenditure.by_kind 基本支出: amount={Decimal(part) / 100:.2f}元 share={share}%"
    )
    outcome = check_prose(text)
    assert outcome.checks.failed == outcome.checks.needs_review == 0


@settings(max_examples=60, deadline=None)
@given(grown, st.sampled_from(["0.01", "0.1"]))
def test_no_honest_growth_is_an_error_and_one_percent_off_is(both: tuple[int, int], digit: str) -> None:
    base, change = both
    now = base + change
    rate = (Decimal(100 * change) / base).quantize(Decimal(digit), ROUND_HALF_UP)
    line = "# sangong 三公\nsangong.item 公务接待费: amount={:.2f}元 change={:.2f}元 rate={}%"
    now_yuan, change_yuan = Decimal(now) / 100, Decimal(change) / 100
    assert check_prose(line.format(now_yuan, change_yuan, rate)).checks.failed == 0
    assert check_prose(line.format(now_yuan, change_yuan, rate + 1)).checks.failed == 1
