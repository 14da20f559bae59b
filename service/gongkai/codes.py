"""Classification codes: the function classes by name, the economic items by code. Data in ``codes.toml``; lists, never gates."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gongkai.text import normalise, strip_numbering, strip_quotes

_DATA = Path(__file__).with_name("codes.toml")
_FUNCTION = re.compile(r"2\d\d(?:\d\d(?:\d\d)?)?")
# Of items with the same name the usual one first: 31002 before 30902, and 30112 (since 2018) before 30104.
_USUAL = ("301", "302", "303", "310", "307", "399", "312", "313", "304", "305", "306", "308", "309", "311")
_ECONOMIC = re.compile(r"(?:30[1-9]|31[0-3]|399|50[1-9]|51[0-5]|599)(?:\d\d)?")
_LEVEL = re.compile(r"\((?:类|款|项)\)")


@cache
def _tables() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_DATA.read_text(encoding="utf-8")))


def function_classes() -> Mapping[str, str]:
    """``{"201": "一般公共服务支出", …}``: the function classes with their present names."""
    return MappingProxyType({code: names[0] for code, names in _tables()["function"].items()})


@cache
def _classes_by_name(table: str) -> Mapping[str, str]:
    """Name → three-digit code; of classes that share a name the first has it (资本性支出 was never two classes at once)."""
    found: dict[str, str] = {}
    for rank in range(max(map(len, _tables()[table].values()))):
        for code, names in _tables()[table].items():
            if len(code) == 3 and rank < len(names):
                found.setdefault(names[rank], code)
    return MappingProxyType(found)


def _plain(name: str) -> str:
    return _LEVEL.sub("", strip_numbering(strip_quotes(normalise(name))))


def function_class(name: str) -> str | None:
    """The three-digit function class that ``name`` names, under any of its names since 2007 (numbering, (类) and space ignored).

    ``None`` if no class has that name. No name has moved from one class to another, so no year is asked.
    """
    return _classes_by_name("function").get(_plain(name))


def economic_class(name: str) -> str | None:
    """The three-digit economic class of that name (``工资福利支出`` → ``301``); ``None`` if there is none."""
    return _classes_by_name("economic").get(_plain(name))


def economic_name(code: str) -> str | None:
    """The name of an economic code, of the department's list (301…) or the government's (501…); ``None`` if not listed."""
    names = economic_names(code)
    return names[0] if names else None


def economic_names(code: str) -> tuple[str, ...]:
    """Every name an economic code has had, the present one first; empty if not listed."""
    tables = _tables()
    return tuple(tables["economic"].get(code) or tables["government_economic"].get(code) or ())


@cache
def economic_items() -> Mapping[str, tuple[str, ...]]:
    """Five-digit code of the department's list → its names. Of items that share a name the usual one stands first."""
    found = (f"{head}{item:02}" for head in _USUAL for item in (*range(8, 100), *range(1, 8)))
    return MappingProxyType({code: names for code in found if (names := economic_names(code))})


def is_function_code(text: str) -> bool:
    """Whether ``text`` has the shape of a function code: 3, 5 or 7 digits that begin with a known class."""
    return bool(_FUNCTION.fullmatch(text)) and text[:3] in _tables()["function"]


def is_economic_code(text: str) -> bool:
    """Whether ``text`` has the shape of an economic code: 3 or 5 digits of class 301–313, 399 or (government's) 501–515, 599."""
    return bool(_ECONOMIC.fullmatch(text))


def is_department_economic_code(text: str) -> bool:
    """Whether ``text`` is an economic code of the department's list (301…), not of the government's (501…)."""
    return is_economic_code(text) and text.startswith("3")


def join_code(parts: Sequence[str]) -> str | None:
    """One code out of its 类/款/项 columns, levels that lost their zero filled up (``("301", "2")`` → ``30102``).

    ``None`` unless the result has the shape of a code.
    """
    digits = [plain for part in parts if (plain := normalise(part))]
    if not digits or not all(part.isdecimal() for part in digits):
        return None
    whole = digits[0] + "".join(part.zfill(2) for part in digits[1:])
    return whole if is_function_code(whole) or is_economic_code(whole) else None
