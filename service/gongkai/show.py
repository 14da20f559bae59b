"""A Report for people: every trouble as FILE:PAGE / EXCERPT / EXPLANATION, in Chinese, and a summary line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.checks import Check, Outcome
    from gongkai.errors import Refusal
    from gongkai.llm.budget import Usage
    from gongkai.llm.questions import Question
    from gongkai.report import Checks, Finding, Form, Issue, Report, Source

SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
NOT_SURE = {"needs_review": "待核", "undefined_base": "基数为零，无从比较"}
COLOURS = {"error": "31", "warning": "33", "info": "36", "place": "1", "dim": "2", "good": "32"}
MOST_EXCERPTS = 12

Paint = Callable[[str, str], str]


def plain(text: str, colour: str) -> str:
    """``text`` as it is: the :data:`Paint` for a file or a pipe."""
    return text


def coloured(text: str, colour: str) -> str:
    """``text`` in one of :data:`COLOURS`, for a terminal."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def safe(text: str) -> str:
    """``text`` from a document without the control characters that would steer the reader's terminal."""
    return "".join(c if c.isprintable() else "�" for c in text)


def report(report: Report, paint: Paint = plain) -> Iterator[str]:
    """The lines of a whole Report: who and when, findings by weight, what was not read, forms that are not there, counts."""
    names = {document.id: safe(document.file_name) for document in report.documents}
    yield paint(_heading(report), "place")
    yield ""
    weights = list(SEVERITIES)
    for each in sorted(report.findings, key=lambda f: weights.index(f.severity)):
        yield from finding(each, names, paint)
        yield ""
    for issue in report.issues:
        yield from _issue(issue, names, paint)
        yield ""
    for form in report.forms:
        told = any(form.title in finding.message for finding in report.findings)
        if form.state == "elsewhere" or (form.state == "missing" and not told):
            yield from _absent(form, paint)
            yield ""
    yield summary(report, paint)


def asking(usage: Usage, questions: Sequence[Question]) -> Iterator[str]:
    """What asking a model took, and what it might still have added; nothing if there is neither."""
    for task, each in sorted(usage.by_task.items()):
        if each.calls or each.cache_hits:
            tokens = f"{each.input_tokens}+{each.output_tokens} 词元，{each.seconds:.1f} 秒"
            yield f"模型 {task}：{each.questions} 问 {each.answered} 答，{each.calls} 次调用，{tokens}"
    if questions:
        counts = Counter(question.task for question in questions)
        listed = "、".join(f"{task} {count}" for task, count in sorted(counts.items()))
        yield f"有 {len(questions)} 个问题可由模型回答（{listed}），未作答；用 --record FILE 可写出这些问题。"


def between(found: Outcome, report: Report, others: Sequence[Report], paint: Paint = plain) -> Iterator[str]:
    """The lines of what was found between a Report and others: findings, why checks could not run, counts."""
    names = {
        document.id: safe(document.file_name) for each in (report, *others) for document in each.documents
    }
    yield ""
    for other in others:
        yield paint(f"与另一份报告核对：{_heading(other)}", "place")
    yield ""
    for each in found.findings:
        yield from finding(each, names, paint)
        yield ""
    reasons = Counter(
        (each.code, each.reason) for each in found.checks.results or () if each.verdict == "not_applicable"
    )
    for (code, reason), times in reasons.items():
        yield paint(f"  不适用 {code}：{safe(reason or '')}{f'（{times}项）' if times > 1 else ''}", "dim")
    yield _counted(found.checks, paint)


def finding(finding: Finding, names: dict[str, str], paint: Paint = plain) -> Iterator[str]:
    """One finding: its place, the figures as printed, what is wrong with them, what to do and on what basis."""
    places = [operand.source for operand in finding.operands]
    label = SEVERITIES[finding.severity]
    if finding.verdict in NOT_SURE:
        label = f"{label}·{NOT_SURE[finding.verdict]}"
    where = paint(_place(places[0] if places else None, names), "place")
    yield f"{where}  {paint(f'[{label}]', finding.severity)} {finding.code} {safe(finding.title)}"
    yield from _excerpts(finding, names)
    yield f"  {safe(finding.message)}"
    if finding.reason:
        yield f"  {safe(finding.reason)}"
    if finding.suggestion:
        yield f"  建议：{safe(finding.suggestion)}"
    if finding.basis:
        yield paint(f"  依据：{'；'.join(finding.basis)}", "dim")
    if finding.children:
        codes = "、".join(dict.fromkeys(child.code for child in finding.children))
        yield paint(f"  同一原因的另外 {len(finding.children)} 处：{codes}", "dim")


