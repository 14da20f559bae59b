"""The answer sheet of one question: the task's schema narrowed to the tags and names handed out, and the check of an answer.

A schema file shows one tag of each sort (``C1``); a sheet has one required property for each tag of the question. So an answer has
no lists: none can be endless, leave a tag out, or name one twice. Names stand in ``$defs``, once each.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from gongkai.llm.questions import Question
from gongkai.llm.tasks import Task

Schema = dict[str, Any]

MAX_NAMES = 900  # of all closed lists together: hosted services refuse 1,000
MAX_TAGS = 250
SAMPLE = re.compile(r"[A-Z]+1")


class TooMany(ValueError):
    """A question with more tags or names than servers take."""


def sheet(task: Task, question: Question) -> Schema:
    """The schema of the answer to ``question``. Raises ``ValueError`` where the question does not fit its task.

    A property named like a part is answered tag by tag; it is dropped if the question has no such tags. A closed list named
    like a part holds the part's tags. The file's own names (``none``, ``other``) can always be answered.
    """
    schema = deepcopy({name: value for name, value in task.schema.items() if name != "title"})
    names: dict[str, Schema] = schema.get("$defs", {})
    for name, choices in question.lists.items():
        if name not in names:
            raise ValueError(f"{task.id} has no closed list {name!r}")
        _extend(names[name], [choice.name for choice in choices])
    for part in question.parts:
        if part.name in names:
            _extend(names[part.name], [tag.id for tag in part.tags])
    for name in list(schema["properties"]):
        if is_tagged(schema["properties"][name]):
            _spread(schema, name, question, task.schema.get("$defs", {}))
    if not schema["properties"]:
        raise ValueError(f"{question.id}: nothing is asked")
    _drop_unused(schema)
    _check_size(schema, question)
    return schema


def is_tagged(schema: Schema) -> bool:
    """Whether this property is answered tag by tag: its file names one tag, as a sample."""
    properties = list(schema.get("properties", ()))
    return len(properties) == 1 and bool(SAMPLE.fullmatch(properties[0]))


def problems(value: Any, schema: Schema) -> list[str]:
    """What is wrong with an answer, in Chinese, for the model to read; empty if it is valid. Names match exactly or not at all."""
    return list(_problems(value, schema, schema.get("$defs", {}), ""))


def skeleton(task: Task, schema: Schema) -> str:
    """The shape of an answer to ``schema`` in a few words: each place shows the name of its closed list, and of many tags of a sort
    the first and the last stand for all."""
    shapes = []
    for name, inner in schema["properties"].items():
        own = task.schema["properties"][name]
        shapes.append(f'"{name}": {_tags(inner, own) if is_tagged(own) else _shape(own)}')
    return "{" + ", ".join(shapes) + "}"


def list_of(task: Task, part: str) -> str:
    """The closed list whose names answer each tag of ``part``; empty where a tag is answered with more than one name, or not at all."""
    own = task.schema["properties"].get(part, {})
    return _referred(_sample(own)) if is_tagged(own) and "$ref" in _sample(own) else ""


def longest(schema: Schema) -> int:
    """Characters of the longest valid answer, printed with indentation."""
    return _length(schema, schema.get("$defs", {}), 0)


def _extend(definition: Schema, names: list[str]) -> None:
    definition["enum"] = list(dict.fromkeys([*names, *definition["enum"]]))


def _spread(schema: Schema, name: str, question: Question, own: Schema) -> None:
    part = question.part(name)
    if part is None or not part.tags:
        del schema["properties"][name]
        schema["required"].remove(name)
        return
    ids = [tag.id for tag in part.tags]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{question.id}: the tags of {name} repeat")
    if len(ids) > MAX_TAGS:
        raise TooMany(f"{question.id}: {name} has more than {MAX_TAGS} tags")
    here = schema["properties"][name]
    sample = _sample(here)
    here["properties"] = {tag.id: _own(sample, tag.only, own) for tag in part.tags}
    here["required"] = ids


def _own(sample: Schema, only: tuple[str, ...], definitions: dict[str, Schema]) -> Schema:
    if not only:
        return deepcopy(sample)
    always = definitions[_referred(sample)]["enum"]
    return {"type": "string", "enum": list(dict.fromkeys([*only, *always]))}


def _sample(schema: Schema) -> Schema:
    (only,) = schema["properties"].values()
    return dict(only)


def _referred(schema: Schema) -> str:
    return str(schema["$ref"]).removeprefix("#/$defs/")


def _drop_unused(schema: Schema) -> None:
    used = {_referred(each) for each in _walk(schema) if "$ref" in each}
    kept = {name: value for name, value in schema.get("$defs", {}).items() if name in used}
    schema.pop("$defs", None)
    if kept:
        schema["$defs"] = kept


def _walk(schema: Schema) -> list[Schema]:
    below = [each for inner in schema.get("properties", {}).values() for each in _walk(inner)]
    return [schema, *below]


def _check_size(schema: Schema, question: Question) -> None:
    lists = [each["enum"] for each in (*_walk(schema), *schema.get("$defs", {}).values()) if "enum" in each]
    if sum(map(len, lists)) > MAX_NAMES:
        raise TooMany(f"{question.id}: more than {MAX_NAMES} names to choose from")


def _problems(value: Any, schema: Schema, definitions: dict[str, Schema], where: str) -> list[str]:
    if "$ref" in schema:
        return _problems(value, definitions[_referred(schema)], definitions, where)
    place = where or "答案"
    if schema["type"] == "string":
        if not isinstance(value, str):
            return [f"{place} 应为字符串"]
        return [] if value in schema["enum"] else [f"{place}：{value[:40]!r} 不在可选名单中"]
    if not isinstance(value, dict):
        return [f"{place} 应为对象"]
    expected: dict[str, Schema] = schema["properties"]
    dot = f"{where}." if where else ""
    found = [f"缺少 {dot}{name}" for name in expected if name not in value]
    found += [f"{dot}{str(name)[:40]!r} 不是问题中的编号或项目" for name in value if name not in expected]
    for name, inner in expected.items():
        if name in value:
            found += _problems(value[name], inner, definitions, dot + name)
    return found


def _tags(schema: Schema, own: Schema) -> str:
    ids, sample = list(schema["properties"]), _sample(own)
    shown = [f'"{ids[0]}": {_shape(sample)}']
    shown += ["…"] * (len(ids) > 2)
    if len(ids) > 1:
        shown.append(f'"{ids[-1]}": {_shape(sample) if "$ref" in sample else "{…}"}')
    return "{" + ", ".join(shown) + "}"


def _shape(schema: Schema) -> str:
    if "$ref" in schema:
        return f"<{_referred(schema)}>"
    return "{" + ", ".join(f'"{name}": {_shape(inner)}' for name, inner in schema["properties"].items()) + "}"


def _length(schema: Schema, definitions: dict[str, Schema], depth: int) -> int:
    if "$ref" in schema:
        return _length(definitions[_referred(schema)], definitions, depth)
    if "enum" in schema:
        return 2 + max(map(len, schema["enum"]))
    inner = sum(
        len(name) + 8 + 4 * depth + _length(each, definitions, depth + 1)
        for name, each in schema["properties"].items()
    )
    return 4 + 4 * depth + inner
