"""How long anything that ends by itself is waited for before a test fails.

Only a safety net: tests wait on conditions. On a machine with too much to do everything takes a few times as long.
"""

from __future__ import annotations

PATIENCE_S = 30.0
