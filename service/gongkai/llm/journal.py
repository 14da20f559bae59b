"""What was asked about one document and what it took: stands beside the Report, and keeps a reading that begins anew from asking twice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from gongkai.llm.budget import Usage
from gongkai.llm.records import Entry, Exchange, entry_of


@dataclass(slots=True)
class Journal:
    """``entries`` in the order in which they ended; the ``usage`` of all that was done for them."""

    entries: list[Entry] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)

    def add(self, entry: Entry) -> None:
        """Once: a reading that begins anew comes to the same entries again."""
        if entry not in self.entries:
            self.entries.append(entry)

    def answered(self, document: str) -> dict[str, Exchange]:
        """The exchanges about ``document`` that ended with an answer, by key; what failed may be asked again."""
        return {
            entry.key: entry
            for entry in self.entries
            if isinstance(entry, Exchange) and entry.document == document and entry.values is not None
        }

    def told(self) -> dict[str, Any]:
        """``{"usage": {task: …}, "entries": [lines of a record]}``, JSON values."""
        return {"usage": self.usage.told(), "entries": [asdict(entry) for entry in self.entries]}

    def to_bytes(self) -> bytes:
        return json.dumps(self.told(), ensure_ascii=False).encode()

    @staticmethod
    def from_bytes(data: bytes) -> Journal:
        """The inverse of :meth:`to_bytes`. Raises ``ValueError``, ``TypeError``, ``KeyError``."""
        values = json.loads(data)
        return Journal([entry_of(each) for each in values["entries"]], Usage.of(values["usage"]))
