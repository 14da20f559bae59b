"""What a model could add to what was read: questions with closed answers, and what an answer means. Pure; asks nobody.

Code has read the document; a question is put only where it found no name. An answer is applied as if the page had been plainer: it
names a form, a column, a row, a section, and never touches what is printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongkai.forms.definitions import Catalogue, Definition, Lane, Phase, clean_path
from gongkai.llm.questions import SENTENCES, Answer, Choice, NoAnswer, Outcome, Part, Question, Tag
from gongkai.narrative.kinds import Rule
from gongkai.report import Issue, Kind, Source

__all__ = ["Answer", "HeadingText", "Names", "NoAnswer", "Outcome", "Question", "TableText", "Unnamed"]

MOST_LABELS = 30  # row labels that are shown of a table
MOST_HEADINGS = 20  # headings in one question
START = 60  # characters of a section's text that are shown
_AROUND = re.compile(
    r"^本部门\(部门\)的|\(\)|(?:情况)*的说明$"
)  # what every title of a section may have around it
NO_NAME = {
    "tables": "none",
    "columns": "none",
    "rows": "none",
    "headings": "other",
}  # what says that no name fits


@dataclass(frozen=True, slots=True, kw_only=True)
class TableText:
    """The words of a table: ``id`` survives a re-run, ``headers`` are header paths, ``labels`` row labels, as printed."""

    id: str
    title: str
    headers: tuple[str, ...]
    labels: tuple[str, ...]
    kind: Kind | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A column (by its header path) or a row (by its label) of a known form that its definition does not know."""

    index: int
    text: str
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What was named: measures by column index, lines by row index."""

    measures: Mapping[int, str]
    lines: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingText:
    """A heading whose kind no rule knows; ``ancestors`` are the kinds above it, outermost first, ``parent`` the heading above."""

    id: str
    title: str
    level: int
    ancestors: tuple[str, ...]
    parent: str = ""
    start: str = ""
    source: Source | None = None


def form_question(table: TableText, catalogue: Catalogue) -> Question:
    """Which of the known forms (of the report's kind, if that is known) an unknown table is."""
    forms = [form for form in catalogue.forms.values() if table.kind in (None, form.kind)]
    return Question(
        id=f"{table.id}:form",
        task="name_form",
        parts=(
            Part("tables", _tags("X", [table.title or "（无标题）"])),
            Part("header", _tags("C", list(dict.fromkeys(table.headers)))),
            Part("labels", _tags("R", list(dict.fromkeys(table.labels))[:MOST_LABELS])),
        ),
        lists={"forms": tuple(Choice(form.form, form.name) for form in forms)},
        source=table.source,
    )


def form_of(outcome: Outcome | None) -> str | None:
    """The form that an answer names."""
    return _named(outcome, "tables").get("X1")


def names_question(
    table: TableText, form: Definition, columns: Sequence[Unnamed], rows: Sequence[Unnamed]
) -> Question | None:
    """What the unknown columns and rows of a table of a known ``form`` are; ``None`` if there is nothing to choose from."""
    measures = {_one.measure: _gloss(_one.paths) for _one in form.columns}
    lines = {_one.line: _gloss(_one.labels) for _one in form.lines}
    asked = [
        Part("columns", _laned("C", columns, [(one.measure, one.lane) for one in form.columns])),
        Part("rows", _laned("R", rows, [(one.line, one.lane) for one in form.lines])),
    ]
    if not any(part.tags for part in asked):
        return None
    lists = {"measures": measures, "lines": lines}
    wanted = {name: lists[name] for name, part in zip(lists, asked, strict=True) if part.tags}
    return Question(
        id=f"{table.id}:names",
        task="name_form",
        parts=(Part("context", _tags("X", [f"{form.name}：{table.title}"])), *asked),
        lists={name: tuple(Choice(*each) for each in names.items()) for name, names in wanted.items()},
        source=table.source,
    )


def names_of(
    form: Definition, columns: Sequence[Unnamed], rows: Sequence[Unnamed], outcome: Outcome | None
) -> Names:
    """The measures and lines that an answer gives to the ``columns`` and ``rows`` of its question.

    The model names what is measured; whose year or stage it is, the header's own words say.
    """
    measures, lines = _named(outcome, "columns"), _named(outcome, "rows")
    return Names(
        {
            one.index: _phased(form, one.text, measures[tag])
            for tag, one in _numbered("C", columns)
            if tag in measures
        },
        {one.index: lines[tag] for tag, one in _numbered("R", rows) if tag in lines},
    )


def section_questions(headings: Sequence[HeadingText], rules: Sequence[Rule]) -> list[Question]:
    """Which kind each of ``headings`` is, those of one level and parent together; only kinds that may stand there are offered."""
    return [
        Question(
            id=f"{group[0].id}:kind",
            task="name_section",
            parts=(
                Part("headings", _tags("H", [heading.title for heading in group])),
                Part("context", _tags("X", [_context(heading) for heading in group])),
            ),
            lists={"kinds": choices},
            source=group[0].source,
        )
        for group, choices in _groups(headings, rules)
    ]


def kinds_of(
    headings: Sequence[HeadingText], rules: Sequence[Rule], outcomes: Mapping[str, Outcome]
) -> dict[str, str]:
    """The kinds, by heading id, that the answers (by question id) to :func:`section_questions` give."""
    found: dict[str, str] = {}
    for group, _ in _groups(headings, rules):
        named = _named(outcomes.get(f"{group[0].id}:kind"), "headings")
        found |= {heading.id: named[tag] for tag, heading in _numbered("H", group) if tag in named}
    return found


def issues(outcomes: Iterable[Outcome]) -> list[Issue]:
    """One Issue for each reason why questions stayed open; none where no model is configured (they stand beside the Report)."""
    silent = Counter(outcome.why for outcome in outcomes if isinstance(outcome, NoAnswer))
    return [
        Issue(
            kind=f"model_{why}",
            message=f"{count} 个问题没有得到模型的回答，按未配置模型处理：{SENTENCES[why]}",
        )
        for why, count in sorted(silent.items())
        if why != "off"
    ]


def _named(outcome: Outcome | None, part: str) -> dict[str, Any]:
    """The names answered for the tags of ``part``, without those that say that there is none."""
    if not isinstance(outcome, Answer):
        return {}
    return {tag: name for tag, name in outcome.values.get(part, {}).items() if name != NO_NAME[part]}


def _numbered(letter: str, things: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{letter}{number}", thing) for number, thing in enumerate(things, 1))


def _tags(letter: str, texts: Sequence[str]) -> tuple[Tag, ...]:
    return tuple(Tag(tag, text) for tag, text in _numbered(letter, texts))


def _laned(
    letter: str, things: Sequence[Unnamed], names: Sequence[tuple[str, Lane | None]]
) -> tuple[Tag, ...]:
    """Tags that offer the names of their own lane alone."""
    tags = []
    for tag, one in _numbered(letter, things):
        fitting = tuple(
            dict.fromkeys(name for name, lane in names if None in (lane, one.lane) or lane == one.lane)
        )
        tags.append(
            Tag(tag, one.text, only=() if len(fitting) == len({name for name, _ in names}) else fitting)
        )
    return tuple(tags) if names else ()


def _phased(form: Definition, path: str, measure: str) -> str:
    """``measure`` with the phase that the header's words say before it, as the definition would have named it."""
    column = next(one for one in form.columns if one.measure == measure)
    return (_phase(form, path).prefix if column.phased else "") + measure


def _phase(form: Definition, path: str) -> Phase:
    text = clean_path(path)
    said = (phase for phase in form.phases if any(pattern.search(text) for pattern in phase.when))
    return next(said, None) or next(phase for phase in form.phases if phase.default)


def _context(heading: HeadingText) -> str:
    return f"上级：{heading.parent or '无'}；正文：{heading.start[:START] or '无'}"


def _groups(
    headings: Sequence[HeadingText], rules: Sequence[Rule]
) -> Iterator[tuple[list[HeadingText], tuple[Choice, ...]]]:
    together: dict[tuple[int, tuple[str, ...]], list[HeadingText]] = {}
    for heading in headings:
        together.setdefault((heading.level, heading.ancestors), []).append(heading)
    for (level, ancestors), group in together.items():
        choices = _kinds(rules, level, ancestors)
        for first in range(0, len(group) if choices else 0, MOST_HEADINGS):
            yield group[first : first + MOST_HEADINGS], choices


def _kinds(rules: Sequence[Rule], level: int, ancestors: tuple[str, ...]) -> tuple[Choice, ...]:
    """The kinds that may stand at this place, each with its usual title."""
    fitting = [
        rule
        for rule in rules
        if level in rule.levels
        and (not rule.under or not rule.under.isdisjoint(ancestors[-1:]))
        and rule.outside.isdisjoint(ancestors)
    ]
    return tuple(
        Choice(rule.kind, _gloss((rule.pattern,))) for rule in {each.kind: each for each in fitting}.values()
    )


@lru_cache(maxsize=1024)
def _gloss(patterns: Sequence[re.Pattern[str]]) -> str:
    """A plain reading of the first pattern that has one: ``(.*/)?(一般)?公共预算(财政)?`` → 一般公共预算财政. Told to the model only."""
    return next((plain for pattern in patterns if (plain := _plain(pattern))), "")


def _plain(pattern: re.Pattern[str]) -> str:
    """A text that ``pattern`` matches, optional parts spelt out, first alternatives taken; empty if none is found so."""
    text = pattern.pattern.replace("(.*/)?", "").replace("\\(", "〔").replace("\\)", "〕").replace("(?:", "(")
    text = re.sub(r"\(\?[<!=][^()]*\)|\[[^\]]*\][*+?]?|\.(?:\{[\d,]*\}|[*+?])|\\[a-zA-Z][*+?]?", "", text)
    before = ""
    while before != text:
        before, text = text, re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)[*+?]?", r"\1", text)
    for candidate in text.split("|"):
        plain = re.sub(r"[*+?^$]", "", candidate).replace("〔", "(").replace("〕", ")")
        if plain and pattern.fullmatch(plain):
            return plain
    return ""
