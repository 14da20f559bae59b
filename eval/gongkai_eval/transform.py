"""The same report of another department: every body renamed, every amount multiplied, the rest as it was.

What Gongkai reads must not hang on the samples it was built with. Amounts are multiplied by one integer a
report, so sums that hold exactly still do, and percentages, counts, codes, 行次 and years stay true. (A tail
left by rounding grows with the factor: the result is for measuring what is read, not what is found.) Bodies
are known by the label (``entity``, ``names``) and by their place: whatever begins with the place of the
entity is a body.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from gongkai_eval import amounts
from gongkai_eval.grid import LEFT, UP, Column, Grid
from gongkai_eval.labels import Labelled, Table, sections_of

FACTORS = (3, 7, 11, 13, 17, 23, 37)
PLACES = ("岚泽", "青禾", "望川", "锦屏岭", "白鹭", "石溪", "云栖湖", "丹枫")
OFFICES = ("地震台网", "水文测绘", "海岸带", "古籍修复", "气象雷达", "苗木良种", "天文观测", "渔港")
_SUFFIX = "委员会|办公室|人民政府|事务所|中心|学校|大队|支队|总站|街道|局|厅|委|院|站|所|处|馆"
_BODY = rf"[\u4e00-\u9fff]{{1,16}}?(?:{_SUFFIX})"
_PLACE = re.compile(r"([\u4e00-\u9fff]{2,7}?)(?:省|自治区|市|州|盟|县|区|旗|街道|镇|乡)")
_NUMBER = r"(?<![\d.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_AMOUNT = re.compile(_NUMBER + r"(?=\s*(?:亿|千万|百万|十万|万|千|百)?元(?!\s*(?:以[上下]|[（(]含)))")


def disguise(report: Labelled, seed: int = 0) -> Labelled:
    """``report`` with invented names and rescaled amounts, the same for the same seed; ValueError without a typed text."""
    if not report.blocks:
        raise ValueError(f"{report.id}: only a report with its report.txt can be disguised")
    chance = random.Random(f"{seed}/{report.id}")
    factor, names = chance.choice(FACTORS), rename_map(report, chance)
    rename = renamer(names)

    def retell(text: str) -> str:
        return rescale_prose(rename(text), factor)

    blocks = tuple(dataclasses.replace(block, text=retell(block.text)) for block in report.blocks)
    return dataclasses.replace(
        report,
        id=f"{report.id}~{seed}",
        title=rename(report.title),
        entity=rename(report.entity),
        pdf_sha256=(),
        file_names=(),
        names=(),
        tables=tuple(_table(table, factor, rename, retell) for table in report.tables),
        promised=tuple(dataclasses.replace(form, title=rename(form.title)) for form in report.promised),
        blocks=blocks,
        sections=sections_of(blocks),
    )


def rename_map(report: Labelled, chance: random.Random) -> dict[str, str]:
    """Every body of the report → an invented name of another length; the bare places in their names too."""
    lines = [*(block.text for block in report.blocks), *(table.entity_line for table in report.tables)]
    text = "\n".join(lines)
    entity = amounts.normal(report.entity)
    stems = list(dict.fromkeys(match[1] for match in _PLACE.finditer(entity)))[:2]
    places, offices = chance.sample(PLACES, len(PLACES)), chance.sample(OFFICES, len(OFFICES))
    stem_names = dict(zip(stems, places, strict=False))
    bodies = [entity, *report.names]
    for stem in stems:
        bodies += re.findall(rf"{re.escape(stem)}[省市州县区旗镇乡]{_BODY}", text)
    names: dict[str, str] = {}
    for number, body in enumerate(dict.fromkeys(filter(None, bodies))):
        office = offices[number % len(offices)] + "第二"[: 2 * (number // len(offices))]
        names[body] = _invented(body, stem_names, office)
    return names | stem_names


def _invented(body: str, stem_names: Mapping[str, str], office: str) -> str:
    """Keeps the rank of the place and the kind of body: 甲市医疗保障局 → 岚泽市海岸带局."""
    place = "".join(re.findall(r"^(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区|市|州|县|区|旗|镇|乡))+", body)[:1])
    suffix = re.search(rf"(?:{_SUFFIX})$", body)
    for stem, name in stem_names.items():
        place = place.replace(stem, name)
    return f"{place}{office}{suffix[0] if suffix else '局'}"


def renamer(names: Mapping[str, str]) -> Callable[[str], str]:
    """A function that replaces every name of ``names``, the longest first, also one printed with spaces in it."""
    by_plain = {amounts.normal(name): new for name, new in names.items()}
    if not by_plain:
        return lambda text: text
    longest_first = sorted(by_plain, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(r"\s*".join(map(re.escape, name)) for name in longest_first))
    return lambda text: pattern.sub(lambda match: by_plain[amounts.normal(match[0])], text)


def rescale_prose(text: str, factor: int) -> str:
    """Every amount before a money unit multiplied; thresholds (``50万元以上``) are not amounts and stay."""
    return _AMOUNT.sub(lambda match: rescale(match[1], factor, "," in match[1]), text)


def rescale(printed: str, factor: int, grouped: bool) -> str:
    """``1,196.83`` times 7 → ``8,377.81``: decimals as they were, commas if ``grouped``; dashes and blanks stay."""
    value = amounts.number(printed)
    if value is None or not value:
        return printed
    return format(value * Decimal(factor), ",f" if grouped else "f")


def _table(table: Table, factor: int, rename: Callable[[str], str], retell: Callable[[str], str]) -> Table:
    return dataclasses.replace(
        table,
        title=rename(table.title),
        entity_line=rename(table.entity_line),
        notes=tuple(map(retell, table.notes)),
        grid=_grid(table, factor, rename, retell),
    )


def _grid(table: Table, factor: int, rename: Callable[[str], str], retell: Callable[[str], str]) -> Grid:
    grid = table.grid
    quantity = {(r, c): table.quantities.get(key, column.quantity) for r, c, key, column in grid.addresses()}
    grouped = any(
        "," in amounts.normal(grid.rows[r][c]) for (r, c), what in quantity.items() if what == "money"
    )

    def cell(row: int, position: int, text: str) -> str:
        if text in (LEFT, UP):
            return text
        what = quantity.get((row, position))
        return rescale(text, factor, grouped) if what == "money" else retell(text) if what is None else text

    rows = tuple(tuple(cell(r, c, text) for c, text in enumerate(row)) for r, row in enumerate(grid.rows))
    keys = tuple(tuple(amounts.normal(retell(key)) for key in row) for row in grid.keys)
    columns = tuple(column and _renamed(column, rename) for column in grid.columns)
    return dataclasses.replace(grid, columns=columns, keys=keys, rows=rows)


def _renamed(column: Column, rename: Callable[[str], str]) -> Column:
    return dataclasses.replace(column, key=amounts.normal(rename(column.key)))
