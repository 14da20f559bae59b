"""How the names of bodies that publish budgets end: 某某局, 某某委员会, 某某街道, 某某中学."""

from __future__ import annotations

ENDING = (
    "(?:局|委|会|办|室|厅|院|中心|处|队|所|站|馆|校|学|府|街道|镇|乡|社|团|部|署|库|公司|集团|园|场|台|组|司|行|机关|宫|基地|监狱|海关|报|厂|苑|协|联"
    "|系统|检察|法庭|企业|总工会)"
)
"""Part of a pattern."""
