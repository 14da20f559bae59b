"""The two OCR models, loaded once a process, each on one thread: the only importer of onnxruntime and of rapidocr's files.

The models (PP-OCRv6 small, Apache-2.0) come inside the ``rapidocr`` wheel; nothing is fetched. They are run directly, because the
wheel's own road hides what grading needs: the probability of every character at every place.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from gongkai.ocr.ctc import STRIDE, Alphabet, Line, decode
from gongkai.ocr.pixels import Array, Pixels

HEIGHT = 48  # pixels: the height that the recognition model was trained on
LONGEST = 2400  # pixels at that height: a longer line is read in pieces no page needs; it is squeezed instead
NARROWEST = 48
QUIET = 3  # onnxruntime: errors only

cv2.setNumThreads(1)


@lru_cache(maxsize=1)
def _models() -> Path:
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("rapidocr")
    return Path(found.origin).parent / "models"


@lru_cache(maxsize=2)
def _session(task: str) -> onnxruntime.InferenceSession:
    """``task`` is ``rec`` or ``det``. Raises ``FileNotFoundError`` when the wheel holds no such model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = QUIET
    found = sorted(path for path in _models().glob(f"*_{task}_*.onnx"))
    if not found:
        raise FileNotFoundError(f"*_{task}_*.onnx")
    return onnxruntime.InferenceSession(found[-1], options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def alphabet() -> Alphabet:
    listed = _session("rec").get_modelmeta().custom_metadata_map["character"].split("\n")
    return Alphabet(("", *listed, " "))


def recognise(crop: Pixels, stretch: float = 1.0) -> Line:
    """One line of text from a grey ``crop`` (height, width), made ``stretch`` times as wide: what it says, and how surely."""
    height, width = crop.shape
    wide = min(max(round(width * HEIGHT / height * stretch), 8), LONGEST)
    shape = (wide, HEIGHT)
    scaled = cv2.resize(crop, shape, interpolation=cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC)
    total = max(NARROWEST, -(-wide // STRIDE) * STRIDE)
    tensor = np.zeros((1, 3, HEIGHT, total), np.float32)
    tensor[:, :, :, :wide] = scaled.astype(np.float32) / 127.5 - 1.0
    session = _session("rec")
    chances: Array = session.run(None, {session.get_inputs()[0].name: tensor})[0][0]
    return decode(chances, alphabet(), width / wide)


def text_map(grey: Pixels) -> Array:
    """For each pixel of ``grey`` (sides multiples of 32) the probability that it lies in the core of a line of text."""
    tensor = np.repeat((grey.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
    session = _session("det")
    out: Array = session.run(None, {session.get_inputs()[0].name: tensor})[0][0, 0]
    return out
