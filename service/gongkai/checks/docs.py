"""The catalogue as a page that an officer can read, each check with its three cases. The cases are the tests' own: ``make docs``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.checks import CATALOGUE_VERSION, catalogue
from gongkai.checks.catalogue import Case, Check
from gongkai.checks.naming import form_name, formula, line_name, measure_name, operand, ratio
from gongkai.checks.notation import Term

_HEAD = """# 勾稽规则目录

由 `make docs` 生成，请勿手改；规则写在 `service/gongkai/checks/*.toml`，例子即测试本身（`tests/checks/*_cases.py`）。
目录版本 {version}，共 {number} 条。

怎样读公式：《表名》“行”〔栏〕。“本行”“本栏”指逐行、逐栏核对；跨表的“本行”指同一科目编码。带＊的项目在表中没有印时不计，其余项目没有印时
这条规则不适用（不是通过）。“各组成项”指该行直接包含的各行，其中项不重复计算。

允许误差由印出的位数推算：以元为单位且小数位数相同的，不允许有差；以万元等单位印出的，n 个数相加允许 (n＋1)×半个末位；
同一数额印在两处的，n 是其下的明细行数；位数不同的，为较粗一处的半个末位。误差以内是尾差，按表合并为一条提示，不算差错。

“正文”指情况说明中所说的数：公式从它开始的，逐处核对；其余的是同一节中与它相邻的一处。比例按印出的位数用区间核对：部分与总数
各有半个末位的误差，比例也有半个末位；只因末位舍去不进的，或按原文较粗的位数才说得通的，是尾差；只差末位一个单位的是警告。正文中推断出来的数不符的，只提示人工核对。

没有印出的行、栏不当作 0；空白在本行本栏已印出时当作 0；各项均为空、标明 ──── 或不予公开的，不适用。依据识别（OCR）或存疑的数字得出的
不符，以及表中另有未能识别的行、栏时的不符，只提示人工核对。各表的上级科目都大于所列下级之和时，可能有依法不公开的涉密科目，也只提示人工核对；
只有一张表如此，或下级之和大于上级，是差错。同一原因引起的多处不符，合为一条，其余列在其下。

带“上年”“当年预算”“所属单位”的表是另一份报告的（`gongkai check A.pdf --with B.pdf`）；两份报告的单位名称应相同，或一份是另一份的所属单位。
给出几个单位的，各单位相加；没有给出部门的全部单位时，“＝”改为“≥”。

每条规则的例子：所举的数相符时通过；改印一处即不符，引号中是所报的文字；没有所说的表或文字时不适用。不作哪些核对及其理由，见文末。
"""

_NOT_HERE = """\
## 有意不作的核对

