"""The columns of a table that draws none: from the extents of its numbers first, of its labels next, of its captions last.

Numbers of one column overlap (they share a right edge or a middle), numbers of neighbouring columns never do: what overlaps is a
column. A label may run over the empty cell beside it, so it widens no column of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from gongkai.layout.grid import part
from gongkai.layout.lines import Line
from gongkai.money import parse
from gongkai.pages import Word
from gongkai.text import normalise

TOUCH = 0.8  # points: extents that overlap less than this stand side by side
TEXT_GAP = 0.6  # of the type size: labels of one column lie no further apart than this, seen from above
FEW = 3  # words: a column of labels with fewer, and no caption of its own, is part of its neighbour

_SPACED = re.compile(
    r"^(?:项目|合计|收入|支出|小计|总计|金额|栏次|行次|科目|名称|备注|单位|序号|类别|编码|代码|单价|数量|其中)$"
)
_CODE_LETTERS = frozenset("类款项目节")
_IDEOGRAPH = re.compile(r"^[一-鿿]$")
_AMOUNT_AND_LABEL = re.compile(r"^([-−]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d)(?=[一-鿿(（])(?!万元|元|%)")
_SEVERAL = re.compile(r"\.\d+[.,]")  # amounts run together
GUTTER = 1.5  # points
SAME = 12.0  # points: a table that goes on stands as far left and right as before
_ENDED = re.compile(r"[.．]\d\d$")
FUSED = 0.2  # of the type size: words no further apart touch
LETTERS = 0.12  # the same between two ideographs, whose types fill their squares
EVEN_GAP = 2.5  # of the type size: three letters and more are spaced no wider, or they stand in columns
SPACED_GAP = 8.0  # of the type size: letters of one word are spaced no wider


@dataclass(slots=True)
class Band:
    """One column's extent on the page; ``numeric`` if numbers made it."""

    lo: float
    hi: float
    numeric: bool


@lru_cache(maxsize=8192)
def is_number(text: str) -> bool:
    """A number, or the dash that stands for one."""
    return any(c.isdigit() or c in "-—–―─━－" for c in text) and parse(text, None).state in (
        "value",
        "not_applicable",
    )


def is_figures(text: str) -> bool:
    """Figures and their marks alone, be they one number or several run together."""
    return len(text) > 3 and all(c.isdigit() or c in ".,-−，．" for c in text)


def is_scale(line: Sequence[Word]) -> bool:
    """The row that numbers the columns: 栏次, or 1, 2, 3 … alone."""
    texts = [normalise(word.text) for word in line]
    if texts[0] == "栏次":
        return True
    return len(texts) >= 3 and texts == [str(k + 1) for k in range(len(texts))]


def close_spaced(line: Line) -> list[Word]:
    """The words of a line, letters spaced out over a cell (``项　目``, ``合　计``) drawn together again."""
    words: list[Word] = []
    run: list[Word] = []
    for word in fused(line.words):
        if _IDEOGRAPH.match(word.text):
            if run and word.x0 - run[-1].x1 > SPACED_GAP * word.size:
                words.extend(_closed(run))
                run = []
            run.append(word)
            continue
        words.extend(_closed(run))
        run = []
        words.extend(unglued(word))
    return words + _closed(run)


def fused(words: Sequence[Word]) -> list[Word]:
    """Words of one line that touch are one word: a change of the font parted them. Two whole amounts stay two.

    What ``lines_of`` takes for one line may hold two, half a line apart; only words on one baseline are fused.
    """
    whole: list[Word] = []
    for word in words:
        before = next(
            (k for k in range(len(whole) - 1, max(len(whole) - 4, -1), -1) if _touch(whole[k], word)), None
        )
        if before is None:
            whole.append(word)
            continue
        last = whole[before]
        edges = (*last.edges[:-1], *word.edges)
        top, bottom = min(last.y0, word.y0), max(last.y1, word.y1)
        whole[before] = Word(
            last.text + word.text, last.x0, top, word.x1, bottom, last.size, last.bold, edges
        )
    return whole


def _touch(left: Word, right: Word) -> bool:
    ahead = right.x0 - left.x1
    if not -0.3 * right.size < ahead < max(LETTERS, FUSED) * right.size:
        return False
    level = abs((left.y0 + left.y1) - (right.y0 + right.y1)) < 0.5 * right.size
    letters = _IDEOGRAPH.match(left.text[-1]) and _IDEOGRAPH.match(right.text[0])
    reach = (LETTERS if letters else FUSED) * right.size
    return level and ahead < reach and not _whole(left, right)


