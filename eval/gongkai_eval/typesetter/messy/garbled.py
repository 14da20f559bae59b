"""Fonts whose character mapping is missing or wrong: the page looks right, its text layer does not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pymupdf

from gongkai_eval.typesetter.messy import faces
from gongkai_eval.typesetter.messy.paper import Sheet, Text, save, written
from gongkai_eval.typesetter.messy.press import Press

Mapping = dict[str, str]
#: what a page of ``garbled`` can be; ``missing`` has no map at all
KINDS = ("sound", "missing", "shifted", "permuted", "private", "radicals", "labels", "figures")
RADICALS = dict(
    zip(
        "一二人入八力十口土士大女子小山工己干支文方日月木止水火牛生用田白目石示立老行见言贝车金长门青非面页风食",
        "⼀⼆⼈⼊⼋⼒⼗⼝⼟⼠⼤⼥⼦⼩⼭⼯⼰⼲⽀⽂⽅⽇⽉⽊⽌⽔⽕⽜⽣⽤⽥⽩⽬⽯⽰⽴⽼⾏⻅⾔⻉⻋⾦⻓⻔⻘⾮⾯⻚⻛⻝",
        strict=True,
    )
)


class Garbled(Press):
    """Every page has fonts of its own and is garbled in another way; some are sound."""

    name = "garbled"

    def render(self, target: Path) -> None:
        offset = self.chance.randrange(len(KINDS))
        with pymupdf.open() as whole:
            for number, sheet in enumerate(self.compose()):
                with pymupdf.open("pdf", written([sheet], "mupdf")) as page:
                    self.garble(page, sheet, number + offset)
                    whole.insert_pdf(page)
            save(whole, target)

    def garble(self, page: pymupdf.Document, sheet: Sheet, number: int) -> None:
        kind = KINDS[number % len(KINDS)]
        for family, letters in _used(sheet).items():
            latin = family == faces.ROMAN
            if kind == "sound" or (kind == "labels" and latin) or (kind == "figures" and not latin):
                continue
            _remap(page, family, {} if kind == "missing" else _mapping(kind, letters, self.chance))


class Digits(Garbled):
    """In two pages of three the font of the figures says other digits than it shows; everything else is sound."""

    name = "garbled_digits"

    def garble(self, page: pymupdf.Document, sheet: Sheet, number: int) -> None:
        letters = _used(sheet).get(faces.ROMAN, [])
        if number % 3 and letters:
            said = dict(zip("0123456789", "7301925846", strict=True))
            _remap(page, faces.ROMAN, {letter: said.get(letter, letter) for letter in letters})


def _used(sheet: Sheet) -> dict[str, list[str]]:
    """The letters that each family sets on a sheet, in a fixed order."""
    used: dict[str, set[str]] = defaultdict(set)
    for mark in sheet.marks:
        for family, piece in faces.runs(mark.text, mark.face) if isinstance(mark, Text) else ():
            used[family] |= set(piece)
    return {family: sorted(letters) for family, letters in sorted(used.items())}


def _mapping(kind: str, letters: list[str], chance: random.Random) -> Mapping:
    """What each letter is said to be."""
    shuffled = chance.sample(letters, len(letters))
    ways: dict[str, Callable[[int, str], str]] = {
        "shifted": lambda _, letter: chr(0x4E00 + (ord(letter) * 31 + 977) % 20902),
        "permuted": lambda place, _: shuffled[place],
        "private": lambda place, _: chr(0xE000 + place),
        "radicals": lambda _, letter: RADICALS.get(letter, letter),
    }
    way = ways.get(kind, ways["permuted"])
    return {letter: way(place, letter) for place, letter in enumerate(letters)}


def _remap(document: pymupdf.Document, family: str, mapping: Mapping) -> None:
    """Write another ToUnicode map to the fonts of a family on the only page, or take it away when the mapping is empty."""
    font = faces.font(family)
    codes = {font.has_glyph(ord(letter)): said for letter, said in mapping.items()}
    for xref, _, _, name, *_ in document[0].get_fonts():
        if name.partition("+")[2] != font.name:
            continue
        if not mapping:
            document.xref_set_key(xref, "ToUnicode", "null")
            continue
        stream = int(document.xref_get_key(xref, "ToUnicode")[1].split()[0])
        document.update_stream(stream, _cmap(sorted(codes.items())).encode())


def _cmap(codes: Iterable[tuple[int, str]]) -> str:
    """A ToUnicode map of glyph numbers."""
    listed, blocks = list(codes), []
    for start in range(0, len(listed), 100):
        block = listed[start : start + 100]
        lines = "\n".join(f"<{code:04x}> <{said.encode('utf-16-be').hex()}>" for code, said in block)
        blocks.append(f"{len(block)} beginbfchar\n{lines}\nendbfchar")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n"
        "/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
