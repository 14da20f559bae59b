"""Which files of a batch are one disclosure, whose it is, and who has not published. Pure: briefs and a roster in, answers out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path
from typing import Any

from gongkai.report import Kind, Scope
from gongkai.roster import Body, Match, Roster, plain

WHY = {
    "unmatched": "名录中没有这个名称；请在名录的别名中补上，或确认不属于本名录",
    "ambiguous": "名录中有多个单位用这个名称；请在名录的“文件”一列写明",
    "nameless": "文中没有读出单位名称；请在名录的“文件”一列写明",
    "undated": "没有读出年度或预算、决算类别，未计入公开情况",
    "doubled": "同一单位、年度和类别有多份内容重复的公开，请确认以哪份为准",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a batch remembers of one Report. ``forms``: (form, state); ``sections``: the kinds of its sections."""

    key: str
    path: Path
    files: tuple[Path, ...]
    name: str | None
    printed: tuple[str, ...]
    members: tuple[str, ...]
    year: int | None
    kind: Kind | None
    scope: Scope | None
    forms: tuple[tuple[str, str], ...]
    sections: tuple[str, ...]
    counts: Mapping[str, int]

    def filled(self) -> frozenset[str]:
        """The forms and kinds of sections that stand in it."""
        forms = {form for form, state in self.forms if state in ("present", "nil")}
        return frozenset(forms | {f"§{kind}" for kind in self.sections if kind != "other"})


def brief(data: bytes, path: Path, key: str, files: Sequence[Path]) -> Brief:
    """Of a Report's JSON, which stands in ``path`` and was made of ``files``."""
    report: dict[str, Any] = json.loads(data)
    findings, entity = report["findings"], report["entity"]
    return Brief(
        key=key,
        path=path,
        files=tuple(files),
        name=entity["name"],
        printed=tuple(entity["names_as_printed"]),
        members=tuple(entity["members"]),
        year=report["fiscal_year"],
        kind=report["kind"],
        scope=report["scope"],
        forms=tuple((form["form"], form["state"]) for form in report["forms"]),
        sections=tuple(section["kind"] for section in report["sections"]),
        counts={
            "pages": sum(len(document["pages"]) for document in report["documents"]),
            "errors": sum(finding["severity"] == "error" for finding in findings),
            "warnings": sum(finding["severity"] == "warning" for finding in findings),
            "needs_review": sum(finding["verdict"] == "needs_review" for finding in findings),
            "issues": len(report["issues"]),
        },
    )


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the answer: ``body`` has, or has not (no ``briefs``), published this. ``part_of``: a department that counts it in."""

    body: Body
    year: int | None
    kind: Kind | None
    scope: Scope | None
    briefs: tuple[Brief, ...] = ()
    part_of: Brief | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``review``: reports that a person has to place, with the reason (:data:`WHY`); ``bodies``: the body of each report by key."""

    published: tuple[Published, ...]
    review: tuple[tuple[Brief, str], ...]
    bodies: Mapping[str, Body] = field(default_factory=dict)


def told_together(files: Iterable[Path], roster: Roster) -> list[tuple[Path, ...]]:
    """Files that the roster names for one body together (names or patterns in its column of files), two or more."""
    groups: list[tuple[Path, ...]] = []
    left = list(files)
    for body in roster.bodies:
        group = tuple(path for path in left if _named(path, body))
        if len(group) > 1:
            groups.append(group)
            left = [path for path in left if path not in group]
    return groups


def _named(path: Path, body: Body) -> bool:
    return any(fnmatchcase(path.name, pattern) for pattern in body.files)


def match(one: Brief, roster: Roster) -> Match:
    """Whose report it is: the body that names its files, else the one that bears its name."""
    named = [body for body in roster.bodies if body.files and all(_named(path, body) for path in one.files)]
    return Match(named[0]) if len(named) == 1 else roster.match(one.name, one.printed)


def belonging_together(briefs: Sequence[Brief], roster: Roster) -> list[tuple[Brief, ...]]:
    """Reports that are parts of one disclosure: of one body, year, kind and scope, and no form or section stands in two of them."""
    groups: dict[tuple[Any, ...], list[Brief]] = {}
    for one in briefs:
        body = match(one, roster).body
        if body and one.year and one.kind:
            groups.setdefault((body.line, one.year, one.kind, one.scope), []).append(one)
    return [
        tuple(group)
        for group in groups.values()
        if len(group) > 1 and not any(a.filled() & b.filled() for a, b in combinations(group, 2))
    ]


def answer(briefs: Sequence[Brief], roster: Roster, year: int | None = None) -> Answer:
    """Who has published what, who has not, and what a person has to look at.

    The question is asked for ``year``; without it, for each kind, for the year of most of its reports.
    """
    review: list[tuple[Brief, str]] = []
    bodies: dict[str, Body] = {}
    found: dict[int, dict[tuple[Any, ...], list[Brief]]] = {}
    for one in briefs:
        matched = match(one, roster)
        if matched.body is None:
            review.append((one, matched.why or "unmatched"))
            continue
        bodies[one.key] = matched.body
        if one.year is None or one.kind is None:
            review.append((one, "undated"))
        found.setdefault(matched.body.line, {}).setdefault((one.year, one.kind, one.scope), []).append(one)
    review += [
        (one, "doubled")
        for of_body in found.values()
        for same in of_body.values()
        if len(same) > 1
        for one in same
    ]
    years = {kind: year or usual for kind, usual in _usual_years(briefs).items()}
    members = {
        (plain(name), one.kind, one.year): one for one in briefs if one.key in bodies for name in one.members
    }
    lines: list[Published] = []
    for body in roster.bodies:
        asked = {kind: years.get(kind, year) for kind in body.kinds or years}
        lines += _lines(body, found.get(body.line, {}), asked, members)
    return Answer(tuple(lines), tuple(review), bodies)


def _usual_years(briefs: Sequence[Brief]) -> dict[Kind, int]:
    """The year that a batch is about, by kind: the commonest, of equals the latest."""
    counts = Counter((one.kind, one.year) for one in briefs if one.kind and one.year)
    years: dict[Kind, int] = {}
    for (kind, year), _ in sorted(counts.items(), key=lambda item: (item[1], item[0][1])):
        years[kind] = year
    return years


def _lines(
    body: Body,
    found: Mapping[tuple[Any, ...], Sequence[Brief]],
    asked: Mapping[Kind, int | None],
    members: Mapping[tuple[str, Kind | None, int | None], Brief],
) -> list[Published]:
    lines = [
        Published(body, year, kind, scope, tuple(briefs))
        for (year, kind, scope), briefs in sorted(found.items(), key=lambda item: [str(part) for part in item[0]])
    ]  # fmt: skip
    for kind, year in asked.items():
        if not any(line.kind == kind and (year is None or line.year == year) for line in lines):
            part_of = next((one for name in body.names if (one := members.get((name, kind, year)))), None)
            lines.append(Published(body, year, kind, None, part_of=part_of))
    return lines
