"""Who answers in place of a model: one that knows the labels, one that points at random, one that means harm."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from gongkai.assist import opened
from gongkai.assist.common import Open
from gongkai.draft import Draft, Pointers
from gongkai.layout.tables import Table
from gongkai.llm.questions import Answer, Outcome, Question
from gongkai.llm.sheet import Schema, problems, sheet
from gongkai.llm.tasks import load
from gongkai_eval import amounts
from gongkai_eval.odd import Key

Answerer = Callable[[Draft, Sequence[Question]], list[Outcome]]
_LISTED = re.compile(r"(R\d+) ([^，]+)")
AMOUNT_ROLES = ("amount", "change")  # one of them has every fact
LONG = 12  # characters from which the beginning of a cell tells what it is
ROLES = {1: "heading_1", 2: "heading_2", 3: "heading_3"}


def at_random(seed: int) -> Answerer:
    """Any of the names that may be answered, each as likely."""
    chance = random.Random(seed)
    return lambda draft, questions: [_given(q, lambda names: chance.choice(names)) for q in questions]


def hostile(draft: Draft, questions: Sequence[Question]) -> list[Outcome]:
    """The first name of every list, whatever it is: everything is the same thing."""
    return [_given(question, lambda names: names[0]) for question in questions]


def oracle(key: Key) -> Answerer:
    """What the labels say; ``none`` or ``other`` where they say nothing."""
    return lambda draft, questions: [_offered(q, _right(draft, q, key)) for q in questions]


def tagged(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of all tags, flat."""
    return {tag: name for part in values.values() if isinstance(part, dict) for tag, name in part.items()}


def tables_of(draft: Draft, question: Question) -> dict[str, int]:
    """The tags of a ``name_form`` question with the index of the table that each is about: where its answer would point."""
    one = _open(draft, question)
    every = [(part.name, tag) for part in question.parts for tag in part.tags]
    names = [tag.only[0] if tag.only else next(iter(question.lists.values()))[0].name for _, tag in every]
    return {
        tag.id: index
        for (part, tag), name in zip(every, names, strict=True)
        for index in one.adopt({part: {tag.id: name}}, Pointers()).tables
    }


def places_of(draft: Draft, question: Question, key: Key) -> dict[str, Any]:
    """What the tags of a question stand for, as far as it needs saying: the table of a name, the place of an amount, the id of a
    labelled cell."""
    if question.task == "name_form":
        return dict(tables_of(draft, question))
    if question.task == "choose_reading":
        return {tag: cell for tag, cell in cells_of(draft, question).items() if cell in key.cells}
    if question.task != "read_sentence":
        return {}
    one = _open(draft, question)
    part = question.part("amounts")
    found: dict[str, Any] = {}
    for tag in part.tags if part else ():
        for fact, role in product((choice.name for choice in question.lists["facts"]), AMOUNT_ROLES):
            said = {"fact": fact, "subject": "none", "role": role, "base": "none", "direction": "none"}
            if where := list(one.adopt({"amounts": {tag.id: said}}, Pointers()).amounts):
                found[tag.id] = where[0]
                break
    return found


def cells_of(draft: Draft, question: Question) -> dict[str, str]:
    """The tags of a ``choose_reading`` question with the id of the figure that each is about."""
    one, part = _open(draft, question), question.part("cells")
    ids = {figure.source: figure.id for form in draft.forms for figure in form.figures}
    return {
        tag.id: ids[place]
        for tag in (part.tags if part else ())
        for place in one.adopt({"cells": {tag.id: tag.only[0]}}, Pointers()).readings
    }


def _open(draft: Draft, question: Question) -> Open:
    (one,) = [each for each in opened(draft) if each.question.id == question.id]
    return one


def _offered(question: Question, values: dict[str, Any]) -> Answer:
    """The answer, with nothing where what is right was not among the names offered."""
    schema = sheet(load(question.task), question)
    silent = _nothing(question).values
    for part, given in values.items():
        for tag in given if isinstance(given, dict) else ():
            single = {**silent, part: {**silent[part], tag: given[tag]}}
            if problems(single, schema):
                given[tag] = silent[part][tag]
    return _answer(question, values)


def _nothing(question: Question) -> Answer:
    return _given(
        question, lambda names: next((n for n in ("none", "other", "text") if n in names), names[-1])
    )


def _answer(question: Question, values: Mapping[str, Any]) -> Answer:
    return Answer(
        question=question.id, values=values, model="-", prompt=load(question.task).stamp, record="-"
    )


def _given(question: Question, choose: Callable[[list[str]], str]) -> Answer:
    schema = sheet(load(question.task), question)
    return _answer(question, _filled(schema, schema.get("$defs", {}), choose))


def _filled(schema: Schema, definitions: Mapping[str, Schema], choose: Callable[[list[str]], str]) -> Any:
    if "$ref" in schema:
        return _filled(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions, choose)
    if "enum" in schema:
        return choose(list(schema["enum"]))
    return {name: _filled(inner, definitions, choose) for name, inner in schema["properties"].items()}


