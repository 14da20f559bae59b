"""A page as a picture, with frames around places on it; drawn in a child like everything that opens a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.errors import Refusal
from gongkai.report import Box
from gongkai.settings import Limits

TARGET = "gongkai.pictures:draw"


def draw(
    files: Sequence[tuple[str, bytes]],
    *,
    limits: Limits,
    announce: Any,
    page: int,
    boxes: Sequence[Box],
    **_: Any,
) -> bytes:
    """The PNG of ``page`` of the one file, ``boxes`` (points as displayed) framed; raises refusals."""
    from gongkai.pdf import open_pdf, picture  # in the child alone: whoever starts it knows this module too

    [(name, data)] = files
    announce(1)
    try:
        with open_pdf(data, limits.max_pages) as document:
            return picture(document, page, boxes)
    except Refusal as refusal:
        refusal.file_name = name
        raise