def _whole(left: Word, right: Word) -> bool:
    return bool(_ENDED.search(left.text)) and (
        right.text[0].isdigit() or bool(_IDEOGRAPH.match(right.text[0]))
    )


def unglued(word: Word) -> list[Word]:
    """A word that begins with a whole amount and goes on with a label of the next cell, cut between the two."""
    found = _AMOUNT_AND_LABEL.match(word.text)
    return [part(word, 0, found.end(1)), part(word, found.end(1), len(word.text))] if found else [word]


def cut_at_gutters(word: Word, bands: Sequence[Band]) -> list[Word]:
    """A run of figures that goes over from one column to the next, cut in the gutter behind a whole amount; what might be one number stays one."""
    for left, right in pairwise(bands):
        if not (word.x0 < left.hi - TOUCH and word.x1 > right.lo + TOUCH):
            continue
        cuts = [k for k in range(1, len(word.text)) if left.hi - GUTTER <= word.edges[k] <= right.lo + GUTTER]
        for k in cuts:
            if _ENDED.search(word.text[:k]) and is_number(word.text[:k]) and is_number(word.text[k:]):
                return [part(word, 0, k), *cut_at_gutters(part(word, k, len(word.text)), bands)]
    return [word]


def _closed(run: list[Word]) -> list[Word]:
    """Single letters as words: pairs by what they say, three and more by their even spacing."""
    text = "".join(word.text for word in run)
    if len(run) >= 3 and not _CODE_LETTERS.issuperset(text) and _even(run):
        return [_glued(run)]
    words: list[Word] = []
    index = 0
    while index < len(run):
        if _SPACED.match(text[index : index + 2]):
            words.append(_glued(run[index : index + 2]))
            index += 2
        else:
            words.append(run[index])
            index += 1
    return words


def _even(run: Sequence[Word]) -> bool:
    gaps = [b.x0 - a.x1 for a, b in pairwise(run)]
    return max(gaps) - min(gaps) < 0.5 * run[0].size and max(gaps) < EVEN_GAP * run[0].size


def _glued(run: Sequence[Word]) -> Word:
    if len(run) == 1:
        return run[0]
    first, last = run[0], run[-1]
    edges = (*(word.x0 for word in run), last.x1)
    text = "".join(word.text for word in run)
    return Word(text, first.x0, first.y0, last.x1, max(w.y1 for w in run), first.size, first.bold, edges)


def number_bands(lines: Iterable[Sequence[Word]]) -> list[Band]:
    """Extents of columns of numbers. A number that bridges two columns (glued, overlong) makes none."""
    rows = [[w for w in line if is_number(w.text) and not _SEVERAL.search(w.text)] for line in lines]
    rows = [row for row in rows if row]
    words = [w for row in rows for w in row]
    bands = _merged([(w.x0, w.x1) for w in words], TOUCH)
    crowded = [b for b in bands if any(sum(_overlap(w, b) > 0 for w in row) > 1 for row in rows)]
    if not crowded:
        return [Band(lo, hi, True) for lo, hi in bands]
    single = [w for w in words if not any(_bridges(w, row) for row in rows)]
    return [Band(lo, hi, True) for lo, hi in _merged([(w.x0, w.x1) for w in single], TOUCH)]


def _bridges(word: Word, row: Sequence[Word]) -> bool:
    return sum(min(word.x1, other.x1) - max(word.x0, other.x0) > TOUCH for other in row) > 1


def _overlap(word: Word, extent: tuple[float, float]) -> float:
    return max(0.0, min(word.x1, extent[1]) - max(word.x0, extent[0]))


def _merged(extents: Iterable[tuple[float, float]], touch: float) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for lo, hi in sorted(extents):
        if merged and lo < merged[-1][1] - touch:
            merged[-1] = (merged[-1][0], max(merged[-1][1], hi))
        else:
            merged.append((lo, hi))
    return merged


def with_labels(bands: list[Band], lines: Sequence[Sequence[Word]]) -> list[Band]:
    """``bands`` and the columns of labels between them.

    A label that runs into a column of numbers ends, for this, where that begins; where nothing but such labels stands (a sum over
    several columns) is no column.
    """
    words = [word for line in lines for word in line if not is_number(word.text)]
    size = max((word.size for word in words), default=0.0)
    extents = [(word, clipped) for word in words if (clipped := _clipped(word, bands))]
    whole = [clipped for word, clipped in extents if clipped[1] == word.x1]
    labels = [
        extent
        for extent in _merged([clipped for _, clipped in extents], -TEXT_GAP * size)
        if any(extent[0] <= (lo + hi) / 2 <= extent[1] for lo, hi in whole)
        and not any(b.lo - TOUCH <= extent[0] and extent[1] <= b.hi + TOUCH for b in bands)
    ]
    return sorted([*bands, *(Band(lo, hi, False) for lo, hi in labels)], key=lambda b: b.lo)


