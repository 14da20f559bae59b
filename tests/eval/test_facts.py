from __future__ import annotations

import dataclasses
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import gongkai.facts
from gongkai.report import Entity, Finding, Mention, Operand, Report, Section, Slot, Source, Subject
from gongkai_eval import facts, findings, labels
from gongkai_eval.facts import Claim
from gongkai_eval.grid import LabelError
from gongkai_eval.labels import Labelled
from gongkai_eval.scorer import Score

REPORTS = Path(__file__).parents[2] / "eval/reports"
TYPED = sorted(
    path.parent / "facts.csv" for path in REPORTS.glob("*/report.txt")
)  # those whose prose may be redistributed
VOCABULARY = Path(gongkai.facts.__file__).with_name("facts.toml")
NOTHING = Score("", {}, ())

# Amounts by rules of the test's own: a number with its unit. Thresholds (50万元以上), minutes, seats and numbers without
# a unit (dates, codes, file numbers) are no amounts; 多 and 余 after the number belong to it.
UNITS = "亿元|万元|千元|元|%|人次|家次|批次|平方米|个|人|名|家|辆|台|套|条|项|份|副|例|分"
AMOUNT = re.compile(
    r"(?<![\d.A-Za-z〔-])(?<!\d,)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*[多余]?\s*"
    rf"({UNITS})(?!钟|座|月|(?<=元)\s*(?:\(含\))?\s*以上)"
)
SAME_UNIT = {"名": "人", "套": "台"}


def amounts_of(text: str) -> Iterator[tuple[str, str]]:
    for number, unit in AMOUNT.findall(unicodedata.normalize("NFKC", text)):
        yield number, SAME_UNIT.get(unit, unit)


def prose(report: Labelled) -> list[tuple[str, str]]:
    """(section name, own text) of each section: tables, cover and contents left out."""
    names = iter(facts.section_names(report.sections))
    own: list[list[str]] = []
    for block in report.blocks:
        if block.kind == "heading":
            own.append([next(names), ""])
        elif block.kind == "paragraph" and block.part in ("body", "annex"):
            own[-1][1] += block.text + "\n"
    return [(name, text) for name, text in own]


def test_five_reports_are_typed() -> None:
    assert len(TYPED) == 5


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.parent.name)
def test_every_amount_of_the_prose_is_in_exactly_one_slot(path: Path) -> None:
    report, claims = labels.load(path.parent), facts.load(path.parent)
    printed = Counter((name, *amount) for name, text in prose(report) for amount in amounts_of(text))
    typed = Counter((claim.section, claim.printed, claim.unit) for claim in claims if claim.value is not None)
    assert (list((printed - typed).elements()), list((typed - printed).elements())) == ([], [])
    assert printed.total() > 100


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.parent.name)
def test_claims_are_of_the_vocabulary_and_quote_their_section(path: Path) -> None:
    declared = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    texts = dict(prose(labels.load(path.parent)))
    for claim in facts.load(path.parent):
        for fact, slot in claim.readings():
            listed = declared["facts"][fact]["slots"]
            names = {
                name for each in listed for name in declared["slots"].get(each.removeprefix("@"), [each])
            }
            assert slot in names, claim
        assert claim.quote in texts[claim.section] and claim.printed in claim.quote, claim
        if claim.value is not None:
            assert abs(claim.value) == Decimal(claim.printed.replace(",", "")), claim


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.parent.name)
def test_numbers_of_findings_and_silences_are_printed(path: Path) -> None:
    report, verdicts = labels.load(path.parent), findings.load(path.parent)
    assert verdicts is not None and verdicts.faults and verdicts.silences
    cells = [cell for table in report.tables for row in table.grid.rows for cell in row]
    printed = {number for block in report.blocks for number in findings.numbers_in(block.text)}
    printed |= {number for cell in cells for number in findings.numbers_in(cell)}
    for tokens in [fault.tokens for fault in verdicts.faults] + [each.tokens for each in verdicts.silences]:
        assert tokens.numbers <= printed, tokens


# A report of three sections, its labels, and the Report that says what they say.

