"""Names in the prose: what stands beside an amount, brought to one form, and the classification code that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from gongkai import codes
from gongkai.facts.words import data
from gongkai.report import Form
from gongkai.text import normalise, strip_quotes

_LEVEL = re.compile(r"(.+?)\((类|款|项)\)(?:支出(?=.+\())?")
_LEVELLED = re.compile(r"\((?:类|款|项)\)")
_PATH = re.compile(r"(?:.+?\((?:类|款|项)\))+[^()]{0,8}")
_LEVEL_CODE = re.compile(r"\((\d{2,3})(类|款|项)\)")
_CODED = re.compile(r"(.+?)\(([23]\d{2}(?:\d{2}){0,2})\)(?:支出)?")
_DASHED = re.compile(r"[^-—]+(?:[-—][^-—]+){1,2}")
_BODY = r"(?:局|委员会|办公厅|办公室|办事处|中心|厅|院|法院|街道|政府|学校|机关|本级|队|所|站|馆|协会|部|处|委|办|署|社|公司|集团)"
_OF_BODY = re.compile(
    rf".{{1,40}}?(?:{_BODY}|政协|人大|妇联|文联|残联|工商联|联合会|工会|团委|纪委)(?:\([^()]{{1,6}}\))?(?:部门|单位|本级|机关)*(?:\((?:单位|部门)\))?"
)
_BODIES = re.compile(rf"{_BODY}(?:\([^()]{{1,6}}\))?(?:部门|单位|本级|机关)*")
_YEAR = re.compile(r"(?:\d{4}年(?:度|初)?|本年度?|当年)")
_UNIT = re.compile(rf".{{0,30}}(?:{_BODY}|单位)(?:\([^()]{{1,6}}\))?(?:本级|机关)?")
_OWNER = re.compile(
    rf"(.{{1,40}}?{_BODY})(?=(?:\([^()]{{1,6}}\))?(?:部门|单位)?(?:\d{{4}}年|本年|当年|收入|支出|财政拨款|一般公共预算))"
)


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    edges = data()["edges"]
    before = re.compile("".join(edges["before"].split("\n")))
    return before, re.compile(edges["after"] + "$")


@lru_cache(maxsize=4096)
def cleaned(name: str) -> str:
    """``name`` without numbering, years, and the words at its edges that name nothing; empty if nothing is left."""
    before, after = _edges()
    plain = name
    while True:
        shorter = _without_body(before.sub("", plain, count=1) if before.match(plain) else plain)
        shorter = after.sub("", shorter)
        if shorter == plain:
            return plain
        plain = shorter


def _without_body(name: str) -> str:
    """``江苏省高级人民法院2017年度收入`` → ``收入``: a year after a body's name ends what only says whose."""
    years = list(_YEAR.finditer(name))
    before = name[: years[-1].start()] if years else name
    whose = not before or (
        _OF_BODY.fullmatch(before) and not _LEVELLED.search(before)
    )  # 图书馆(项) is no body
    return name[years[-1].end() :] if years and whose else name


@lru_cache(maxsize=4096)
def shorter(name: str) -> tuple[str, ...]:
    """What may be meant if ``name`` begins with that of a body: the rest after each body it may begin with, the longest body first."""
    ends = [found.end() for found in _BODIES.finditer(name) if found.end() > 2]
    return tuple(rest for end in reversed(ends) if (rest := cleaned(name[end:])) and rest != name)


def body(text: str) -> str | None:
    """The body that a clause begins with (``甲学校2022年度收入合计`` → ``甲学校``); None if it begins with none."""
    before, _ = _edges()
    found = _OWNER.match(before.sub("", text, count=1) if before.match(text) else text)
    return found[1] if found else None


@lru_cache(maxsize=1024)
def shortened(name: str, full: str) -> bool:
    """Whether ``name`` may be short for ``full`` (省检察院 for 江苏省人民检察院), or the other way round."""
    return _within(name, full) or _within(full, name)


def _within(name: str, full: str) -> bool:
    rest = iter(full)
    return all(character in rest for character in name)


@cache
def _economic_names() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, names in codes.economic_items().items():
        for name in names:
            found.setdefault(normalise(name), []).append(code)
    return {name: tuple(own) for name, own in found.items()}


