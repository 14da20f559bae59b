"""File names as given by strangers: only ever echoed, never used as a path."""

from __future__ import annotations

NAMELESS = "未命名.pdf"
MAX_LENGTH = 200  # characters; file systems stop at 255 bytes, nobody reads further


def base_name(given: str | None) -> str:
    """The last component of ``given`` without control characters; :data:`NAMELESS` if nothing is left."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip()
    return NAMELESS if clean in ("", ".", "..") else clean[:MAX_LENGTH]