LINES = """三/一 total_overview,total.income_expenditure,,,total,1222.90,1222.90,万元
三/一 total_overview,total.change,,,change,22.90,-22.90,万元
三/二/一 sangong_overall,sangong.item,,公务接待费,budget,11.30,11.30,万元
三/二/二 sangong_detail,sangong.item,,公务接待费,amount,0.27,0.27,万元
三/二/二 sangong_detail,sangong.reception_counts,,,groups,3,3,个
三/二/二 sangong_detail,unclassified,,,amount,30,30,万元
三/二/二 sangong_detail,nil.statement,,出国,statement,,,"""


@pytest.fixture
def claims(tmp_path: Path) -> tuple[Claim, ...]:
    rows = [f"{number},{line},quote" for number, line in enumerate(LINES.splitlines(), 1)]
    (tmp_path / "facts.csv").write_text("\n".join([",".join(facts.COLUMNS), *rows]), encoding="utf-8")
    return facts.load(tmp_path)


def reported(labelled: Labelled, claims: tuple[Claim, ...]) -> Report:
    """Headings stand 10 points apart from the top down; each mention 5 points below its heading."""
    sections = [
        Section(
            id=str(n), kind=s.kind, number=s.number, title=s.title, level=s.level, text="", source=at(10 * n)
        )
        for n, s in enumerate(labelled.sections)
    ]
    names = facts.section_names(labelled.sections)
    mentions = tuple(mention(claim, at(10 * names.index(claim.section) + 5)) for claim in claims)
    return dataclasses.replace(empty(), sections=tuple(sections), mentions=mentions)


def empty() -> Report:
    told: dict[str, Any] = dict.fromkeys(
        ("schema_version", "pipeline_version", "catalogue_version", "content_hash"), ""
    )
    return Report(**told, documents=(), entity=Entity(name=None), fiscal_year=None, kind=None, scope=None)


def at(y: float) -> Source:
    return Source("0" * 64, 1, (0.0, y, 1.0, y + 1))


def mention(claim: Claim, source: Source) -> Mention:
    absent: dict[str, Any] = dict.fromkeys(("yuan", "quantum_yuan", "quote", "source"))
    unit: Any = claim.unit or None
    slot = Slot(slot=claim.slot, printed=claim.printed, value=claim.value, unit=unit, **absent)
    subject = Subject(code=claim.code or None, name=claim.subject)
    return Mention(id="", fact=claim.fact, subject=subject, slots=(slot,), quote="", source=source)


def changed(report: Report, index: int, **changes: Any) -> Report:
    """``report`` with one mention changed: its own fields, or those of its slot."""
    mentions = list(report.mentions)
    old = mentions[index]
    inner = {name: value for name, value in changes.items() if name in ("slot", "value", "unit")}
    slots = (dataclasses.replace(old.slots[0], **inner),)
    outer = {name: value for name, value in changes.items() if name not in inner}
    mentions[index] = dataclasses.replace(old, slots=slots, **outer)
    return dataclasses.replace(report, mentions=tuple(mentions))


