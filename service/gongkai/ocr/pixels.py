"""The arrays that the OCR modules pass around."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]  # bytes: grey (height, width) or colour (height, width, 3)
Mask = NDArray[Any]  # True and False
Array = NDArray[Any]


def from_samples(samples: bytes, width: int, height: int) -> Pixels:
    """RGB bytes, row by row without padding, as an array; raises ``ValueError`` when their number is not width x height x 3."""
    return np.frombuffer(samples, np.uint8).reshape(height, width, 3)