| 规则 | 不作的理由 |
|---|---|
| T08-ROW 至 T10 以外各省自设表的内部公式 | 表式不一，栏目没有统一的含义；表照原样给出 |
| PERF-SCORE-SUM、PERF-SCORE-GROUP、PERF-TABLE-BLANK（得分之和） | 自评表多有合并的格、几项合给一个分，哪些格相加不能确定 |
| PERF-INDICATOR、PERF-PROJ-NAMES、PERF-SCORE-VS-EXEC、PERF-SCORE-VS-TEXT | 指标、项目的名称各处写法不一，同一与否要由人判断；得分由评价人酌定 |
| PERF-PROJ-EXEC-SUM、X-PERF-T05、BG-PERF（项目绩效金额＝项目支出） | 自评的项目通常只是一部分，还可能含非财政资金；作为等式都是误报 |
| ASSET-AREA-SUM（面积之和） | 各处面积的口径（占用、出租、在建）不一，是否齐全不能确定 |
| B-INC-SUM、B-EXP-CLASS、B-BASIC-ITEMS、B-BASIC-SPLIT、B-PERS、B-YOY-UNITS、B-YOY-ITEMS、B-ORC-YOY、B-SANGONG-YOY \
| 已由 N-LIST-SUM、N-BASIC-SPLIT、BG-YOY、BG-YOY-CHANGE 统一作出，不另设编号 |
| N-ORC-PUBLIC（机关运行经费＝公用经费） | 业内不作等式；只作不大于（X-ORC-T06，`--strict`） |
| UNIT-MIX、UNIT-NOTE | 一段中元、万元并用是常态；恰好相差一万倍的由 BG-UNIT 和表文核对报出 |
| CLS-YEAR-LIST、TERM-VARIANT、OCR-NOISE | 当年科目表之外的名称、用语变体没有可靠的名单；类级名称由各表的 CODE 一条核对 |
| COUNT-LIST（“七个科室”与所列个数） | 顿号、括号的用法不一，个数常数错；且属文字 |
| STRUCT-NUMBERING、STRUCT-TITLE-DRIFT、STRUCT-DETAIL-LEVEL、STRUCT-FUSED-SENTENCE、STRUCT-FUNC-RESULT | 标题是否漏读与漏编难以分清，且与数字无关 |
| SEM-ENUM-NIL、SEM-ORC-APPLICABILITY、TPL-FILL、TPL-GLOSSARY | 单位性质、名词解释的取舍由各地规定，不是差错 |
| 两张表中同一款下两项的数整行互换 | 各项合计仍然相等；只有正文或另一张表印有同一科目时才能看出（X-T03-T05、X-T04-T05、X-NARR-T05-ITEM） |
| 漏印负号 | 与其他数不矛盾时看不出；增减方向与增减额、比例、原因矛盾的由 SEM-REASON-DIRECTION、N-GROWTH 报出 |
| 整段沿用上年文字 | 年份由 YEAR-MISMATCH，各数由表文核对分别报出，不另设编号 |
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One example of a check: what is printed where it holds, what where it fails and the message then, and why it may not apply."""

    where: str
    right: str
    wrong: str
    message: str
    reason: str


_SEVERITY = {"error": "差错", "warning": "警告", "info": "提示"}
_KIND = {"final_account": "决算", "budget": "预算", None: "预算、决算"}
_WORDED = {"base": "与上年同口径的数（决算与决算、预算与预算）比较", "budget_kind": "所说的是年初预算"}
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
    "years": "“与某年相比”的年份应是报告年度的上一年；决算说明中以年份开头、说明收支的句子，年份应是报告年度。",
    "names": "全文的单位名称应一致；简称、加上级地名或党组织前缀的，视为同一名称。正文中与本单位、所属单位的名称只差一个字的，是笔误。",
    "titles": "情况说明中各节的标题不应重复。",
    "flat": "由收支总计与其增减额推出上年的全部收支；说与上年持平的数额大于它的，上年不可能有这一数额。",
    "annex": "正文说见附件，而附件一部分的文字只有“无”。",
    "filled_in": "自评表中印出的填报日期早于所评价年度的12月的。",
    "execution": "从自评表中找出预算数（A）、执行数（B）、执行率（B/A）三栏，逐行用区间核对。",
    "others": "以单位名称开头、说明本年收支、车辆、内设机构的句子，其单位既不是本单位及其所属单位，也不是简称或笔误。",
    "instruction": "逐节查找括号中以“如、若、请、按”等开头，以“填写、填列、表述、删除”等结尾的说明，全文合为一条。",
    "nil_note": "表下注明“本表为空表”“本表无数据”，而表中印有不为0的数。",
    "zero_items": "正文所列的类、项金额为0的，全文合为一条。",
    "unmoved": "说持平或增减额为0，却写了含“增”“减”的原因的。",
    "extremes": "完成比例小于10%（0除外）或大于300%，增减比例大于500%的。",
    "counts": "公务接待批次、人次和因公出国团组、人次不为0，而各处所说的该项支出都是0的；外事接待除外。",
    "as_planned": "逐项说明5项以上，而每项都恰好完成年初预算的100%。",
    "choice": "逐节查找没有选定的“增加（减少）”“大于（小于）”等，全文合为一条。",
    "placeholder": "逐节查找没有填写的 XX、××、____、202 年度等，全文合为一条。",
    "punctuation": "逐节查找“；；”“。。”“，：”等，全文合为一条。",
    "bookmark": "逐节查找书签等标记，全文合为一条。",
    "doubled": "逐节查找印了两遍的句子（20字以上），全文合为一条。",
    "units": "两表之间相等的公式，左右恰好相差一万倍的，归为一条金额单位的差错。",
}


def page(examples: Mapping[str, Sequence[Shown]]) -> str:
    """The whole page, as committed in ``docs/checks.md``; ``examples`` by code."""
    checks = catalogue()
    parts = [_HEAD.format(version=CATALOGUE_VERSION, number=len(checks))]
    for kind in ("final_account", "budget", None):
        parts.append(f"## {_KIND[kind]}\n")
        parts.extend(_entry(check, examples.get(check.code, ())) for check in checks if check.kind == kind)
    return "\n".join([*parts, _NOT_HERE])


def _entry(check: Check, examples: Sequence[Shown]) -> str:
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
    if check.doubt:
        lines.append(f"- 不符时只提示人工核对：{check.doubt}")
    if check.basis:
        lines.append(f"- 依据：{'；'.join(check.basis)}")
    for example in examples[:1]:
        lines.append(
            f"- 例：{example.where}印为 {example.right} 时相符；印为 {example.wrong} 时报：“{example.message}”"
        )
        lines.append(f"- 不适用的例：“{example.reason}”")
    return "\n".join(lines) + "\n"


def _case(case: Case) -> list[str]:
    before = [f"印有{_operand(term)}时" for term in case.if_printed]
    before += [f"{_WORDED.get(slot, slot)}的，" for slot, _ in case.if_worded]
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
