"""``Prefer`` (RFC 7240): how long a client would wait. What it says wrong is passed over, as the RFC has it."""

from __future__ import annotations

DEFAULT = 30  # seconds
MOST = 600


def seconds(header: str | None) -> tuple[float, str]:
    """Seconds to wait, and what of ``header`` was heeded (for ``Preference-Applied``)."""
    found: dict[str, str] = {}
    for preference in (header or "").lower().split(","):
        name, _, value = preference.split(";")[0].partition("=")
        found.setdefault(name.strip(), value.strip().strip('"'))
    at_once = "respond-async" in found
    heeded = ["respond-async"] if at_once else []
    wait = found.get("wait", "")
    if wait.isascii() and wait.isdecimal():
        granted = min(int(wait[:9]), MOST)
        return granted, ", ".join([*heeded, f"wait={granted}"])
    return 0 if at_once else DEFAULT, ", ".join(heeded)
