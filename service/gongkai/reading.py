"""One file as far as it can be read by geometry alone: its pages laid out, its 目录, its prose as cover and sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gongkai.layout import Layout, lay_out
from gongkai.mended import Ahead, nothing_ahead
from gongkai.narrative.contents import Contents, contents
from gongkai.narrative.sections import Prose, prose
from gongkai.ocr.scan import Scan
from gongkai.pages import Page, rounded
from gongkai.pdf import File
from gongkai.report import Document, Issue, PageInfo, Source
from gongkai.scans import PageRead, nothing_read, read_through
from gongkai.settings import Limits


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of a disclosure: its base name, for people, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """One document laid out: tables and lines, its 目录, and its prose as cover and sections; ``scans`` by page number."""

    document: Document
    layout: Layout
    contents: Contents
    prose: Prose
    scans: dict[int, Scan]
    issues: tuple[Issue, ...]


def read_file(
    file: InputFile, limits: Limits, ahead: Ahead = nothing_ahead, page_read: PageRead = nothing_read
) -> Reading:
    """Read one file. Raises the refusals of ``gongkai.errors``. ``ahead`` is told of pages with text that OCR is going to read,
    ``page_read`` of each page that is read."""
    identity = sha256(file.data).hexdigest()
    with File(file.data, identity, limits.max_pages) as opened:
        read = read_through(opened, ahead, page_read)
    layout = lay_out(read.pages)
    toc = contents(layout.lines)
    return Reading(
        document=_document(file.name, identity, read.pages),
        layout=layout,
        contents=toc,
        prose=prose(layout.lines, identity, toc),
        scans=read.scans,
        issues=(
            *read.issues,
            *(issue for page in read.pages for issue in _issues(page)),
            *_hidden(read.pages),
        ),
    )


def _issues(page: Page) -> Iterator[Issue]:
    """What a page holds that was not read."""
    whole = Source(page.document, page.number, (0.0, 0.0, page.width, page.height))
    if page.hidden and "picture" in page.health:
        message = (
            f"第{page.number}页是扫描件，其下另有一层文字（多为他人识别的结果）；未采用，以图片所示为准。"
        )
        yield Issue(kind="text_under_picture", message=message, source=whole)
    if "unreadable" in page.health:
        yield Issue(kind="page_unread", message=f"第{page.number}页损坏，未能读取。", source=whole)
    elif "picture" in page.health and page.text_source == "none":
        yield Issue(
            kind="page_unread", message=f"第{page.number}页是图片，没有文字层，未能读取。", source=whole
        )


def _document(name: str, identity: str, pages: Sequence[Page]) -> Document:
    infos = tuple(
        PageInfo(
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            text_source=page.text_source,
            health=page.health,
        )
        for page in pages
    )
    return Document(id=identity, file_name=name, pages=infos)


def _hidden(pages: Sequence[Page]) -> Iterator[Issue]:
    """What no reader sees, said once for all pages; its place is the first of them."""
    met = [page for page in pages if page.hidden and "picture" not in page.health]
    if met:
        places = "、".join(f"第{page.number}页{len(page.hidden)}处" for page in met)
        where = Source(met[0].document, met[0].number, rounded(met[0].hidden[0].box))
        message = f"有看不见的文字（白色、极小、被遮盖、被裁去或在页面之外），未作为数据读取：{places}。"
        yield Issue(kind="hidden_text", message=message, source=where)
