"""What hides text and what shows it: coloured areas, pictures, and the order in which a page is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.pages import Word
from gongkai.report import Box

WHITE = 0.98  # a colour whose every channel is at least this is white paper
FAINT = 0.9  # text whose every channel is above this cannot be seen on white
THIN = 3.0  # points: a thinner area is a ruling
OPAQUE = 0.9
Matrix = tuple[float, ...]


class Covers:
    """The filled areas and pictures of one page, in displayed points, with their place in the drawing order."""

    def __init__(
        self,
        drawings: Sequence[dict[str, Any]],
        pictures: Sequence[tuple[int, Box]],
        matrix: Matrix | None,
        width: float,
        height: float,
    ) -> None:
        self.width, self.height = width, height
        self._areas: list[tuple[int, Box, bool]] = []  # order, box, is it white?
        for drawing in drawings:
            fill = drawing.get("fill")
            if fill is None or drawing.get("fill_opacity", 1) < OPAQUE:
                continue
            for item in drawing["items"]:  # a path may hold many rectangles; its bounding box covers nothing
                if item[0] == "re" and min(item[1][2] - item[1][0], item[1][3] - item[1][1]) > THIN:
                    box = tuple(item[1]) if matrix is None else turned_box(item[1], matrix)
                    self._areas.append((drawing["seqno"], box, min(fill) >= WHITE))
        self._areas.extend(
            (order, box if matrix is None else turned_box(box, matrix), False) for order, box in pictures
        )
        self._last = max((order for order, _, _ in self._areas), default=-1)

    def concern(self, span: dict[str, Any]) -> bool:
        """May any word of this span be hidden? (Covered by something later, white, or off the page.)"""
        if bool(span["seqno"] < self._last) or bool(min(span["color"] or (0.0,)) > FAINT):
            return True
        x0, y0, x1, y1 = span["bbox"]
        return bool(x0 < 0 or y0 < 0 or max(x1, y1) > min(self.width, self.height))

    def show(self, word: Word, span: dict[str, Any]) -> bool:
        """Can a reader see ``word``?"""
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            return False
        under = None
        for order, box, white in self._areas:
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                if order > span["seqno"]:
                    return False
                under = white
        return under is False or bool(min(span["color"] or (0.0,)) <= FAINT)

    def coloured(self, x: float, y: float) -> bool:
        """Does a coloured area lie at or right beside this point?"""
        return any(
            not white and box[0] - 2 <= x <= box[2] + 2 and box[1] - 2 <= y <= box[3] + 2
            for _, box, white in self._areas
        )


def turned_box(box: Sequence[float], matrix: Matrix) -> Box:
    """A box of the unrotated page as it is displayed."""
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = box
    p, q, r, s = a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f
    return (min(p, r), min(q, s), max(p, r), max(q, s))