def economic(name: str) -> tuple[str, ...]:
    """The five-digit economic codes of that name, the likeliest first; empty if no item has it."""
    name, printed = coded(name)
    if printed is not None and printed.startswith("3"):
        return (printed,)
    table = _economic_names()
    return table.get(name) or table.get(name.removesuffix("支出")) or table.get(name + "支出") or ()


def coded(name: str) -> tuple[str, str | None]:
    """``行政单位离退休(2080501)`` → the name and the code that is printed behind it; None if there is none.

    The levels of a path may each print their part: ``交通运输支出(214类)公路水路运输(01款)`` is 21401.
    """
    found = _CODED.fullmatch(name)
    if found is None and (parts := _LEVEL_CODE.findall(name)):
        code = "".join(part for part, _ in parts)
        return _LEVEL_CODE.sub(r"(\2)", name), code if codes.is_function_code(code) else None
    return (found[1], found[2]) if found else (name, None)


def function_class(name: str) -> str | None:
    """The class that ``name`` names, with or without ``(类)`` and 支出 before or behind it."""
    bare = coded(name)[0].replace("(类)", "").removesuffix("类").removesuffix("支出")
    return codes.function_class(bare) or codes.function_class(bare + "支出")


def is_path(name: str) -> bool:
    """``社会保障和就业支出(类)就业补助(款)公益性岗位补贴(项)``, or its end, or an item with its code."""
    name, printed = coded(name)
    if printed is not None and codes.is_function_code(printed) and len(printed) > 3:
        return True
    if _PATH.fullmatch(name):
        return "(款)" in name or "(项)" in name
    return bool(_DASHED.fullmatch(name)) and function_class(levels(name)[0]) is not None


def is_class(name: str) -> bool:
    """``卫生健康支出`` or ``卫生健康(类)支出``."""
    levelled = ("(" in name and "(类)" not in name) or "(款)" in name or "(项)" in name
    return not levelled and function_class(name) is not None


def is_unit(name: str) -> bool:
    """A name that ends like that of a body (局机关本级, 市医疗保障事务中心)."""
    return bool(_UNIT.fullmatch(name))


def levels(name: str) -> tuple[str, ...]:
    """The names of a path, outermost first; a name without levels is a path of one."""
    name = coded(name)[0]
    found = [part[0] for part in _LEVEL.findall(name)]
    if not found and _DASHED.fullmatch(name):
        found = re.split("[-—]", name.removesuffix("科目"))
    return tuple(found) if found else (name,)


class Codes:
    """Finds the codes of names with the help of the tables of the same report."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self.names: dict[str, set[str]] = {}
        self.items: set[str] = set()
        for form in forms:
            for figure in form.figures:
                code = figure.row_key.partition("#")[0]
                if codes.is_economic_code(code):
                    self.items.add(code)
                elif codes.is_function_code(code) and figure.row_label:
                    self.names.setdefault(_bare(figure.row_label), set()).add(code)

    def economic(self, name: str) -> str | None:
        """The economic code of ``name``: of several the one that a table prints, else the likeliest."""
        found = economic(name)
        return next((code for code in found if code in self.items), found[0] if found else None)

    def function(self, path: Sequence[str], within: str | None = None) -> str | None:
        """The code of the last name of ``path`` below those before it; ``within`` is the class above the path, if known.

        ``None`` unless the tables leave exactly one.
        """
        above = within or ""
        for position, name in enumerate(path):
            given = codes.function_class(name) if not above and position == 0 and len(path) > 1 else None
            candidates = {code for code in self.names.get(_bare(name), ()) if code.startswith(above)}
            if given:
                candidates = {given}
            elif position == len(path) - 1 and (len(path) > 1 or within):
                candidates = {code for code in candidates if len(code) == 7} or candidates
            elif len(path) > 1:
                candidates = {code for code in candidates if len(code) < 7}
            elif any(len(code) == 7 for code in candidates):
                candidates = {code for code in candidates if len(code) == 7}
            if len(candidates) != 1:
                if position == len(path) - 1:
                    return None
                continue
            above = candidates.pop()
        return above or None


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    plain = _LEVEL.sub(r"\1", strip_quotes(normalise(name)))
    return plain if len(plain) <= 4 else plain.removesuffix("支出")
