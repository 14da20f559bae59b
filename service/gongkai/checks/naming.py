"""What forms, lines and columns are called in Chinese, for people: taken from the definitions, so that nothing is named twice."""

from __future__ import annotations

import re
from functools import cache

from gongkai import codes
from gongkai.checks.notation import ROLES, Equation, Ratio, Term, plain_form
from gongkai.checks.said import about, slot_name
from gongkai.checks.said import named as in_quotes
from gongkai.forms import definitions

_PHASES = {
    "budget.": "预算数",
    "actual.": "决算数",
    "prior.": "上年数",
    "initial_budget.": "年初预算数",
    "adjusted_budget.": "全年预算数",
}
_GROUP = re.compile(r"\(([^()]*)\)[?*+]*")
_NOISE = re.compile(
    r"\(\?[^()]*\)|\(\.\*/\)\?|\.\*|\[\^/\]\*|\((?:预算|度|服务|财政|日常)\)\?(?=\S)|(?<=费)用\?"
)
_CLASS = re.compile(r"\[(.)[^\]]*\]")
_OPERATORS = {"=": "＝", "<=": "≤", ">=": "≥"}


@cache
def form_name(form: str) -> str:
    definition = definitions.load().forms.get(plain_form(form))
    role = form.rpartition(".")[0].rstrip("0123456789")
    return f"{ROLES.get(role, '')}《{definition.name}》" if definition is not None else form


@cache
def line_name(form: str, line: str) -> str:
    """``本年收入合计`` for ``total_income``; a code with its name (``302 商品和服务支出``)."""
    if line.isdigit():
        name = codes.economic_name(line) or codes.function_classes().get(line)
        return f"{line} {name}" if name else line
    if line == "data":
        return "数据"
    definition = definitions.load().forms.get(plain_form(form))
    known = definition.line(line) if definition is not None else None
    return _plain(known.labels[0].pattern) if known is not None and known.labels else line


@cache
def measure_name(form: str, measure: str) -> str:
    """``基本支出`` for ``basic``; a phase is said before it (``决算数·公务接待费``)."""
    definition = definitions.load().forms.get(plain_form(form))
    if definition is None:
        return measure
    columns = {column.measure: column for column in definition.columns}
    prefix = next((each for each in _PHASES if measure.startswith(each) and measure not in columns), "")
    column = columns.get(measure[len(prefix) :])
    if column is None:
        return measure
    name = _plain(column.paths[0].pattern)
    return f"{_PHASES[prefix]}·{name}" if prefix else name


def _plain(pattern: str) -> str:
    """The first reading of a label's regex: ``(本年|当年)收入(合计|小计)`` is 本年收入合计."""
    text = pattern.replace(r"\(", "（").replace(r"\)", "）")
    text = _CLASS.sub(r"\1", _NOISE.sub("", text))
    while (shorter := _GROUP.sub(lambda found: _first(found[1]), text)) != text:
        text = shorter
    return re.sub(r"[?*+\\]", "", _first(text))


def _first(alternatives: str) -> str:
    first = alternatives.split("|")[0]
    return "" if first.startswith("/") else first


def ratio(ratio: Ratio) -> str:
    """``正文“人员经费”〔所占比例〕 ＝ 本项 ÷ 正文“基本支出”``."""
    part, whole = (
        operand(term) if term.line else f"本句的{slot_name(term.column) or '数额'}"
        for term in (ratio.part, ratio.whole)
    )
    ways = {
        "/": f"{part} ÷ {whole}",
        "of": f"{part} ÷（{whole} － {part}）",
        "from": f"（{part} － {whole}）÷ {whole}",
    }
    value = ways[ratio.mark]
    named = ""
    if ratio.named is not None and ratio.named.pattern != ".*":
        words = [word for word in ratio.named.pattern.split("|") if word != "^$"]
        unnamed = "，或没有写明占什么" if "^$" in ratio.named.pattern else ""
        named = f"（原文写明占{'、'.join(words)}的{unnamed}）"
    return f"{operand(ratio.printed)}{named} ＝ {value}"


def operand(term: Term) -> str:
    """A ``§`` operand: ``正文“基本支出”``."""
    slot = f"〔{slot_name(term.column)}〕" if slot_name(term.column) else ""
    if not term.line:
        return f"同一句{slot or '的数额'}"
    whose = "" if term.subject in ("", "code") else f"（{term.subject.replace('|', '、')}）"
    how = {"sum": "其后所列各", "first": "首次所说的"}.get(term.how, "")
    return f"正文{how}{in_quotes(about(term.line))}{whose}{slot}"


def formula(equation: Equation) -> str:
    """The equation in Chinese, each form named where it changes."""
    text = ""
    form = ""
    for side in (equation.left, equation.right):
        if side is equation.right:
            text += f" {_OPERATORS[equation.operator]} "
        for index, term in enumerate(side):
            sign = "－" if term.sign < 0 else "＋" if index else ""
            if term.select == "fact":
                text += f"{sign}{operand(term)}{'＊' if term.optional else ''}"
                form = ""
                continue
            name = form_name(term.form) if term.form != form else ""
            text += f"{sign}{name}{_operand(term)}"
            form = term.form
        text += "0" if not side else ""
    return text


def _operand(term: Term) -> str:
    column = "本栏" if term.column == "column" else measure_name(term.form, term.column)
    rows = {
        "row": "本行",
        "code": "同一科目",
        "children": "所列下级科目之和",
        "details": "其下各行之和",
        "listed": "所列各项之和",
        "functions": "各功能分类（类）之和",
        "economics": "各经济分类（类）之和",
    }
    name = rows.get(term.select) or ("" if term.line == "data" else f"“{line_name(term.form, term.line)}”")
    if term.select in ("parts", "items"):
        name += "各组成项之和"
    return f"{name}〔{column}〕{'＊' if term.optional else ''}"
