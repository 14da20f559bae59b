"""Names for the arrays that the OCR modules pass around."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # grey (height, width) or colour (height, width, 3)
Mask = NDArray[np.bool_]
Array = NDArray[Any]
