"""What a figure's form, line and measure say about it: side, phase, fund, kind and classification. The knowledge is ``dimensions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gongkai import codes
from gongkai.report import Figure, Form, Kind

SIDES = ("income", "expenditure")


@cache
def _data() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")))


def of(form: Form, figure: Figure, report_kind: Kind | None, own_kinds: frozenset[str]) -> dict[str, str]:
    """The dimensions of ``figure`` by column name; what does not apply is left out. ``own_kinds`` as of :func:`kinds_printed`."""
    found = {"phase": _phase(figure.measure, report_kind), "side": _side(figure.row_key)}
    if figure.quantity == "money":
        found["fund"] = _named("fund", figure) or _of_form(form.form, "fund") or "all"
        kind = _of_form(form.form, "kind")
        found["kind"] = _named("kind", figure) or (kind if kind and kind not in own_kinds else "all")
    return {name: value for name, value in found.items() if value} | classified(figure.line, figure.row_label)


def kinds_printed(form: Form) -> frozenset[str]:
    """The kinds of spending that ``form`` prints as columns of their own."""
    return frozenset(
        part
        for f in form.figures
        for part in (f.measure or "").split(".")
        if part in _data()["parts"]["kind"]
    )


def classified(code: str | None, name: str | None = None) -> dict[str, str]:
    """``code`` (and ``name``, as printed) under the official names of the classification that it is of."""
    if code is None:
        return {}
    if codes.is_function_code(code):
        stem = "exp_func"
    elif codes.is_economic_code(code):
        stem = "gov_exp_eco" if code.startswith("5") else "dep_exp_eco"
    else:
        return {}
    return {f"{stem}_code": code} | ({f"{stem}_name": name} if name else {})


def _phase(measure: str | None, report_kind: Kind | None) -> str | None:
    if measure is None or report_kind is None:
        return None
    phases: dict[str, str] = _data()["phases"][report_kind]
    return phases.get(measure.split(".")[0], phases[""])


def _side(row_key: str) -> str | None:
    before, colon, _ = row_key.partition(":")
    return before if colon and before in SIDES else None


def _named(what: str, figure: Figure) -> str | None:
    names = _data()["parts"][what]
    for canonical in (figure.measure, figure.line):
        for part in reversed((canonical or "").split(".")):
            if part in names:
                return str(_data()["renamed"].get(part, part))
    return None


def _of_form(form: str, what: str) -> str | None:
    found: str | None = _data()["forms"].get(form, {}).get(what)
    return found