def test_a_perfect_report_states_everything(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    result = facts.judge(NOTHING, claims, labelled, reported(labelled, claims))
    assert result.misses == ()
    counts = {name: (t.truth, t.reported, t.right) for name, t in result.tallies.items()}
    assert counts == {
        "facts": (7, 7, 7), "slots": (5, 5, 5), "subjects": (2, 2, 2), "unclassified": (1, 1, 1), "nil": (1, 1, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("index", "changes"),
    [
        (0, {"value": Decimal("1222.91")}),
        (0, {"unit": "元"}),
        (0, {"slot": "income"}),
        (0, {"fact": "fiscal.total"}),
        (0, {"source": at(0)}),
        (1, {"value": Decimal("22.90")}),
        (4, {"value": Decimal(31)}),
    ],
    ids=["value", "unit", "slot", "fact", "section", "sign", "count"],
)
def test_one_wrong_thing_is_a_miss_and_an_extra(
    labelled: Labelled, claims: tuple[Claim, ...], index: int, changes: dict[str, Any]
) -> None:
    report = changed(reported(labelled, claims), index, **changes)
    result = facts.judge(NOTHING, claims, labelled, report)
    assert [miss.key.split(":")[0] for miss in result.misses] == ["slot", "+slot"]
    slots, mentions = result.tallies["slots"], result.tallies["facts"]
    assert (slots.truth, slots.reported, slots.right, mentions.right) == (5, 5, 4, 6)


def test_what_is_counted_may_be_named_otherwise(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    report = changed(reported(labelled, claims), 4, unit="批次")
    assert facts.judge(NOTHING, claims, labelled, report).misses == ()


def test_the_subject_is_counted_apart(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    report = reported(labelled, claims)
    longer = changed(report, 2, subject=Subject(code=None, name="“三公”中的公务接待费"))
    assert facts.judge(NOTHING, claims, labelled, longer).misses == ()
    result = facts.judge(
        NOTHING, claims, labelled, changed(report, 2, subject=Subject(code=None, name="会议费"))
    )
    assert (result.tallies["subjects"].right, result.tallies["slots"].right) == (1, 5)
    assert [(miss.expected, miss.reported) for miss in result.misses] == [("公务接待费", "会议费")]


def test_a_joint_name_is_not_the_name_of_its_part(claims: tuple[Claim, ...]) -> None:
    told = mention(claims[2], at(0))
    bought = dataclasses.replace(claims[2], subject="公务用车购置费")
    joint = dataclasses.replace(claims[2], subject="公务用车购置费及运行维护费")
    named = [
        dataclasses.replace(told, subject=Subject(code=None, name=name))
        for name in ("公务用车购置", "公务用车购置及运行费")
    ]
    assert [facts.is_subject(bought, each) for each in named] == [True, False]
    assert [facts.is_subject(joint, each) for each in named] == [False, True]


def test_of_a_path_the_last_name_counts(claims: tuple[Claim, ...]) -> None:
    item = dataclasses.replace(claims[2], code="2080705", subject="公益性岗位补贴")
    path = Subject(code=None, name="社会保障和就业支出/就业补助/公益性岗位补贴")
    above = Subject(code=None, name="公益性岗位补贴/就业补助")
    coded = Subject(code="2080704", name="公益性岗位补贴")
    told = [dataclasses.replace(mention(item, at(0)), subject=subject) for subject in (path, above, coded)]
    assert [facts.is_subject(item, each) for each in told] == [True, False, False]


def test_where_several_readings_are_fair_each_is_right(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    fair = dataclasses.replace(
        claims[0], fact="expenditure.total|total.income_expenditure", slot="amount|expenditure"
    )
    either = (fair, *claims[1:])
    report = reported(labelled, claims)
    for fact, slot in (("expenditure.total", "amount"), ("total.income_expenditure", "expenditure")):
        assert facts.judge(NOTHING, either, labelled, changed(report, 0, fact=fact, slot=slot)).misses == ()
    crossed = changed(report, 0, fact="total.income_expenditure", slot="amount")
    assert len(facts.judge(NOTHING, either, labelled, crossed).misses) == 2


def test_an_amount_that_fits_no_fact_is_missed_apart(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    report = changed(reported(labelled, claims), 0, fact="unclassified", slot="amount")
    tallies = facts.judge(NOTHING, claims, labelled, report).tallies
    assert (tallies["slots"].reported, tallies["slots"].right) == (4, 4)
    assert (tallies["unclassified"].reported, tallies["unclassified"].right) == (2, 1)


def test_in_a_budget_the_amount_is_the_budget(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    report = changed(reported(labelled, claims), 2, slot="amount")
    assert facts.judge(NOTHING, claims, labelled, report).tallies["slots"].right == 4
    budget = dataclasses.replace(labelled, kind="budget")
    assert facts.judge(NOTHING, claims, budget, report).tallies["slots"].right == 5


def test_a_report_that_was_not_read_states_nothing(labelled: Labelled, claims: tuple[Claim, ...]) -> None:
    tallies = facts.judge(NOTHING, claims, labelled, None).tallies
    assert (tallies["slots"].truth, tallies["slots"].reported, tallies["slots"].right) == (5, 0, 0)


def test_a_mistyped_label_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        f"{','.join(facts.COLUMNS)}\n1,三 x,total.change,,,rate,9.9,9,9,%,quote\n", encoding="utf-8"
    )
    with pytest.raises(LabelError, match=r"facts\.csv:2: 10 columns"):
        facts.load(tmp_path)
    path.write_text(
        f"{','.join(facts.COLUMNS)}\n1,三 x,total.change,,,rate,9.9,--,%,quote\n", encoding="utf-8"
    )
    with pytest.raises(LabelError, match=r"facts\.csv:2: n and value"):
        facts.load(tmp_path)


# Findings.


@pytest.fixture
def verdicts(tmp_path: Path) -> findings.Verdicts:
    (tmp_path / "findings.csv").write_text(
        "code,class,severity,pages,numbers,why\nA,error,error,一,486.71;399.71,x\nB,semantic|error,warning,一,100;持平,x\n"
        "C,structure,info,一,七（一）,x\n",
        encoding="utf-8",
    )
    (tmp_path / "silent.csv").write_text("numbers,why\n2.50;0.75;1.74,a tail\n", encoding="utf-8")
    loaded = findings.load(tmp_path)
    assert loaded is not None
    return loaded


def finding(class_: Any, severity: Any, *printed: str, message: str = "", **more: Any) -> Finding:
    operands = tuple(Operand(id="", label="", printed=each, source=at(0)) for each in printed)
    told: dict[str, Any] = {"class_": class_, "severity": severity, "message": message, "operands": operands}
    return Finding(id="", code="Z", title="", verdict="fail", **told, **more)


RIGHT = (
    finding("error", "error", "486.71", "399.71", "87"),
    finding("error", "warning", "100%", message="持平"),
)


def judged(verdicts: findings.Verdicts, *told: Finding) -> tuple[tuple[int, int, int], int, list[str]]:
    result = findings.judge(NOTHING, verdicts, dataclasses.replace(empty(), findings=told))
    tally = result.tallies["findings"]
    kinds = [miss.key.split(":")[0] for miss in result.misses]
    return (tally.truth, tally.reported, tally.right), result.tallies["quiet"].right, kinds


def test_findings_are_known_by_their_numbers_and_class(verdicts: findings.Verdicts) -> None:
    assert judged(verdicts, *RIGHT) == ((2, 2, 2), 1, [])
    assert judged(verdicts) == ((2, 0, 0), 1, ["finding", "finding"])
    assert findings.judge(NOTHING, verdicts, None).tallies["findings"].right == 0
    parent = finding("error", "error", "1.00", children=(RIGHT[0],))
    assert judged(verdicts, parent, RIGHT[1]) == ((2, 2, 2), 1, [])


@pytest.mark.parametrize(
    "told",
    [
        finding("rounding", "error", "486.71", "399.71"),
        finding("error", "error", "486.71", "399.72"),
        finding("error", "error", "486.71", message="3399.71"),
    ],
    ids=["class", "number", "part of a number"],
)
def test_a_finding_that_matches_no_label_is_a_false_alarm(verdicts: findings.Verdicts, told: Finding) -> None:
    assert judged(verdicts, told, RIGHT[1]) == ((2, 2, 1), 1, ["finding", "+finding"])


def test_an_error_has_to_be_told_aloud(verdicts: findings.Verdicts) -> None:
    whispered = dataclasses.replace(RIGHT[0], severity="info")
    assert judged(verdicts, whispered, RIGHT[1]) == ((2, 1, 1), 1, ["finding"])


def test_what_may_go_untold_is_no_false_alarm(verdicts: findings.Verdicts) -> None:
    assert judged(verdicts, *RIGHT, finding("structure", "warning", message="见七(一)")) == ((2, 2, 2), 1, [])


def test_silences_are_broken_by_errors_alone(verdicts: findings.Verdicts) -> None:
    tail = finding("rounding", "info", "2.50", "0.75", "1.74")
    assert judged(verdicts, *RIGHT, tail) == ((2, 2, 2), 1, [])
    loud = dataclasses.replace(tail, severity="error")
    assert judged(verdicts, *RIGHT, loud) == ((2, 3, 2), 0, ["+finding", "silent"])


def test_a_class_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_text(
        "code,class,severity,pages,numbers,why\nA,wrong,error,一,1,x\n", "utf-8"
    )
    with pytest.raises(LabelError, match=r"findings\.csv:2"):
        findings.load(tmp_path)
