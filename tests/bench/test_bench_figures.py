"""What turns measurements into rows: taking turns, p95, resident memory, and a figure there is none of."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from itertools import count

import pytest

from bench.__main__ import SUBJECTS, _figure
from bench.turns import Turns, compared, in_turns, p95
from bench.window_memory import Memory, Watched, resident, resident_of


def test_p95_lies_between_the_two_nearest() -> None:
    assert p95([float(number) for number in range(101)]) == pytest.approx(95.0)
    assert p95([1.0] * 20 + [9.0]) == pytest.approx(1.0)
    assert 1.0 < p95([1.0, 2.0]) < 2.0


def test_turns_alternate_and_leave_out_the_first() -> None:
    order: list[str] = []
    number = count()

    def sealed() -> float:
        order.append("sealed")
        return float(next(number))

    turns = in_turns(lambda: order.append("bare"), sealed, 3)

    assert order == ["bare", "sealed"] * 4
    assert turns.sealed == [1.0, 2.0, 3.0]
    assert len(turns.bare) == 3
    assert all(0.0 <= taken < 1.0 for taken in turns.bare)


def test_compared_gives_median_and_p95_beside_bare() -> None:
    rows = compared("x", Turns(bare=[0.010, 0.010, 0.010], sealed=[0.015, 0.020, 0.040]))

    assert [row[0] for row in rows] == ["x, median", "x, p95"]
    assert rows[0][2] == "ms (bare 10)"
    assert rows[0][1] == pytest.approx(20.0)
    assert rows[0][3] == pytest.approx(2.0)
    assert rows[1][1] == pytest.approx(38.0)
    assert rows[1][3] == pytest.approx(3.8)


def test_resident_memory_is_read_as_the_kernel_writes_it() -> None:
    status = "Name:\tworker\nVmHWM:\t  999999 kB\nVmRSS:\t  153600 kB\nRssAnon:\t     100 kB\n"

    assert resident_of(status) == 150.0
    with pytest.raises(ProcessLookupError):
        resident_of("Name:\tworker\nState:\tZ (zombie)\n")


def test_resident_memory_of_a_process_follows_what_it_takes() -> None:
    before = resident(os.getpid())
    taken = bytearray(os.urandom(1 << 20) * 64)

    assert 50.0 < resident(os.getpid()) - before < 150.0
    assert len(taken) == 64 << 20


def test_memory_is_the_most_there_was_beside_its_first_second() -> None:
    watched = Watched(0, [100.0, 102.0, 101.0, 120.0, 110.0])

    memory = watched.memory(before=90.0, first_second=3)

    assert memory == Memory(before=90.0, early=101.0, most=120.0)
    assert memory.growth == 30.0
    assert memory.flatness == pytest.approx(120.0 / 101.0)


def test_memory_watched_by_its_process_does_not_load_a_decoder() -> None:
    """It stands for the product's window process, which has none: a bench's own would be counted as the window's."""
    script = (
        "import sys, bench.window_memory, bench.large_film, bench.playing_window\n"
        "import reviewer.media.broker, reviewer.ui.main_window, reviewer.workstation.desk\n"
        "print([name for name in ('av', 'cv2', 'PIL', 'pypdfium2') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("value", "shown"), [(math.nan, "–"), (1234.5, "1,234"), (45.67, "45.7"), (0.0, "0.00"), (1.234, "1.23")]
)
def test_a_figure_there_is_none_of_is_no_nought(value: float, shown: str) -> None:
    assert _figure(value) == shown


def test_every_subject_is_there_with_a_title() -> None:
    from importlib import import_module

    for subject in SUBJECTS:
        module = import_module(f"bench.{subject}")
        assert callable(module.rows)
        assert module.__doc__
