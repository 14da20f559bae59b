"""A stored result as it is served, under the names and with the metadata of those who ask: cut and joined, never parsed, for parsing a
Report holds up every other answer of the process for as long as 30 ms.

It is compact JSON in which each of these names stands for one thing (``tests/jobs/test_serving.py`` holds the schema to it); as the
marks of a string are escaped within strings, no text of a document can look like a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic_core import to_json

NAMED = re.compile(rb'(?<="file_name":)"\d+"')
METADATA = b'"metadata":{}'
RESULTS, AFTER_RESULTS = b'"results":', b'},"issues":'
FINDINGS, AFTER_FINDINGS = b'"findings":', b',"checks":'

Part = Literal["findings", "checks"]


def served(
    result: bytes, file_names: Sequence[str], metadata: Mapping[str, Any], *, all_checks: bool
) -> bytes:
    """The Report's JSON, byte for byte what :meth:`gongkai.report.Report.to_json` writes.

    ``result`` is the JSON of a Report that lists every check, has no metadata, and calls its files by numbers.
    """
    head, _, rest = result.partition(METADATA)
    names = iter(file_names)
    head = NAMED.sub(lambda _: to_json(next(names)), head)
    if not all_checks:
        start, end = _between(rest, RESULTS, AFTER_RESULTS)
        rest = rest[:start] + b"null" + rest[end:]
    return b"".join((head, METADATA[:-2], to_json(dict(metadata)), rest))


def part(result: bytes, wanted: Part) -> bytes:
    """``{"items": […]}`` of the findings, or of every check."""
    limits = (FINDINGS, AFTER_FINDINGS) if wanted == "findings" else (RESULTS, AFTER_RESULTS)
    start, end = _between(result, *limits)
    return b'{"items":' + result[start:end] + b"}"


def _between(text: bytes, before: bytes, after: bytes) -> tuple[int, int]:
    start = text.index(before) + len(before)
    return start, text.index(after, start)