def summary(report: Report, paint: Paint = plain) -> str:
    """One line of counts: the checks by verdict, what was not read, the forms that are not there."""
    missing = sum(form.state == "missing" for form in report.forms)
    return _counted(report.checks, paint, f"未读出 {len(report.issues)} 处", f"缺表 {missing} 张")


def _counted(checks: Checks, paint: Paint, *more: str) -> str:
    parts = [
        f"核对 {checks.applied} 项",
        f"通过 {checks.passed}",
        f"尾差 {checks.passed_with_rounding}",
        f"不符 {checks.failed}",
        f"待核 {checks.needs_review}",
        f"无从比较 {checks.undefined_base}",
        f"不适用 {checks.not_applicable}",
        *more,
    ]
    return paint("，".join(parts) + "。", "error" if checks.failed else "good")


def refusal(refusal: Refusal, file_names: list[str], paint: Paint = plain) -> Iterator[str]:
    """A refused submission, in the same shape as a finding."""
    where = safe(refusal.file_name or "、".join(file_names))
    yield f"{paint(where, 'place')}  {paint('[拒绝]', 'error')} {refusal.type} {refusal.title}"
    yield f"  {refusal.detail}"


def check(check: Check, paint: Paint = plain) -> Iterator[str]:
    """One check of the catalogue: its code and title, what must be equal, and on what basis."""
    weight = paint(f"[{SEVERITIES[check.severity]}]", check.severity)
    yield f"{paint(check.code, 'place')}  {weight} {check.title}"
    for case in check.cases:
        for equation in case.equations:
            yield f"  {equation.text}"
    if check.basis:
        yield paint(f"  依据：{'；'.join(check.basis)}", "dim")


def _heading(report: Report) -> str:
    kind = {"final_account": "决算", "budget": "预算", None: "类别未知"}[report.kind]
    year = f"{report.fiscal_year} 年度" if report.fiscal_year else "年度未知"
    pages = sum(len(document.pages) for document in report.documents)
    tables = sum(form.state in ("present", "nil") for form in report.forms)
    counts = f"{pages} 页，{tables} 张表，{len(report.sections)} 节"
    return f"{safe(report.entity.name or '单位未知')}  {year}  {kind}（{counts}）"


def _issue(issue: Issue, names: dict[str, str], paint: Paint) -> Iterator[str]:
    where = paint(_place(issue.source, names), "place")
    yield f"{where}  {paint('[未读出]', 'warning')} {issue.kind}"
    yield f"  {safe(issue.message)}"


def _absent(form: Form, paint: Paint) -> Iterator[str]:
    told = {"toc": "目录列有此表", "text": "正文提到此表", "none": "按规定应有此表"}[form.expected_by]
    if form.state == "missing":
        yield f"{paint('[缺表]', 'warning')} {safe(form.title)}"
        yield f"  {told}，但所给文件中没有找到。"
    else:
        yield f"{paint('[另附]', 'info')} {safe(form.title)}"
        yield f"  {told}，文中说明见其他文件；一并提交即可核对。"


def _place(source: Source | None, names: dict[str, str]) -> str:
    if source is None:
        return "全文" if len(names) != 1 else next(iter(names.values()))
    return f"{names.get(source.document, source.document[:12])}:{source.page}"


def _excerpts(finding: Finding, names: dict[str, str]) -> Iterator[str]:
    """The operands as printed, each with its page when that is another than the finding's; blank ones add nothing."""
    filled = [operand for operand in finding.operands if operand.printed.strip()] or finding.operands
    for operand in filled[:MOST_EXCERPTS]:
        here, there = finding.operands[0].source, operand.source
        other = (here.document, here.page) != (there.document, there.page)
        place = f"  （{_place(there, names)}）" if other else ""
        yield f"    {safe(operand.label)}  “{safe(operand.printed)}”{place}"
    if len(filled) > MOST_EXCERPTS:
        yield f"    …… 另有 {len(filled) - MOST_EXCERPTS} 个数"
