"""The prose of pages read by OCR: its mentions get method, grade and place, its sections method and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gongkai.ocr.evidence import CONFIDENCE, DOUBTFUL, Reading
from gongkai.ocr.grading import Scans
from gongkai.ocr.scan import Scan
from gongkai.pages import rounded
from gongkai.report import Box, Mention, Section, Slot, Source


def graded_mention(mention: Mention, scans: Scans, proved: Mapping[str, tuple[str, ...]]) -> Mention:
    """``mention`` as sure as its readings are. A line of prose is read once: without a check that holds through each of its
    amounts (``proved``, by ``id/slot``) nothing speaks for its digits but the engine.
    """
    parts = [mention.source, *(slot.source for slot in mention.slots if slot.source is not None)]
    read = [reading for part in parts for reading in _read(part, scans)]
    if not read:
        return mention
    amounts = [slot for slot in mention.slots if slot.value is not None]
    poor = any(scan.poor for part in parts if (scan := _scan(part, scans)) is not None)
    doubted = poor or any(reading.red or (reading.doubtful and not reading.numeric) for reading in read)
    held = all(f"{mention.id}/{slot.slot}" in proved for slot in amounts)
    confidence = DOUBTFUL if doubted else CONFIDENCE["proved" if held else "neither"]
    return replace(
        mention,
        method=mention.method if mention.method == "model" else "ocr",
        grade=mention.grade if held and not doubted else "check",
        confidence=min(confidence, mention.confidence),
        source=_displayed(mention.source, scans),
        slots=tuple(_placed(slot, scans) for slot in mention.slots),
    )


def placed_section(section: Section, scans: Scans) -> Section:
    """A section whose heading OCR read says so: what rests on its words alone accuses nobody."""
    if not _read(section.source, scans):
        return section
    method = section.method if section.method == "model" else "ocr"
    return replace(section, method=method, source=_displayed(section.source, scans))


def _placed(slot: Slot, scans: Scans) -> Slot:
    return replace(slot, source=_displayed(slot.source, scans)) if slot.source is not None else slot


def _displayed(source: Source, scans: Scans) -> Source:
    scan = _scan(source, scans)
    return source if scan is None else replace(source, bbox=rounded(scan.displayed(source.bbox)))


def _scan(source: Source, scans: Scans) -> Scan | None:
    return scans.get((source.document, source.page))


def _read(source: Source, scans: Scans) -> list[Reading]:
    """The readings that the words at ``source`` come from; none beside a picture, where the file's own text stands."""
    scan = _scan(source, scans)
    return list(_touching(scan.readings, scan.upright(source.bbox))) if scan is not None else []


def _touching(readings: Iterable[Reading], box: Box) -> Iterable[Reading]:
    """A line is one reading, the words of a mention a part of it: their middles share a height, their widths overlap."""
    middle = (box[1] + box[3]) / 2
    for reading in readings:
        x0, y0, x1, y1 = reading.box
        inside = y0 <= middle <= y1 or box[1] <= (y0 + y1) / 2 <= box[3]
        if inside and x0 < box[2] and box[0] < x1:
            yield reading