def _clipped(word: Word, bands: Sequence[Band]) -> tuple[float, float] | None:
    """The part of a label left of the first column of numbers that it runs into; None if it begins inside one."""
    hi = word.x1
    for band in bands:
        if band.lo - 0.3 * word.size <= word.x0 < band.hi - TOUCH:
            return None
        if word.x0 < band.lo < hi:
            hi = band.lo - TOUCH
    return (word.x0, hi) if hi - word.x0 > 0.3 * word.size else None


def without_strays(bands: list[Band], body: Sequence[Sequence[Word]], head: Sequence[Word]) -> list[Band]:
    """A column of few labels and no caption (合计 centred over two columns) is no column: it joins the labels beside it."""
    kept = list(bands)
    for band in bands:
        if band.numeric or any(_over(w, band) for w in head):
            continue
        rows = sum(any(_over(w, band) for w in line) for line in body)
        others = [b for b in kept if b is not band and not b.numeric]
        if rows >= FEW or rows * 3 > len(body) or not others:
            continue
        nearest = min(others, key=lambda b: max(b.lo - band.hi, band.lo - b.hi))
        if any(nearest.hi < b.lo < band.lo or band.hi < b.lo < nearest.lo for b in kept if b.numeric):
            continue
        kept.remove(band)
    return kept


def split_by_captions(
    bands: list[Band], body: Sequence[Sequence[Word]], captions: Sequence[Word]
) -> list[Band]:
    """A column of labels under two captions side by side is two columns, parted where the fewest labels are crossed."""
    own = [w for w in captions if sum(_over(w, b) for b in bands) == 1]
    parted: list[Band] = []
    for band in bands:
        over = _merged([(w.x0, w.x1) for w in own if _over(w, band)], TOUCH)
        words = [w for line in body for w in line if _over(w, band)]
        if band.numeric or len(over) < 2 or not words:
            parted.append(band)
            continue
        lo = band.lo
        for (a, b), (c, d) in pairwise(over):
            cut = _clear_cut(words, (a + b) / 2, (c + d) / 2)
            if cut is not None and lo < cut < band.hi:
                parted.append(Band(lo, cut - TOUCH, False))
                lo = cut
        parted.append(Band(lo, band.hi, False))
    return parted


def _clear_cut(words: Sequence[Word], low: float, high: float) -> float | None:
    """Where between ``low`` and ``high`` a column may begin: at the left side of a word, few others standing across it."""
    best: tuple[int, float] | None = None
    for x in sorted({w.x0 for w in words if low < w.x0 < high}):
        across = sum(w.x0 < x - TOUCH and w.x1 > x + TOUCH and not _has_edge(w, x) for w in words)
        best = min(best or (across, x), (across, x))
    return best[1] if best is not None and best[0] <= 0.15 * len(words) else None


def _has_edge(word: Word, x: float) -> bool:
    return any(abs(edge - x) < GUTTER for edge in word.edges)


def cut_at_labels(word: Word, bands: Sequence[Band]) -> list[Word]:
    """A run of letters that goes over from one column of labels into the next, cut where the next one begins."""
    for left, right in pairwise(bands):
        if (
            left.numeric
            or right.numeric
            or right.lo - left.hi > 2 * TOUCH
            or not left.lo - TOUCH <= word.x0 < left.hi
        ):
            continue
        at = next((k for k in range(1, len(word.text)) if abs(word.edges[k] - right.lo) < GUTTER), None)
        if at is not None:
            return [part(word, 0, at), *cut_at_labels(part(word, at, len(word.text)), bands)]
    return [word]


