"""The whole window is killed in the middle of a word: what was typed before is there again, and lies encrypted."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from evidence import picture
from floor import Floor
from typing_window import words

from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.cases import Item
from reviewer.model.readings import settling_draft
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.vault import Vault

MOST_LOST_S = 1.0


def typed_until_killed(folder: Path, letters: int, where: str = "why") -> list[tuple[float, int]]:
    """Kill the window once so many letters are typed. (moment, letters in the field) of each letter, and the kill."""
    script = Path(__file__).with_name("typing_window.py")
    window = subprocess.Popen([sys.executable, str(script), str(folder), where], stdout=subprocess.PIPE, text=True)
    seen: list[tuple[float, int]] = []
    try:
        assert window.stdout is not None
        for line in window.stdout:
            moment, count = line.split()
            seen.append((float(moment), int(count)))
            if seen[-1][1] >= letters:
                break
    finally:
        window.kill()
        killed = time.monotonic()
        rest, _nothing = window.communicate()
    seen += [(float(line.split()[0]), int(line.split()[1])) for line in rest.splitlines() if len(line.split()) == 2]
    assert len(seen) >= letters, "the window ended by itself"
    return [*seen, (killed, -1)]


def kept(folder: Path, item_id: str) -> str:
    with unlocked(folder) as vault:
        draft = vault.store.call(lambda s: s.load_draft(item_id))
    return draft.rationale if draft is not None else ""


def message_kept(folder: Path, case_id: str) -> str:
    with unlocked(folder) as vault:
        return vault.store.call(lambda s: s.conversations.thread(case_id).draft)


@contextmanager
def unlocked(folder: Path) -> Iterator[OpenVault]:
    vault = Vault(folder).open(PASSPHRASE)
    try:
        yield vault
    finally:
        vault.lock()


@pytest.mark.parametrize(
    "letters", [37, *(pytest.param(count, marks=pytest.mark.fault) for count in (1, 12, 13, 50, 101, 202, 333))]
)
def test_no_word_is_lost_and_none_lies_readable(quiet_floor: Floor, letters: int) -> None:
    _nothing_lost_nor_readable(quiet_floor, letters, "why", lambda folder, item: kept(folder, item.id))


def test_no_word_to_a_colleague_is_lost_and_none_lies_readable(quiet_floor: Floor) -> None:
    _nothing_lost_nor_readable(quiet_floor, 61, "talk", lambda folder, item: message_kept(folder, item.case_id))


def test_no_word_to_settle_an_item_is_lost_and_none_lies_readable(quiet_floor: Floor) -> None:
    _nothing_lost_nor_readable(quiet_floor, 43, "settle", lambda folder, item: kept(folder, settling_draft(item.id)))


def _nothing_lost_nor_readable(quiet_floor: Floor, letters: int, where: str, read: Callable[[Path, Item], str]) -> None:
    began = time.time() - 1.0
    item = quiet_floor.take_in(picture(3))
    folder = quiet_floor.organisation.workstation(quiet_floor.reviewer)
    seen = typed_until_killed(folder, letters, where)
    killed = seen.pop()[0]
    text = "".join(itertools.islice(words(), seen[-1][1]))[: seen[-1][1]]
    found = read(folder, item)
    assert text.startswith(found)
    # Whatever of it was in the field for a moment had been saved when the process died.
    lost = [moment for moment, count in seen if count > len(found)]
    lost_s = killed - min(lost) if lost else 0.0
    print(f"{lost_s * 1000:.0f} ms of typing lost, {seen[-1][1] - len(found)} letters")
    assert lost_s < MOST_LOST_S
    assert seen[-1][1] - len(found) <= len("rhubarb0000 ")
    assert [path.name for path in written_since(began, quiet_floor.root) if b"rhubarb00" in path.read_bytes()] == []


def written_since(began: float, root: Path) -> list[Path]:
    """Files of the organisation, and those in the folder for passing files that were written meanwhile."""
    passing = Path(tempfile.gettempdir())
    candidates = [*root.rglob("*"), *passing.glob("*")]
    return [path for path in candidates if path.is_file() and path.stat().st_mtime >= began]
