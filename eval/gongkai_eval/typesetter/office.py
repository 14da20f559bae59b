"""The one place that starts LibreOffice, and the one that joins and cleans PDFs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pymupdf

TIMEOUT = 300


class TypesettingError(RuntimeError):
    """A program that typesets is not installed or produced nothing."""


def available() -> bool:
    return shutil.which("soffice") is not None


def convert(files: Sequence[Path], folder: Path) -> list[Path]:
    """Each flat ODF file as ``folder/STEM.pdf``, in one start of LibreOffice with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as profile:
        options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation=file://{profile}"]
        run(["soffice", *options, "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)])
    made = [folder / f"{file.stem}.pdf" for file in files]
    for pdf in made:
        if not pdf.exists():
            raise TypesettingError(f"LibreOffice made no {pdf.name}")
    return made


def run(command: Sequence[str]) -> None:
    """Run a typesetting program quietly; raises :class:`TypesettingError` with what it said when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    except FileNotFoundError:
        raise TypesettingError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise TypesettingError(f"{command[0]} took more than {TIMEOUT} s") from None
    if done.returncode:
        raise TypesettingError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")


def join(parts: Sequence[Path], target: Path) -> None:
    """The parts as one PDF that holds no date and no random identifier, so that the same input gives the same bytes."""
    joined = pymupdf.open()
    for part in parts:
        with pymupdf.open(part) as document:
            joined.insert_pdf(document)
    joined.set_metadata({})
    joined.del_xml_metadata()
    joined.save(target, garbage=3, deflate=True, no_new_id=True)