def _right(draft: Draft, question: Question, key: Key) -> dict[str, Any]:
    """The values that the labels give; questions of which they know nothing are answered with nothing."""
    nothing = _nothing(question)
    values = {
        part: dict(given) if isinstance(given, dict) else given for part, given in nothing.values.items()
    }
    texts = {tag.id: amounts.normal(tag.text) for part in question.parts for tag in part.tags}
    if question.task == "name_form":
        names = {"columns": key.measures, "rows": key.lines}
        for tag, index in tables_of(draft, question).items():
            part = next(name for name in values if tag in values[name])
            if part == "tables":
                values[part][tag] = key.forms.get(texts[tag], "none")
            else:
                of = draft.forms[index].form
                said = [name for (form, odd), name in names[part].items() if form == of and odd in texts[tag]]
                values[part][tag] = said[0] if said else "none"
    elif question.task == "name_section":
        values["headings"] = {tag: key.kinds.get(texts[tag], "other") for tag in values["headings"]}
    elif question.task == "split_sections":
        values["lines"] = {tag: ROLES.get(key.levels.get(texts[tag], 0), "text") for tag in values["lines"]}
    elif question.task == "read_sentence":
        values = _stated(question, key, values)
    elif question.task == "read_indicators":
        known = _indicators(_table(draft, question), key)
        values["cells"] = {tag: known[tag] for tag in values["cells"]}
    elif question.task == "arrange_table":
        values["words"] |= _places(_table(draft, question), key)
        values["lines"] = dict.fromkeys(values["lines"], "row")
    elif question.task == "choose_reading":
        printed = {tag: key.cells.get(cell, "") for tag, cell in cells_of(draft, question).items()}
        cells = question.part("cells")
        values["cells"] = {
            tag.id: _reading(tag.text, printed[tag.id]) for tag in (cells.tags if cells else ())
        }
    return values


def _table(draft: Draft, question: Question) -> Table:
    """The table that a question about one is about, as geometry made it."""
    return draft.plain_tables[int(question.id.split(":")[1]) - 1]


def _indicators(table: Table, key: Key) -> dict[str, str]:
    """The roles of the cells in the rows of labelled indicators: by their texts, and where a text has several roles by their column."""
    cells = [cell for cell in table.cells if cell.text]
    known = {cell: _said(amounts.normal(cell.text), key.roles) for cell in cells}
    rows = {cell.row for cell in cells if known[cell] == {"indicator"}}
    columns: dict[int, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        if cell.row in rows and len(known[cell]) == 1:
            columns[cell.column].update(known[cell])
    found = {}
    for number, cell in enumerate(cells, 1):
        likely = columns[cell.column].most_common(1)
        role = next(iter(known[cell])) if len(known[cell]) == 1 else likely[0][0] if likely else "none"
        found[f"K{number}"] = role if cell.row in rows and known[cell] else "none"
    return found


def _said(text: str, roles: Mapping[str, set[str]]) -> set[str]:
    long = {
        role for begin, own in roles.items() if len(begin) > LONG and text.startswith(begin) for role in own
    }
    return roles.get(text, set()) | long


def _places(table: Table, key: Key) -> dict[str, str]:
    """The columns of the cells by the labelled grid of that title; what it says nothing sure of stays in the column in which it is."""
    cells = [cell for cell in table.cells if cell.text]
    grid = key.grids.get(amounts.normal(table.caption.title), {})
    printed = {cell: grid.get(amounts.normal(cell.text), set()) for cell in cells}
    votes = Counter((next(iter(own)), cell.column) for cell, own in printed.items() if len(own) == 1)
    column = {label: here for (label, here), _ in sorted(votes.items(), key=lambda each: each[1])}
    right = {cell: column[next(iter(own))] for cell, own in printed.items() if len(own) == 1}
    return {f"W{number}": f"c{right.get(cell, cell.column) + 1}" for number, cell in enumerate(cells, 1)}


def _stated(question: Question, key: Key, values: dict[str, Any]) -> dict[str, Any]:
    part = question.part("sentences")
    for sentence in part.tags if part else ():
        for begin, said in key.sentences.items():
            for number, one in enumerate(said, 1):
                tag = f"A{number}"
                if begin in sentence.text and f"〔{tag}〕" in sentence.text and tag in values["amounts"]:
                    values["amounts"][tag] = {
                        "fact": one["fact"],
                        "subject": "none",
                        "role": one["role"],
                        "base": "none",
                        "direction": "none",
                    }
    return values


def reading(text: str, name: str) -> str:
    """The number that a name of the ``text`` of an unread cell stands for; readings of one value are one."""
    value = amounts.value(dict(_LISTED.findall(text)).get(name, ""))
    return f"{Decimal(value).normalize():f}" if value else name


def _reading(text: str, printed: str) -> str:
    """The likeliest of the readings that say what the label prints."""
    value = amounts.value(printed)
    names = [name for name, _ in _LISTED.findall(text)] if value else []
    return next(
        (name for name in names if reading(text, name) == f"{Decimal(value or 0).normalize():f}"), "none"
    )
