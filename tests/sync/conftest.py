"""Sync is tested against the real service and against servers that are down, slow or lying."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The synthetic organisation lives beside the service's own tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "casesystem"))

from house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
