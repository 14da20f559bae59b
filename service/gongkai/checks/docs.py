"""Writes the catalogue as a page that an officer can read: ``python -m gongkai.checks.docs > docs/checks.md``."""

from __future__ import annotations

import sys

from gongkai.checks import CATALOGUE_VERSION, catalogue
from gongkai.checks.catalogue import Case, Check
from gongkai.checks.naming import form_name, formula, line_name, measure_name, operand, ratio
from gongkai.checks.notation import Term

_HEAD = """# 勾稽规则目录

由 `python -m gongkai.checks.docs > docs/checks.md` 生成，请勿手改；规则写在 `service/gongkai/checks/*.toml`。目录版本 {version}，共 {number} 条。

怎样读公式：《表名》“行”〔栏〕。“本行”“本栏”指逐行、逐栏核对；跨表的“本行”指同一科目编码。带＊的项目在表中没有印时不计，其余项目没有印时
这条规则不适用（不是通过）。“各组成项”指该行直接包含的各行，其中项不重复计算。

允许误差由印出的位数推算：以元为单位且小数位数相同的，不允许有差；以万元等单位印出的，n 个数相加允许 (n＋1)×半个末位；
同一数额印在两处的，n 是其下的明细行数；位数不同的，为较粗一处的半个末位。误差以内是尾差，按表合并为一条提示，不算差错。

“正文”指情况说明中所说的数：公式从它开始的，逐处核对；其余的是同一节中与它相邻的一处。比例按印出的位数用区间核对：部分与总数
各有半个末位的误差，比例也有半个末位；只因末位舍去不进的，或按原文较粗的位数才说得通的，是尾差；只差末位一个单位的是警告。正文中推断出来的数不符的，只提示人工核对。

没有印出的行、栏不当作 0；空白在本行本栏已印出时当作 0；各项均为空、标明 ──── 或不予公开的，不适用。依据识别（OCR）或存疑的数字得出的
不符，以及表中另有未能识别的行、栏时的不符，只提示人工核对。各表的上级科目都大于所列下级之和时，可能有依法不公开的涉密科目，也只提示人工核对；
只有一张表如此，或下级之和大于上级，是差错。同一原因引起的多处不符，合为一条，其余列在其下。
"""

_SEVERITY = {"error": "差错", "warning": "警告", "info": "提示"}
_KIND = {"final_account": "决算", "budget": "预算", None: "预算、决算"}
_RULES = {
    "codes": "科目编码逐行检查：位数、上级科目、排列顺序、类级名称与编码是否相符。同一科目列了多次（分单位列示）的不适用。",
    "row_numbers": "逐行检查印出的行次。",
    "promised_forms": "目录或正文列出的每张表，都应在所给文件中找到；注明另见附件的除外。",
    "share_sum": "各项齐全（相加等于总数）时，所占比例之和为100%，允许各项末位的一半之和。",
    "share_whole": "N-SHARE 中比例印为100%、部分却不等于总数的，单列于此；按全文通常的小数位数判断。",
    "share_rounded": "部分与总数只差一点、比例四舍五入为100%的，单列于此。",
    "from_zero": "N-GROWTH 中上年数为0的，单列于此，合为一条。",
    "implied_base": "同一事项在两处说了不同的本年数和增减额时，本年数－增减额应相等。",
    "change_repeat": "同一事项在两处说了相同的本年数时，增减额应相等。",
    "class_items": "正文所列各类支出，与具体情况中属于该类的各项支出之和核对；科目不能归类、列到不同级次的不适用。",
    "sme_by_kind": "授予中小企业合同金额等于政府采购支出总额时，有采购的每一类占“该类支出金额”的比例都是100%。",
    "coverage": "纳入绩效管理的资金占项目支出（或支出总额）的比例，与决算表或正文的项目支出（支出总额）核对，与其中一个相符即可。",
    "direction": "“决算数大于（小于、等于）预算数”与同一句中的两个数核对；增加（减少）的原因若只说“某某经费减少（增加）”，方向相反。",
    "item_names": "正文写明类、款、项而表中没有的科目，若金额恰好等于表中另一个没有说到的科目，名称应有误；名称相近的不算。",
    "item_kinds": "正文在一类（项）支出之后说其中基本支出、项目支出的，与支出表同一科目的相应栏核对。",
    "perf_table": "从自评表中读出“基本支出总额”“项目支出总额”“整体支出总额”右边的数；整体支出的预算数、执行数有一个等于两项之和即可。",
    "nil": "正文说没有政府性基金、国有资本经营预算收支的，相应的表合计行应为空或0；只说结转结余的不适用。",
    "years": "“与某年相比”的年份应是报告年度的上一年。",
    "names": "全文的单位名称应一致；简称、加上级地名或党组织前缀的，视为同一名称。",
    "titles": "情况说明中各节的标题不应重复。",
    "choice": "逐节查找没有选定的“增加（减少）”“大于（小于）”等，全文合为一条。",
    "placeholder": "逐节查找没有填写的 XX、××、____、202 年度等，全文合为一条。",
    "punctuation": "逐节查找“；；”“。。”“，：”等，全文合为一条。",
    "bookmark": "逐节查找书签等标记，全文合为一条。",
    "doubled": "逐节查找印了两遍的句子（20字以上），全文合为一条。",
    "units": "两表之间相等的公式，左右恰好相差一万倍的，归为一条金额单位的差错。",
}


def page() -> str:
    """The whole page, as committed in ``docs/checks.md``."""
    checks = catalogue()
    parts = [_HEAD.format(version=CATALOGUE_VERSION, number=len(checks))]
    for kind in ("final_account", "budget", None):
        parts.append(f"## {_KIND[kind]}\n")
        parts.extend(_entry(check) for check in checks if check.kind == kind)
    return "\n".join(parts)


def _entry(check: Check) -> str:
    lines = [f"### {check.code} {check.title}\n"]
    if check.rule is not None:
        lines.append(f"- {_RULES[check.rule]}")
    for case in check.cases:
        lines.extend(_case(case))
    lines.extend(f"- {ratio(each)}" for each in check.ratios)
    lines.append(
        f"- 级别：{_SEVERITY[check.severity]}{_years(check)}{'；默认不检查（`--strict`）' if check.strict else ''}"
    )
    if check.skipped_when:
        lines.append(f"- 不适用：{check.skipped_when}")
    if check.basis:
        lines.append(f"- 依据：{'；'.join(check.basis)}")
    return "\n".join(lines) + "\n"


def _case(case: Case) -> list[str]:
    before = [f"印有{_operand(term)}时" for term in case.if_printed]
    before += [f"同一节说明了{operand(term)}时" for term in case.if_said]
    before += [f"没有印{_operand(term)}时" for term in case.unless_printed]
    if case.only_if:
        before.append("当" + "、".join(formula(condition) for condition in case.only_if) + "时")
    if case.either:
        before.append("以下有一式成立即可")
    if not before:
        return [f"- {formula(equation)}" for equation in case.equations]
    return [f"- {'，'.join(before)}：", *(f"  - {formula(equation)}" for equation in case.equations)]


def _operand(term: Term) -> str:
    row = f"“{line_name(term.form, term.line)}”" if term.line != "data" else ""
    return f"{form_name(term.form)}{row}〔{measure_name(term.form, term.column)}〕"


def _years(check: Check) -> str:
    first, last = check.years
    if first is None and last is None:
        return ""
    return f"；{first or ''}年{'起' if last is None else f'至{last}年'}"


if __name__ == "__main__":
    sys.stdout.write(page())
