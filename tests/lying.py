"""PDFs typeset on the spot whose fonts say something else than they show."""

from __future__ import annotations

from collections.abc import Mapping

import pymupdf

SONG, ROMAN = "cjk", "tiro"
ROWS = (
    ("项目", "行次", "金额"),
    ("一、一般公共预算财政拨款收入", "1", "1,208.44"),
    ("二、政府性基金预算财政拨款收入", "2", "35.67"),
    ("三、其他收入", "3", "9,012.30"),
    ("本年收入合计", "27", "10,256.41"),
    ("年初结转和结余", "28", "84.59"),
)
PROSE = (
    "第二部分 部门决算情况说明",
    "本年度收入支出决算总体情况：单位财政拨款收入主要用于保障机构运行和项目支出，与上年度相比有所增加，",
    "主要原因是人员经费增加；一般公共预算财政拨款基本支出包括工资福利支出、商品和服务支出，机关运行经费有所减少。",
)


def typeset(lies: Mapping[str, Mapping[str, str] | None], pages: int = 1) -> bytes:
    """Pages of prose and a table, ideographs in one font and ASCII in another; ``lies`` gives for a font what its characters are
    said to be (those not named are honest), or None for one without any mapping."""
    document = pymupdf.open()
    fonts = {name: pymupdf.Font(name) for name in (SONG, ROMAN)}
    for _ in range(pages):
        _fill(document.new_page(), fonts)
    document.subset_fonts()
    for name, lie in lies.items():
        _remap(document, fonts[name], lie)
    data: bytes = document.tobytes()
    return data


def said(lie: Mapping[str, str], text: str) -> str:
    """What a font that lies makes of ``text``."""
    return "".join(lie.get(character, character) for character in text)


def _fill(page: pymupdf.Page, fonts: Mapping[str, pymupdf.Font]) -> None:
    writer = pymupdf.TextWriter(page.rect)
    for number, line in enumerate(PROSE):
        _write(writer, fonts, 40, 60 + 24 * number, line)
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            _write(writer, fonts, 46 + (0, 260, 340)[column], 156 + 22 * row, cell)
    writer.write_text(page)
    for row in range(len(ROWS) + 1):
        page.draw_line((40, 140 + 22 * row), (540, 140 + 22 * row))
    for x in (40, 300, 380, 540):
        page.draw_line((x, 140), (x, 140 + 22 * len(ROWS)))


def _write(
    writer: pymupdf.TextWriter, fonts: Mapping[str, pymupdf.Font], x: float, y: float, text: str
) -> None:
    place = pymupdf.Point(x, y)
    run = ""
    for character in [*text, ""]:
        if run and (not character or character.isascii() != run[0].isascii()):
            _, place = writer.append(
                place, run, font=fonts[ROMAN if run[0].isascii() else SONG], fontsize=10.5
            )
            run = ""
        run += character


def _remap(document: pymupdf.Document, font: pymupdf.Font, lie: Mapping[str, str] | None) -> None:
    """Another ToUnicode map for all objects of ``font``, or none."""
    letters = {c for line in (*PROSE, *(cell for row in ROWS for cell in row)) for c in line}
    codes = {font.has_glyph(ord(c)): (lie or {}).get(c, c) for c in letters}
    for xref in {entry[0] for page in document for entry in page.get_fonts() if font.name in entry[3]}:
        if lie is None:
            document.xref_set_key(xref, "ToUnicode", "null")
            continue
        stream = int(document.xref_get_key(xref, "ToUnicode")[1].split()[0])
        document.update_stream(stream, _map(codes).encode())


def _map(codes: Mapping[int, str]) -> str:
    listed = [f"<{code:04x}> <{said.encode('utf-16-be').hex()}>" for code, said in sorted(codes.items())]
    blocks = [listed[start : start + 100] for start in range(0, len(listed), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Lie def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\nend\nend"
    )
