"""Where on a page a table stands that draws no grid: runs of lines whose words stand apart, with numbers among them.

Prose is dense and has full stops, a contents page has leaders, a chart has no caption row: what could be either is no table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from gongkai.layout.captions import is_title, parse
from gongkai.layout.columns import close_spaced, is_number
from gongkai.layout.lines import Line
from gongkai.pages import Rule, Word
from gongkai.text import normalise

APART = 0.8  # of the type size: words of different cells are no closer
ROW_GAP = 5.0  # of the type size: rows of one table are no further apart
LAPPED = 0.3  # of the type size: captions of two and three lines beside one another overlap in height
CUT_LINES = 3  # lines of a row that the page end cut
HEAD_LINES = 10
BESIDE = 0.15  # of the type size: lines of one row overlap so much in height
MIRROR = 0.15  # of the type size: a label is centred on its row so well
CENTRED = 0.1  # of a table's width
CLOSE = 0.6  # of the type size: lines of one label lie no further apart
LABEL_GAP = 2.5  # of the type size: rows of labels are no further apart
LABEL = 3.8  # of the type size: the first line of a label stands no further above its row
WIDE = 0.6  # of a table's width: a ruling this long goes from side to side

_LEADERS = re.compile(r"[.．]{4,}|…{2,}|[·•]{4,}|_{4,}|-{6,}")
_STOP = re.compile(r"[。；;！？]|[,，、：:]$")
_NOTE = re.compile(r"^[(]?(?:注|说明|备注|附注|※)(?:[:：\d]|$)")
_HEADING = re.compile(r"^(?:第[一二三四五六七八九十]+部[分份]|附件\d*[:：]?$|目录$)")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))")
VOCABULARY = re.compile(
    r"项目|科目|合计|小计|总计|收入|支出|金额|决算|预算|编码|代码|名称|行次|栏次|经费|拨款|数量|单位|序号|指标|分值|得分|资金|备注|完成率|执行|费$"
)
NUMBER_BAND = 0.14  # of the page's height: a number alone up or down there counts pages
_PAGE_NUMBER = re.compile(r"[-—–_~·•.第]*\d{1,4}[-—–_~·•.页]*(?:[/共]\d+页?)?")
_CLAUSE = re.compile(r"[一-鿿)）%][，。；]|\d ?(?:万元|%)[一-鿿，。；]")
DENSE = 0.72  # of a line's width: prose fills it, rows of a table do not
_SCALE = re.compile(r"^栏次")


class Kind(Enum):
    """What a line may be to a table: a row of numbers, captions or labels, or the end of it."""

    NUMBERS = auto()
    APART = auto()
    LABEL = auto()
    CAPTION = auto()
    BREAK = auto()


@dataclass(slots=True)
class Row:
    """One line of a page with its spaced letters closed."""

    line: Line
    words: list[Word]
    kind: Kind

    @property
    def middle(self) -> float:
        return (self.line.box[1] + self.line.box[3]) / 2


@dataclass(slots=True)
class Region:
    """Lines of one table; ``body`` is the index of the first line of numbers; ``rules`` its horizontal rulings.

    ``banner`` is the heading of its first block (一、政府采购情况), centred over the head.
    """

    rows: list[Row]
    body: int
    rules: list[Rule]
    captioned: bool
    banner: Row | None = None

    @property
    def left(self) -> float:
        return min(row.line.box[0] for row in self.rows)

    @property
    def right(self) -> float:
        return max(row.line.box[2] for row in self.rows)


def regions_of(
    lines: Sequence[Line], rules: Sequence[Rule], height: float, goes_on: bool = False
) -> list[Region]:
    """The regions of a page that may be tables, top to bottom. With ``goes_on``, one may open the page with the rest of a cut row."""
    rows = [_row(line, height) for line in lines]
    regions: list[Region] = []
    index = 0
    while index < len(rows):
        if rows[index].kind is not Kind.NUMBERS and not _bare_head(rows, index, rules):
            index += 1
            continue
        last = _last_seed(rows, index)
        end = _grown_down(rows, index, last, rules) + 1
        floor = max((rows.index(r.rows[-1]) + 1 for r in regions[-1:]), default=0)
        start = _grown_up(rows, index, last, floor, rules)
        if goes_on and not regions and start <= CUT_LINES and all(_short(row) for row in rows[:start]):
            start = int(end > 1 and _is_banner(rows, 1, rows[1:end]))
        own = rows[start:end]
        near = [r for r in rules if own[0].line.box[1] - 12 <= r.at <= own[-1].line.box[3] + 12]
        banner = rows[start - 1] if _is_banner(rows, start, own) else None
        regions.append(Region(own, _body(own), near, _captioned(rows, start), banner))
        index = end
    return regions


def _row(line: Line, height: float) -> Row:
    words = close_spaced(line)
    middle = (line.box[1] + line.box[3]) / 2
    margin = min(middle, height - middle) < NUMBER_BAND * height
    if margin and _PAGE_NUMBER.fullmatch(normalise(line.text)) and len(line.segments) == 1:
        return Row(line, words, Kind.BREAK)
    return Row(line, words, _kind(line, words))


def _kind(line: Line, words: Sequence[Word]) -> Kind:
    plain = normalise(line.text)
    numbers = sum(_stands_apart(words, i) for i, word in enumerate(words) if is_number(word.text))
    if _LEADERS.search(plain) or _NOTE.match(plain) or _HEADING.match(plain):
        return Kind.BREAK
    if (
        _CLAUSE.search(line.text)
        and sum(w.x1 - w.x0 for w in words) > DENSE * (line.box[2] - line.box[0])
        and numbers < 4
    ):
        return Kind.BREAK if len(plain) > 16 else Kind.LABEL
    segments = _segments(words)
    if len(segments) > 1 and numbers and not (_STOP.search(plain) and numbers < 2 and len(segments) < 3):
        return Kind.NUMBERS
    texts = ["".join(w.text for w in segment) for segment in segments]
    parsed = [parse(text) for text in texts]
    if any(rest == "" or found.unit or found.printed_number or found.entity for found, rest in parsed):
        return Kind.NUMBERS if len(words) == 1 and is_number(plain) else Kind.CAPTION
    if len(segments) == 1 and is_title(plain):
        return Kind.CAPTION
    if len(segments) == 1 and is_number(plain):
        return Kind.NUMBERS
    if len(segments) == 1 and ((_STOP.search(plain) and len(plain) > 12) or len(plain) > 40):
        return Kind.BREAK
    return Kind.APART if len(segments) > 1 else Kind.LABEL


def _stands_apart(words: Sequence[Word], i: int) -> bool:
    word = words[i]
    before = i == 0 or word.x0 - words[i - 1].x1 > 0.4 * word.size
    after = i + 1 == len(words) or words[i + 1].x0 - word.x1 > 0.25 * word.size
    return before and after and (i > 0 or len(words) > 1)


def _segments(words: Sequence[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = []
    for word in words:
        if parts and word.x0 - parts[-1][-1].x1 <= APART * word.size:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _gap(upper: Row, lower: Row) -> float:
    return (lower.line.box[1] - upper.line.box[3]) / max(upper.line.size, lower.line.size)


def _last_seed(rows: Sequence[Row], first: int) -> int:
    """The last line of numbers that belongs with the one at ``first``."""
    last = first
    empty = rows[first].kind is not Kind.NUMBERS
    for k in range(first + 1, len(rows)):
        row = rows[k]
        if empty and row.kind is not Kind.NUMBERS and _gap(rows[k - 1], row) < 3 and _short(row):
            last = k
        if row.kind in (Kind.BREAK, Kind.CAPTION):
            break
        if _gap(rows[k - 1], row) > ROW_GAP and not _in_line(rows[first : last + 1], row):
            break
        if row.kind is Kind.NUMBERS:
            last = k
        elif (row.kind is Kind.LABEL and row.line.size > 1.25 * rows[first].line.size) or (
            k - last > HEAD_LINES and not _begins_with(rows[first:k], row)
        ):
            break
    return last


def _begins_with(others: Sequence[Row], row: Row) -> bool:
    """Does every word begin where one of ``others`` begins? Then it is one more of many rows whose amounts are empty."""
    return all(any(abs(word.x0 - w.x0) < 1.5 for r in others for w in r.words) for word in row.words)


def _short(row: Row) -> bool:
    return row.kind in (Kind.APART, Kind.LABEL) and all(len(word.text) <= 14 for word in row.words)


def _in_line(above: Sequence[Row], row: Row) -> bool:
    """Do the numbers of a line far below begin or end where numbers above do (tall or empty rows between them)?"""
    known = [w for r in above for w in r.words if is_number(w.text)]
    own = [w for w in row.words if is_number(w.text)]
    return bool(own) and all(any(_same_place(w, o) for o in known) for w in own)


def _same_place(a: Word, b: Word) -> bool:
    return abs(a.x1 - b.x1) < 1.5 or abs(a.x0 - b.x0) < 1.5 or abs(a.x0 + a.x1 - b.x0 - b.x1) < 3


def _grown_down(rows: Sequence[Row], first: int, last: int, rules: Sequence[Rule]) -> int:
    """The last line of the table whose numbers stand on the lines ``first`` to ``last``: labels without numbers go with it while
    they keep its pitch, or stand above its last ruling."""
    left = min(row.line.box[0] for row in rows[first : last + 1])
    right = max(row.line.box[2] for row in rows[first : last + 1])
    ruled = max(
        (r.at for r in rules if r.hi - r.lo > WIDE * (right - left) and r.at > rows[last].middle), default=0.0
    )
    end = last
    pitch = max(1.0, _gap(rows[last - 1], rows[last])) if last else 1.0
    for k in range(last + 1, len(rows)):
        row = rows[k]
        inside = row.middle < ruled and not any(
            r.kind in (Kind.BREAK, Kind.CAPTION) for r in rows[end + 1 : k + 1]
        )
        if row.kind in (Kind.BREAK, Kind.CAPTION, Kind.NUMBERS) or row.line.size > 1.2 * rows[last].line.size:
            break
        if not inside and _gap(rows[k - 1], row) > 1.3 * pitch + 0.2:
            break
        if not inside and (
            row.line.box[0] < left - 60 or row.line.box[2] - row.line.box[0] > 0.8 * (right - left)
        ):
            break
        end = k
    return end


def _grown_up(rows: Sequence[Row], first: int, last: int, floor: int, rules: Sequence[Rule]) -> int:
    """The first line of the head above the first line of numbers; ``last`` is the last one."""
    seed = rows[first].line
    left, right = seed.box[0], seed.box[2]
    start = first
    head = 0
    for k in range(first - 1, floor - 1, -1):
        row = rows[k]
        if row.kind not in (Kind.APART, Kind.LABEL) or _gap(row, rows[k + 1]) > ROW_GAP:
            break
        labels = _begins_with(rows[first : last + 1], row) and _gap(row, rows[k + 1]) < LABEL_GAP
        head += not labels
        if head > HEAD_LINES:
            break
        if (
            row.kind is Kind.LABEL
            and not labels
            and not _may_be_head(row, rows[k + 1], left, right, seed.size)
        ):
            break
        lapped = _gap(row, rows[k + 1]) < LAPPED
        if row.kind is Kind.APART or lapped or VOCABULARY.search(normalise(row.line.text)):
            start = k
    return _below_top_rule(rows, start, first, floor, rules)


def _may_be_head(row: Row, below: Row, left: float, right: float, size: float) -> bool:
    plain = normalise(row.line.text)
    if row.line.size > 1.2 * size:
        return False
    if _gap(row, below) < LAPPED:
        return True
    if len(plain) > 20:
        return False
    if _NUMBERED.match(plain):
        return (
            _gap(row, below) < 2.5 and row.line.size <= 1.05 * size and abs(row.line.box[0] - left) < 4 * size
        )
    return bool(VOCABULARY.search(plain)) or len(plain) <= 8


def _below_top_rule(rows: Sequence[Row], start: int, first: int, floor: int, rules: Sequence[Rule]) -> int:
    """The first line below the uppermost side-to-side ruling over the numbers; ``start`` where none stands over a head."""
    limit = next(
        (k for k in range(first - 1, floor - 1, -1) if rows[k].kind in (Kind.BREAK, Kind.CAPTION)), floor - 1
    )
    above = rows[limit].middle if limit >= 0 else 0.0
    width = rows[first].line.box[2] - rows[first].line.box[0]
    over = [
        r.at for r in rules if above <= r.at <= rows[first].middle and r.hi - r.lo > max(WIDE * width, 100)
    ]
    if not over:
        return start
    top = next(k for k in range(limit + 1, first + 1) if rows[k].middle > min(over))
    return top if top < first else start


def _bare_head(rows: Sequence[Row], index: int, rules: Sequence[Rule]) -> bool:
    """The head of a table without a single number (a nil form): three captions or more, right under a table's caption."""
    row = rows[index]
    if row.kind is not Kind.APART or len(_segments(row.words)) < 3:
        return False
    named = sum(bool(VOCABULARY.search(normalise(word.text))) for word in row.words)
    return named >= 2 and _captioned(rows, index)


