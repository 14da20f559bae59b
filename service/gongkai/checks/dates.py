"""Years and dates that cannot be: another year than the report's, a comparison with another than last year's, a form filled in too early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.checks.catalogue import Check
from gongkai.checks.equations import Applied
from gongkai.checks.reading import Reading, Sheets, judged
from gongkai.checks.said import Said, worded
from gongkai.report import Form

_YEAR = re.compile(r"(20\d\d)年")
_OWN_YEAR = re.compile(
    r"(?:^|(?<=[。；\n]))[（(]?[一二三四五六七八九十\d]{0,3}[）)、.．]?\s*(?:本(?:部门|单位))?(20\d\d)年度?"
    r"(?=(?:本?(?:部门|单位|年度?)|[\u4e00-\u9fff]{4,24}?)?(?:收入?、?支|总收|财政拨款|一般公共预算|政府性基金|国有资本|[“\"]?三公|机关运行经费|政府采购))"
)
_AS_OF = re.compile(r"截[至止]到?(20\d\d)年12月31日")
_OTHERWISE = re.compile("预计|计划|拟|将|下年|次年|相比|比较|比上年|较上年")
_LABELLED = re.compile(r"填[报表写]?(?:日期|时间)[:：]?")
_MONTH = re.compile(r"(20\d\d)[年./-](\d{1,2})(?:月|[./-]|$)")


def years(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """What is compared with is last year, and what is told is this year."""
    year, spoken = reading.fiscal_year, False
    for each in reading.prose.spoken:
        found = _YEAR.search(each.word("base"))
        said = each.said("base")
        if found is None or said is None or year is None or not each.has("change"):
            continue
        spoken = True
        message = f"正文（第{said.source.page}页）{year}年度的报告“{said.printed}”，比较的应是上一年度（{year - 1}年）。"
        yield judged([said], int(found[1]) != year - 1, message)
    for own in _own_years(reading) if year is not None else ():
        spoken = True
        wrong = int(own.printed[:4]) == (year or 0) - 1
        message = f"正文（第{own.source.page}页）“{own.quote}”，报告的年度是{year}年，可能沿用了上年的文字。"
        yield judged([own], wrong, message)
    if not spoken:
        yield Applied(None, "not_applicable", "正文没有写明年份")


def _own_years(reading: Reading) -> Iterator[Said]:
    """The year at the head of a sentence on the account itself, unless the sentence names another year or a plan."""
    if reading.kind != "final_account":
        return
    for section in reading.prose.sections:
        if section.method == "ocr" or "/part_narrative" not in f"/{section.id.partition(':')[2]}":
            continue
        if section.kind == "state_assets":
            for found in _AS_OF.finditer(section.text):
                yield reading.quote(section, found.start(1), found.end())
        for found in _OWN_YEAR.finditer(section.text):
            stop = re.compile("[。；\n]|$").search(section.text, found.end())
            sentence = section.text[found.start(1) : stop.start() if stop else None]
            own = re.split("与|比|较", sentence)[0]
            if (
                set(_YEAR.findall(own)) == {found[1]}
                and not _OTHERWISE.search(own)
                and re.search(r"\d", own[5:])
            ):
                yield reading.quote(section, found.start(1), found.start(1) + min(len(own), 24))


def filled_in(check: Check, reading: Reading, sheets: Sheets) -> Iterator[Applied]:
    """A self-evaluation of a year is filled in when the year is over."""
    spoken = False
    for form in (s.form for s in sheets.get("performance_self_evaluation", ())):
        for words in _dates(form):
            found = _MONTH.search(re.sub(r"\s", "", words.printed))
            if found is None or reading.fiscal_year is None:
                continue
            spoken = True
            early = (int(found[1]), int(found[2])) < (reading.fiscal_year, 12)
            message = f"《{form.title}》（第{words.source.page}页）填报日期印的是“{found[0]}”，早于所评价的{reading.fiscal_year}年度终了。"
            applied = judged([words], early, message)
            applied.operands = [(figure, sign, form) for figure, sign, _ in applied.operands]
            yield applied
    if not spoken:
        yield Applied(None, "not_applicable", "没有印填报日期的绩效自评表")


def _dates(form: Form) -> Iterator[Said]:
    """What a form says of when it was filled in: in its caption or beside a label (a record), or in a cell together with the label."""
    for record in form.records:
        if record.name == "filled_in":
            for words in record.words:
                yield worded(record.id, words.text, words.source, grade=record.grade, method=form.method)
    told = {record.source.bbox for record in form.records if record.name == "filled_in"}
    for cell in form.grid.cells if form.grid is not None else ():
        if cell.source.bbox not in told and (label := _LABELLED.search(re.sub(r"\s", "", cell.text))):
            identity = f"{form.id}/grid/{cell.row}/{cell.column}"
            rest = re.sub(r"\s", "", cell.text)[label.end() :]
            yield worded(identity, rest, cell.source, grade=form.grade, method=form.method)
