"""Compressed JSON, as it is kept and handed from process to process."""

from __future__ import annotations

import gzip
import zlib

LEVEL = 3  # a third of the time of 6, a fifth more bytes
LARGEST = 1 << 30  # bytes of what was packed: more is no Report
GZIP = 31  # zlib's window bits for a gzip stream


def pack(data: bytes) -> bytes:
    """``data`` as a gzip stream: the same bytes for the same data."""
    return gzip.compress(data, LEVEL, mtime=0)


def unpack(packed: bytes) -> bytes:
    """The inverse of :func:`pack`; raises ``ValueError`` for what is none, or is larger than ``LARGEST`` bytes."""
    stream = zlib.decompressobj(GZIP)
    try:
        data = stream.decompress(packed, LARGEST)
    except zlib.error as error:
        raise ValueError("not packed") from error
    if not stream.eof:
        raise ValueError("cut, or too large")
    return data
