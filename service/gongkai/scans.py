"""Pages of a file as far as they can be read: the text layer, its fonts mended, and OCR for what is only a picture.

Without the extra ``gongkai[ocr]`` a picture stays unread, and an Issue says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gongkai import ocr
from gongkai.mended import Ahead, nothing_ahead, with_fonts_mended
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, Word
from gongkai.pdf import File
from gongkai.report import Box, Issue, Source
from gongkai.text import simplified

LEAST_ACROSS, LEAST_DOWN = 2, 3  # rules: fewer are no row of a table
MOST = 12  # pictures of one page of text that are read: more are no table cut into pieces

PageRead = Callable[[], None]  # is told of each page that is read


def nothing_read() -> None:
    """For callers that nobody asks how far they are."""


@dataclass(frozen=True, slots=True)
class Read:
    """The pages of one file in order, the scans among them by page number, and what could not be read."""

    pages: tuple[Page, ...]
    scans: dict[int, Scan]
    issues: tuple[Issue, ...]


def read_through(file: File, ahead: Ahead = nothing_ahead, page_read: PageRead = nothing_read) -> Read:
    """The pages of ``file``: fonts that lie mended, and those that need it read by OCR from their picture.

    ``ahead`` is told how many pages OCR is going to read of which a glance at the file does not show it, ``page_read`` of each
    page when it is read, which for pictures is after OCR.
    """
    pages: list[Page] = []
    pictures: set[int] = set()
    for page in file.pages():
        pages.append(page)
        if areas_to_read(page) and ocr.available():
            pictures.add(page.number)
        else:
            page_read()
    mended = with_fonts_mended(file, pages, ahead)
    done: list[Page] = []
    scans = dict(mended.scans)
    issues = list(mended.issues)
    for page in mended.pages:
        areas = areas_to_read(page)
        if areas and not ocr.available():
            done.append(page)
            issues += [ocr.missing(page) if _is_whole(page, area) else _picture(page, area) for area in areas]
            continue
        scan, troubles = _read(file, page, areas)
        done.append(scan.page if scan else page)
        issues += troubles
        if scan:
            scans[page.number] = scan.joined(scans[page.number]) if page.number in scans else scan
            issues += _doubts(scan)
        if page.number in pictures:
            page_read()
    return Read(tuple(done), scans, tuple(issues))


def areas_to_read(page: Page) -> tuple[Box, ...]:
    """What of a displayed page must be read from its picture: all of it, its pictures that hold no text, or nothing."""
    whole = (0.0, 0.0, page.width, page.height)
    if "unreadable" in page.health:
        return ()
    if not page.words:
        return (whole,) if "picture" in page.health else ()
    return page.pictures


def _read(file: File, page: Page, areas: Sequence[Box]) -> tuple[Scan | None, list[Issue]]:
    """One scan of all ``areas``; a chart or a photograph on a page of text is left out, for it adds nothing to the text."""
    scan: Scan | None = None
    issues: list[Issue] = []
    issues += [_failed(page, area) for area in areas[MOST:]]
    for area in areas[:MOST]:
        found = _scan(file, scan.page if scan else page, area)
        if found is None:
            issues.append(_failed(page, area))
        elif _is_whole(page, area) or _has_table(scan.page if scan else page, found.page):
            scan = found.joined(scan) if scan else found
    return scan, issues


def _is_whole(page: Page, area: Box) -> bool:
    return area == (0.0, 0.0, page.width, page.height)


def _has_table(before: Page, after: Page) -> bool:
    """Did the picture add the rulings of a table?"""
    across = len(after.horizontal) - len(before.horizontal)
    return across >= LEAST_ACROSS and len(after.vertical) - len(before.vertical) >= LEAST_DOWN


def _picture(page: Page, area: Box) -> Issue:
    message = f"第{page.number}页有一幅没有文字层的图片；其中如有表格，未能读取。安装可选组件后可读：pip install 'gongkai[ocr]'。"
    return Issue(kind="picture_unread", message=message, source=Source(page.document, page.number, area))


def _scan(file: File, page: Page, area: Box) -> Scan | None:
    try:
        return _recognised(file, page, area)
    except (
        Exception
    ):  # whatever the engine raises on one picture (no memory, a shape it cannot take) costs that page alone
        return None


def _failed(page: Page, area: Box) -> Issue:
    where = Source(page.document, page.number, area)
    return Issue(kind="page_unread", message=f"第{page.number}页的图片未能识别，请对照原件。", source=where)


def _recognised(file: File, page: Page, area: Box) -> Scan:
    picture = file.render(page.number, ocr.scale_for(page.width, page.height), area)
    scan = ocr.read_page(
        page, picture.samples, picture.width, picture.height, None if _is_whole(page, area) else area
    )
    words = tuple(read for word in scan.page.words if (read := _plain(word)).text)
    return replace(scan, page=replace(scan.page, words=words))


def _plain(word: Word) -> Word:
    """A word as recognised, without the signs that the recogniser has no character for."""
    kept = [i for i, character in enumerate(word.text) if character != "\ufffd"]
    edges = (*(word.edges[i] for i in kept), word.edges[-1])
    return replace(word, text=simplified("".join(word.text[i] for i in kept)), edges=edges)


def _doubts(scan: Scan) -> list[Issue]:
    page = scan.page
    ruled = page.horizontal and page.vertical
    if not scan.poor and (scan.grid_sure or not ruled):
        return []
    why = "扫描质量差" if scan.poor else "表格线不完整"
    message = f"第{page.number}页由文字识别读取，{why}，数字请对照原件核对。"
    return [
        Issue(kind="scan_doubtful", message=message, source=Source(page.document, page.number, scan.area))
    ]
