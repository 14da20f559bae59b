"""The tasks that a model may be given: ``prompts/<task>.md`` and ``schemas/llm/<task>.json`` of the same stem, read once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from gongkai import assets

NAMES = (
    "name_form",
    "name_section",
    "read_sentence",
    "read_indicators",
    "arrange_table",
    "split_sections",
    "choose_reading",
)
_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[a-z]+):(?: (?P<value>\S.*))?$")
_ENTRY = re.compile(r"^  (?P<version>\d+): (?P<why>\S.*)$")


class TaskError(ValueError):
    """A prompt or schema that Gongkai cannot use: a fault of the installation, never of a document."""


@dataclass(frozen=True, slots=True)
class Task:
    """``prompt`` is the text that tells a model what to do, ``schema`` the answer's shape for one tag of each sort."""

    id: str
    version: int
    prompt: str
    schema: dict[str, Any]
    changelog: dict[int, str]

    @property
    def stamp(self) -> str:
        """What stands in a record: ``name_form@1:`` + the first characters of the hash of prompt and schema."""
        whole = self.prompt + json.dumps(self.schema, ensure_ascii=False, sort_keys=True)
        return f"{self.id}@{self.version}:{sha256(whole.encode()).hexdigest()[:8]}"


@cache
def load(name: str) -> Task:
    """The task of that name. Raises :class:`TaskError` if it is none of :data:`NAMES` or one of its files is wrong."""
    if name not in NAMES:
        raise TaskError(f"there is no task {name!r}")
    text = assets.path(f"prompts/{name}.md").read_text(encoding="utf-8")
    schema = json.loads(assets.path(f"schemas/llm/{name}.json").read_text(encoding="utf-8"))
    return parse(name, text, schema)


def parse(name: str, text: str, schema: dict[str, Any]) -> Task:
    """A task from the text of its prompt file and its schema; raises :class:`TaskError`.

    The front matter has ``id``, ``version``, ``schema`` and ``changelog`` with one line a version.
    """
    found = _FRONT.match(text)
    if found is None:
        raise TaskError(f"{name}.md has no front matter")
    values: dict[str, str] = {}
    changelog: dict[int, str] = {}
    for line in found["front"].split("\n"):
        if entry := _ENTRY.match(line):
            changelog[int(entry["version"])] = entry["why"]
        elif pair := _FIELD.match(line):
            values[pair["name"]] = pair["value"] or ""
        else:
            raise TaskError(f"{name}.md: the front matter cannot hold {line!r}")
    if values.keys() != {"id", "version", "schema", "changelog"}:
        raise TaskError(f"{name}.md: the front matter has {sorted(values)}")
    if values["id"] != name or values["schema"] != f"schemas/llm/{name}.json" or schema.get("title") != name:
        raise TaskError(f"{name}: id, schema and file name differ")
    version = int(values["version"])
    if max(changelog, default=0) != version:
        raise TaskError(f"{name}.md: version {version} is not the last of the changelog")
    return Task(name, version, found["body"].strip(), schema, changelog)