def _captioned(rows: Sequence[Row], start: int) -> bool:
    return any(row.kind is Kind.CAPTION for row in rows[max(0, start - 3) : start])


def _body(rows: Sequence[Row]) -> int:
    """Where the head ends: at the first number, or at a label that begins an item; a label wrapped around these begins above them."""
    for index, row in enumerate(rows):
        first = normalise(row.words[0].text)
        if row.kind is Kind.NUMBERS or _NUMBERED.match(first) or _SCALE.match(first):
            return index - _begun_above(rows, index)
    total = next((i for i, row in enumerate(rows) if normalise(row.words[0].text) in ("合计", "总计")), None)
    return total if total else len(rows)


def _is_banner(rows: Sequence[Row], start: int, own: Sequence[Row]) -> bool:
    """Is the line above the head a numbered heading centred over it, right under the caption of the table or at the top of the page?"""
    if not start or not _NUMBERED.match(normalise(rows[start - 1].line.text)):
        return False
    row = rows[start - 1]
    left, right = min(r.line.box[0] for r in own), max(r.line.box[2] for r in own)
    middle = (row.line.box[0] + row.line.box[2]) / 2
    centred = (
        abs(middle - (left + right) / 2) < CENTRED * (right - left)
        and row.line.box[0] > left + 4 * row.line.size
    )
    over = start == 1 or rows[start - 2].kind is Kind.CAPTION
    head = own[0].kind is Kind.APART and all(VOCABULARY.search(normalise(w.text)) for w in own[0].words)
    return row.kind is Kind.LABEL and head and centred and over and _gap(row, own[0]) < 1.5


def _begun_above(rows: Sequence[Row], index: int) -> int:
    """How many lines right above the first row of the body are of that row: they lie beside it, or have their mirror image below it."""
    count = 0
    first = rows[index]
    while index - count > 1:
        row = rows[index - count - 1]
        beside = row.line.box[3] > first.line.box[1] + BESIDE * row.line.size
        if not beside and not any(
            _mirrored(row, first, below) for below in rows[index + 1 : index + 1 + HEAD_LINES]
        ):
            break
        count += 1
    return count


def _mirrored(row: Row, first: Row, below: Row) -> bool:
    """Do ``row`` and ``below`` stand as far above and below ``first`` as the outer lines of one label, word under word?"""
    size = row.line.size
    if (
        abs((row.middle + below.middle) / 2 - first.middle) > MIRROR * size
        or first.middle - row.middle > LABEL * size
    ):
        return False
    if below.kind is Kind.NUMBERS or max(_gap(row, first), _gap(first, below)) > CLOSE:
        return False
    return _under(row.words, below.words) and _under(below.words, [*row.words, *first.words])


def _under(words: Sequence[Word], others: Sequence[Word]) -> bool:
    return all(any(w.x0 < other.x1 and other.x0 < w.x1 for other in others) for w in words)
