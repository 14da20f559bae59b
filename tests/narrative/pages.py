"""Lines set on a page by hand: a portrait A4 column of 26 characters of 16 points, paragraphs indented by two."""

from __future__ import annotations

from gongkai.layout.lines import Line, line_of
from gongkai.pages import Word

LEFT, SIZE, WIDTH, PITCH, TOP, BOTTOM = 90.0, 16.0, 26, 28.0, 80.0, 760.0


def line(
    text: str, x: float = LEFT, y: float = TOP, page: int = 1, size: float = SIZE, bold: bool = False
) -> Line:
    """One line; Latin characters take half a square, as in the fonts that departments use. Two blanks are a wide gap."""
    words = []
    for piece in text.split("  "):
        edges = [x]
        for character in piece:
            edges.append(edges[-1] + size * (0.5 if character.isascii() else 1.0))
        words.append(Word(piece, x, y, edges[-1], y + size, size, bold, tuple(edges)))
        x = edges[-1] + 3 * size
    return line_of(page, words)


class Sheet:
    """Typesets paragraphs and headings from top to bottom, over as many pages as it takes."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.page, self.y = 1, TOP

    def _put(self, text: str, x: float, size: float, bold: bool) -> None:
        if self.y > BOTTOM:
            self.new_page()
        self.lines.append(line(text, x, self.y, self.page, size, bold))
        self.y += PITCH

    def new_page(self) -> Sheet:
        self.page, self.y = self.page + 1, TOP
        return self

    def centred(self, *texts: str, size: float = SIZE, bold: bool = False) -> Sheet:
        for text in texts:
            wide = sum(0.5 if c.isascii() else 1.0 for c in text) * size
            self._put(text, LEFT + (WIDTH * SIZE - wide) / 2, size, bold)
        return self

    def entries(self, *texts: str) -> Sheet:
        """Lines at the left margin, as in a contents."""
        for text in texts:
            self._put(text, LEFT, SIZE, False)
        return self

    def text(self, *paragraphs: str, bold: bool = False, indent: int = 2) -> Sheet:
        """Paragraphs broken at the right margin; closing marks may hang over it."""
        for paragraph in paragraphs:
            rest, first = paragraph, True
            while rest:
                room = float(WIDTH - (indent if first else 0))
                taken = 0
                while taken < len(rest):
                    wide = 0.5 if rest[taken].isascii() else 1.0
                    if wide > room and rest[taken] not in "，。、；：）":
                        break
                    room -= wide
                    taken += 1
                self._put(rest[:taken], LEFT + (indent * SIZE if first else 0), SIZE, bold)
                rest, first = rest[taken:], False
        return self

    def heading(self, *texts: str) -> Sheet:
        """Numbered headings set like text, as in most reports."""
        return self.text(*texts)
