"""Pages whose fonts lie, mended: their text is spelled anew, from what their glyphs are known to be or from what they show.

In this order: digits that are swapped for digits are swapped back; the mapping that an embedded font program keeps for itself
replaces one that is missing or wrong; what is left is read from the picture, glyph by glyph, until each is known (``cipher``).
Geometry stays the file's own. What can be read in none of these ways is no text: U+FFFD stands for it, and an Issue says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from gongkai import ocr
from gongkai.cipher import Cipher
from gongkai.fonts import known_enough, rebuilt, texts_by_font
from gongkai.liars import liars
from gongkai.ocr.evidence import Reading
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, Word
from gongkai.pdf import File
from gongkai.report import Issue, Source, TextSource
from gongkai.text import ideographs

UNKNOWN = "\ufffd"
Mappings = dict[str, dict[str, str]]  # by font: what its signs show
Ahead = Callable[[int], None]  # is told how many pages with text OCR is going to read, before it does


def nothing_ahead(_: int) -> None:
    """For callers that set no clock."""


@dataclass(frozen=True, slots=True)
class Mended:
    """All pages of a file in order, evidence for words that only OCR could read, by page number, and what is to be said."""

    pages: tuple[Page, ...]
    scans: dict[int, Scan]
    issues: tuple[Issue, ...]


def with_fonts_mended(file: File, pages: Sequence[Page], ahead: Ahead = nothing_ahead) -> Mended:
    """``pages`` with the text of fonts that lie made anew; the others as they are."""
    found = liars(file, pages)
    if not found.garbage and not found.swapped:
        return Mended(tuple(pages), {}, ())
    garbled = _by_number(file, pages, found.garbage)
    own = _own_mappings(file, garbled.values(), found.garbage)
    cipher = Cipher()
    unknown = [
        page for page in garbled.values() if any(_lost(word, found.garbage, own) for word in page.words)
    ]
    failed: list[Issue] = []
    if unknown and ocr.available():
        ahead(len(unknown))
        failed = [
            _failed(page) for page in unknown if not _listened(file, page, found.garbage - set(own), cipher)
        ]
    elif unknown:
        failed = [_missing(page) for page in unknown]
    mappings = {font: own.get(font) or cipher.mapping(font) for font in found.garbage}
    done: list[Page] = []
    scans: dict[int, Scan] = {}
    for page in pages:
        after, readings = _spelled(garbled.get(page.number, page), mappings, found.swapped, cipher, own)
        done.append(after)
        if readings:
            scans[page.number] = Scan(after, readings, (0.0, 0.0, page.width, page.height))
    return Mended(tuple(done), scans, (*failed, *_said(done)))


def _by_number(file: File, pages: Iterable[Page], garbage: set[str]) -> dict[int, Page]:
    """The pages on which fonts of ``garbage`` stand, their text as numbers of glyphs."""
    concerned = {page.number: frozenset(garbage.intersection(texts_by_font(page))) for page in pages}
    return {number: file.page(number, fonts) for number, fonts in concerned.items() if fonts}


def _own_mappings(file: File, pages: Iterable[Page], garbage: set[str]) -> Mappings:
    """What the embedded programs know, where it is enough and makes sense."""
    texts: dict[str, list[str]] = {}
    for page in pages:
        for font, own in texts_by_font(page).items():
            texts.setdefault(font, []).extend(own)
    found = {font: file.own_mapping(font) for font in garbage}
    return {font: mapping for font, mapping in found.items() if known_enough(texts.get(font, ()), mapping)}


def _lost(word: Word, garbage: set[str], own: Mappings) -> bool:
    return word.font in garbage and word.font not in own


def _listened(file: File, page: Page, fonts: set[str], cipher: Cipher) -> bool:
    """Read from the picture of ``page`` what is not yet known of ``fonts``; False where that fails."""
    from gongkai.ocr.garbled import listener, runs

    try:
        picture = file.render(page.number, ocr.scale_for(page.width, page.height), turn=page.turn)
        across = page.height if page.turn in (90, 270) else page.width
        hear = listener(picture.samples, picture.width, picture.height, picture.width / across)
        for run in runs([word for word in page.words if word.font in fonts], page.vertical):
            if not cipher.settled(run):
                heard = hear(run)
                cipher.learn(run, heard.ink, heard.characters, heard.weakest)
    except Exception:  # whatever the engine raises on one picture costs that page alone
        return False
    return True


def _spelled(
    page: Page, mappings: Mappings, swapped: Mappings, cipher: Cipher, own: Mappings
) -> tuple[Page, tuple[Reading, ...]]:
    """The page with all that is known of its fonts put in, and readings of the words that rest on one look alone."""
    words: list[Word] = []
    readings: list[Reading] = []
    met: set[str] = set()
    for word in page.words:
        if word.font in swapped:
            met.add("digits_swapped")
            words.append(
                replace(
                    word,
                    text=word.text.translate(
                        {ord(digit): other for digit, other in swapped[word.font].items()}
                    ),
                )
            )
        elif word.font not in mappings:
            words.append(word)
        else:
            for start, piece in rebuilt(word, mappings[word.font]):
                signs = [] if word.font in own else word.text[start : start + len(piece.text)]
                words.append(replace(piece, text=_plain(piece.text)))
                doubtful = [sign for sign in signs if not cipher.sure(word.font, sign)]
                if set(piece.text) == {UNKNOWN}:
                    met.add("text_unread")
                    continue
                met.add("text_read" if doubtful else "text_rebuilt")
                if doubtful:
                    score = min(cipher.score(word.font, sign) for sign in doubtful)
                    readings.append(Reading(words[-1].text, piece.box, score))
    if not met:
        return page, ()
    if all(set(word.text) == {UNKNOWN} for word in words):
        words, readings, met = [], [], {"text_unread"}
    elif any(UNKNOWN in word.text for word in words):
        met.add("text_unread")
    health = (*page.health, *(("garbled_font",) if met != {"digits_swapped"} else ()), *sorted(met))
    return replace(page, words=tuple(words), text_source=_source(words, readings), health=health), tuple(
        readings
    )


def _plain(text: str) -> str:
    """Characters as the page shows them: the engine takes a drawn line (────, not applicable) for 一一一一."""
    return "─" * len(text) if len(text) > 1 and set(text) == {"一"} else ideographs(text)


def _source(words: Sequence[Word], readings: Sequence[Reading]) -> TextSource:
    """A page is one that OCR read as soon as a number on it rests on a single look."""
    if any(character.isdecimal() for reading in readings for character in reading.text):
        return "ocr"
    return "mixed" if readings else "native" if words else "none"


def _said(pages: Sequence[Page]) -> list[Issue]:
    told = {
        "digits_swapped": "字体的数字与所见不符（文字层的数字被调换），已按所见字形更正",
        "text_rebuilt": "有字体缺少或错配字符映射（文字层是乱码），已按字形重建文字",
        "text_read": "有文字的字体缺少或错配字符映射，由文字识别读取，请对照原件核对",
    }
    issues = []
    for sign, message in told.items():
        met = [page for page in pages if sign in page.health]
        if met:
            numbers = "、".join(str(page.number) for page in met)
            where = Source(met[0].document, met[0].number, (0.0, 0.0, met[0].width, met[0].height))
            issues.append(Issue(kind=f"font_{sign}", message=f"第{numbers}页{message}。", source=where))
    return issues


def _failed(page: Page) -> Issue:
    return _about(page, "page_unread", "的文字层是乱码，其图片也未能识别，请对照原件。")


def _missing(page: Page) -> Issue:
    return _about(
        page,
        "ocr_missing",
        "有字体的文字层是乱码，需要文字识别才能读取。请安装可选组件：pip install 'gongkai[ocr]'。",
    )


def _about(page: Page, kind: str, message: str) -> Issue:
    where = Source(page.document, page.number, (0.0, 0.0, page.width, page.height))
    return Issue(kind=kind, message=f"第{page.number}页{message}", source=where)