def with_own_captions(bands: list[Band], body: Sequence[Sequence[Word]], head: Sequence[Word]) -> list[Band]:
    """A caption in the middle of its cell may touch none of the numbers at the cell's right side (nor the labels at its left):
    a column with a caption alone and a neighbour without one are one column."""
    own = [w for w in head if sum(_over(w, b) for b in bands) == 1]
    over = [[w for w in own if _over(w, b)] for b in bands]
    lowest = [max((w.y1 for w in words if not is_number(w.text)), default=0.0) for words in over]
    captioned = [
        bool(words) and (any(is_number(w.text) for w in words) or not _above_all(k, lowest, words[0].size))
        for k, words in enumerate(over)
    ]
    filled = [any(_over(w, b) for line in body for w in line) for b in bands]
    pairs = []
    for k, band in enumerate(bands):
        if not filled[k] or captioned[k]:
            continue
        for n in (k - 1, k + 1):
            if not (0 <= n < len(bands) and captioned[n]):
                continue
            alike = band.numeric == bands[n].numeric
            if not filled[n] or (alike and not _together(band, bands[n], body)):
                gap = max(bands[n].lo - band.hi, band.lo - bands[n].hi)
                usual = (
                    n < k
                ) == band.numeric  # numbers stand at the right of their cell, labels at the left
                pairs.append((gap + (0 if usual else 4.0), k, n))
    gone: set[int] = set()
    for _, k, n in sorted(pairs):
        if gone & {k, n, -1 - k}:  # taken, or captioned by another already
            continue
        low, high = bands[min(k, n)], bands[max(k, n)]
        bands[max(k, n)] = Band(low.lo, high.hi, bands[k].numeric)
        gone.add(min(k, n))
        if min(k, n) != k:
            gone.discard(k)
        gone.add(-1 - max(k, n))
    return [b for k, b in enumerate(bands) if k not in gone]


def _above_all(k: int, lowest: Sequence[float], size: float) -> bool:
    """Do the captions of every other column end lower than those of column ``k``? Then these span it and others."""
    others = [low for n, low in enumerate(lowest) if n != k and low]
    return len(others) > 1 and all(low - lowest[k] > size for low in others)


def _together(a: Band, b: Band, body: Sequence[Sequence[Word]]) -> bool:
    """Has any row something in both columns? If not, they may be one whose numbers are set in two ways."""
    return any(any(_over(w, a) for w in line) and any(_over(w, b) for w in line) for line in body)


def on_columns_of(bands: list[Band], edges: Sequence[float]) -> list[Band] | None:
    """The columns of the page before, if every column of numbers here stands in one of them, no two in the same.

    Labels are then placed by where they begin, for on this page alone their columns may touch; none is cut, for the edges only lie
    between columns.
    """
    columns = list(pairwise(edges))
    numbers = [b for b in bands if b.numeric]
    homes = [max(range(len(columns)), key=lambda k, b=b: _shared(b, columns[k])) for b in numbers]  # type: ignore[misc]
    if (
        not numbers
        or len(set(homes)) < len(homes)
        or bands[0].lo < edges[0] - SAME
        or bands[-1].hi > edges[-1] + SAME
    ):
        return None
    if any(_shared(b, columns[k]) < 0.7 * (b.hi - b.lo) for b, k in zip(numbers, homes, strict=True)):
        return None
    own = dict(zip(homes, numbers, strict=True))
    return [own.get(k, Band(lo + GUTTER, hi - GUTTER, False)) for k, (lo, hi) in enumerate(columns)]


def _shared(band: Band, column: tuple[float, float]) -> float:
    return min(band.hi, column[1]) - max(band.lo, column[0])


def _over(word: Word, band: Band) -> bool:
    return min(word.x1, band.hi) - max(word.x0, band.lo) > TOUCH


def place(word: Word, bands: Sequence[Band], edges: Sequence[float]) -> int:
    """The column that a word of the body belongs to: a label where it begins, a number where most of it stands."""
    if is_number(word.text):
        shares = [min(word.x1, b.hi) - max(word.x0, b.lo) for b in bands]
        best = max(range(len(bands)), key=lambda k: shares[k])
        if shares[best] > TOUCH:
            return best
        middle = (word.x0 + word.x1) / 2
    else:
        begins = [k for k, band in enumerate(bands) if band.lo - TOUCH <= word.x0 < band.hi - TOUCH]
        if begins:
            return begins[-1]  # a caption may widen the column before into this one
        middle = word.x0 + 0.5 * word.size
    return max(0, min(len(bands) - 1, sum(middle >= e for e in edges[1:-1])))


def edges_between(bands: Sequence[Band], left: float, right: float) -> list[float]:
    """Column edges: half-way between neighbours, and the table's own sides."""
    inner = [(a.hi + b.lo) / 2 for a, b in pairwise(bands)]
    return [min(left, bands[0].lo), *inner, max(right, bands[-1].hi)]


def plain(words: Sequence[Word]) -> str:
    return normalise("".join(word.text for word in words))
