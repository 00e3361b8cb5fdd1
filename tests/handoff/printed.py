"""What a reader finds on printed pages, by tools that are not ours: pdftotext and pdfinfo."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def _run(tool: str, *options: str, pdf: bytes) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    done = subprocess.run([tool, *options], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def text_of(pdf: bytes) -> str:
    """All words in reading order, one space between them."""
    return " ".join(_run("pdftotext", "-", "-", pdf=pdf).split())


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page as they lie on it."""
    return _run("pdftotext", "-layout", "-", "-", pdf=pdf).split("\f")[:-1]


def info_of(pdf: bytes, folder: Path, *options: str) -> str:
    path = folder / "printed.pdf"
    path.write_bytes(pdf)
    return _run("pdfinfo", *options, str(path), pdf=b"")
