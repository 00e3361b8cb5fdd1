"""What a sealed worker has spent: unlike the time on the clock it does not grow while the machine does other things."""

from __future__ import annotations

import os
from pathlib import Path

from reviewer.media.opened import OpenedItem

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def processor_s(item: OpenedItem) -> float:
    """Seconds of processor time, user and system, of the item's worker, which must still be there."""
    behind_the_name = Path(f"/proc/{item.worker_pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, behind_the_name[11:13])) / _TICKS_A_SECOND
