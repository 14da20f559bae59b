"""One unit's own report, or that of a department with what belongs to it.

The title does not decide: single units call theirs 部门决算 too. What the report says of its parts does, then what kind of body it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.report import Scope, Section
from gongkai.text import normalise

_UNIT_COVER = re.compile(
    r"(?<!主管)单位(?:预算|决算)|(?:^|[^主管])预算单位[::]|编制单位[::]|[(]本级[)]|(?<!含)本级(?:部门|单位)?(?:预算|决算)|(?<!含)本级(?=\d{4}年)|[局委厅办院]机关(?=\d{4}年)"
)
_DEPARTMENT_COVER = re.compile(r"主管部门[::]|[(](?:部门)?汇总[)]|(?:部门|单位)(?:预算|决算)汇总")
_ALONE = re.compile(
    r"(?:无|没有|不含|未设|0个|零个)(?:其他|任何)?(?:独立核算|独立编制|纳入)?的?(?:下属|所属|二级)|[下所]属(?:二级)?(?:预算)?单位(?:为)?(?:无|0个)"
)
_HAS_UNITS = re.compile(
    r"(?:以及|及|和|与|、)(?:其)?(?:下属|所属|直属)[^0零无]|(?:下属|所属|直属|二级)(?:预算|决算|事业|行政事业)?单位(?:共|有|包括|预算|决算|[1-9一二三四五六七八九])|派出机构|汇总(?:预算|决算|公开|编制)"
)
_INSTITUTION = re.compile(
    r"(?:中心|站|所|馆|校|学|学院|大学|医院|卫生院|研究院|幼儿园|园|队|场|台|社|团|库|基地|剧院|福利院|敬老院)(?:[(].*[)])?"
)
_OFFICE = re.compile(r"(?:局|委|委员会|会|办|室|厅|处|府|街道|镇|乡|部|署|法院|检察院|机关)(?:[(].*[)])?")


def scope_of(
    cover: Sequence[str], name: str | None, members: Sequence[str], sections: Sequence[Section]
) -> Scope | None:
    """The scope by cover, reporting units and kind of body, in this order; None if none of them tells. ``cover`` is normalised."""
    title = "|".join(cover)
    if _DEPARTMENT_COVER.search(title):
        return "department"
    if _UNIT_COVER.search(title):
        return "unit"
    if len(members) > 1:
        return "department"
    said = [
        normalise(s.text) for s in sections if s.kind in ("reporting_units", "organisation", "total_overview")
    ]
    institution = bool(name and re.search(_INSTITUTION.pattern + "$", name))
    if any(_ALONE.search(text) for text in said):
        return "unit"
    if institution:
        return "unit"
    if any(_HAS_UNITS.search(text) for text in said):
        return "department"
    if name and re.search(_OFFICE.pattern + "$", name):
        return "department"
    return None
